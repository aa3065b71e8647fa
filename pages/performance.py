"""Performance: potential, sales and workload per rep, before against after."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from territory.metrics import deviation, outside, sales_by_period, utilisation
from territory.model import measure
from territory.ui.case import case_of, current_case
from territory.ui.charts import before_after, deviation_bars, lines, show
from territory.ui.format import deviation as deviation_text
from territory.ui.format import share, signed
from territory.ui.navigation import path_of
from territory.ui.strip import header
from territory.ui.text import plain

here = header("Performance", "The plan as it is now, with the baseline in grey.")
project, settings, plan = here.project, here.project.settings, here.plan
if plan.k == 0 or plan.unassigned == plan.units.n:
    st.info("Nothing is assigned yet, so there is nothing to compare.", icon=":material/info:")
    st.page_link(path_of("Balance"), label="Let the engine draw territories")
    st.stop()

now, then = current_case(here), case_of(here, here.baseline)
names = list(plan.territories["name"])
comparable = here.baseline.territory_ids == plan.territory_ids
changed = comparable and bool((plan.alignment != here.baseline.alignment).any())
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
about = measure(chosen)
left, right = st.columns(2, gap="large")

with left:
    off = deviation(now, chosen)
    beyond = outside(now, chosen)
    band = f"±{settings.amber * 100:.0f} %"
    finding = (
        f"{beyond} of {plan.k} {settings.word('territories')} are outside {band}"
        if beyond
        else f"All {plan.k} {settings.word('territories')} are within {band}"
    )
    before = deviation(then, chosen) if changed else None
    texts = [f"{deviation_text(value)} against target" for value in off]
    show(deviation_bars(finding, names, off, before, settings.amber, texts), "chart-deviation")

with right:
    totals = now.series(now.totals(chosen))
    old = then.series(then.totals(chosen)) if changed else None
    top = totals.idxmax()
    whole = totals.sum()
    title = (
        f"{plan.territories.at[top, 'name']} has {share(totals[top] / whole)} of all "
        f"{about.label.lower()}"
        if whole > 0
        else f"There is no {about.label.lower()} here"
    )
    unit = settings.currency if about.format == "money" else about.unit
    axis = f"{about.label}, {unit}" if unit else about.label
    show(before_after(title, names, totals, old, axis), "chart-totals")

left, right = st.columns(2, gap="large")
with left:
    busy = utilisation(now)
    if busy.notna().any():
        over = int((busy > 1).sum())
        finding = (
            f"{over} {settings.word('reps')} have more work than hours"
            if over
            else f"Every {settings.word('rep')} has hours for the work"
        )
        old = utilisation(then) if changed else None
        chart = before_after(
            finding, names, busy, old, "workload / capacity", form=".0%", line=(1.0, "capacity")
        )
        show(chart, "chart-workload")
    else:
        st.info(
            "Workload against capacity needs the measure workload_hours and a team with "
            "capacity_hours.",
            icon=":material/info:",
        )
        st.page_link(path_of("Data"), label="Load a team", icon=":material/upload_file:")

with right:
    if project.sales is not None:
        pick = st.selectbox(
            "Sales so far in the ground of",
            range(plan.k),
            format_func=lambda i: names[i],
            key="performance-territory",
        )
        drawn = sales_by_period(plan, project.sales)
        rows = {"as drawn now": drawn.iloc[pick]}
        if changed:
            rows["as in the baseline"] = sales_by_period(here.baseline, project.sales).iloc[pick]
        first, last = rows["as drawn now"].iloc[0], rows["as drawn now"].iloc[-1]
        trend = f"{signed(last / first - 1)} from first to last" if first > 0 else "no start"
        finding = f"{names[pick]}: sales {trend}"
        show(lines(finding, pd.DataFrame(rows).T, settings.currency), "chart-sales")
        st.caption("The same history under both plans: what this territory would have had.")
    else:
        st.info("A sales history would show what each rep sold.", icon=":material/info:")
        st.page_link(path_of("Data"), label="Load a sales history", icon=":material/upload_file:")
