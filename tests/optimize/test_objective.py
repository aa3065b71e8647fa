"""The change of the objective that the kernels compute, against the objective itself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from territory.optimize.arrays import Floats, Ints, Rules, tally
from territory.optimize.contract import contract
from territory.optimize.homes import match_homes
from territory.optimize.instance import Instance
from territory.optimize.mergesplit import violations
from territory.optimize.objective import (
    HARD,
    barred_share,
    breaks_limits,
    excess,
    move_delta,
    quality,
    swap_delta,
)
from territory.optimize.search import Search
from territory.optimize.surplus import miss
from tests.optimize.instances import board, cells, instance


def objective(part: Instance, rules: Rules, label: Ints) -> float:
    """Oracle: the formula of the module's docstring, spelt out."""
    land, net, n = part.land, part.net, part.n
    value = 0.0
    for t in range(part.k):
        own = [i for i in range(n) if label[i] == t]
        for m in range(land.load.shape[1]):
            total = part.offset[t, m] + sum(land.load[i, m] for i in own)
            d = total / rules.target[t] - 1
            v = max(
                abs(d) - rules.tolerance[m],
                HARD * (rules.floor[t, m] - d),
                HARD * (d - rules.ceiling[t, m]),
            )
            v = max(0.0, v)
            value += rules.weight[m] * (rules.pull[m] * d * d + rules.wall * v * (1 + 20 * v))
            value += rules.price[t, m] * total
        mass = sum(land.mass[i] for i in own)
        cx = sum(land.mass[i] * land.x[i] for i in own) / mass
        cy = sum(land.mass[i] * land.y[i] for i in own) / mass
        for i in own:
            value += rules.shape * land.mass[i] * ((land.x[i] - cx) ** 2 + (land.y[i] - cy) ** 2)
            away = np.hypot(land.x[i] - rules.home_x[t], land.y[i] - rules.home_y[t])
            value += rules.home * land.demand[i] * away
            if land.owner[i] >= 0 and land.owner[i] != rules.owner[t]:
                value += rules.move * land.stake[i]
            if rules.ban and land.barred[i, t]:
                value += rules.ban
    for i in range(n):
        for e in range(net.indptr[i], net.indptr[i + 1]):
            if i < net.indices[e] and label[i] != label[net.indices[e]]:
                value += rules.cut * net.border[e]
    return float(value)


@pytest.fixture(params=[1, 2, 3])
def case(request: pytest.FixtureRequest) -> tuple[Instance, Rules, Ints]:
    """A random region under random rules, with homes, prices, offsets and a plan of today."""
    rng = np.random.default_rng(request.param)
    part = instance(cells(25, request.param), 4, measures={"potential": 2, "workload": 1})
    part.offset[:] = rng.normal(0, 0.1, part.offset.shape)
    part.land.owner[:] = rng.integers(-1, 3, part.n)
    rules = part.rules._replace(
        price=rng.normal(0, 0.2, (4, 2)),
        home_x=rng.normal(0, 50, 4),
        home_y=rng.normal(0, 50, 4),
        owner=np.array([0, 1, 1, 2]),
        target=np.array([0.7, 1.2, 1.1, 1.0]),
        floor=rng.choice([-np.inf, 0.3], (4, 2)),
        ceiling=rng.choice([np.inf, -0.2], (4, 2)),
        ban=2.0,
    )
    part = replace(part, land=part.land._replace(barred=rng.random((part.n, 4)) < 0.3))
    label = rng.permutation(np.arange(part.n) % 4)
    return part, rules, label


def test_move_delta_is_the_difference_of_the_objective(
    case: tuple[Instance, Rules, Ints],
) -> None:
    """Every single move is priced as if the objective were computed before and after."""
    part, rules, label = case
    state = tally(part.land, part.offset, label)
    before = objective(part, rules, label)
    for i in range(part.n):
        to = (label[i] + 1) % 4
        after = label.copy()
        after[i] = to
        delta = move_delta(part.net, part.land, rules, state, i, to)
        assert delta == pytest.approx(objective(part, rules, after) - before, abs=1e-9)


def test_swap_delta_is_the_difference_of_the_objective(
    case: tuple[Instance, Rules, Ints],
) -> None:
    """The same for exchanges, neighbours or not."""
    part, rules, label = case
    state = tally(part.land, part.offset, label)
    before = objective(part, rules, label)
    for i in range(0, part.n, 3):
        for s in np.flatnonzero(label != label[i]):
            after = label.copy()
            after[i], after[s] = label[s], label[i]
            delta = swap_delta(part.net, part.land, rules, state, i, int(s))
            assert delta == pytest.approx(objective(part, rules, after) - before, abs=1e-9)


def test_quality_is_the_objective_without_balance(case: tuple[Instance, Rules, Ints]) -> None:
    """What decides between balanced plans leaves out walls and prices, nothing else."""
    part, rules, label = case
    none: Floats = np.zeros_like(rules.price)
    free = rules._replace(ban=0.0, pull=np.zeros(2), wall=0.0, price=none)
    assert quality(part.net, part.land, rules, label) == pytest.approx(
        objective(part, free, label), abs=1e-9
    )


