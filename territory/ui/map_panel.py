"""The panel beside the map: how even things are, the active territory, all territories."""

from __future__ import annotations

from html import escape

import numpy as np
import pandas as pd
import streamlit as st

from territory.metrics import Case, deviation, max_deviation, targets, worst_deviation
from territory.model import Settings, Workspace, measure
from territory.ui.case import case_of, current_case
from territory.ui.format import amount, share, unit_words
from territory.ui.format import deviation as deviation_text
from territory.ui.map import choose_active

__all__ = ["active_card", "kpi", "map_panel", "shown_measures", "territory_table"]

TABLE = "territories"
PICKER = "active-territory"
ALSO = ("potential", "workload_hours", "accounts")
"""Shown for the active territory even where they do not count for the balance."""
MOST = 4
WIDEST = 1.0
"""Deviation at which a bar is full."""
OVER, UNDER, FINE = "#C65D07", "#2F7FC4", "#8896A4"


def map_panel(here: Workspace) -> None:
    """Draw the panel; picking a territory here makes it the active one in the map."""
    now, then = current_case(here), case_of(here, here.baseline)
    settings = here.project.settings
    with st.container(key="map-panel", gap="small"):
        with st.container(key="kpi"):
            st.html(kpi(now, then, settings))
        if not here.plan.k:
            st.info("This plan has no territories yet. Load a team or press Balance.")
            return
        here.active = min(here.active, here.plan.k - 1)
        _picker(here)
        st.html(active_card(now, then, here.active, settings))
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
        '<div style="position:relative;height:6px;border-radius:3px;margin:3px 0 1px;'
        'background:color-mix(in srgb,currentColor 10%,transparent)">'
        f'<div style="position:absolute;left:{50 - edge:.1f}%;width:{2 * edge:.1f}%;height:6px;'
        'background:color-mix(in srgb,currentColor 14%,transparent)"></div>'
        f'<div style="position:absolute;left:{left:.1f}%;width:{max(width, 1):.1f}%;height:6px;'
        f'border-radius:3px;background:{tint}"></div></div>'
    )


def _was(before: str, now: str) -> str:
    """The old value in grey, where it differs."""
    return f'<span style="opacity:.6">{escape(before)} → </span>' if before != now else ""


def kpi(now: Case, then: Case, settings: Settings) -> str:
    """The largest deviation and how many territories are outside the band, before and after."""
    figures = []
    for case in (then, now):
        outside = int((worst_deviation(case).abs() > settings.amber + 1e-9).sum())
        figures.append((share(max_deviation(case), 1), f"{outside} of {case.plan.k}"))
    (old_worst, old_out), (worst, out) = figures
    cell = '<div style="flex:1"><div style="opacity:.7;font-size:.8rem">{}</div>{}</div>'
    value = '{}<b style="font-size:1.05rem" class="{}">{}</b>'
    band = share(settings.amber)
    return (
        '<div style="display:flex;gap:12px;font-variant-numeric:tabular-nums">'
        + cell.format(
            "Largest deviation", value.format(_was(old_worst, worst), "kpi-deviation", worst)
        )
        + cell.format(f"Outside ±{band}", value.format(_was(old_out, out), "kpi-outside", out))
        + "</div>"
    )


def shown_measures(case: Case) -> list[str]:
    """What counts for the balance, then what a manager asks for anyway."""
    also = [m for m in ALSO if case.has(m)]
    return list(dict.fromkeys([*case.measures, *also]))[:MOST]


def active_card(now: Case, then: Case, position: int, settings: Settings) -> str:
    """The active territory: units, and each measure against its target, before → after."""
    plan, territory = now.plan, now.plan.territory_ids[position]
    row = plan.territories.iloc[position]
    known = territory in then.plan.territories.index
    units = unit_words(int((plan.alignment == position).sum()), settings)
    lines = [
        '<div style="display:flex;align-items:center;gap:8px;margin-bottom:4px">'
        f'<i style="width:12px;height:12px;border-radius:3px;background:{escape(row.colour)}"></i>'
        f'<span style="opacity:.75">{escape(units)}{_seat(now, str(row.rep_id))}</span></div>'
    ]
    for name in shown_measures(now):
        off = float(deviation(now, name).iloc[position])
        total = float(now.totals(name)[position])
        target = float(targets(now, name).iloc[position])
        old = float(deviation(then, name)[territory]) if known else float("nan")
        text = deviation_text(off)
        was = _was(deviation_text(old), text) if np.isfinite(old) else ""
        title = f"{total:,.2f}, target {target:,.2f}"
        lines.append(
            f'<div title="{escape(title)}" style="margin-top:7px;font-size:.9rem;'
            'font-variant-numeric:tabular-nums">'
            '<div style="display:flex;justify-content:space-between;gap:8px">'
            f"<span>{escape(measure(name).label)} "
            f'<span style="opacity:.65">{escape(amount(total, name, settings))}'
            f" of {escape(amount(target, name, settings))}</span></span>"
            f"<span>{was}<b>{text}</b></span></div>{_bar(off, settings.amber)}</div>"
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


def _picker(here: Workspace) -> None:
    """The active territory by name."""
    names = here.plan.territories["name"].tolist()
    st.session_state[PICKER] = here.active
    st.selectbox(
        f"Active {here.project.settings.word('territory')}",
        range(here.plan.k),
        format_func=lambda i: f"{i + 1}  {names[i]}",
        key=PICKER,
        label_visibility="collapsed",
        on_change=lambda: choose_active(here, st.session_state[PICKER]),
    )


def territory_table(case: Case) -> pd.DataFrame:
    """One row a territory: number, name, units, the deviation farthest from zero."""
    plan = case.plan
    off = (100 * worst_deviation(case).fillna(0)).round(0).to_numpy()
    inside = plan.alignment[plan.alignment >= 0]
    return pd.DataFrame(
        {
            "#": np.arange(1, plan.k + 1, dtype=np.int16),
            "name": plan.territories["name"].to_numpy(str),
            "units": np.bincount(inside, minlength=plan.k).astype(np.int32),
            "off": off.astype(np.int32),
            "bar": [[v] for v in np.clip(off, -100, 100).astype(np.int16).tolist()],
        }
    )


def _picked(here: Workspace) -> None:
    rows = st.session_state[TABLE]["selection"]["rows"]
    if rows:
        choose_active(here, rows[0])


def _table(here: Workspace, case: Case) -> None:
    """All territories; the selected row is the active one."""
    selection = {"selection": {"rows": [here.active], "columns": [], "cells": []}}
    if st.session_state.get(TABLE) != selection:
        st.session_state[TABLE] = selection
    config = st.column_config
    st.dataframe(
        territory_table(case),
        key=TABLE,
        on_select=lambda: _picked(here),
        selection_mode="single-row-required",
        hide_index=True,
        height="stretch",
        row_height=30,
        column_config={
            "#": config.NumberColumn("#", width=28, help="Type this number on the map to pick it"),
            "name": config.TextColumn(here.project.settings.word("territory").capitalize()),
            "units": config.NumberColumn(here.project.settings.word("units"), width=52),
            "off": config.NumberColumn("Off target", format="%+d %%", width=72),
            "bar": config.BarChartColumn("", y_min=-100, y_max=100, width=34),
        },
    )
