"""Plans as CSV: the exact one for programs, and one that is safe to open in a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from territory.export.tables import unit_table
from territory.model import Plan, Project

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["csv_bytes", "csv_plain", "guarded", "people_csv", "plan_csv", "table_csv"]

STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def plan_csv(project: Project | None, plan: Plan, baseline: Plan | None = None) -> bytes:
    """``unit_id,territory_id`` in the region's order; empty where unassigned.

    Ids are written exactly as they are: this file is read by programs, and by us.
    """
    rows = plan.to_mapping().items()
    return csv_plain([("unit_id", "territory_id"), *rows])


def people_csv(project: Project | None, plan: Plan, baseline: Plan | None = None) -> bytes:
    """Units with territory, rep and measures; no text of it can become a formula.

    Opens with accents right in Excel (UTF-8 with a byte order mark).
    """
    return table_csv(unit_table(project, plan))


def table_csv(table: pd.DataFrame) -> bytes:
    """Any table as CSV that is safe to open; its index is left out."""
    rows = [[guarded(cell) for cell in row] for row in table.itertuples(index=False)]
    return csv_bytes([[guarded(str(name)) for name in table.columns], *rows])


def csv_bytes(rows: Iterable[Iterable[str]]) -> bytes:
    """CSV of guarded cells that Excel opens with its accents right."""
    return b"\xef\xbb\xbf" + csv_plain(rows)


def guarded(cell: object) -> str:
    """A cell as text; an apostrophe before text that a spreadsheet would take for a formula."""
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(STARTS_FORMULA) else cell
    if cell is None or cell != cell:
        return ""
    return f"{cell:.10g}" if isinstance(cell, float) else str(cell)


def csv_plain(rows: Iterable[Iterable[str]]) -> bytes:
    """CSV for programs: UTF-8, no byte order mark, only what needs them in quotes."""
    # The csv module leaves a lone carriage return unquoted, which readers take for a new row.
    lines = (",".join(_quoted(field) for field in row) + "\n" for row in rows)
    return "".join(lines).encode("utf-8", "replace")


def _quoted(field: str) -> str:
    if field and (field.strip() != field or any(c in field for c in ',"\r\n')):
        return '"' + field.replace('"', '""') + '"'
    return field
