"""Requests that contradict themselves are refused in words."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from territory.errors import InputError
from territory.intake.team import read_team
from territory.model import Locks, Plan, Team
from tests.optimize.instances import board, request

TEAM = Team(pd.DataFrame({"home_zip": ["a0", "nowhere"]}, index=["P", "Q"]))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"territories": 13}, "13 territories are more than the 12 units"),
        ({"territories": 0}, "0 territories can't be made"),
        ({"territories": 10**12}, "1000000000000 territories are more than the 12 units"),
        ({}, "How many territories"),
        ({"territories": 3, "team": TEAM}, "3 territories for a team of 2"),
        ({"team": Team(pd.DataFrame(index=[]))}, "team is empty"),
        ({"territories": 3, "tolerance": 0.0}, "tolerance of 0.0"),
        ({"territories": 3, "tolerance": float("nan")}, "tolerance of nan"),
        ({"territories": 3, "measures": {"potential": 0}}, "must be above 0"),
        ({"territories": 3, "measures": {"sales": 1}}, "no measure 'sales'"),
        ({"territories": 3, "max_disruption": 0.1}, "needs the plan"),
        ({"territories": 3, "locks": Locks.of(["a1"])}, "no current plan"),
        ({"territories": 3, "homes": True}, "without a team"),
        ({"team": TEAM, "homes": True}, "home of rep Q is unknown"),
        ({"territories": 3, "offset": np.zeros((2, 1))}, "offset needs 3"),
    ],
)
def test_contradictions_are_named(given: dict[str, object], words: str) -> None:
    """Each message says what is wrong."""
    with pytest.raises(InputError, match=words):
        request(board(3, 4), **given)


def test_locks_are_checked_against_the_current_plan() -> None:
    """Unknown names, everything locked, too few units left."""
    units = board(3, 4)
    current = Plan.blank(units, 2).with_alignment(np.arange(12) // 6)
    with pytest.raises(InputError, match="unit zz"):
        request(units, current=current, locks=Locks.of(["zz"]))
    with pytest.raises(InputError, match="territory T09"):
        request(units, current=current, locks=Locks.of(territories=["T09"]))
    with pytest.raises(InputError, match="Every territory is locked"):
        request(units, current=current, locks=Locks.of(territories=["T01", "T02"]))
    crowded = Plan.blank(units, 3).with_alignment(np.array([0] * 11 + [1]))
    with pytest.raises(InputError, match="leave 1 units for 2 open territories"):
        request(units, current=crowded, locks=Locks.of(territories=["T01"]))


def test_unusable_numbers_are_listed_with_their_rows() -> None:
    """All at once, with unit, row and column."""
    values = np.ones(12)
    values[[2, 5, 7]] = [np.nan, -1, np.inf]
    with pytest.raises(InputError) as caught:
        request(board(3, 4, values), 3)
    rows = [(p.row, p.column, p.value) for p in caught.value.problems]
    assert rows == [(3, "potential", "empty"), (6, "potential", "-1"), (8, "potential", "inf")]


def test_a_measure_of_zeros_is_refused() -> None:
    """Nothing to balance is said before anything is computed."""
    with pytest.raises(InputError, match="0 in every unit"):
        request(board(3, 4, np.zeros(12)), 3)


def test_gaps_in_other_measures_do_not_matter() -> None:
    """Only the measures in use are checked."""
    checked = request(board(3, 4, workload=[np.nan] * 12), 3)
    assert list(checked.measures) == ["potential"]


def test_today_is_found_by_id_and_by_rep() -> None:
    """A plan whose territories have their own names is matched with the team by its reps."""
    units = board(3, 4)
    current = Plan.blank(units, ids=["north", "south"], rep_ids=["Q", "P"])
    current = current.with_alignment(np.arange(12) // 6)
    kept = request(units, team=TEAM, current=current)
    assert kept.blank.territory_ids == ("north", "south")
    bigger = Team(pd.DataFrame({"name": ["x", "y", "z"]}, index=["P", "Q", "R"]))
    grown = request(units, team=bigger, current=current)
    assert grown.blank.territory_ids == ("P", "Q", "R")
    assert grown.start.tolist() == [1] * 6 + [0] * 6


def test_a_current_plan_without_any_unit() -> None:
    """It has no territories to keep; a number of new ones can still be asked for."""
    units = board(3, 4)
    nothing = Plan.from_alignment(units, {})
    with pytest.raises(InputError, match="assigns no unit"):
        request(units, current=nothing)
    assert request(units, 3, current=nothing).blank.k == 3
    assert request(units, team=TEAM, current=nothing).blank.territory_ids == ("P", "Q")


def test_a_lost_home_is_named_with_its_row() -> None:
    """File and row are those that the reader of the team's table saw, blank lines counted."""
    table = b"rep_id,home_zip\n\nP,a0\n\nQ,nowhere\n"
    team = read_team(("team.csv", table))
    assert json.loads(json.dumps(team.frame.attrs)) == team.frame.attrs | {"notes": []}
    with pytest.raises(InputError) as refused:
        request(board(3, 4), team=team, homes=True)
    assert [(p.file, p.row) for p in refused.value.problems] == [("team.csv", 5)]


def test_whoever_has_nothing_today_begins_at_home() -> None:
    """A vacancy or a hire is not put into the largest territory, wherever that lies."""
    units = board(3, 4)
    homes = [units.ids[0], units.ids[-1], units.ids[3]]
    team = Team(pd.DataFrame({"home_zip": homes}, index=["P", "Q", "R"]))
    current = Plan.from_alignment(units, {u: "PQ"[i > 5] for i, u in enumerate(units.ids)}, team)
    found = request(units, team=team, current=current)
    assert np.flatnonzero(found.start == 2).tolist() == [3]
    assert (found.owner_now == request(units, current=current).owner_now).all(), "no move so far"
    locked = Locks.of([units.ids[3]])
    assert (request(units, team=team, current=current, locks=locked).start != 2).all()
