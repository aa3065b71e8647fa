"""An amount shared out to the cent: in proportion, within bounds, in round numbers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from territory.errors import PlanError

__all__ = ["filled", "in_cents", "rounded"]

Floats = NDArray[np.float64]
Cents = NDArray[np.int64]


def in_cents(amount: float) -> int:
    """An amount of money as whole cents; PlanError where that can't be."""
    if not np.isfinite(amount) or not 0 <= amount <= 1e13:
        raise PlanError(f"{amount!r} is no amount that can be shared out.")
    return round(amount * 100)


def filled(weights: Floats, whole: float, low: Floats, high: Floats) -> Floats:
    """(k,) shares of the whole in proportion to weights, each between its bounds.

    Water-filling: λ·w, cut off at the bounds, with the λ for which they add up. Weights of nothing
    get what others may not take.

    Raises
    ------
    PlanError
        If the bounds leave no way: low above high, or sums that the whole can't meet.
    """
    slack = 1e-9 * max(whole, 1.0)
    if (low > high + slack).any():
        raise PlanError("A least share is above the largest one.")
    if low.sum() > whole + slack or high.sum() < whole - slack:
        raise PlanError("The bounds can't be met.")
    # Nobody's weight is nothing: what the capped may not take must go somewhere.
    most = weights.max(initial=0.0)
    pull = np.maximum(weights / most, 1e-9) if most > 0 else np.ones(len(weights))
    below, above = 0.0, 1e10 * max(whole, 1.0)
    for _ in range(200):
        middle = (below + above) / 2
        if np.clip(middle * pull, low, high).sum() < whole:
            below = middle
        else:
            above = middle
    out: Floats = np.clip(above * pull, low, high)
    return out


def rounded(
    shares: Floats, whole: int, step: int, low: Floats | None = None, high: Floats | None = None
) -> Cents:
    """(k,) whole multiples of a step that add up to the whole, in cents.

    Largest remainder: each share is cut off, and what is left goes one step each to those who lost
    most, first where the bounds allow. What is less than a step goes to the largest.

    Parameters
    ----------
    shares
        Cents, not yet whole; they add up to about ``whole``.
    low, high
        Bounds in cents that are kept where steps allow.
    """
    k = len(shares)
    if not k:
        return np.zeros(0, np.int64)
    least = np.zeros(k) if low is None else low
    most = np.full(k, np.inf) if high is None else high
    out = np.floor(shares / step + 1e-9).astype(np.int64)
    # A share at its least is not cut below it where others can give.
    out += ((out * step < least - 0.5) & (np.ceil(least / step) * step <= most + 0.5)).astype(int)
    lost = shares / step - out
    left = whole // step - int(out.sum())
    while left:
        way = 1 if left > 0 else -1
        fits = (out + way) * step
        fine = (fits <= most + 0.5) & (fits >= np.maximum(least, 0) - 0.5)
        possible = fine if fine.any() else fits >= 0
        order = np.argsort(-way * lost, kind="stable")
        order = order[possible[order]][: abs(left)]
        out[order] += way
        lost[order] -= way
        left -= way * len(order)
    cents = out * step
    cents[int(np.argmax(cents))] += whole - int(cents.sum())
    return cents
