"""Findings as cards: how serious, the evidence, what would help, and a way to put one aside."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from territory.advise.findings import Finding, Said, Severity, label_of
from territory.advise.outlook import Remedy
from territory.advise.unit_moves import applicable, standing
from territory.model import Workspace
from territory.store import Comment
from territory.ui import session
from territory.ui.advice import Desk, bring_back, dismiss, dismissed, take_as_scenario
from territory.ui.assessment_view import show_concerned
from territory.ui.navigation import PAGES, path_of
from territory.ui.text import plain

__all__ = ["finding_cards"]

LOOK: dict[Severity, tuple[str, str, Literal["orange", "blue", "gray"]]] = {
    "high": ("Serious", ":material/priority_high:", "orange"),
    "medium": ("Worth a look", ":material/warning:", "blue"),
    "low": ("Minor", ":material/info:", "gray"),
}


def finding_cards(here: Workspace, desk: Desk) -> None:
    """All findings, ranked; what was dismissed is struck through below."""
    aside = dismissed(here)
    rest = [f for f in desk.found if f.key not in aside]
    if not rest:
        st.success(
            "Nothing is out of order that the data at hand can show."
            if not aside
            else "Nothing is left but what was dismissed.",
            icon=":material/check_circle:",
        )
    for finding in rest:
        with st.container(border=True, key=f"finding-{_slug(desk, finding)}"):
            _card(here, desk, finding)
    gone = [f for f in desk.found if f.key in aside]
    if gone and not here.share:  # reasons are for those who work on the plan
        with st.expander(f"{len(gone)} dismissed", expanded=not rest):
            for finding in gone:
                _gone(here, desk, finding, aside[finding.key])


def _slug(desk: Desk, finding: Finding) -> str:
    """A finding's kind, with a number where there are several; safe in a key."""
    same = [f for f in desk.found if f.kind == finding.kind]
    return finding.kind if len(same) == 1 else f"{finding.kind}-{same.index(finding) + 1}"


def _card(here: Workspace, desk: Desk, finding: Finding) -> None:
    settings, slug = here.project.settings, _slug(desk, finding)
    words, icon, colour = LOOK[finding.severity]
    remedy, effect = _remedy(desk, finding)
    told, actions = st.columns([3, 2], vertical_alignment="center", gap="medium")
    with told:
        head = st.container(horizontal=True, vertical_alignment="center", gap="small")
        head.markdown(f"**{label_of(finding.kind)}**", width="content")
        head.badge(words, icon=icon, color=colour)
        advice = f":material/lightbulb: {plain(finding.action.text(settings))}"
        if effect is not None:
            advice += f". **{plain(effect.text(settings))}**"
        elif finding.action.remedy and desk.outlook is not None:
            advice += ". :small[The engine found no plan that would do it.]"
        st.markdown(f"{plain(finding.said.text(settings))}  \n{advice}")
    with actions.container(
        horizontal=True, horizontal_alignment="right", vertical_alignment="center", gap="small"
    ):
        if remedy is not None and effect is not None and remedy.plan is not here.plan:
            plan = applicable(desk.context, remedy)
            st.button(
                "Try it",
                key=f"try-{slug}",
                icon=":material/science:",
                type="primary",
                disabled=bool(here.read_only),
                help="Makes a scenario of its own with this change and opens it.",
                on_click=lambda: session.act(
                    lambda: take_as_scenario(session.workspace(), label_of(finding.kind), plan)
                ),
            )
        _evidence(here, desk, finding, slug)
        page = finding.action.page
        if page and any(p.title == page for p in PAGES):
            st.page_link(path_of(page), label=page, icon=":material/arrow_forward:")
        _dismissal(here, finding, slug)


def _remedy(desk: Desk, finding: Finding) -> tuple[Remedy | None, Said | None]:
    """What the engine knows against a finding, and what it does to the figure in question."""
    if desk.outlook is None:
        return None, None
    remedy = standing(desk.context, desk.outlook, finding.action.remedy)
    if remedy is None:
        return None, None
    after = desk.context.on(remedy.plan, remedy.project)
    return remedy, finding.effect(desk.context.case, after.case)


def _evidence(here: Workspace, desk: Desk, finding: Finding, slug: str) -> None:
    """Where it is, outlined in a picture, and each territory's figure."""
    if finding.territories or finding.units:
        shown = st.popover("Show", key=f"show-{slug}", icon=":material/map:", on_change="rerun")
        if shown.open:  # drawn only when somebody looks
            with shown:
                show_concerned(here, finding.territories, finding.units)
    if len(finding.lines) > 1:
        with st.popover(f"All {len(finding.lines)}", icon=":material/list:"):
            text = (plain(line.text(here.project.settings)) for line in finding.lines)
            st.markdown("\n".join(f"- {line}" for line in text))


def _dismissal(here: Workspace, finding: Finding, slug: str) -> None:
    with st.popover("Dismiss", icon=":material/do_not_disturb_on:", disabled=bool(here.share)):
        reason = st.text_input("Why", key=f"reason-{slug}", max_chars=300)
        st.button(
            "Dismiss it",
            key=f"dismiss-{slug}",
            disabled=not reason.strip(),
            help="Write a reason first. It is kept with the scenario, and can be taken back.",
            on_click=lambda: session.act(lambda: dismiss(here, finding, reason)),
        )


def _gone(here: Workspace, desk: Desk, finding: Finding, comment: Comment) -> None:
    settings = here.project.settings
    row = st.container(horizontal=True, vertical_alignment="center")
    said = plain(finding.said.text(settings))
    who = plain(comment.author) or "somebody"
    row.markdown(
        f"~~{label_of(finding.kind)}: {said}~~  \n:small[{who}: {plain(comment.text)}]",
        width="stretch",
    )
    row.button(
        "Bring back",
        key=f"restore-{_slug(desk, finding)}",
        disabled=bool(here.share),
        on_click=lambda: session.act(lambda: bring_back(here, comment)),
    )
