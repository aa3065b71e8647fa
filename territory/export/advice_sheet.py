"""The sheets Adjustments and Hand-overs: what could be better, and who gains what from whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from territory.advise.adjustments import adjustments
from territory.advise.findings import Context, Number, findings
from territory.advise.handed import Handed
from territory.advise.review import MOST_UNITS
from territory.export.grid import QUIET, Column, Look, measure_kind, put, write_table
from territory.model import Settings, measure

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

__all__ = ["ADJUSTMENTS", "HANDOVERS", "adjustment_sheet", "handover_sheet", "pair_table"]

ADJUSTMENTS, HANDOVERS = "Adjustments", "Hand-overs"


def adjustment_sheet(sheet: Worksheet, look: Look, handed: Handed) -> None:
    """What was found, and single changes with their measured effect, best first."""
    project, plan = handed.project, handed.plan
    context = Context(project, plan, handed.case.baseline)
    settings = project.settings
    found = findings(context) if plan.k else []
    if not found:
        text = "Nothing was found that is not as it should be." if plan.k else "No territories yet."
        put(sheet, 0, 0, text, look.format(italic=True))
        sheet.set_column(0, 0, 80)
        row = 2
    else:
        columns = [
            Column("Severity", [str(f.severity) for f in found], width=16),
            Column("What was found", [f.said.text(settings) for f in found], width=110, wrap=True),
            Column("Share concerned", [float(f.share) for f in found], "share", width=12),
            Column("What to do", [f.action.text(settings) for f in found], width=60, wrap=True),
        ]
        write_table(sheet, look, columns)
        sheet.freeze_panes(1, 0)
        row = len(found) + 3
    _changes(sheet, look, context, row)


def _changes(sheet: Worksheet, look: Look, context: Context, row: int) -> None:
    head = look.format(bold=True, font_size=12)
    put(sheet, row, 0, "Single changes that help, best first", head)
    if context.plan.units.n > MOST_UNITS:
        text = "This region is large: ask for them on the page Advisor."
        put(sheet, row + 1, 0, text, look.format(font_color=QUIET))
        return
    found = adjustments(context)
    if not found:
        put(sheet, row + 1, 0, "No single change makes this plan better.",
            look.format(font_color=QUIET))  # fmt: skip
        return
    settings = context.settings
    worst = [a.effect.deviation for a in found]
    columns = [
        Column("What kind", [str(a.sort) for a in found]),
        Column(
            "Change", [f"{a.title}. {a.why.text(settings)}" for a in found], width=110, wrap=True
        ),
        Column("Largest deviation after", [float(after) for _, after in worst], "share"),
        Column(
            "Effect", [_effect(a.effect.numbers(), settings) for a in found], width=60, wrap=True
        ),
    ]
    write_table(sheet, look, columns, top=row + 1, first=False)


def _effect(numbers: dict[str, tuple[Number, Number]], settings: Settings) -> str:
    """The figures that change, before and after."""
    told = [
        f"{label} {before.text(settings)} → {after.text(settings)}"
        for label, (before, after) in numbers.items()
        if before.text(settings) != after.text(settings)
    ]
    return "; ".join(told) or "No figure changes visibly"


def handover_sheet(sheet: Worksheet, look: Look, handed: Handed) -> None:
    """Who gives what to whom, the most first."""
    table = pair_table(handed)
    if table is None or not len(table):
        text = "No baseline to compare with." if table is None else "Nothing changes hands."
        sheet.set_column(0, 0, 60)
        put(sheet, 0, 0, text, look.format(italic=True))
        return
    unit = handed.word("units")
    labels = {"from": "From", "to": "To", "units": unit, "accounts_moved": "Accounts moved",
              "revenue_moved": "Revenue moved"}  # fmt: skip
    kinds = {"units": "count", "accounts_moved": "count", "revenue_moved": "money"}
    columns = []
    for name in table.columns:
        if name in ("from", "to"):
            columns.append(Column(labels[name], table[name].tolist(), width=26))
            continue
        values = table[name].to_numpy(float)
        kind = kinds.get(str(name)) or measure_kind(str(name))
        label = labels.get(str(name), measure(str(name)).label)
        columns.append(Column(label, values.tolist(), kind, total="sum",
                              total_value=float(np.nansum(values))))  # fmt: skip
    write_table(sheet, look, columns)
    sheet.freeze_panes(1, 2)


def pair_table(handed: Handed) -> pd.DataFrame | None:
    """One row a pair of owners: units, measures, accounts and revenue that move between them.

    None without a baseline. What somebody gets from nobody counts too.
    """
    if handed.case.baseline is None:
        return None
    now, before = handed.unit_owners
    moved = now != before
    columns = {name: np.nan_to_num(handed.plan.units.values(name))[moved]
               for name in ("units", *(m for m in handed.measures if m != "units"))}  # fmt: skip
    pairs = pd.DataFrame({"before": before[moved], "now": now[moved], **columns})
    table = pairs.groupby(["before", "now"]).sum()
    if handed.accounts is not None:
        changed = handed.accounts[handed.accounts["owner_now"] != handed.accounts["owner_before"]]
        groups = changed.groupby(["owner_before", "owner_now"])["revenue"].agg(["size", "sum"])
        groups.index.names = ["before", "now"]
        groups.columns = ["accounts_moved", "revenue_moved"]
        table = table.join(groups, how="outer").fillna(0.0)
    table = table.sort_values([handed.case.main, "units"], ascending=False, kind="stable")
    table = table.reset_index()
    table.insert(0, "from", [handed.name(str(o)) for o in table.pop("before")])
    table.insert(1, "to", [handed.name(str(o)) for o in table.pop("now")])
    return table
