"""The rules of a plan, checked and brought into the numbers that the search works with."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from territory.errors import InputError, Problem
from territory.metrics.reach import Reach
from territory.model import Graph, Rules, Units
from territory.model.graph import without
from territory.model.rules import open_graph
from territory.optimize.arrays import Floats, Ints
from territory.optimize.limits import limited, limits, lumps_fit
from territory.optimize.regions import counts, places
from territory.optimize.scene import LISTED, Scene, named

KINDS = {"km": "kilometres", "minutes": "minutes"}
"""What limits on the way from home are given in."""


@dataclass(frozen=True, eq=False)
class Ruled:
    """Rules as arrays. K territories, M′ measures: those to balance, then those only limited."""

    graph: Graph  # links that count
    columns: tuple[str, ...]  # (M′,)
    least: Floats  # (K, M′) in the measures' own units, -inf where there is no limit
    most: Floats  # (K, M′)
    group: Ints | None  # (n,) units with the same number stay together
    barred: NDArray[np.bool_] | None  # (n, K)
    region: Ints  # (n,) region of each unit, 0 where there are none
    place: Ints  # (k,) region of each open territory
    names: tuple[str, ...]  # of the regions


def rule(rules: Rules, scene: Scene) -> Ruled:
    """Check every rule and bring it into numbers.

    Raises
    ------
    InputError
        If a rule names what is not there, or contradicts itself or another one: no plan keeps it.
    """
    units = scene.units
    _known_units(units, "barrier", {u for pair in rules.barriers for u in pair})
    columns = (*scene.measures, *(n for n in limited(rules) if n not in scene.measures))
    group = _groups(rules, scene)
    least, most = limits(rules, scene, columns)
    lumps_fit(scene, columns, most, group)
    names, region, place = _regions(rules, scene)
    graph = open_graph(units, rules)
    if len(names) > 1:
        graph = without(graph, region[graph.rows] != region[graph.indices])
    ruled = Ruled(graph, columns, least, most, group, _barred(scene), region, place, names)
    _agree(rules, scene, ruled)
    return ruled


def _known_units(units: Units, what: str, ids: Collection[str]) -> None:
    unknown = [u for u in ids if u not in units.position]
    if unknown:
        raise InputError(
            Problem(
                f"The {what} names units that this region does not have: {named(unknown)}",
                remedy="correct the ids, leading zeros included",
            )
        )


def _groups(rules: Rules, scene: Scene) -> Ints | None:
    """(n,) number of the group of each unit; units of overlapping groups are one."""
    groups = {name: ids for name, ids in rules.together.items() if len(ids) > 1}
    if not groups:
        return None
    units = scene.units
    links: list[tuple[int, int]] = []
    for name, ids in groups.items():
        _known_units(units, f"group {name!r}", ids)
        inside = units.positions(sorted(ids))
        links += [(int(inside[0]), int(i)) for i in inside[1:]]
    i, j = np.array(links).T
    matrix = csr_matrix((np.ones(len(i)), (i, j)), shape=(units.n, units.n))
    return np.asarray(connected_components(matrix, directed=False)[1], dtype=np.int64)


def _barred(scene: Scene) -> NDArray[np.bool_] | None:
    """(n, K) units too far from the home of a territory's rep: by distance or by drive."""
    if not scene.reaches:
        return None
    beyond = np.zeros((scene.units.n, len(scene.open)), np.bool_)
    for reach in scene.reaches:
        beyond |= _away(scene, reach) > reach.most
    torn = scene.keep[beyond[scene.keep].all(axis=1)]
    if len(torn):
        words = " and ".join(map(str, scene.reaches))
        raise InputError(
            Problem(
                f"No rep's home is within {words} of {len(torn)} units: "
                f"{named(scene.units.ids[torn])}",
                remedy=f"{_more(scene)}, or add a rep who lives nearer",
            )
        )
    out = np.zeros((scene.units.n, scene.blank.k), np.bool_)
    out[:, scene.open] = beyond
    return out


def _away(scene: Scene, reach: Reach) -> Floats:
    """(n, k) how far units are from the homes of the open territories; each is near enough to one.

    Raises
    ------
    InputError
        If the limit makes no sense, or a unit is too far from every home.
    """
    if not (np.isfinite(reach.most) and reach.most > 0):
        raise InputError(
            Problem(
                f"At most {reach.most} {reach.unit} from home makes no sense",
                remedy=f"give {KINDS[reach.unit]} above 0, such as 120",
            )
        )
    assert scene.homes is not None  # `check` asks for homes whenever the way from them is limited
    away = np.column_stack([reach.away(int(home)) for home in scene.homes])
    nearest = away.min(axis=1)
    far = scene.keep[nearest[scene.keep] > reach.most]
    if len(far):
        most = float(nearest[far].max())
        raise InputError(
            Problem(
                f"{len(far)} units are more than {reach} from every rep's home: "
                f"{named(scene.units.ids[far])}; the farthest is {most:.0f} {reach.unit} away",
                remedy=f"allow {np.ceil(most):.0f} {reach.unit}, or add a rep who lives nearer",
            )
        )
    return away


