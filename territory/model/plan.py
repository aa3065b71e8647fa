"""The one plan object: who owns which unit. Immutable; every change is a new Plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from territory.errors import LockError, PlanError
from territory.model.colours import colour_territories
from territory.model.graph import frozen
from territory.model.locks import Locks
from territory.model.people import Team
from territory.model.units import Units

__all__ = ["UNASSIGNED", "Plan"]

UNASSIGNED = -1
COLUMNS = ("name", "rep_id", "target", "colour")


@dataclass(frozen=True, eq=False)
class Plan:
    """Units, territories, and the territory each unit belongs to.

    Parameters
    ----------
    units
        The region.
    territories
        Index territory_id; columns name, rep_id ("" without owner), target (share of the whole,
        sums to 1), colour (hexadecimal).
    alignment
        (n_units,) position in territories, -1 where unassigned. Copied, read-only.
    locks
        What may not change.
    named_accounts
        account_id → rep_id for accounts that belong to a rep wherever they lie.

    Raises
    ------
    PlanError
        If the parts contradict each other.
    """

    units: Units
    territories: pd.DataFrame
    alignment: NDArray[np.int32]
    locks: Locks = field(default_factory=Locks)
    named_accounts: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        alignment = frozen(self.alignment, np.int32)
        if alignment.shape != (self.units.n,):
            raise PlanError(f"Plan: alignment needs {self.units.n} entries, not {alignment.size}.")
        if alignment.size and not -1 <= alignment.min() <= alignment.max() < len(self.territories):
            raise PlanError("Plan: alignment names a territory that does not exist.")
        missing = [c for c in COLUMNS if c not in self.territories]
        if missing or not self.territories.index.is_unique:
            raise PlanError(f"Plan: territories need unique ids and the columns {COLUMNS}.")
        object.__setattr__(self, "alignment", alignment)
        object.__setattr__(self, "named_accounts", MappingProxyType(dict(self.named_accounts)))

    @classmethod
    def blank(
        cls,
        units: Units,
        territories: int | None = None,
        *,
        ids: Sequence[str] | None = None,
        names: Sequence[str] | None = None,
        rep_ids: Sequence[str] | None = None,
        targets: Sequence[float] | None = None,
    ) -> Plan:
        """Territories without units: T01, T02, … unless ids are given; equal targets."""
        if ids is None:
            k = territories or 0
            width = max(2, len(str(k)))
            ids = [f"T{i + 1:0{width}d}" for i in range(k)]
        k = len(ids)
        share = np.full(k, 1 / max(k, 1)) if targets is None else np.asarray(targets, float)
        frame = pd.DataFrame(
            {
                "name": [str(n) for n in (names if names is not None else ids)],
                "rep_id": [str(r) for r in (rep_ids if rep_ids is not None else [""] * k)],
                "target": share / share.sum() if k else share,
                "colour": colour_territories(k),
            },
            index=pd.Index([str(i) for i in ids], dtype=object, name="territory_id"),
        )
        return cls(units, frame, np.full(units.n, UNASSIGNED, np.int32))

    @classmethod
    def for_team(cls, units: Units, team: Team) -> Plan:
        """One territory a rep, named after the rep, territory_id = rep_id, nothing assigned.

        Targets follow capacity where every rep has one, else they are equal.
        """
        names = [team.name(r) for r in team.ids]
        capacity = team.capacities
        targets = None if capacity is None else list(capacity)
        return cls.blank(units, ids=team.ids, names=names, rep_ids=team.ids, targets=targets)

    @classmethod
    def from_alignment(
        cls, units: Units, mapping: Mapping[str, str], team: Team | None = None
    ) -> Plan:
        """From unit_id → territory_id; "" or an absent unit is unassigned.

        With a team its reps come first, in team order, whether they own units or not, and may be
        called by their names; other territory ids follow, sorted.
        """
        if team:
            reps_of = {t: team.rep_of(str(t)) or str(t) for t in set(mapping.values()) if t}
            mapping = {unit: reps_of.get(t, "") for unit, t in mapping.items()}
        used = {str(t) for t in mapping.values() if t}
        ids = list(team.ids) if team else []
        ids += sorted(used - set(ids))
        reps = set(team.ids) if team else set()
        blank = cls.blank(
            units,
            ids=ids,
            names=[team.name(t) if team else t for t in ids],
            rep_ids=[t if t in reps else "" for t in ids],
        )
        if team and len(ids) == len(team) and team.capacities is not None:
            share = team.capacities / team.capacities.sum()
            blank = replace(blank, territories=blank.territories.assign(target=share))
        where = {t: i for i, t in enumerate(ids)}
        alignment = np.full(units.n, UNASSIGNED, np.int32)
        chosen = [(unit, where[str(t)]) for unit, t in mapping.items() if t]
        if chosen:
            alignment[units.positions(u for u, _ in chosen)] = [t for _, t in chosen]
        return blank.with_alignment(alignment).recoloured()

    @property
    def k(self) -> int:
        """Number of territories."""
        return len(self.territories)

    @property
    def territory_ids(self) -> tuple[str, ...]:
        """Territory ids in order of position."""
        return tuple(self.territories.index)

    @property
    def unassigned(self) -> int:
        """Number of units without a territory."""
        return int((self.alignment == UNASSIGNED).sum())

    def position_of(self, territory_id: str | None) -> int:
        """Position of a territory; None means unassigned (-1)."""
        if territory_id is None:
            return UNASSIGNED
        try:
            return int(self.territories.index.get_loc(territory_id))
        except KeyError:
            raise PlanError(f"There is no territory {territory_id!r} in this plan.") from None

    @cached_property
    def locked_units(self) -> NDArray[np.bool_]:
        """(n,) True where a unit is locked, or lies in a locked territory."""
        out = np.zeros(self.units.n, bool)
        out[[self.units.position[u] for u in self.locks.units if u in self.units.position]] = True
        ids = self.territories.index
        closed = [int(ids.get_loc(t)) for t in self.locks.territories if t in ids]
        out |= np.isin(self.alignment, closed)
        out.setflags(write=False)
        return out

    def move(self, unit_ids: Iterable[str], to: str | None) -> Plan:
        """Units to a territory (None: unassigned); refuses locks on both source and target.

        Raises
        ------
        LockError
            If a unit, its territory or the target is locked; names the units.
        PlanError
            If a unit or the territory is unknown.
        """
        return self.move_positions(self.units.positions(unit_ids), self.position_of(to))

    def move_positions(self, units: NDArray[np.integer] | Sequence[int], to: int) -> Plan:
        """``move`` by positions; units that are there already are no move."""
        where = np.asarray(units, dtype=np.int64)
        where = where[self.alignment[where] != to]
        if to >= 0 and self.territory_ids[to] in self.locks.territories and len(where):
            name = self.territories["name"].iloc[to]
            raise LockError(f"{name} is locked: unlock it first.", self.units.ids[where])
        shut = where[self.locked_units[where]]
        if len(shut):
            named = ", ".join(self.units.ids[shut[:3]]) + (" …" if len(shut) > 3 else "")
            raise LockError(f"Locked: {named}. Unlock first.", self.units.ids[shut])
        alignment = self.alignment.copy()
        alignment[where] = to
        return replace(self, alignment=alignment)

    def with_alignment(self, alignment: NDArray[np.integer]) -> Plan:
        """The same territories with another alignment; for engine results and imports."""
        return replace(self, alignment=np.asarray(alignment, np.int32))

    def with_locks(self, locks: Locks) -> Plan:
        """The same plan with other locks."""
        return replace(self, locks=locks)

    def recoloured(self) -> Plan:
        """The same plan with colours in which neighbouring territories differ."""
        colour = colour_territories(self.k, self.units.graph, self.alignment)
        return replace(self, territories=self.territories.assign(colour=colour))

    def totals(self, measure: str) -> NDArray[np.float64]:
        """(k,) a measure summed over the units of each territory."""
        inside = self.alignment >= 0
        values = self.units.values(measure)[inside]
        return np.bincount(self.alignment[inside], values, self.k).astype(np.float64)

    def to_mapping(self) -> dict[str, str]:
        """unit_id → territory_id, "" where unassigned."""
        ids = np.array([*self.territory_ids, ""], dtype=object)
        return dict(zip(self.units.ids, ids[self.alignment], strict=True))
