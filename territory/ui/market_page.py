"""The Market page put together: findings, charts, the small map, the list."""

from __future__ import annotations

import streamlit as st

from territory.metrics import potential_of
from territory.metrics.scope import Scope
from territory.model import Workspace
from territory.ui.case import current_case
from territory.ui.follow_map import follow_map
from territory.ui.market_form import potential_source
from territory.ui.market_learned import in_use, learned_panel
from territory.ui.market_list import white_space
from territory.ui.market_panels import drivers, headline, quadrant, ranking, rivals
from territory.ui.market_segments import segments
from territory.ui.market_view import Panel
from territory.ui.navigation import path_of
from territory.ui.text import plain

__all__ = ["market_page"]


def market_page(here: Workspace, scope: Scope) -> None:
    """Draw everything for what the filters leave."""
    case = current_case(here)
    if not len(scope.units) or not scope.units_shown(case).any():
        st.info("Nothing is left: clear a filter to see the market.", icon=":material/info:")
        return
    words = here.project.settings.word
    labels = {"territories": words("territories").capitalize(), "units": words("units")}
    left, right = st.columns([2, 3], vertical_alignment="center")
    with left:
        chosen = st.segmented_control(
            "Look at",
            list(labels),
            default="territories",
            required=True,
            format_func=lambda name: plain(labels[name]),
            key="market-places",
            label_visibility="collapsed",
        )
    estimate, learned = in_use(here, case, potential_of(case))
    with right:
        potential_source(here, estimate)
    by_unit = chosen == "units" or _nothing_assigned(here)
    panel = Panel(here, case, scope, estimate, by_unit, learned)
    headline(panel)
    if scope.by_account:
        st.caption("Of the accounts that pass the filters: their own potential and revenue.")
    charts, beside = st.columns([3, 1], gap="large")
    with beside:
        _beside(here)
    with charts:
        one, two = st.columns(2, gap="large")
        with one:
            ranking(panel)
        with two:
            quadrant(panel)
            drivers(panel)
    st.subheader("White space", anchor=False)
    white_space(panel)
    one, two = st.columns([2, 3], gap="large")
    with one:
        st.subheader("Competition", anchor=False)
        rivals(panel)
    with two:
        st.subheader("Segments", anchor=False)
        segments(panel)
    st.subheader("Learning from sales", anchor=False)
    learned_panel(here, case)


def _nothing_assigned(here: Workspace) -> bool:
    return here.plan.unassigned == here.plan.units.n


def _beside(here: Workspace) -> None:
    """The small map, where there are territories to show."""
    if not _nothing_assigned(here):
        follow_map(here, "market-map")
        return
    st.info("There are no territories yet.", icon=":material/info:")
    st.page_link(path_of("Balance"), label="Let the engine draw territories")
