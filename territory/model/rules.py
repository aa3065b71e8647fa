"""What a plan must keep to, beyond balance and contiguity."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from territory.errors import PlanError
from territory.model.graph import Graph, without
from territory.model.people import Accounts
from territory.model.units import Units

__all__ = ["Limit", "Rules", "families", "grouped", "open_graph"]


@dataclass(frozen=True)
class Limit:
    """At least and at most so much of a measure in a territory, in the measure's own unit.

    Without ``territory`` it holds for each.
    """

    measure: str
    least: float | None = None
    most: float | None = None
    territory: str | None = None


@dataclass(frozen=True)
class Rules:
    """What a plan must keep to. Ids are text; whatever is left empty asks for nothing.

    Parameters
    ----------
    limits
        Least and most of a measure in a territory.
    together
        Name of a group → units that belong to one territory, such as the ZIPs of a county.
    barriers
        Pairs of units that are no neighbours, whatever the map says.
    ferries
        May a territory hang together by a ferry?
    max_km
        Largest distance from the home of a territory's rep to any of its units, in a straight line.
    max_minutes
        Longest drive one way from the home of a territory's rep to any of its units: by known
        travel times, else by the travel formula.
    regions
        unit → region. No territory crosses a region; units without one are a region together.
    per_region
        region → number of territories; by weight where not given (Hamilton's method).
    shortest
        Search for the shortest travel alone: how round a territory is, and how city and country
        share the effort, count for next to nothing.
    stay
        How much it costs to change hands against today's plan: 1 as usual, 0 nothing.
    excluded
        Pairs of a rep and a unit that do not suit each other. Reported.
    needs
        unit → skill that its rep should have. Reported.
    """

    limits: tuple[Limit, ...] = ()
    together: Mapping[str, frozenset[str]] = field(default_factory=dict)
    barriers: frozenset[tuple[str, str]] = frozenset()
    ferries: bool = True
    max_km: float | None = None
    max_minutes: float | None = None
    regions: Mapping[str, str] = field(default_factory=dict)
    per_region: Mapping[str, int] = field(default_factory=dict)
    shortest: bool = False
    stay: float = 1.0
    excluded: frozenset[tuple[str, str]] = frozenset()
    needs: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return self != Rules()


def grouped(units: Units, column: str) -> dict[str, frozenset[str]]:
    """Value of an attribute → units that have it, for ``together`` or ``regions``.

    Units without a value are in no group.

    Raises
    ------
    PlanError
        If there is no such attribute.
    """
    if column not in units.attributes:
        have = ", ".join(map(str, units.attributes.columns))
        raise PlanError(f"There is no column {column!r} in this region. It has: {have}.")
    values = units.attributes[column]
    out: dict[str, list[str]] = {}
    for unit, value in zip(units.ids, values, strict=True):
        text = "" if value is None or value != value else str(value).strip()
        if text:
            out.setdefault(text, []).append(unit)
    return {name: frozenset(members) for name, members in out.items()}


def families(accounts: Accounts, column: str) -> dict[str, frozenset[str]]:
    """Value of an account's column, such as its parent company → the units with such accounts.

    Raises
    ------
    PlanError
        If the accounts have no such column.
    """
    if column not in accounts.frame:
        have = ", ".join(map(str, accounts.frame.columns))
        raise PlanError(f"There is no column {column!r} in the accounts. They have: {have}.")
    out: dict[str, set[str]] = {}
    for unit, value in zip(accounts.frame["unit_id"], accounts.frame[column], strict=True):
        text = "" if value is None or value != value else str(value).strip()
        if text and unit:
            out.setdefault(text, set()).add(str(unit))
    return {name: frozenset(found) for name, found in out.items() if len(found) > 1}


def open_graph(units: Units, rules: Rules) -> Graph:
    """The neighbours that count under the rules: without barriers and vetoed ferries."""
    graph = units.graph
    if rules.ferries and not rules.barriers:
        return graph
    shut = np.zeros(len(graph.indices), bool) if rules.ferries else graph.ferry.copy()
    shut |= _between(graph, units, rules.barriers)
    return without(graph, shut)


def _between(graph: Graph, units: Units, pairs: Iterable[tuple[str, str]]) -> np.ndarray:
    """(nnz,) links between the given pairs of units."""
    ends = [(units.position[a], units.position[b]) for a, b in pairs]
    code = np.array([i * graph.n + j for a, b in ends for i, j in ((a, b), (b, a))], np.int64)
    return np.isin(graph.rows.astype(np.int64) * graph.n + graph.indices, code)
