"""Numbers as people read them: three significant digits, a unit, a sign where it matters."""

from __future__ import annotations

import math

from territory.model.measures import Measure, measure
from territory.model.settings import Settings

__all__ = [
    "MILES",
    "amount",
    "deviation",
    "difference",
    "distance",
    "figure",
    "share",
    "signed",
    "unit_words",
]

MILES = 0.621371
"""Miles in a kilometre."""

UNKNOWN = "–"
MONEY = Measure("money", "Money", "$", "money")


def _three_digits(value: float) -> str:
    """1234.5 → "1,230", 0.1234 → "0.123", 22.0 → "22"."""
    if value == 0:
        return "0"
    digits = 2 - math.floor(math.log10(abs(value)))
    text = f"{round(value, digits):,.{max(digits, 0)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _scaled(value: float) -> str:
    """1234567 → "1.23 M"; below a million the digits stay as they are."""
    for size, suffix in ((1e9, " B"), (1e6, " M")):
        if abs(value) >= size:
            return f"{_three_digits(value / size)}{suffix}"
    return _three_digits(value)


def amount(value: float, of: Measure | str, settings: Settings) -> str:
    """A measure with its unit: "$4.2 M", "1,640 h", "184"."""
    of = measure(of) if isinstance(of, str) else of
    if not math.isfinite(value):
        return UNKNOWN
    if of.format == "money":
        size = abs(value)
        text = f"{_three_digits(size / 1e3)} k" if 1e4 <= size < 1e6 else _scaled(size)
        return f"{'−' if value < 0 else ''}{settings.currency}{text}"
    if of.format == "area" and settings.distance == "mi":
        return f"{_scaled(value * MILES**2)} mi²"
    text = f"{value:,.0f}" if of.format == "count" and abs(value) < 1e6 else _scaled(value)
    return f"{text} {of.unit}".strip()


def share(value: float, digits: int = 0) -> str:
    """0.183 → "18 %"."""
    # Adding zero makes −0 a plain 0.
    return f"{round(100 * value, digits) + 0.0:.{digits}f} %" if math.isfinite(value) else UNKNOWN


def signed(value: float, digits: int = 0) -> str:
    """0.183 → "+18 %", −0.06 → "−6 %", with a true minus sign."""
    if not math.isfinite(value):
        return UNKNOWN
    rounded = round(100 * value, digits)
    sign = "+" if rounded > 0 else "−" if rounded < 0 else "±"
    return f"{sign}{abs(rounded):.{digits}f} %"


def deviation(value: float) -> str:
    """A deviation from target, one digit where it is small: "+3.2 %", "+41 %"."""
    return signed(value, 0 if abs(value) >= 0.1 else 1)


def distance(km: float, settings: Settings) -> str:
    """A length in the user's unit: "31 km" or "19 mi"."""
    if not math.isfinite(km):
        return UNKNOWN
    return f"{_three_digits(km * (MILES if settings.distance == 'mi' else 1))} {settings.distance}"


def figure(value: float, form: str, settings: Settings) -> str:
    """A metric by its format: share, count, hours, km, money or number."""
    if not math.isfinite(value):
        return UNKNOWN
    if form == "money":
        return amount(value, MONEY, settings)
    if form == "share":
        return share(value, 0 if abs(value) >= 0.1 or value == 0 else 1)
    if form == "count":
        return f"{value:,.0f}"
    if form == "km":
        return distance(value, settings)
    if form == "hours":
        return f"{_three_digits(value)} h"
    return _three_digits(value)


def difference(value: float, form: str, settings: Settings) -> str:
    """A difference of two figures with its sign; shares in percentage points: "+3.1 pp"."""
    if not math.isfinite(value):
        return UNKNOWN
    if form == "share":
        return f"{'+' if value > 0 else '−' if value < 0 else '±'}{abs(100 * value):.1f} pp"
    text = figure(abs(value), form, settings)
    return f"{'+' if value > 0 else '−' if value < 0 else '±'}{text}"


def unit_words(n: int, settings: Settings) -> str:
    """ "1 ZIP", "61 ZIPs"."""
    return f"{n:,} {settings.word('unit' if n == 1 else 'units')}"
