"""Tables beside the main ones: quotas of reps, competitors in units."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from territory.errors import InputError, Problem
from territory.intake.fields import known_columns, no_column, number_column, open_table
from territory.intake.join import add_up
from territory.intake.match import match_rows
from territory.intake.names import column_of
from territory.intake.report import Report
from territory.intake.source import SourceLike
from territory.model.people import Team

if TYPE_CHECKING:
    from territory.model.units import Units


def with_quotas(source: SourceLike, team: Team | None, into: Report | None = None) -> Team:
    """The team with the quotas of a table of its own; without a team, a team of its reps.

    Parameters
    ----------
    into
        The report of several files, which takes the repairs of this one.

    Raises
    ------
    InputError
        If a rep is unknown, occurs twice, or a quota is no number; with the row.
    """
    table, report = open_table(source)
    if column_of(table, "quota") is None:
        raise no_column(table, ["quota"])
    frame = known_columns(table, "rep_id", ("name", "quota"), ("quota",), report)
    if team is not None:
        report.block(
            Problem(
                f"{rep!r} is no rep of the team",
                report.file,
                int(frame.at[rep, "row"]),
                column_of(table, "rep_id"),
                str(rep),
                "Correct the id, or add the rep to the team.",
            )
            for rep in frame.index.difference(pd.Index(team.ids), sort=False)
        )
    if report.blocking:
        raise InputError(report.blocking)
    if into is not None:
        into.repairs += report.repairs
    if team is None:
        return Team(frame.drop(columns="row"))
    known = frame["quota"].dropna()
    quotas = known.reindex(team.frame.index)
    out = Team(team.frame.assign(quota=quotas.where(quotas.notna(), team.frame["quota"])))
    out.frame.attrs |= team.frame.attrs
    return out


def with_competition(source: SourceLike, units: Units, report: Report) -> Units:
    """The units with a measure ``competitors``; a unit without a row has none.

    Raises
    ------
    InputError
        If a unit is unknown or occurs twice, or a cell is no number; with the row.
    """
    table, own = open_table(source)
    place, count = column_of(table, "unit_id"), column_of(table, "competitors")
    if place is None or count is None:
        raise no_column(table, ["unit_id" if place is None else "competitors"])
    rows = table.index.to_numpy()
    spot = match_rows(table[place], place, units.position, rows, own, file=own.file)
    values = number_column(table[count], "competitors", own, rows)
    if own.blocking:
        raise InputError(own.blocking)
    own.reconcile(own.file, "competitors", values, spot.mapped, spot.unmapped)
    report.take(own)
    found = add_up(pd.DataFrame({"competitors": values[spot.mapped]}), spot.ids[spot.mapped])
    return units.with_attributes(found.reindex(units.ids).fillna(0.0))
