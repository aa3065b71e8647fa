"""How a table goes onto a sheet: formats, safe text, formulas with their values, total rows."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from territory.model import Settings, measure

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

__all__ = [
    "CREATED",
    "Column",
    "Look",
    "column_letter",
    "measure_kind",
    "put",
    "span",
    "write_table",
]

_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
CREATED = datetime(2000, 1, 1)
"""Stands in files instead of the time of day: the same plan gives the same bytes."""
LONGEST_TEXT = 32_767  # characters that a cell of Excel holds
ACCENT, INK, QUIET, LINE, SOFT = "#1F6FB2", "#1C2733", "#5B6875", "#DCE2E8", "#F4F6F8"
EDIT = "#FFF7DB"
# Over and under target by more than the green and the amber band; blue and orange, not red/green.
OVER, WELL_OVER, UNDER, WELL_UNDER = "#FBE7D3", "#EDA566", "#DDEBF7", "#86B7DD"


@dataclass(frozen=True)
class Column:
    """One column of a sheet.

    ``formula`` is filled with ``{r}``, the row's number in Excel, or is one formula a row; the
    values are then what a reader shows that does not calculate. ``total`` is "sum", another
    formula, or nothing.
    ``editable`` columns have a colour that says: type here; ``wrap`` lets long text take several
    lines.
    """

    label: str
    values: Sequence[object]
    kind: str = "text"
    formula: str | Sequence[str] | None = None
    total: str | None = None
    total_value: float | str = math.nan
    width: float | None = None
    editable: bool = False
    wrap: bool = False


@dataclass
class Look:
    """Number formats and colours of one workbook; equal ones are made once."""

    book: Workbook
    settings: Settings
    _made: dict[tuple[tuple[str, object], ...], Format] = field(default_factory=dict)

    def format(self, kind: str = "text", **more: object) -> Format:
        """The format for a kind of value, with anything else XlsxWriter knows."""
        options: dict[str, object] = {"font_name": "Calibri", "font_size": 11, "font_color": INK}
        options |= {"valign": "vcenter", "num_format": self._number(kind), **more}
        key = tuple(sorted(options.items()))
        if key not in self._made:
            self._made[key] = self.book.add_format(options)
        return self._made[key]

    def _number(self, kind: str) -> str:
        # The currency is the user's text: quoted, it can't become a number format of its own.
        currency = self.settings.currency.replace('"', "")[:8]
        return {
            "text": "@",
            "money": f'"{currency}"#,##0;-"{currency}"#,##0',
            "hours": '#,##0" h"',
            "count": "#,##0",
            "area": "#,##0.0",
            "km": f'#,##0.0" {"mi" if self.settings.distance == "mi" else "km"}"',
            "share": "0.0%",
            "deviation": "+0.0%;-0.0%;0.0%",
            "change_km": "+#,##0.0;-#,##0.0;0",
            "change": "+#,##0.###;-#,##0.###;0",
            "number": "#,##0.###",
            "formula": "General",
        }[kind]

    def header(self, numeric: bool, indent: int = 0) -> Format:
        """Column titles."""
        return self.format(
            bold=True, font_color="#FFFFFF", bg_color=ACCENT, text_wrap=True,
            align="right" if numeric else "left", indent=indent,
        )  # fmt: skip

    def total(self, kind: str) -> Format:
        """The row under a table."""
        return self.format(kind, bold=True, top=1, top_color=INK, bg_color=SOFT)

    def bands(self, sheet: Worksheet, cells: str, middle: float = 0.0) -> None:
        """Colour the cells that lie outside the green and amber bands around ``middle``."""
        first = cells.split(":")[0]
        green, amber = self.settings.green, self.settings.amber
        for test, colour, bold in (
            (f"{first}>{middle + amber + 1e-9:.10g}", WELL_OVER, True),
            (f"{first}>{middle + green + 1e-9:.10g}", OVER, False),
            (f"{first}<{middle - amber - 1e-9:.10g}", WELL_UNDER, True),
            (f"{first}<{middle - green - 1e-9:.10g}", UNDER, False),
        ):
            style = self.book.add_format({"bg_color": colour, "bold": bold})
            rule = {"type": "formula", "criteria": f"=AND(ISNUMBER({first}),{test})"}
            sheet.conditional_format(cells, {**rule, "format": style, "stop_if_true": True})


def measure_kind(name: str) -> str:
    """The kind of a measure's values."""
    return measure(name).format


def money_axis(values: Sequence[float]) -> str:
    """The number format of an axis of money: millions where there are some."""
    largest = max((abs(v) for v in values if math.isfinite(v)), default=0.0)
    return '0.0,," M"' if largest >= 2e6 else "#,##0"


def column_letter(index: int) -> str:
    """0 → A, 26 → AA."""
    from xlsxwriter.utility import xl_col_to_name

    return str(xl_col_to_name(index))


