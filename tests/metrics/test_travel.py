"""Hours on the road, recomputed by hand; and what happens where data are missing."""

from __future__ import annotations

import csv
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from territory.errors import PlanError
from territory.metrics import (
    Case,
    every_metric,
    hours_of,
    minutes,
    rep_workload,
    roads_of,
    travel_share,
    workload_gaps,
    workload_table,
)
from territory.metrics.travel import ground_of, leg
from territory.model import Accounts, Plan, Project, Settings, Team, Travel, TravelTimes, Units
from tests.conftest import chessboard

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
PLAIN = Travel(circuity=1.0, city_kmh=60.0, country_kmh=60.0, highway_kmh=60.0)
"""A kilometre a minute, straight ahead."""


def business(units: Units, travel: Travel = PLAIN, **team: object) -> Project:
    """An account in each unit, visited monthly for an hour; reps West and East."""
    n = units.n
    accounts = pd.DataFrame(
        {"unit_id": units.ids, "visits_per_year": 12, "minutes_per_visit": 60},
        index=[f"A{i}" for i in range(n)],
    )
    people = pd.DataFrame(team or {"home_zip": ["00", "03"]}, index=["West", "East"])
    return Project(
        "p",
        units,
        team=Team(people),
        accounts=Accounts(accounts),
        settings=Settings(travel=travel),
    )


@pytest.fixture
def halved(halves: Plan) -> Plan:
    """The halves, each owned by the rep of its name."""
    reps = list(halves.territory_ids)
    return replace(halves, territories=halves.territories.assign(rep_id=reps))


def test_distance_is_the_great_circle_times_circuity(board: Units) -> None:
    """Haversine by hand between two units."""
    (lon1, lat1), (lon2, lat2) = (map(math.radians, board.lonlat[i]) for i in (0, 11))
    half = math.sin((lat2 - lat1) / 2) ** 2
    half += math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    straight = 2 * 6371.0088 * math.asin(math.sqrt(half))
    roads = roads_of(business(board, replace(PLAIN, circuity=1.4)))
    assert float(roads.km(np.array(0), np.array(11))) == pytest.approx(1.4 * straight)
    assert roads.km(np.array(0), np.array(0)) == pytest.approx(
        1.4 * 0.5214 * math.sqrt(board.area_km2[0])
    )


def test_circuity_by_state() -> None:
    """Maine, Kansas and a place that is no state."""
    units = chessboard(1, 3).with_attributes(
        pd.DataFrame({"state": ["ME", " ks", "XX"]}, index=["00", "01", "02"])
    )
    assert roads_of(Project("p", units)).circuity.tolist() == [1.35, 1.22, 1.3]


def test_speed_falls_with_people() -> None:
    """As fast as the country where few live, as the city where many do, half way between."""
    units = chessboard(1, 3)
    people = np.array([1, 200, 1e6]) * units.area_km2
    crowded = units.with_attributes(pd.DataFrame({"population": people}, index=units.ids))
    travel = Travel(city_kmh=20, country_kmh=60)
    speed = roads_of(Project("p", crowded, settings=Settings(travel=travel))).local_kmh
    assert speed.tolist() == pytest.approx([60, 40, 20])


def test_only_the_ends_of_a_way_are_slow(board: Units) -> None:
    """Ten kilometres at 30 km/h, the rest at 90."""
    travel = Travel(circuity=1.0, city_kmh=30, country_kmh=30, highway_kmh=90)
    seen = business(board, travel)
    km = float(roads_of(seen).km(np.array(0), np.array(11)))
    assert float(minutes(seen, np.array(0), np.array(11))) == pytest.approx(20 + (km - 10) / 1.5)


def test_known_times_win(board: Units) -> None:
    """Given there, given back, given both ways, not given; unknown units are left out."""
    table = pd.DataFrame(
        {
            "from_id": ["00", "02", "01", "02", "gone", "05"],
            "to_id": ["01", "00", "02", "01", "00", "06"],
            "minutes": [99.0, 77.0, 5.0, 8.0, 1.0, np.nan],
        }
    )
    seen = replace(business(board), travel_times=TravelTimes(table))
    start, end = np.array([0, 1, 0, 2, 1, 2, 5]), np.array([1, 0, 2, 0, 2, 1, 6])
    got = minutes(seen, start, end)
    assert got[:6].tolist() == [99, 99, 77, 77, 5, 8]
    assert got[6] == pytest.approx(float(minutes(business(board), np.array(5), np.array(6))))
    assert roads_of(seen).known_pairs == 4


