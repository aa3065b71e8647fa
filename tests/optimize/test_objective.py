"""The change of the objective that the kernels compute, against the objective itself."""

from __future__ import annotations

import numpy as np
import pytest

from territory.optimize.arrays import Floats, Ints, Rules, tally
from territory.optimize.instance import Instance
from territory.optimize.objective import excess, move_delta, quality, swap_delta
from tests.optimize.instances import cells, instance


def objective(part: Instance, rules: Rules, label: Ints) -> float:
    """Oracle: the formula of the module's docstring, spelt out."""
    land, net, n = part.land, part.net, part.n
    value = 0.0
    for t in range(part.k):
        own = [i for i in range(n) if label[i] == t]
        for m in range(land.load.shape[1]):
            total = part.offset[t, m] + sum(land.load[i, m] for i in own)
            d = total / rules.target[t] - 1
            v = max(0.0, abs(d) - rules.tolerance[m])
            value += rules.weight[m] * (rules.pull * d * d + rules.wall * v * (1 + 20 * v))
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
    )
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
    free = rules._replace(pull=0.0, wall=0.0, price=none)
    assert quality(part.net, part.land, rules, label) == pytest.approx(
        objective(part, free, label), abs=1e-9
    )


def test_excess_is_zero_exactly_inside() -> None:
    """On the edge of the tolerance nothing is missed; beyond it one large miss counts more."""
    edge = np.array([[0.05], [-0.05]])
    assert excess(edge, np.array([0.05])) == 0
    once, twice = np.array([[0.25], [0.0]]), np.array([[0.15], [-0.15]])
    assert excess(once, np.array([0.05])) > excess(twice, np.array([0.05])) > 0
