"""``territory check --watch FOLDER``: read a drop again when it changes; say what changed."""

from __future__ import annotations

import json
import re
import sys
from itertools import count
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING, Any

from territory.errors import InputError, Problem

if TYPE_CHECKING:
    from territory.intake import Files, Report
    from territory.intake.refresh import Difference
    from territory.model import Project

__all__ = ["files_in", "watch"]

_NAMES = (
    ("accounts", r"account|customer|compan"),
    ("quotas", r"quota"),
    ("travel_times", r"travel|drive|minutes|matrix"),
    ("competition", r"compet|rival"),
    ("sales", r"sales|history|revenue"),
    ("alignment", r"align|current|plan|assign"),
    ("team", r"team|reps?\b|people"),
    ("attributes", r"attribute|measure|potential"),
    ("boundaries", r"unit|zip|zcta|boundar|area|postcode|plz"),
)
"""What a file is by the words in its name; the first that fits, and each kind once."""

_SHAPES = (".geojson", ".topojson", ".gpkg", ".fgb", ".kml", ".zip")
_TABLES = (".csv", ".tsv", ".xlsx", ".parquet")


def files_in(folder: Path) -> Files:
    """The files of a drop, told apart by their names; the newest where several fit.

    Raises
    ------
    InputError
        If it is no folder, or there are neither boundaries nor a table of units in it.
    """
    from territory.intake import Files

    if not folder.is_dir():
        raise InputError(Problem(f"--watch {folder}: there is no such folder", remedy="Check it."))
    found: dict[str, Path] = {}
    paths = [p for p in folder.iterdir() if p.is_file() and not p.name.startswith((".", "~"))]
    for path in sorted(paths, key=lambda p: (-p.stat().st_mtime, p.name)):
        kind = _kind(path)
        if kind is not None:
            found.setdefault(kind, path)
    if "boundaries" not in found:
        raise InputError(
            Problem(
                f"--watch {folder.name}: no boundaries in it, nor a table of units",
                remedy="Put a file such as units.geojson or zips.csv there.",
            )
        )
    return Files(**found)


def _kind(path: Path) -> str | None:
    suffix = path.suffix.lower()
    if suffix in _SHAPES:
        return "boundaries"
    if suffix not in _TABLES:
        return None
    words = path.stem.lower().replace("_", " ").replace("-", " ")
    return next((kind for kind, pattern in _NAMES if re.search(pattern, words)), None)


def watch(
    folder: Path, *, as_json: bool = False, every: float = 5.0, rounds: int | None = None
) -> None:
    """Read the drop now and after each change; a fault is told and waited out.

    Parameters
    ----------
    folder
        Where the files are put.
    as_json
        One object a reading, each on a line of its own.
    every
        Seconds between looks. A file is read once it has been the same for two of them.
    rounds
        Looks after which to end; without, never.
    """
    before: Project | None = None
    files_in(folder)
    done: dict[str, tuple[float, int]] = {}
    last: dict[str, tuple[float, int]] | None = None
    for i in count():
        now = _state(folder)
        if now != done and (now == last or i == 0):
            before = _reading(folder, before, as_json)
            done = now
        last = now
        if rounds is not None and i + 1 >= rounds:
            return
        sleep(every)


def _state(folder: Path) -> dict[str, tuple[float, int]]:
    out = {}
    for path in folder.iterdir():
        try:
            stat = path.stat()
        except OSError:
            continue  # It went away between the two questions.
        out[path.name] = (stat.st_mtime, stat.st_size)
    return out


def _reading(folder: Path, before: Project | None, as_json: bool) -> Project | None:
    """Read once and print; the project to compare the next one with."""
    from territory.intake.child import read_apart
    from territory.intake.refresh import differences

    try:
        project, _, report = read_apart("read_project", files=files_in(folder))
    except InputError as error:
        _print_fault(error, as_json)
        return before
    found = differences(before, project) if before is not None else []
    _print(report, found, as_json)
    return project


def _print(report: Report, found: list[Difference], as_json: bool) -> None:
    if as_json:
        changes = [
            {"table": d.what, "new": d.new, "changed": d.changed, "gone": d.gone} for d in found
        ]
        _line(report.to_json() | {"changes": changes})
        return
    print(report.to_text())
    for difference in found:
        print(f"  {difference}")
    sys.stdout.flush()


def _print_fault(error: InputError, as_json: bool) -> None:
    if as_json:
        _line({"problems": [problem.as_dict() for problem in error.problems]})
    else:
        print(error, file=sys.stderr, flush=True)


def _line(value: dict[str, Any]) -> None:
    print(json.dumps(value, allow_nan=False), flush=True)
