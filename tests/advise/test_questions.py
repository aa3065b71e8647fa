"""The six questions: suggested from the data, said in words, carried out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from territory.advise.questions import (
    PRIORITY,
    SEASON,
    area_column,
    carried_out,
    kinds_of,
    seasons_of,
    suggested,
    summary,
)
from territory.errors import PlanError
from territory.intake.sample import load_sample
from territory.model import Project, Sales
from tests.conftest import chessboard

PROJECT, PLAN = load_sample()


def test_the_sample_answers_for_itself() -> None:
    """Potential and workload, the A accounts, all in one sentence."""
    found = suggested(PROJECT, PLAN)
    assert found.weights == {"potential": 0.6, "workload_hours": 0.4}
    assert found.team is not None and len(found.team) == 24
    assert found.priority == ("A",) and found.kind == "segment"
    words = summary(PROJECT, replace(found, max_change=0.1, season="Q4", goal=5e6))
    for part in (
        "24 reps",
        "balance potential 60 % / workload 40 % within ±5 %",
        "segment A first",
        "at most 10 % changes hands",
        "hold in Q4",
        "goal $5,000,000",
    ):
        assert part in words


def test_nothing_at_hand_is_no_obstacle() -> None:
    """Bare areas: one measure, no team, no season, and the plan as it is."""
    units = chessboard(3, 3)
    project = Project("Grid", units)
    plan = PLAN.blank(units, 3)
    found = suggested(project, plan)
    assert found.weights == {"units": 1.0} and found.team is None and found.season == ""
    assert not kinds_of(None) and not seasons_of(None) and area_column(units) == ""
    after, made = carried_out(project, plan, found)
    assert after.units is units and made is plan and after.settings.asked
    assert summary(project, found).startswith("Grid, balance")


def test_a_part_of_the_region() -> None:
    """Two states: units, accounts and sales of these only, owners kept, links renumbered."""
    column = area_column(PROJECT.units)
    assert column == "state"
    states = tuple(PROJECT.units.attributes["state"].value_counts().index[:2])
    answers = replace(suggested(PROJECT, PLAN), places=states, priority=())
    project, plan = carried_out(PROJECT, PLAN, answers)
    inside = PROJECT.units.attributes["state"].isin(states).to_numpy()
    assert project.units.n == inside.sum()
    assert set(project.units.attributes["state"]) == set(states)
    before = PLAN.to_mapping()
    assert all(before[u] == t for u, t in plan.to_mapping().items())
    assert project.accounts is not None and PROJECT.accounts is not None
    assert set(project.accounts.frame["unit_id"]) <= set(project.units.ids)
    assert len(project.accounts) < len(PROJECT.accounts)
    old, new = PROJECT.units, project.units
    links = {tuple(sorted((old.ids[i], old.ids[j]))) for i, j in old.graph.pairs()}
    kept = {(a, b) for a, b in links if a in new.position and b in new.position}
    assert {tuple(sorted((new.ids[i], new.ids[j]))) for i, j in new.graph.pairs()} == kept


def test_priority_and_season_become_measures() -> None:
    """Counts of A accounts and an average fourth quarter, equal to sums by hand."""
    answers = replace(suggested(PROJECT, PLAN), priority=("A",), season="Q4")
    project, plan = carried_out(PROJECT, PLAN, answers)
    assert PROJECT.accounts is not None and PROJECT.sales is not None
    frame = PROJECT.accounts.frame
    assert project.units.values(PRIORITY).sum() == (frame["segment"] == "A").sum()
    sales = PROJECT.sales.frame
    fourth = sales[sales["period"].str.endswith("Q4")]
    by_hand = fourth["amount"].sum() / fourth["period"].nunique()
    assert project.units.values(SEASON).sum() == pytest.approx(by_hand)
    assert project.settings.priority == ("A",) and project.settings.season == "Q4"
    again, same = carried_out(project, plan, answers)
    assert again.units is project.units and same is plan


def test_a_team_that_changes() -> None:
    """One rep goes, one comes: the goer's units are unassigned, the newcomer has none yet."""
    answers = suggested(PROJECT, PLAN)
    assert answers.team is not None
    gone = PLAN.territory_ids[3]
    team = answers.team.drop(index=gone)
    team.loc["R99"] = {**team.iloc[0].to_dict(), "name": "Newcomer"}
    _, plan = carried_out(PROJECT, PLAN, replace(answers, team=team, priority=()))
    assert gone not in plan.territory_ids and "R99" in plan.territory_ids
    assert plan.k == PLAN.k
    assert plan.unassigned == (PLAN.alignment == 3).sum()
    assert plan.territories["target"].sum() == pytest.approx(1)


def test_targets_by_hours() -> None:
    """Half the hours, half the target."""
    answers = suggested(PROJECT, PLAN)
    assert answers.team is not None
    team = answers.team.assign(capacity_hours=1600.0)
    team.loc[team.index[0], "capacity_hours"] = 800.0
    chosen = replace(answers, team=team, targets="capacity", priority=())
    _, plan = carried_out(PROJECT, PLAN, chosen)
    target = plan.territories["target"].to_numpy(float)
    assert target[0] == pytest.approx(target[1] / 2) and target.sum() == pytest.approx(1)
    _, even = carried_out(PROJECT, plan, replace(chosen, targets="equal"))
    np.testing.assert_allclose(even.territories["target"], 1 / 24)


def test_answers_that_leave_nothing_are_refused() -> None:
    """Nothing to be even, nobody in the team, no place left."""
    answers = suggested(PROJECT, PLAN)
    assert answers.team is not None
    for wrong, words in (
        (replace(answers, weights={}), "at least one thing"),
        (replace(answers, team=answers.team.iloc[:0]), "nobody left"),
        (replace(answers, places=("Atlantis",)), "Nothing is left"),
    ):
        with pytest.raises(PlanError, match=words):
            carried_out(PROJECT, PLAN, wrong)


def test_seasons_need_a_whole_year() -> None:
    """Four quarters, the last twice the others: 1.6 of an average one."""
    frame = pd.DataFrame(
        {
            "unit_id": ["a"] * 4,
            "period": [f"2025Q{i}" for i in (1, 2, 3, 4)],
            "amount": [1, 1, 1, 2.0],
        }
    )
    assert seasons_of(Sales(frame)) == pytest.approx({"Q1": 0.8, "Q2": 0.8, "Q3": 0.8, "Q4": 1.6})
    assert seasons_of(Sales(frame[:3])) == {}
    months = pd.date_range("2024-01-01", periods=24, freq="MS").strftime("%b %Y")
    monthly = pd.DataFrame(
        {"unit_id": "a", "period": months, "amount": [1.0] * 9 + [2.0] * 3 + [1.0] * 9 + [2.0] * 3}
    )
    assert seasons_of(Sales(monthly)) == pytest.approx({"Q1": 0.8, "Q2": 0.8, "Q3": 0.8, "Q4": 1.6})
    assert seasons_of(Sales(frame.assign(period=["2022", "2023", "2024", "2025"]))) == {}


def test_a_season_of_months_counts_a_year_once() -> None:
    """Three months of two years are two quarters, not six."""
    unit = str(PROJECT.units.ids[0])
    months = ["2024-10", "2024-11", "2024-12", "2025-10", "2025-11", "2025-12", "2025-07"]
    sales = Sales(pd.DataFrame({"unit_id": unit, "period": months, "amount": 10.0}))
    project = replace(PROJECT, sales=sales)
    made, _ = carried_out(project, PLAN, replace(suggested(project, PLAN), season="Q4"))
    assert made.units.values(SEASON)[0] == pytest.approx(30.0)
