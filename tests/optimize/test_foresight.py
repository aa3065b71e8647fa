"""What is said before any search, against every plan of small regions."""

from __future__ import annotations

import subprocess
import sys
from itertools import product

import numpy as np
import pandas as pd
import pytest

from territory.errors import InputError
from territory.model import Graph, Limit, Locks, Plan, Rules, Team, Units
from territory.optimize import foresee
from territory.optimize.least_change import least_disruption
from tests.optimize.instances import board, cells, request

POTENTIAL = {"potential": 1.0}


def every_plan(n: int, k: int) -> np.ndarray:
    """(k^n, n) all plans that leave no territory empty, contiguous or not."""
    plans = np.array(list(product(range(k), repeat=n)))
    return plans[np.array([len(set(p)) == k for p in plans.tolist()])]


def best_tolerance(units: Units, plans: np.ndarray, k: int) -> float:
    """Oracle: the least largest deviation among some plans."""
    value = units.values("potential")
    totals = np.column_stack([((plans == t) * value).sum(axis=1) for t in range(k)])
    return float(np.abs(totals / (value.sum() / k) - 1).max(axis=1).min())


def test_a_unit_too_large() -> None:
    """The bound is what the best of all plans reaches."""
    units = board(2, 4, [9, 1, 1, 1, 1, 1, 1, 1])
    (case,) = foresee(units, territories=2, measures=POTENTIAL)
    assert "unit a0 alone has 12.5% more potential" in case["reason"]
    assert case["nearest_tolerance"] == pytest.approx(0.125)
    assert best_tolerance(units, every_plan(8, 2), 2) == pytest.approx(0.125)


def test_a_group_too_large() -> None:
    """As one unit would be."""
    units = board(2, 4)
    rules = Rules(together={"north": frozenset(units.ids[:6])})
    (case,) = foresee(units, territories=2, measures=POTENTIAL, rules=rules)
    assert "a0, a1, a2 and 3 more stay together and have 50.0% more" in case["reason"]
    assert case["nearest_tolerance"] == pytest.approx(0.5)


def test_equal_units_that_do_not_add_up() -> None:
    """7 equal units for 2 territories: 4 and 3, and no better."""
    units = board(1, 7)
    (case,) = foresee(units, territories=2, measures=POTENTIAL)
    assert "one unit is 28.6% of a territory's potential" in case["reason"]
    best = best_tolerance(units, every_plan(7, 2), 2)
    assert case["nearest_tolerance"] == pytest.approx(best, abs=2e-4)


@pytest.mark.parametrize("cap", [0.0, 0.1, 0.15])
def test_a_cap_on_disruption(cap: float) -> None:
    """Never more than the best of all plans that keep the cap."""
    units = board(2, 4, [4, 3, 2, 1, 1, 1, 1, 1])
    label = np.array([0, 0, 0, 1, 0, 1, 1, 1])
    current = Plan.blank(units, 2).with_alignment(label)
    found = foresee(units, current=current, measures=POTENTIAL, max_disruption=cap)
    plans = every_plan(8, 2)
    moved = ((plans != label) * units.values("potential")).sum(axis=1) / 14
    best = best_tolerance(units, plans[moved <= cap + 1e-9], 2)
    assert found and "must change hands" in found[0]["reason"]
    assert 0.05 < found[0]["nearest_tolerance"] <= best + 2e-4
    assert foresee(units, current=current, measures=POTENTIAL, max_disruption=0.3) == []


def test_a_part_of_the_map_without_links() -> None:
    """Two islands of 4 and 8 units for two territories: one of each at best."""
    units = board(3, 5, holes=[1, 6, 11])
    assert units.n == 12
    small = np.flatnonzero(units.xy[:, 0] < np.median(units.xy[:, 0]) - 5000)
    (case,) = foresee(units, territories=2, measures=POTENTIAL)
    assert "no link to the rest" in case["reason"] and "ferry" in case["reason"]
    worth = [3 / 6, 9 / 6]
    assert len(small) >= 3
    assert case["nearest_tolerance"] == pytest.approx(max(abs(w - 1) for w in worth))


def test_a_vetoed_ferry_is_named() -> None:
    """With the ferry all is well; without it the island is no territory's worth."""
    plain = board(2, 6)
    pairs = plain.graph.pairs()
    ferry = np.isin(pairs, [0, 6]).sum(axis=1) == 1
    km = np.where(ferry, 0.0, 5.0)
    graph = Graph.from_pairs(12, pairs, km, ferry)
    units = Units(plain.ids, plain.geometry, plain.attributes, graph)
    assert foresee(units, territories=3, measures=POTENTIAL) == []
    (case,) = foresee(units, territories=3, measures=POTENTIAL, rules=Rules(ferries=False))
    assert case["nearest_tolerance"] == pytest.approx(0.5)


