"""What is known before any search: which tolerance no plan can meet, why, and the way out.

Every reason here is a proof, not a guess; ``nearest_tolerance`` is a bound that no plan can beat,
though it may not be reachable itself. No kernel is needed: O(n log n).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from territory.model import components
from territory.optimize.arguments import ROUNDING
from territory.optimize.arrays import Floats, Ints
from territory.optimize.check import Request
from territory.optimize.least_change import Reason, bisect_least, too_little_change
from territory.optimize.scene import named


def foreseen(request: Request) -> list[dict[str, Any]]:
    """One entry for each cause that keeps every plan from what is asked, as in `infeasible`."""
    reasons: list[Reason] = []
    for name in request.measures:
        for cause in (too_large, uneven_parts, common_share, too_coarse, too_little_change):
            if found := cause(request, name):
                reasons.append(found)
                break
        reasons += narrow_limits(request, name)
    reasons += cut_by_locks(request) + apart(request)
    return [
        {"territory_id": None, "reason": reason, "nearest_tolerance": nearest}
        for reason, nearest in reasons
    ]


def out_of_reach(request: Request) -> bool:
    """Is it known beforehand that no plan can meet the tolerance, or likely?

    A map in pieces rarely allows it.
    """
    part = components(request.ruled.graph)
    pieces = len(np.unique(part)) > len(np.unique(request.ruled.region))
    return pieces or any(case["nearest_tolerance"] is not None for case in foreseen(request))


def target_of(request: Request, measure: str) -> Floats:
    """(K,) what each territory should have of a measure."""
    out: Floats = request.target * request.whole(measure)
    return out


def lumps(request: Request, measure: str) -> tuple[Floats, Ints]:
    """Loads that can't be divided (units, or groups that stay together), and who is in which."""
    group = request.ruled.group
    part = np.arange(request.units.n) if group is None else group
    inside = part[request.keep]
    load = np.bincount(inside, request.values[measure][request.keep], int(part.max()) + 1)
    return load.astype(float), part


def too_large(request: Request, measure: str) -> Reason | None:
    """A unit or group that is more than the largest territory may have."""
    load, part = lumps(request, measure)
    most = float(target_of(request, measure)[request.open].max())
    if request.offset is not None:
        return None
    biggest = int(load.argmax())
    alone = float(load[biggest] / most - 1)
    if alone <= request.allowed(measure) + ROUNDING:
        return None
    members = request.units.ids[part == biggest]
    if len(members) == 1:
        return (
            f"unit {members[0]} alone has {alone:.1%} more {measure} than a territory should: "
            "split it into smaller units, ask for fewer territories, or give one a higher target",
            alone,
        )
    return (
        f"{named(members)} stay together and have {alone:.1%} more {measure} than a territory "
        "should: let them be divided, or ask for fewer territories",
        alone,
    )


def common_share(request: Request, measure: str) -> Reason | None:
    """Locked territories leave the others too much or too little on average."""
    rest = mean_gap(request, measure)
    if abs(rest) <= request.allowed(measure) + ROUNDING:
        return None
    return (
        "what locked territories and oversized units leave for the others is "
        f"{rest:+.1%} of {measure} on average: unlock some, or allow as much",
        abs(rest),
    )


def mean_gap(request: Request, measure: str) -> float:
    """Average deviation that is left for territories free to be balanced."""
    values = request.values[measure]
    whole = request.whole(measure)
    free_target = request.target[request.open].sum()
    load = values[request.keep]
    typical = request.target[request.open].mean() * whole
    oversized = load > (1 + request.allowed(measure)) * typical
    count = len(request.open) - int(oversized.sum())
    if count <= 0:
        return 0.0
    left = free_target * whole - typical * int(oversized.sum())
    fixed = 0.0
    if request.offset is not None:
        fixed = float(request.offset[request.open, list(request.measures).index(measure)].sum())
    return float((load[~oversized].sum() + fixed) / left - 1) if left > 0 else 0.0


def too_coarse(request: Request, measure: str) -> Reason | None:
    """Where all units weigh the same: whole units rule the tolerance out, wherever they lie."""
    tolerance = request.allowed(measure)
    if not coarse(request, measure, tolerance):
        return None
    step = request.values[measure][request.keep[0]] / target_of(request, measure)[request.open]
    return (
        f"one unit is {step.max():.1%} of a territory's {measure}, and whole units can't bring "
        f"every territory within ±{tolerance:.0%}: ask for fewer territories or a larger tolerance",
        bisect_least(lambda allowed: not coarse(request, measure, allowed), tolerance),
    )


def coarse(request: Request, measure: str, tolerance: float) -> bool:
    """Can no number of equal units bring every territory within a tolerance?"""
    values = request.values[measure][request.keep]
    if not len(values) or request.offset is not None or np.ptp(values) > 1e-9 * values.max():
        return False
    target = target_of(request, measure)[request.open] / values[0]
    least = np.ceil(target * (1 - tolerance) - 1e-9)
    most = np.floor(target * (1 + tolerance) + 1e-9)
    n = len(values)
    return bool((least > most).any() or least.sum() > n or most.sum() < n)


