"""A measure: a number per unit that adds up, declared once."""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["KNOWN_MEASURES", "Measure", "measure"]


@dataclass(frozen=True)
class Measure:
    """What a column means and how it is written on screen.

    ``format`` is "money", "hours", "count", "area" or "number". ``additive`` is False for columns
    whose sum means nothing, such as a median.
    """

    name: str
    label: str
    unit: str = ""
    format: str = "number"
    additive: bool = True


KNOWN_MEASURES: dict[str, Measure] = {
    m.name: m
    for m in (
        Measure("units", "Units", "", "count"),
        Measure("area_km2", "Area", "km²", "area"),
        Measure("potential", "Potential", "$", "money"),
        Measure("potential_estimate", "Potential, learned", "$", "money"),
        Measure("sales", "Sales", "$", "money"),
        Measure("revenue", "Revenue", "$", "money"),
        Measure("workload_hours", "Workload", "h", "hours"),
        Measure("accounts", "Accounts", "", "count"),
        Measure("population", "Population", "", "count"),
        Measure("households", "Households", "", "count"),
        Measure("median_income", "Median income", "$", "money", additive=False),
    )
}


NOT_ADDITIVE = re.compile(
    r"(^|_)(median|mean|average|avg|pct|percent|share|rate|density|index|lat|lon|lng|latitude|longitude|age|tier)(_|$)",
    re.IGNORECASE,
)
"""Words in a column's name that say its sum is nonsense."""


def measure(name: str) -> Measure:
    """The declaration of a measure; an unknown column gets a readable label."""
    if name in KNOWN_MEASURES:
        return KNOWN_MEASURES[name]
    label = name.replace("_", " ").strip().capitalize()
    words = re.sub(r"[\W_]+", "_", name)
    return Measure(name, label, additive=NOT_ADDITIVE.search(words) is None)
