"""What can be done to territories and locks: add, merge, delete, rename, give away, lock.

Every operation returns a new plan, so that each is one undo entry like any other change.

Targets always add up to 1. A new territory gets an equal share, 1 / (k + 1), for which all others
shrink in proportion; a merged territory gets the sum of both; what a deleted territory had goes to
the others in proportion.

Locks: a locked territory keeps its units and its rep, so it can be neither merged, deleted nor
given away, and a locked unit keeps its territory, so that one can't be dissolved. Names may change.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from territory.errors import LockError, PlanError
from territory.model.colours import PALETTE, colour_unlike
from territory.model.locks import Locks
from territory.model.plan import UNASSIGNED, Plan

__all__ = [
    "LONGEST_NAME",
    "add_territory",
    "delete_territory",
    "fresh_id",
    "give_territory",
    "invert_locks",
    "lock_all",
    "lock_territory",
    "lock_units",
    "merge_territories",
    "rename_territory",
    "take_territory",
    "unlike_neighbours",
    "unlock_all",
    "unlock_territory",
    "unlock_units",
]

LONGEST_NAME = 80


def fresh_id(plan: Plan, avoid: Iterable[str] = ()) -> str:
    """An id that no territory has: T01, T02, …

    Parameters
    ----------
    avoid
        More ids that are taken, such as the baseline's: a new territory under the id of one that
        was deleted would pass for it in every comparison.
    """
    taken = {*plan.territory_ids, *avoid}
    return next(i for n in range(1, len(taken) + 2) if (i := f"T{n:02d}") not in taken)


def add_territory(
    plan: Plan,
    name: str,
    unit_ids: Iterable[str] = (),
    *,
    territory_id: str | None = None,
    rep_id: str = "",
) -> Plan:
    """One territory more, at the end, with the units given.

    Raises
    ------
    PlanError
        If the name is empty or taken, the id is taken, or a unit is unknown.
    LockError
        If one of the units is locked.
    """
    title, new = _free_name(plan, name, None), territory_id or fresh_id(plan)
    if new in plan.territories.index:
        raise PlanError(f"There is a territory {new!r} already.")
    k = plan.k
    row = {"name": title, "rep_id": rep_id, "target": 1 / (k + 1), "colour": PALETTE[0]}
    index = pd.Index([*plan.territory_ids, new], dtype=object, name=plan.territories.index.name)
    old = plan.territories.assign(target=plan.territories["target"] * (k / (k + 1)))
    columns = {
        # What other columns there may be is not known of a new territory.
        column: [*values.tolist(), row.get(column, "")]
        for column, values in old.items()
    }
    made = replace(plan, territories=pd.DataFrame(columns, index=index)).move(unit_ids, new)
    return unlike_neighbours(made, new)


def rename_territory(plan: Plan, territory_id: str, name: str) -> Plan:
    """Another name; PlanError if it is empty or another territory has it."""
    return _with(plan, territory_id, "name", _free_name(plan, name, territory_id))


def give_territory(plan: Plan, territory_id: str, rep_id: str) -> Plan:
    """Another owner ("" for none); LockError if the territory is locked."""
    if plan.territories["rep_id"].iloc[plan.position_of(territory_id)] == rep_id:
        return plan
    _refuse_locked(plan, territory_id)
    return _with(plan, territory_id, "rep_id", rep_id)


def merge_territories(plan: Plan, keep: str, other: str) -> Plan:
    """The units and target of ``other`` go to ``keep``, and ``other`` is no more.

    ``keep`` keeps id, name, rep and, unless a new neighbour has the same, colour.

    Raises
    ------
    PlanError
        If one is unknown, or both are the same.
    LockError
        If one is locked, or a unit of ``other``.
    """
    if keep == other:
        raise PlanError("Choose two different territories to merge.")
    into, gone = plan.position_of(keep), plan.position_of(other)
    _refuse_locked(plan, keep)
    moved = plan.move_positions(_dissolvable(plan, other), into)
    target = plan.territories["target"].to_numpy(float).copy()
    target[into] += target[gone]
    made = _without(moved, gone, target)
    beside = made.territories.loc[_neighbours(made, keep), "colour"]
    clash = made.territories.at[keep, "colour"] in set(beside)
    return unlike_neighbours(made, keep) if clash else made


def delete_territory(plan: Plan, territory_id: str) -> Plan:
    """Its units become unassigned; LockError if it or one of them is locked."""
    gone = plan.position_of(territory_id)
    moved = plan.move_positions(_dissolvable(plan, territory_id), UNASSIGNED)
    return _without(moved, gone, plan.territories["target"].to_numpy(float))


def take_territory(plan: Plan, other: Plan, territory_id: str) -> Plan:
    """One territory as another plan of the same region draws it, the rest as it is.

    What the territory loses goes where the other plan has it, as far as there is such a territory
    here; elsewhere it becomes unassigned.

    Raises
    ------
    PlanError
        If one of the plans has no such territory, or they are of different regions.
    LockError
        If a unit that would change hands is locked, or lies in a locked territory.
    """
    if plan.units.fingerprint != other.units.fingerprint:
        raise PlanError("The two plans are of different regions, so nothing can be taken over.")
    to, theirs = plan.position_of(territory_id), other.position_of(territory_id)
    here = [plan.territories.index.get_indexer([t])[0] for t in other.territory_ids]
    wanted = np.append(np.array(here, dtype=np.int64), UNASSIGNED)[other.alignment]
    made = plan.move_positions(np.flatnonzero(other.alignment == theirs), to)
    lost = np.flatnonzero((made.alignment == to) & (other.alignment != theirs))
    for position in np.unique(wanted[lost]):
        made = made.move_positions(lost[wanted[lost] == position], int(position))
    return made


def lock_units(plan: Plan, unit_ids: Iterable[str]) -> Plan:
    """Lock units; PlanError if one is unknown."""
    ids = _known(plan, unit_ids)
    return plan.with_locks(replace(plan.locks, units=plan.locks.units | ids))


def unlock_units(plan: Plan, unit_ids: Iterable[str]) -> Plan:
    """Take the lock off units; those of a locked territory stay shut with it."""
    ids = _known(plan, unit_ids)
    return plan.with_locks(replace(plan.locks, units=plan.locks.units - ids))


def lock_territory(plan: Plan, territory_id: str) -> Plan:
    """Lock a territory with all its units."""
    plan.position_of(territory_id)
    shut = plan.locks.territories | {territory_id}
    return plan.with_locks(replace(plan.locks, territories=shut))


def unlock_territory(plan: Plan, territory_id: str) -> Plan:
    """Take the lock off a territory; units that are locked themselves stay so."""
    plan.position_of(territory_id)
    shut = plan.locks.territories - {territory_id}
    return plan.with_locks(replace(plan.locks, territories=shut))


def lock_all(plan: Plan) -> Plan:
    """Lock every territory, and every unit that has none."""
    loose = plan.units.ids[plan.alignment == UNASSIGNED]
    return plan.with_locks(Locks.of(loose, plan.territory_ids, plan.locks.accounts))


def unlock_all(plan: Plan) -> Plan:
    """Unlock every unit and territory; locks on accounts stay."""
    return plan.with_locks(Locks.of(accounts=plan.locks.accounts))


def invert_locks(plan: Plan) -> Plan:
    """What was locked is free and what was free is locked.

    A territory without any lock is locked as a whole; of one with locked units, the others are.
    """
    locked = plan.locked_units
    held = np.bincount(plan.alignment[locked & (plan.alignment >= 0)], minlength=plan.k)
    shut = [
        t
        for i, t in enumerate(plan.territory_ids)
        if not held[i] and t not in plan.locks.territories
    ]
    whole = np.isin(plan.alignment, [plan.position_of(t) for t in shut])
    return plan.with_locks(Locks.of(plan.units.ids[~locked & ~whole], shut, plan.locks.accounts))


def unlike_neighbours(plan: Plan, territory_id: str) -> Plan:
    """The territory in a colour that is clear of its neighbours', the least used of those."""
    column = plan.territories["colour"]
    beside = column.loc[_neighbours(plan, territory_id)]
    colour = colour_unlike(beside, column.drop(territory_id))
    return _with(plan, territory_id, "colour", colour)


