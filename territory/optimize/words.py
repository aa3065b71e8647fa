"""Small pieces of text that several reports share."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["from_to", "listed"]


def from_to(before: float, after: float, unit: str = "%") -> tuple[str, str]:
    """Two figures, with as many decimals as it takes to tell them apart (up to two).

    Shares are signed percentages, "+12 %" and "+8 %"; kilometres are written "12 km".
    """
    scale, sign = (100.0, "+") if unit == "%" else (1.0, "")
    texts = ("", "")
    for digits in (0, 1, 2):
        first, second = (f"{scale * x:{sign}z.{digits}f}" for x in (before, after))
        texts = (f"{first} {unit}".replace("-", "−"), f"{second} {unit}".replace("-", "−"))
        if first != second:
            break
    return texts


def listed(names: Sequence[str], most: int = 3) -> str:
    """ "A", "A and B", "A, B and C", "A, B, C and 4 more"."""
    shown = list(names[:most])
    if len(names) > most:
        shown.append(f"{len(names) - most} more")
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
