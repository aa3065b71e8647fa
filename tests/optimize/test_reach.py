"""The longest drive from home: by known travel times, else by the formula."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from territory.errors import InputError
from territory.metrics import Asked, roads_of, violations
from territory.metrics.roads import Roads
from territory.model import Locks, Plan, Project, Rules, Team, TravelTimes, Units
from territory.optimize import RunRecord, foresee, propose, reproduce
from tests.optimize.instances import board, cells

POTENTIAL = {"potential": 1.0}
ROW = board(1, 8)
"""Eight units in a row, about 4 km apart."""
ENDS = Team(pd.DataFrame({"home_zip": ["a0", "a7"]}, index=["A", "B"]))
HALVES = Plan.from_alignment(ROW, {u: "AB"[i // 4] for i, u in enumerate(ROW.ids)}, ENDS)


def known(units: Units, rows: list[tuple[str, str, float]]) -> Roads:
    """The user's own times."""
    times = TravelTimes(pd.DataFrame(rows, columns=["from_id", "to_id", "minutes"]))
    return roads_of(Project("", units, travel_times=times))


def crooked() -> Roads:
    """Times that contradict the map: A's bridge to a4 is quick, B's way to it takes an hour.

    The way back from a4 to A's home is slow, which is not what is asked.
    """
    rows = [("a0", f"a{i}", 10.0) for i in range(1, 5)] + [("a4", "a0", 90.0)]
    rows += [("a0", f"a{i}", 60.0) for i in range(5, 8)]
    rows += [("a7", f"a{i}", 60.0) for i in range(5)] + [("a7", f"a{i}", 10.0) for i in (5, 6)]
    return known(ROW, rows)


@pytest.mark.parametrize("seed", [1, 2])
def test_nobody_drives_too_long(seed: int) -> None:
    """By the formula, against balance: every unit of the plan is within the minutes."""
    units = cells(200, seed)
    order = np.argsort(units.xy @ [1.0, 0.6])
    homes = [str(units.ids[i]) for i in order[[15, 60, 100, 140, 185]]]
    team = Team(pd.DataFrame({"home_zip": homes}, index=list("ABCDE")))
    roads = roads_of(Project("", units))
    at = team.homes(units)
    drive = roads.minutes(at[None, :], np.arange(units.n)[:, None])
    drive[at, np.arange(5)] = 0.0
    most = float(drive.min(axis=1).max() * 1.02)
    given = {"team": team, "measures": POTENTIAL}
    result = propose(units, **given, rules=Rules(max_minutes=most))
    assert drive[np.arange(units.n), result.plan.alignment].max() <= most
    assert "distance" not in {v.constraint for v in result.violations}
    free = propose(units, **given, homes=True)
    assert drive[np.arange(units.n), free.plan.alignment].max() > most


def test_known_times_count_and_not_the_map() -> None:
    """a4 is nearer to B on the map, but only A reaches it in time."""
    given = {"team": ENDS, "measures": {"units": 1.0}, "tolerance": 0.3}
    straight = propose(ROW, **given, rules=Rules(max_minutes=16.0))
    assert straight.plan.alignment.tolist() == [0, 0, 0, 0, 1, 1, 1, 1]
    result = propose(ROW, **given, rules=Rules(max_minutes=16.0), roads=crooked())
    assert result.plan.alignment.tolist() == [0, 0, 0, 0, 0, 1, 1, 1]
    assert result.violations == []


def test_too_long_a_drive_is_reported_of_any_plan() -> None:
    """With the minutes, the unit and what is allowed; the home itself is always near enough."""
    asked = Asked(Rules(max_minutes=30.0), ENDS, roads=crooked())
    (found,) = violations(HALVES, asked)
    assert (found.constraint, found.territory_id, found.unit_ids) == ("distance", "B", ("a4",))
    assert found.reason == "a4 lie up to 60 minutes from home, allowed are 30"
    assert violations(HALVES, replace(asked, roads=None)) == []
    tiny = violations(HALVES, replace(asked, rules=Rules(max_minutes=0.01)))
    assert [v.unit_ids for v in tiny] == [("a1", "a2", "a3"), ("a4", "a5", "a6")]


@pytest.mark.parametrize(
    ("rules", "given", "words"),
    [
        (
            Rules(max_minutes=8),
            {},
            "6 units are more than 8 minutes from every rep's home: a1, a2, a3 and 3 more; the "
            "farthest is 10 minutes away.*allow 10 minutes, or add a rep who lives nearer",
        ),
        (
            Rules(max_minutes=float("nan")),
            {},
            "nan minutes from home makes no sense.*give minutes",
        ),
        (Rules(max_minutes=0), {}, "above 0"),
        (Rules(max_minutes=30), {"team": None}, "without a team"),
        (
            Rules(max_minutes=30),
            {"locks": Locks.of(["a4"])},
            "more than 30 minutes from the home of their rep: a4.*unlock.*allow a longer drive",
        ),
        (
            Rules(max_minutes=30, together={"mid": frozenset({"a4", "a5"})}),
            {},
            "mid is to stay together, but no rep lives within 30 minutes of all of it",
        ),
        (
            Rules(max_minutes=30, max_km=16),
            {},
            "No rep's home is within 16 km and 30 minutes of 1 units: a4",
        ),
    ],
)
def test_contradictions_name_the_way_out(
    rules: Rules, given: dict[str, object], words: str
) -> None:
    """Before anything is computed, with both limits in the same words."""
    asked = {"team": ENDS, "current": HALVES, "measures": {"units": 1.0}, "roads": crooked()}
    with pytest.raises(InputError, match=words):
        foresee(ROW, **{**asked, "rules": rules, **given})


def test_roads_of_another_region_are_refused() -> None:
    """Positions mean nothing there."""
    with pytest.raises(InputError, match="other units"):
        foresee(ROW, team=ENDS, rules=Rules(max_minutes=30), roads=known(board(2, 2), []))


def test_a_record_repeats_the_drive() -> None:
    """With the same times the same plan; other times are named."""
    given = {"team": ENDS, "measures": {"units": 1.0}, "tolerance": 0.3}
    first = propose(ROW, **given, rules=Rules(max_minutes=30.0), roads=crooked())
    assert first.record is not None
    record = RunRecord.from_json(json.loads(json.dumps(first.record.to_json(), allow_nan=False)))
    again = reproduce(record, ROW, team=ENDS, roads=crooked())
    assert (again.plan.alignment == first.plan.alignment).all()
    for other in (None, known(ROW, [("a0", "a1", 9.0)])):
        with pytest.raises(InputError, match="travel times, or what is assumed about travel"):
            reproduce(record, ROW, team=ENDS, roads=other)
