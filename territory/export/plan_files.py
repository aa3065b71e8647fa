"""Write a plan to a path; its ending chooses the format."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from territory.errors import InputError, Problem
from territory.export.catalogue import EXPORTS, Make
from territory.export.files import write_bytes
from territory.intake import read_alignment
from territory.intake.source import SourceLike, open_source
from territory.model import Plan, Project
from territory.model.plan import UNASSIGNED

__all__ = ["check_plan_path", "read_back", "write_plan"]

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


def read_back(plan: Plan, source: SourceLike) -> Plan:
    """A plan as somebody edited it in the workbook or in a plan file.

    Territories stay as they are; a unit without an id, or left out, belongs to nobody.

    Raises
    ------
    InputError
        If the file can't be read, or names a unit or territory that this plan does not have.
    LockError
        If it moves what is locked.
    """
    found = read_alignment(source, plan.units)
    unknown = sorted(set(found.values()) - set(plan.territory_ids))
    if unknown:
        raise InputError(
            Problem(
                f"there is no territory {unknown[0]!r} in this plan",
                file=open_source(source).name,
                remedy="use an ID of the sheet Territories, or add the territory on the map first",
            )
        )
    where = {t: i for i, t in enumerate(plan.territory_ids)}
    wanted = np.array([where.get(found.get(u, ""), UNASSIGNED) for u in plan.units.ids], np.int64)
    for target in np.unique(wanted[wanted != plan.alignment]):
        moving = np.flatnonzero((wanted == target) & (plan.alignment != target))
        plan = plan.move_positions(moving, int(target))
    return plan
