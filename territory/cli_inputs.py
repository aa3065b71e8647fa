"""What the command line is given: measures, files, plans and locks."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from territory.cli_output import say
from territory.errors import InputError, Problem

if TYPE_CHECKING:
    from territory.intake import Files
    from territory.intake.match import Choices
    from territory.model import Locks, Plan, Project, Units


def parse_measures(given: list[str] | None) -> dict[str, float]:
    """["potential=0.6", "sales"] → {"potential": 0.6, "sales": 1.0}.

    Raises
    ------
    InputError
        If a weight is not a positive number, or a measure is named twice.
    """
    out: dict[str, float] = {}
    for text in given or []:
        name, _, weight = text.partition("=")
        try:
            value = float(weight) if weight else 1.0
        except ValueError:
            value = float("nan")
        if not name or not 0 < value < float("inf"):
            raise InputError(
                Problem(
                    f"--measure {text!r} is not NAME or NAME=WEIGHT",
                    remedy="Give a positive number, as in --measure potential=0.6",
                )
            )
        if name in out:
            raise InputError(
                Problem(f"--measure {name} is given twice", remedy="Name each measure once")
            )
        out[name] = value
    return out


def read_inputs(
    files: Files,
    id_column: str | None,
    measures: dict[str, float],
    tolerance: float,
    choices: Choices,
) -> tuple[Project, dict[str, float], dict[str, float]]:
    """Read everything a plan belongs to; the project, the measures in use, seconds spent."""
    from territory.intake import read_project

    started = time.perf_counter()
    project, _, report = read_project(
        files, id_column=id_column, measures=list(measures), choices=choices
    )
    spent = time.perf_counter() - started
    for note in project.notes:
        say(f"Note: {note}")
    for offer in report.offers:
        say(f"Please check: {offer}")
    chosen = measures or {project.units.default_measure: 1.0}
    # Files are written as they were asked for: with these measures and this tolerance.
    asked = replace(project.settings, weights=chosen, amber=tolerance, green=min(0.10, tolerance))
    seconds = {
        "seconds_read": spent - report.seconds_adjacency,
        "seconds_adjacency": report.seconds_adjacency,
    }
    return replace(project, settings=asked), chosen, seconds


def check_band(tolerance: float) -> None:
    """Refuse a band that is no share between 0 and 1, before anything is read."""
    if not 0 < tolerance < 1:
        raise InputError(
            Problem(f"--tolerance {tolerance} is not between 0 and 1", remedy="Use 0.15")
        )


def read_plan(path: Path, units: Units, project: Project) -> Plan:
    from territory.intake import read_alignment
    from territory.model import Plan

    return Plan.from_alignment(units, read_alignment(path, units), project.team)


def locks_of(path: Path | None, project: Project) -> Locks | None:
    if path is None:
        return None
    from territory.intake import read_locks

    return read_locks(path, project.units)


def with_kept_accounts(current: Plan | None, project: Project, locks: Locks | None) -> Plan | None:
    """The current plan with locked accounts named to the rep who has them.

    Without a current plan the column owner of the accounts says who that is.

    Raises
    ------
    InputError
        If there are no accounts, no team, or nothing says who has them.
    PlanError
        If an account is unknown.
    """
    if locks is None or not locks.accounts:
        return current
    team, accounts = project.team, project.accounts
    if accounts is None or team is None:
        missing = "--accounts" if accounts is None else "--team"
        raise InputError(
            Problem(
                "--locks names accounts, which are kept by the rep who has them",
                remedy=f"Add {missing}, or remove the column account_id",
            )
        )
    from territory.model import Plan, lock_accounts

    plan = current
    if plan is None:
        owner = accounts.frame["owner"]
        named = {a: owner[a] for a in locks.accounts if a in owner and owner[a] in team.ids}
        plan = replace(Plan.for_team(project.units, team), named_accounts=named)
    return lock_accounts(plan, accounts, sorted(locks.accounts))
