"""A handover on its way out: one zip, or files in a folder, with progress and a way to stop."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from territory.errors import Cancelled, InputError, Problem
from territory.export.archive import add
from territory.export.files import write_bytes
from territory.export.kit import Kit
from territory.optimize import Progress

__all__ = ["bundle", "write_folder"]

README = "README.txt"

Tell = Callable[[Progress], None]
Halted = Callable[[], bool]


def bundle(
    kit: Kit,
    parts: Collection[str],
    tell: Tell = lambda state: None,
    halted: Halted = lambda: False,
) -> bytes:
    """The files of some of PARTS in one zip; the same plan gives the same bytes.

    Parameters
    ----------
    kit
        The plan and how it is written.
    parts
        Names in PARTS.
    tell
        Told which file is being made.
    halted
        Asked before each file; True stops.

    Raises
    ------
    Cancelled
        If it was stopped.
    PlanError
        If a part does not exist, or can't be made of this plan.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for path, content in _made(kit, parts, tell, halted):
            add(archive, path, content)
    return out.getvalue()


def write_folder(
    kit: Kit, parts: Collection[str], folder: Path, tell: Tell = lambda state: None
) -> list[str]:
    """The same as files in a folder, each written all or nothing; the paths within it.

    Raises
    ------
    InputError
        If the folder can't be made, or a file can't be written.
    PlanError
        As ``bundle``.
    """
    written = []
    for path, content in _made(kit, parts, tell, lambda: False):
        target = folder / path
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
        except OSError as fault:
            raise InputError(
                Problem(
                    f"the folder can't be made: {fault.strerror or fault}",
                    file=target.parent.name,
                    remedy="choose another folder, or remove the file of that name",
                )
            ) from fault
        write_bytes(target, content)
        written.append(path)
    return written


def _made(
    kit: Kit, parts: Collection[str], tell: Tell, halted: Halted
) -> Iterator[tuple[str, bytes]]:
    """Path and content of each file, one after the other."""
    items = list(kit.items(parts))
    yield README, kit.about(parts)
    for step, item in enumerate(items):
        if halted():
            raise Cancelled("The handover was stopped; nothing was written.")
        tell(Progress(step, len(items), item.path))
        yield item.path, item.make()
    tell(Progress(len(items), len(items), "Done"))