def test_a_day_on_the_road() -> None:
    """400 minutes in the field, 20 there and back, visits of 50, gaps of 10: 6.17 calls."""
    travel = Travel(hours_per_day=8, field_share=5 / 6)
    cost = leg(travel, np.array(50.0), (np.array(10.0), np.array(8.0)), (np.array(20.0),) * 2)
    calls = (400 + 10 - 40) / 60
    assert cost.days == pytest.approx(1 / calls)
    assert cost.minutes == pytest.approx(10 * (calls - 1) / calls + 40 / calls)
    assert cost.km == pytest.approx(8 * (calls - 1) / calls + 40 / calls)
    assert cost.nights == 0


def test_nights_away_beyond_the_limit() -> None:
    """Three hours out with a limit of two: one way there and back in three days, two nights."""
    travel = Travel(hours_per_day=8, field_share=1.0, overnight_hours=2, trip_days=3)
    cost = leg(travel, np.array(60.0), (np.array(0.0),) * 2, (np.array(180.0),) * 2)
    calls = (480 - 360 / 3) / 60
    assert cost.minutes == pytest.approx(360 / (3 * calls))
    assert cost.nights == pytest.approx(2 / (3 * calls))


def test_hours_of_a_territory_by_hand(sample: tuple[Project, Plan]) -> None:
    """R10's year from the raw files, one account at a time, without the product's arithmetic."""
    project, plan = sample
    units, rep = project.units, "R10"
    rows = {f: list(csv.DictReader((SAMPLE / f).open(encoding="utf-8"))) for f in (
        "accounts.csv", "alignment.csv", "team.csv")}  # fmt: skip
    mine = {r["unit_id"] for r in rows["alignment.csv"] if r["territory_id"] == rep}
    home = next(r["home_zip"] for r in rows["team.csv"] if r["rep_id"] == rep)
    people = dict(zip(units.ids, units.attributes["population"], strict=True))
    area = dict(zip(units.ids, units.area_km2, strict=True))
    point = dict(zip(units.ids, np.radians(units.lonlat), strict=True))
    beside = {u: [u, *units.ids[units.graph.neighbours(i)]] for i, u in enumerate(units.ids)}
    monthly: dict[str, float] = {}
    for r in rows["accounts.csv"]:
        often = min(1.0, int(r["visits_per_year"]) * 4 / 52)
        monthly[r["unit_id"]] = monthly.get(r["unit_id"], 0.0) + often

    def speed(u: str) -> float:
        density = max(people[u] / area[u], 10)
        return 65 - 40 * min(1.0, math.log(density / 10) / math.log(400))

    def way(a: str, b: str) -> float:
        (x, y), (v, w) = point[a], point[b]
        half = math.sin((w - y) / 2) ** 2 + math.cos(y) * math.cos(w) * math.sin((v - x) / 2) ** 2
        straight = 2 * 6371.0088 * math.asin(math.sqrt(half))
        return 1.35 * (0.5214 * math.sqrt(area[a]) if a == b else straight)

    visits = driving = driven = 0.0
    for r in rows["accounts.csv"]:
        u = r["unit_id"]
        if u not in mine:
            continue
        count, stay = int(r["visits_per_year"]), int(r["minutes_per_visit"])
        around = sum(area[v] for v in beside[u])
        stops = sum(monthly.get(v, 0.0) for v in beside[u])
        gap_km = 1.35 * min(0.7124 * math.sqrt(around / stops), math.sqrt(around))
        gap, km = gap_km / speed(u) * 60, way(home, u)
        near = min(km, 10) / 2
        out = 60 * (near / speed(home) + near / speed(u) + max(km - 10, 0) / 85)
        assert out <= 120, "nobody stays out over night here"
        calls = max(1.0, (8 * 60 * 0.8 + gap - 2 * out) / (stay + gap))
        visits += count * stay / 60
        driving += count * (gap * (calls - 1) / calls + 2 * out / calls) / 60
        driven += count * (gap_km * (calls - 1) / calls + 2 * km / calls)
    shown = workload_table(Case(plan, project=project)).loc[rep]
    assert shown["visit_hours"] == pytest.approx(visits)
    assert shown["driving_hours"] == pytest.approx(driving)
    assert shown["km"] == pytest.approx(driven)
    assert shown["office_hours"] == pytest.approx((visits + driving) / 4)
    assert shown["used"] == pytest.approx((visits + driving) / 0.8 / (1600 / 0.8))
    assert shown["travel_share"] == pytest.approx(driving / (visits + driving))