def _more(scene: Scene) -> str:
    return f"allow a {' or a '.join(reach.more for reach in scene.reaches)}"


def _regions(rules: Rules, scene: Scene) -> tuple[tuple[str, ...], Ints, Ints]:
    """Names, (n,) region of each unit, (k,) region of each open territory."""
    n, k = scene.units.n, len(scene.open)
    if not rules.regions:
        if rules.per_region:
            raise InputError(
                Problem("Territories a region are given, but no regions", remedy="give both")
            )
        return ("",), np.zeros(n, np.int64), np.zeros(k, np.int64)
    _known_units(scene.units, "list of regions", list(rules.regions))
    of = np.array([rules.regions.get(str(u), "") for u in scene.units.ids], dtype=object)
    names = sorted(set(of[scene.keep]))
    code = {name: r for r, name in enumerate(names)}
    region = np.array([code.get(name, -1) for name in of], np.int64)
    weight = np.bincount(region[scene.keep], scene.weight[scene.keep], len(names)).astype(float)
    count = counts(names, weight, rules.per_region, k)
    size = np.bincount(region[scene.keep], minlength=len(names))
    for r in np.flatnonzero(size < count)[:1]:
        raise InputError(
            Problem(
                f"Region {names[r]!r} has {size[r]} units for {count[r]} territories",
                remedy="give it fewer territories, or merge it with another region",
            )
        )
    overlap = np.zeros((k, len(names)))
    placed = scene.keep[scene.start[scene.keep] >= 0]
    np.add.at(overlap, (scene.start[placed], region[placed]), scene.weight[placed] + 1e-12)
    held = np.flatnonzero(scene.lock >= 0)
    overlap[scene.lock[held], region[held]] += 1e3 * max(float(scene.weight.sum()), 1.0)
    return tuple(names), region, places(overlap, count)


def _agree(rules: Rules, scene: Scene, ruled: Ruled) -> None:
    """Rules against each other and against locks."""
    ids, blank = scene.units.ids, scene.blank
    held = np.flatnonzero(scene.lock >= 0)
    crossing = held[ruled.region[held] != ruled.place[scene.lock[held]]]
    if len(crossing):
        t = blank.territory_ids[scene.open[scene.lock[crossing[0]]]]
        raise InputError(
            Problem(
                f"Units locked to territory {t} lie outside its region: {named(ids[crossing])}",
                remedy="unlock them, or give the region more territories",
            )
        )
    if ruled.barred is not None:
        far = held[ruled.barred[held, scene.open[scene.lock[held]]]]
        if len(far):
            raise InputError(
                Problem(
                    f"Locked units are more than {' or '.join(map(str, scene.reaches))} from the "
                    f"home of their rep: {named(ids[far])}",
                    remedy=f"unlock them, or {_more(scene)}",
                )
            )
    if ruled.group is not None:
        _groups_agree(rules, scene, ruled)


def _merged(rules: Rules, units: Units, group: Ints) -> list[tuple[str, Ints]]:
    """Groups by name with the positions of their units; those that overlap are one."""
    names: dict[int, list[str]] = {}
    for name, members in rules.together.items():
        if len(members) > 1:
            names.setdefault(int(group[units.position[min(members)]]), []).append(name)
    return [
        (" with ".join(found[:LISTED]), np.flatnonzero(group == g)) for g, found in names.items()
    ]


def _groups_agree(rules: Rules, scene: Scene, ruled: Ruled) -> None:
    """Groups against locks, the part of the map that may change, regions, distance, and number."""
    ids = scene.units.ids
    free = np.zeros(scene.units.n, bool)
    free[scene.keep] = True
    group = ruled.group
    assert group is not None
    if (parts := len(np.unique(group[scene.keep]))) < len(scene.open):
        raise InputError(
            Problem(
                f"Kept together, the units are {parts} parts for {len(scene.open)} territories",
                remedy="keep fewer units together, or ask for fewer territories",
            )
        )
    for name, inside in _merged(rules, scene.units, group):
        locks = np.unique(scene.lock[inside][scene.lock[inside] >= 0])
        if len(locks) > 1:
            where = [scene.blank.territory_ids[scene.open[t]] for t in locks[:2]]
            raise InputError(
                Problem(
                    f"{name} is to stay together, but its units are locked to {where[0]} and to "
                    f"{where[1]}",
                    remedy="unlock some of them, or let the group be divided",
                )
            )
        if free[inside].any() and not free[inside].all():
            raise InputError(
                Problem(
                    f"{name} is to stay together, but part of it lies in territories that may not "
                    f"change: {named(ids[inside[~free[inside]]])}",
                    remedy="open those territories, or let the group be divided",
                )
            )
        if len(np.unique(ruled.region[inside])) > 1:
            raise InputError(
                Problem(
                    f"{name} is to stay together, but lies in several regions",
                    remedy="change the regions, or let the group be divided",
                )
            )
        if ruled.barred is not None and ruled.barred[inside][:, scene.open].any(axis=0).all():
            raise InputError(
                Problem(
                    f"{name} is to stay together, but no rep lives within "
                    f"{' and '.join(map(str, scene.reaches))} of all of it",
                    remedy=f"{_more(scene)}, or let the group be divided",
                )
            )