def uneven_parts(request: Request, measure: str) -> Reason | None:
    """A region, or a part of the map without links to the rest, worth no whole number of
    territories.

    Only where targets are equal, so that the number is all that matters.
    """
    target = target_of(request, measure)[request.open]
    if request.offset is not None or np.ptp(target) > 1e-9 * target.max():
        return None
    tolerance, worst = request.allowed(measure), None
    for members, count, what in _parts(request):
        worth = float(request.values[measure][members].sum() / target[0])
        several = np.arange(1, len(target) + 1) if count is None else np.array([count])
        nearest = float(np.abs(worth / several - 1).min())
        if nearest > tolerance + ROUNDING and (worst is None or nearest > worst[1]):
            remedy = (
                "add a ferry link, or allow as much"
                if count is None
                else "change the regions or their numbers of territories, or allow as much"
            )
            has = f"{count} territories" if count else "a whole number of territories"
            words = f"{what} is worth {worth:.2f} territories of {measure}, and gets {has}"
            worst = (f"{words}: {remedy}", nearest)
    return worst


def _parts(request: Request) -> list[tuple[Ints, int | None, str]]:
    """Units, number of territories where it is fixed, and words for each part of the map."""
    keep, ruled = request.keep, request.ruled
    part = components(ruled.graph)[keep]
    out: list[tuple[Ints, int | None, str]] = []
    for r, name in enumerate(ruled.names):
        inside = ruled.region[keep] == r
        count = int((ruled.place == r).sum())
        if len(ruled.names) > 1:
            out.append((keep[inside], count, f"region {name or '(none)'}"))
        pieces = np.unique(part[inside])
        if len(pieces) > 1:
            for piece in pieces:
                members = keep[inside & (part == piece)]
                ids = request.units.ids[members]
                words = f"the part of the map with {named(ids)}, which has no link to the rest,"
                out.append((members, None, words))
    return out


def narrow_limits(request: Request, measure: str) -> list[Reason]:
    """A least or most that lies beyond the tolerance."""
    j, target = list(request.measures).index(measure), target_of(request, measure)
    tolerance = request.allowed(measure)
    low = request.ruled.least[:, j] / target - 1
    high = 1 - request.ruled.most[:, j] / target
    out: list[Reason] = []
    for gap, word in ((low, "least"), (high, "most")):
        far = request.open[gap[request.open] > tolerance + ROUNDING]
        if len(far):
            worst = int(far[gap[far].argmax()])
            out.append(
                (
                    f"the {word} {measure} of territory {request.blank.territory_ids[worst]} is "
                    f"{gap[worst]:.1%} off its target, more than ±{tolerance:.0%}: change the "
                    "limit or the target, or allow as much",
                    float(gap[worst]),
                )
            )
    return out


def cut_by_locks(request: Request) -> list[Reason]:
    """Territories whose locked units can't be joined past what is locked to others or closed."""
    graph, lock = request.ruled.graph, request.lock
    free = np.zeros(request.units.n, bool)
    free[request.keep] = True
    out: list[Reason] = []
    for t in np.unique(lock[lock >= 0]):
        usable = free & ((lock < 0) | (lock == t))
        open_link = usable[graph.rows] & usable[graph.indices]
        links = (graph.rows[open_link], graph.indices[open_link])
        matrix = csr_matrix((np.ones(len(links[0])), links), shape=(graph.n, graph.n))
        part = connected_components(matrix, directed=False)[1]
        held = np.flatnonzero(lock == t)
        if len(np.unique(part[held])) > 1:
            alone = held[part[held] != part[held[0]]]
            name = request.blank.territory_ids[request.open[t]]
            ids = request.units.ids
            out.append(
                (
                    f"the locks cut territory {name}: there is no way from {ids[held[0]]} to "
                    f"{named(ids[alone])} past what others hold; unlock one side, or what lies "
                    "between",
                    None,
                )
            )
    return out


def apart(request: Request) -> list[Reason]:
    """Groups whose units do not touch: the territory that has them may lie in pieces."""
    group, graph = request.ruled.group, request.ruled.graph
    if group is None:
        return []
    inner = group[graph.rows] == group[graph.indices]
    links = (graph.rows[inner], graph.indices[inner])
    matrix = csr_matrix((np.ones(len(links[0])), links), shape=(graph.n, graph.n))
    part = connected_components(matrix, directed=False)[1]
    pieces = np.unique(np.column_stack([group, part]), axis=0)[:, 0]
    broken = np.flatnonzero(np.bincount(pieces) > 1)
    if not len(broken):
        return []
    ids = request.units.ids[np.isin(group, broken[:1])]
    more = f" (and {len(broken) - 1} groups more)" if len(broken) > 1 else ""
    return [
        (
            f"{named(ids)} are to stay together{more}, but do not touch: their territory may lie "
            "in pieces; add what lies between to the group, or let it be divided",
            None,
        )
    ]
