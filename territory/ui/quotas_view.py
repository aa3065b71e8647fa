"""Quotas: the goal and how it is spread at the left, what that means at the right. What if."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import streamlit as st

from territory.advise.quotas import Quotas, company_goal, former, present, quotas, with_quotas
from territory.errors import PlanError
from territory.metrics import Case
from territory.metrics.quota_test import Fairness, fairness, quota_fairness
from territory.model import QuotaPolicy, Workspace
from territory.model.figures import amount, share
from territory.ui import session
from territory.ui.case import current_case
from territory.ui.charts import before_after, show
from territory.ui.follow_map import follow_map, pick_territory
from territory.ui.quota_form import quota_form, with_growth
from territory.ui.quota_table import quota_table
from territory.ui.sales_charts import fairness_chart
from territory.ui.text import plain

__all__ = ["QuotaDraft", "quotas_view"]


@dataclass
class QuotaDraft:
    """What is tried here and not saved: goal (None: the default), policy, quotas by hand."""

    policy: QuotaPolicy
    goal: float | None = None
    fixed: Mapping[str, float] = field(default_factory=dict)
    round: int = 0


def _draft(here: Workspace) -> QuotaDraft:
    if not isinstance(here.quota_draft, QuotaDraft):
        here.quota_draft = QuotaDraft(here.project.settings.quotas)
        for key in [k for k in st.session_state if str(k).startswith("quota-")]:
            del st.session_state[key]
    return here.quota_draft


@st.fragment
def quotas_view(_: Workspace) -> None:
    """Nothing is saved until "Use these quotas" is pressed."""
    here = session.workspace()
    case, draft = current_case(here), _draft(here)
    form, result = st.columns([1, 3], gap="large")
    with form:
        draft.policy = with_growth(draft.policy)
        default = company_goal(case, draft.policy)
        draft.policy = quota_form(here, default, draft.goal, draft.policy, _set_goal)
        follow_map(here, "quotas-map")
    with result:
        goal = default.amount if draft.goal is None else draft.goal
        if goal <= 0:
            st.info(
                "Enter the company's goal for the year at the left. A sales history would suggest "
                "one.",
                icon=":material/flag:",
            )
            return
        fixed = {t: v for t, v in draft.fixed.items() if t in case.plan.territories.index}
        try:
            found = quotas(case, draft.policy, goal, fixed)
        except PlanError as error:
            st.error(plain(str(error)), icon=":material/error:")
            if fixed:
                st.button("Forget what was set by hand", key="quota-forget", on_click=_forget)
            return
        _outcome(here, case, found, draft)


def _set_goal(goal: float) -> None:
    """Somebody typed a goal: from now on it does not follow the expected growth."""
    _draft(session.workspace()).goal = goal


def _set_by_hand(fixed: dict[str, float]) -> None:
    """Quotas that the others have to go around; the table is drawn anew with them."""
    draft = _draft(session.workspace())
    draft.fixed, draft.round = fixed, draft.round + 1


def _forget() -> None:
    _set_by_hand({})


def _outcome(here: Workspace, case: Case, found: Quotas, draft: QuotaDraft) -> None:
    settings = here.project.settings
    now = present(case)
    fair = fairness(case, found.table["quota"])
    today = None if now is None else fairness(case, now)
    whole = amount(found.goal, "sales", settings)
    with st.container(horizontal=True, gap="medium"):
        st.metric("Quotas add up to", whole, width="content")
        for label, value, old in (
            ("Spread of potential per quota", fair.spread, today.spread if today else np.nan),
            ("Attainment and size, r", fair.correlation, today.correlation if today else np.nan),
        ):
            words = share if label.startswith("Spread") else _r
            before = f"{words(old)} today" if np.isfinite(old) else None
            st.metric(label, words(value), delta=before, delta_color="off", width="content",
                      delta_arrow="off")  # fmt: skip
    st.markdown(plain(quota_fairness(fair)))
    left, right = st.columns(2, gap="large")
    names = list(found.table["name"])
    with left:
        axis = f"quota, {settings.currency}"
        top = found.table.loc[found.table["quota"].idxmax()]
        title = f"{top['name']} carries {share(top['quota'] / found.goal)} of the goal"
        figure = before_after(
            title, names, found.table["quota"], now, axis, before_name="today", now_name="new"
        )
        show(figure, "chart-quotas", data=found.table.reset_index(), pick=pick_territory)
    with right:
        _picture(here, names, fair, today)
    if here.filters:
        st.caption("Quotas are for all that a rep sells; filters do not apply here.")
    quota_table(here, found, draft.fixed, draft.round, _set_by_hand)
    for note in found.notes:
        st.caption(plain(note))
    _use(here, found, draft)


def _r(value: float) -> str:
    return f"{value:+.2f}".replace("-", "−") if np.isfinite(value) else "–"


def _picture(here: Workspace, names: list[str], fair: Fairness, before: Fairness | None) -> None:
    """Attainment against size."""
    if not (fair.table["potential"].notna() & fair.table["attainment"].notna()).any():
        st.info(plain(fair.note or "There is nothing to test yet."), icon=":material/info:")
        return
    who = "larger" if fair.correlation > 0 else "smaller"
    title = f"{who.capitalize()} territories reach their quota more easily" if fair.linked else (
        "Size and attainment: no clear link"
    )  # fmt: skip
    axis = f"potential of the territory, {here.project.settings.currency}"
    figure = fairness_chart(title, names, fair, before, axis)
    show(figure, "chart-fairness", data=fair.table.reset_index(), pick=pick_territory)


def _use(here: Workspace, found: Quotas, draft: QuotaDraft) -> None:
    """Save them with the team, or take the former ones back."""
    owned = int((found.table["rep_id"] != "").sum())
    if here.project.team is None:
        st.info("Quotas belong to reps: load a team to save them.", icon=":material/info:")
        return
    if owned < len(found.table):
        st.caption(f"Not saved, for want of a rep: {len(found.table) - owned}.")
    with st.container(horizontal=True, vertical_alignment="center"):
        # The whole page is drawn again, because the headlines and notices stand outside this view.
        if st.button(
            "Use these quotas",
            key="use-quotas",
            type="primary",
            icon=":material/check:",
            disabled=bool(here.read_only),
        ):
            session.act(lambda: _save(found, draft))
            st.rerun()
        back = former(here.project)
        if back is not None and st.button(
            "Take the former quotas back",
            key="former-quotas",
            icon=":material/undo:",
            disabled=bool(here.read_only),
        ):
            session.act(_take_back)
            st.rerun()
        st.caption("Nothing is saved until then.", width="content")


def _save(found: Quotas, draft: QuotaDraft) -> None:
    here = session.workspace()
    project = with_quotas(here.project, found)
    goal = project.settings.goal if draft.goal is None else draft.goal
    settings = replace(project.settings, goal=goal, quotas=draft.policy)
    session.save_project(replace(project, settings=settings))
    words = amount(found.goal, "sales", settings)
    session.workspace().quota_draft = draft  # what was set by hand stays so
    session.workspace().notify("info", f"Quotas saved: {words} in all. The former ones are kept.")


def _take_back() -> None:
    project = former(session.workspace().project)
    if project is not None:
        session.save_project(project)
        session.workspace().notify("info", "The former quotas are back.")
