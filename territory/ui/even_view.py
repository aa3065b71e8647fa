"""How even: each measure by territory, against its target and against before."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from territory.metrics import Case, deviation, outside
from territory.model import Workspace, measure
from territory.model.figures import deviation as deviation_text
from territory.model.figures import share
from territory.ui import session
from territory.ui.case import case_of, current_case
from territory.ui.charts import before_after, deviation_bars, show
from territory.ui.follow_map import follow_map, pick_territory
from territory.ui.results_view import compared
from territory.ui.text import plain

__all__ = ["even_view"]


@st.fragment
def even_view(_: Workspace) -> None:
    """A measure's deviation from target and its totals, with the map beside them."""
    here = session.workspace()
    now = current_case(here)
    before = case_of(here, here.baseline) if compared(here) else None
    charts, beside = st.columns([3, 1], gap="large")
    with beside:
        follow_map(here, "even-map")
    with charts:
        chosen = _measure(now)
        left, right = st.columns(2, gap="large")
        with left:
            _deviation(here, now, before, chosen)
        with right:
            _totals(here, now, before, chosen)


def _measure(now: Case) -> str:
    """The measure that the charts show."""
    options = [m for m in ("potential", "sales", "workload_hours", "accounts") if now.has(m)]
    options = list(dict.fromkeys([*now.measures, *options, "units"]))
    chosen = st.segmented_control(
        "Measure",
        options,
        default=options[0],
        required=True,
        format_func=lambda name: plain(measure(name).label),
        key="performance-measure",
        persist_state="page",
    )
    return str(chosen)


def _deviation(here: Workspace, now: Case, then: Case | None, chosen: str) -> None:
    settings, k = here.project.settings, here.plan.k
    off, beyond = deviation(now, chosen), outside(now, chosen)
    band = f"±{settings.amber * 100:.0f} %"
    territories = settings.word("territories")
    finding = (
        f"{beyond} of {k} {territories} are outside {band}"
        if beyond
        else f"All {k} {territories} are within {band}"
    )
    before = deviation(then, chosen) if then else None
    texts = [f"{deviation_text(value)} against target" for value in off]
    names = list(here.plan.territories["name"])
    figure = deviation_bars(finding, names, off, before, settings.amber, texts)
    table = pd.DataFrame({"territory": names, "deviation": off, "before": before})
    show(figure, "chart-deviation", data=table, pick=pick_territory)


def _totals(here: Workspace, now: Case, then: Case | None, chosen: str) -> None:
    settings, about = here.project.settings, measure(chosen)
    names = list(here.plan.territories["name"])
    totals = now.series(now.totals(chosen))
    old = then.series(then.totals(chosen)) if then else None
    whole = totals.sum()
    finding = (
        f"{names[int(totals.to_numpy().argmax())]} has {share(totals.max() / whole)} of all "
        f"{about.label.lower()}"
        if whole > 0
        else f"There is no {about.label.lower()} here"
    )
    unit = settings.currency if about.format == "money" else about.unit
    axis = f"{about.label}, {unit}" if unit else about.label
    table = pd.DataFrame({"territory": names, chosen: totals, "before": old})
    figure = before_after(finding, names, totals, old, axis)
    show(figure, "chart-totals", data=table, pick=pick_territory)
