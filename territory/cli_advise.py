"""``territory advise``: what is not as it should be in a plan, and what would help."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from territory.cli_flags import (
    AccountsFile,
    AsJson,
    Attributes,
    Band,
    Before,
    Coordinates,
    Crs,
    Duplicates,
    IdColumn,
    Measures,
    SalesFile,
    TeamFile,
    TravelFile,
    UnitsFile,
    Unknown,
)
from territory.cli_inputs import check_band, parse_measures, read_inputs, read_plan
from territory.cli_output import print_json, show_progress

if TYPE_CHECKING:
    from territory.advise.adjustments import Adjustment
    from territory.advise.findings import Context, Finding, Number

__all__ = ["advise"]


def advise(
    units: UnitsFile,
    plan: Annotated[Path, typer.Option("--plan", help="PLAN.csv to look at.")],
    baseline: Before = None,
    team: TeamFile = None,
    attributes: Attributes = None,
    accounts: AccountsFile = None,
    sales: SalesFile = None,
    travel_times: TravelFile = None,
    id_column: IdColumn = None,
    measure: Measures = None,
    tolerance: Band = 0.15,
    engine: Annotated[
        bool, typer.Option("--engine", help="Let the engine look for larger changes as well.")
    ] = False,
    duplicates: Duplicates = "refuse",
    unknown: Unknown = "refuse",
    coordinates: Coordinates = "auto",
    crs: Crs = None,
    as_json: AsJson = False,
) -> None:
    """Say how a plan stands, what is wrong with it, what would help, and what is not known."""
    started = time.perf_counter()
    check_band(tolerance)
    from territory.advise.adjustments import adjustments
    from territory.advise.assessment import as_text, assessment
    from territory.advise.findings import Context, findings, questions
    from territory.advise.outlook import look_ahead
    from territory.intake import Files
    from territory.intake.match import Choices

    choices = Choices.of(duplicates, unknown, coordinates, crs)
    files = Files(
        units, attributes=attributes, accounts=accounts, team=team, sales=sales,
        travel_times=travel_times,
    )  # fmt: skip
    project, _, seconds = read_inputs(files, id_column, parse_measures(measure), tolerance, choices)
    looked_at = read_plan(plan, project.units, project)
    before = read_plan(baseline, project.units, project) if baseline else None
    context = Context(project, looked_at, before)
    outlook = look_ahead(context, progress=show_progress()) if engine else None
    found, changes = findings(context), adjustments(context, outlook)
    verdicts, asked = assessment(context, outlook), questions(context)
    if as_json:
        print_json(
            {
                "findings": [_finding(context, f) for f in found],
                "adjustments": [_adjustment(context, a) for a in changes],
                "questions": [q.words for q in asked],
                **seconds,
                "seconds_total": time.perf_counter() - started,
            }
        )
        return
    print(as_text(context, project.name, verdicts, found))
    if changes:
        print("\nWhat would help:")
    for change in changes[:5]:
        print(f"- {change.title}. {change.why.text(project.settings)}")
    if asked:
        print("\nNot known:")
    for question in asked:
        print(f"- {question.words}")


def _numbers(numbers: dict[str, Number]) -> dict[str, Any]:
    return {n: {"value": number.value, "source": number.source} for n, number in numbers.items()}


def _finding(context: Context, finding: Finding) -> dict[str, Any]:
    return {
        "kind": finding.kind,
        "severity": finding.severity,
        "share": finding.share,
        "text": finding.said.text(context.settings),
        "numbers": _numbers(dict(finding.numbers)),
        "action": finding.action.text(context.settings),
        "territories": list(finding.territories),
        "units": list(finding.units),
        "accounts": list(finding.accounts),
    }


def _adjustment(context: Context, one: Adjustment) -> dict[str, Any]:
    pairs = one.effect.numbers().items()
    return {
        "kind": one.sort,
        "title": one.title,
        "why": one.why.text(context.settings),
        "worth": one.effect.worth,
        "effects": {label: [before.value, after.value] for label, (before, after) in pairs},
        "disruption": one.effect.disruption,
        "territories": list(one.territories),
        "units": list(one.units),
        "accounts": list(one.accounts),
    }
