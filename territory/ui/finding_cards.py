"""Findings as cards: how serious, the evidence, what would help, and a way to put one aside."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from territory.advise.findings import Finding, Severity, label_of
from territory.advise.unit_moves import applicable, standing
from territory.model import Workspace
from territory.store import Comment
from territory.ui import session
from territory.ui.advice import Desk, bring_back, dismiss, dismissed, take_as_scenario
from territory.ui.map import choose_active
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
    if gone:
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
    head = st.container(horizontal=True, vertical_alignment="center", gap="small")
    head.markdown(f"**{label_of(finding.kind)}**", width="content")
    head.badge(words, icon=icon, color=colour)
    st.markdown(plain(finding.said.text(settings)))
    if len(finding.lines) > 1:
        with st.expander(f"All {len(finding.lines)}" if len(finding.lines) > 1 else "Details"):
            st.markdown("\n".join(f"- {plain(line.text(settings))}" for line in finding.lines))
    _help(here, desk, finding, slug)


def _help(here: Workspace, desk: Desk, finding: Finding, slug: str) -> None:
    """What to do about it: by the engine where it knows a way, on a page, or dismiss it."""
    settings = here.project.settings
    outlook, action = desk.outlook, finding.action
    remedy = None if outlook is None else standing(desk.context, outlook, action.remedy)
    advice = f":material/lightbulb: {plain(action.text(settings))}"
    if remedy is not None:
        effect = finding.effect(
            desk.context.case, desk.context.on(remedy.plan, remedy.project).case
        )
        if effect is not None:
            advice += f". :small[{plain(effect.text(settings))}]"
    elif action.remedy and outlook is not None:
        advice += ". :small[The engine knows no plan that would change it.]"
    st.markdown(advice)
    row = st.container(horizontal=True, vertical_alignment="center", gap="small")
    if remedy is not None:
        plan = applicable(desk.context, remedy)
        row.button(
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
    if finding.territories or finding.units:
        row.button(
            "Show",
            key=f"show-{slug}",
            icon=":material/map:",
            type="primary" if desk.chosen == finding.key and remedy is None else "secondary",
            help="Outlines it in the picture beside.",
            on_click=lambda: _choose(here, desk, finding),
        )
    if action.page and any(p.title == action.page for p in PAGES):
        row.page_link(path_of(action.page), label=action.page, icon=":material/arrow_forward:")
    with row.popover("Dismiss", icon=":material/do_not_disturb_on:", disabled=bool(here.share)):
        reason = st.text_input("Why", key=f"reason-{slug}", max_chars=300)
        st.button(
            "Dismiss it",
            key=f"dismiss-{slug}",
            disabled=not reason.strip(),
            help="Write a reason first. It is kept with the scenario, and can be taken back.",
            on_click=lambda: session.act(lambda: dismiss(here, finding, reason)),
        )


def _choose(here: Workspace, desk: Desk, finding: Finding) -> None:
    desk.chosen = finding.key
    if finding.territories:
        choose_active(here, here.plan.position_of(finding.territories[0]))


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
