"""Reading in a process that may die: limited in memory and time, watched, stopped on demand.

Whatever a file provokes inside a parser costs a message, never the server or the open plan.
"""

from __future__ import annotations

import copyreg
import logging
import os
import pickle
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from territory.errors import Cancelled, InputError, Problem
from territory.intake.files import Files
from territory.intake.source import Source, open_source

log = logging.getLogger(__name__)


def _view(content: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(content)


# Plans hold read-only views of dictionaries, which pickle does not know by itself.
copyreg.pickle(MappingProxyType, lambda view: (_view, (dict(view),)))

MEMORY = 4_000_000_000
SECONDS = 300.0
"""Enough for every ZIP of the country and five million accounts, on a slow machine."""


class Reading:
    """One reading under way. ``running`` watches it; ``result`` is what it found.

    Parameters
    ----------
    verb
        "read_project", "update_project", "inspect" or "first_rows".
    arguments
        Its arguments by name. Files in it are copied to a folder of ours under names of ours.
    memory, seconds
        Bytes and wall time after which the reading is stopped.
    """

    def __init__(
        self,
        verb: str,
        arguments: Mapping[str, Any],
        *,
        memory: int = MEMORY,
        seconds: float = SECONDS,
    ) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="territory-")
        self._memory, self._end = memory, time.monotonic() + seconds
        self._verdict = ""
        self._file = ""
        here = Path(self._folder.name)
        try:
            request = (verb, self._packed(arguments), memory, int(seconds) + 1)
            (here / "request").write_bytes(pickle.dumps(request))
        except BaseException:
            self._folder.cleanup()
            raise
        # OpenBLAS reserves memory a thread, and the address space is capped.
        env = os.environ | {"OPENBLAS_NUM_THREADS": "2", "OMP_NUM_THREADS": "2"}
        with (here / "log").open("wb") as out:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "territory.intake.child_main", str(here)],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                env=env | {"PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
            )

    def _packed(self, value: Any) -> Any:
        """The same with uploads moved to the disk, so that their bytes are held once."""
        if isinstance(value, tuple) and len(value) == 2 and isinstance(value[1], bytes):
            value = open_source(value)
        if isinstance(value, Source):
            self._file = self._file or value.name
            if value.upload is None:
                return replace(value)
            path = Path(self._folder.name) / f"upload{len(list(Path(self._folder.name).iterdir()))}"
            path.write_bytes(value.upload)
            return replace(value, path=path, upload=None)
        if isinstance(value, os.PathLike):
            self._file = self._file or Path(value).name
        if isinstance(value, Files):
            inner = {f.name: self._packed(getattr(value, f.name)) for f in fields(value)}
            return replace(value, **inner)
        if isinstance(value, Mapping):
            return {key: self._packed(item) for key, item in value.items()}
        return value

    @property
    def stage(self) -> str:
        """What it is doing, in words."""
        try:
            return (Path(self._folder.name) / "stage").read_text(encoding="utf-8")
        except OSError:
            return "Starting the reader"

    @property
    def running(self) -> bool:
        """Whether it still works; stops it where it exceeds its limits."""
        if self._process.poll() is not None:
            return False
        import psutil

        try:
            used = psutil.Process(self._process.pid).memory_info().rss
        except psutil.Error:
            used = 0  # It ended between the two questions.
        if time.monotonic() > self._end:
            self._verdict = "takes too long to read"
        elif used > self._memory:
            self._verdict = "needs too much memory"
        if self._verdict:
            self._kill()
        return not self._verdict

    def result(self) -> Any:
        """What was read. Waits for it.

        Raises
        ------
        InputError
            As the reader raised it, or because it was stopped or died.
        """
        while self.running:
            time.sleep(0.05)
        here = Path(self._folder.name)
        try:
            answer = (here / "answer").read_bytes()
        except OSError:
            answer = b""
            said = (here / "log").read_text(encoding="utf-8", errors="replace")
            log.warning("The reader ended without an answer: %s", said[-2000:])
        self.stop()
        if not answer:
            said = self._verdict or "makes the reader fail"
            remedy = "Save it again in another format, or leave out what you don't need."
            raise InputError(
                Problem(f"the file {said}; it was not read", self._file, None, remedy=remedy)
            )
        # Our own process wrote this, into a folder of ours.
        kind, value = pickle.loads(answer)
        if kind == "problems":
            raise InputError(value)
        return value

    def stop(self) -> None:
        """End it and clean up; may be called at any time, and again."""
        self._kill()
        self._folder.cleanup()

    def _kill(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()


def read_apart(
    verb: str,
    *,
    tell: Callable[[str], None] | None = None,
    cancel: Callable[[], bool] | None = None,
    **arguments: Any,
) -> Any:
    """Read in a process apart and wait for the result.

    Parameters
    ----------
    tell
        Told each new stage.
    cancel
        Asked now and then whether to stop; then Cancelled is raised.
    """
    reading = Reading(verb, arguments)
    try:
        said = ""
        while reading.running:
            if cancel is not None and cancel():
                raise Cancelled("Stopped; nothing was changed.")
            if tell is not None and reading.stage != said:
                said = reading.stage
                tell(said)
            time.sleep(0.05)
        return reading.result()
    finally:
        reading.stop()