def span(sheet: str, letter: str, first: int, last: int) -> str:
    """An absolute range on another sheet; at least one row, even of an empty table."""
    return f"{sheet}!${letter}${first}:${letter}${max(first, last)}"


def put(sheet: Worksheet, row: int, col: int, value: object, style: Format) -> None:
    """Write one value; text is always text, what is not known is left blank."""
    if isinstance(value, str):
        # Lone surrogates and the two non-characters can't be stored in XML.
        text = value.encode("utf-8", "replace").decode().replace("\ufffe", "").replace("\uffff", "")
        if text:
            sheet.write_string(row, col, text[:LONGEST_TEXT], style)
        else:
            sheet.write_blank(row, col, None, style)
    elif value is None or not math.isfinite(float(value)):  # type: ignore[arg-type]
        sheet.write_blank(row, col, None, style)
    else:
        sheet.write_number(row, col, float(value), style)  # type: ignore[arg-type]


def put_formula(
    sheet: Worksheet, row: int, col: int, formula: str, value: object, style: Format
) -> None:
    """Write a formula of ours with the value it has now."""
    known: object = value
    if isinstance(value, str):
        # Unlike text in cells, XlsxWriter stores this as it is: it must be fit for XML.
        known = _UNFIT.sub("", value.encode("utf-8", "replace").decode())[:LONGEST_TEXT]
    else:
        number = float(value)  # type: ignore[arg-type]
        known = number if math.isfinite(number) else ""
    sheet.write_formula(row, col, formula, style, known)


def write_table(
    sheet: Worksheet,
    look: Look,
    columns: Sequence[Column],
    *,
    top: int = 0,
    extra_rows: int = 0,
    edges: Sequence[str] = (),
    first: bool = True,
) -> None:
    """Header, rows in order, and a total row if any column asks for one.

    Parameters
    ----------
    sheet, look
        Where to, and how it looks.
    columns
        All of the same length.
    top
        Row of the header, from 0.
    extra_rows
        How many rows at the end are no part of the table, for the filter: "unassigned".
    edges
        A colour for the left edge of each row, or "".
    first
        The sheet's first table: it decides the widths of columns, and gets the filter.
    """
    n = len(columns[0].values)
    _header(sheet, look, columns, top, sized=first)
    plain = [
        look.format(
            "formula" if c.formula and c.kind == "text" else c.kind,
            **({"bg_color": EDIT} if c.editable else {}),
            **({"text_wrap": True, "valign": "top"} if c.wrap else {}),
            # Text right of a number would stick to it.
            **({"indent": 1, "align": "left"} if c.kind == "text" and i else {}),
        )
        for i, c in enumerate(columns)
    ]
    for i in range(n):
        row = top + 1 + i
        lines = _lines(columns, i)
        if lines > 1:
            sheet.set_row(row, 15.5 * lines)
        for col, column in enumerate(columns):
            style = plain[col]
            if col == 0 and i < len(edges) and edges[i]:
                style = look.format(column.kind, left=5, left_color=edges[i])
            if column.formula and i < n - extra_rows:
                made = column.formula
                text = made.format(r=row + 1) if isinstance(made, str) else made[i]
                put_formula(sheet, row, col, text, column.values[i], style)
            else:
                put(sheet, row, col, column.values[i], style)
    if first:
        sheet.autofilter(top, 0, top + max(n - extra_rows, 1), len(columns) - 1)
    if any(column.total for column in columns):
        _totals(sheet, look, columns, top + 1, top + n)


def _lines(columns: Sequence[Column], i: int) -> int:
    """How many lines the longest wrapped text of a row takes; programs differ in guessing it."""
    return max(
        (math.ceil(len(str(c.values[i])) / (1.05 * (c.width or 34))) for c in columns if c.wrap),
        default=1,
    )


def _header(sheet: Worksheet, look: Look, columns: Sequence[Column], top: int, sized: bool) -> None:
    sheet.set_row(top, 48)
    for col, column in enumerate(columns):
        numeric = column.kind != "text"
        width = column.width or (_text_width(column) if not numeric else 13)
        if sized:
            sheet.set_column(col, col, width)
        indent = 1 if col and not numeric else 0
        put(sheet, top, col, column.label, look.header(numeric, indent))


def _text_width(column: Column) -> float:
    longest = max((len(str(v)) for v in column.values[:500]), default=0)
    return float(min(max(longest + 2, len(column.label) + 4, 9), 34))


def _totals(sheet: Worksheet, look: Look, columns: Sequence[Column], first: int, last: int) -> None:
    row = last + 1
    for col, column in enumerate(columns):
        style = look.total(column.kind)
        letter = column_letter(col)
        if col == 0:
            put(sheet, row, col, "Total", style)
        elif column.total == "sum":
            formula = f"=SUM({letter}{first + 1}:{letter}{last + 1})"
            put_formula(sheet, row, col, formula, column.total_value, style)
        elif column.total:
            put_formula(sheet, row, col, column.total.format(r=row + 1), column.total_value, style)
        else:
            sheet.write_blank(row, col, None, style)