def test_regions_of_uneven_worth() -> None:
    """5 units for one territory where 4 would be even."""
    units = board(1, 12)
    regions = dict.fromkeys(units.ids[:5], "west") | dict.fromkeys(units.ids[5:], "east")
    (case,) = foresee(units, territories=3, measures=POTENTIAL, rules=Rules(regions=regions))
    assert "region west is worth 1.25 territories" in case["reason"]
    assert case["nearest_tolerance"] == pytest.approx(0.25)


def test_locks_that_cut_a_territory() -> None:
    """T01 holds both ends, T02 a wall between them."""
    units = board(2, 5)
    label = np.array([0, 0, 1, 0, 0, 0, 0, 1, 0, 0])
    current = Plan.blank(units, 2).with_alignment(label)
    locks = Locks.of(["a0", "a9", "a2", "a7"])
    found = foresee(units, current=current, measures=POTENTIAL, tolerance=0.9, locks=locks)
    assert [case["nearest_tolerance"] for case in found] == [None]
    assert "the locks cut territory T01: there is no way from a0 to a9" in found[0]["reason"]
    fewer = Locks.of(["a0", "a9", "a2"])
    assert foresee(units, current=current, measures=POTENTIAL, tolerance=0.9, locks=fewer) == []


def test_a_group_that_does_not_touch() -> None:
    """Said before, since it can cost contiguity."""
    rules = Rules(together={"ends": frozenset({"a0", "a7"})})
    (case,) = foresee(board(1, 8), territories=2, measures=POTENTIAL, tolerance=0.6, rules=rules)
    assert "a0, a7 are to stay together, but do not touch" in case["reason"]


def test_a_limit_beyond_the_tolerance() -> None:
    """Twice as much as fair for one of them."""
    rules = Rules(limits=(Limit("potential", 6, None, "T02"),))
    (case,) = foresee(board(3, 4), territories=3, measures=POTENTIAL, rules=rules)
    assert "the least potential of territory T02 is 50.0% off its target" in case["reason"]


def test_a_unit_that_fits_nowhere_is_refused() -> None:
    """A most below the largest unit: no plan at all."""
    units = board(2, 4, [9, 1, 1, 1, 1, 1, 1, 1])
    rules = Rules(limits=(Limit("potential", None, 8.5),))
    with pytest.raises(InputError, match="unit a0 alone has 9 potential"):
        foresee(units, territories=2, measures=POTENTIAL, rules=rules)


def test_a_sound_request_has_nothing_to_say() -> None:
    """No false alarm on a region where the tolerance is easily met."""
    units = cells(200, 1, 0.3)
    assert foresee(units, territories=5, measures=POTENTIAL) == []


def test_no_kernel_is_loaded_for_a_contradiction() -> None:
    """What can't be done is said without the compiler, also from propose."""
    code = (
        "import sys; import territory as t; from territory.optimize import foresee\n"
        "units = t.load_sample()[0].units\n"
        "try: t.propose(units, territories=9999)\n"
        "except t.InputError as e: print(e)\n"
        "print(foresee(units, territories=24), 'numba' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert "9999 territories are more than the 1846 units" in done.stdout, done.stderr
    assert done.stdout.splitlines()[-1] == "[] False"


def test_a_rep_far_from_everything_is_named() -> None:
    """Units beyond every home, with the distance that would do."""
    units = board(1, 8)
    team = Team(pd.DataFrame({"home_zip": ["a0", "a1"]}, index=["A", "B"]))
    with pytest.raises(InputError, match=r"a6, a7.*the farthest is 2\d km") as caught:
        foresee(units, team=team, measures=POTENTIAL, rules=Rules(max_km=20))
    remedy = float(str(caught.value).split("allow ")[1].split(" km")[0])
    assert foresee(units, team=team, measures=POTENTIAL, rules=Rules(max_km=remedy)) == []


def test_a_cap_counted_in_another_measure() -> None:
    """Few accounts where the potential is: the bound never exceeds what the best plan moves."""
    rng = np.random.default_rng(5)
    for _ in range(6):
        units = board(2, 4, rng.integers(1, 9, 8), accounts=rng.integers(0, 5, 8) + 0.0)
        label = np.array([0, 0, 0, 0, 0, 1, 1, 1])
        current = Plan.blank(units, 2).with_alignment(label)
        plans = every_plan(8, 2)
        value, stake = units.values("potential"), units.values("accounts")
        moved = ((plans != label) * stake).sum(axis=1) / stake.sum()
        first = (plans == 0) @ value / (value.sum() / 2)
        inside = np.abs(first - 1) <= 0.1
        least = moved[inside].min() if inside.any() else 1.0
        checked = request(units, current=current, max_disruption=0.0, disruption_measure="accounts")
        assert least_disruption(checked, "potential", 0.1) <= least + 1e-9
        assert least_disruption(checked, "potential", 5.0) == 0
