"""One revision as bytes and back: only what differs from its parent.

A snapshot holds everything; a delta holds the positions that changed and their new territories.
Both are little-endian 32-bit integers under zlib, whose checksum tells a damaged row.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from territory.errors import PlanError, StoreCorrupt
from territory.model import Locks, Plan, Units

__all__ = ["SNAPSHOT_EVERY", "Payload", "decode", "encode"]

SNAPSHOT_EVERY = 50
"""A snapshot at least this often, so that opening never walks far."""

INT = "<i4"
COLOUR = re.compile("#[0-9A-Fa-f]{6}")
FAST = 1  # a gesture waits for this; stronger compression saves 10 % and costs three times as long


@dataclass(frozen=True)
class Payload:
    """What a row of ``revisions`` holds of a plan."""

    kind: Literal["snapshot", "delta"]
    alignment: bytes
    state: dict[str, Any] | None


def encode(plan: Plan, parent: Plan | None) -> Payload:
    """The difference to the parent; everything where there is none or nearly all differs."""
    if parent is None:
        return Payload("snapshot", _pack(plan.alignment), _state(plan, None))
    changed = np.flatnonzero(plan.alignment != parent.alignment)
    if 2 * len(changed) > plan.units.n:
        return Payload("snapshot", _pack(plan.alignment), _state(plan, None))
    delta = np.concatenate([changed, plan.alignment[changed]])
    return Payload("delta", _pack(delta), _state(plan, parent) or None)


def decode(units: Units, payload: Payload, parent: Plan | None) -> Plan:
    """The plan of a revision, given its parent's (any, or None, for a snapshot)."""
    try:
        numbers = np.frombuffer(zlib.decompress(payload.alignment), INT)
        state = payload.state or {}
        if payload.kind == "snapshot":
            return _plan(units, numbers, state, None)
        if parent is None:
            raise StoreCorrupt("The store is damaged: a revision has lost its predecessor.")
        where, values = np.split(numbers, 2)
        alignment = parent.alignment.copy()
        alignment[where] = values
        return _plan(units, alignment, state, parent)
    except (zlib.error, ValueError, KeyError, IndexError, TypeError, PlanError) as error:
        raise StoreCorrupt(f"The store is damaged: a revision can't be read ({error}).") from error


def _pack(numbers: NDArray[np.integer]) -> bytes:
    return zlib.compress(numbers.astype(INT).tobytes(), FAST)


def _state(plan: Plan, parent: Plan | None) -> dict[str, Any]:
    """Territories, locks and named accounts as plain values, those that differ."""
    out: dict[str, Any] = {}
    if parent is None or not _same(plan.territories, parent.territories):
        columns = {str(name): column.tolist() for name, column in plan.territories.items()}
        out["territories"] = {"ids": list(plan.territory_ids), "columns": columns}
    if parent is None or plan.locks != parent.locks:
        names = ("units", "territories", "accounts")
        out["locks"] = {name: sorted(getattr(plan.locks, name)) for name in names}
    if parent is None or plan.named_accounts != parent.named_accounts:
        out["named_accounts"] = dict(plan.named_accounts)
    return out


def _same(a: pd.DataFrame, b: pd.DataFrame) -> bool:
    return a is b or a.equals(b)


def _plan(
    units: Units, alignment: NDArray[np.integer], state: dict[str, Any], parent: Plan | None
) -> Plan:
    """A plan from an alignment and the state that is not the parent's."""
    if "territories" in state or parent is None:
        stored = state["territories"]
        index = pd.Index(stored["ids"], dtype=object, name="territory_id")
        territories = pd.DataFrame(stored["columns"], index=index)
        # They go into pages as they are, and a project file may come from anybody.
        if not all(COLOUR.fullmatch(colour) for colour in territories["colour"]):
            raise PlanError("A colour is none.")
    else:
        territories = parent.territories
    locks = Locks.of(**state["locks"]) if "locks" in state or parent is None else parent.locks
    if "named_accounts" in state or parent is None:
        named = state["named_accounts"]
    else:
        named = parent.named_accounts
    return Plan(units, territories, alignment.astype(np.int32), locks, named)
