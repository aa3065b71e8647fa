"""Tables of sales so far → Sales."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from territory.errors import InputError, Problem
from territory.intake.fields import no_column, number_column, open_table, told
from territory.intake.ids import clean_ids
from territory.intake.match import place_ids, unknown_ids
from territory.intake.names import column_of
from territory.intake.report import Report, row_problems
from territory.intake.source import SourceLike
from territory.model.people import Accounts, Sales

if TYPE_CHECKING:
    from territory.model.units import Units


def read_sales(
    source: SourceLike, units: Units | None = None, accounts: Accounts | None = None
) -> Sales:
    """Read sales so far: unit (or account) id, period, amount.

    Parameters
    ----------
    source
        A table with ``unit_id``, ``period`` and ``amount``, under these or other common names.
    units
        The region; with it, unknown units are refused and what spreadsheets lose is put back.
    accounts
        Where the table has account ids instead of units: sales go to the account's unit. Those of
        unknown or unplaced accounts are left out; ``frame.attrs["notes"]`` says how much.

    Raises
    ------
    InputError
        If a column is missing, a unit is unknown, or an amount is no number; with the row.
    """
    table, report = open_table(source)
    columns = {name: column_of(table, name) for name in ("unit_id", "period", "amount")}
    by_account = columns["unit_id"] is None and accounts is not None
    if by_account:
        columns["unit_id"] = column_of(table, "account_id")
    missing = [name for name, column in columns.items() if column is None]
    if missing:
        raise no_column(table, missing)
    rows = table.index.to_numpy()
    amount = number_column(table[str(columns["amount"])], "amount", report, rows)
    column = str(columns["unit_id"])
    if by_account and accounts is not None:
        ids = table[column].map(accounts.frame["unit_id"]).fillna("").to_numpy(dtype=object)
        _note_lost(ids, amount, report)
    else:
        ids = _unit_ids(table[column], column, units, rows, report)
    if report.blocking:
        raise InputError(report.blocking)
    period = table[str(columns["period"])].to_numpy(dtype=object)
    frame = pd.DataFrame({"unit_id": ids, "period": period, "amount": np.nan_to_num(amount)})
    sales = Sales(frame[frame["unit_id"] != ""])
    sales.frame.attrs["notes"] = told(report)
    return sales


def _unit_ids(
    column: pd.Series, name: str, units: Units | None, rows: np.ndarray, report: Report
) -> np.ndarray:
    if units is None:
        ids = clean_ids(column.reset_index(drop=True), name, report)
    else:
        _, ids = place_ids(column, name, units.position, report)
        inside = pd.Series(ids).isin(units.position).to_numpy()
        lost = np.flatnonzero(~inside & (ids != ""))
        report.block(unknown_ids(ids, lost, name, report.file, rows))
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
    return ids


def _note_lost(ids: np.ndarray, amount: np.ndarray, report: Report) -> None:
    """How much was sold to accounts that lie in no unit."""
    lost = ids == ""
    if lost.all():
        raise InputError(
            Problem("no account of this table is known", report.file, remedy="Compare the ids.")
        )
    if lost.any():
        total = float(np.nansum(amount[lost]))
        report.notes.append(
            f"{report.file}: {int(lost.sum()):,} row(s) with {total:,.2f} are of accounts that are "
            "unknown or lie in no unit; they are left out."
        )
