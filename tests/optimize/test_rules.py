"""Every rule holds in what the engine proposes, or is refused in words."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from territory.errors import InputError
from territory.metrics import Asked, violations
from territory.model import Graph, Limit, Locks, Plan, Rules, Team, Units, grouped, open_graph
from territory.optimize import foresee, propose
from territory.optimize.regions import largest_remainder, places
from territory.optimize.result import Proposal
from tests.optimize.instances import board, cells

POTENTIAL = {"potential": 1.0}


def kept(result: Proposal) -> None:
    """Every unit once, every territory used and in one piece, no rule broken."""
    assert (result.plan.alignment >= 0).all()
    assert (np.bincount(result.plan.alignment, minlength=result.plan.k) > 0).all()
    assert result.violations == []


def team(units: Units, homes: list[str]) -> Team:
    """Reps A, B, … who live in the given units."""
    return Team(pd.DataFrame({"home_zip": homes}, index=list("ABCDEFGH"[: len(homes)])))


def quarters(units: Units) -> dict[str, str]:
    """Four regions of unequal weight, west to east by quartile of the unit's place."""
    x = units.xy[:, 0]
    edges = np.quantile(x, [0.2, 0.5, 0.7])
    return {u: f"R{r}" for u, r in zip(units.ids, np.searchsorted(edges, x), strict=True)}


@pytest.mark.parametrize("seed", [1, 2])
def test_each_measure_has_its_own_tolerance(seed: int) -> None:
    """Tight for one, wide for the other: both met."""
    units = cells(300, seed, 0.6)
    asked = {"potential": 0.03, "workload": 0.12}
    measures = {"potential": 1.0, "workload": 1.0}
    result = propose(units, territories=6, measures=measures, tolerance=asked)
    kept(result)
    assert result.tolerances == asked and result.tolerance == 0.12
    assert result.within_tolerance
    assert all(result.max_deviation[m] <= asked[m] + 1e-9 for m in asked)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_limits_hold_on_a_measure_that_is_not_balanced(seed: int) -> None:
    """At most so many units a territory, at least so many in one of them."""
    units = cells(240, seed)
    free = propose(units, territories=6, measures=POTENTIAL, tolerance=0.1)
    size = np.bincount(free.plan.alignment, minlength=6)
    limits = (Limit("units", most=float(size.max() - 3)), Limit("units", 38, None, "T02"))
    rules = Rules(limits=limits)
    result = propose(units, territories=6, measures=POTENTIAL, tolerance=0.1, rules=rules)
    kept(result)
    size = np.bincount(result.plan.alignment, minlength=6)
    assert size.max() <= limits[0].most and size[1] >= 38
    assert result.max_deviation.keys() == {"potential"}


def test_a_limit_beats_the_tolerance() -> None:
    """Where both can't be had the limit holds, and the report names it."""
    units = board(6, 6)
    rules = Rules(limits=(Limit("potential", most=5, territory="T01"),))
    result = propose(units, territories=4, measures=POTENTIAL, tolerance=0.12, rules=rules)
    kept(result)
    assert result.plan.totals("potential")[0] <= 5
    assert not result.within_tolerance
    early = foresee(units, territories=4, measures=POTENTIAL, tolerance=0.12, rules=rules)
    assert "the most potential of territory T01" in early[0]["reason"]
    assert early[0]["nearest_tolerance"] == pytest.approx(4 / 9)


