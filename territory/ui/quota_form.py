"""The goal and the policy of quotas as fields."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import streamlit as st

from territory.advise.quotas import Goal
from territory.errors import PlanError
from territory.model import QuotaPolicy, Workspace
from territory.model.figures import amount
from territory.ui.fields import fill
from territory.ui.results_view import compared
from territory.ui.text import plain

__all__ = ["quota_form"]

WAYS = {"top-down": "Top-down", "bottom-up": "Bottom-up", "mix": "Mix"}
STEPS = {0.0: "cents", 1.0: "1", 100.0: "100", 1_000.0: "1,000", 10_000.0: "10,000"}


GOAL, GROWTH = "quota-goal", "quota-growth"


def with_growth(policy: QuotaPolicy) -> QuotaPolicy:
    """The policy with the growth just typed, which the default goal above the field follows."""
    typed = st.session_state.get(GROWTH)
    return policy if typed is None else replace(policy, growth=typed / 100)


def quota_form(
    here: Workspace,
    default: Goal,
    goal: float | None,
    policy: QuotaPolicy,
    set_goal: Callable[[float], None],
) -> QuotaPolicy:
    """Fields; returns the policy that they say.

    ``goal`` is None where it is the default; ``set_goal`` is called when one is typed.
    """
    settings = here.project.settings
    fill(GOAL, default.amount if goal is None else goal)
    typed = st.number_input(
        f"Company goal for the year, {settings.currency}",
        min_value=0.0,
        max_value=1e12,
        step=max(1.0, round(default.amount / 100, -3)),
        format="%.2f",
        key=GOAL,
        on_change=lambda: set_goal(st.session_state[GOAL]),
        help="Try any amount: nothing is saved until you use the quotas.",
    )
    own = typed != default.amount
    if default.source and not own:
        st.caption(plain(f"{amount(typed, 'sales', settings)}: {default.source}."))
    elif default.source:
        st.caption(plain(f"{amount(default.amount, 'sales', settings)} would be {default.source}."))
    way = st.segmented_control(
        "How",
        list(WAYS),
        default=policy.way,
        required=True,
        format_func=WAYS.__getitem__,
        key="quota-way",
        help="Top-down spreads the goal by potential and past sales. Bottom-up starts from what "
        "accounts bought. Mix is half of each.",
    )
    weight = 100 * policy.potential_weight
    if way != "bottom-up":
        weight = st.slider(
            "By potential, rather than past sales",
            0, 100, round(weight), step=5, format="%d %%", key="quota-weight",
        )  # fmt: skip
    with st.expander("Limits, rounding, dates"):
        chosen = _more(here, policy)
    made: dict[str, Any] = {**chosen, "way": way, "potential_weight": weight / 100}
    try:
        return replace(policy, **made)
    except PlanError as error:
        st.error(plain(str(error)))
        return policy


def _more(here: Workspace, policy: QuotaPolicy) -> dict[str, Any]:
    """What is seldom changed."""
    growth = st.number_input(
        "Growth that is expected, %", -90.0, 500.0, 100 * policy.growth, 1.0, key=GROWTH
    )
    floor = st.number_input(
        "At least, % of the mean quota", 0, 100, round(100 * policy.floor), 5, key="quota-floor"
    )
    cap = st.number_input(
        "At most, % of the mean quota (0: no limit)",
        0, 10_000, round(100 * policy.cap), 10, key="quota-cap",
    )  # fmt: skip
    steps = sorted({*STEPS, policy.rounding})
    rounding = st.selectbox(
        "Round to",
        steps,
        index=steps.index(policy.rounding),
        format_func=lambda step: STEPS.get(step, f"{step:,g}"),
        key="quota-rounding",
    )
    prorate = st.toggle(
        "Ask less of who is new, part-time or not there all year",
        policy.prorate,
        key="quota-prorate",
    )
    effective = policy.effective
    if compared(here):
        known = date.fromisoformat(effective) if effective else None
        day = st.date_input(
            "The plan holds from (empty: all year)", value=known, key="quota-effective"
        )
        effective = day.isoformat() if isinstance(day, date) else ""
    return {
        "growth": growth / 100,
        "floor": floor / 100,
        "cap": cap / 100,
        "rounding": rounding,
        "prorate": prorate,
        "effective": effective,
    }
