"""Write a plan to a path; its ending chooses the format."""

from __future__ import annotations

from pathlib import Path

from territory.errors import InputError, Problem
from territory.export.catalogue import EXPORTS, Make
from territory.export.files import write_bytes
from territory.model import Plan, Project

__all__ = ["check_plan_path", "write_plan"]

FORMATS: dict[str, str] = {".csv": "csv", ".xlsx": "xlsx", ".geojson": "geojson", ".gpkg": "gpkg"}
"""Ending of a plan file → key in EXPORTS."""


def check_plan_path(path: str | Path) -> Make:
    """The exporter for a path, found before any long work is done.

    Raises
    ------
    InputError
        If the ending is none of ours, or the folder does not exist.
    """
    path = Path(path)
    kind = FORMATS.get(path.suffix.lower())
    if kind is None:
        ending = f"the ending {path.suffix!r}" if path.suffix else "no ending"
        raise InputError(
            Problem(
                f"a plan can't be written to a file with {ending}",
                file=path.name,
                remedy=f"end the name with one of {', '.join(FORMATS)}",
            )
        )
    if not path.parent.is_dir():
        raise InputError(
            Problem(
                "the folder of this file does not exist",
                file=path.name,
                remedy=f"make the folder {path.parent.name!r} first",
            )
        )
    return EXPORTS[kind].make


def write_plan(
    path: str | Path, plan: Plan, project: Project | None = None, baseline: Plan | None = None
) -> None:
    """Write a plan as .csv, .xlsx, .geojson or .gpkg; a file of that name is replaced.

    Raises
    ------
    InputError
        If the ending is none of these, or the file can't be written.
    """
    make = check_plan_path(path)
    write_bytes(path, make(project, plan, baseline))
