"""A sentence whose figures can be traced: a template without digits, and where each figure is from.

Whoever shows it decides how names are made harmless; the numbers are ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import combinations

from territory.model import Settings
from territory.model.figures import amount, deviation, figure, share, signed

__all__ = ["Number", "Said", "listed"]

PERCENT = {"share", "deviation"}

NAMED = 3
"""Names in a sentence; the others are counted."""


@dataclass(frozen=True)
class Number:
    """A figure: its value, how it is written, and the metric or setting that it comes from.

    ``form`` is "share", "deviation", "count", "km", "number", or the name of a measure, whose
    amounts have a unit of their own.
    """

    value: float
    form: str
    source: str

    def text(self, settings: Settings, digits: int | None = None) -> str:
        """As people read it, never broken over two lines.

        ``digits`` stand behind the point of a percentage if they are given.
        """
        return self._text(settings, digits).replace(" ", "\N{NO-BREAK SPACE}")

    def _text(self, settings: Settings, digits: int | None) -> str:
        if self.form == "share":
            usual = 0 if abs(self.value) >= 0.1 or self.value == 0 else 1
            return share(self.value, usual if digits is None else digits)
        if self.form == "deviation":
            return deviation(self.value) if digits is None else signed(self.value, digits)
        if self.form in ("count", "km", "number"):
            return figure(self.value, self.form, settings)
        return amount(self.value, self.form, settings)


@dataclass(frozen=True)
class Said:
    """A sentence. ``{name}`` in the template stands for one of ``numbers`` or ``names``."""

    template: str
    numbers: Mapping[str, Number] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)

    def text(self, settings: Settings) -> str:
        """The sentence as plain text; names are as their owner wrote them."""
        return self.template.format_map({**self.names, **self.figures(settings)})

    def figures(self, settings: Settings) -> dict[str, str]:
        """Each number as it is written: as short as it goes without two of them looking alike."""
        figures: dict[str, str] = {}
        for digits in (None, 1, 2):
            figures = {name: n.text(settings, digits) for name, n in self.numbers.items()}
            bare = {name: figure.lstrip("+−") for name, figure in figures.items()}
            alike = any(
                bare[a] == bare[b] and abs(self.numbers[a].value) != abs(self.numbers[b].value)
                for a, b in combinations(self.numbers, 2)
                if {self.numbers[a].form, self.numbers[b].form} <= PERCENT
            )
            if not alike:
                break
        return figures


def listed(names: list[str]) -> str:
    """ "A", "A and B", "A, B and C", "A, B, C and others"."""
    shown = names[:NAMED]
    if len(names) > NAMED:
        shown.append("others")
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
