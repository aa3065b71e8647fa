"""The sheet Reps & quotas: hours against work, and quotas that follow the shares typed in."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from territory.advise.handed import Handed
from territory.export.grid import EDIT, QUIET, Column, Look, column_letter, put, span, write_table
from territory.export.sheet_charts import GREY, Series, chart_of
from territory.export.territory_sheet import MILES, TerritorySheet, case_distance
from territory.metrics import rep_workload

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

__all__ = ["PEOPLE", "people_sheet"]

PEOPLE = "Reps & quotas"
TOP = 3
"""Row of the table's header, from 0."""
HINT = "Change the team's quota or a share (yellow); quotas and the ratios beside them follow."


def people_sheet(sheet: Worksheet, look: Look, handed: Handed, table: TerritorySheet) -> None:
    """One row a rep; potential and workload are sums over the sheet Territories."""
    team = handed.project.team
    if team is None or not len(team):
        sheet.set_column(0, 0, 60)
        put(sheet, 0, 0, "No team yet. Load it to see hours and quotas.", look.format(italic=True))
        return
    ids = list(team.ids)
    quota = team.frame["quota"].to_numpy(float)
    whole = float(np.nansum(quota))
    put(sheet, 0, 0, "Team quota", look.format(bold=True))
    goal = whole if whole > 0 else handed.project.settings.goal or math.nan
    put(sheet, 0, 1, goal, look.format("money", bold=True, bg_color=EDIT))
    put(sheet, 1, 0, HINT, look.format(font_color=QUIET, italic=True))
    columns = _columns(look, handed, table, ids, quota / whole if whole > 0 else quota * math.nan)
    write_table(sheet, look, columns, top=TOP)
    sheet.freeze_panes(TOP + 1, 2)
    where = {c.label: column_letter(i) for i, c in enumerate(columns)}
    last = TOP + 1 + len(ids)
    if "Utilisation" in where:
        look.bands(sheet, f"{where['Utilisation']}{TOP + 2}:{where['Utilisation']}{last}", 1.0)
    if "Potential against mean" in where:
        letter = where["Potential against mean"]
        look.bands(sheet, f"{letter}{TOP + 2}:{letter}{last}")
    _chart(sheet, look, where, last)


def _columns(
    look: Look, handed: Handed, table: TerritorySheet, ids: list[str], share: np.ndarray
) -> list[Column]:
    team = handed.project.team
    assert team is not None
    names = [handed.name(rep) for rep in ids]
    out = [
        Column("Rep ID", ids),
        Column(handed.title("rep"), names, width=24),
        Column("Manager", team.frame["manager"].tolist()),
        Column(handed.title("territories"),
               [", ".join(str(handed.plan.territories["name"].iloc[t])
                          for t in handed.territories_of(rep)) for rep in ids], width=24),
    ]  # fmt: skip

    def letter(label: str) -> str:
        return column_letter([c.label for c in out].index(label))

    hours = team.frame["capacity_hours"].to_numpy(float)
    if np.isfinite(hours).any():
        out.append(_summed("Capacity", hours, "hours"))
    if "workload_hours" in table.letters:
        out.append(_over(handed, table, "workload_hours", "Workload", "hours", ids))
    if np.isfinite(hours).any() and "workload_hours" in table.letters:
        work, have = letter("Workload"), letter("Capacity")
        values = np.asarray(out[-1].values, float) / np.where(hours > 0, hours, np.nan)
        formula = f'=IF(N({have}{{r}})>0,{work}{{r}}/{have}{{r}},"")'
        out.append(Column("Utilisation", values.tolist(), "share", formula))
    if "potential" in table.letters:
        out.append(_over(handed, table, "potential", "Potential", "money", ids))
        part = np.asarray(out[-1].values, float)
        cells = letter("Potential")
        block = f"{cells}${TOP + 2}:{cells}${TOP + 1 + len(ids)}"
        total = float(part.sum())
        out.append(Column("Share of potential",
                          (part / total if total > 0 else part * math.nan).tolist(), "share",
                          f'=IF(SUM({block})>0,{cells}{{r}}/SUM({block}),"")', "sum",
                          1.0 if total > 0 else 0.0))  # fmt: skip
    return [*out, *_quotas(handed, out, share, ids), *_year(handed, ids)]


