"""A proposal meets a plan that went on meanwhile."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from territory.errors import LockError, PlanError
from territory.model import History, Locks, Plan, Project, Units, Workspace
from territory.ui.proposals import begin_run, laid_over
from territory.ui.wishes import Wish


def test_locks_of_today_come_through(halves: Plan) -> None:
    """What was locked after the run began stays locked when nothing of it moves."""
    proposed = halves.move(["01"], "East")
    locked = halves.with_locks(Locks.of(units=["00"]))
    result = laid_over(locked, proposed)
    assert np.array_equal(result.alignment, proposed.alignment)
    assert result.locks == locked.locks


@pytest.mark.parametrize(
    "locks",
    [Locks.of(units=["01"]), Locks.of(territories=["West"]), Locks.of(territories=["East"])],
)
def test_a_locked_unit_refuses_the_proposal(halves: Plan, locks: Locks) -> None:
    """A lock set while the engine ran holds: on the unit, its territory, or where it would go."""
    with pytest.raises(LockError, match="01") as caught:
        laid_over(halves.with_locks(locks), halves.move(["01"], "East"))
    assert caught.value.unit_ids == ("01",)


def test_other_territories_are_another_plan(board: Units, halves: Plan) -> None:
    """Positions mean nothing between plans with other territories."""
    with pytest.raises(PlanError, match="Run it again"):
        laid_over(halves, Plan.blank(board, 2))


@pytest.mark.parametrize(("start", "expected"), [("balanced", "West"), ("current", "East")])
def test_a_clean_sheet_goes_to_those_who_have_most_of_it(
    halves: Plan, monkeypatch: pytest.MonkeyPatch, start: str, expected: str
) -> None:
    """The engine numbers anew: shapes are matched with today's owners."""
    swapped = halves.with_alignment(1 - halves.alignment)
    monkeypatch.setattr(
        "territory.optimize.engine.propose", lambda *_, **__: SimpleNamespace(plan=swapped)
    )
    here = Workspace(Project("Board", halves.units), History.start(halves), halves)
    wish = Wish({"potential": 1.0}, 0.05, start, homes=False, max_disruption=None, seed=1)
    run = begin_run(here, wish)
    assert run._done.wait(timeout=60) and run.fault == ""
    assert run.plan is not None and run.plan.to_mapping()["00"] == expected
