"""The eight headlines with what they were before, and every other figure behind a fold."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from territory.metrics import HEADLINES, METRICS, overview
from territory.model import Workspace
from territory.model.figures import difference, figure
from territory.ui.case import case_of, current_case
from territory.ui.results_view import compared

__all__ = ["figures_fold", "headline_row"]


def headline_row(here: Workspace) -> None:
    """Eight figures in a row, with what each was before."""
    settings = here.project.settings
    now = overview(current_case(here), HEADLINES)
    then = overview(case_of(here, here.baseline), HEADLINES) if compared(here) else None
    with st.container(horizontal=True, gap="medium", key="headlines"):
        for metric in HEADLINES:
            value = now[metric.name]
            delta = None
            if then is not None and metric.name != "disruption":
                delta = difference(value - then[metric.name], metric.format, settings)
            st.metric(
                metric.label,
                figure(value, metric.format, settings),
                delta=delta,
                delta_color="off",
                delta_arrow="off",
                help=metric.help,
                width="content",
            )


def figures_fold(here: Workspace) -> None:
    """Every metric, now and in the baseline; worked out when somebody looks."""
    fold = st.expander("All figures", icon=":material/list:", key="all-figures", on_change="rerun")
    with fold:
        if fold.open:
            _all_figures(here)


def _all_figures(here: Workspace) -> None:
    """Every metric, now and in the baseline."""
    settings = here.project.settings
    now = overview(current_case(here))
    then = overview(case_of(here, here.baseline)) if compared(here) else {}
    rows = [
        {
            "Figure": metric.label,
            "Now": figure(now[metric.name], metric.format, settings),
            "Baseline": figure(then[metric.name], metric.format, settings) if then else "",
            "What it says": metric.help,
        }
        for metric in METRICS
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True, width="stretch")
