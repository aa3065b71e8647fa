"""Tables of reps → Team."""

from __future__ import annotations

from typing import TYPE_CHECKING

from territory.errors import InputError
from territory.intake.dates import date_column
from territory.intake.fields import known_columns, open_table, report_rows, told
from territory.intake.ids import clean_ids
from territory.intake.names import column_of
from territory.intake.source import SourceLike
from territory.model.people import TEAM_COLUMNS, Team

if TYPE_CHECKING:
    from territory.intake.report import Report
    from territory.model.units import Units

_NUMBERS = ("home_lat", "home_lon", "capacity_hours", "quota", "part_time")
_DATES = ("start_date", "end_date")


def read_team(source: SourceLike, units: Units | None = None, into: Report | None = None) -> Team:
    """Read the reps.

    Parameters
    ----------
    source
        A table with ``rep_id`` and, all optional, ``name``, ``home_zip`` or ``home_lat`` and
        ``home_lon``, ``capacity_hours``, ``quota``, ``skills``, ``segments``, ``start_date``,
        ``end_date``, ``part_time`` (0.6, 60 or 60 %), ``manager``, under these or other common
        names.
    units
        The region; with it, a home is only changed where that makes it one of its units.
    into
        The report of several files, which takes the repairs of this one.

    Raises
    ------
    InputError
        If ``rep_id`` is missing or repeats, or a number is none; with the row of each.
    """
    table, report = open_table(source)
    frame = known_columns(table, "rep_id", TEAM_COLUMNS, _NUMBERS, report)
    for name in (n for n in _DATES if n in frame):
        source_name = column_of(table, name) or name
        dates = frame[name].rename(source_name)
        frame[name] = date_column(dates, report, report_rows(frame))
    if report.blocking:
        raise InputError(report.blocking)
    if "home_zip" in frame:
        known = None if units is None else units.position
        frame["home_zip"] = clean_ids(frame["home_zip"], "home_zip", report, known)
    if into is not None:
        into.repairs += report.repairs
    notes = told(report)
    team = Team(frame.drop(columns="row"))
    if units is not None:
        notes = (*notes, *_lost_homes(team, units, report.file))
    # Whoever refuses a rep later can say where the rep is written.
    team.frame.attrs |= {"notes": notes, "file": report.file, "rows": report_rows(frame).tolist()}
    return team


def _lost_homes(team: Team, units: Units, file: str) -> list[str]:
    """A note on reps whose home can't be found, unless nobody's home was asked for."""
    frame = team.frame
    if not ((frame["home_zip"] != "") | frame["home_lat"].notna()).any():
        return []
    lost = [rep for rep, home in zip(team.ids, team.homes(units), strict=True) if home < 0]
    if not lost:
        return []
    named = ", ".join(lost[:5]) + (" …" if len(lost) > 5 else "")
    return [f"{file}: the home of {len(lost)} rep(s) is unknown or outside the region: {named}."]
