"""A run repeated from its record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from territory.errors import InputError, Problem
from territory.metrics.roads import Roads
from territory.model import Limit, Locks, Plan, Rules, Team, Units
from territory.optimize.engine import propose
from territory.optimize.record import RunRecord, made_from
from territory.optimize.result import Progress, Proposal

__all__ = ["reproduce", "rules_from"]

INPUTS = {
    "units": "The units are",
    "team": "The team is",
    "current": "The current plan is",
    "offset": "The offset is",
    "roads": "The travel times, or what is assumed about travel, are",
}
"""How to begin a sentence about each input."""


def reproduce(
    record: RunRecord,
    units: Units,
    *,
    team: Team | None = None,
    current: Plan | None = None,
    offset: NDArray[np.float64] | None = None,
    roads: Roads | None = None,
    progress: Callable[[Progress], None] | None = None,
    cancel: Callable[[], bool] | None = None,
) -> Proposal:
    """The same proposal again, from the same inputs.

    Raises
    ------
    InputError
        If an input is not what it was, or the run was stopped before its end, which no record can
        repeat. Other versions of packages are no error: see `RunRecord.other_versions`.
    """
    now = made_from(units, team, current, offset, roads)
    problems = [
        Problem(
            f"{what} not what the run was made from",
            remedy="give what was used then, or propose anew",
        )
        for name, what in INPUTS.items()
        if now[name] != record.inputs.get(name)
    ]
    if record.stopped_by != "done":
        problems.append(
            Problem(
                f"The run was ended early ({record.stopped_by}), so it can't be repeated exactly",
                remedy="propose anew",
            )
        )
    if problems:
        raise InputError(problems)
    parameters = dict(record.parameters)
    if parameters.get("locks") is not None:
        parameters["locks"] = Locks.of(**parameters["locks"])
    if parameters.get("rules") is not None:
        parameters["rules"] = rules_from(parameters["rules"])
    return propose(
        units,
        team=team,
        current=current,
        offset=offset,
        roads=roads,
        progress=progress,
        cancel=cancel,
        **parameters,
    )


def rules_from(values: Mapping[str, Any]) -> Rules:
    """Rules from their plain values."""
    pairs = {name: frozenset((a, b) for a, b in values[name]) for name in ("barriers", "excluded")}
    groups = {name: frozenset(members) for name, members in values["together"].items()}
    limits = tuple(Limit(**limit) for limit in values["limits"])
    return Rules(**{**values, **pairs, "together": groups, "limits": limits})
