"""Workload: hours of visits, driving, nights and office against those there are."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from territory.export.text import table_csv
from territory.metrics import Case, hours_of, rep_workload, workload_gaps, workload_table
from territory.metrics.catalogue import METRICS
from territory.model import Workspace
from territory.model.figures import figure, share
from territory.ui.case import case_of, current_case
from territory.ui.charts import before_after, show
from territory.ui.follow_map import follow_map, pick_territory
from territory.ui.navigation import path_of
from territory.ui.results_view import compared
from territory.ui.text import plain
from territory.ui.workload_charts import hours_chart

__all__ = ["workload_view"]

SHOWN = 60
"""Rows of a chart; of more, the busiest are drawn and all are in its data."""
FIGURES = ("driving_hours", "travel_share", "road_km", "nights_away")


@st.fragment
def workload_view(here: Workspace) -> None:
    """Four figures, hours against capacity, who drives most, and what was not known."""
    now, then = current_case(here), case_of(here, here.baseline)
    before = then if compared(here) else None
    charts, beside = st.columns([3, 1], gap="large")
    with beside:
        follow_map(here, "workload-map")
    with charts:
        if not hours_of(now).by_territory["visits"].any():
            _nothing(now)
            return
        _figures(here, now, before)
        left, right = st.columns(2, gap="large")
        with left:
            _hours(here, now)
        with right:
            _driving(here, now, before)
        if here.filters.chosen():
            st.caption("Filters do not count here: a rep's year has room for all accounts or not.")
        _by_unit(here, now)
        _gaps(now)


def _nothing(now: Case) -> None:
    _gaps(now)
    st.page_link(path_of("Data"), label="Load accounts", icon=":material/upload_file:")


def _figures(here: Workspace, now: Case, then: Case | None) -> None:
    """The headline row, with what it was before."""
    settings = here.project.settings
    for column, name in zip(st.columns(len(FIGURES)), FIGURES, strict=True):
        metric = next(m for m in METRICS if m.name == name)
        value = figure(metric.overall(now), metric.format, settings)
        old = value if then is None else figure(metric.overall(then), metric.format, settings)
        column.metric(
            metric.label,
            value,
            None if old == value else f"was {old}",
            delta_color="off",
            delta_arrow="off",
            help=metric.help,
        )


def _hours(here: Workspace, now: Case) -> None:
    settings = here.project.settings
    table = workload_table(now)
    reps = table["rep_id"]
    several = reps[reps != ""].duplicated().any()
    place = {t: i for i, t in enumerate(table.index)}
    if several and _by_rep(here):
        team = here.project.team
        table = rep_workload(now)
        names = [team.name(rep) if team else str(rep) for rep in table.index]
        places = [place[reps.index[(reps == rep).to_numpy()][0]] for rep in table.index]
        what = settings.word("reps")
    else:
        names, places = list(table["name"]), list(place.values())
        what = settings.word("territories")
    busiest = table["used"].fillna(0).to_numpy().argsort(kind="stable")[-SHOWN:]
    drawn = table.iloc[busiest]
    chart = hours_chart(
        _finding(table, what), [names[i] for i in busiest], [places[i] for i in busiest], drawn
    )
    data = table.reset_index().drop(columns="name", errors="ignore")
    data.insert(1, "name", names)
    show(chart, "chart-hours", data=data, pick=pick_territory)
    if len(table) > SHOWN:
        st.caption(f"The {SHOWN} busiest of {len(table):,} {what}; all are in the data.")


def _by_rep(here: Workspace) -> bool:
    words = here.project.settings
    options = {"rep": words.word("rep"), "territory": words.word("territory")}
    chosen = st.segmented_control(
        "By",
        list(options),
        default="rep",
        required=True,
        format_func=options.__getitem__,
        key="workload-by",
    )
    return chosen == "rep"


def _finding(table: pd.DataFrame, what: str) -> str:
    """Who has more to do than hours, in a sentence."""
    known = table["used"].dropna()
    if known.empty:
        total = table["total_hours"].sum()
        return f"{total:,.0f} hours of work a year; no capacity is known"
    over = int((known > 1).sum())
    if not over:
        return f"All {len(known)} {what} have the hours for their work"
    lack = "lacks hours for its" if over == 1 else "lack hours for their"
    return f"{over} of {len(known)} {what} {lack} work"


def _driving(here: Workspace, now: Case, then: Case | None) -> None:
    table = workload_table(now)
    names = list(table["name"])
    part = table["travel_share"]
    old = workload_table(then)["travel_share"] if then else None
    most = part.fillna(0).to_numpy().argsort(kind="stable")[::-1][:SHOWN]
    top = int(most[0])
    finding = f"{names[top]}: {share(part.iloc[top])} of the field time is driving"
    chart = before_after(
        finding,
        [names[i] for i in most],
        part.iloc[most],
        None if old is None else old.iloc[most],
        "driving, share of the hours in the field",
        form=".0%",
    )
    data = table.reset_index()[
        ["territory_id", "name", "travel_share", "driving_hours", "nights", "km", "calls_per_day"]
    ]
    show(chart, "chart-driving", data=data)


def _by_unit(here: Workspace, now: Case) -> None:
    word = here.project.settings.word("unit")
    st.download_button(
        f"Hours by {word}",
        lambda: table_csv(hours_of(now).by_unit.reset_index()),
        "hours-by-unit.csv",
        "text/csv",
        key="hours-by-unit",
        help=f"Visits, driving, nights and kilometres of each {word} as a CSV file",
        on_click="ignore",
        type="tertiary",
        icon=":material/download:",
    )


def _gaps(now: Case) -> None:
    """What the hours had to do without, and where it can be given."""
    for note in workload_gaps(now):
        st.info(plain(note), icon=":material/info:")
    assumed = st.container(horizontal=True, vertical_alignment="center")
    with assumed:
        field = share(now.project.settings.travel.field_share) if now.project else ""
        above = (
            "go by the measure Workload instead, without the ways from home."
            if now.project and "workload_hours" in now.project.units.measure_names
            else "stay empty until the data have hours of work: a column workload_hours."
        )
        st.caption(
            f"{field} of the working time is in the field, the rest office. This, speeds, detours, "
            "days and nights are assumptions that you can change. Highest workload and Coverage, "
            f"above, {above}"
        )
        st.page_link(path_of("Settings"), label="Travel settings", icon=":material/settings:")
