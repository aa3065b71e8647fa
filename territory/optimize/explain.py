"""Why a plan misses the tolerance or lies in pieces, territory by territory."""

from __future__ import annotations

from typing import Any

import numpy as np

from territory.model import components, pieces
from territory.optimize.arguments import ROUNDING
from territory.optimize.arrays import Floats, Ints
from territory.optimize.check import Request


def infeasible(request: Request, alignment: Ints, stopped_by: str = "done") -> list[dict[str, Any]]:
    """One entry for each territory outside the tolerance or in several pieces, in plain words.

    ``nearest_tolerance`` is what this plan reaches for the territory, or what the cause allows at
    best; None where no tolerance would help.
    """
    gaps = deviations_by_measure(request, alignment)
    worst = np.abs(gaps).max(axis=1)
    ids = request.blank.territory_ids
    out: list[dict[str, Any]] = []
    parts = pieces(request.units.graph, alignment, len(ids))
    for t in np.flatnonzero(parts > 1):
        reason = _why_in_pieces(request, alignment, int(t), int(parts[t]))
        out.append({"territory_id": ids[t], "reason": reason, "nearest_tolerance": None})
    for t in np.flatnonzero(worst > request.tolerance + ROUNDING):
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
    m = int(np.abs(gaps).argmax())
    measure = list(request.measures)[m]
    gap = float(gaps[m])
    here = f"{gap:+.1%} in {measure}"
    if t not in request.open:
        locked = request.blank.territory_ids[t] in request.blank.locks.territories
        why = "is locked" if locked else "is not part of this run"
        return f"{here}: the territory {why}, so it was left as it is", abs(gap)
    values = request.values[measure]
    target = request.target[t] * request.whole(measure)
    members = np.flatnonzero(alignment == t)
    if len(members) and gap > 0:
        biggest = int(members[values[members].argmax()])
        alone = float(values[biggest] / target - 1)
        if alone > request.tolerance:
            unit = request.units.ids[biggest]
            return (
                f"{here}: unit {unit} alone is {alone:.1%} above the target of a territory; "
                "split it into smaller units, or give this territory a higher target",
                alone,
            )
        position = int(np.flatnonzero(request.open == t)[0])
        held = float(values[request.lock == position].sum() / target - 1)
        if held > request.tolerance:
            return f"{here}: its locked units alone are {held:.1%} above its target", held
    needed = least_disruption(request, measure)
    if request.max_disruption is not None and needed > request.max_disruption:
        return (
            f"{here}: at least {needed:.1%} of {measure} must change hands to bring every "
            f"territory within ±{request.tolerance:.0%}, and the limit is "
            f"{request.max_disruption:.1%}; raise one of the two",
            abs(gap),
        )
    rest = _common_share(request, measure)
    if abs(rest) > request.tolerance and rest * gap > 0:
        return (
            f"{here}: what locked territories and oversized units leave for the others is "
            f"{rest:+.1%} on average",
            max(abs(gap), abs(rest)),
        )
    step = _coarse(request, measure, t)
    if step:
        return f"{here}: {step}", abs(gap)
    island = _island(request, t, alignment)
    if island:
        return f"{here}: {island}", abs(gap)
    if stopped_by != "done":
        # Nothing is known about what a longer search would have found.
        return f"{here}: the search was stopped early ({stopped_by})", abs(gap)
    return f"{here}: no better contiguous plan was found", abs(gap)


def out_of_reach(request: Request) -> bool:
    """Is it known beforehand that no plan can meet the tolerance?"""
    for name in request.measures:
        values = request.values[name]
        most = request.target[request.open].max() * request.whole(name) * (1 + request.tolerance)
        cap = request.max_disruption
        if (
            values[request.keep].max(initial=0.0) > most
            or abs(_common_share(request, name)) > request.tolerance
            or _too_coarse(request, name)
            or (cap is not None and least_disruption(request, name) > cap)
        ):
            return True
    return bool(components(request.units.graph).max(initial=0) > 0)


def least_disruption(request: Request, measure: str) -> float:
    """Share of a measure that must change hands at least: what overfull territories have to give,
    or what empty ones have to get. 0 where disruption is counted in another measure."""
    if request.current is None or not np.array_equal(request.values[measure], request.stake):
        return 0.0
    values, k = request.stake, request.blank.k
    before = request.owner_now
    reps = np.bincount(request.owner, request.target, k) * request.whole(measure)
    inside = (before >= 0) & (before < k)
    load = np.bincount(before[inside], values[inside], k).astype(float)
    if request.offset is not None:
        m = list(request.measures).index(measure)
        load += np.bincount(request.owner, request.offset[:, m], k)
    used = reps > 0
    give = np.maximum(load - (1 + request.tolerance) * reps, 0.0)[used].sum()
    loose = values[before < 0].sum()
    get = np.maximum((1 - request.tolerance) * reps - load, 0.0)[used].sum() - loose
    return float(max(give, get) / values.sum())


def _common_share(request: Request, measure: str) -> float:
    """Average deviation that is left for territories free to be balanced."""
    values = request.values[measure]
    whole = request.whole(measure)
    free_target = request.target[request.open].sum()
    load = values[request.keep]
    typical = request.target[request.open].mean() * whole
    oversized = load > (1 + request.tolerance) * typical
    count = len(request.open) - int(oversized.sum())
    if count <= 0:
        return 0.0
    left = free_target * whole - typical * int(oversized.sum())
    fixed = 0.0
    if request.offset is not None:
        fixed = float(request.offset[request.open, list(request.measures).index(measure)].sum())
    return float((load[~oversized].sum() + fixed) / left - 1) if left > 0 else 0.0


def _too_coarse(request: Request, measure: str) -> bool:
    """Where all units weigh the same: do whole units rule the tolerance out, wherever they lie?"""
    values = request.values[measure][request.keep]
    if not len(values) or request.offset is not None or np.ptp(values) > 1e-9 * values.max():
        return False
    target = request.target[request.open] * request.whole(measure) / values[0]
    least = np.ceil(target * (1 - request.tolerance) - 1e-9)
    most = np.floor(target * (1 + request.tolerance) + 1e-9)
    n = len(values)
    return bool((least > most).any() or least.sum() > n or most.sum() < n)


def _coarse(request: Request, measure: str, t: int) -> str:
    """Words for a tolerance finer than one unit."""
    if not _too_coarse(request, measure):
        return ""
    target = request.target[t] * request.whole(measure)
    share = request.values[measure][request.keep[0]] / target
    return (
        f"one unit is {share:.1%} of a territory, and whole units can't bring every territory "
        f"within ±{request.tolerance:.0%}; ask for a larger tolerance or fewer territories"
    )


def _island(request: Request, t: int, alignment: Ints) -> str:
    """Words for a territory confined to a part of the map without neighbours elsewhere."""
    part = components(request.units.graph)
    members = np.flatnonzero(alignment == t)
    if not len(members) or part.max(initial=0) == 0:
        return ""
    own = np.unique(part[members])
    size = int((part == own[0]).sum())
    if len(own) > 1 or size > request.units.n / 2:
        return ""
    return (
        f"it lies in a part of the map of {size} units that has no neighbour elsewhere; "
        "a ferry link would let it reach the tolerance"
    )


def _why_in_pieces(request: Request, alignment: Ints, t: int, count: int) -> str:
    members = np.flatnonzero(alignment == t)
    part = components(request.units.graph)
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
    return f"it lies in {count} pieces: locked units bar every way between them"
