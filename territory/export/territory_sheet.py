"""The sheet Territories: every total is a formula over the sheet Units, and recomputes."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from territory.export.grid import Column, column_letter, measure_kind, span
from territory.export.tables import additive_measures, attribute_column, rep_names, settings_of
from territory.metrics import HEADLINES, Case, deviation, piece_count, targets, utilisation
from territory.model import measure

__all__ = ["TerritorySheet", "plain_ids", "territory_sheet"]

SHEET = "Territories"
BY_FORMULA = {"max_deviation", "within_tolerance", "utilisation"}
LABELS = {
    "noncontiguous": "Pieces",
    "quota_spread": "Potential per quota, against the mean",
    "disruption": "New to its rep",
}
PLAIN_ID = re.compile(r"[A-Za-z]{1,2}[-_]?[0-9]{1,6}")
MILES = 0.621371


@dataclass
class TerritorySheet:
    """Columns of the sheet, and where the other sheets find what they refer to."""

    columns: list[Column] = field(default_factory=list)
    letters: dict[str, str] = field(default_factory=dict)
    sums: dict[str, float] = field(default_factory=dict)
    k: int = 0
    unassigned: bool = False

    @property
    def last(self) -> int:
        """Excel row of the last territory; the first is 2."""
        return self.k + 1

    @property
    def total_row(self) -> int:
        """Excel row of the totals."""
        return self.k + 2 + self.unassigned

    def range(self, key: str) -> str:
        """A column's territories, as other sheets refer to it."""
        return span(SHEET, self.letters[key], 2, self.last)

    def local(self, key: str) -> str:
        """The same, without the sheet's name."""
        return f"{self.letters[key]}2:{self.letters[key]}{max(self.last, 2)}"

    def add(self, key: str, column: Column) -> None:
        """Append a column under a key."""
        self.letters[key] = column_letter(len(self.columns))
        self.columns.append(column)
        if column.total == "sum":
            self.sums[key] = float(column.total_value)


def plain_ids(ids: Sequence[str]) -> bool:
    """Can SUMIFS and MATCH tell these ids apart?

    They ignore case, take ``*``, ``?`` and ``~`` for wildcards, ``>5`` for a comparison, ``007``
    for 7 and ``Jan 5`` for a date. R01 or ME-12 is safe; anything else goes the slower way.
    """
    return len({i.lower() for i in ids}) == len(ids) and all(PLAIN_ID.fullmatch(i) for i in ids)


def territory_sheet(case: Case, unit_range: Callable[[str], str]) -> TerritorySheet:
    """Lay out the sheet; ``unit_range`` is where a column of the sheet Units lies."""
    plan, project = case.plan, case.project
    out = TerritorySheet(k=plan.k, unassigned=plan.unassigned > 0)
    rest = ["(none)"] if out.unassigned else []
    out.add("id", Column("Territory ID", [*plan.territory_ids, *rest]))
    names = [str(n) for n in plan.territories["name"]]
    out.add("name", Column("Territory", [*names, *["Unassigned" for _ in rest]], width=22))
    reps = [*rep_names(project, plan), *["" for _ in rest]]
    out.add("rep", Column(case_word(case, "rep").capitalize(), reps, width=22))
    _add_total(out, case, "units", unit_range)
    share = plan.territories["target"].to_numpy(float)
    out.add("target", Column("Target share", _pad(out, share), "share", total="sum",
                             total_value=float(share.sum())))  # fmt: skip
    for name in case.measures:
        _add_total(out, case, name, unit_range)
        _add_deviation(out, case, name, unit_range)
    for name in additive_measures(case):
        if name not in out.letters:
            _add_total(out, case, name, unit_range)
    _add_people(out, case)
    _add_headlines(out, case)
    return out


def case_word(case: Case, name: str) -> str:
    """What the user calls a unit, a territory or a rep."""
    return settings_of(case.project).word(name)


def _pad(sheet: TerritorySheet, values: NDArray[np.float64] | pd.Series) -> list[float]:
    """Values by territory, and a blank for the row of the unassigned."""
    return [*np.asarray(values, float).tolist(), *([math.nan] if sheet.unassigned else [])]


