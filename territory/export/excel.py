"""The Excel workbook: SHEETS lists what is in it."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from territory.advise.handed import Handed, default_start
from territory.errors import InputError, Problem
from territory.export.advice_sheet import (
    ADJUSTMENTS,
    HANDOVERS,
    adjustment_sheet,
    handover_sheet,
)
from territory.export.files import write_bytes
from territory.export.grid import (
    CREATED,
    Column,
    Look,
    column_letter,
    measure_kind,
    put,
    span,
    write_table,
)
from territory.export.market_sheet import MARKET, PERFORMANCE, market_sheet, performance_sheet
from territory.export.people_sheet import PEOPLE, people_sheet
from territory.export.record_sheet import GLOSSARY, RECORD, glossary_sheet, record_sheet
from territory.export.summary_sheet import summary_sheet
from territory.export.tables import (
    account_table,
    additive_measures,
    attribute_column,
    case_for,
    change_table,
    settings_of,
    text_columns,
    unit_table,
)
from territory.export.territory_sheet import TerritorySheet, plain_ids, territory_sheet
from territory.metrics import Case
from territory.model import Plan, Project, measure

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

__all__ = ["SHEETS", "workbook", "workbook_bytes"]


MANY_ROWS = 20_000  # from here on rows go to disk as they are written, to keep memory flat
EXCEL_ROWS = 1_048_575  # below the header
UNITS = "Units"

SHEETS = (
    *("Summary", "Territories", PEOPLE, UNITS, "Accounts", MARKET, PERFORMANCE, ADJUSTMENTS),
    *("Changes", HANDOVERS, RECORD, GLOSSARY),
)
"""In the order of reading; each says what is missing where there is nothing to show."""


def workbook(
    plan: Plan,
    path: str | Path,
    project: Project | None = None,
    baseline: Plan | None = None,
) -> None:
    """Write a plan as an Excel workbook.

    Parameters
    ----------
    plan
        The plan.
    path
        Where to; a file of that name is replaced.
    project
        Brings team, accounts, and how numbers are shown.
    baseline
        What changes are counted against; the sheet Changes is empty without it.

    Raises
    ------
    InputError
        If the file can't be written, or there are more rows than a sheet holds.
    """
    write_bytes(path, workbook_bytes(project, plan, baseline))


def workbook_bytes(
    project: Project | None,
    plan: Plan,
    baseline: Plan | None = None,
    run: Mapping[str, Any] | None = None,
) -> bytes:
    """The same as bytes; see ``workbook``. ``run`` is the engine's record as plain values."""
    import xlsxwriter

    case = case_for(project, plan, baseline)
    units = unit_table(project, plan)
    accounts = account_table(project, plan, baseline)
    changes = change_table(case, _change_measures(case))
    rows = max(len(units), 0 if accounts is None else len(accounts))
    if rows > EXCEL_ROWS:
        raise InputError(
            Problem(
                f"{rows:,} rows are more than an Excel sheet holds ({EXCEL_ROWS:,})",
                remedy="write .csv or .gpkg instead",
            )
        )
    out = io.BytesIO()
    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "constant_memory": rows > MANY_ROWS,
    }
    handed = Handed(case, case.project or _bare(plan), default_start(case.project))
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": "Territory plan", "created": CREATED})
        book.set_size(2400, 1600)
        look = Look(book, settings_of(project))
        sheets = {name: book.add_worksheet(name) for name in SHEETS}
        table = _write_territories(sheets["Territories"], look, case, units)
        summary_sheet(sheets["Summary"], look, case, table, changes)
        people_sheet(sheets[PEOPLE], look, handed, table)
        _write_units(sheets[UNITS], look, case, units, table)
        _write_accounts(sheets["Accounts"], look, accounts)
        market_sheet(sheets[MARKET], look, case)
        performance_sheet(sheets[PERFORMANCE], look, case)
        adjustment_sheet(sheets[ADJUSTMENTS], look, handed)
        _write_changes(sheets["Changes"], look, changes)
        handover_sheet(sheets[HANDOVERS], look, handed)
        record_sheet(sheets[RECORD], look, handed, run)
        glossary_sheet(sheets[GLOSSARY], look)
        for name, sheet in sheets.items():
            _print_setup(sheet, one_page=name == "Summary")
    return out.getvalue()


def _bare(plan: Plan) -> Project:
    """A plan without a project is one of a project with nothing but its region."""
    return Project("Territory plan", plan.units)


def _change_measures(case: Case) -> list[str]:
    """The measures worth showing for each unit that changes hands."""
    return [m for m in additive_measures(case) if m != "units"][:6]


def _print_setup(sheet: Worksheet, *, one_page: bool) -> None:
    sheet.set_landscape()
    sheet.set_margins(0.4, 0.4, 0.5, 0.6)
    sheet.fit_to_pages(1, 1 if one_page else 0)
    sheet.set_footer("&L&9Territory Workbench&C&9&A&R&9Page &P of &N")
    if not one_page:
        sheet.repeat_rows(0)


