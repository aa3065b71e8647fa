"""The white-space list: where most can be won, whom to call there, and whether anybody goes."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from territory.metrics.openings import white_space_list
from territory.model.figures import unit_words
from territory.ui.follow_map import pick_unit
from territory.ui.market_panels import NO_POTENTIAL, NO_SALES, drivers_of
from territory.ui.market_view import Panel, missing
from territory.ui.text import plain

__all__ = ["white_space"]

KEY = "table-white-space"
CHOICES = {"all": "All", "no customers": "Nobody buys yet", "low coverage": "Reps short of hours"}


def white_space(panel: Panel) -> None:
    """Units with most to win; choosing a row points its territory out."""
    settings = panel.settings
    only = st.segmented_control(
        "Show",
        list(CHOICES),
        default="all",
        required=True,
        format_func=CHOICES.__getitem__,
        key="white-space-only",
        label_visibility="collapsed",
    )
    found = white_space_list(panel.case, panel.scope, panel.potential, only=str(only))
    if found is None:
        missing(NO_POTENTIAL if not panel.known else NO_SALES, "Load more tables")
        return
    if found.empty:
        st.info(f"No {plain(settings.word('units'))} like that: try another choice or filter.")
        return
    names = [*panel.case.plan.territories["name"].astype(str), "unassigned"]
    table = pd.DataFrame(
        {
            "place": panel.unit_names(found.index),
            "territory": [names[t] for t in found["territory"]],
            **{
                c: found[c].round(2).to_numpy() for c in found if c not in ("territory", "accounts")
            },
            "driver": drivers_of(panel, found),
            "accounts": found["accounts"].to_numpy(),
        }
    )
    st.dataframe(
        table,
        key=KEY,
        hide_index=True,
        height=420,
        on_select=lambda: _picked(found),
        selection_mode="single-row",
        column_config=_columns(panel),
    )
    st.caption(
        f"{plain(unit_words(len(found), settings))} with most white space. Choose a row to point "
        "it out, here and on the map."
    )


def _columns(panel: Panel) -> dict[str, Any]:
    """How the columns are headed and written."""
    config, word, money = st.column_config, panel.settings.word, panel.in_money
    reached = "Share of the planned visits that the rep has hours for; none where nobody goes."
    return {
        "place": config.TextColumn(word("unit"), pinned=True),
        "territory": config.TextColumn(word("territory").capitalize()),
        "potential": config.NumberColumn(f"Potential{money}", format="compact"),
        "sales": config.NumberColumn(f"Sales{money}", format="compact"),
        "white_space": config.NumberColumn(f"White space{money}", format="compact"),
        "penetration": config.NumberColumn("Won", format="percent"),
        "customers": config.NumberColumn("Customers", format="localized"),
        "prospects": config.NumberColumn("Prospects", format="localized"),
        "coverage": config.NumberColumn("Reached", format="percent", help=reached),
        "driver": config.TextColumn("Driven by", width="medium"),
        "accounts": config.TextColumn("Most to win at", width="large"),
    }


def _picked(found: pd.DataFrame) -> None:
    rows = st.session_state[KEY]["selection"]["rows"]
    if rows and rows[0] < len(found):
        pick_unit(str(found.index[rows[0]]))
