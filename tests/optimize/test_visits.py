"""A quarter of visits: nobody forgotten, no day too long, everybody home in the evening or away."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
import shapely

from territory.errors import PlanError
from territory.metrics import roads_of
from territory.model import Accounts, Plan, Project, Settings, Team, Travel, TravelTimes
from territory.optimize.visit_round import spread
from territory.optimize.visit_tours import Tour, Week, split, tours
from territory.optimize.visit_weeks import WEEKS, due_in_quarter, hilbert, trip_weeks, weeks_of
from territory.optimize.visits import VisitPlan, first_monday, visit_plan
from tests.conftest import chessboard


def week(points: list[float], *, days: int = 2, far: float = 1e9, **more: object) -> Week:
    """Calls on a line, a minute a kilometre from home at 0, half an hour each."""
    at = np.array([0.0, *points])
    minutes = np.abs(at[:, None] - at)
    given: dict[str, object] = {
        "visit": np.full(len(points), 30.0),
        "worth": np.full(len(points), 0.5),
        "far": minutes[0, 1:] > far,
        "field": 200.0,
        "trip_days": 2,
        "night": 60.0,
    }
    return Week(minutes=minutes, days=days, **(given | more))  # type: ignore[arg-type]


def test_the_four_quarters_make_the_year() -> None:
    """Each account's visits are all in some quarter, and at most one more in one than another."""
    visits = np.array([1.0, 2, 3, 4, 6, 9, 18, 52])
    each = np.array([due_in_quarter(visits, q) for q in range(4)])
    assert each.sum(axis=0).tolist() == visits.tolist()
    assert np.ptp(each, axis=0).max() <= 1


def test_rare_visits_do_not_all_fall_into_one_quarter() -> None:
    """A hundred accounts with one visit a year: about 25 in each quarter."""
    counts = [int(due_in_quarter(np.ones(100), q).sum()) for q in range(4)]
    assert sum(counts) == 100 and min(counts) >= 23


def test_the_curve_visits_every_cell_and_jumps_nowhere() -> None:
    """Along a Hilbert curve over 256 × 256 cells each cell borders on the one before it."""
    grid = np.stack(np.meshgrid(np.arange(256.0), np.arange(256.0)), axis=-1).reshape(-1, 2)
    order = np.argsort(hilbert(grid))
    assert len(set(hilbert(grid).tolist())) == 256 * 256
    assert np.abs(np.diff(grid[order], axis=0)).sum(axis=1).max() == 1


def test_visits_of_an_account_are_evenly_spaced_and_weeks_evenly_full() -> None:
    """Three visits are four weeks or so apart; no week has much more than another."""
    rng = np.random.default_rng(3)
    count = rng.integers(1, 5, 400)
    account, when = weeks_of(count, np.full(400, 30.0), rng.random((400, 2)) * 1e5)
    assert np.bincount(account).tolist() == count.tolist()
    for n in (2, 3, 4):
        for a in np.flatnonzero(count == n)[:10]:
            gaps = np.diff(np.sort(when[account == a]))
            assert np.abs(gaps - WEEKS / n).max() <= 1
    full = np.bincount(when, minlength=WEEKS)
    assert full.max() < 1.35 * full.mean() and full.min() > 0.65 * full.mean()


def test_far_visits_are_gathered_into_few_trips() -> None:
    """Work for two trips falls into two weeks; an account seen three times needs three."""
    when = np.arange(13)
    assert len(set(trip_weeks(when, np.ones(13, int), 1500.0, 1000.0).tolist())) == 2
    assert len(set(trip_weeks(when, np.full(13, 3), 100.0, 1000.0).tolist())) == 3


def test_a_day_goes_along_the_road() -> None:
    """Calls on a line take one way out and back, whatever order they were named in."""
    asked = week([40, 10, 30, 20], days=1)
    (tour,) = tours(asked, seed=1, rounds=50)
    way = [0, *(c + 1 for c in tour.calls), 0]
    assert sorted(tour.calls) == [0, 1, 2, 3]
    assert sum(asked.minutes[a, b] for a, b in itertools.pairwise(way)) == 80


def test_what_does_not_fit_is_the_least_worth() -> None:
    """175 minutes hold four calls next door; of six, the two of least worth stay out."""
    worth = np.array([0.9, 0.1, 0.8, 0.7, 0.2, 0.6])
    found = tours(
        week([20, 21, 22, 23, 24, 25], days=1, worth=worth, field=175.0), seed=1, rounds=200
    )
    assert sorted(c for tour in found for c in tour.calls) == [0, 2, 3, 5]


def test_far_calls_are_made_on_trips() -> None:
    """Beyond the limit a rep stays out; near calls need no night."""
    found = tours(week([90, 92, 5, 6], days=4, far=80, field=300.0), seed=1, rounds=100)
    trips = [tour for tour in found if tour.trip]
    assert len(trips) == 1 and {0, 1} <= set(trips[0].calls)
    assert sorted(c for tour in found for c in tour.calls) == [0, 1, 2, 3]