def _year(handed: Handed, ids: list[str]) -> list[Column]:
    """What a rep's calls take a year on the road and off it; nothing where nobody is visited."""
    year = rep_workload(handed.case).reindex(ids)
    if not (year["visits"] > 0).any():
        return []
    scale = MILES if case_distance(handed.case) == "mi" else 1.0
    return [
        _summed("Hours with customers", year["visit_hours"].to_numpy(), "hours"),
        _summed("Hours driving", year["driving_hours"].to_numpy(), "hours"),
        _summed("Nights away", year["nights"].to_numpy(), "count"),
        _summed("Distance driven", year["km"].to_numpy() * scale, "km"),
        Column("Hours used, with ways", year["used"].tolist(), "share"),
    ]


def _quotas(
    handed: Handed, before: list[Column], share: np.ndarray, ids: list[str]
) -> list[Column]:
    """Share (typed), quota (follows), potential behind each unit of it, and that against all."""
    team = handed.project.team
    assert team is not None
    quota = team.frame["quota"].to_numpy(float)
    at = column_letter(len(before))
    out = [
        Column("Quota share", share.tolist(), "share", total="sum",
               total_value=float(np.nansum(share)), editable=True),
        Column("Quota", quota.tolist(), "money",
               f'=IF(OR({at}{{r}}="",$B$1=""),"",{at}{{r}}*$B$1)', "sum", float(np.nansum(quota))),
    ]  # fmt: skip
    labels = [c.label for c in before]
    if "Potential" not in labels:
        return out
    potential = np.asarray(before[labels.index("Potential")].values, float)
    cells, money = column_letter(labels.index("Potential")), column_letter(len(before) + 1)
    ratio = potential / np.where(quota > 0, quota, np.nan)
    row = column_letter(len(before) + 2)
    block = f"{row}${TOP + 2}:{row}${TOP + 1 + len(ids)}"
    mean = float(np.nanmean(ratio)) if np.isfinite(ratio).any() else math.nan
    return [
        *out,
        Column("Potential per quota", ratio.tolist(), "number",
               f'=IF(N({money}{{r}})>0,{cells}{{r}}/{money}{{r}},"")'),
        Column("Potential against mean", (ratio / (mean or math.nan) - 1).tolist(), "deviation",
               f'=IF({row}{{r}}="","",{row}{{r}}/AVERAGE({block})-1)'),
    ]  # fmt: skip


def _summed(label: str, values: np.ndarray, kind: str) -> Column:
    return Column(label, values.tolist(), kind, total="sum", total_value=float(np.nansum(values)))


def _over(
    handed: Handed, table: TerritorySheet, name: str, label: str, kind: str, ids: list[str]
) -> Column:
    """A measure by rep, as the sum of that rep's cells on the sheet Territories."""
    letter = table.letters[name]
    cells = [
        "="
        + ("+".join(f"Territories!${letter}${t + 2}" for t in handed.territories_of(rep)) or "0")
        for rep in ids
    ]
    values = [handed.total(rep, name) for rep in ids]
    return Column(label, values, kind, cells, "sum", float(sum(values)))


def _chart(sheet: Worksheet, look: Look, where: dict[str, str], last: int) -> None:
    """Quota share beside share of potential: where they differ, the quota is not fair."""
    if "Share of potential" not in where:
        return
    names = span(f"'{PEOPLE}'", "B", TOP + 2, last)
    series = [
        Series("Share of potential", names,
               span(f"'{PEOPLE}'", where["Share of potential"], TOP + 2, last), GREY),
        Series("Quota share", names, span(f"'{PEOPLE}'", where["Quota share"], TOP + 2, last)),
    ]  # fmt: skip
    chart = chart_of(look, "column", "Quota share against share of potential", series,
                     (1000, 340), "0%")  # fmt: skip
    sheet.insert_chart(last + 2, 0, chart, {"object_position": 2})
