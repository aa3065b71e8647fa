"""``territory check``: what was understood, what was repaired, what is wrong."""

from __future__ import annotations

import pandas as pd

from territory.errors import InputError
from territory.intake.boundaries import kind
from territory.intake.ids import clean_ids, find_id, id_problems
from territory.intake.join import join_table
from territory.intake.people import read_accounts_report, read_team
from territory.intake.report import Report
from territory.intake.source import Source, SourceLike, open_source
from territory.intake.tables import read_table
from territory.intake.units import read_units_report
from territory.intake.validate import to_numbers
from territory.model.units import Units


def inspect(
    units: SourceLike,
    *,
    attributes: SourceLike | None = None,
    accounts: SourceLike | None = None,
    team: SourceLike | None = None,
    id_column: str | None = None,
) -> Report:
    """Read everything and report; row problems are listed, not raised.

    Parameters
    ----------
    units
        Boundaries, or a bare table of unit ids.
    attributes, accounts, team
        Tables that belong to them.
    id_column
        The column that identifies a unit.

    Raises
    ------
    InputError
        If a file can't be read at all, is hostile, or holds nothing usable.
    """
    file = open_source(units)
    if kind(file) in ("table", "workbook"):
        found, report = None, _bare_table(file, attributes, id_column)
    else:
        found, report = read_units_report(
            file, id_column=id_column, attributes=attributes, strict=True
        )
    if report.usable_rows == 0:
        raise InputError(report.problems or f"{report.file}: nothing in it is usable.")
    if accounts is not None:
        _accounts(accounts, found, report)
    if team is not None:
        _team(team, found, report)
    return report


def _bare_table(file: Source, attributes: SourceLike | None, id_column: str | None) -> Report:
    """A table of ids instead of boundaries: ids and numbers are checked, neighbours are not."""
    table = read_table(file)
    report = Report(file=file.name, rows=len(table))
    report.notes += table.attrs["notes"]
    report.notes.append(f"{file.name}: a table without boundaries; neighbours are unknown.")
    rows = table.index.to_numpy()
    name = find_id(table, id_column, file.name)
    report.id_column = name
    ids = clean_ids(table[name].reset_index(drop=True), name, report)
    faults, good = id_problems(ids, name, file.name, rows)
    report.block(faults)
    body = table.drop(columns=name)
    in_use = {"potential"} & set(body.columns)
    numbers = to_numbers(body, report, file=file.name, rows=rows, in_use=in_use, strict=True)
    if attributes is not None:
        joined = join_table(attributes, ids[good], name, set(), report, strict=True)
        numbers = pd.concat([numbers, joined.frame.reset_index(drop=True)], axis=1)
    report.columns = tuple(map(str, numbers.columns))
    report.measures = ("units", *map(str, numbers.select_dtypes("number").columns))
    report.sort()
    bad = {p.row for p in report.problems if p.file == file.name}
    report.usable_rows = len(table) - len(bad)
    return report


def _accounts(source: SourceLike, units: Units | None, report: Report) -> None:
    if units is None:
        table = read_table(source)
        report.accounts = len(table)
        report.notes.append(f"{table.attrs['file']}: not placed, as there are no boundaries.")
        return
    accounts, own = read_accounts_report(source, units)
    report.accounts = len(accounts)
    report.repairs += own.repairs
    report.problems += own.problems
    report.notes += own.notes


def _team(source: SourceLike, units: Units | None, report: Report) -> None:
    try:
        team = read_team(source, units)
    except InputError as error:
        # One file of several: its rows are listed beside the others', unless it has none.
        if all(problem.row is None or problem.row == 1 for problem in error.problems):
            raise
        report.problems += error.problems
        return
    report.reps = len(team)
    report.notes += team.frame.attrs["notes"]
