"""Hours a rep has: part-time, ramp, leaving, vacancy; against a day that data give."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from territory.metrics import Case, capacity_hours, rep_hours, utilisation, vacant
from territory.metrics.capacity import YEAR, as_of, availability, unread_dates
from territory.model import Plan, Project, Sales, Settings, Team, Travel, Units
from tests.conftest import chessboard


def project(units: Units, as_of: str = "2025-12-31", **columns: object) -> Project:
    """Reps R1, R2, … with the given columns, capacity 1,000 hours unless told otherwise."""
    frame = pd.DataFrame(columns)
    frame.index = [f"R{i + 1}" for i in range(len(frame))]
    if "capacity_hours" not in frame:
        frame["capacity_hours"] = 1000.0
    settings = Settings(travel=Travel(as_of=as_of, ramp_months=6))
    return Project("p", units, team=Team(frame), settings=settings)


@pytest.mark.parametrize(
    ("period", "day"),
    [
        ("2025Q4", date(2025, 12, 31)),
        ("2024-Q1", date(2024, 3, 31)),
        ("2024-02", date(2024, 2, 29)),
        ("2025-12", date(2025, 12, 31)),
        ("2025", date(2025, 12, 31)),
        ("2025-06-30", date(2025, 6, 30)),
        ("Q4 2025", date(2025, 12, 31)),
        ("11/2025", date(2025, 11, 30)),
        ("FY2025", date(2025, 12, 31)),
        ("spring", None),
    ],
)
def test_capacity_counts_from_the_end_of_the_history(
    board: Units, period: str, day: date | None
) -> None:
    """The last period's last day; a period that is no date says nothing."""
    sales = Sales(pd.DataFrame({"unit_id": ["00"], "period": [period], "amount": [1.0]}))
    assert as_of(Project("p", board, sales=sales)) == day


def test_the_latest_period_is_the_last_in_time(board: Units) -> None:
    """Not in the alphabet, where Q4 2024 comes after Q1 2025."""
    periods = ["Q4 2024", "Q1 2025"]
    sales = Sales(pd.DataFrame({"unit_id": "00", "period": periods, "amount": 1.0}))
    assert as_of(Project("p", board, sales=sales)) == date(2025, 3, 31)


def test_the_users_day_wins(board: Units) -> None:
    """Settings before history."""
    assert as_of(project(board, "2026-05-01", name=["a"])) == date(2026, 5, 1)


def test_part_time_is_a_share_or_percent(board: Units) -> None:
    """0.6 and 60 are the same; what is not known is full time, 1.1 is a little more."""
    team = project(board, part_time=[0.6, 60, np.nan, 1.1, 0])
    assert rep_hours(team).tolist() == pytest.approx([600, 600, 1000, 1100, 0])


def test_dates_in_another_notation_are_said(board: Units) -> None:
    """A team made by code may hold them; they count as unknown."""
    team = project(board, start_date=["1/2/2026", "2026-01-02", ""], end_date=["", "soon", ""])
    assert team.team is not None and unread_dates(team.team) == 2
    assert rep_hours(team).tolist()[0] == 1000


def test_a_new_rep_grows_into_the_job(board: Units) -> None:
    """Starting today with six months' ramp loses half of them: 3 of 12 months."""
    team = project(board, start_date=["2025-12-31", "2010-01-01", ""])
    assert availability(team).tolist() == pytest.approx([1 - 0.25, 1, 1])


def test_half_grown_and_not_yet_there(board: Units) -> None:
    """Three months in: half grown, ∫ (1 − t/6) over three months is lost. In 12 months: nothing."""
    soon = project(board, start_date=["2025-10-01", "2026-12-31", "2026-06-01"])
    got = availability(soon)
    ramp = 6 * YEAR / 12
    days = (date(2025, 12, 31) - date(2025, 10, 1)).days
    lost = (ramp - days) ** 2 / (2 * ramp)
    assert got[0] == pytest.approx(1 - lost / YEAR)
    assert got[1] == pytest.approx(0, abs=1e-4)
    left = YEAR - (date(2026, 6, 1) - date(2025, 12, 31)).days
    assert got[2] == pytest.approx((left - ramp / 2) / YEAR)


def test_who_leaves_has_the_days_until_then(board: Units) -> None:
    """Gone already: nothing. Leaving in half a year: half."""
    team = project(board, end_date=["2025-06-30", "2026-07-01", "", "2040-01-01"])
    days = (date(2026, 7, 1) - date(2025, 12, 31)).days
    assert availability(team).tolist() == pytest.approx([0, days / YEAR, 1, 1])


def test_without_a_day_everybody_is_there(board: Units) -> None:
    """No history and no day in settings: start dates change nothing."""
    team = replace(project(board, start_date=["2099-01-01"]), settings=Settings())
    assert rep_hours(team).tolist() == [1000]


def test_whole_working_time_is_cut_to_the_field(board: Units) -> None:
    """80 % of 1,000 hours are spent with customers and on the way."""
    team = project(board, name=["a"])
    settings = Settings(travel=Travel(capacity_is="all", field_share=0.8))
    assert rep_hours(replace(team, settings=settings)).tolist() == [800]


def test_capacity_and_vacancy_by_territory() -> None:
    """One rep shares two territories; the third has nobody, the fourth somebody who is gone."""
    units = chessboard(1, 4, workload_hours=np.full(4, 250.0))
    plan = Plan.blank(units, ids=["a", "b", "c", "d"], rep_ids=["R1", "R1", "", "R2"])
    plan = plan.with_alignment(np.arange(4))
    team = project(units, end_date=["", "2025-01-01"])
    case = Case(plan, {"units": 1.0}, project=team)
    hours = capacity_hours(case)
    assert hours is not None
    assert hours.fillna(-1).tolist() == [500, 500, -1, 0]
    assert vacant(case).tolist() == [False, False, True, True]
    assert utilisation(case).fillna(-1).tolist() == [0.5, 0.5, -1, -1]


def test_the_samples_figures_stay(sample: tuple[Project, Plan]) -> None:
    """Long-serving full-time reps have exactly their capacity."""
    hours = rep_hours(sample[0])
    assert sample[0].team is not None
    assert hours.tolist() == sample[0].team.frame["capacity_hours"].tolist()