def test_units_add_up_to_territories(sample: tuple[Project, Plan]) -> None:
    """The same hours, seen by unit and by territory; visits are those of the call plan."""
    seen = hours_of(Case(sample[1], project=sample[0]))
    whole = ground_of(sample[0]).calls.hours.sum()
    assert seen.by_territory["visit_hours"].sum() == pytest.approx(whole)
    columns = ["visits", "visit_hours", "driving_hours", "nights", "km"]
    np.testing.assert_allclose(seen.by_unit[columns].sum(), seen.by_territory[columns].sum())


def test_a_named_account_is_driven_to_by_its_rep(halved: Plan) -> None:
    """The West's rep goes to an account in the East, from the West's home."""
    project = business(halved.units)
    before = hours_of(Case(halved, project=project)).by_territory
    after = hours_of(
        Case(replace(halved, named_accounts={"A3": "West"}), project=project)
    ).by_territory
    assert after.loc["West", "visits"] == before.loc["West", "visits"] + 12
    assert after.loc["East", "visits"] == before.loc["East", "visits"] - 12
    assert after["driving_hours"].sum() > before["driving_hours"].sum()


def test_unassigned_units_are_nobodys_hours(halved: Plan) -> None:
    """Their hours are told apart; their unit has no driving that could be known."""
    case = Case(halved.move(["05"], None), project=business(halved.units))
    seen = hours_of(case)
    assert seen.unassigned_hours == pytest.approx(12)
    assert seen.by_territory["visits"].sum() == 11 * 12
    assert seen.by_unit.loc["05"].isna().all()


def test_a_team_without_homes_starts_in_the_middle(halved: Plan) -> None:
    """Hours are finite, and it is said where they start and what to add."""
    case = Case(halved, project=business(halved.units, home_zip=["", "99999"]))
    table = workload_table(case)
    assert np.isfinite(table["driving_hours"]).all()
    assert not hours_of(case).at_home.any()
    # The middle of each half, 3 rows × 2 columns, is in its middle row.
    assert {int(b) // 4 for b in hours_of(case).base} == {1}
    assert any("home_zip" in note and "2 territories" in note for note in workload_gaps(case))


def test_a_home_far_outside_is_no_home(halved: Plan) -> None:
    """A rep who lives on another continent does not drive there every day."""
    far = business(halved.units, home_zip=["00", ""], home_lat=[0, 48.1], home_lon=[0, 11.6])
    case = Case(halved, project=far)
    at_home = dict(zip(halved.territory_ids, hours_of(case).at_home, strict=True))
    assert at_home == {"West": True, "East": False}
    assert any("50 km" in note for note in workload_gaps(case))


def test_empty_territories_and_reps_without_capacity(halved: Plan) -> None:
    """No visits, no capacity: zeros and gaps, never infinities, and a sentence for each."""
    nobody = halved.with_alignment(np.zeros(halved.units.n, int))
    case = Case(nobody, project=business(halved.units))
    table = workload_table(case)
    assert table["visits"].tolist()[1] == 0
    assert np.isnan(table["travel_share"].iloc[1])
    assert table["used"].isna().all()
    assert not np.isinf(table.select_dtypes("number")).any().any()
    assert any("capacity_hours" in note for note in workload_gaps(case))
    assert np.isfinite(float(travel_share(case).iloc[0]))


def test_nothing_known_is_not_known(halved: Plan) -> None:
    """A bare region has no travel figures: null in JSON, one sentence on screen."""
    case = Case(halved, project=Project("p", halved.units))
    figures = every_metric(case)
    assert figures["driving_hours"] is None and figures["travel_share"] is None
    assert every_metric(Case(halved))["road_km"] is None
    assert len(workload_gaps(case)) == 1


def test_reps_with_two_territories_are_summed(halved: Plan) -> None:
    """One rep for both halves: one row, all visits."""
    one = replace(halved, territories=halved.territories.assign(rep_id="West"))
    table = rep_workload(Case(one, project=business(halved.units, capacity_hours=[100.0, 50.0])))
    assert table.index.tolist() == ["West"]
    assert table.loc["West", "visits"] == 12 * 12
    assert table.loc["West", "capacity_hours"] == pytest.approx(100 / 0.8)


@pytest.mark.parametrize(
    "wrong",
    [
        {"city_kmh": 0.0},
        {"field_share": 0.0},
        {"circuity": 0.5},
        {"trip_days": 0.0},
        {"as_of": "next week"},
        {"capacity_is": "some"},
        {"server_kind": "other"},
    ],
)
def test_impossible_assumptions_are_refused(wrong: dict[str, float | str]) -> None:
    """Before anything is divided by them."""
    with pytest.raises(PlanError, match=next(iter(wrong))):
        Travel(**wrong)  # type: ignore[arg-type]
