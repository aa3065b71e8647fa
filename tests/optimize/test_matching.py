"""Reps and territories: the best of all assignments, with reasons that hold."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pandas as pd
import pytest

from territory.errors import InputError
from territory.model import Accounts, Locks, Plan, Rules, Team, Units
from territory.optimize import match
from territory.optimize.matching import FORBIDDEN
from territory.optimize.suits import barred, distances, nearness
from tests.optimize.instances import board


def team(**columns: object) -> Team:
    """Reps P, Q, R."""
    return Team(pd.DataFrame(columns, index=list("PQR")))


def thirds(reps: str = "   ") -> Plan:
    """West, Middle and East of a row of nine, with reps where there are letters."""
    units = board(1, 9)
    plan = Plan.blank(units, ids=["W", "M", "E"], names=["West", "Middle", "East"],
                      rep_ids=[r.strip() for r in reps])  # fmt: skip
    return plan.with_alignment(np.repeat([0, 1, 2], 3))


def owners(plan: Plan) -> str:
    """Reps in the order of territories, "-" for none."""
    return "".join(rep or "-" for rep in plan.territories["rep_id"])


def test_everyone_gets_the_nearest_where_that_is_possible() -> None:
    """Homes in East, West, Middle; distance in words."""
    found = match(thirds(), team(home_zip=["a7", "a1", "a4"]), weights={"home": 1})
    assert owners(found.plan) == "QRP"
    assert [p.rep_id for p in found.pairs] == ["Q", "R", "P"]
    away = distances(thirds(), team(home_zip=["a7", "a1", "a4"]), np.ones(9))
    assert found.pairs[0].home_km == pytest.approx(away[0, 1])
    assert found.pairs[0].why == f"Lives near ({away[0, 1]:.0f} km on average)."
    assert found.vacant == found.free == () and found.violations == ()


def test_all_are_considered_together() -> None:
    """The sum counts, not who comes first: compared with every possible assignment."""
    rng = np.random.default_rng(3)
    units = board(6, 8, list(rng.uniform(0.5, 2, 48)))
    plan = Plan.blank(units, 6).with_alignment(np.arange(48) // 8)
    homes = [str(u) for u in rng.choice(units.ids, 6, replace=False)]
    reps = Team(pd.DataFrame({"home_zip": homes}, index=list("ABCDEF")))
    score = nearness(distances(plan, reps, units.values("potential")))
    best = max(sum(score[t, r] for t, r in enumerate(p)) for p in permutations(range(6)))
    found = match(plan, reps, weights={"home": 2.0})
    assert sum(p.score for p in found.pairs) == pytest.approx(best)


def accounts() -> Accounts:
    """Health in the west, banks in the east, both in the middle; segment A only in the east."""
    rows = [("a0", "Health", "B", 10.0), ("a4", "Health", "B", 6.0), ("a5", "Banks", "b", 4.0),
            ("a8", "banks ", "A", 9.0)]  # fmt: skip
    return Accounts(pd.DataFrame(rows, columns=["unit_id", "industry", "segment", "potential"]))


def test_skills_and_segments() -> None:
    """Shares of potential with a kind of account that the rep knows; case does not matter."""
    people = team(skills=["banks", "HEALTH; Energy", ""], segments=["A, B", "B", ""])
    found = match(thirds(), people, accounts=accounts(), weights={"skills": 1, "segments": 0})
    assert owners(found.plan) == "QRP"
    parts = {p.rep_id: p.parts for p in found.pairs}
    assert parts["Q"] == {"skills": 1.0, "segments": 1.0}
    assert parts["P"] == {"skills": 1.0, "segments": 1.0}
    assert parts["R"] == {}  # says nothing, so nothing is held for or against
    text = {p.rep_id: p.why for p in found.pairs}
    assert "knows the industries (100 %)" in text["Q"].lower()
    assert text["R"].startswith("Nothing speaks for it")
    middle = match(thirds(), people, accounts=accounts(), baseline=thirds("R R"))
    assert [round(p.parts.get("skills", -1), 2) for p in middle.pairs if p.rep_id == "P"] == [1.0]


def test_incumbents_keep_what_they_have() -> None:
    """By the share that they serve; a territory that nobody had speaks for nobody."""
    found = match(thirds(), team(name=list("xyz")), baseline=thirds("RP "))
    assert owners(found.plan) == "RPQ"
    assert [p.parts for p in found.pairs] == [{"incumbency": 1.0}, {"incumbency": 1.0}, {}]
    assert "Has served it until now (100 %)." in found.pairs[0].why


def test_excluded_pairs_only_where_there_is_no_other_way() -> None:
    """However near; and then they are reported."""
    people = team(home_zip=["a7", "a1", "a4"])
    barred = Rules(excluded=frozenset({("Q", "a0"), ("Z", "a1"), ("P", "nowhere")}))
    found = match(thirds(), people, rules=barred)
    assert owners(found.plan)[0] != "Q" and found.violations == ()
    everyone = Rules(excluded=frozenset((rep, "a0") for rep in "PQR"))
    found = match(thirds(), people, rules=everyone)
    assert owners(found.plan) == "QRP"
    assert [(v.constraint, v.territory_id) for v in found.violations] == [("excluded", "W")]
    needs = Rules(needs={"a8": "Flying"})
    skilled = team(home_zip=["a7", "a1", "a4"], skills=["", "flying", "x"])
    assert match(thirds(), skilled, rules=needs, weights={"skills": 1}).pairs[2].rep_id == "Q"
    missing = match(thirds(), team(skills=["x", "y", "z"]), rules=needs)
    assert [v.constraint for v in missing.violations] == ["skills"]


def test_one_excluded_unit_of_thousands_outweighs_every_score() -> None:
    """However large the territory."""
    units = board(40, 50)
    plan = Plan.blank(units, 1).with_alignment(np.zeros(2000, int))
    rules = Rules(excluded=frozenset({("Q", "a7")}))
    against = FORBIDDEN * barred(plan, team(name=list("xyz")), rules)
    assert against[0, 1] > 1 and against[0, [0, 2]].tolist() == [0, 0]


def test_locked_territories_keep_their_rep() -> None:
    """Also when nobody has them; the others share whoever is left."""
    people = team(home_zip=["a7", "a1", "a4"])
    plan = thirds("P Q").with_locks(Locks.of(territories=["W", "M"]))
    found = match(plan, people)
    assert owners(found.plan) in ("P-Q", "P-R") and found.vacant == ("M",)
    stranger = thirds("X  ").with_locks(Locks.of(territories=["W"]))
    assert owners(match(stranger, people).plan)[0] == "X"


def test_more_territories_than_reps_and_the_other_way() -> None:
    """Who or what is left over is named."""
    two = Team(pd.DataFrame({"home_zip": ["a7", "a1"]}, index=["P", "Q"]))
    found = match(thirds(), two)
    assert owners(found.plan) == "Q-P" and found.vacant == ("M",)
    four = Team(pd.DataFrame({"home_zip": ["a7", "a1", "a4", ""]}, index=list("PQRS")))
    found = match(thirds(), four, weights={"home": 1})
    assert len(found.free) == 1 and found.vacant == ()


def test_weights_that_make_no_sense() -> None:
    """Unknown, negative, all zero: in words."""
    units: Units = board(1, 2)
    plan = Plan.blank(units, 1).with_alignment([0, 0])
    people = Team(pd.DataFrame({"name": ["x"]}, index=["P"]))
    for weights, word in (({"charm": 1}, "charm"), ({"home": -1}, "no sense"), ({}, "no sense")):
        with pytest.raises(InputError, match=word):
            match(plan, people, weights=weights)
