"""Tables of accounts → Accounts, each placed in a unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from territory.errors import InputError, Problem
from territory.intake.exports import recognise, with_ids
from territory.intake.fields import known_columns, number_column, open_table, report_rows, told
from territory.intake.match import unknown_ids
from territory.intake.names import column_of
from territory.intake.numbers import parse_numbers
from territory.intake.places import Placed, place
from territory.intake.report import Report, row_problems
from territory.intake.source import SourceLike
from territory.model.people import ACCOUNT_COLUMNS, Accounts

if TYPE_CHECKING:
    from territory.model.units import Units

NUMBERS = ("revenue", "potential", "workload_hours")
FIELDS = (*ACCOUNT_COLUMNS, "family", "named_to", "named_account")
"""What is known of an account; ``family`` is its parent, ``named_to`` the rep it is named to."""

_LISTED = 1000


def read_accounts(source: SourceLike, units: Units) -> Accounts:
    """Read the accounts and place each in a unit.

    An account goes to the unit of its ZIP (or other unit id), else to the one its coordinates lie
    in, else to that of its address. What has none stays with an empty ``unit_id``;
    ``frame.attrs["notes"]`` says how many.

    Raises
    ------
    InputError
        If ids are missing or repeat, a number is none, or no account at all lies in the region.
    """
    accounts, report = read_accounts_report(source, units)
    if report.blocking:
        raise InputError(report.blocking)
    return accounts


def read_accounts_report(source: SourceLike, units: Units) -> tuple[Accounts, Report]:
    """The same from the usable rows, with all problems, unplaced accounts among them."""
    table, report = open_table(source)
    system = recognise(table.columns)
    if system:
        report.notes.append(f"{report.file}: read as an account export of {system}.")
    table = with_ids(table, report)
    frame = known_columns(table, "account_id", FIELDS, NUMBERS, report, keep=["unit_id"])
    rows = report_rows(frame)
    mine = table.loc[rows]
    mine.attrs = table.attrs
    found = place(mine, units, report)
    if not found.asked:
        raise _nowhere(table, report.file)
    unplaced = ~np.isin(found.ids.astype(str), units.ids.astype(str))
    _list_unplaced(found, unplaced, report, rows)
    if unplaced.all():
        raise _all_elsewhere(found, units, report.file)
    if unplaced.any():
        report.notes.append(
            f"{report.file}: {int(unplaced.sum()):,} accounts lie in no unit; they stay in the "
            'totals as "unmapped".'
        )
    frame["unit_id"] = np.where(unplaced, "", found.ids)
    frame = _with_workload(_with_figures(frame, mine, report), report)
    for name in NUMBERS:
        if name in frame and frame[name].notna().any():
            report.reconcile(report.file, name, frame[name].to_numpy(float), ~unplaced, unplaced)
    counted = np.ones(len(frame))
    report.reconcile(report.file, "accounts", counted, ~unplaced, unplaced)
    accounts = Accounts(frame.drop(columns="row"))
    accounts.frame.attrs["notes"] = told(report)
    report.usable_rows = int((~unplaced).sum())
    report.accounts = len(accounts)
    return accounts, report


def _nowhere(table: pd.DataFrame, file: str) -> InputError:
    return InputError(
        Problem(
            "no column says where the accounts are (unit_id, ZIP, lat and lon, or address); the "
            f"columns are: {', '.join(map(str, table.columns[:12]))}",
            file,
            remedy="Add a column zip, or lat and lon, or say which column holds it.",
        )
    )


def _all_elsewhere(found: Placed, units: Units, file: str) -> InputError:
    return InputError(
        Problem(
            f"none of the {len(found.ids):,} accounts lies in this region; the first is in "
            f"{found.ids[0]!r}, the first unit is {units.ids[0]!r}",
            file,
            column=found.column,
            remedy="Check that the column holds ids of these units.",
        )
    )


def _list_unplaced(found: Placed, unplaced: np.ndarray, report: Report, rows: np.ndarray) -> None:
    """Accounts of no unit, by row. A file of millions may belong elsewhere: examples will do."""
    named = np.flatnonzero(unplaced & (found.ids != ""))[:_LISTED]
    report.problems += unknown_ids(found.ids, named, found.column or "", report.file, rows)
    report.problems += row_problems(
        "the account lies in no unit",
        np.flatnonzero(unplaced & (found.ids == ""))[:_LISTED],
        file=report.file,
        rows=rows,
        column=found.column,
        remedy="Give its ZIP, or lat and lon.",
    )


FIGURES = {"visits": "visits_per_year", "minutes": "minutes_per_visit"}
"""Figures of the call plan, and the columns that keep them."""


def _with_figures(frame: pd.DataFrame, table: pd.DataFrame, report: Report) -> pd.DataFrame:
    """Visits, minutes and coordinates as numbers, under names that everybody knows."""
    rows, more = table.index.to_numpy(), {}
    for name, kept in FIGURES.items():
        held = column_of(table, name)
        if held is not None:
            more[kept] = number_column(table[held], name, report, rows)
    for name in ("lat", "lon"):
        held = column_of(table, name)
        if held is not None:
            more[name] = parse_numbers(table[held]).values  # ``place`` has said what is wrong
    return frame.assign(**more)


def _with_workload(frame: pd.DataFrame, report: Report) -> pd.DataFrame:
    """Hours a year from visits and minutes, where the table has no hours."""
    if "workload_hours" in frame or not {*FIGURES.values()} <= set(frame.columns):
        return frame
    hours = frame["visits_per_year"] * frame["minutes_per_visit"] / 60
    count = int(np.isfinite(hours).sum())
    report.notes.append(f"Workload of {count} accounts worked out from visits × minutes.")
    return frame.assign(workload_hours=hours)