def _write_territories(
    sheet: Worksheet, look: Look, case: Case, units: pd.DataFrame
) -> TerritorySheet:
    def unit_range(column: str) -> str:
        letter = column_letter(units.columns.get_loc(column))
        return span(UNITS, letter, 2, len(units) + 1)

    table = territory_sheet(case, unit_range)
    colours = [str(c) for c in case.plan.territories["colour"]]
    edges = [c if _is_colour(c) else "" for c in colours]
    write_table(sheet, look, table.columns, extra_rows=int(table.unassigned), edges=edges)
    sheet.freeze_panes(1, 2)
    if table.k:
        for name in case.measures:
            look.bands(sheet, table.local(f"{name}:deviation"))
            if f"{name}:before" in table.letters:
                look.bands(sheet, table.local(f"{name}:before"))
            bar = {"type": "data_bar", "bar_solid": True, "bar_color": "#D6E6F4", "min_type": "num",
                   "min_value": 0}  # fmt: skip
            sheet.conditional_format(table.local(name), bar)
        if "utilisation" in table.letters:
            look.bands(sheet, table.local("utilisation"), middle=1.0)
    return table


def _is_colour(text: str) -> bool:
    return (
        len(text) == 7 and text[0] == "#" and all(c in "0123456789abcdefABCDEF" for c in text[1:])
    )


def _write_units(
    sheet: Worksheet, look: Look, case: Case, units: pd.DataFrame, table: TerritorySheet
) -> None:
    """Every unit; territory and rep follow the Territory ID where formulas can tell ids apart."""
    plan, words = case.plan, look.settings
    lookups: dict[str, str] = {}
    if plan.k and plain_ids(plan.territory_ids):
        ids = table.range("id")
        for column, key in (("territory", "name"), ("rep", "rep")):
            found = f'INDEX({table.range(key)},MATCH($B{{r}},{ids},0))&""'
            lookups[column] = f'=IF($B{{r}}="","",IFERROR({found},"?"))'
    labels = {
        "unit_id": _capital(words.word("unit")),
        "territory_id": "Territory ID",
        "territory": _capital(words.word("territory")),
        "rep": _capital(words.word("rep")),
    }
    texts = {*labels, *(attribute_column(c) for c in text_columns(plan))}
    columns = [
        Column(
            labels.get(name, measure(name).label),
            units[name].tolist(),
            "text" if name in texts else measure_kind(name),
            lookups.get(name),
        )
        for name in units.columns
    ]
    write_table(sheet, look, columns)
    sheet.freeze_panes(1, 1)
    if plan.k and len(units):
        rule = {
            "validate": "list",
            "source": "=" + table.range("id"),
            "error_type": "warning",
            "error_title": "Unknown territory",
            "error_message": "There is no territory with this ID on the sheet Territories.",
        }
        sheet.data_validation(1, 1, len(units), 1, rule)


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:]


def _write_accounts(sheet: Worksheet, look: Look, accounts: pd.DataFrame | None) -> None:
    if accounts is None or accounts.empty:
        _empty(sheet, look, "No accounts yet. Load them to see who looks after whom.")
        return
    labels = {
        "account_id": "Account ID",
        "name": "Account",
        "unit_id": _capital(look.settings.word("unit")),
        "territory": _capital(look.settings.word("territory")),
        "rep": _capital(look.settings.word("rep")),
        "rep_before": f"{_capital(look.settings.word('rep'))} before",
        "handed_over": "Handed over",
    }
    write_table(sheet, look, _plain_columns(accounts, labels))
    sheet.freeze_panes(1, 2)


def _write_changes(sheet: Worksheet, look: Look, changes: pd.DataFrame | None) -> None:
    if changes is None:
        _empty(sheet, look, "No baseline to compare with.")
        return
    if changes.empty:
        _empty(sheet, look, "Nothing changes hands against the baseline.")
        return
    one, rep = look.settings.word("territory"), look.settings.word("rep")
    labels = {
        "unit_id": _capital(look.settings.word("unit")),
        "from_territory": f"From {one}",
        "from_rep": f"From {rep}",
        "to_territory": f"To {one}",
        "to_rep": f"To {rep}",
    }
    columns = [
        Column(
            c.label, c.values, c.kind, total=None if c.kind == "text" else "sum",
            total_value=float(np.nansum(changes.iloc[:, i])) if c.kind != "text" else "",
        )
        for i, c in enumerate(_plain_columns(changes, labels))
    ]  # fmt: skip
    write_table(sheet, look, columns)
    sheet.freeze_panes(1, 1)


def _plain_columns(table: pd.DataFrame, labels: dict[str, str]) -> list[Column]:
    return [
        Column(
            labels.get(name, measure(name).label),
            table[name].tolist(),
            measure_kind(name) if pd.api.types.is_numeric_dtype(table[name]) else "text",
        )
        for name in table.columns
    ]


def _empty(sheet: Worksheet, look: Look, sentence: str) -> None:
    sheet.set_column(0, 0, 60)
    put(sheet, 0, 0, sentence, look.format(italic=True))