def _neighbours(plan: Plan, territory_id: str) -> list[str]:
    """Territories that share a border with one."""
    graph, where, t = plan.units.graph, plan.alignment, plan.position_of(territory_id)
    beside = np.unique(where[graph.indices[where[graph.rows] == t]])
    return [plan.territory_ids[b] for b in beside if b not in (t, UNASSIGNED)]


def _free_name(plan: Plan, name: str, own: str | None) -> str:
    """The name without blanks around it, if it can be used."""
    title = name.strip()
    if not title:
        raise PlanError("Give the territory a name.")
    if len(title) > LONGEST_NAME:
        raise PlanError(f"The name is too long: at most {LONGEST_NAME} characters.")
    names = plan.territories["name"]
    if title in set(names if own is None else names.drop(own, errors="ignore")):
        raise PlanError(f"There is a territory called {title!r} already.")
    return title


def _refuse_locked(plan: Plan, territory_id: str) -> None:
    position = plan.position_of(territory_id)
    if territory_id in plan.locks.territories:
        name = plan.territories["name"].iloc[position]
        members = plan.units.ids[plan.alignment == position]
        raise LockError(f"{name} is locked: unlock it first.", members)


def _dissolvable(plan: Plan, territory_id: str) -> NDArray[np.int64]:
    """Positions of a territory's units, if the territory may go."""
    _refuse_locked(plan, territory_id)
    return np.flatnonzero(plan.alignment == plan.position_of(territory_id))


def _with(plan: Plan, territory_id: str, column: str, value: str) -> Plan:
    """One value of one territory replaced."""
    position = plan.position_of(territory_id)
    values = plan.territories[column].tolist()
    values[position] = value
    return replace(plan, territories=plan.territories.assign(**{column: values}))


def _without(plan: Plan, gone: int, target: NDArray[np.float64]) -> Plan:
    """The plan without an empty territory, targets scaled to add up to 1."""
    rest = np.delete(target, gone)
    if len(rest):
        rest = rest / rest.sum() if rest.sum() > 0 else np.full(len(rest), 1 / len(rest))
    frame = plan.territories.drop(index=plan.territory_ids[gone]).assign(target=rest)
    shut = plan.locks.territories - {plan.territory_ids[gone]}
    alignment = plan.alignment - (plan.alignment > gone)
    locks = replace(plan.locks, territories=shut)
    return replace(plan, territories=frame, alignment=alignment, locks=locks)


def _known(plan: Plan, unit_ids: Iterable[str]) -> frozenset[str]:
    """The ids as a set; PlanError for one that is not in the region."""
    ids = frozenset(unit_ids)
    plan.units.positions(sorted(ids))
    return ids
