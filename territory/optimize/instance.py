"""From a request to the scaled arrays that the search works on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from territory.optimize.arguments import ROUNDING
from territory.optimize.arrays import Floats, Ints, Land, Net, Rules, own
from territory.optimize.check import Request
from territory.optimize.islands import drawn_near
from territory.optimize.links import URBAN, Outline, net_of, outline_of
from territory.optimize.objective import edge_owner
from territory.optimize.seed import bisect

SPREAD_BY_LOAD = 0.9
"""Compactness weighs each unit by its load so much; for the rest as one of n alike, so that units
without load still count."""

PLAIN = 0.05
"""What borders count where the shortest travel alone is searched for: they only break ties."""

LOOSE = 1e6
"""Tolerance of a measure that is not to be balanced."""

BAN = 1000.0
"""Cost of a unit where it may not be: at no temperature of any schedule is it ever taken on."""


@dataclass(frozen=True, eq=False)
class Instance:
    """The part of a request that the search may change: open territories and their units.

    n units, k territories, M measures; see `arrays` for the scaling. Where units stay together each
    group is one unit of the search (`contract`).
    """

    net: Net
    land: Land
    rules: Rules
    offset: Floats  # (k, M)
    xy: Floats  # (n, 2) km, centred
    weight: Floats  # (n,) the measures as one, by their importance
    start: Ints  # (n,) today's territory, -1 where none
    units: Ints  # (N,) position in the region of each unit that may change
    member: Ints  # (N,) which of the n it is in the search
    territories: Ints  # (k,) position of each territory in the plan
    blocks: tuple[tuple[Ints, Ints], ...]  # units and territories of each region
    outline: Outline | None = None  # None where there are no areas, or groups instead of units
    moved_anyway: float = 0.0  # share of stake that changes hands because groups stay together

    @property
    def n(self) -> int:
        """Units to assign."""
        return len(self.start)

    @property
    def k(self) -> int:
        """Territories to fill."""
        return len(self.territories)


def prepare(request: Request) -> Instance:
    """Scale and cut out what the search needs; locked territories and their units stay outside."""
    k, keep = len(request.open), request.keep
    share = request.target[request.open]
    scale = share.mean()
    whole = np.array([request.whole(name) for name in request.ruled.columns])
    load = np.column_stack([request.values[name][keep] for name in request.ruled.columns])
    load = load / (whole * scale)
    importance = np.array(list(request.measures.values()))
    importance = importance / importance.sum()
    weight = load[:, : len(importance)] @ importance
    xy = _places(request)
    target = share / scale
    blocks = _blocks(request)
    net = net_of(request, xy, blocks)
    regions = bisect(xy, weight, target)
    barred = np.zeros((1, 1), np.bool_)
    if request.ruled.barred is not None:
        barred = own(request.ruled.barred[np.ix_(keep, request.open)], np.bool_)
    land = Land(
        own(xy[:, 0], np.float64),
        own(xy[:, 1], np.float64),
        own(_mass(xy, weight, regions, k, request.rules.shortest), np.float64),
        own(_share(weight) * k, np.float64),
        own(load, np.float64),
        own(request.lock[keep], np.int64),
        own(request.owner_now[keep], np.int64),
        own(_share(request.stake)[keep] * k, np.float64),
        barred,
    )
    rules = _rules(request, net, land, xy, regions, target, importance)
    offset = np.zeros((k, load.shape[1]))
    if request.offset is not None:
        balanced = len(importance)
        offset[:, :balanced] += request.offset[request.open] / (whole[:balanced] * scale)
    return Instance(
        net=net,
        land=land,
        rules=rules,
        offset=offset,
        xy=xy,
        weight=weight,
        start=own(request.start[keep], np.int64),
        units=keep,
        member=np.arange(len(keep)),
        territories=request.open,
        blocks=blocks,
        outline=outline_of(request, net),
    )


def _places(request: Request) -> Floats:
    """(n, 2) km, centred, where the kept units lie for the search."""
    # Travel from homes needs the map as it is.
    near = request.homes is None
    everywhere = drawn_near(request) if near else request.units.xy / 1e3
    xy = everywhere[request.keep]
    out: Floats = xy - xy.mean(axis=0)
    return out


def _blocks(request: Request) -> tuple[tuple[Ints, Ints], ...]:
    """Units (among those kept) and open territories of each region."""
    region, place = request.ruled.region[request.keep], request.ruled.place
    every = range(len(request.ruled.names))
    return tuple((np.flatnonzero(region == r), np.flatnonzero(place == r)) for r in every)


def _share(values: Floats) -> Floats:
    total = values.sum()
    return values / total if total > 0 else np.zeros_like(values)


def _rules(
    request: Request,
    net: Net,
    land: Land,
    xy: Floats,
    regions: Ints,
    target: Floats,
    importance: Floats,
) -> Rules:
    """Costs in units of a typical plan: compactness and borders of the bisection cost k each."""
    k, measures = len(target), land.load.shape[1]
    spread = max(float((land.mass * _around_centre(xy, land.mass, regions, k)).sum()), 1e-9)
    crossing = regions[edge_owner(net)] != regions[net.indices]
    border = max(float(np.maximum(net.border[crossing], 0).sum()) / 2, 1e-9)
    homes = np.zeros((k, 2))
    if request.homes is not None:
        origin = request.units.xy[request.keep].mean(axis=0)
        homes = (request.units.xy[request.homes] - origin) / 1e3
    # Measures that only have limits come last: no pull, and a tolerance that nothing exceeds.
    only_limited = measures - len(importance)
    weight = np.append(importance * len(importance), np.ones(only_limited))
    pull = np.append(0.4 * 0.05 / np.maximum(request.tolerance, 0.01), np.zeros(only_limited))
    floor, ceiling = _limits(request)
    return Rules(
        target=own(target, np.float64),
        # A hair less, so that sums in another order still agree that a plan is inside.
        tolerance=np.append(request.tolerance + ROUNDING / 2, np.full(only_limited, LOOSE)),
        floor=own(floor, np.float64),
        ceiling=own(ceiling, np.float64),
        weight=own(weight, np.float64),
        price=np.zeros((k, measures)),
        home_x=own(homes[:, 0], np.float64),
        home_y=own(homes[:, 1], np.float64),
        owner=own(request.owner[request.open], np.int64),
        pull=own(pull, np.float64),
        wall=8.0,
        shape=k / spread,
        cut=(PLAIN if request.rules.shortest else 1.0) * k / border,
        home=float(np.sqrt(k / spread)),
        move=request.rules.stay,
        ban=BAN if request.ruled.barred is not None else 0.0,
    )


def _limits(request: Request) -> tuple[Floats, Floats]:
    """(k, M) least and most as deviations from the target."""
    whole = np.array([request.whole(name) for name in request.ruled.columns])
    target = request.target[request.open][:, None] * whole
    least, most = request.ruled.least[request.open], request.ruled.most[request.open]
    return least / target - 1.0 - ROUNDING / 2, most / target - 1.0 + ROUNDING / 2


def _around_centre(xy: Floats, mass: Floats, label: Ints, k: int) -> Floats:
    """(n,) squared distance of each unit to the centre of mass of its territory."""
    total = np.maximum(np.bincount(label, mass, k), 1e-12)
    centre = np.column_stack([np.bincount(label, mass * xy[:, d], k) / total for d in (0, 1)])
    out: Floats = ((xy - centre[label]) ** 2).sum(axis=1)
    return out


def _mass(xy: Floats, weight: Floats, regions: Ints, k: int, plain: bool) -> Floats:
    """Weight of each unit in the compactness term, adding up to k.

    ``plain``: by its load, as moment of inertia is defined (Hess et al. 1965).

    A square kilometre in a city would count for nothing beside the countryside, and small
    territories would come out ragged. So each unit is weighed by (median r² / local r²)^URBAN,
    where r is the radius of the bisection's part that it lies in.
    """
    n = len(weight)
    if plain:
        # A trace of each unit, so that those without load lie somewhere sensible.
        mass = weight + 1e-4 * k / n
        return np.asarray(mass * (k / mass.sum()))
    mass = SPREAD_BY_LOAD * weight + (1 - SPREAD_BY_LOAD) * k / n
    around = np.bincount(regions, mass * _around_centre(xy, mass, regions, k), k)
    radius2 = around / np.maximum(np.bincount(regions, mass, k), 1e-12)
    typical = max(float(np.median(radius2)), 1e-9)
    mass = mass * (typical / np.maximum(radius2, typical * 1e-4))[regions] ** URBAN
    out: Floats = mass * (k / mass.sum())
    return out
