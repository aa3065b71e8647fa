"""Several proposals at once, on threads; callbacks stay on the caller's thread."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any

from territory.errors import InputError
from territory.model import Units
from territory.optimize.engine import propose
from territory.optimize.result import Proposal

__all__ = ["SideBySide"]

ASK_EVERY = 0.1
"""Seconds between two looks at the cancel flag."""


class SideBySide:
    """Runs batches of proposals; ``stopped`` says whether somebody cancelled."""

    def __init__(self, cancel: Callable[[], bool] | None) -> None:
        self._cancel = cancel
        self._halt = threading.Event()
        self._before: list[Proposal] = []

    @property
    def stopped(self) -> bool:
        """Did the caller cancel?"""
        return self._halt.is_set()

    def __call__(self, units: Units, jobs: Sequence[Mapping[str, Any]]) -> list[Proposal | None]:
        """One proposal a job, in their order; None where that request contradicts itself.

        The very first job is the caller's own request, so its `InputError` is raised.
        """
        with ThreadPoolExecutor(min(len(jobs), os.cpu_count() or 1)) as pool:
            todo = [pool.submit(propose, units, cancel=self._halt.is_set, **job) for job in jobs]
            try:
                while wait(todo, timeout=ASK_EVERY).not_done:
                    if self._cancel is not None and self._cancel():
                        self._halt.set()
            except BaseException:
                self._halt.set()
                raise
        out: list[Proposal | None] = []
        for future in todo:
            try:
                out.append(future.result())
            except InputError:
                if not self._before and not any(out):
                    raise
                out.append(None)
        self._before += [found for found in out if found is not None]
        return out
