"""Figures behind the advisor's findings, worked out by hand on two halves of a small board."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from territory.metrics import Case
from territory.metrics.compactness import sprawl
from territory.metrics.contiguity import beyond_water, loose_share, unassigned_share
from territory.metrics.customers import (
    claimed_share,
    claimed_twice,
    key_accounts,
    key_change,
    largest_account,
    named_distance,
)
from territory.metrics.disruption import changed_accounts, moved_revenue
from territory.metrics.drift import churn, growth_since, shift_since
from territory.metrics.fit import unserved, unserved_share
from territory.metrics.people import (
    hours_beyond,
    hours_share_beyond,
    hours_to_spare,
    months_in_job,
    reps_wanted,
    team_utilisation,
)
from territory.metrics.untouched import untouched, untouched_share
from territory.model import Accounts, Earlier, Graph, Plan, Project, Settings, Team, Travel
from tests.conftest import chessboard

WEST, EAST = [0, 1, 4, 5, 8, 9], [2, 3, 6, 7, 10, 11]


@pytest.fixture
def case() -> Case:
    """West is worth 6 of 20 and works 60 of 40 hours; East the rest, 60 of 100 hours."""
    potential = np.where(np.isin(np.arange(12), WEST), 1.0, 14 / 6)
    sales = np.where(np.arange(12) % 4 == 1, 0.0, 0.5)
    units = chessboard(3, 4, potential=potential, workload_hours=10.0, sales=sales)
    ids = units.ids
    team = Team(
        pd.DataFrame(
            {
                "capacity_hours": [40.0, 100.0],
                "home_zip": [ids[0], ids[3]],
                "segments": ["A; B", "B"],
                "start_date": ["2025-07-01", "2000-01-01"],
            },
            index=["West", "East"],
        )
    )
    accounts = Accounts(
        pd.DataFrame(
            {
                "unit_id": [ids[0], ids[4], ids[3], ids[7]],
                "segment": ["A", "B", "A", "B"],
                "status": ["customer", "prospect", "customer", "customer"],
                "revenue": [30.0, 10.0, 60.0, 20.0],
                "potential": [30.0, 10.0, 60.0, 20.0],
                "owner": ["West", "East", "East", "East"],
            },
            index=["w1", "w2", "e1", "e2"],
        )
    )
    plan = Plan.from_alignment(
        units, {u: "West" if i % 4 < 2 else "East" for i, u in enumerate(ids)}, team
    )
    even = plan.territories.assign(target=0.5)
    settings = Settings(travel=Travel(as_of="2025-12-31"))
    project = Project("board", units, team, accounts, settings=settings)
    return Case(replace(plan, territories=even), {"potential": 1.0}, 0.15, None, project)


def with_plan(case: Case, plan: Plan, baseline: Plan | None = None) -> Case:
    return Case(plan, case.measures, case.tolerance, baseline, case.project)


def with_project(case: Case, **changes: object) -> Case:
    project = replace(case.project, **changes)
    return Case(case.plan, case.measures, case.tolerance, case.baseline, project)


def full_time(case: Case) -> Case:
    """Nobody is new."""
    team = Team(case.project.team.frame.assign(start_date="2000-01-01"))
    return with_project(case, team=team)


def test_hours(case: Case) -> None:
    """60 h of work each: 20 too much for West, 40 to spare with East; 120 of 140 in all."""
    case = full_time(case)
    assert hours_beyond(case) == pytest.approx(20)
    assert hours_share_beyond(case) == pytest.approx(20 / 140)
    assert hours_to_spare(case) == pytest.approx(40)
    assert team_utilisation(case) == pytest.approx(120 / 140)
    assert reps_wanted(case) == 2  # 120 h of 70 h each


def test_hours_of_nobody(case: Case) -> None:
    """Without a team nothing is known, and nothing is zero by mistake."""
    bare = with_project(case, team=None)
    figures = (hours_beyond, hours_share_beyond, hours_to_spare, team_utilisation, reps_wanted)
    assert all(np.isnan(figure(bare)) for figure in figures)


def test_months_in_the_job(case: Case) -> None:
    """Six months at the end of December for who began in July."""
    months = months_in_job(case)
    assert months["West"] == pytest.approx(6, abs=0.05) and months["East"] > 300


def test_what_lies_apart(case: Case) -> None:
    """A corner of East given to West: its own weight lies apart, nothing hangs on a ferry."""
    plan = case.plan.move_positions([11], 0)
    torn = with_plan(case, plan)
    assert loose_share(case) == 0 and loose_share(torn) == pytest.approx(14 / 6 / 20)
    assert (beyond_water(torn) == 0).all()
    assert unassigned_share(with_plan(case, case.plan.move_positions([0, 1], -1))) == 2 / 20


def test_parted_by_water(case: Case) -> None:
    """West's column beside the border is reached by ferry alone: half of West."""
    units = case.plan.units
    pairs = units.graph.pairs()
    ferry = (pairs[:, 0] % 4 == 0) & (pairs[:, 1] % 4 == 1)
    graph = Graph.from_pairs(12, pairs, np.where(ferry, 0.0, 10.0), ferry)
    apart = replace(case.plan, units=replace(units, graph=graph))
    over = beyond_water(with_plan(case, apart))
    assert over.tolist() == pytest.approx([0.5, 0.0])


