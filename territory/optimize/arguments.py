"""What is asked for in numbers: checked before anything is computed."""

from __future__ import annotations

import operator
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from territory.errors import InputError, Problem
from territory.model import Plan, Units
from territory.optimize.seed import Start

__all__ = [
    "ROUNDING",
    "Run",
    "check_run",
    "check_shares",
    "number",
    "tolerances_of",
    "weights_of",
    "whole_number",
]

ROUNDING = 1e-9
"""Deviations this little beyond the tolerance are arithmetic's, as in the metrics."""


def whole_number(value: Any, what: str) -> int:
    """A plain integer, also from NumPy's, whose arithmetic overflows.

    Raises
    ------
    InputError
        If it is none; 9.0 is one, 9.5 and "9" are not.
    """
    if isinstance(value, float) and value.is_integer():
        return int(value)
    try:
        return operator.index(value)
    except TypeError:
        raise InputError(
            Problem(f"{what} {value!r} is no whole number", remedy="give a number such as 3")
        ) from None


def number(value: Any, what: str) -> float:
    """A number; text is none, so that a forgotten conversion shows.

    Raises
    ------
    InputError
        If it is none.
    """
    try:
        if not isinstance(value, str):
            return float(value)
    except (TypeError, ValueError):
        pass  # Said below, as for text.
    raise InputError(Problem(f"{what} {value!r} is no number", remedy="give one, such as 0.05"))


@dataclass(frozen=True)
class Run:
    """How to search: same seed and restarts, same plan."""

    seed: int
    restarts: int | None
    time_limit: float | None
    start: Start


def check_run(seed: Any, restarts: Any, time_limit: Any, start: Any) -> Run:
    """Seed, restarts and time limit as plain numbers.

    Raises
    ------
    InputError
        If one makes no sense, or the start is unknown.
    """
    seed = whole_number(seed, "The seed")
    if restarts is not None:
        restarts = whole_number(restarts, "The number of restarts")
        if restarts < 1:
            raise InputError(
                Problem(f"{restarts} restarts make no plan", remedy="give 1 or more, or none")
            )
    if time_limit is not None:
        time_limit = number(time_limit, "The time limit")
        if not time_limit >= 0:
            raise InputError(
                Problem(
                    f"A time limit of {time_limit} makes no sense",
                    remedy="give seconds, such as 10, or leave it out",
                )
            )
    if start not in get_args(Start):
        known = " or ".join(map(repr, get_args(Start)))
        raise InputError(Problem(f"There is no start {start!r}", remedy=f"give {known}"))
    return Run(seed, restarts, time_limit, start)


def weights_of(units: Units, measures: Mapping[str, float] | None) -> dict[str, float]:
    """measure → weight, the region's default where none is given; weights must be positive."""
    if measures is not None and not isinstance(measures, Mapping):
        raise InputError(
            Problem(
                f"The measures {measures!r} have no weights",
                remedy='give a name and a weight each, as in {"potential": 1}',
            )
        )
    weights = dict(measures) if measures else {units.default_measure: 1.0}
    for name, weight in weights.items():
        weight = number(weight, f"The weight of measure {name!r}")
        if not (np.isfinite(weight) and weight > 0):
            raise InputError(
                Problem(
                    f"The weight of measure {name!r} is {weight}, it must be above 0",
                    remedy="give each measure a positive weight, such as 1",
                )
            )
    return {str(name): float(weight) for name, weight in weights.items()}


def tolerances_of(tolerance: Any, measures: Mapping[str, float]) -> NDArray[np.float64]:
    """(M,) the tolerance of each measure; one number is for all of them.

    Raises
    ------
    InputError
        If one is no share above 0, missing, or for a measure that is not in use.
    """
    if not isinstance(tolerance, Mapping):
        tolerance = dict.fromkeys(measures, tolerance)
    strange = [name for name in tolerance if name not in measures]
    missing = [name for name in measures if name not in tolerance]
    if strange or missing:
        what = "for" if strange else "missing for"
        raise InputError(
            Problem(
                f"A tolerance is {what} {(strange or missing)[0]!r}; the measures in use are "
                + ", ".join(map(repr, measures)),
                remedy="give one number for all, or one for each measure",
            )
        )
    out = np.array([number(tolerance[name], "The tolerance") for name in measures])
    for value in out[~(np.isfinite(out) & (out > 0) & (out <= 1))]:
        raise InputError(
            Problem(
                f"A tolerance of {value} makes no sense",
                remedy="give a share above 0 and up to 1, such as 0.05 for ±5 %",
            )
        )
    return out


def check_shares(max_disruption: float | None, stay: float, current: Plan | None) -> None:
    """The cap on disruption, and its price."""
    if not (np.isfinite(stay) and stay >= 0):
        raise InputError(
            Problem(
                f"A price of {stay} for changing hands makes no sense",
                remedy="give 1 as usual, 0 for none, or more to change less",
            )
        )
    if max_disruption is None:
        return
    if not (np.isfinite(max_disruption) and 0 <= max_disruption <= 1):
        raise InputError(
            Problem(
                f"A largest disruption of {max_disruption} makes no sense",
                remedy="give a share from 0 to 1, such as 0.1 for 10 %",
            )
        )
    if current is None:
        raise InputError(
            Problem(
                "A largest disruption needs the plan it is counted against",
                remedy="give the current plan as well",
            )
        )
