"""Hierarchy: regions first, then territories inside them.

Links between regions are cut before the search, and every territory starts inside one region; since
units only ever move along links, none can cross. What is left to decide is how many territories a
region gets, and which.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy.optimize import linear_sum_assignment

from territory.errors import InputError, Problem
from territory.optimize.arrays import Floats, Ints


def largest_remainder(weight: Floats, seats: int) -> Ints:
    """Share out seats by weight, at least one each (Hamilton's method, 1792).

    Parameters
    ----------
    weight
        (r,) not negative, r ≤ seats.

    Returns
    -------
    (r,) whole numbers that add up to ``seats``. Ties go to the earlier entry.
    """
    total = weight.sum()
    share = weight / total * seats if total > 0 else np.full(len(weight), seats / len(weight))
    out = np.maximum(np.floor(share + 1e-9).astype(np.int64), 1)
    while out.sum() < seats:
        out[np.argmax(share - out)] += 1
    while out.sum() > seats:  # the regions below one seat took more than their share
        out[np.argmax(np.where(out > 1, out - share, -np.inf))] -= 1
    return out


def counts(names: list[str], weight: Floats, given: Mapping[str, int], k: int) -> Ints:
    """Territories of each region: as given, the rest by weight.

    Raises
    ------
    InputError
        If the numbers given do not fit, or there are too few territories.
    """
    unknown = sorted(set(given) - set(names))
    if unknown:
        raise InputError(
            Problem(
                f"There is no region {unknown[0]!r} to give {given[unknown[0]]} territories to",
                remedy=f"the regions are: {', '.join(names[:12])}",
            )
        )
    wrong = [name for name, count in given.items() if count < 1]
    if wrong:
        raise InputError(
            Problem(
                f"Region {wrong[0]!r} would get {given[wrong[0]]} territories",
                remedy="give each region 1 or more",
            )
        )
    open_regions = [i for i, name in enumerate(names) if name not in given]
    left = k - sum(given.values())
    if left < len(open_regions) or (not open_regions and left != 0):
        raise InputError(
            Problem(
                f"{k} territories don't fit {len(names)} regions"
                + (f" with {sum(given.values())} of them given out" if given else ""),
                remedy=f"ask for {sum(given.values()) + len(open_regions)}"
                + (" or more territories" if open_regions else " territories")
                + ", or use fewer regions",
            )
        )
    out = np.array([given.get(name, 0) for name in names], np.int64)
    if open_regions:
        out[open_regions] = largest_remainder(weight[open_regions], left)
    return out


def places(overlap: Floats, count: Ints) -> Ints:
    """(k,) the region of each territory, so that most of what they have today stays.

    Parameters
    ----------
    overlap
        (k, r) how much of each territory lies in each region today.
    count
        (r,) territories of each region, adding up to k.

    The best assignment (Hungarian method, O(k³)); without any overlap the order of the territories.
    """
    slots = np.repeat(np.arange(len(count)), count)
    if not overlap.any():
        return slots
    rows, columns = linear_sum_assignment(-overlap[:, slots])
    out = np.empty(len(slots), np.int64)
    out[rows] = slots[columns]
    return out
