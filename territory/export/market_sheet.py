"""The sheets Market potential and Performance: what could be sold, and what was."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from territory.export.grid import (
    INK,
    QUIET,
    Column,
    Look,
    column_letter,
    money_axis,
    put,
    span,
    write_table,
)
from territory.export.sheet_charts import GREY, Series, chart_of
from territory.export.tables import settings_of
from territory.metrics import Case, sales_by_period
from territory.metrics.market import market_table, market_units
from territory.metrics.performance import Performance, performance
from territory.metrics.potential import potential_of

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

__all__ = ["MARKET", "PERFORMANCE", "market_sheet", "performance_sheet"]

MARKET, PERFORMANCE = "Market potential", "Performance"
BEST_UNITS = 100
Labels = dict[str, tuple[str, str]]
LABELS: Labels = {
    "potential": ("Potential", "money"),
    "share": ("Share of potential", "share"),
    "sales": ("Sales of a year", "money"),
    "customers": ("Customers", "count"),
    "prospects": ("Prospects", "count"),
    "competitors": ("Competitors", "count"),
    "penetration": ("Penetration", "share"),
    "white_space": ("White space", "money"),
    "customers_per_100_km2": ("Customers a 100 km²", "number"),
    "rivalry": ("Rival presence", "share"),
    "growth": ("Growth", "deviation"),
    "driver": ("What drives it", "text"),
}
"""Column of the market table → how it is called, and the kind of its values; potential first."""
POINTS = ("Potential, points", "number")
"""The potential where nothing says what the market is worth in money."""


def market_sheet(sheet: Worksheet, look: Look, case: Case) -> None:
    """Territories by potential with what drives it, a chart, and the units with most potential."""
    table, estimate = market_table(case), potential_of(case)
    labels = LABELS if estimate is None or estimate.money else LABELS | {"potential": POINTS}
    known = [name for name in labels if name in table and _known(table[name])]
    if case.project is None or "potential" not in known or not len(table):
        _missing(sheet, look, "No potential is known. Add a column potential to the units or the "
                 "accounts, or facts such as income and population, on the page Data.")  # fmt: skip
        return
    ranked = table.sort_values("potential", ascending=False, kind="stable")
    columns = [
        Column(_title(case), list(ranked["name"]),
               width=24),
        *_columns(ranked, known, labels),
    ]  # fmt: skip
    write_table(sheet, look, columns)
    sheet.freeze_panes(1, 1)
    last = len(ranked) + 1
    _market_chart(sheet, look, columns, last)
    _units(sheet, look, case, last + 22, labels)


def _known(column: pd.Series) -> bool:
    if pd.api.types.is_numeric_dtype(column):
        return bool(np.isfinite(column.to_numpy(float)).any())
    return bool((column.fillna("") != "").any())


def _columns(table: pd.DataFrame, known: list[str], labels: Labels) -> list[Column]:
    out = []
    for name in known:
        label, kind = labels[name]
        if kind == "text":
            out.append(Column(label, table[name].fillna("").astype(str).tolist(), width=34))
            continue
        values = table[name].to_numpy(float)
        adds = kind in ("money", "count") or name in ("share", "potential")
        total = float(np.nansum(values)) if adds else math.nan
        out.append(Column(label, values.tolist(), kind, total="sum" if adds else None,
                          total_value=total))  # fmt: skip
    return out


def _market_chart(sheet: Worksheet, look: Look, columns: list[Column], last: int) -> None:
    names = span(f"'{MARKET}'", "A", 2, last)
    labels = [c.label for c in columns]
    series = [
        Series(label, names, span(f"'{MARKET}'", column_letter(labels.index(label)), 2, last), tone)
        for label, tone in ((labels[1], ""), ("Sales of a year", GREY))
        if label in labels
    ]
    largest = [float(v) for v in columns[1].values]  # type: ignore[arg-type]
    title = "Potential and what is sold of it" if len(series) > 1 else "Potential"
    chart = chart_of(look, "column", title, series, (1000, 380), money_axis(largest))
    sheet.insert_chart(last + 2, 0, chart, {"object_position": 2})


def _units(sheet: Worksheet, look: Look, case: Case, row: int, labels: Labels) -> None:
    """The units with most potential, below the chart."""
    table = market_units(case)
    best = table.sort_values("potential", ascending=False, kind="stable").head(BEST_UNITS)
    known = [name for name in labels if name in best and name != "driver" and _known(best[name])]
    settings = settings_of(case.project)
    names = [*case.plan.territories["name"].astype(str), ""]
    units = settings.word("units")
    text = f"The {len(best)} {units} with most potential, of {len(table):,}"
    put(sheet, row - 1, 0, text, look.format(bold=True, font_size=12, font_color=INK))
    owner = [names[int(t)] for t in best["territory"]]
    columns = [
        Column(f"{settings.word('unit')} · {settings.word('territory')}",
               [f"{u} · {o}" if o else str(u) for u, o in zip(best.index, owner, strict=True)]),
        *_columns(best, known, labels),
    ]  # fmt: skip
    plain = [Column(c.label, c.values, c.kind) for c in columns]
    write_table(sheet, look, plain, top=row, first=False)


def performance_sheet(sheet: Worksheet, look: Look, case: Case) -> None:
    """Results of each territory as if it had always been drawn like this, then every period."""
    project = case.project
    sales = project.sales if project else None
    if project is None or sales is None or not case.plan.k:
        _missing(
            sheet,
            look,
            "No sales history yet. Load sales by unit and period on the page "
            "Data to see growth, seasons and results against quota.",
        )
        return
    found = performance(case)
    periods = sales_by_period(case.plan, sales, project.accounts)
    columns = [
        Column(_title(case), case.plan.territories["name"].astype(str).tolist(), width=24),
        *_results(found),
    ]
    first = len(columns)
    for period in periods.columns:
        values = periods[period].to_numpy(float)
        columns.append(
            Column(
                str(period),
                values.tolist(),
                "money",
                total="sum",
                total_value=float(values.sum()),
                width=12,
            )
        )
    write_table(sheet, look, columns)
    sheet.freeze_panes(1, 1)
    labels = [c.label for c in columns]
    for label, middle in (("Growth", 0.0), ("Reached", 1.0)):
        if label in labels:
            letter = column_letter(labels.index(label))
            look.bands(sheet, f"{letter}2:{letter}{len(periods) + 1}", middle)
    row = len(periods) + 2
    left, right = column_letter(first), column_letter(len(columns) - 1)
    heads, totals = (f"{PERFORMANCE}!${left}${r}:${right}${r}" for r in (1, row))
    chart = chart_of(
        look,
        "line",
        "Sales by period, all together",
        [Series("Sales", heads, totals)],
        (1000, 340),
        money_axis(periods.sum().tolist()),
    )
    sheet.insert_chart(row + 1, 0, chart, {"object_position": 2})
    notes = [
        "Sales in unassigned areas are left out.",
        *dict.fromkeys(found.missing.values()),
        *found.notes,
    ]
    for i, note in enumerate(notes):
        put(sheet, row + 20 + i, 0, note, look.format(font_color=QUIET, italic=True))


def _results(found: Performance) -> list[Column]:
    """The columns of the results that are known; growth and what was reached are formulas."""
    table, total, window = found.table, found.total, found.window
    now, before = window.words or "now", window.words_before
    shown = [
        ("sales_before", f"Sales {before}", "money", ""),
        ("sales", f"Sales {now}", "money", ""),
        ("growth", "Growth", "deviation", '=IF(N({sales_before})>0,{sales}/{sales_before}-1,"")'),
        ("quota", "Quota of a year", "money", ""),
        ("attainment", "Reached", "share", ""),
        ("customers", "Customers", "count", ""),
        ("new_customers", "New customers", "count", ""),
        ("lost_customers", "Lost customers", "count", ""),
        ("acquisition", "Won of all", "share", ""),
        ("churn", "Lost of all", "share", ""),
        ("sales_per_hour", "Sales an hour", "money", ""),
    ]
    out: list[Column] = []
    cells: dict[str, str] = {}
    for name, label, kind, formula in shown:
        values = table[name].to_numpy(float)
        if not np.isfinite(values).any():
            continue
        cells[name] = column_letter(len(out) + 1) + "{r}"
        made = None
        if formula and {"sales", "sales_before"} <= set(cells):
            for part in ("sales_before", "sales"):
                formula = formula.replace("{" + part + "}", cells[part])
            made = formula
        adds = kind in ("money", "count") and name != "sales_per_hour"
        whole = float(np.nansum(values)) if adds else float(total[name])
        out.append(Column(label, values.tolist(), kind, made, "sum" if adds else made, whole))
    return out


def _title(case: Case) -> str:
    word = settings_of(case.project).word("territory")
    return word[:1].upper() + word[1:]


def _missing(sheet: Worksheet, look: Look, text: str) -> None:
    sheet.set_column(0, 0, 110)
    put(sheet, 0, 0, text, look.format(italic=True))
