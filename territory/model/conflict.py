"""What two people did to the same units at the same time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from territory.model.plan import Plan

__all__ = ["Conflict"]


@dataclass(frozen=True, eq=False)
class Conflict:
    """Units that both moved, and where each of the two wanted them.

    By territory id ("" for none), because positions may differ between the two plans.
    """

    unit_ids: tuple[str, ...]
    theirs: tuple[str, ...]
    mine: tuple[str, ...]

    @classmethod
    def between(cls, seen: Plan, theirs: Plan, mine: Plan) -> Conflict | None:
        """The conflict of a change that was begun on ``seen`` and made on top of ``theirs``.

        None where the two concern different units: then both simply hold.
        """
        then, other, own = (_owners(plan) for plan in (seen, theirs, mine))
        both = np.flatnonzero((then != other) & (other != own))
        if not len(both):
            return None
        return cls(tuple(seen.units.ids[both]), tuple(other[both]), tuple(own[both]))

    def resolved(self, plan: Plan) -> Plan:
        """The other version of these units; LockError where one is locked by now."""
        wanted = np.array(self.theirs, dtype=object)
        ids = np.array(self.unit_ids, dtype=object)
        for territory in dict.fromkeys(self.theirs):
            known = territory if territory in plan.territories.index else None
            plan = plan.move(ids[wanted == territory], known)
        return plan

    def lines(self, plan: Plan) -> list[tuple[str, str, str]]:
        """(units, name in their version, name in mine) for each pair of versions."""
        names = dict(zip(plan.territory_ids, plan.territories["name"], strict=True))
        groups: dict[tuple[str, str], list[str]] = {}
        for unit, other, own in zip(self.unit_ids, self.theirs, self.mine, strict=True):
            groups.setdefault((other, own), []).append(unit)
        return [
            (
                ", ".join(units[:5]) + (f" and {len(units) - 5} more" if len(units) > 5 else ""),
                names.get(other, other or "unassigned"),
                names.get(own, own or "unassigned"),
            )
            for (other, own), units in groups.items()
        ]


def _owners(plan: Plan) -> NDArray[np.object_]:
    """(n,) territory id of each unit."""
    return np.array([*plan.territory_ids, ""], dtype=object)[plan.alignment]
