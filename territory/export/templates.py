"""Empty tables to fill in: one Excel file for each table that can be read, with examples.

The example rows name places of the region that is open, so that a template reads back as it is.
To add one: a line in TEMPLATES.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from territory.model import Units

__all__ = ["TEMPLATES", "Field", "Template", "template"]

ROWS = 5000
"""Rows that carry formats and validation."""
SEGMENTS = ("A", "B", "C")
STATUSES = ("customer", "prospect")


@dataclass(frozen=True)
class Field:
    """A column: its name, what goes in, three examples; "{0}" stands for the first place's id."""

    name: str
    about: str
    examples: tuple[object, object, object]
    kind: Literal["text", "number"] = "text"
    choices: Sequence[str] = ()


@dataclass(frozen=True)
class Template:
    """A table that can be filled in; ``table`` is what the Data page calls it."""

    table: str
    label: str
    fields: tuple[Field, ...]


UNIT = Field(
    "unit_id",
    "ZIP or other id of the area. Text, so that leading zeros stay.",
    ("{0}", "{1}", "{2}"),
)
REPS = ("R01", "R02", "R03")

TEMPLATES: Mapping[str, Template] = {
    "attributes": Template(
        "attributes",
        "Measures per area",
        (
            UNIT,
            Field(
                "potential", "What could be sold here in a year.", (120000, 80000, 45000), "number"
            ),
            Field("workload_hours", "Hours a year to serve it.", (310, 240, 120), "number"),
            Field("competitors", "How many competitors are active here.", (2, 0, 1), "number"),
        ),
    ),
    "accounts": Template(
        "accounts",
        "Accounts",
        (
            Field("account_id", "Any id that stays the same.", ("A-001", "A-002", "A-003")),
            Field("name", "", ("Alder Clinic", "Birch Stores", "Cedar Works")),
            UNIT,
            Field("segment", "How important: A, B or C.", ("A", "B", "C"), choices=SEGMENTS),
            Field("industry", "", ("Health", "Retail", "Manufacturing")),
            Field(
                "status",
                "Customer or prospect.",
                ("customer", "customer", "prospect"),
                choices=STATUSES,
            ),
            Field("revenue", "In the last twelve months.", (52000, 18000, 0), "number"),
            Field(
                "potential", "What could be sold to it in a year.", (90000, 30000, 40000), "number"
            ),
            Field("visits_per_year", "", (24, 12, 6), "number"),
            Field("minutes_per_visit", "", (60, 45, 45), "number"),
            Field("owner", "The rep who looks after it today.", REPS),
            Field("family", "The parent company, if it belongs to one.", ("", "Birch Group", "")),
        ),
    ),
    "team": Template(
        "team",
        "Team",
        (
            Field("rep_id", "Any id that stays the same.", REPS),
            Field("name", "", ("Avery Stone", "Blake Rivers", "Casey Lake")),
            Field("home_zip", "Where the rep lives or starts.", ("{0}", "{1}", "{2}")),
            Field(
                "capacity_hours",
                "Hours a year; half for half a position.",
                (1600, 1600, 800),
                "number",
            ),
            Field("quota", "Goal for the year.", (900000, 850000, 400000), "number"),
            Field(
                "skills",
                "What the rep is good at; semicolons between.",
                ("hospitals", "retail; food", ""),
            ),
            Field(
                "segments", "Segments the rep serves; semicolons between.", ("A; B", "B; C", "C")
            ),
            Field(
                "start_date",
                "First day, as 2026-01-31; later for who ramps up.",
                ("2019-04-01", "2021-09-01", "2026-01-05"),
            ),
            Field("manager", "", ("Morgan Hill", "Morgan Hill", "Morgan Hill")),
        ),
    ),
    "sales": Template(
        "sales",
        "Sales so far",
        (
            UNIT,
            Field("period", "Quarter or month: 2026Q1 or 2026-01.", ("2026Q1", "2026Q1", "2026Q2")),
            Field(
                "amount",
                "Sold in that period; returns are negative.",
                (31000, 12000, 28000),
                "number",
            ),
        ),
    ),
    "travel_times": Template(
        "travel_times",
        "Travel times",
        (
            Field(
                "from_id",
                "ZIP or other id of the area where the way begins.",
                ("{0}", "{1}", "{2}"),
            ),
            Field(
                "to_id", "Where it ends; the way back is a row of its own.", ("{1}", "{2}", "{0}")
            ),
            Field("minutes", "One way, on the road.", (25, 40, 55), "number"),
        ),
    ),
    "alignment": Template(
        "alignment",
        "Present alignment",
        (
            UNIT,
            Field("territory_id", "The territory, or the rep's id; empty for nobody.", REPS),
        ),
    ),
}


def template(name: str, units: Units) -> bytes:
    """An Excel file to fill in, with examples that name places of ``units``.

    Headers carry notes, ids are text, choices are lists, numbers must be numbers.

    Raises
    ------
    KeyError
        If there is no such template.
    """
    import xlsxwriter

    found, out = TEMPLATES[name], io.BytesIO()
    places = [str(i) for i in units.ids[:3]] or [""]
    places += [places[-1]] * (3 - len(places))
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    head = book.add_format({"bold": True, "bottom": 1})
    text, number = book.add_format({"num_format": "@"}), book.add_format({"num_format": "#,##0.##"})
    sheet = book.add_worksheet(found.label)
    sheet.freeze_panes(1, 1)
    for column, field in enumerate(found.fields):
        form = number if field.kind == "number" else text
        sheet.set_column(column, column, max(12, len(field.name) + 3), form)
        sheet.write_string(0, column, field.name, head)
        if field.about:
            sheet.write_comment(0, column, field.about)
        for row, example in enumerate(field.examples[: min(3, units.n)], start=1):
            if field.kind == "number":
                sheet.write_number(row, column, float(str(example)), form)
            else:
                sheet.write_string(row, column, str(example).format(*places), form)
        if field.choices:
            rule: dict[str, object] = {"validate": "list", "source": list(field.choices)}
            sheet.data_validation(1, column, ROWS, column, rule)
        elif field.kind == "number":
            low = {
                "validate": "decimal",
                "criteria": ">=",
                "value": -1e12,
                "input_message": field.about[:250],
            }
            sheet.data_validation(1, column, ROWS, column, low)
    book.close()
    return out.getvalue()
