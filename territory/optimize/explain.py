"""Why a plan misses the tolerance or lies in pieces, territory by territory."""

from __future__ import annotations

from typing import Any

import numpy as np

from territory.model import components, pieces
from territory.optimize.arguments import ROUNDING
from territory.optimize.arrays import Floats, Ints
from territory.optimize.check import Request
from territory.optimize.foresight import (
    mean_gap,
    target_of,
    too_coarse,
)
from territory.optimize.least_change import too_little_change


def infeasible(request: Request, alignment: Ints, stopped_by: str = "done") -> list[dict[str, Any]]:
    """One entry for each territory outside the tolerance or in several pieces, in plain words.

    ``nearest_tolerance`` is what this plan reaches for the territory, or what the cause allows at
    best; None where no tolerance would help.
    """
    gaps = deviations_by_measure(request, alignment)
    over = (np.abs(gaps) - request.tolerance).max(axis=1)
    ids = request.blank.territory_ids
    out: list[dict[str, Any]] = []
    parts = pieces(request.ruled.graph, alignment, len(ids))
    for t in np.flatnonzero(parts > 1):
        reason = _why_in_pieces(request, alignment, int(t), int(parts[t]))
        out.append({"territory_id": ids[t], "reason": reason, "nearest_tolerance": None})
    for t in np.flatnonzero(over > ROUNDING):
        reason, nearest = _why_outside(request, alignment, int(t), gaps[t], stopped_by)
        out.append({"territory_id": ids[t], "reason": reason, "nearest_tolerance": nearest})
    return out


def deviations_by_measure(request: Request, alignment: Ints) -> Floats:
    """(K, M) total/target − 1 of every territory, the locked ones too."""
    k = request.blank.k
    inside = alignment >= 0
    columns = []
    for m, name in enumerate(request.measures):
        values = request.values[name]
        total = np.bincount(alignment[inside], values[inside], k).astype(float)
        if request.offset is not None:
            total = total + request.offset[:, m]
        columns.append(total / (request.target * request.whole(name)) - 1.0)
    return np.column_stack(columns)


def _why_outside(
    request: Request, alignment: Ints, t: int, gaps: Floats, stopped_by: str
) -> tuple[str, float]:
    """The cause that can be named, with the least deviation it allows."""
    m = int((np.abs(gaps) - request.tolerance).argmax())
    measure = list(request.measures)[m]
    gap = float(gaps[m])
    here = f"{gap:+.1%} in {measure}"
    if t not in request.open:
        locked = request.blank.territory_ids[t] in request.blank.locks.territories
        why = "is locked" if locked else "is not part of this run"
        return f"{here}: the territory {why}, so it was left as it is", abs(gap)
    for cause in (_too_much_held, _over_the_cap, _left_over, _too_coarse, _part_of_the_map):
        found = cause(request, alignment, t, measure, gap)
        if found is not None:
            return f"{here}: {found[0]}", found[1]
    if stopped_by != "done":
        # Nothing is known about what a longer search would have found.
        return f"{here}: the search was stopped early ({stopped_by})", abs(gap)
    return f"{here}: no better contiguous plan was found", abs(gap)


Cause = tuple[str, float] | None


def _too_much_held(request: Request, alignment: Ints, t: int, measure: str, gap: float) -> Cause:
    """One unit, one group, or the locked units alone are too much."""
    values, members = request.values[measure], np.flatnonzero(alignment == t)
    if gap <= 0 or not len(members):
        return None
    tolerance, target = request.allowed(measure), float(target_of(request, measure)[t])
    biggest = int(members[values[members].argmax()])
    alone = float(values[biggest] / target - 1)
    if alone > tolerance:
        return (
            f"unit {request.units.ids[biggest]} alone is {alone:.1%} above the target of a "
            "territory; split it into smaller units, or give this territory a higher target",
            alone,
        )
    position = int(np.flatnonzero(request.open == t)[0])
    held = float(values[request.lock == position].sum() / target - 1)
    if held > tolerance:
        return f"its locked units alone are {held:.1%} above its target", held
    group = request.ruled.group
    if group is not None:
        load = np.bincount(group[members], values[members])
        alone = float(load.max() / target - 1)
        if alone > tolerance:
            return f"units that stay together are {alone:.1%} above its target", alone
    return None


def _over_the_cap(request: Request, alignment: Ints, t: int, measure: str, gap: float) -> Cause:
    found = too_little_change(request, measure)
    return None if found is None else (found[0], abs(gap))


def _left_over(request: Request, alignment: Ints, t: int, measure: str, gap: float) -> Cause:
    rest = mean_gap(request, measure)
    if abs(rest) <= request.allowed(measure) or rest * gap <= 0:
        return None
    return (
        "what locked territories and oversized units leave for the others is "
        f"{rest:+.1%} on average",
        max(abs(gap), abs(rest)),
    )


def _too_coarse(request: Request, alignment: Ints, t: int, measure: str, gap: float) -> Cause:
    found = too_coarse(request, measure)
    return None if found is None else (found[0], abs(gap))


def _part_of_the_map(request: Request, alignment: Ints, t: int, measure: str, gap: float) -> Cause:
    """The territory is confined to an island or a region."""
    ruled, members = request.ruled, np.flatnonzero(alignment == t)
    if len(ruled.names) > 1 and len(members):
        r = int(ruled.region[members[0]])
        inside = request.keep[ruled.region[request.keep] == r]
        # Territories may have been handed round among the reps: look where they lie now.
        there = np.intersect1d(np.unique(alignment[inside]), request.open)
        rest = float(
            request.values[measure][inside].sum() / target_of(request, measure)[there].sum() - 1
        )
        if abs(rest) > request.allowed(measure) and rest * gap > 0:
            return (
                f"its region {ruled.names[r] or '(none)'} has {rest:+.1%} for each of its "
                "territories; change the regions or how many territories they get",
                max(abs(gap), abs(rest)),
            )
    island = _island(request, t, alignment)
    return (island, abs(gap)) if island else None


def _island(request: Request, t: int, alignment: Ints) -> str:
    """Words for a territory confined to a part of the map without neighbours elsewhere."""
    part = components(request.ruled.graph)
    members = np.flatnonzero(alignment == t)
    if not len(members) or part.max(initial=0) == 0:
        return ""
    own = np.unique(part[members])
    size = int((part == own[0]).sum())
    around = int((request.ruled.region == request.ruled.region[members[0]]).sum())
    if len(own) > 1 or size > around / 2:
        return ""
    return (
        f"it lies in a part of the map of {size} units that has no neighbour elsewhere; "
        "a ferry link would let it reach the tolerance"
    )


def _why_in_pieces(request: Request, alignment: Ints, t: int, count: int) -> str:
    members = np.flatnonzero(alignment == t)
    part = components(request.ruled.graph)
    if t not in request.open:
        return f"it was left as it is, and lies in {count} pieces already"
    across = np.unique(part[members])
    if len(across) > 1:
        small = min(across, key=lambda c: int((part == c).sum()))
        units = request.units.ids[part == small]
        named = ", ".join(units[:3]) + (" …" if len(units) > 3 else "")
        return (
            f"it lies in {count} pieces: {named} ({len(units)} units) have no neighbour in the "
            "rest of the map and are too little for a territory; add a ferry link to join them"
        )
    if request.ruled.group is not None and not (request.lock >= 0).any():
        return f"it lies in {count} pieces: units that stay together do not touch"
    return f"it lies in {count} pieces: locked units bar every way between them"
