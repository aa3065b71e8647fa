"""In which week of a quarter each visit falls: evenly spaced, and what lies together together.

Accounts stand along a curve that fills the plane (Hilbert), so that neighbours on it are neighbours
on the map. An account with n visits is due every 13 / n weeks, and begins the later in that span
the farther along the curve it lies: the rep sweeps over the territory once a span, and the weeks
are equally full.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["WEEKS", "due_in_quarter", "trip_weeks", "weeks_of"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

WEEKS = 13
"""Weeks of a quarter."""
ORDER = 8
"""The curve passes 2^8 × 2^8 cells."""
GOLDEN = 0.6180339887498949


def due_in_quarter(visits: Floats, quarter: int) -> Ints:
    """(m,) visits that fall into a quarter (0 … 3); the four add up to the year's.

    Accounts with few visits a year have them in different quarters, each its own by its position.
    """
    shift = np.arange(len(visits)) * GOLDEN % 1
    done = [np.floor(visits * q / 4 + shift + 1e-9) for q in (quarter, quarter + 1)]
    return (done[1] - done[0]).astype(np.int64)


def hilbert(xy: Floats) -> Ints:
    """(m,) position of each point along the Hilbert curve over their bounding square."""
    low, high = xy.min(axis=0), xy.max(axis=0)
    cells = 2**ORDER
    scale = (cells - 1) / max(float((high - low).max()), 1e-9)
    x, y = ((xy - low) * scale).astype(np.int64).T
    out = np.zeros(len(xy), np.int64)
    side = cells // 2
    while side:
        right, upper = (x & side) > 0, (y & side) > 0
        out += side * side * ((3 * right) ^ upper)
        # The lower quarters are turned, so that the curve goes on where the last one ended.
        flip = ~upper & right
        x, y = np.where(flip, cells - 1 - x, x), np.where(flip, cells - 1 - y, y)
        x, y = np.where(upper, x, y), np.where(upper, y, x)
        side //= 2
    return out


def weeks_of(count: Ints, minutes: Floats, xy: Floats) -> tuple[Ints, Ints]:
    """Each visit's account and week.

    Parameters
    ----------
    count
        (m,) visits of each account in the quarter.
    minutes
        (m,) length of a visit.
    xy
        (m, 2) where the accounts lie, metres.

    Returns
    -------
    (v,) position of the account, (v,) week 0 … 12.
    """
    if not len(count):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    order = np.argsort(hilbert(xy), kind="stable")
    work = (count * minutes)[order]
    along = np.empty(len(count))
    along[order] = (np.cumsum(work) - work / 2) / max(float(work.sum()), 1e-9)
    account = np.repeat(np.arange(len(count)), count)
    number = np.arange(len(account)) - np.repeat(np.cumsum(count) - count, count)
    week = WEEKS * (along[account] + number) / count[account]
    return account, np.clip(week.astype(np.int64), 0, WEEKS - 1)


def trip_weeks(week: Ints, count: Ints, work: float, room: float) -> Ints:
    """(v,) the weeks of visits far from home, gathered into as few trips as hold them.

    Parameters
    ----------
    week
        (v,) the weeks as they would be near home.
    count
        (v,) visits in the quarter of each visit's account: an account is seen on as many trips.
    work
        Minutes with these accounts, with the ways between them.
    room
        Minutes that a trip has for that.
    """
    if not len(week):
        return week
    trips = int(np.clip(max(np.ceil(work / max(room, 1.0)), count.max()), 1, WEEKS))
    which = week * trips // WEEKS
    return ((which + 0.5) * WEEKS / trips).astype(np.int64)
