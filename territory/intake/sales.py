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
    source: SourceLike,
    units: Units | None = None,
    accounts: Accounts | None = None,
    into: Report | None = None,
) -> Sales:
    """Read sales so far: unit (or account) id, period, amount.

    Parameters
    ----------
    source
        A table with ``unit_id`` or ``account_id``, ``period`` and ``amount``, and perhaps
        ``new_customers``, under these or other common names. A table may have both ids: then the
        unit says where, and the account who bought.
    units
        The region; with it, unknown units are refused and what spreadsheets lose is put back.
    accounts
        Where a row has an account instead of a unit: its sales go to the account's unit. Those of
        unknown or unplaced accounts are left out; ``frame.attrs["notes"]`` says how much.
    into
        The report of several files, which takes the repairs of this one.

    Raises
    ------
    InputError
        If a column is missing, a unit is unknown, or an amount is no number; with the row.
    """
    table, report = open_table(source)
    columns = {name: column_of(table, name) for name in ("unit_id", "period", "amount")}
    buyer = column_of(table, "account_id", [c for c in columns.values() if c])
    if columns["unit_id"] is None and accounts is not None:
        columns["unit_id"] = buyer
    missing = [name for name, column in columns.items() if column is None]
    if missing:
        raise no_column(table, missing)
    rows = table.index.to_numpy()
    amount = number_column(table[str(columns["amount"])], "amount", report, rows)
    column = str(columns["unit_id"])
    if column == buyer and accounts is not None:
        ids = _homes(table[column], accounts)
        _note_lost(ids, amount, report)
    else:
        ids = _unit_ids(_filled(table, column, buyer, accounts), column, units, rows, report)
    more = _more(table, [column, *map(str, columns.values())], buyer, report, rows)
    if report.blocking:
        raise InputError(report.blocking)
    period = table[str(columns["period"])].to_numpy(dtype=object)
    frame = pd.DataFrame(
        {"unit_id": ids, "period": period, "amount": np.nan_to_num(amount), **more}
    )
    sales = Sales(frame[frame["unit_id"] != ""])
    if into is not None:
        into.repairs += report.repairs
    sales.frame.attrs["notes"] = told(report)
    return sales


def _homes(buyers: pd.Series, accounts: Accounts) -> np.ndarray:
    """The unit of each row's account, "" where that is not known."""
    found = accounts.frame["unit_id"].reindex(buyers.to_numpy(dtype=object))
    return found.fillna("").to_numpy(dtype=object)


def _filled(
    table: pd.DataFrame, column: str, buyer: str | None, accounts: Accounts | None
) -> pd.Series:
    """The column of units, its gaps filled from the row's account where there is one."""
    ids = table[column]
    if buyer is None or accounts is None:
        return ids
    return ids.where(ids.astype(str).str.strip() != "", _homes(table[buyer], accounts))


def _more(
    table: pd.DataFrame, taken: list[str], buyer: str | None, report: Report, rows: np.ndarray
) -> dict[str, np.ndarray]:
    """What a table may also say: who bought, and how many bought for the first time."""
    out = {}
    if buyer is not None:
        out["account_id"] = table[buyer].astype(str).str.strip().to_numpy(dtype=object)
    fresh = column_of(table, "new_customers", taken)
    if fresh is not None:
        out["new_customers"] = np.nan_to_num(
            number_column(table[fresh], "new_customers", report, rows)
        )
    return out


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
