"""The panel beside the map: how even things are, the active territory, all territories.

It travels with every edit, so its markup is terse; the classes are explained in ``map.WINDOW``.
"""

from __future__ import annotations

from html import escape

import numpy as np
import pyarrow as pa
import streamlit as st
from numpy.typing import NDArray

from territory.metrics import Case, deviation, max_deviation, targets, worst_deviation
from territory.model import Settings, Workspace, measure
from territory.model.figures import amount, share, unit_words
from territory.model.figures import deviation as deviation_text
from territory.ui.case import case_of, current_case
from territory.ui.map import choose_active
from territory.ui.territories import open_territories
from territory.ui.text import plain

__all__ = [
    "active_card",
    "kpi",
    "live_targets",
    "map_panel",
    "shown_measures",
    "territory_table",
]

TABLE = "territories"
ALSO = ("potential", "workload_hours", "accounts")
"""Shown for the active territory even where they do not count for the balance."""
MOST = 4
ROW_PX, MOST_ROWS = 30, 40
"""Height of a row of the list, and how many of them show without a scroll bar of their own."""
WIDEST = 1.0
"""Deviation at which a bar is full."""
OVER, UNDER, FINE = "#C65D07", "#2F7FC4", "#8896A4"


def map_panel(here: Workspace) -> None:
    """Draw the panel; picking a territory here makes it the active one in the map."""
    now, then = current_case(here), case_of(here, here.baseline)
    settings = here.project.settings
    with st.container(key="map-panel", gap="small"):
        words = here.project.settings.word("territories").capitalize()
        if st.button(plain(words), key="manage-territories", icon=":material/category:"):
            open_territories(here)
        if not here.plan.k:
            st.info("This plan has no territories yet. Load a team or press Balance.")
            return
        here.active = min(here.active, here.plan.k - 1)
        st.html(kpi(now, then, settings) + active_card(now, then, here.active, settings))
        _table(here, now)


def _bar(value: float, band: float) -> str:
    """A deviation as a bar from the middle: over to the right, under to the left."""
    if not np.isfinite(value):
        return ""
    width = 50 * min(abs(value), WIDEST) / WIDEST
    tint = FINE if abs(value) <= band else OVER if value > 0 else UNDER
    left = 50 if value > 0 else 50 - width
    edge = 50 * min(band, WIDEST) / WIDEST
    return (
        f'<div class="tw-bar"><i style="left:{50 - edge:.0f}%;width:{2 * edge:.0f}%"></i>'
        f'<b style="left:{left:.0f}%;width:{width:.0f}%;background:{tint}"></b></div>'
    )


def _was(before: str, now: str) -> str:
    """The old value in grey, where it differs."""
    return f"<s>{escape(before)} → </s>" if before != now else ""


def kpi(now: Case, then: Case, settings: Settings) -> str:
    """The largest deviation and how many territories are outside the band, before → after."""
    figures = []
    for case in (then, now):
        outside = int((worst_deviation(case).abs() > settings.amber + 1e-9).sum())
        figures.append((share(max_deviation(case), 1), f"{outside} of {case.plan.k}"))
    (old_worst, old_out), (worst, out) = figures
    return (
        '<div class="tw-kpi st-key-kpi">'
        f"<div><small>Largest deviation</small>{_was(old_worst, worst)}"
        f'<b class="kpi-deviation">{worst}</b></div>'
        f"<div><small>Outside ±{share(settings.amber)}</small>{_was(old_out, out)}"
        f'<b class="kpi-outside">{out}</b></div></div>'
    )


def shown_measures(case: Case) -> list[str]:
    """What counts for the balance, then what a manager asks for anyway."""
    also = [m for m in ALSO if case.has(m)]
    return list(dict.fromkeys([*case.measures, *also]))[:MOST]


def live_targets(here: Workspace) -> dict[str, list[float]]:
    """Targets of each territory in the measures shown, for the figures inside the map."""
    case = current_case(here)
    return {name: targets(case, name).fillna(0).tolist() for name in shown_measures(case)}


