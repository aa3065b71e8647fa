"""The sheet Summary: what the plan achieves, in one printed page."""

from __future__ import annotations

import io
import math
from typing import TYPE_CHECKING

import pandas as pd

from territory.export.grid import ACCENT, QUIET, SOFT, Look, measure_kind, put, put_formula
from territory.export.picture import DOTS, plan_png
from territory.export.sheet_charts import GREY, Series, chart_of
from territory.export.tables import additive_measures, attribute_column, rep_names, settings_of
from territory.export.territory_sheet import MILES, TerritorySheet, case_distance
from territory.metrics import METRICS, Case, outside, overview
from territory.model import measure

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

__all__ = ["summary_sheet"]

WIDTHS = (38, 15, 15, 13, 15, 104)
CHART_TOP, CHART_ROWS, ROW_PX = 4, 21, 20
CHART_WIDTH, MAP_LEFT, MAP_WIDTH = 780, 135, 400
HANDOVERS = 10
EMPTY_CHART = "Deviation from target appears here once there are territories."


def summary_sheet(
    sheet: Worksheet, look: Look, case: Case, table: TerritorySheet, changes: pd.DataFrame | None
) -> None:
    """Title, chart of deviations, every metric, totals, the largest hand-overs, notes."""
    for col, width in enumerate(WIDTHS):
        sheet.set_column(col, col, width)
    sheet.hide_gridlines(2)
    _title(sheet, look, case)
    _chart(sheet, look, case, table)
    row = _metrics(sheet, look, case, CHART_TOP + CHART_ROWS)
    row = _totals(sheet, look, case, table, row + 1)
    if changes is not None:
        row = _handovers(sheet, look, case, changes, row + 1)
    _notes(sheet, look, case, row + 1)


def finding(case: Case) -> str:
    """The plan in one sentence: how many territories are off, and how many were."""
    settings = settings_of(case.project)
    if not case.plan.k:
        return "This plan has no territories yet."
    off = outside(case)
    what = f"{off} of {case.plan.k}" if off else f"None of the {case.plan.k}"
    verb = "is" if off == 1 else "are"
    text = f"{what} {settings.word('territories')} {verb} more than {case.tolerance:.0%} off target"
    if case.baseline is not None and case.baseline.k:
        text += f"; {outside(_before(case))} were before"
    return text + "."


def _before(case: Case) -> Case:
    """The baseline under the same measures and tolerance."""
    assert case.baseline is not None
    return Case(case.baseline, case.measures, case.tolerance, None, case.project)


def _title(sheet: Worksheet, look: Look, case: Case) -> None:
    plan, settings = case.plan, settings_of(case.project)
    name = case.project.name if case.project and case.project.name else "Territory plan"
    sheet.set_row(0, 30)
    put(sheet, 0, 0, name, look.format(bold=True, font_size=20, font_color=ACCENT))
    sheet.set_row(1, 22)
    put(sheet, 1, 0, finding(case), look.format(bold=True, font_size=13))
    reps = sum(1 for rep in plan.territories["rep_id"] if rep)
    facts = [f"{plan.units.n:,} {settings.word('units')}"]
    facts += [f"{plan.k} {settings.word('territories')}"]
    facts += [f"{reps} {settings.word('reps')}"] if reps else []
    facts += ["balanced on " + ", ".join(measure(m).label.lower() for m in case.measures)]
    put(sheet, 2, 0, "  ·  ".join(facts), look.format(font_color=QUIET))


def _chart(sheet: Worksheet, look: Look, case: Case, table: TerritorySheet) -> None:
    """Columns of deviation by territory, before in grey and now in blue."""
    if not table.k:
        put(sheet, CHART_TOP, 0, EMPTY_CHART, look.format(font_color=QUIET))
        return
    names = table.range("name")
    series = [Series("This plan", names, table.range(f"{case.main}:deviation"), ACCENT)]
    if f"{case.main}:before" in table.letters:
        before = table.range(f"{case.main}:before")
        series.insert(0, Series("Before", names, before, GREY))
    word = settings_of(case.project).word("territory")
    title = f"{measure(case.main).label} against target, by {word}"
    size = (CHART_WIDTH, (CHART_ROWS - 1) * ROW_PX)
    chart = chart_of(look, "column", title, series, size, "+0%;-0%;0%")
    sheet.insert_chart(CHART_TOP, 0, chart, {"object_position": 2})
    _map(sheet, case)


def _map(sheet: Worksheet, case: Case) -> None:
    """The plan as a picture, right of the chart and as high."""
    png = plan_png(case.plan, rep_names(case.project, case.plan))
    if png is None:
        return
    from PIL import Image

    with Image.open(io.BytesIO(png)) as image:
        wide, high = (side * 96 / DOTS for side in image.size)
    scale = min((CHART_ROWS - 1) * ROW_PX / high, MAP_WIDTH / wide)
    about = f"Map of {case.plan.units.n:,} units in {case.plan.k} territories"
    options = {"image_data": io.BytesIO(png), "x_scale": scale, "y_scale": scale,
               "x_offset": MAP_LEFT, "object_position": 2, "description": about}  # fmt: skip
    sheet.insert_image(CHART_TOP, 5, "map.png", options)


def _heads(sheet: Worksheet, look: Look, row: int, labels: list[str], text: set[int]) -> None:
    for col, label in enumerate(labels):
        numeric = col not in text
        put(sheet, row, col, label, look.header(numeric, indent=0 if numeric or not col else 1))
    sheet.set_row(row, 20)


