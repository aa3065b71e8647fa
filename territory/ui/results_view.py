"""Results: potential, sales and workload per rep, before against after."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from territory.metrics import Case, deviation, outside, sales_by_period, utilisation
from territory.model import Workspace, measure
from territory.ui.case import case_of, current_case
from territory.ui.charts import before_after, deviation_bars, lines, show
from territory.ui.follow_map import follow_map, pick_territory
from territory.ui.format import deviation as deviation_text
from territory.ui.format import share, signed
from territory.ui.navigation import path_of
from territory.ui.text import plain

__all__ = ["results_view"]


@st.fragment
def results_view(here: Workspace) -> None:
    """Four charts and the map beside them; a click on either points a territory out in both."""
    now, then = current_case(here), case_of(here, here.baseline)
    before = then if _changed(here) else None
    charts, beside = st.columns([3, 1], gap="large")
    with beside:
        follow_map(here, "results-map")
    with charts:
        chosen = _measure(now)
        for first, second in (
            (partial(_deviation, chosen=chosen), partial(_totals, chosen=chosen)),
            (_workload, _sales),
        ):
            left, right = st.columns(2, gap="large")
            with left:
                first(here, now, before)
            with right:
                second(here, now, before)


def _changed(here: Workspace) -> bool:
    """Are there figures of the baseline to stand beside those of the plan?"""
    same = here.baseline.territory_ids == here.plan.territory_ids
    return same and bool((here.plan.alignment != here.baseline.alignment).any())


def _measure(now: Case) -> str:
    """The measure that the first two charts show."""
    options = [m for m in ("potential", "sales", "workload_hours", "accounts") if now.has(m)]
    options = list(dict.fromkeys([*now.measures, *options, "units"]))
    chosen = st.segmented_control(
        "Measure",
        options,
        default=options[0],
        required=True,
        format_func=lambda name: plain(measure(name).label),
        key="performance-measure",
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


def _workload(here: Workspace, now: Case, then: Case | None) -> None:
    settings, names = here.project.settings, list(here.plan.territories["name"])
    busy = utilisation(now)
    if not busy.notna().any():
        st.info(
            "Workload against capacity needs the measure workload_hours and a team with "
            "capacity_hours.",
            icon=":material/info:",
        )
        st.page_link(path_of("Data"), label="Load a team", icon=":material/upload_file:")
        return
    over = int((busy > 1).sum())
    finding = (
        f"{over} {settings.word('reps')} have more work than hours"
        if over
        else f"Every {settings.word('rep')} has hours for the work"
    )
    old = utilisation(then) if then else None
    axis, line = "workload / capacity", (1.0, "capacity")
    figure = before_after(finding, names, busy, old, axis, form=".0%", line=line)
    table = pd.DataFrame({"territory": names, "utilisation": busy, "before": old})
    show(figure, "chart-workload", data=table, pick=pick_territory)


def _sales(here: Workspace, now: Case, then: Case | None) -> None:
    settings, sales = here.project.settings, here.project.sales
    if sales is None:
        st.info("A sales history would show what each rep sold.", icon=":material/info:")
        st.page_link(path_of("Data"), label="Load a sales history", icon=":material/upload_file:")
        return
    name = str(here.plan.territories["name"].iloc[here.active])
    rows = {"as drawn now": sales_by_period(now.plan, sales).iloc[here.active]}
    if then is not None:
        rows["as in the baseline"] = sales_by_period(then.plan, sales).iloc[here.active]
    first, last = rows["as drawn now"].iloc[0], rows["as drawn now"].iloc[-1]
    trend = f"{signed(last / first - 1)} from first to last" if first > 0 else "no start"
    table = pd.DataFrame(rows)
    figure = lines(f"{name}: sales {trend}", table.T, settings.currency)
    show(figure, "chart-sales", data=table.reset_index(names="period"))
    st.caption("The same history under both plans: what this territory would have had.")
