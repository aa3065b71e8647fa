"""Proposals that don't beat each other, the same every time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest

from territory.errors import InputError
from territory.metrics import Case, max_deviation, moved_share, rms_radius_km
from territory.model import Locks, Plan, Team, noncontiguous
from territory.optimize import Frontier, Tradeoff, frontier, propose
from territory.optimize.tradeoffs import labelled, unbeaten
from tests.optimize.instances import cells

POTENTIAL = {"potential": 1.0}


@cache
def today() -> Plan:
    """A plan that is even in something else."""
    return propose(cells(90, 8), territories=5, measures={"area_km2": 1.0}, seed=3).plan


@cache
def found() -> Frontier:
    """The frontier from there."""
    return frontier(today().units, current=today(), measures=POTENTIAL, seed=2)


def point(*figures: float, pieces: int = 0) -> Tradeoff:
    """A proposal that is only its figures."""
    proposal = replace(found().points[0].proposal, noncontiguous=pieces)
    return Tradeoff(today(), proposal, *figures, settings={})


def test_seven_proposals_none_beaten() -> None:
    """Every two differ in favour of either; figures are those of the plans."""
    result = found()
    assert len(result) >= 7 and result.stopped_by == "done" and result.tried >= len(result)
    for p in result.points:
        case = Case(p.plan, POTENTIAL)
        expected = (max_deviation(case), moved_share(p.plan, today(), "potential"),
                    rms_radius_km(case))  # fmt: skip
        assert p.figures == pytest.approx(expected)
        assert p.plan.territory_ids == today().territory_ids
        assert not len(noncontiguous(p.plan.units.graph, p.plan.alignment, 5))
        assert not any(q.beats(p) for q in result.points)
    assert [p.figures for p in result.points] == sorted(p.figures for p in result.points)
    case = Case(today(), POTENTIAL)
    assert result.now == pytest.approx((max_deviation(case), 0.0, rms_radius_km(case)))


def test_the_extremes_have_names() -> None:
    """Each label once, on the point it fits."""
    points = found().points
    for column, label in enumerate(("most even", "least change", "shortest travel")):
        (best,) = [p for p in points if label in p.labels]
        assert best.figures[column] == min(p.figures[column] for p in points)
    assert sum("middle course" in p.labels for p in points) == 1


def test_the_same_seed_gives_the_same_frontier() -> None:
    """Whatever ran first on which thread."""
    again = frontier(today().units, current=today(), measures=POTENTIAL, seed=2)
    assert [p.figures for p in again.points] == [p.figures for p in found().points]
    for p, q in zip(again.points, found().points, strict=True):
        assert (p.plan.alignment == q.plan.alignment).all()


def test_what_is_beaten_is_left_out() -> None:
    """Worse in everything, equal, or in more pieces: not shown."""
    best, twin, worse, other = point(1, 2, 3), point(1, 2, 3), point(1, 2, 4), point(2, 1, 3)
    torn = point(0, 0, 0, pieces=1)
    assert unbeaten([worse, best, twin, other, torn]) == [best, other]
    assert unbeaten([]) == [] and labelled([]) == ()


def test_without_a_plan_only_balance_and_travel_count() -> None:
    """From scratch there is no disruption; the tolerances make the difference."""
    own = {"potential": 0.05}
    result = frontier(today().units, territories=5, measures=POTENTIAL, tolerance=own, count=3)
    assert len(result) >= 3 and result.now is None
    assert {p.disruption for p in result.points} == {0.0}
    assert all(p.settings["fresh"] for p in result.points)
    asked = [p.settings["tolerance"]["potential"] for p in result.points]
    assert len(set(asked)) == len(asked) and min(asked) < 0.1 < max(asked)


def test_locks_caps_and_homes_hold() -> None:
    """Locked units stay, nothing above the cap comes back, travel is from home."""
    units, plan = today().units, today()
    team = Team(pd.DataFrame({"home_zip": units.ids[[3, 20, 40, 60, 80]]}, index=list("abcde")))
    plan = Plan(units, plan.territories.assign(rep_id=list("abcde")), plan.alignment)
    locked = plan.with_locks(Locks.of(units.ids[:9]))
    asked = {"measures": POTENTIAL, "team": team, "count": 2}
    result = frontier(units, current=locked, max_disruption=0.2, **asked)
    assert len(result) >= 2
    for p in result.points:
        assert (p.plan.alignment[:9] == plan.alignment[:9]).all()
        assert p.disruption <= 0.2 + 1e-9 and not p.settings["fresh"]
    result = frontier(units, current=plan, homes=True, **asked)
    for p in result.points:
        home = dict(zip(team.ids, team.homes(units), strict=True))
        at = units.xy[[home[r] for r in p.plan.territories["rep_id"]]][p.plan.alignment]
        km = np.hypot(*(units.xy - at).T) / 1e3
        mean = np.average(km, weights=units.values("potential"))
        assert p.travel_km == pytest.approx(mean)
    assert any(p.settings["fresh"] for p in result.points)


def test_a_part_of_the_map_is_judged_by_itself() -> None:
    """What may not change does not hide what is gained elsewhere."""
    only = today().territory_ids[:3]
    result = frontier(today().units, current=today(), measures=POTENTIAL, only=only, count=2)
    rest = today().alignment > 2
    assert result.points
    for p in result.points:
        assert (p.plan.alignment[rest] == today().alignment[rest]).all()
        gaps = p.plan.totals("potential") * 5 / p.plan.units.values("potential").sum() - 1
        assert p.max_deviation == pytest.approx(np.abs(gaps[:3]).max())


def test_cancelling_keeps_what_there_is() -> None:
    """Progress is told on the way; after cancelling a valid, shorter frontier comes back."""
    seen: list[int] = []
    result = frontier(today().units, current=today(), measures=POTENTIAL,
                      progress=lambda p: seen.append(p.step), cancel=lambda: True)  # fmt: skip
    assert result.stopped_by == "cancelled" and 1 <= len(result) < 7
    assert seen[0] == 0 and len(seen) >= 2


def test_an_impossible_request_is_said() -> None:
    """The engine's own words; a callback's fault comes through."""
    with pytest.raises(InputError, match="How many territories"):
        frontier(today().units, measures=POTENTIAL)

    def broken() -> bool:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        frontier(today().units, current=today(), cancel=broken)


def test_a_contradiction_on_the_way_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cap that the engine refuses costs one proposal, not all."""
    from territory.optimize import sidebyside

    real: Callable[..., object] = sidebyside.propose

    def picky(units: object, **given: object) -> object:
        if given["max_disruption"] is not None:
            raise InputError("too small a cap")
        return real(units, **given)

    monkeypatch.setattr(sidebyside, "propose", picky)
    result = frontier(today().units, current=today(), measures=POTENTIAL, count=4)
    assert len(result) >= 4
    assert all(p.settings["max_disruption"] is None for p in result.points)
