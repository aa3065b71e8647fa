"""Runs beside the page: results, faults, queue, cancel."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from territory.errors import PlanError
from territory.model import Plan
from territory.ui import runs
from territory.ui.runs import Run


def awaited(run: Run) -> Run:
    """The run once it has ended."""
    assert run._done.wait(timeout=60)
    return run


def test_a_fault_in_words_reaches_the_user(halves: Plan) -> None:
    """Our own errors are shown; others are logged and shown without their details."""

    def refuse(*_: object) -> None:
        raise PlanError("Locked: 00.")

    def crash(*_: object) -> None:
        raise RuntimeError("secret detail")

    told = awaited(Run(halves, "potential").start(refuse, lambda _: halves))  # type: ignore[arg-type]
    assert told.fault == "Locked: 00." and told.plan is None
    hidden = awaited(Run(halves, "potential").start(crash, lambda _: halves))  # type: ignore[arg-type]
    assert "unexpected" in hidden.fault and "secret" not in hidden.fault


def test_places_are_few_and_waiting_can_be_stopped(
    halves: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A third run waits; cancelled there, it never begins; the places come back."""
    monkeypatch.setattr(runs, "SLOTS", threading.BoundedSemaphore(2))
    go, begun = threading.Event(), []

    def wait(progress: object, cancel: Callable[[], bool]) -> str:
        begun.append(cancel)
        assert go.wait(timeout=60)
        return "proposal"

    first = [Run(halves, "a").start(wait, lambda _: halves) for _ in range(2)]  # type: ignore[arg-type]
    third = Run(halves, "b")
    while len(begun) < 2:
        threading.Event().wait(0.01)
    third.start(wait, lambda _: halves)  # type: ignore[arg-type]
    third.cancel()
    assert awaited(third).fault and len(begun) == 2
    go.set()
    assert [awaited(run).plan for run in first] == [halves, halves]
    assert awaited(Run(halves, "c").start(wait, lambda _: halves)).plan is halves  # type: ignore[arg-type]