def active_card(now: Case, then: Case, position: int, settings: Settings) -> str:
    """The active territory: units, and each measure against its target, before → after."""
    plan, territory = now.plan, now.plan.territory_ids[position]
    row = plan.territories.iloc[position]
    known = territory in then.plan.territories.index
    units = unit_words(int((plan.alignment == position).sum()), settings)
    lines = [
        f'<div class="tw-head"><i style="background:{escape(row.colour)}"></i>'
        f'<b dir="auto">{escape(str(row["name"]))}</b></div>'
        f'<div class="tw-row"><u>{escape(units)}{_seat(now, str(row.rep_id))}</u></div>'
    ]
    for name in shown_measures(now):
        off = float(deviation(now, name).iloc[position])
        total = float(now.totals(name)[position])
        target = float(targets(now, name).iloc[position])
        old = float(deviation(then, name)[territory]) if known else float("nan")
        text = deviation_text(off)
        was = _was(deviation_text(old), text) if np.isfinite(old) else ""
        amounts = f"{amount(total, name, settings)} of {amount(target, name, settings)}"
        lines.append(
            f'<div class="tw-row" title="{total:,.2f}, target {target:,.2f}">'
            f"<span>{escape(measure(name).label)} <u>{escape(amounts)}</u></span>"
            f"<span>{was}<b>{text}</b></span></div>{_bar(off, settings.amber)}"
        )
    return f'<div class="active-card">{"".join(lines)}</div>'


def _seat(case: Case, rep_id: str) -> str:
    """Where the rep lives, if known."""
    team = case.project.team if case.project else None
    if team is None or rep_id not in team.frame.index:
        return ""
    home = str(team.frame.at[rep_id, "home_zip"] or "")
    column = case.plan.units.attributes.get("city")
    at = case.plan.units.position.get(home)
    if at is None or column is None:
        return ""
    return f" · {escape(str(column.iloc[at]))}"


def territory_table(case: Case) -> pa.Table:
    """One row a territory: number, name, units, the deviation farthest from zero in percent.

    Arrow, not pandas, and the smallest numbers that will do: it travels with every edit.
    """
    plan = case.plan
    off = np.clip((100 * worst_deviation(case).fillna(0)).round(0).to_numpy(), -32e3, 32e3)
    inside = plan.alignment[plan.alignment >= 0]
    return pa.table(
        {
            "#": _smallest(np.arange(1, plan.k + 1)),
            "name": pa.array(plan.territories["name"].astype(str).tolist()),
            "units": _smallest(np.bincount(inside, minlength=plan.k)),
            "off": pa.array(off.astype(np.int16)),
        }
    )


def _smallest(values: NDArray[np.int64]) -> pa.Array:
    """Whole numbers from 0 up in as few bytes as they need."""
    return pa.array(values.astype(np.min_scalar_type(values.max(initial=0))))


def _picked(here: Workspace) -> None:
    chosen = st.session_state[TABLE]["selection"]
    # A click anywhere in a row means the row, not only one on its small round mark.
    rows = [row for row, _ in chosen["cells"]] or list(chosen["rows"])
    if rows:
        choose_active(here, rows[0])


def _table(here: Workspace, case: Case) -> None:
    """All territories; the selected row is the active one."""
    selection = {"selection": {"rows": [here.active], "columns": [], "cells": []}}
    if st.session_state.get(TABLE) != selection:
        st.session_state[TABLE] = selection
    settings = here.project.settings
    config = st.column_config
    st.dataframe(
        territory_table(case),
        key=TABLE,
        on_select=lambda: _picked(here),
        selection_mode=["single-row-required", "single-cell"],
        hide_index=True,
        # Not all of five hundred: the panel would draw each of them anew with every edit.
        height="content" if case.plan.k <= MOST_ROWS else MOST_ROWS * ROW_PX,
        row_height=ROW_PX,
        column_config={
            "#": config.NumberColumn(width=28),
            "name": config.TextColumn(settings.word("territory").capitalize()),
            "units": config.NumberColumn(settings.word("units"), width=50),
            "off": config.NumberColumn("Off target", format="%+d %%", width=70),
        },
    )
