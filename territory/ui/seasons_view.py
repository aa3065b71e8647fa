"""Seasons: what is coming, when each segment buys, and the quarter that is hardest."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from territory.metrics import Case, utilisation
from territory.metrics.forecast import Forecast, forecast
from territory.metrics.ledger import Ledger
from territory.metrics.performance import owners, sold_by_period
from territory.metrics.scope import Scope
from territory.metrics.seasons import (
    QUARTERS,
    decompose,
    quarter_load,
    segment_sales,
    territory_seasons,
    worst_quarter,
)
from territory.metrics.segment_table import scope_of
from territory.metrics.segments import account_kinds
from territory.model import Workspace
from territory.model.figures import amount, share, signed
from territory.ui import session
from territory.ui.case import current_case
from territory.ui.charts import before_after, lines, show
from territory.ui.follow_map import follow_map, pick_territory
from territory.ui.navigation import path_of
from territory.ui.sales_charts import coming_quarters, season_map
from territory.ui.text import plain

__all__ = ["seasons_view"]

ALL = ""
MOST = 12
"""Segments that a chart shows; the largest ones."""
LINES = 4


@st.fragment
def seasons_view(_: Workspace) -> None:
    """Forecast, seasons by segment or territory, the worst quarter; the map beside."""
    here = session.workspace()
    case = current_case(here)
    found = territory_seasons(case)
    charts, beside = st.columns([3, 1], gap="large")
    with beside:
        follow_map(here, "seasons-map")
    with charts:
        if found is None:
            st.info(
                "A sales history by quarter or month would show seasons and what is coming; two "
                "full years tell season from growth.",
                icon=":material/calendar_month:",
            )
            st.page_link(path_of("Data"), label="Load a history", icon=":material/upload_file:")
            return
        seasons, sold, ledger = found
        for note in dict.fromkeys((*ledger.notes, seasons.note)):
            if note:
                st.caption(plain(note))
        left, right = st.columns(2, gap="large")
        scope = scope_of(case, here.filters)
        part = sold_by_period(case, scope)
        if part is None:
            st.info(
                "A column account_id in the sales history would show the seasons of the accounts "
                "that are filtered. Here are those of all.",
                icon=":material/info:",
            )
        shown = sold if part is None else part
        with left:
            _coming(here, shown, scope.territories, ledger)
        with right:
            _hardest(here, case)
        _by_kind(here, case, scope, shown, ledger)


def _coming(here: Workspace, sold: np.ndarray, shown: np.ndarray, ledger: Ledger) -> None:
    """The next four quarters of all that is shown, or of the active territory."""
    name = str(here.plan.territories["name"].iloc[here.active])
    options = {"all": "All together", "one": name}
    chosen = st.segmented_control(
        "Forecast for",
        list(options),
        default="all",
        required=True,
        format_func=lambda o: plain(options[o]),
        key="seasons-of",
    )
    values = sold[shown].sum(axis=0) if chosen == "all" else sold[here.active]
    ahead = forecast(values, ledger.calendar)
    level = decompose(values[None, :], ledger.calendar).trend[0]
    settings = here.project.settings
    who = "All together" if chosen == "all" else name
    title = (
        f"{who}: {amount(float(ahead.middle.sum()), 'sales', settings)} to come in four quarters"
        if len(ahead.middle)
        else f"{who}: no forecast"
    )
    labels = ledger.calendar.labels
    axis = f"sales, {settings.currency}"
    figure = coming_quarters(
        title, labels, values[: len(labels)], level[: len(labels)], ahead, axis
    )
    show(figure, "chart-forecast", data=_rows(labels, values, ahead))
    st.caption(plain(_how_sure(ahead)))


def _rows(labels: tuple[str, ...], values: np.ndarray, ahead: Forecast) -> pd.DataFrame:
    past = pd.DataFrame({"period": labels, "sold": values[: len(labels)]})
    parts = {"forecast": ahead.middle, "low": ahead.low, "high": ahead.high}
    future = pd.DataFrame({"period": ahead.labels, **parts})
    return pd.concat([past, future], ignore_index=True)


def _how_sure(ahead: Forecast) -> str:
    """Which method, and how wrong it was."""
    if ahead.errors is None or not np.isfinite(ahead.error):
        return ahead.note
    others = [f"“{m}” {share(e, 1)}" for m, e in ahead.errors.items() if m != ahead.method]
    against = f", against {' and '.join(others)}" if others else ""
    quarters = "1 past quarter" if ahead.tests == 1 else f"{ahead.tests} past quarters"
    band = ahead.note or "The band should hold four times of five."
    return (
        f"By “{ahead.method}”: tried on {quarters} it was off by {share(ahead.error, 1)} on "
        f"average{against}. {band}"
    )


def _hardest(here: Workspace, case: Case) -> None:
    """Workload in the worst quarter, against that of the year."""
    load, worst = quarter_load(case), worst_quarter(case)
    if load is None or worst is None:
        st.info(
            "The hardest quarter needs sales by quarter, workload_hours and a team with "
            "capacity_hours.",
            icon=":material/info:",
        )
        return
    quarter, beyond, _ = worst
    used = utilisation(case)
    names = list(here.plan.territories["name"])
    reps = here.project.settings.word("rep" if beyond == 1 else "reps")
    than = int((used > 1).sum())
    title = f"In {quarter} {beyond} {reps} have more work than hours, over the year {than}"
    line = (1.0, "capacity")
    axis = f"workload / capacity in {quarter}; grey: over the year"
    figure = before_after(title, names, load[quarter], used, axis, form=".0%", line=line,
                          before_name="over the year", now_name=f"in {quarter}")  # fmt: skip
    data = load.assign(year=used).reset_index()
    show(figure, "chart-hardest", data=data, pick=pick_territory)
    st.caption("Were the work to follow the season of each territory's sales; of all accounts.")


def _by_kind(here: Workspace, case: Case, scope: Scope, sold: np.ndarray, ledger: Ledger) -> None:
    """Season and growth of each segment; of each territory where nobody knows who bought."""
    kinds = account_kinds(case) if ledger.knows_buyers else {}
    options = {**kinds, ALL: here.project.settings.word("territory").capitalize()}
    first = next((k for k in ("industry", "segment") if k in kinds), next(iter(options)))
    kind = st.selectbox(
        "Seasons by",
        list(options),
        index=list(options).index(first),
        format_func=lambda k: plain(options[k]),
        key="seasons-by",
    )
    found = None
    if kind:
        owner = owners(case, scope, ledger)
        found = segment_sales(case, kind, np.append(scope.territories, False)[owner])
    if found is None:
        names = here.plan.territories["name"][scope.territories]
        found = list(names), sold[scope.territories]
    names, table = found
    largest = np.argsort(-table.sum(axis=1), kind="stable")[:MOST]
    names, table = [names[i] for i in largest], table[largest]
    seasons = decompose(table, ledger.calendar)
    left, right = st.columns(2, gap="large")
    with left:
        if seasons.known:
            _seasons_of(here, names, seasons.factors, options[kind], len(found[0]))
        else:
            st.info(plain(seasons.note), icon=":material/info:")
    with right:
        _growth_of(here, names, seasons.trend, ledger)


def _seasons_of(
    here: Workspace, names: list[str], factors: np.ndarray, kind: str, count: int
) -> None:
    row, quarter = np.unravel_index(int(factors.argmax()), factors.shape)
    peak, when = share(factors[row, quarter]), QUARTERS[int(quarter)]
    title = f"{names[row]} sells {peak} of an average quarter in {when}"
    data = pd.DataFrame(factors, columns=list(QUARTERS))
    data.insert(0, kind, names)
    show(season_map(title, names, factors), "chart-seasons", data=data)
    if count > MOST:
        st.caption(f"The {MOST} largest of {count}.")


def _growth_of(here: Workspace, names: list[str], trend: np.ndarray, ledger: Ledger) -> None:
    """Levels without seasons; the first quarter is 100."""
    labels = ledger.calendar.labels
    start = trend[:, :1]
    known = np.flatnonzero(start[:, 0] > 0)
    if len(labels) < 2 or not len(known):
        st.info("A trend needs more than one period with sales.", icon=":material/info:")
        return
    index = 100 * trend[known] / start[known]
    order = np.argsort(-index[:, -1], kind="stable")
    picked = order if len(order) <= LINES else np.r_[order[:2], order[-2:]]
    table = pd.DataFrame(
        index[picked][:, : len(labels)], index=[names[known[i]] for i in picked], columns=labels
    )
    change = index[order[0], -1] / 100 - 1
    title = f"{names[known[order[0]]]} grew most: {signed(change)} since {labels[0]}"
    everything = pd.DataFrame(
        index[:, : len(labels)].T, index=labels, columns=[names[i] for i in known]
    )
    figure = lines(title, table, f"level without seasons, {labels[0]} = 100", zero=False)
    show(figure, "chart-trend", data=everything.reset_index(names="period"))
    if len(order) > LINES:
        st.caption(f"The two that grew most and the two that grew least of {len(order)}.")
