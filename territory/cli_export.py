"""``territory export``: everything a plan hands over, so that a nightly job can make it."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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
from territory.errors import InputError, Problem

if TYPE_CHECKING:
    from territory.export.kit import Format, Kit

USUAL = ("workbook", "briefs", "transition", "training", "review", "salesforce", "hubspot", "csv")
"""What is made where nothing is asked for; the calendar too where there is a start date."""


def export(
    units: UnitsFile,
    plan: Annotated[Path, typer.Option("--plan", help="PLAN.csv to hand over.")],
    out: Annotated[
        Path, typer.Option("--out", help="A folder, a .zip, or one file for one thing.")
    ],
    what: Annotated[
        str, typer.Option("--what", help="What to make, separated by commas; all: all but visits.")
    ] = "",
    baseline: Before = None,
    team: TeamFile = None,
    attributes: Attributes = None,
    accounts: AccountsFile = None,
    sales: SalesFile = None,
    travel_times: TravelFile = None,
    id_column: IdColumn = None,
    measure: Measures = None,
    tolerance: Band = 0.15,
    start: Annotated[
        str, typer.Option("--start", help="First day, 2026-01-01; else the quarter after sales.")
    ] = "",
    formats: Annotated[
        str, typer.Option("--formats", help="Of documents: docx, pdf or docx,pdf.")
    ] = "docx,pdf",
    name: Annotated[str, typer.Option("--name", help="The project's name in documents.")] = "",
    duplicates: Duplicates = "refuse",
    unknown: Unknown = "refuse",
    coordinates: Coordinates = "auto",
    crs: Crs = None,
    as_json: AsJson = False,
) -> None:
    """Write workbook, briefs, transition plan, training, review, calendar, CRM and map files."""
    started = time.perf_counter()
    check_band(tolerance)
    day, kinds = _day(start), _formats(formats)
    from dataclasses import replace

    from territory.export.kit import Kit
    from territory.intake import Files
    from territory.intake.match import Choices

    choices = Choices.of(duplicates, unknown, coordinates, crs)
    parts = _parts(what)
    _check_out(out, parts, kinds)
    files = Files(
        units, attributes=attributes, accounts=accounts, team=team, sales=sales,
        travel_times=travel_times,
    )  # fmt: skip
    project, _, seconds = read_inputs(files, id_column, parse_measures(measure), tolerance, choices)
    if name:
        project = replace(project, name=name)
    handed = read_plan(plan, project.units, project)
    before = read_plan(baseline, project.units, project) if baseline else None
    kit = Kit(project, handed, before, day, kinds)
    if not what and kit.handed.start is not None:
        parts.append("ics")
    made, missing = _write(kit, parts, out), _missing(kit)
    result = {
        "files": made,
        "parts": parts,
        "start": kit.handed.start.isoformat() if kit.handed.start else None,
        "missing": missing,
        **seconds,
        "seconds_total": time.perf_counter() - started,
    }
    if as_json:
        print_json(result)
    else:
        print(f"{len(made):,} files in {time.perf_counter() - started:.1f} s: {out.name}")
        for line in missing:
            print(f"Missing: {line}")


def _missing(kit: Kit) -> list[str]:
    from territory.advise.gaps import gaps

    return [text.text for text in gaps(kit.handed)]


def _write(kit: Kit, parts: list[str], out: Path) -> list[str]:
    from territory.export.bundle import bundle, write_folder
    from territory.export.files import write_bytes

    if out.suffix.lower() == ".zip" and parts != ["shapefile"]:
        write_bytes(out, bundle(kit, parts, show_progress()))
        return [out.name]
    if out.suffix and not out.is_dir():
        item = next(i for i in kit.items(parts) if _fits(i.path, out))
        write_bytes(out, item.make())
        return [out.name]
    return write_folder(kit, parts, out, show_progress())


def _fits(path: str, out: Path) -> bool:
    return path.lower().endswith(out.suffix.lower())


ENDINGS = {
    "workbook": ".xlsx", "transition": ".docx .pdf", "review": ".docx .pdf", "ics": ".ics",
    "hubspot": ".csv", "assignments": ".csv", "csv": ".csv",
    "people": ".csv", "geojson": ".geojson", "outlines": ".geojson", "gpkg": ".gpkg",
    "kml": ".kml", "shapefile": ".zip",
}  # fmt: skip
"""Parts that are one file, and how its name may end; documents in the formats asked for."""


def _check_out(out: Path, parts: list[str], kinds: tuple[Format, ...]) -> None:
    """Refuse a place that can't take these files, before any long work."""
    if out.suffix and not out.is_dir():
        if not out.parent.is_dir():
            raise InputError(
                Problem(
                    "the folder of this file does not exist",
                    file=out.name,
                    remedy=f"make the folder {out.parent.name!r} first",
                )
            )
        ending = out.suffix.lower()
        known = ENDINGS.get(parts[0], "").split() if len(parts) == 1 else []
        unasked = {".docx", ".pdf"} - {f".{kind}" for kind in kinds}
        fitting = [end for end in known if end not in unasked]
        if ending != ".zip" and ending not in fitting:
            flag, given = ("formats", list(kinds)) if ending in known else ("what", parts)
            or_end = f", or end it with {' or '.join(fitting)}" if fitting else ""
            raise InputError(
                Problem(
                    f"--out ends with {ending}, which does not fit --{flag} {','.join(given)}",
                    file=out.name,
                    remedy=f"name a folder or a .zip{or_end}",
                )
            )
    elif out.exists() and not out.is_dir():
        raise InputError(
            Problem("--out is a file", file=out.name, remedy="name a folder or a .zip")
        )


def _parts(what: str) -> list[str]:
    from territory.export.kit import PARTS

    if not what:
        return list(USUAL)
    names = list(dict.fromkeys(n.strip() for n in what.split(",") if n.strip()))
    if names == ["all"]:
        return [name for name, part in PARTS.items() if not part.slow]
    for name in names or [what]:
        if name not in PARTS:
            raise InputError(
                Problem(
                    f"--what {name!r} is nothing to export", remedy=f"choose of {', '.join(PARTS)}"
                )
            )
    return names


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(
            Problem(f"--start {text!r} is not a day", remedy="write it as in 2026-01-01")
        ) from None


def _formats(text: str) -> tuple[Format, ...]:
    kinds: list[Format] = []
    for name in text.split(","):
        if name.strip() not in ("docx", "pdf"):
            raise InputError(
                Problem(f"--formats {name!r} is no format", remedy="use docx, pdf or docx,pdf")
            )
        kinds.append("docx" if name.strip() == "docx" else "pdf")
    return tuple(dict.fromkeys(kinds))
