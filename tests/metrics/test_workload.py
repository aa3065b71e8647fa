"""Visits and hours of a call plan, with whatever is missing filled in and said."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from territory.metrics import call_plan
from territory.model import Accounts, Plan, Project, Units
from tests.conftest import chessboard

SAMPLE = Path(__file__).parents[2] / "data" / "sample"


def project(board: Units, **columns: object) -> Project:
    """A project whose accounts A1, A2, … lie in units 00, 01, …"""
    frame = pd.DataFrame(columns)
    frame.index = [f"A{i + 1}" for i in range(len(frame))]
    if "unit_id" not in frame:
        frame["unit_id"] = [f"{i:02d}" for i in range(len(frame))]
    return Project("p", board, accounts=Accounts(frame))


def test_visits_times_minutes(board: Units) -> None:
    """Six visits of 90 minutes are nine hours; nothing had to be filled in."""
    calls = call_plan(project(board, visits_per_year=[6, 12], minutes_per_visit=[90, 30]))
    assert calls.hours.tolist() == [9, 6]
    assert calls.unit.tolist() == [0, 1]
    assert (calls.guessed, calls.silent, calls.notes) == (0, 0, ())


def test_own_hours_fill_the_other_figure(board: Units) -> None:
    """Ten hours in five visits are 120 minutes each; ten hours of 30 minutes are 20 visits."""
    calls = call_plan(
        project(
            board,
            visits_per_year=[5, np.nan],
            minutes_per_visit=[np.nan, 30],
            workload_hours=[10, 10],
        )
    )
    assert calls.visits.tolist() == [5, 20]
    assert calls.minutes.tolist() == [120, 30]
    assert calls.guessed == 2


def test_the_segments_median_comes_before_everybodys(board: Units) -> None:
    """An A account is like the other A accounts; one of an unknown segment like all."""
    calls = call_plan(
        project(
            board,
            segment=["A", "A", "A", "B", "?"],
            visits_per_year=[10, 20, np.nan, 2, np.nan],
            minutes_per_visit=[60, 60, 60, 60, 60],
        )
    )
    assert calls.visits.tolist() == [10, 20, 15, 2, 10]
    assert calls.guessed == 2
    assert "2 of 5 accounts" in calls.notes[0]


def test_figures_that_are_no_numbers_count_as_missing(board: Units) -> None:
    """Text, infinity and negative numbers never reach a total."""
    calls = call_plan(
        project(
            board,
            visits_per_year=["often", "inf", "-3", "4"],
            minutes_per_visit=["60", "60", "60", "60"],
        )
    )
    assert calls.visits.tolist() == [4, 4, 4, 4]
    assert calls.guessed == 3


def test_units_hours_count_where_accounts_say_nothing() -> None:
    """Three hours are three visits of an hour; a gap is no hours."""
    units = chessboard(1, 3, workload_hours=[3.0, np.nan, 0.0])
    for silent in (Project("p", units), project(units, name=["x", "y"])):
        calls = call_plan(silent)
        assert calls.unit.tolist() == [0]
        assert calls.hours.tolist() == [3]
        assert "workload_hours" in calls.notes[0]


def test_nothing_at_all_is_said(board: Units) -> None:
    """Without visits and hours there is no call plan, and the remedy is named."""
    calls = call_plan(Project("p", board))
    assert len(calls.visits) == 0
    assert "visits per year" in calls.notes[0]


def test_hours_of_the_sample_from_its_raw_file(sample: tuple[Project, Plan]) -> None:
    """Visits × minutes / 60 over accounts.csv, account by account, by hand."""
    with (SAMPLE / "accounts.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    by_hand = [int(r["visits_per_year"]) * int(r["minutes_per_visit"]) / 60 for r in rows]
    assert call_plan(sample[0]).hours.tolist() == pytest.approx(by_hand)
