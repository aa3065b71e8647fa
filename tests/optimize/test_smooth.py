"""Rounder shapes, and nothing else worse."""

from __future__ import annotations

import numpy as np
import pytest

from territory.metrics import Case, report
from territory.model import Units, noncontiguous
from territory.optimize import propose
from territory.optimize.check import check
from territory.optimize.instance import Instance, prepare
from territory.optimize.schedules import free_costs
from territory.optimize.search import Search
from territory.optimize.smooth import felt, shape, smooth
from territory.optimize.start import rough, settled
from tests.optimize.instances import board, cells
from tests.optimize.test_engine import POTENTIAL


def whole(units: Units, k: int, tolerance: float = 0.1) -> Instance:
    """A request without anything special, prepared."""
    nothing = dict.fromkeys(
        ("team", "current", "locks", "max_disruption", "disruption_measure", "offset")
    )
    return prepare(
        check(
            units,
            territories=k,
            measures=POTENTIAL,
            tolerance=tolerance,
            homes=False,
            **nothing,  # type: ignore[arg-type]
        )
    )


def searched(seed: int) -> Search:
    """200 irregular areas in five territories, as the first shapes leave them."""
    part = whole(cells(200, seed), 5, 0.3)
    first = settled(part, rough(part, "balanced", seed, 0))
    rules = free_costs(part.rules)
    return Search(part, rules, first, 7, None, lambda *a: None, lambda: False)


@pytest.mark.parametrize("seed", range(3))
def test_rounder_and_nothing_worse(seed: int) -> None:
    """No less round, no wider spread, still inside the tolerance and in one piece."""
    search = searched(seed)
    part, before = search.instance, search.best.label.copy()
    assert part.outline is not None
    smooth(search, steps=8)
    after = search.best.label
    old, new = shape(part, part.outline, before), shape(part, part.outline, after)
    assert new.roundness > old.roundness
    assert new.spread <= old.spread
    assert np.abs(search.gaps()).max() <= 0.3 + 1e-9
    assert search.best.deviation == pytest.approx(np.abs(search.gaps()).max())
    units = cells(200, seed)
    assert len(noncontiguous(units.graph, after.astype(np.int32), 5)) == 0


def test_the_figures_are_those_of_the_map() -> None:
    """Roundness and spread equal what the metrics measure on the areas themselves."""
    units = cells(120, 4)
    part = whole(units, 4)
    plan = propose(units, territories=4, measures=POTENTIAL, tolerance=0.1).plan
    assert part.outline is not None
    found = shape(part, part.outline, plan.alignment)
    figures = report(Case(plan, POTENTIAL, 0.1))
    assert found.roundness == pytest.approx(figures["polsby_popper_mean"], rel=1e-3)
    assert np.sqrt(found.spread / 4) == pytest.approx(figures["rms_radius_km"], rel=1e-6)


def test_a_border_is_felt_by_the_size_of_the_territories() -> None:
    """Ten squares in a row, cut in 1 + 9: their border counts (1/√1 + 1/√9)/2 of its length."""
    units = board(10, 1)
    part = whole(units, 2, 0.9)
    assert part.outline is not None
    label = np.array([0] + [1] * 9)
    ratio = felt(part.net, part.outline, label, 2).border / part.outline.km
    area = units.area_km2
    expected = (1 / np.sqrt(area[0]) + 1 / np.sqrt(area[1:].sum())) / 2
    assert ratio[0] == pytest.approx(expected)


def test_nothing_is_done_outside_the_tolerance() -> None:
    """A plan outside the tolerance is left as it is."""
    search = searched(1)
    before = search.best.label
    search.best.score = (0.0, 0, 1.0, 0.0)
    smooth(search)
    assert search.best.label is before
