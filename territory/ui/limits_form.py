"""Where findings begin: the limits of the project, for everybody to see and to change."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from territory.model import Advice, Workspace
from territory.ui import session

__all__ = ["limits_form"]

PERCENT: dict[str, str] = {
    "overload": "Too much work above",
    "underuse": "Hours to spare below",
    "peak": "Too much in season above",
    "team_over": "Too few reps above",
    "team_under": "Too many reps below",
    "road": "Much driving above",
    "water": "Parted by water above",
    "white_space": "White space without hours above",
    "saturated": "Sold out above",
    "quota_gap": "Unfair quota beyond ±",
    "mismatch": "Not their kind above",
    "claimed": "Claimed twice above",
    "one_account": "One large account above",
    "key_change": "Key accounts that change above",
    "growth": "Market shift beyond ±",
    "churn": "Customers lost above",
    "rivals": "Competitors more by",
}
"""Limits that are shares, in percent on screen."""

PLAIN: dict[str, tuple[str, float]] = {
    "sprawl": ("Stretched above, times", 0.1),
    "far_km": ("Named, but far beyond, km", 10.0),
}
"""Limits in a unit of their own, with the step of the field."""

MOST = 1_000.0


def limits_form(here: Workspace) -> None:
    """A fold with every limit; saved with the project."""
    advice = here.project.settings.advice
    with (
        st.expander("Where findings begin", icon=":material/tune:"),
        st.form("limits", border=False),
    ):
        chosen: dict[str, float] = {}
        with st.grid(4, min_column_width=180, gap="small"):
            for name, label in PERCENT.items():
                value = st.number_input(
                    f"{label}, %",
                    *(1, int(MOST)),
                    min(int(MOST), max(1, round(100 * getattr(advice, name)))),
                    key=f"limit-{name}",
                )
                chosen[name] = value / 100
            for name, (label, step) in PLAIN.items():
                chosen[name] = st.number_input(
                    label,
                    step,
                    MOST,
                    min(MOST, max(step, getattr(advice, name))),
                    step,
                    key=f"limit-{name}",
                )
        st.caption("The band for *Off target* is on the page Settings.")
        if st.form_submit_button("Save", key="save-limits", disabled=bool(here.share)):
            save(here, Advice(**chosen))


def save(here: Workspace, advice: Advice) -> None:
    """Keep the limits with the project, and look again."""
    session.save_settings(replace(here.project.settings, advice=advice))
    here.notify("info", "Saved.")
    st.rerun()