def test_sprawl_is_free_of_scale(case: Case) -> None:
    """A block of 2 × 3 is nearly round; its two ends alone are not."""
    assert (sprawl(case) < 1.2).all()
    ends = case.plan.move_positions([4, 5, 1, 8], -1)
    far = sprawl(with_plan(case, ends))["West"]
    assert far > 1.15 * sprawl(case)["West"]


def test_claimed_twice(case: Case) -> None:
    """w2 is East's by the list; not if the plan took it from East, nor when it is named."""
    assert claimed_twice(case).tolist() == [False, True, False, False]
    assert claimed_share(case) == 0.25
    before = case.plan.move_positions([4], 1)
    assert not claimed_twice(with_plan(case, case.plan, before)).any()
    named = replace(case.plan, named_accounts={"w2": "East"})
    assert not claimed_twice(with_plan(case, named)).any()


def test_named_and_far(case: Case) -> None:
    """w1 lies at West's door, three units from East's home; e1 named to East is at home."""
    named = replace(case.plan, named_accounts={"w1": "East", "e1": "East"})
    far = named_distance(with_plan(case, named))
    xy = case.plan.units.xy / 1e3
    assert far.to_dict() == pytest.approx({"w1": float(np.hypot(*(xy[0] - xy[3])))})


def test_largest_account(case: Case) -> None:
    """30 of West's 40, 60 of East's 80."""
    top = largest_account(case)
    assert top["account_id"].tolist() == ["w1", "e1"] and top["share"].tolist() == [0.75, 0.75]


def test_accounts_that_change(case: Case) -> None:
    """The unit of w1 moves to East: it changes with all it brings, unless it is named to West."""
    after = case.plan.move_positions([0], 1)
    accounts = case.project.accounts
    assert changed_accounts(after, case.plan, accounts).tolist() == [True, False, False, False]
    assert moved_revenue(after, case.plan, case.project) == (30.0, 120.0)
    assert key_accounts(case).tolist() == [True, False, True, False]
    assert key_change(with_plan(case, after, case.plan)) == 0.5
    kept = replace(after, named_accounts={"w1": "West"})
    assert not changed_accounts(kept, case.plan, accounts).any()
    by_unit = moved_revenue(after, case.plan, replace(case.project, accounts=None))
    assert by_unit == (0.5, pytest.approx(4.5))


def test_not_their_kind(case: Case) -> None:
    """East serves B only and has 60 of 80 in A; West serves both."""
    assert unserved(case).tolist() == [0.0, 0.75]
    assert unserved_share(case) == pytest.approx(60 / 120)


def test_untouched(case: Case) -> None:
    """Only West has no hours: its column without sales or customers is 3 of 20."""
    assert untouched(full_time(case)).tolist() == pytest.approx([3 / 20, 0.0])
    loose = full_time(with_plan(case, case.plan.move_positions([2], -1)))
    # A unit of nobody counts only where nobody buys: this one has sales.
    assert untouched_share(loose) == pytest.approx(3 / 20)
    empty = full_time(with_plan(case, case.plan.move_positions([1], -1)))
    assert untouched_share(empty) == pytest.approx(3 / 20)


def test_drift(case: Case) -> None:
    """West had half as much: it doubled, the whole grew from 17 to 20."""
    then = case.plan.units.attributes.copy()
    then.loc[then.index[WEST], "potential"] /= 2
    grown = with_project(case, earlier=Earlier(then))
    assert growth_since(grown, "potential").tolist() == pytest.approx([1.0, 0.0])
    shift = [2 / (20 / 17) - 1, 1 / (20 / 17) - 1]
    assert shift_since(grown, "potential").tolist() == pytest.approx(shift)
    assert growth_since(grown, "unheard_of").isna().all()
    assert shift_since(case, "potential").isna().all()


def test_churn(case: Case) -> None:
    """East had three customers, one is gone; West had w1 and keeps it, w2 was none."""
    frame = case.project.accounts.frame
    gone = frame.loc[["e2"]].set_axis(["e3"], axis=0)
    frame = frame.assign(revenue=[30.0, 0.0, 60.0, 20.0])
    now, old = Accounts(frame), Accounts(pd.concat([frame, gone]))
    lost = churn(with_project(case, accounts=now, earlier_accounts=old))
    assert lost.tolist() == pytest.approx([0.0, 1 / 3])


def test_a_customer_is_one_everywhere(case: Case) -> None:
    """By status where there is one: a client counts without revenue, who left does not with it."""
    frame = case.project.accounts.frame.assign(revenue=[0.0, 5.0, 60.0, 20.0])
    old = Accounts(frame.assign(status=["Client", "prospect", "customer", "active"]))
    now = Accounts(frame.assign(status=["Client", "prospect", "lost", "active"]))
    lost = churn(with_project(case, accounts=now, earlier_accounts=old))
    assert lost.tolist() == pytest.approx([0.0, 0.5])
