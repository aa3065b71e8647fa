"""Tables of travel times → TravelTimes: a row a way, or a square with units on both sides."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from territory.errors import InputError, Problem
from territory.intake.fields import no_column, number_column, open_table
from territory.intake.ids import clean_ids
from territory.intake.match import place_ids, unknown_ids
from territory.intake.names import column_of
from territory.intake.places import zips_in_units
from territory.intake.report import Report, row_problems
from territory.intake.source import SourceLike
from territory.model.people import TravelTimes

if TYPE_CHECKING:
    from territory.model.units import Units

__all__ = ["read_travel_times", "read_travel_times_report"]

ENDS = ("from_id", "to_id")
LONGEST = 24 * 60.0
"""Minutes: a longer drive to a customer is a number in another unit."""
_LISTED = 1000


def read_travel_times(source: SourceLike, units: Units) -> TravelTimes:
    """Read how long it takes from unit to unit.

    Parameters
    ----------
    source
        A table with ``from``, ``to`` and ``minutes`` (or ``seconds``, ``hours``), under these or
        other common names; ids are units, or US ZIPs. Or a square: ids in the first column and in
        the header, minutes in between.
    units
        The region. Ways that begin or end elsewhere are left out, and a note says how many.

    Raises
    ------
    InputError
        If a column is missing, an id is missing, minutes are none, a way occurs again with other
        minutes, or no way lies in the region; with the row.
    """
    found, report = read_travel_times_report(source, units)
    if report.blocking:
        raise InputError(report.blocking)
    return found


def read_travel_times_report(source: SourceLike, units: Units) -> tuple[TravelTimes, Report]:
    """The same from the usable rows, with all problems, ways outside the region among them."""
    table, report = open_table(source)
    table = _long(table, units)
    columns = {name: column_of(table, name) for name in ENDS}
    time, scale = _time_column(table)
    missing = [name.removesuffix("_id") for name, column in columns.items() if column is None]
    if time is None:
        missing.append("minutes")
    if missing:
        raise no_column(table, missing)
    rows = table.index.to_numpy()
    minutes = number_column(table[str(time)], "travel_minutes", report, rows) * scale
    if scale != 1:
        count = int(np.isfinite(minutes).sum())
        report.repaired("time turned into minutes", count, str(time))
    _check_minutes(minutes, table[str(time)], report, rows)
    frame = pd.DataFrame({"minutes": minutes})
    inside = np.ones(len(frame), bool)
    for name in ENDS:
        frame[name], there = _units_of(table[str(columns[name])], units, report, rows)
        inside &= there
    good = inside & np.isfinite(minutes) & (minutes <= LONGEST)
    elsewhere = int((~inside & (frame[list(ENDS)] != "").all(axis=1)).sum())
    if elsewhere and not inside.any():
        raise _all_elsewhere(table, columns, units, report.file)
    if elsewhere:
        report.notes.append(
            f"{report.file}: {elsewhere:,} way(s) begin or end outside of these areas; left out."
        )
    written = table[[str(columns[name]) for name in ENDS]]
    kept = _each_way_once(frame, good, written, report, rows)
    report.usable_rows = int(good.sum())
    times = TravelTimes(kept)
    times.frame.attrs["notes"] = tuple(report.notes)
    return times, report


def _long(table: pd.DataFrame, units: Units) -> pd.DataFrame:
    """A square table as rows of from, to, minutes; any other as it is."""
    if any(column_of(table, name) is not None for name in ENDS[1:]) or len(table.columns) < 3:
        return table
    others = pd.Series([str(c) for c in table.columns[1:]], dtype="str")
    ids = clean_ids(others, "zip", Report(), units.position)
    if pd.Series(ids).isin(units.position).mean() < 0.5:
        return table
    first = str(table.columns[0])
    out = table.reset_index().melt(["row", first], var_name="to_id", value_name="minutes")
    out = out[out["minutes"] != ""].rename(columns={first: "from_id"}).set_index("row")
    out.attrs = {**table.attrs, "columns": {}}
    return out


def _time_column(table: pd.DataFrame) -> tuple[str | None, float]:
    """The column that says how long, and what makes minutes of it."""
    for name, scale in (
        ("travel_minutes", 1.0),
        ("travel_seconds", 1 / 60),
        ("travel_hours", 60.0),
    ):
        column = column_of(table, name)
        if column is not None:
            return column, scale
    return None, 1.0


def _check_minutes(minutes: np.ndarray, raw: pd.Series, report: Report, rows: np.ndarray) -> None:
    """Empty cells and days of driving are faults."""
    cells = raw.to_numpy(dtype=object)
    empty = pd.Series(cells).eq("").to_numpy(bool)
    for where, message, remedy in (
        (empty, "the time is missing", "Fill it in, or remove the row."),
        (minutes > LONGEST, "{} is more than a day", "Give minutes, or call the column seconds."),
    ):
        report.block(
            row_problems(
                message,
                np.flatnonzero(where),
                file=report.file,
                rows=rows,
                column=str(raw.name),
                values=cells,
                remedy=remedy,
            )
        )


def _units_of(
    column: pd.Series, units: Units, report: Report, rows: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The unit of each id, and which ids lie in the region; missing and unknown ones are told."""
    name = str(column.name)
    _, ids = place_ids(column, name, units.position, report)
    ids = zips_in_units(ids, units, report, name)
    inside = pd.Series(ids).isin(units.position).to_numpy()
    report.block(
        row_problems(
            "the id is missing",
            np.flatnonzero(ids == ""),
            file=report.file,
            rows=rows,
            column=name,
            remedy="Fill it in, or remove the row.",
        )
    )
    lost = np.flatnonzero(~inside & (ids != ""))[:_LISTED]
    report.problems += unknown_ids(ids, lost, name, report.file, rows)
    return ids, inside


def _all_elsewhere(
    table: pd.DataFrame, columns: dict[str, str | None], units: Units, file: str
) -> InputError:
    first = table[str(columns["from_id"])].iloc[0]
    return InputError(
        Problem(
            f"none of the {len(table):,} ways lies in this region; the first begins in "
            f"{str(first)[:80]!r}, the first unit is {units.ids[0]!r}",
            file,
            column=columns["from_id"],
            remedy="Check that the columns hold ids of these units.",
        )
    )


def _each_way_once(
    frame: pd.DataFrame,
    good: np.ndarray,
    written: pd.DataFrame,
    report: Report,
    rows: np.ndarray,
) -> pd.DataFrame:
    """One row a way. Several ZIPs of one unit are averaged; the same ids twice must agree."""
    same = pd.MultiIndex.from_frame(written)
    again = same.duplicated() & good
    if again.any():
        first = frame["minutes"].groupby([written.iloc[:, 0].array, written.iloc[:, 1].array])
        other = again & (frame["minutes"].to_numpy() != first.transform("first").to_numpy())
        values = np.array([f"{a} → {b}" for a, b in written.to_numpy()], object)
        report.block(
            row_problems(
                "the way {} occurs again with another time",
                np.flatnonzero(other),
                file=report.file,
                rows=rows,
                column=str(written.columns[0]),
                values=values,
                remedy="Keep one row a way.",
            )
        )
        report.repaired("way that occurs again left out", int((again & ~other).sum()))
    one = frame[good & ~again]
    kept = one.groupby(list(ENDS), sort=False, as_index=False)["minutes"].mean()
    report.repaired("way between the same areas averaged", len(one) - len(kept))
    return kept
