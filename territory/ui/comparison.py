"""Two to four scenarios side by side: maps, numbers, who gains what from whom."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from territory.metrics import HEADLINES, METRICS, flows, overview
from territory.model import Plan, Workspace, measure, operations
from territory.model.figures import amount, difference, figure, share
from territory.store import ScenarioInfo
from territory.ui import session
from territory.ui.case import case_of, weights_of
from territory.ui.charts import sankey, show
from territory.ui.pictures import plan_picture
from territory.ui.shelf import plan_of
from territory.ui.text import plain

__all__ = ["comparison"]


def comparison(here: Workspace, chosen: Sequence[ScenarioInfo]) -> None:
    """Everything about the differences between the chosen scenarios; the first is the measure."""
    if len(chosen) < 2:
        st.info(
            "Tick Compare on one to three cards under Scenarios: they are set beside the open one.",
            icon=":material/difference:",
        )
        return
    plans = [plan_of(info, here) for info in chosen]
    with st.grid(len(chosen), min_column_width=220, gap="small"):
        for info, plan in zip(chosen, plans, strict=True):
            with st.container():
                st.markdown(f"**{plain(info.name)}**")
                plan_picture(plan, box=(1160 // len(chosen), 320))
    _numbers(here, chosen, plans)
    other = _other(chosen)
    if other is not None:
        _exchange(here, chosen[0], chosen[other], plans[0], plans[other])


def _other(chosen: Sequence[ScenarioInfo]) -> int | None:
    """Which of the others is looked at closely."""
    if len(chosen) == 2:
        return 1
    return st.selectbox(
        "What changes from the open scenario to",
        range(1, len(chosen)),
        format_func=lambda i: chosen[i].name,
        key="compare-with",
    )


def _numbers(here: Workspace, chosen: Sequence[ScenarioInfo], plans: Sequence[Plan]) -> None:
    """The metrics in columns, with the difference to the first scenario."""
    settings = here.project.settings
    metrics = (
        METRICS
        if st.toggle("All measures, not only the headlines", key="all-metrics")
        else HEADLINES
    )
    values = [overview(case_of(here, plan), metrics) for plan in plans]
    rows = []
    for metric in metrics:
        row = {"": metric.label}
        for i, info in enumerate(chosen):
            text = figure(values[i][metric.name], metric.format, settings)
            if i:
                change = values[i][metric.name] - values[0][metric.name]
                text += f"  ({difference(change, metric.format, settings)})"
            # Two scenarios may have one name; a table's columns may not.
            row[f"{info.name}{' ' * i}"] = text
        rows.append(row)
    st.dataframe(pd.DataFrame(rows), hide_index=True, width="stretch")


def _exchange(
    here: Workspace, first: ScenarioInfo, second: ScenarioInfo, mine: Plan, theirs: Plan
) -> None:
    """Who gains what from whom when the second takes the place of the first."""
    settings = here.project.settings
    main = next(iter(weights_of(here)))
    table = flows(theirs, mine, main)
    if table.empty:
        st.info("These two give every place to the same owner.", icon=":material/info:")
        return
    whole = float(mine.units.values(main).sum())
    part = share(table["amount"].sum() / whole, 1) if whole > 0 else "–"
    nobody = "nobody"
    named = table.assign(
        giver=table["giver"].replace("", nobody), taker=table["taker"].replace("", nobody)
    )
    title = f"{part} of the {measure(main).label.lower()} changes hands"
    left, right = st.columns([3, 2], gap="large")
    with left:
        texts = [amount(v, main, settings) for v in named["amount"]]
        show(sankey(title, named.head(30), texts[:30]), "chart-flows")
    with right:
        shown = pd.DataFrame(
            {
                "From": named["giver"],
                "To": named["taker"],
                settings.word("units"): named["units"],
                measure(main).label: [amount(v, main, settings) for v in named["amount"]],
            }
        )
        st.dataframe(shown, hide_index=True, width="stretch", height=360)
    _take(here, second, theirs)


def _take(here: Workspace, second: ScenarioInfo, theirs: Plan) -> None:
    """Take one territory over, as the other scenario draws it."""
    shared = [t for t in here.plan.territory_ids if t in theirs.territories.index]
    if not shared:
        st.caption("The two have no territory in common, so none can be taken over.")
        return
    names = here.plan.territories["name"]
    row = st.container(horizontal=True, vertical_alignment="bottom")
    wanted = row.selectbox(
        f"Take over from {plain(second.name)}", shared, format_func=lambda t: names[t], key="take"
    )

    def take() -> None:
        now = session.workspace()
        made = operations.take_territory(now.plan, theirs, wanted)
        now.change(f"{names[wanted]} as in {second.name}", made)
        now.notify("info", f"{names[wanted]} is now as in {second.name}. Undo takes it back.")

    row.button(
        "Take over",
        key="take-over",
        disabled=bool(here.read_only),
        on_click=lambda: session.act(take),
    )
