"""A measure: a number per unit that adds up, declared once."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["KNOWN_MEASURES", "Measure", "measure"]


@dataclass(frozen=True)
class Measure:
    """What a column means and how it is written on screen.

    ``format`` is "money", "hours", "count", "area" or "number".
    """

    name: str
    label: str
    unit: str = ""
    format: str = "number"


KNOWN_MEASURES: dict[str, Measure] = {
    m.name: m
    for m in (
        Measure("units", "Units", "", "count"),
        Measure("area_km2", "Area", "km²", "area"),
        Measure("potential", "Potential", "$", "money"),
        Measure("sales", "Sales", "$", "money"),
        Measure("revenue", "Revenue", "$", "money"),
        Measure("workload_hours", "Workload", "h", "hours"),
        Measure("accounts", "Accounts", "", "count"),
        Measure("population", "Population", "", "count"),
        Measure("households", "Households", "", "count"),
        Measure("median_income", "Median income", "$", "money"),
    )
}


def measure(name: str) -> Measure:
    """The declaration of a measure; an unknown column gets a readable label."""
    return KNOWN_MEASURES.get(name) or Measure(name, name.replace("_", " ").strip().capitalize())
