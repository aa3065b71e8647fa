"""Tables of sales so far → Sales."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from territory.errors import InputError
from territory.intake.fields import no_column, number_column, open_table
from territory.intake.ids import clean_ids, unknown_problems
from territory.intake.names import column_of
from territory.intake.report import row_problems
from territory.intake.source import SourceLike
from territory.model.people import Sales

if TYPE_CHECKING:
    from territory.model.units import Units


def read_sales(source: SourceLike, units: Units | None = None) -> Sales:
    """Read sales so far: unit (or account) id, period, amount.

    Parameters
    ----------
    source
        A table with ``unit_id``, ``period`` and ``amount``, under these or other common names.
    units
        The region; with it, unknown units are refused and lost leading zeros restored.
    """
    table, report = open_table(source)
    columns = {name: column_of(table, name) for name in ("unit_id", "period", "amount")}
    missing = [name for name, column in columns.items() if column is None]
    if missing:
        raise no_column(table, missing)
    rows = table.index.to_numpy()
    known = None if units is None else units.position
    unit_column = str(columns["unit_id"])
    ids = clean_ids(table[unit_column].reset_index(drop=True), unit_column, report, known)
    if units is not None:
        report.block(unknown_problems(ids, units.position, unit_column, report.file, rows))
    report.block(
        row_problems(
            "the id is missing",
            np.flatnonzero(ids == ""),
            file=report.file,
            rows=rows,
            column=unit_column,
            remedy="Fill it in, or remove the row.",
        )
    )
    amount = number_column(table[str(columns["amount"])], "amount", report, rows)
    if report.blocking:
        raise InputError(report.blocking)
    period = table[str(columns["period"])].to_numpy(dtype=object)
    return Sales(pd.DataFrame({"unit_id": ids, "period": period, "amount": np.nan_to_num(amount)}))
