"""What a run tells while it works, and what it returns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from territory.metrics import Violation
from territory.model import Plan
from territory.optimize.record import RunRecord

__all__ = ["Progress", "Proposal", "StoppedBy"]

StoppedBy = Literal["done", "cancelled", "time limit"]


@dataclass(frozen=True, eq=False)
class Progress:
    """A look at a running search.

    ``alignment`` is the best plan so far, (n_units,) territory positions; it and
    ``max_deviation`` are None while there is nothing to show yet.
    """

    step: int
    steps: int
    message: str
    max_deviation: float | None = None
    alignment: NDArray[np.int32] | None = None


@dataclass(frozen=True, eq=False)
class Proposal:
    """A proposed plan and how good it is.

    Parameters
    ----------
    plan
        Every unit in one territory, except units that are locked as unassigned.
    measures
        measure → weight, as used.
    tolerance
        Allowed |deviation| of each territory in each measure; the largest where they differ.
    max_deviation
        measure → largest |total/target − 1| of any territory.
    within_tolerance
        No territory is outside the tolerance in any measure.
    noncontiguous
        Territories in more than one piece.
    seconds
        The engine alone, without compilation.
    stopped_by
        "done", "cancelled" or "time limit".
    restarts
        Searches that were finished or begun.
    infeasible
        One entry a territory that misses the tolerance or lies in pieces: ``territory_id``,
        ``reason`` in words, ``nearest_tolerance`` (a share, or None where no tolerance helps).
    bound
        Proof of quality; None until there is one.
    disruption
        measure → share that changes its rep against the current plan; empty without one.
    violations
        Rules that the plan does not keep, with the reason.
    tolerances
        measure → its own tolerance.
    record
        What it was made from; `again.reproduce` makes it anew.
    offset
        (territories, measures) what was counted beside the units, such as named accounts.
    """

    plan: Plan
    measures: Mapping[str, float]
    tolerance: float
    max_deviation: Mapping[str, float]
    within_tolerance: bool
    noncontiguous: int
    seconds: float
    seed: int
    stopped_by: StoppedBy
    restarts: int
    infeasible: list[dict[str, Any]] = field(default_factory=list)
    bound: dict[str, Any] | None = None
    disruption: Mapping[str, float] = field(default_factory=dict)
    violations: list[Violation] = field(default_factory=list)
    tolerances: Mapping[str, float] = field(default_factory=dict)
    record: RunRecord | None = None
    offset: NDArray[np.float64] | None = None
