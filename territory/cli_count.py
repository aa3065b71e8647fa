"""How many territories the command line is asked for: a number, or as many as the work fills."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from territory.errors import InputError, Problem

if TYPE_CHECKING:
    from territory.model import Units

__all__ = ["Capacity", "Territories", "check", "of_territories"]

Territories = Annotated[
    str | None,
    typer.Option("--territories", help="How many, without a team; auto: by workload."),
]
Capacity = Annotated[
    float | None, typer.Option("--capacity", help="Hours a year of one rep, for auto.")
]


def check(territories: str | None, capacity: float | None) -> None:
    """--territories is a whole number, or "auto" with the capacity to divide the workload by."""
    automatic = territories == "auto"
    if territories is not None and not automatic:
        try:
            int(territories)
        except ValueError:
            raise InputError(
                Problem(
                    f"--territories {territories!r} is no whole number",
                    remedy="Give one, such as 24, or auto with --capacity",
                )
            ) from None
    if automatic != (capacity is not None):
        raise InputError(
            Problem(
                "--territories auto and --capacity go together: the hours a year of one rep",
                remedy="Add --territories auto --capacity 1600",
            )
        )


def of_territories(territories: str | None, capacity: float | None, units: Units) -> int | None:
    """How many territories; by workload where that is asked for."""
    if territories is None or capacity is None:
        return None if territories is None else int(territories)
    from territory.optimize.headcount import wanted

    count = wanted(units, capacity)
    print(f"{count} territories by the workload", file=sys.stderr)
    return count