def test_a_trip_is_cut_where_the_day_is_full() -> None:
    """90 out, then 30 + 2 + 30 … : the third call starts the second day."""
    asked = week([90, 92, 94, 96], field=160.0)
    assert split(Tour((0, 1, 2, 3), trip=True), asked) == [(0, 1), (2, 3)]
    assert split(Tour((0, 1), trip=False), asked) == [(0, 1)]


def test_an_empty_week_has_no_tours() -> None:
    """Nobody due, or no days to work."""
    assert tours(week([]), seed=1, rounds=10) == []
    assert tours(week([5, 6], days=0), seed=1, rounds=10) == []


@pytest.fixture(scope="module")
def quarter(sample: tuple[Project, Plan]) -> VisitPlan:
    """The first quarter of a rep who has time for everybody, and nights away."""
    return visit_plan(*sample, "R23")


def test_every_due_visit_has_a_day_or_is_named(
    sample: tuple[Project, Plan], quarter: VisitPlan
) -> None:
    """Visits on days and those left over are exactly those due, account by account."""
    project, plan = sample
    assert project.accounts is not None
    frame = project.accounts.frame
    owned = {u for u, t in plan.to_mapping().items() if t == "R23"}
    mine = frame[frame["unit_id"].isin(owned)]
    due = due_in_quarter(mine["visits_per_year"].to_numpy(float), 0)
    made = Counter(s.account_id for day in quarter.days for s in day.stops)
    for account, n in zip(mine.index, due, strict=True):
        assert made[account] + quarter.left.get(account, 0) == n
    assert quarter.due == due.sum() == quarter.planned + sum(quarter.left.values())
    assert sum(quarter.left.values()) <= 0.03 * quarter.due


def test_days_are_possible(quarter: VisitPlan) -> None:
    """Times follow from drives and visits; Mondays to Fridays; a night out is followed by a day."""
    assert quarter.start == date(2026, 1, 5)
    for day, after in zip(quarter.days, [*quarter.days[1:], None], strict=True):
        now = 8 * 60 + 30.0
        for stop in day.stops:
            assert stop.arrive == pytest.approx(now + stop.drive)
            assert stop.leave > stop.arrive
            now = stop.leave
        assert day.day.weekday() == day.weekday < 5
        assert (day.day - quarter.start).days == 7 * day.week + day.weekday
        assert day.end >= now and day.end <= 18 * 60
        if not day.to_home:
            assert after is not None and not after.from_home
            assert (after.day - day.day).days == 1
    assert quarter.nights > 0


def test_driven_hours_agree_with_the_formula(quarter: VisitPlan) -> None:
    """Ordered tours and the formula without tours: within a fifth where everybody is visited."""
    assert 0.8 < quarter.ratio < 1.2
    assert quarter.drive_hours == pytest.approx(sum(d.drive for d in quarter.days) / 60)


def test_the_same_seed_gives_the_same_plan(
    sample: tuple[Project, Plan], quarter: VisitPlan
) -> None:
    """Byte for byte; another quarter visits others."""
    assert visit_plan(*sample, "R23").table().equals(quarter.table())
    other = visit_plan(*sample, "R23", quarter=1)
    assert other.start == date(2026, 4, 6)
    assert not other.table().equals(quarter.table())


def test_cancelled_it_keeps_the_weeks_so_far(sample: tuple[Project, Plan]) -> None:
    """Stopped after three weeks: three weeks are planned, and it says so."""
    steps: list[int] = []
    found = visit_plan(
        *sample, "R10", progress=lambda p: steps.append(p.step), cancel=lambda: len(steps) == 3
    )
    assert steps == [0, 1, 2] and found.weeks_planned == 3
    assert {day.week for day in found.days} == {0, 1, 2}


def shop(visits: int = 13, **team: object) -> tuple[Project, Plan]:
    """Two accounts in each of twelve units, some visits a year; one rep in the corner."""
    units = chessboard(3, 4)
    ids = np.repeat(units.ids, 2)
    accounts = pd.DataFrame(
        {"unit_id": ids, "visits_per_year": visits, "minutes_per_visit": 60, "name": "=1+1"},
        index=[f"A{i}" for i in range(len(ids))],
    )
    people = pd.DataFrame({"home_zip": ["00"], "capacity_hours": [1664.0]} | team, index=["R"])
    project = Project(
        "shop",
        units,
        team=Team(people),
        accounts=Accounts(accounts),
        settings=Settings(travel=Travel(as_of="2025-12-31")),
    )
    plan = Plan.from_alignment(units, dict.fromkeys(units.ids, "R"), team=project.team)
    return project, plan


