"""The next four quarters, how sure that is, and how far off such forecasts were in the past."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from territory.metrics.calendar import Calendar
from territory.metrics.seasons import decompose

__all__ = ["AHEAD", "Forecast", "coming", "forecast"]

Floats = NDArray[np.float64]

AHEAD = 4
LEVEL = 0.80
"""Chance that the interval is meant to hold."""
DAMPING = 0.9
SMOOTHING = (0.2, 0.4, 0.6, 0.8)
SLOPES = (0.05, 0.1, 0.2, 0.4)


@dataclass(frozen=True, eq=False)
class Forecast:
    """Four quarters ahead.

    ``labels`` name them; ``middle``, ``low`` and ``high`` are amounts, the last two NaN where no
    back-test was possible. ``method`` is the one that was better in the past, ``error`` its mean
    absolute error over mean sales there, ``errors`` that of every method tried, and ``tests`` how
    many past quarters were forecast. ``note`` says in words what the data did not allow.
    """

    labels: tuple[str, ...] = ()
    middle: Floats = field(default_factory=lambda: np.zeros(0))
    low: Floats = field(default_factory=lambda: np.zeros(0))
    high: Floats = field(default_factory=lambda: np.zeros(0))
    method: str = ""
    error: float = float("nan")
    errors: Mapping[str, float] | None = None
    tests: int = 0
    note: str = ""


def seasonal_naive(values: Floats, calendar: Calendar) -> Floats:
    """(4,) each quarter as it was a year ago."""
    return values[-AHEAD:].copy()


def damped_trend(values: Floats, calendar: Calendar) -> Floats:
    """(4,) Holt's damped trend on sales without seasons, times the seasons.

    How fast level and slope follow is chosen by the error one quarter ahead.
    Source: Gardner & McKenzie (1985).
    """
    part = calendar_until(calendar, len(values))
    seasons = decompose(values[None, :], part)
    quarter = np.array(part.seasons)
    adjusted = values / seasons.factors[0][quarter]
    tried = [_holt(adjusted, a, b) for a in SMOOTHING for b in SLOPES]
    _, level, slope = min(tried, key=lambda t: t[0])
    reach = np.cumsum(DAMPING ** np.arange(1, AHEAD + 1))
    coming = seasons.factors[0][(quarter[-1] + 1 + np.arange(AHEAD)) % 4]
    return np.maximum(level + reach * slope, 0) * coming


def _holt(values: Floats, alpha: float, beta: float) -> tuple[float, float, float]:
    """Squared error one step ahead, and level and slope at the end."""
    level, slope, error = float(values[0]), 0.0, 0.0
    for value in values[1:]:
        expected = level + DAMPING * slope
        error += (value - expected) ** 2
        now = alpha * value + (1 - alpha) * expected
        slope = beta * (now - level) + (1 - beta) * DAMPING * slope
        level = now
    return error, level, slope


def calendar_until(calendar: Calendar, periods: int) -> Calendar:
    """The same calendar, ended earlier."""
    labels, empty = calendar.labels[:periods], calendar.empty[:periods]
    return Calendar(calendar.kind, labels, {name: i for i, name in enumerate(labels)}, empty)


METHODS: Mapping[str, tuple[Callable[[Floats, Calendar], Floats], int]] = {
    "as a year ago": (seasonal_naive, 4),
    "damped trend": (damped_trend, 8),
}
"""Name → how, and how many quarters it needs."""


def forecast(values: Floats, calendar: Calendar) -> Forecast:
    """The next four quarters by whichever method was closer to the past.

    Every method is tried on every quarter of the past from the data before it (rolling origin, one
    to four quarters ahead), all methods on the same quarters; the one with the smaller error is
    used. The interval is the spread of its relative errors there, so that it is as wide as the
    method was wrong.

    Parameters
    ----------
    values
        (p,) sales of one series.
    """
    if calendar.kind != "quarter":
        return Forecast(note="A forecast needs sales by quarter or month.")
    if any(calendar.empty):
        return Forecast(note="Quarters are missing in the middle; fill them in.")
    p = len(values)
    if p < AHEAD:
        return Forecast(note=f"A forecast needs a year of sales; the history has {p} quarter(s).")
    if values[-AHEAD:].sum() <= 0:
        return Forecast(note="Nothing was sold in the last year, so there is nothing to go by.")
    usable = {name: how for name, (how, needs) in METHODS.items() if p >= needs}
    start = max(METHODS[name][1] for name in usable)
    past = {name: _back_test(values, calendar, how, start) for name, how in usable.items()}
    errors = {name: _error(pairs) for name, pairs in past.items()}
    known = {name: e for name, e in errors.items() if np.isfinite(e)}
    chosen = min(known, key=known.__getitem__) if known else next(iter(usable))
    middle = usable[chosen](values, calendar)
    off, note = _spread(past[chosen]), ""
    if not known:
        note = "Too short a history to try the forecast on the past: no error, no interval."
    elif not np.isfinite(off):
        note = "Too few quarters of the past could be tried for an interval."
    return Forecast(
        labels=coming(calendar.labels[-1]),
        middle=middle,
        low=np.maximum(middle * (1 - off), 0),
        high=middle * (1 + off),
        method=chosen,
        error=errors[chosen],
        errors=errors,
        tests=len(past[chosen]),
        note=note,
    )


def _back_test(
    values: Floats, calendar: Calendar, how: Callable[[Floats, Calendar], Floats], start: int
) -> Floats:
    """(tests, 2) what was forecast and what came."""
    pairs = []
    for origin in range(start, len(values)):
        came = values[origin : origin + AHEAD]
        said = how(values[:origin], calendar)[: len(came)]
        pairs.append(np.stack([said, came], axis=1))
    return np.concatenate(pairs) if pairs else np.zeros((0, 2))


def _error(pairs: Floats) -> float:
    """Σ |forecast − actual| / Σ |actual|."""
    whole = np.abs(pairs[:, 1]).sum()
    return float(np.abs(pairs[:, 0] - pairs[:, 1]).sum() / whole) if whole > 0 else float("nan")


def _spread(pairs: Floats) -> float:
    """Half the width of the interval, relative to the forecast: t · root mean squared error."""
    from scipy.special import stdtrit

    used = pairs[pairs[:, 0] > 0]
    if len(used) < 2:
        return float("nan")
    relative = used[:, 1] / used[:, 0] - 1
    return float(stdtrit(len(used) - 1, (1 + LEVEL) / 2) * np.sqrt((relative**2).mean()))


def coming(label: str) -> tuple[str, ...]:
    """The four quarters after one."""
    number = 4 * int(label[:4]) + int(label[-1])
    return tuple(f"{n // 4}Q{n % 4 + 1}" for n in range(number, number + AHEAD))