@pytest.mark.parametrize("replan", [False, True])
@pytest.mark.parametrize("seed", [1, 2])
def test_groups_stay_together(seed: int, replan: bool) -> None:
    """Blocks of neighbouring units end up in one territory each, from scratch and from today."""
    units = cells(300, seed, 0.5)
    label = propose(units, territories=50, measures={"units": 1}, tolerance=0.3).plan.alignment
    counties = {f"C{g}": frozenset(units.ids[label == g]) for g in range(40)}
    rules = Rules(together=counties)
    today = Plan.blank(units, 5).with_alignment(np.argsort(units.xy[:, 1]).argsort() * 5 // units.n)
    given = {"current": today} if replan else {"territories": 5}
    result = propose(units, measures=POTENTIAL, tolerance=0.15, rules=rules, **given)
    kept(result)
    assert result.noncontiguous == 0 and result.within_tolerance


def test_groups_and_the_cap_on_disruption() -> None:
    """What a group costs in disruption is counted before the rest is spent."""
    units = cells(200, 4, 0.4)
    today = Plan.blank(units, 4).with_alignment(np.argsort(units.xy[:, 0]).argsort() * 4 // units.n)
    middle = units.ids[np.argsort(np.abs(units.xy[:, 0]))[:8]]
    rules = Rules(together={"middle": frozenset(middle)})
    given = {"measures": POTENTIAL, "current": today, "rules": rules, "tolerance": 0.02}
    result = propose(units, max_disruption=0.12, **given)
    kept(result)
    assert result.disruption["potential"] <= 0.12 + 1e-9


@pytest.mark.parametrize("ferries", [True, False])
def test_barriers_and_vetoed_ferries(ferries: bool) -> None:
    """A river through the middle with two bridges; one of them is a ferry."""
    plain = board(6, 8)
    pairs = plain.graph.pairs()
    bank = (pairs[:, 0] < 24) & (pairs[:, 1] >= 24)
    ferry = np.zeros(len(pairs), bool)
    ferry[np.flatnonzero(bank)[0]] = True
    graph = Graph.from_pairs(plain.n, pairs, np.where(ferry, 0.0, 5.0), ferry)
    units = Units(plain.ids, plain.geometry, plain.attributes, graph)
    river = frozenset((units.ids[i], units.ids[j]) for i, j in pairs[bank][1:-1])
    rules = Rules(barriers=river, ferries=ferries)
    result = propose(units, territories=5, measures=POTENTIAL, tolerance=0.1, rules=rules)
    kept(result)
    left = open_graph(units, rules)
    assert len(left.indices) == len(graph.indices) - 2 * (6 if ferries else 7)
    assert result.noncontiguous == 0


@pytest.mark.parametrize("seed", [1, 2])
def test_nobody_is_too_far_from_home(seed: int) -> None:
    """A short reach holds against balance, with and without a plan of today."""
    units = cells(250, seed)
    order = np.argsort(units.xy @ [1.0, 0.6])
    reps = team(units, [str(units.ids[i]) for i in order[[20, 75, 125, 175, 230]]])
    xy = units.xy / 1e3
    at = xy[reps.homes(units)]
    away = np.hypot(*(xy[:, None] - at[None]).transpose(2, 0, 1))
    reach = float(away.min(axis=1).max() * 1.02)
    rules = Rules(max_km=reach)
    result = propose(units, team=reps, measures=POTENTIAL, tolerance=0.05, rules=rules)
    assert away[np.arange(units.n), result.plan.alignment].max() <= reach
    assert [v for v in result.violations if v.constraint != "contiguous"] == []
    with pytest.raises(InputError, match=r"units are more than .* km from every rep's home"):
        propose(units, team=reps, measures=POTENTIAL, rules=Rules(max_km=reach / 1.1))


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("today", [False, True])
@pytest.mark.parametrize("tolerance", [0.25, 0.02])
def test_no_territory_crosses_a_region(seed: int, today: bool, tolerance: float) -> None:
    """Regions get territories by weight, and keep to themselves."""
    units = cells(320, seed, 0.3)
    regions = quarters(units)
    rules = Rules(regions=regions)
    given: dict[str, object] = {"territories": 10}
    if today:
        label = np.argsort(units.xy[:, 1]).argsort() * 10 // units.n
        given = {"current": Plan.blank(units, 10).with_alignment(label)}
    result = propose(units, measures=POTENTIAL, tolerance=tolerance, rules=rules, **given)
    kept(result)
    of = np.array([regions[u] for u in units.ids])
    count = {r: len(set(result.plan.alignment[of == r])) for r in sorted(set(of))}
    weight = [units.values("potential")[of == r].sum() for r in count]
    assert list(count.values()) == largest_remainder(np.array(weight), 10).tolist()
    assert result.within_tolerance or foresee(
        units, measures=POTENTIAL, tolerance=tolerance, rules=rules, **given
    )


def test_regions_with_numbers_given() -> None:
    """As many territories as asked for in one region, the rest by weight."""
    units = cells(200, 5, 0.3)
    rules = Rules(regions=quarters(units), per_region={"R0": 4})
    result = propose(units, territories=8, measures=POTENTIAL, tolerance=0.9, rules=rules)
    kept(result)
    of = np.array([rules.regions[u] for u in units.ids])
    assert len(set(result.plan.alignment[of == "R0"])) == 4


@pytest.mark.parametrize(
    ("weight", "seats", "expected"),
    [
        ([53.0, 24.0, 23.0], 10, [5, 3, 2]),
        ([1.0, 1.0, 1.0], 4, [2, 1, 1]),
        ([90.0, 1.0, 1.0], 3, [1, 1, 1]),
        ([90.0, 5.0, 5.0], 10, [8, 1, 1]),
        ([0.0, 0.0], 3, [2, 1]),
    ],
)
def test_largest_remainder(weight: list[float], seats: int, expected: list[int]) -> None:
    """Hamilton's method, and nobody goes without."""
    assert largest_remainder(np.array(weight), seats).tolist() == expected


def test_territories_stay_in_the_region_they_are_in() -> None:
    """The best assignment of all, against every permutation."""
    from itertools import permutations

    rng = np.random.default_rng(3)
    for _ in range(5):
        overlap, count = rng.random((5, 3)), np.array([2, 1, 2])
        chosen = places(overlap, count)
        assert np.bincount(chosen, minlength=3).tolist() == count.tolist()
        slots = np.repeat(np.arange(3), count)
        best = max(overlap[np.arange(5), slots[list(p)]].sum() for p in permutations(range(5)))
        assert overlap[np.arange(5), chosen].sum() == pytest.approx(best)


def test_the_price_of_changing_hands() -> None:
    """A higher price moves less."""
    units = cells(300, 2, 0.6)
    today = Plan.blank(units, 6).with_alignment(np.argsort(units.xy[:, 0]).argsort() * 6 // units.n)
    moved = [
        propose(units, current=today, measures=POTENTIAL, rules=Rules(stay=stay)).disruption[
            "potential"
        ]
        for stay in (0.0, 1.0, 20.0)
    ]
    assert moved[0] > moved[1] >= moved[2] > 0


def test_a_cap_in_another_measure() -> None:
    """Disruption counted in accounts, balance in potential."""
    rng = np.random.default_rng(1)
    units = cells(200, 3, 0.5)
    units = units.with_attributes(
        pd.DataFrame({"accounts": rng.poisson(4, units.n)}, index=units.ids)
    )
    today = Plan.blank(units, 5).with_alignment(np.argsort(units.xy[:, 0]).argsort() * 5 // units.n)
    result = propose(
        units,
        current=today,
        measures=POTENTIAL,
        max_disruption=0.04,
        disruption_measure="accounts",
    )
    kept(result)
    assert 0 < result.disruption["accounts"] <= 0.04 + 1e-9


def test_only_a_part_of_the_map_changes() -> None:
    """The other territories, and units of nobody, stay as they are."""
    units = cells(250, 6, 0.5)
    label = np.argsort(units.xy[:, 0]).argsort() * 5 // units.n
    label[:3] = -1
    today = Plan.blank(units, 5).with_alignment(label)
    result = propose(units, current=today, measures=POTENTIAL, only=["T02", "T03"])
    now = result.plan.alignment
    outside = ~np.isin(label, [1, 2])
    np.testing.assert_array_equal(now[outside], label[outside])
    assert (now[~outside] != label[~outside]).any()


def test_same_rules_same_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    """With threads and without: every rule at once."""
    units = cells(240, 7, 0.4)
    regions = quarters(units)
    rules = Rules(
        limits=(Limit("units", least=10, most=60),),
        together={"corner": frozenset(units.ids[np.argsort(units.xy @ [9.0, 1.0])[:5]])},
        regions=regions,
    )
    plans = []
    for cores in (1, 4):
        monkeypatch.setattr("os.cpu_count", lambda cores=cores: cores)
        result = propose(units, territories=8, measures=POTENTIAL, tolerance=0.2, rules=rules)
        kept(result)
        plans.append(result.plan.alignment)
    np.testing.assert_array_equal(*plans)


def test_grouped_by_an_attribute() -> None:
    """Value → units; empty cells belong to no group."""
    units = board(2, 3)
    names = pd.DataFrame({"county": ["x", "x", "", None, "y", "x "]}, index=units.ids)
    assert grouped(units.with_attributes(names), "county") == {
        "x": frozenset({"a0", "a1", "a5"}),
        "y": frozenset({"a4"}),
    }


BOARD = board(3, 4)
HALVES = Plan.blank(BOARD, 2).with_alignment(np.arange(12) // 6)


@pytest.mark.parametrize(
    ("rules", "given", "words"),
    [
        (Rules(limits=(Limit("units", 5, 4),)), {}, "at least 5 and at most 4 units"),
        (Rules(limits=(Limit("units", 7),)), {}, "need at least 14 units together"),
        (Rules(limits=(Limit("units", None, 5),)), {}, "at most 10 units together"),
        (Rules(limits=(Limit("units", None, -1),)), {}, "limit of -1 units"),
        (Rules(limits=(Limit("units", float("nan")),)), {}, "limit of nan units"),
        (Rules(limits=(Limit("sales", 1),)), {}, "no measure 'sales'"),
        (Rules(limits=(Limit("units", 1, None, "T9"),)), {}, "'T9', which there is not"),
        (Rules(together={"g": frozenset({"a0", "zz"})}), {}, "group 'g' names units .*: zz"),
        (Rules(together={"g": frozenset(BOARD.ids)}), {}, "are 1 parts for 2 territories"),
        (
            Rules(together={"g": frozenset({"a0", "a11"})}),
            {"locks": Locks.of(["a0", "a11"])},
            "g is to stay together, but its units are locked to T01 and to T02",
        ),
        (
            Rules(together={"g": frozenset({"a0", "a4"}), "h": frozenset({"a4", "a11"})}),
            {"locks": Locks.of(["a0", "a11"])},
            "g with h is to stay together, but its units are locked",
        ),
        (
            Rules(together={"g": frozenset({"a0", "a11"})}),
            {"locks": Locks.of(territories=["T02"])},
            "part of it lies in territories that may not change: a11",
        ),
        (
            Rules(together={"g": frozenset({"a0", "a1"})}, regions={"a0": "west"}),
            {},
            "lies in several regions",
        ),
        (Rules(barriers=frozenset({("a0", "zz")})), {}, "barrier names units .*: zz"),
        (Rules(regions={"zz": "west"}), {}, "list of regions names units .*: zz"),
        (Rules(per_region={"west": 1}), {}, "but no regions"),
        (Rules(regions={"a0": "w"}, per_region={"x": 1}), {}, "no region 'x'"),
        (Rules(regions={"a0": "w"}, per_region={"w": 0}), {}, "'w' would get 0"),
        (Rules(regions={"a0": "w", "a1": "e"}), {}, "2 territories don't fit 3 regions"),
        (Rules(regions={"a0": "w"}, per_region={"w": 1, "": 2}), {}, "don't fit 2 regions"),
        (
            Rules(regions={"a0": "w"}, per_region={"w": 2}),
            {"territories": 3},
            "'w' has 1 units for 2 territories",
        ),
        (
            Rules(regions={"a0": "w", "a1": "w"}),
            {"locks": Locks.of(["a0", "a5"])},
            "lie outside its region",
        ),
        (Rules(max_km=50), {}, "without a team"),
        (Rules(stay=float("nan")), {}, "price of nan"),
    ],
)
def test_contradictions_are_refused_in_words(
    rules: Rules, given: dict[str, object], words: str
) -> None:
    """Before anything is computed."""
    with pytest.raises(InputError, match=words):
        foresee(BOARD, **{"current": HALVES, "measures": POTENTIAL, "rules": rules, **given})


@pytest.mark.parametrize(
    ("tolerance", "words"),
    [
        ({"potential": 0.1, "units": 0.1}, "for 'units'"),
        ({"units": 0.1}, "for 'units'"),
        ({}, "missing for 'potential'"),
        ({"potential": 0.0}, "tolerance of 0.0"),
    ],
)
def test_tolerances_are_checked(tolerance: dict[str, float], words: str) -> None:
    """One for each measure in use, each a share."""
    with pytest.raises(InputError, match=words):
        foresee(BOARD, territories=2, measures=POTENTIAL, tolerance=tolerance)


def test_rules_are_judged_on_any_plan() -> None:
    """A plan made by hand that breaks every rule is told so, rule by rule."""
    units = board(3, 4)
    reps = Team(
        pd.DataFrame({"home_zip": ["a0", "a11"], "skills": ["wine; cheese", ""]}, index=["A", "B"])
    )
    before = Plan.from_alignment(units, dict.fromkeys(units.ids[:6], "A"), reps)
    label = np.array([0, 0, 0, 1, 1, 1, 0, 0, 1, 1, 1, -1])
    plan = before.with_alignment(label).with_locks(Locks.of(["a4"]))
    rules = Rules(
        limits=(Limit("units", 6, 6),),
        together={"row": frozenset(units.ids[:4])},
        max_km=9,
        regions={"a0": "west", "a1": "west"},
        per_region={"west": 2},
        excluded=frozenset({("B", "a3")}),
        needs={"a0": "Cheese", "a1": "tea", "a3": "tea"},
    )
    found = violations(plan, Asked(rules, reps, before, 0.1, "units"))
    said = {(v.constraint, v.territory_id): v.reason for v in found}
    assert {v.constraint for v in found} == {
        *("assigned", "contiguous", "locks", "limits", "together"),
        *("distance", "regions", "disruption", "excluded", "skills"),
    }
    assert said["limits", "A"] == "it has 5 units and must have at least 6"
    assert said["together", None] == "row is divided among A, B"
    assert said["disruption", None] == "25.0% of units changes hands, allowed are 10.0%"
    assert said["skills", "A"] == "a1 need tea, which its rep does not have"
    assert said["regions", None] == "west has 1 territories, 2 were asked for"
    assert all(v.to_json()["reason"] == v.reason for v in found)
    assert violations(before.with_alignment(np.arange(12) // 6), Asked()) == []


@settings(max_examples=10, deadline=None, derandomize=True)
@given(st.integers(0, 10_000), st.booleans(), st.booleans(), st.integers(0, 6))
def test_whatever_is_asked_is_kept(seed: int, split: bool, groups: bool, stop: int) -> None:
    """Random rules, locks and a cap, cancelled anywhere: a valid plan, not worse than before."""
    rng = np.random.default_rng(seed)
    units = cells(120, seed % 50, 0.4)
    today = Plan.blank(units, 4).with_alignment(np.argsort(units.xy[:, 0]).argsort() * 4 // units.n)
    west = units.xy[:, 0] < np.median(units.xy[:, 0])
    regions = {u: "west" if w else "east" for u, w in zip(units.ids, west, strict=True)}
    ends = units.graph.pairs()[rng.integers(0, len(units.graph.indices) // 2, 5)]
    rules = Rules(
        limits=(Limit("units", least=15, most=48),),
        together={"pair": frozenset(units.ids[ends[0]])} if groups and not split else {},
        barriers=frozenset((units.ids[i], units.ids[j]) for i, j in ends[1:3]),
        regions=regions if split else {},
    )
    locks = Locks.of(units.ids[rng.integers(0, units.n, 3)] if not groups else [])
    calls = iter(range(1000))
    result = propose(
        units,
        current=today,
        measures=POTENTIAL,
        tolerance=0.1,
        locks=locks,
        max_disruption=0.3,
        rules=rules,
        restarts=1,
        cancel=(lambda: next(calls) >= stop) if stop < 5 else None,
    )
    kept(result)
    held = np.isin(units.ids, list(locks.units))
    np.testing.assert_array_equal(result.plan.alignment[held], today.alignment[held])
    assert result.disruption["potential"] <= 0.3 + 1e-9
    before = np.abs(today.totals("potential") / today.totals("potential").mean() - 1)
    assert result.max_deviation["potential"] <= max(before.max(), 0.1) + 0.05