def test_hard_rules_are_counted(case: tuple[Instance, Rules, Ints]) -> None:
    """Beyond the limits counts tenfold in the excess; barred units are a share of all."""
    part, rules, label = case
    gaps = tally(part.land, part.offset, label).total / rules.target[:, None] - 1
    value, broken = 0.0, False
    for t in range(4):
        for m in range(2):
            d = gaps[t, m]
            limit = max(rules.floor[t, m] - d, d - rules.ceiling[t, m])
            v = max(0.0, abs(d) - rules.tolerance[m], HARD * limit)
            value, broken = value + v + 20 * v * v, broken or limit > 0
    found = excess(gaps, rules.tolerance, rules.floor, rules.ceiling)
    assert found == pytest.approx(value) and breaks_limits(rules, gaps) == broken
    wrong = sum(part.land.barred[i, label[i]] for i in range(part.n)) / part.n
    assert barred_share(part.land, rules, label) == pytest.approx(wrong)
    assert barred_share(part.land, rules._replace(ban=0.0), label) == 0
    assert not breaks_limits(rules._replace(floor=gaps - 1, ceiling=gaps + 1), gaps)


def test_kernels_agree_on_what_is_missed(case: tuple[Instance, Rules, Ints]) -> None:
    """Territory by territory, as the excess of the whole plan adds it up."""
    part, rules, label = case
    state = tally(part.land, part.offset, label)
    gaps = state.total / rules.target[:, None] - 1
    whole = excess(gaps, rules.tolerance, rules.floor, rules.ceiling)
    assert sum(miss(rules, state, t) for t in range(4)) == pytest.approx(whole)
    over = np.zeros(4)
    total = violations(rules, state, over)
    beyond = np.maximum(rules.floor - gaps, gaps - rules.ceiling)
    each = np.maximum(np.maximum(np.abs(gaps) - rules.tolerance, HARD * beyond), 0).sum(axis=1)
    np.testing.assert_allclose(over, each)
    assert total == pytest.approx(each.sum())


def test_groups_as_one_unit_change_the_objective_alike(
    case: tuple[Instance, Rules, Ints],
) -> None:
    """Contracted or not, going from one plan to another costs the same."""
    part, rules, _ = case
    rng = np.random.default_rng(9)
    group = rng.integers(0, 12, part.n)
    part.land.owner[:] = np.where(group % 3 == 0, -1, group % 4)  # one owner a group
    rules = rules._replace(home_x=np.zeros(4), home_y=np.zeros(4), home=0.0, ban=0.0)
    coarse = contract(part, group)
    assert coarse.n == len(np.unique(group)) and coarse.moved_anyway == 0
    one, other = (np.append(np.arange(4), rng.integers(0, 4, coarse.n - 4)) for _ in range(2))
    fine = [objective(part, rules, label[coarse.member]) for label in (one, other)]
    assert objective(coarse, rules, other) - objective(coarse, rules, one) == pytest.approx(
        fine[1] - fine[0], abs=1e-9
    )


def test_divided_groups_count_what_moves_in_any_case() -> None:
    """A group of two owners goes to one: the other's stake changes hands whatever happens."""
    part = instance(cells(12, 1), 3)
    part.land.owner[:] = np.arange(12) % 2
    part.land.stake[:] = 3 / 12
    coarse = contract(part, np.where(np.arange(12) < 3, 0, np.arange(12)))
    assert coarse.land.owner[0] == 0 and coarse.land.stake[0] == pytest.approx(6 / 12)
    assert coarse.moved_anyway == pytest.approx(1 / 12)


def test_excess_is_zero_exactly_inside() -> None:
    """On the edge of the tolerance nothing is missed; beyond it one large miss counts more."""
    edge = np.array([[0.05], [-0.05]])
    assert excess(edge, np.array([0.05])) == 0
    once, twice = np.array([[0.25], [0.0]]), np.array([[0.15], [-0.15]])
    assert excess(once, np.array([0.05])) > excess(twice, np.array([0.05])) > 0


def test_disruption_of_groups_is_never_underrated() -> None:
    """What a search takes for moved is at least what moves, and exactly that where nobody else
    had a part of the group."""
    part = instance(cells(30, 2), 3)
    part.land.owner[:] = np.arange(30) % 3
    part.land.stake[:] = 3 / 30
    coarse = contract(part, np.where(np.arange(30) < 8, 0, np.arange(30)))
    rng = np.random.default_rng(0)
    for _ in range(10):
        label = rng.integers(0, 3, coarse.n)
        search = Search(
            coarse, part.rules, label, 1, 1.0, lambda message, best: None, lambda: False
        )
        true = float((label[coarse.member] != part.land.owner).mean())
        assert search.moved() >= true - 1e-12
        if label[0] == coarse.land.owner[0]:
            assert search.moved() == pytest.approx(true)


def test_reps_get_what_they_can_reach() -> None:
    """The match with the least travel would send one too far: then it is another."""
    part = instance(board(1, 4), 2)
    rules = part.rules._replace(
        home_x=part.land.x[[0, 3]], home_y=part.land.y[[0, 3]], home=1.0, ban=1.0
    )
    label = np.array([0, 0, 1, 1])
    np.testing.assert_array_equal(match_homes(part.land, rules._replace(ban=0.0), label), label)
    barred = np.zeros((4, 2), bool)
    barred[0, 0] = True
    np.testing.assert_array_equal(
        match_homes(part.land._replace(barred=barred), rules, label), 1 - label
    )