def _add_total(
    sheet: TerritorySheet, case: Case, name: str, unit_range: Callable[[str], str]
) -> None:
    """A measure's total by territory, as a sum over the sheet Units."""
    plan = case.plan
    totals = case.totals(name)
    owner = unit_range("territory_id")
    counted = name == "units"
    cells = "" if counted else unit_range(attribute_column(name))
    if plain_ids(plan.territory_ids):
        formula = f"=COUNTIFS({owner},$A{{r}})" if counted else f"=SUMIFS({cells},{owner},$A{{r}})"
    else:
        same = f"EXACT({owner},$A{{r}})"
        formula = f"=SUMPRODUCT(--{same})" if counted else f"=SUMPRODUCT(--{same},{cells})"
    label = case_word(case, "units") if counted else measure(name).label
    named = totals - plan.totals(name)
    if np.abs(named).max(initial=0) > 1e-9:
        # Named accounts lie in one territory and count in another: a column of their own.
        key = f"{name}:named"
        sheet.add(key, Column(f"{label} by named accounts", _pad(sheet, named), measure_kind(name)))
        formula += f"+{sheet.letters[key]}{{r}}"
    values = totals.tolist()
    left = float(np.nansum(plan.units.values(name)[plan.alignment < 0]))
    if sheet.unassigned:
        values.append(left)
    column = Column(
        label[:1].upper() + label[1:], values, measure_kind(name), formula,
        total="sum", total_value=float(np.nansum(values)), width=9 if counted else 14,
    )  # fmt: skip
    sheet.add(name, column)


def _add_deviation(
    sheet: TerritorySheet, case: Case, name: str, unit_range: Callable[[str], str]
) -> None:
    """Target and deviation of a measure in use; the baseline's deviation where it compares."""
    label, total = measure(name).label, sheet.letters[name]
    whole = (
        f"ROWS({unit_range('territory_id')})"
        if name == "units"
        else f"SUM({unit_range(attribute_column(name))})"
    )
    target = targets(case, name)
    sheet.add(
        f"{name}:target",
        Column(
            f"{label} target", _pad(sheet, target), measure_kind(name),
            f"={sheet.letters['target']}{{r}}*{whole}", "sum", float(target.sum()), 14,
        ),
    )  # fmt: skip
    goal = sheet.letters[f"{name}:target"]
    sheet.add(
        f"{name}:deviation",
        Column(
            f"{label} against target", _pad(sheet, deviation(case, name)), "deviation",
            f'=IF({goal}{{r}}=0,"",({total}{{r}}-{goal}{{r}})/{goal}{{r}})', width=12,
        ),
    )  # fmt: skip
    before = case.baseline
    if before is not None and before.territory_ids == case.plan.territory_ids:
        was = deviation(Case(before, case.measures, case.tolerance, None, case.project), name)
        column = Column(f"{label} before", _pad(sheet, was), "deviation", width=12)
        sheet.add(f"{name}:before", column)


def _add_people(sheet: TerritorySheet, case: Case) -> None:
    """Capacity and utilisation, quota."""
    hours = case.team_column("capacity_hours")
    if hours is not None:
        sheet.add("capacity", Column("Capacity", _pad(sheet, hours), "hours", total="sum",
                                     total_value=float(np.nansum(hours))))  # fmt: skip
    if hours is not None and "workload_hours" in sheet.letters:
        work, have = sheet.letters["workload_hours"], sheet.letters["capacity"]
        formula = f'=IF(N({have}{{r}})>0,{work}{{r}}/{have}{{r}},"")'
        used = sheet.sums["workload_hours"] / max(sheet.sums["capacity"], 1e-9)
        values = _pad(sheet, utilisation(case))
        sheet.add("utilisation", Column("Utilisation", values, "share", formula, formula, used))
    quota = case.team_column("quota")
    if quota is not None:
        sheet.add("quota", Column("Quota", _pad(sheet, quota), "money", total="sum",
                                  total_value=float(np.nansum(quota))))  # fmt: skip


def _add_headlines(sheet: TerritorySheet, case: Case) -> None:
    """The headline metrics that no formula on the sheet has; left out where nothing is known."""
    for metric in HEADLINES:
        if metric.by_territory is None or metric.name in BY_FORMULA:
            continue
        values = metric.by_territory(case)
        if metric.name == "noncontiguous":
            values = piece_count(case)  # How many pieces says more than that there are some.
        if values.isna().all():
            continue
        kind = "deviation" if metric.name == "quota_spread" else metric.format
        if kind == "km" and case_distance(case) == "mi":
            values = values * MILES
        label = LABELS.get(metric.name, metric.label)
        sheet.add(metric.name, Column(label, _pad(sheet, values), kind, width=14))


def case_distance(case: Case) -> str:
    """Kilometres or miles."""
    return case.project.settings.distance if case.project else "km"
