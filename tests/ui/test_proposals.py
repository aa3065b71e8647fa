"""A proposal meets a plan that went on meanwhile."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from territory.errors import LockError, PlanError
from territory.metrics import Asked, Case, max_deviation, roads_of, violations
from territory.model import (
    History,
    Locks,
    Plan,
    Project,
    Rules,
    TravelTimes,
    Units,
    Workspace,
)
from territory.optimize import Proposal
from territory.ui.proposals import begin_run, laid_over, repeat
from territory.ui.wishes import Wish
from tests.optimize.test_named import board_with_accounts, moved
from tests.optimize.test_reach import ENDS, HALVES, ROW


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
    found = Proposal(swapped, {"potential": 1.0}, 0.05, {}, True, 0, 0.0, 1, "done", 1)
    monkeypatch.setattr("territory.optimize.engine.propose", lambda *_, **__: found)
    here = Workspace(Project("Board", halves.units), History.start(halves), halves)
    wish = Wish({"potential": 1.0}, 0.05, start, homes=False, max_disruption=None, seed=1)
    run = begin_run(here, wish)
    assert run._done.wait(timeout=60) and run.fault == ""
    assert run.plan is not None and run.plan.to_mapping()["00"] == expected


@pytest.mark.slow
def test_a_clean_sheet_counts_named_accounts() -> None:
    """Once its shapes have owners, it is evened out with what they have anyway."""
    plan, accounts = board_with_accounts()
    plan = moved(plan, accounts)
    project = Project("Board", plan.units, accounts=accounts)
    here = Workspace(project, History.start(plan), plan)
    wish = Wish({"potential": 1.0}, 0.05, "balanced", homes=False, max_disruption=None, seed=1)
    run = begin_run(here, wish)
    assert run._done.wait(timeout=60) and run.fault == ""
    assert run.plan is not None and run.plan.units is plan.units
    assert max_deviation(Case(run.plan, {"potential": 1.0}, 0.05, None, project)) <= 0.05 + 1e-9
    again = repeat(here, wish, run.proposal.record, plan)
    assert again._done.wait(timeout=60) and again.fault == ""
    assert np.array_equal(again.plan.alignment, run.plan.alignment)


def test_a_clean_sheet_keeps_the_longest_drive() -> None:
    """Shapes go to the reps who live near, not to those who have them today; and again the same."""
    today = HALVES.with_alignment(1 - HALVES.alignment)
    times = TravelTimes(pd.DataFrame([("a0", "a4", 10.0)], columns=["from_id", "to_id", "minutes"]))
    project = Project("Row", ROW, ENDS, travel_times=times)
    here = Workspace(project, History.start(today), today)
    wish = Wish({"units": 1.0}, 0.3, "balanced", False, None, 1, max_minutes=16.0)
    run = begin_run(here, wish)
    assert run._done.wait(timeout=60) and run.fault == ""
    asked = Asked(Rules(max_minutes=16.0), ENDS, roads=roads_of(project))
    assert violations(run.plan, asked) == [] and violations(today, asked) != []
    again = repeat(here, wish, run.proposal.record, today)
    assert again._done.wait(timeout=60) and again.fault == ""
    assert np.array_equal(again.plan.alignment, run.plan.alignment)
