"""Shocks on demand and team, and the smallest repair."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from territory.errors import PlanError
from territory.intake.sample import load_sample
from territory.metrics import Case, max_deviation
from territory.model import Project, noncontiguous
from territory.optimize import propose
from territory.optimize.stress import Demand, Joins, Leaves, Stressed, affected_share, stressed

MEASURES = {"potential": 1.0}


@pytest.fixture(scope="module")
def balanced():
    """The sample within ±5 %, where a shock shows."""
    project, plan = load_sample()
    return project, propose(
        plan.units, team=project.team, measures=MEASURES, tolerance=0.05, seed=1
    ).plan


def repaired(result: Stressed) -> bool:
    """Within the tolerance, in one piece each, everybody assigned."""
    case = Case(result.after, MEASURES, 0.05)
    whole = not len(noncontiguous(result.after.units.graph, result.after.alignment, result.after.k))
    return max_deviation(case) <= 0.05 and whole and result.after.unassigned == 0


def test_less_demand_in_one_state(balanced) -> None:
    """Potential falls by 30 % in Maine: the plan is off, the repair is not, little moves."""
    project, plan = balanced
    state = plan.units.attributes["state"].value_counts().index
    shock = Demand(-0.3, ("potential",), "state", "ME" if "ME" in state else str(state[0]))
    result = stressed(plan, project, shock, MEASURES)
    there = (plan.units.attributes["state"] == shock.value).to_numpy()
    now, then = result.before.units.values("potential"), plan.units.values("potential")
    np.testing.assert_allclose(now[there], 0.7 * then[there])
    np.testing.assert_allclose(now[~there], then[~there])
    assert max_deviation(Case(result.before, MEASURES, 0.05)) > 0.05
    assert repaired(result)
    assert 0 < result.moved < 0.15
    assert str(shock) == f"potential in state {shock.value} falls by 30 %"


def test_a_rep_leaves(balanced) -> None:
    """One territory fewer, its units taken over, the others' ids kept."""
    project, plan = balanced
    gone = plan.territory_ids[5]
    result = stressed(plan, project, Leaves(gone), MEASURES, tolerance=0.1)
    assert gone not in result.after.territory_ids and result.after.k == plan.k - 1
    assert result.after.unassigned == 0
    assert max_deviation(Case(result.after, MEASURES, 0.1)) <= 0.1


def test_two_more_reps(balanced) -> None:
    """Two territories more, all of one size again."""
    project, plan = balanced
    result = stressed(plan, project, Joins(2), MEASURES)
    assert result.after.k == plan.k + 2
    assert set(plan.territory_ids) < set(result.after.territory_ids)
    assert repaired(result)


def test_an_industry_counts_by_its_share_of_the_revenue(chessboard_accounts) -> None:
    """Half of a unit's revenue in the industry: half of the unit is affected."""
    units, accounts = chessboard_accounts
    share = affected_share(units, accounts, "industry", "Retail")
    assert share[0] == pytest.approx(0.5) and share[1] == pytest.approx(1.0)
    assert not share[2:].any()


def test_impossible_shocks_are_refused_in_words(balanced) -> None:
    """Nothing affected, nobody coming, a column nobody has."""
    project, plan = balanced
    for shock, words in (
        (Demand(-0.2, ("potential",), "state", "XX"), "concerns nothing"),
        (Demand(-0.2, ("potential",), "colour", "red"), "column 'colour'"),
        (Joins(0), "one at least"),
    ):
        with pytest.raises(PlanError, match=words):
            stressed(plan, project, shock, MEASURES)
    single = plan.blank(plan.units, 1).with_alignment(np.zeros(plan.units.n))
    with pytest.raises(PlanError, match="last territory"):
        stressed(single, Project("x", plan.units), Leaves("T01"), MEASURES)


@pytest.fixture
def chessboard_accounts():
    """Nine squares; the first has two accounts of two industries, the second one of Retail."""
    from territory.model import Accounts
    from tests.conftest import chessboard

    units = chessboard(3, 3)
    ids = list(units.ids[:2])
    frame = pd.DataFrame(
        {
            "unit_id": [ids[0], ids[0], ids[1]],
            "industry": ["Retail", "Health", "Retail"],
            "revenue": [10.0, 10.0, 5.0],
        },
        index=["a", "b", "c"],
    )
    return units, Accounts(frame)
