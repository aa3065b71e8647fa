"""Excel workbooks, read in a limited child process."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from typing import Any, NamedTuple

from territory.intake.archive import DAMAGED, members
from territory.intake.source import Source
from territory.intake.workbook_child import MEMORY

MOST_ROWS = 200_000
MOST_COLUMNS = 500
_UNPACKED = 300_000_000
_SECONDS = 9.0
_CSV = "Save the sheet as CSV and use that."


class Sheet(NamedTuple):
    """The first sheet with anything in it, as text."""

    rows: list[list[str]]
    notes: list[str]


def read_workbook(source: Source) -> Sheet:
    """Read an .xlsx workbook.

    Raises
    ------
    InputError
        If it is damaged, hostile, too large, or takes too long.
    """
    _inspect(source)
    with tempfile.TemporaryDirectory(prefix="territory-") as folder:
        path = Path(folder) / "book.xlsx"
        path.write_bytes(source.data)
        answer = _ask_child(source, path)
    if "error" in answer:
        raise source.refuse(f"the workbook can't be read: {answer['error']}", _CSV)
    notes = []
    if answer["others"]:
        notes.append(
            f"{source.name}: sheet {answer['sheet']!r} was read; not read: "
            + ", ".join(repr(name) for name in answer["others"][:5])
        )
    return Sheet(answer["rows"], notes)


def _inspect(source: Source) -> None:
    """Refuse archives that are no workbook or define entities, before a parser sees them."""
    found = members(source, largest=_UNPACKED)
    names = {m.filename for m in found}
    if not {"[Content_Types].xml", "xl/workbook.xml"} <= names:
        what = "a binary workbook (.xlsb)" if "xl/workbook.bin" in names else "no .xlsx workbook"
        raise source.refuse(f"this is {what}", "Save it as .xlsx or .csv.")
    try:
        with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
            for member in found:
                if not member.filename.lower().endswith((".xml", ".rels")):
                    continue
                with archive.open(member) as part:
                    head = part.read(1 << 16).replace(b"\0", b"")
                if re.search(rb"<!(DOCTYPE|ENTITY)", head, re.IGNORECASE):
                    raise source.refuse(
                        "the workbook defines XML entities, which no honest one does",
                        "Open it in Excel and save it again as .xlsx or .csv.",
                    )
    except DAMAGED as error:
        raise source.refuse("the workbook is damaged", "Save or download it again.") from error


def _ask_child(source: Source, path: Path) -> dict[str, Any]:
    """Run the reader, watch its time and memory, return what it says."""
    # One thread: the child's address space is capped, and thread pools reserve a lot of it.
    env = os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    child = [sys.executable, "-P", "-m", "territory.intake.workbook_child", str(path)]
    with (path.parent / "answer.json").open("w+b") as out:
        process = subprocess.Popen(
            [*child, str(MOST_ROWS), str(MOST_COLUMNS)],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.DEVNULL,
            env=env | {"PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
        )
        verdict = _watch(process)
        if verdict:
            raise source.refuse(f"the workbook {verdict}; it was not read", _CSV)
        out.seek(0)
        try:
            answer = json.loads(out.read())
        except ValueError as error:
            message = "the workbook needs too much memory or time; it was not read"
            raise source.refuse(message, _CSV) from error
    return dict(answer)


def _watch(process: subprocess.Popen[bytes]) -> str | None:
    """Wait for the child; stop it where it exceeds its limits and say which."""
    import psutil

    end = time.monotonic() + _SECONDS
    while True:
        try:
            process.wait(timeout=0.1)
            return None
        except subprocess.TimeoutExpired:
            pass  # Still at work: see whether it may go on.
        try:
            used = psutil.Process(process.pid).memory_info().rss
        except psutil.Error:
            used = 0  # It ended between the two questions.
        late = time.monotonic() > end
        if late or used > MEMORY:
            process.kill()
            process.wait()
            return "takes too long to read" if late else "needs too much memory"