def test_half_the_time_is_half_the_days() -> None:
    """Someone at 50 % has half as many days, and the visits that fit into them."""
    whole = visit_plan(*shop(visits=52), "R")
    half = visit_plan(*shop(visits=52, part_time=[50.0]), "R")
    assert len(whole.days) == 13 * 5
    assert len(half.days) == 13 * 5 // 2
    assert half.planned < 0.6 * whole.planned
    made = Counter(s.account_id for day in half.days for s in day.stops)
    assert {made[f"A{i}"] + half.left.get(f"A{i}", 0) for i in range(24)} == {13}


def test_known_times_decide() -> None:
    """Where the user's table says that every way takes three hours, three hours are driven."""
    project, plan = shop()
    ids = project.units.ids
    pairs = [(a, b) for a in ids for b in ids if a != b]
    table = pd.DataFrame(pairs, columns=["from_id", "to_id"]).assign(minutes=180.0)
    slow = replace(project, travel_times=TravelTimes(table))
    assert roads_of(slow).known_pairs == 12 * 11
    first = [d.stops[0] for d in visit_plan(slow, plan, "R").days if d.from_home]
    assert {round(stop.drive) for stop in first if stop.unit_id != "00"} == {180}


def test_named_accounts_are_on_their_reps_round() -> None:
    """An account named to somebody else is not visited."""
    project, plan = shop()
    named = replace(plan, named_accounts={"A0": "other"})
    made = {s.account_id for d in visit_plan(project, named, "R").days for s in d.stops}
    assert "A0" not in made and "A1" in made


def test_own_coordinates_are_used_and_others_spread_inside_the_unit() -> None:
    """Given points are taken as they are; several accounts of one unit lie apart, inside it."""
    project, plan = shop()
    assert project.accounts is not None
    frame = project.accounts.frame.assign(lat="42.05", lon="-71.95")
    frame.loc["A3", "lat"] = "somewhere"
    placed = replace(project, accounts=Accounts(frame))
    stops = {
        s.account_id: (s.lon, s.lat)
        for d in visit_plan(placed, plan, "R").days for s in d.stops
    }  # fmt: skip
    assert stops["A5"] == (-71.95, 42.05) != stops["A3"]
    units = project.units
    where = np.repeat(np.arange(units.n), 7)
    points = shapely.points(spread(units, where))
    assert shapely.contains(units.geometry.to_numpy()[where], points).all()
    assert len({p.wkt for p in points}) == len(points)


@pytest.mark.parametrize("rep", ["", "nobody"])
def test_without_a_territory_nobody_is_visited(rep: str) -> None:
    """A rep who owns nothing."""
    with pytest.raises(PlanError, match="owns no territory"):
        visit_plan(*shop(), rep)


def test_without_visits_or_a_day_it_says_what_is_missing() -> None:
    """No visits per year; no day to begin with."""
    project, plan = shop()
    with pytest.raises(PlanError, match="visits per year"):
        visit_plan(replace(project, accounts=None), plan, "R")
    timeless = replace(project, settings=Settings())
    with pytest.raises(PlanError, match="which Monday"):
        visit_plan(timeless, plan, "R")
    assert visit_plan(timeless, plan, "R", start=date(2026, 3, 2)).planned > 0


def test_out_of_time_every_visit_still_has_its_day(sample: tuple[Project, Plan]) -> None:
    """With no time at all the weeks are planned with little search, and none is left out."""
    hurried = visit_plan(*sample, "R10", time_limit=0.0)
    assert hurried.weeks_planned == WEEKS
    assert hurried.planned + sum(hurried.left.values()) == hurried.due


def test_absurd_numbers_of_visits_are_refused() -> None:
    """A billion visits a year are a mistake in the table, and no reason to run out of memory."""
    with pytest.raises(PlanError, match="check visits per year"):
        visit_plan(*shop(visits=10**9), "R")


def test_a_visit_longer_than_a_day_finds_none() -> None:
    """It is left over and named, and the others are planned."""
    project, plan = shop()
    assert project.accounts is not None
    frame = project.accounts.frame.assign(
        minutes_per_visit=[900.0] + [60.0] * (len(project.accounts) - 1)
    )
    found = visit_plan(replace(project, accounts=Accounts(frame)), plan, "R")
    assert set(found.left) == {"A0"} and found.planned + found.left["A0"] == found.due


def test_gaps_are_said(sample: tuple[Project, Plan]) -> None:
    """No home, no capacity, no coordinates."""
    project, plan = shop(home_zip=[""], capacity_hours=[np.nan])
    found = visit_plan(project, plan, "R")
    assert not found.home_known
    assert {"home_zip", "five days", "lat and lon"} <= {
        word
        for word in ("home_zip", "five days", "lat and lon")
        if any(word in n for n in found.notes)
    }


def test_the_first_monday_follows_the_history(sample: tuple[Project, Plan]) -> None:
    """2025Q4 ends on a Wednesday; the next Monday is the fifth of January."""
    assert first_monday(sample[0]) == date(2026, 1, 5)
    assert first_monday(sample[0], 2) == date(2026, 7, 6)
    assert first_monday(replace(sample[0], sales=None)) is None