def _metrics(sheet: Worksheet, look: Look, case: Case, row: int) -> int:
    """Every metric of METRICS, with the baseline beside it; returns the next free row."""
    now = overview(case)
    then = overview(_before(case)) if case.baseline is not None else {}
    _heads(sheet, look, row, ["Figure", "This plan", "Before", "Change", "", "What it says"],
           {0, 4, 5})  # fmt: skip
    miles = case_distance(case) == "mi"
    for metric in METRICS:
        row += 1
        scale = MILES if metric.format == "km" and miles else 1.0
        value, was = now[metric.name] * scale, then.get(metric.name, math.nan) * scale
        put(sheet, row, 0, metric.label, look.format(bold=metric.headline))
        put(sheet, row, 1, value, look.format(metric.format, bold=metric.headline))
        put(sheet, row, 2, was, look.format(metric.format, font_color=QUIET))
        kind = {"share": "deviation", "km": "change_km"}.get(metric.format, "change")
        put_formula(
            sheet, row, 3, f'=IF(OR(B{row + 1}="",C{row + 1}=""),"",B{row + 1}-C{row + 1})',
            value - was, look.format(kind),
        )  # fmt: skip
        verdict = _verdict(metric.better, value - was)
        put(sheet, row, 4, verdict, look.format(font_color=QUIET, indent=1))
        put(sheet, row, 5, metric.help, look.format(font_color=QUIET))
    return row + 1


def _verdict(better: str, change: float) -> str:
    if not better or not math.isfinite(change):
        return ""
    if abs(change) < 1e-9:
        return "unchanged"
    return "better" if (change < 0) == (better == "low") else "worse"


def _totals(sheet: Worksheet, look: Look, case: Case, table: TerritorySheet, row: int) -> int:
    """Sum, mean and extremes of each measure: formulas over the sheet Territories."""
    if not table.k:
        return row
    one = settings_of(case.project).word("territory")
    heads = ["Measure", "Whole region", f"Mean {one}", "Smallest", "Largest", "Largest over mean"]
    _heads(sheet, look, row, heads, {0, 5})
    for name in additive_measures(case):
        row += 1
        cells, totals = table.range(name), case.totals(name)
        kind, mean = measure_kind(name), float(totals.mean())
        whole = f"=Territories!${table.letters[name]}${table.total_row}"
        put(sheet, row, 0, measure(name).label, look.format(bold=name in case.measures))
        for col, formula, value in (
            (1, whole, table.sums[name]),
            (2, f"=AVERAGE({cells})", mean),
            (3, f"=MIN({cells})", float(totals.min())),
            (4, f"=MAX({cells})", float(totals.max())),
        ):
            put_formula(sheet, row, col, formula, value, look.format(kind))
        ratio = float(totals.max()) / mean if mean else math.nan
        times = look.format("number", num_format='0.0"×"', align="left", indent=1)
        put_formula(sheet, row, 5, f'=IF(C{row + 1}=0,"",E{row + 1}/C{row + 1})', ratio, times)
    return row + 1


def _handovers(sheet: Worksheet, look: Look, case: Case, changes: pd.DataFrame, row: int) -> int:
    """Who gives most to whom."""
    settings, main = settings_of(case.project), case.main
    units = settings.word("units")
    column = attribute_column(main)
    weight = changes[column].fillna(0) if column in changes else pd.Series(1.0, changes.index)
    flows = (
        changes.assign(weight=weight)
        .groupby(["from_territory", "to_territory"])["weight"]
        .agg(["size", "sum"])
        .sort_values(["sum", "size"], ascending=False, kind="stable")
    )
    title = f"{len(changes):,} {units} change hands in {len(flows)} hand-overs"
    if len(flows) > HANDOVERS:
        title += f"; the {HANDOVERS} largest"
    if not len(flows):
        title = "Nothing changes hands against the baseline"
    put(sheet, row, 0, title, look.format(bold=True))
    if not len(flows):
        return row + 1
    row += 1
    label = measure(main).label
    _heads(sheet, look, row, ["From", "To", "", units, label, ""], {0, 1, 2, 5})
    for (giver, taker), flow in flows.head(HANDOVERS).iterrows():
        row += 1
        put(sheet, row, 0, str(giver) or "Unassigned", look.format())
        put(sheet, row, 1, str(taker) or "Unassigned", look.format(indent=1))
        put(sheet, row, 3, float(flow["size"]), look.format("count"))
        put(sheet, row, 4, float(flow["sum"]), look.format(measure_kind(main)))
    return row + 1


def _notes(sheet: Worksheet, look: Look, case: Case, row: int) -> None:
    settings = settings_of(case.project)
    unit = settings.word("unit")
    notes = [
        f"Give a {unit} to someone else: change its Territory ID on the sheet Units. Totals, "
        "targets and deviations follow, here and on the sheet Territories; the upper table, "
        "Accounts and Changes stay as they were when this file was made.",
        f"Colours: orange is over target, blue is under; strong beyond {settings.amber:.0%}, light "
        f"beyond {settings.green:.0%}.",
        *(note[:1].upper() + note[1:] + "." for note in case.plan.units.notes),
    ]
    for i, note in enumerate(notes):
        style = look.format(font_color=QUIET, italic=True, bg_color=SOFT, text_wrap=True, indent=1)
        # Merged, or a long note would run off the page; the text itself is written as text.
        sheet.merge_range(row + i, 0, row + i, len(WIDTHS) - 1, "", style)
        put(sheet, row + i, 0, note, style)
        sheet.set_row(row + i, 34 if len(note) > 160 else 18)
