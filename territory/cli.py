"""The same verbs for scripts and CI.

Exit codes: 0 done, 2 bad arguments or bad input, 1 anything else. With ``--json`` one object goes
to stdout and nothing else; messages and progress go to stderr. Heavy imports wait until a command
needs them.
"""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from territory import cli_count as number
from territory import cli_rules as flags
from territory.cli_advise import advise
from territory.cli_export import export
from territory.cli_flags import (
    AccountsFile,
    AsJson,
    Attributes,
    Coordinates,
    Crs,
    Duplicates,
    IdColumn,
    Measures,
    TeamFile,
    TravelFile,
    UnitsFile,
    Unknown,
)
from territory.cli_inputs import (
    locks_of,
    parse_measures,
    read_inputs,
    read_plan,
    with_kept_accounts,
)
from territory.cli_output import finish, nearest, print_json, say, show_progress
from territory.cli_rules import RuleFlags, each_tolerance, judged, parse_tolerance
from territory.errors import InputError, PlanError, Problem, TerritoryError

__all__ = ["app", "main"]

app = typer.Typer(
    name="territory",
    help="Design sales territories: check data, propose a plan, evaluate it, open the dashboard.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

app.command()(export)
app.command()(advise)


@app.command(name="app")
def app_command(
    port: Annotated[int, typer.Option("--port", help="Port of the dashboard.")] = 8501,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Don't open it.")] = False,
) -> None:
    """Open the dashboard in the browser."""
    from territory.launch import run_app

    raise typer.Exit(run_app(port, browser=not no_browser))


@app.command()
def propose(
    units: UnitsFile,
    team: TeamFile = None,
    territories: number.Territories = None,
    capacity: number.Capacity = None,
    attributes: Attributes = None,
    accounts: AccountsFile = None,
    travel_times: TravelFile = None,
    id_column: IdColumn = None,
    measure: Measures = None,
    tolerance: flags.Tolerance = None,
    homes: Annotated[bool, typer.Option("--homes", help="Stay near the reps' homes.")] = False,
    current: Annotated[
        Path | None, typer.Option("--current", help="PLAN.csv to change as little as possible.")
    ] = None,
    max_disruption: flags.MaxDisruption = None,
    disruption_measure: flags.DisruptionMeasure = None,
    stay: flags.Stay = 1.0,
    locks: flags.Locked = None,
    only: flags.Only = None,
    least: flags.Least = None,
    most: flags.Most = None,
    together: flags.Together = None,
    together_accounts: flags.TogetherAccounts = None,
    barriers: flags.Barriers = None,
    no_ferries: flags.NoFerries = False,
    max_km: flags.MaxKm = None,
    max_minutes: flags.MaxMinutes = None,
    regions: flags.Regions = None,
    region_territories: flags.RegionTerritories = None,
    excluded: flags.Excluded = None,
    needs: flags.Needs = None,
    shortest: flags.Shortest = False,
    seed: Annotated[int, typer.Option("--seed", help="Same seed, same plan.")] = 1,
    restarts: Annotated[
        int | None, typer.Option("--restarts", min=1, help="Independent starts.")
    ] = None,
    time_limit: Annotated[
        float | None, typer.Option("--time-limit", help="Stop after so many seconds.")
    ] = None,
    bound: Annotated[
        bool, typer.Option("--bound/--no-bound", help="Say how far it is from the best possible.")
    ] = True,
    bound_time: Annotated[
        float | None,
        typer.Option(
            "--bound-time", min=0.0, help="Seconds for that; by default only where 1 is enough."
        ),
    ] = None,
    out: Annotated[
        list[Path] | None, typer.Option("--out", help=".csv, .xlsx, .geojson or .gpkg; repeat.")
    ] = None,
    duplicates: Duplicates = "refuse",
    unknown: Unknown = "refuse",
    coordinates: Coordinates = "auto",
    crs: Crs = None,
    as_json: AsJson = False,
) -> None:
    """Propose balanced, contiguous, compact territories."""
    started = time.perf_counter()
    from territory.export import check_plan_path, write_plan
    from territory.intake import Files
    from territory.intake.match import Choices
    from territory.metrics import Case, report
    from territory.optimize import foresee
    from territory.optimize import propose as engine

    number.check(territories, capacity)
    weights = parse_measures(measure)
    choices = Choices.of(duplicates, unknown, coordinates, crs)
    plain, own = parse_tolerance(tolerance)
    if (team is None) == (territories is None) and not (team is None and current is not None):
        raise InputError(
            Problem(
                "Say how many territories: exactly one of --team and --territories is needed",
                remedy="Add --territories 24, or --team team.csv",
            )
        )
    if max_disruption is not None and current is None:
        raise InputError(
            Problem(
                "--max-disruption needs the plan it is counted against",
                remedy="Add --current PLAN.csv",
            )
        )
    for path in out or []:
        check_plan_path(path)
    files = Files(units, attributes, accounts, team, travel_times=travel_times)
    project, weights, seconds = read_inputs(files, id_column, weights, plain, choices)
    allowed = each_tolerance(weights, plain, own)
    given = RuleFlags(
        *(least, most, together, together_accounts, barriers, no_ferries, max_km),
        *(max_minutes, regions, region_territories, stay, excluded, needs, shortest),
    )
    rules = given.rules(project)
    baseline = read_plan(current, project.units, project) if current else None
    kept = locks_of(locks, project)
    before = with_kept_accounts(baseline, project, kept)
    load, offset = project.units, None
    if before is not None and before.named_accounts:
        from territory.optimize.named import without_named

        load, offset = without_named(before, project.accounts, weights)
        # The territories of reps come first, in the order of the team.
        offset = offset[: len(project.team) if project.team else None]
    asked: dict[str, Any] = {
        "territories": number.of_territories(territories, capacity, project.units),
        "team": project.team,
        "measures": weights,
        "tolerance": allowed,
        "homes": homes,
        "current": replace(baseline, units=load) if baseline else None,
        "locks": kept,
        "offset": offset,
        "max_disruption": max_disruption,
        "disruption_measure": disruption_measure,
        "only": only,
        "rules": rules,
        "roads": given.roads(project),
    }
    for case in foresee(load, **asked):
        say(f"Known beforehand: {case['reason']}.{nearest(case)}")
    result = engine(
        load,
        **asked,
        seed=seed,
        restarts=restarts,
        time_limit=time_limit,
        progress=show_progress(),
    )
    proof = None
    # Named accounts count beside the units, which the bound knows nothing of.
    if bound and offset is None:
        from territory.optimize import certificate

        proof = certificate(result, team=project.team if homes else None, time_limit=bound_time)
    named = before.named_accounts if before is not None else {}
    proposed = replace(result.plan, units=project.units, named_accounts=named)
    figures = judged(report(Case(proposed, weights, plain, baseline, project)), allowed)
    if rules:
        figures["violations"] = [found.to_json() for found in result.violations]
    if disruption_measure and baseline is not None:
        figures["disruption"] = {**figures["disruption"], **result.disruption}
    figures |= {
        "infeasible": list(result.infeasible),
        "bound": None if proof is None else proof.to_json(),
        "seconds": result.seconds,
        "seed": seed,
        "stopped_by": result.stopped_by,
        **seconds,
    }
    for path in out or []:
        write_plan(path, proposed, project=project, baseline=baseline)
        say(f"Wrote {path.name}")
    finish(figures, started, as_json)
    if proof is not None and not as_json:
        print(proof.text())


@app.command()
def evaluate(
    units: UnitsFile,
    plan: Annotated[Path, typer.Option("--plan", help="PLAN.csv to measure.")],
    baseline: Annotated[
        Path | None, typer.Option("--baseline", help="PLAN.csv to compare with.")
    ] = None,
    team: TeamFile = None,
    attributes: Attributes = None,
    accounts: AccountsFile = None,
    travel_times: TravelFile = None,
    id_column: IdColumn = None,
    measure: Measures = None,
    tolerance: flags.Tolerance = None,
    max_disruption: flags.MaxDisruption = None,
    disruption_measure: flags.DisruptionMeasure = None,
    locks: flags.Locked = None,
    least: flags.Least = None,
    most: flags.Most = None,
    together: flags.Together = None,
    together_accounts: flags.TogetherAccounts = None,
    barriers: flags.Barriers = None,
    no_ferries: flags.NoFerries = False,
    max_km: flags.MaxKm = None,
    max_minutes: flags.MaxMinutes = None,
    regions: flags.Regions = None,
    region_territories: flags.RegionTerritories = None,
    excluded: flags.Excluded = None,
    needs: flags.Needs = None,
    duplicates: Duplicates = "refuse",
    unknown: Unknown = "refuse",
    coordinates: Coordinates = "auto",
    crs: Crs = None,
    as_json: AsJson = False,
) -> None:
    """Measure a plan: balance, contiguity, compactness, disruption."""
    started = time.perf_counter()
    from territory.intake import Files
    from territory.intake.match import Choices
    from territory.metrics import Asked, Case, every_metric, report, violations

    weights = parse_measures(measure)
    choices = Choices.of(duplicates, unknown, coordinates, crs)
    plain, own = parse_tolerance(tolerance)
    files = Files(units, attributes, accounts, team, travel_times=travel_times)
    project, weights, seconds = read_inputs(files, id_column, weights, plain, choices)
    allowed = each_tolerance(weights, plain, own)
    given = RuleFlags(
        *(least, most, together, together_accounts, barriers, no_ferries, max_km),
        *(max_minutes, regions, region_territories, 1.0, excluded, needs),
    )
    measured = read_plan(plan, project.units, project)
    before = read_plan(baseline, project.units, project) if baseline else None
    case = Case(measured, weights, plain, before, project)
    figures = judged(report(case), allowed) | {"metrics": every_metric(case)}
    asked = Asked(
        *(given.rules(project), project.team, before, max_disruption, disruption_measure),
        roads=given.roads(project),
    )
    kept = locks_of(locks, project)
    held = measured.with_locks(kept) if kept else measured
    figures["violations"] = [found.to_json() for found in violations(held, asked)]
    figures |= {"seconds": 0.0, "seed": None, "stopped_by": None, **seconds}
    finish(figures, started, as_json)


@app.command()
def check(
    units: Annotated[
        Path | None, typer.Argument(help="Boundary file, or a table of ids.", metavar="UNITS")
    ] = None,
    attributes: Attributes = None,
    accounts: AccountsFile = None,
    team: TeamFile = None,
    travel_times: TravelFile = None,
    id_column: IdColumn = None,
    duplicates: Duplicates = "refuse",
    unknown: Unknown = "refuse",
    coordinates: Coordinates = "auto",
    crs: Crs = None,
    watch: Annotated[
        Path | None,
        typer.Option("--watch", help="Read a folder again whenever its files change."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say what was understood in your files, what was repaired, and what is wrong."""
    if (units is None) == (watch is None):
        raise InputError(
            Problem(
                "Say what to check: either a file of units or --watch FOLDER",
                remedy="territory check units.geojson",
            )
        )
    if watch is not None:
        from territory.cli_watch import watch as keep_reading

        keep_reading(watch, as_json=as_json)
        return
    from territory.intake.child import read_apart
    from territory.intake.match import Choices

    found = read_apart(
        "inspect",
        units=units,
        attributes=attributes,
        accounts=accounts,
        team=team,
        travel_times=travel_times,
        id_column=id_column,
        choices=Choices.of(duplicates, unknown, coordinates, crs),
    )
    if as_json:
        print_json(found.to_json())
    else:
        print(found.to_text())


@app.command()
def warmup() -> None:
    """Compile the engine now, so that the first run does not wait."""
    from territory.optimize.warmup import warm

    started = time.perf_counter()
    warm()
    say(f"The engine is ready ({time.perf_counter() - started:.1f} s).")


def main() -> None:
    """Run a command; a fault in the input is one clear message and exit code 2."""
    for stream in (sys.stdout, sys.stderr):
        # Names may hold any script; a Windows console in cp1252 must not stop the command.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        app()
    except (InputError, PlanError) as error:
        say(str(error))
        sys.exit(2)
    except TerritoryError as error:
        say(str(error))
        sys.exit(1)
    except FileNotFoundError as error:
        say(f"There is no file {error.filename}. Remedy: check the path.")
        sys.exit(2)


if __name__ == "__main__":
    main()
