"""Named accounts and the engine: the plan that comes out is even as people count it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from territory.metrics import Case, max_deviation
from territory.model import Accounts, Plan, Project, lock_accounts, named_offset
from territory.optimize import propose
from territory.optimize.bounds import certify, room_of
from territory.optimize.hints import hints
from territory.optimize.named import without_named
from territory.optimize.stress import Demand, Joins, stressed
from tests.conftest import chessboard


def board_with_accounts() -> tuple[Plan, Accounts]:
    """Eight by eight units worth 10; each unit of column 2 has an account worth 8; reps W, E."""
    units = chessboard(8, 8, potential=np.full(64, 10.0))
    alignment = (np.arange(64) % 8 >= 4).astype(int)
    plan = Plan.blank(units, 2, rep_ids=["W", "E"]).with_alignment(alignment)
    at = [u for i, u in enumerate(units.ids) if i % 8 == 2]
    frame = pd.DataFrame({"unit_id": at, "potential": 8.0}, index=[f"a{i}" for i in range(len(at))])
    return plan, Accounts(frame)


def moved(plan: Plan, accounts: Accounts) -> Plan:
    """All accounts locked with W, then their units and those beside given to E."""
    locked = lock_accounts(plan, accounts, accounts.frame.index)
    return locked.move_positions(np.flatnonzero(np.isin(np.arange(64) % 8, (1, 2))), 1)


def test_totals_are_the_same_whichever_way_they_are_taken() -> None:
    """Units without named accounts plus the fixed rest = totals plus offset, wherever units go."""
    start, accounts = board_with_accounts()
    random = np.random.default_rng(1)
    for _ in range(5):
        plan = moved(start, accounts).with_alignment(random.integers(0, 2, 64))
        units, offset = without_named(plan, accounts, ["potential", "units"])
        bare = replace(plan, units=units)
        counted = plan.totals("potential") + named_offset(plan, accounts, "potential")
        assert bare.totals("potential") + offset[:, 0] == pytest.approx(counted)
        assert offset[:, 1].tolist() == [0, 0]


def test_nothing_named_nothing_changed() -> None:
    """The plan's own units, so that what was prepared for them is used again."""
    plan, accounts = board_with_accounts()
    assert without_named(plan, accounts, ["potential"])[0] is plan.units
    locked = lock_accounts(plan, accounts, ["a0"])
    first = without_named(locked, accounts, ["potential"])[0]
    assert without_named(locked.move(["00"], "T02"), accounts, ["potential"])[0] is first


@pytest.mark.slow
def test_the_engine_balances_what_the_metrics_count() -> None:
    """Its largest deviation is the metrics', and it is within the tolerance."""
    start, accounts = board_with_accounts()
    plan = moved(start, accounts)
    units, offset = without_named(plan, accounts, ["potential"])
    current = replace(plan, units=units)
    result = propose(
        units, measures={"potential": 1.0}, tolerance=0.05, current=current, offset=offset
    )
    after = plan.with_alignment(result.plan.alignment)
    case = Case(after, {"potential": 1.0}, 0.05, None, Project("p", plan.units, accounts=accounts))
    assert max_deviation(case) == pytest.approx(result.max_deviation["potential"])
    assert result.within_tolerance
    assert max_deviation(replace(case, plan=plan)) > 0.05


@pytest.mark.slow
def test_hints_count_named_accounts_with_their_rep() -> None:
    """What a hint says of before and after is what the metrics say."""
    start, accounts = board_with_accounts()
    plan = moved(start, accounts)
    units, offset = without_named(plan, accounts, ["potential"])
    best = hints(replace(plan, units=units), {"potential": 1.0}, 0.05, offset=offset)[0]
    project = Project("p", plan.units, accounts=accounts)
    for state, side in ((plan, "before"), (best.apply(plan), "after")):
        case = Case(state, {"potential": 1.0}, 0.05, None, project)
        target = 320.0
        told = {e.territory_id: getattr(e, side) for e in best.effects}
        counted = dict(zip(plan.territory_ids, case.totals("potential") / target - 1, strict=True))
        assert told == pytest.approx(counted)


@pytest.mark.slow
@pytest.mark.parametrize("shock", [Joins(1), Demand(0.5, ("potential",))])
def test_a_repair_is_even_as_people_count_it(shock: Joins | Demand) -> None:
    """After a shock too, named accounts count with their rep, and grow as the region does."""
    start, accounts = board_with_accounts()
    plan = moved(start, accounts)
    project = Project("p", plan.units, accounts=accounts)
    result = stressed(plan, project, shock, {"potential": 1.0})
    if isinstance(shock, Demand):
        grown = accounts.frame.assign(potential=accounts.frame["potential"] * 1.5)
        project = Project("p", plan.units, accounts=Accounts(grown))
    case = Case(result.after, {"potential": 1.0}, 0.05, None, project)
    assert max_deviation(case) <= 0.05 + 1e-9
    assert result.after.units is result.before.units


@pytest.mark.slow
def test_a_proof_leaves_room_for_named_accounts() -> None:
    """What a territory may have of units is its target less what it has anyway."""
    start, accounts = board_with_accounts()
    plan = moved(start, accounts)
    units, offset = without_named(plan, accounts, ["potential"])
    current = replace(plan, units=units)
    result = propose(
        units, measures={"potential": 1.0}, tolerance=0.05, current=current, offset=offset
    )
    case = room_of(result)
    assert case.low == pytest.approx(320 * 0.95 - offset[:, 0])
    assert case.high == pytest.approx(320 * 1.05 - offset[:, 0])
    found = certify(result, time_limit=2).bound
    assert found is not None and found["bound"] <= found["value"] + 1e-9
