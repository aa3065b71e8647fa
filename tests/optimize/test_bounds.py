"""Bounds are never above what a plan can really reach."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from territory.errors import InputError
from territory.model import Team
from territory.optimize import propose
from territory.optimize.arrays import Floats
from territory.optimize.bounds import centre_units, certify, free_bound
from territory.optimize.centres import Centres, knapsack
from territory.optimize.transport import Case, transport_bound
from tests.optimize.instances import board, cells
from tests.optimize.test_engine import POTENTIAL


def case(n: int, k: int, seed: int, tolerance: float) -> Case:
    """Random points and weights."""
    rng = np.random.default_rng(seed)
    weight = rng.uniform(0.5, 1.5, n)
    mean = np.full(k, weight.sum() / k)
    return Case(rng.uniform(0, 10, (n, 2)), weight, mean * (1 - tolerance), mean * (1 + tolerance))


def never() -> bool:
    """No limit of time."""
    return False


def transport(part: Case, away: Floats) -> float:
    """Oracle: the linear programme itself."""
    n, k = away.shape
    share = np.kron(np.eye(n), np.ones(k))
    load = np.kron(part.weight, np.eye(k))
    solved = linprog(
        (away * part.weight[:, None]).ravel(),
        A_ub=np.vstack([load, -load]),
        b_ub=np.concatenate([part.high, -part.low]),
        A_eq=share,
        b_eq=np.ones(n),
    )
    return float(solved.fun)


@pytest.mark.parametrize("seed", range(4))
def test_transport_bound_is_the_linear_optimum(seed: int) -> None:
    """From below, within half a percent."""
    part = case(40, 4, seed, 0.05)
    away = np.random.default_rng(seed + 50).uniform(1, 10, (40, 4))
    best = transport(part, away)
    found = transport_bound(part, away, never)[0]
    assert found <= best + 1e-9
    assert found == pytest.approx(best, rel=0.005)


@pytest.mark.parametrize("seed", range(4))
def test_free_bound_is_below_every_plan(seed: int) -> None:
    """All 3⁸ plans of eight units: none within the tolerance is better than the bound."""
    part = case(8, 3, seed, 0.3)
    best = np.inf
    for label in product(range(3), repeat=8):
        load = np.bincount(label, part.weight, 3)
        if (load >= part.low).all() and (load <= part.high).all():
            best = min(best, centre_units(part, np.array(label))[0])
    found = free_bound(part, np.array([0, 3, 6]), best, never)
    assert 0.5 * best < found <= best + 1e-9


@pytest.mark.parametrize("seed", range(4))
def test_a_knapsack_is_the_linear_optimum(seed: int) -> None:
    """Against the linear programme, for rewards that fill it to the brim, partly or hardly."""
    rng = np.random.default_rng(seed)
    n, j = 12, 3
    xy, weight = rng.uniform(0, 10, (n, 2)), rng.uniform(0.5, 1.5, n)
    at = Centres(*(xy[:, 0].copy(), xy[:, 1].copy(), weight), *xy.T.copy(), 3.0, 4.0, 2)
    for scale in (0.0, 10.0, 80.0):
        rate = scale * rng.uniform(0, 1, n)
        cost = weight * (((xy - xy[j]) ** 2).sum(axis=1) - rate)
        load = np.vstack([weight, -weight])
        oracle = linprog(cost, A_ub=load, b_ub=[4.0, -3.0], bounds=(0, 1))
        used = np.zeros(n)
        work = np.zeros(n), np.empty(n, np.int64), np.empty(n)
        assert knapsack(at, rate, j, *work, used) == pytest.approx(oracle.fun)
        assert used == pytest.approx(oracle.x, abs=1e-6)


def hess(part: Case) -> float:
    """Oracle: the linear relaxation of Hess's model, shares x_ij of units in opened centres y_j."""
    n, k = len(part.weight), part.k
    cost = part.weight[:, None] * ((part.xy[:, None] - part.xy[None]) ** 2).sum(axis=2)
    once = np.hstack([np.kron(np.eye(n), np.ones(n)), np.zeros((n, n))])
    opened = np.hstack([np.zeros(n * n), np.ones(n)])
    load = np.kron(part.weight, np.eye(n))
    solved = linprog(
        np.hstack([cost.ravel(), np.zeros(n)]),
        A_ub=np.vstack(
            [
                np.hstack([load, -part.high.max() * np.eye(n)]),
                np.hstack([-load, part.low.min() * np.eye(n)]),
                np.hstack([np.eye(n * n), -np.kron(np.ones((n, 1)), np.eye(n))]),
            ]
        ),
        b_ub=np.zeros(2 * n + n * n),
        A_eq=np.vstack([once, opened]),
        b_eq=np.append(np.ones(n), k),
        bounds=(0, 1),
    )
    return float(solved.fun)


@pytest.mark.parametrize("seed", range(2))
def test_the_free_bound_is_the_linear_optimum(seed: int) -> None:
    """From below, within a percent; the caller hears of it."""
    part = case(18, 3, seed, 0.2)
    best = hess(part)
    told: list[float] = []
    found = free_bound(part, np.array([0, 7, 14]), 1.1 * best, never, told.append)
    assert 0.99 * best < found <= best + 1e-6
    assert max(told) == found


def test_a_proposal_with_its_proof() -> None:
    """The gap is small on a small region."""
    result = certify(propose(cells(150, 2), territories=4, measures=POTENTIAL), time_limit=5)
    assert result.bound is not None
    assert result.bound["kind"] == "free centres"
    assert 0 <= result.bound["gap"] < 0.15
    assert result.bound["bound"] <= result.bound["value"]


def test_homes_with_their_proof() -> None:
    """Travel from homes is bounded too; a rep without a home is named."""
    units = cells(200, 1)
    homes = {"home_zip": ["a3", "a90", "a150"]}
    team = Team(pd.DataFrame(homes, index=["P", "Q", "R"]))
    proposal = propose(units, team=team, homes=True, measures=POTENTIAL)
    bound = certify(proposal, team=team).bound
    assert bound is not None and bound["kind"] == "rep homes"
    assert 0 <= bound["gap"] < 0.1
    with pytest.raises(InputError, match="Q"):
        certify(
            proposal, team=Team(pd.DataFrame({"home_zip": ["a3", "", "a9"]}, index=list("PQR")))
        )


def test_cancelled_bounds_are_still_valid() -> None:
    """Stopped at once there is a bound, only a weak one."""
    proposal = propose(board(6, 6), territories=4, measures=POTENTIAL)
    gaps: list[float] = []
    bound = certify(proposal, cancel=lambda: True, progress=gaps.append).bound
    assert gaps
    assert bound is not None
    assert bound["bound"] <= bound["value"]
