"""``territory check``: what was understood, what was repaired, what is wrong."""

from __future__ import annotations

from collections.abc import Callable

from territory.errors import InputError
from territory.intake.accounts import read_accounts_report
from territory.intake.bulk import is_bulk, sum_accounts
from territory.intake.match import Choices
from territory.intake.report import Report
from territory.intake.source import SourceLike
from territory.intake.tables import read_table
from territory.intake.team import read_team
from territory.intake.travel_times import read_travel_times_report
from territory.intake.units import read_units_report
from territory.model.units import Units


def inspect(
    units: SourceLike,
    *,
    attributes: SourceLike | None = None,
    accounts: SourceLike | None = None,
    team: SourceLike | None = None,
    travel_times: SourceLike | None = None,
    id_column: str | None = None,
    choices: Choices | None = None,
    tell: Callable[[str], None] = lambda stage: None,
) -> Report:
    """Read everything and report; row problems are listed, not raised.

    Parameters
    ----------
    units
        Boundaries, or a bare table of unit ids.
    attributes, accounts, team, travel_times
        Tables that belong to them.
    id_column
        The column that identifies a unit.
    choices
        What becomes of repeated and unknown ids.
    tell
        Told what is being read, in words.

    Raises
    ------
    InputError
        If a file can't be read at all, is hostile, or holds nothing usable.
    """
    tell("Reading the areas and finding neighbours")
    found, report = read_units_report(
        units, id_column=id_column, attributes=attributes, strict=True, choices=choices
    )
    if report.usable_rows == 0:
        raise InputError(report.problems or f"{report.file}: nothing in it is usable.")
    tell("Reading the tables")
    if accounts is not None:
        _accounts(accounts, found, report)
    if team is not None:
        _team(team, found, report)
    if travel_times is not None and found is not None:
        times, own = read_travel_times_report(travel_times, found)
        report.travel_times = len(times)
        report.take(own)
    return report


def _accounts(source: SourceLike, units: Units | None, report: Report) -> None:
    if units is None:
        table = read_table(source)
        report.accounts = len(table)
        report.notes.append(f"{table.attrs['file']}: not placed, as there are no boundaries.")
        return
    own = (
        sum_accounts(source, units)[1]
        if is_bulk(source)
        else read_accounts_report(source, units)[1]
    )
    report.accounts = own.accounts
    report.take(own)


def _team(source: SourceLike, units: Units | None, report: Report) -> None:
    try:
        team = read_team(source, units, report)
    except InputError as error:
        # One file of several: its rows are listed beside the others', unless it has none.
        if all(problem.row is None or problem.row == 1 for problem in error.problems):
            raise
        report.problems += error.problems
        return
    report.reps = len(team)
    report.notes += team.frame.attrs["notes"]
