"""Hours a rep has in a year: part-time, growing into the job, leaving, and nobody at all."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from territory.metrics.calendar import last_day
from territory.metrics.case import Case
from territory.model import Project, Team

__all__ = [
    "MONTH",
    "YEAR",
    "as_of",
    "availability",
    "capacity_hours",
    "end_of_sales",
    "part_time",
    "rep_hours",
    "vacant",
]

Floats = NDArray[np.float64]

YEAR = 365.25
MONTH = YEAR / 12


def as_of(project: Project) -> date | None:
    """The day from which capacity counts: the user's, else the end of the last period of sales.

    None where neither is known: then nobody is new and nobody leaves. Never today's date, so that
    the same data give the same figures on any day.
    """
    chosen = project.settings.travel.as_of
    if chosen:
        return _day(chosen)
    return end_of_sales(project)


def end_of_sales(project: Project) -> date | None:
    """The last day of the latest period of sales; None where none of them says a time."""
    periods = project.sales.periods if project.sales is not None else ()
    days = [day for period in periods if (day := last_day(str(period))) is not None]
    return max(days, default=None)


def _day(text: str) -> date | None:
    """A date like 2026-01-31; None for anything else."""
    moment = pd.to_datetime(text.strip() or None, errors="coerce", format="ISO8601")
    return None if pd.isna(moment) else moment.date()


def part_time(team: Team) -> Floats:
    """(k,) each rep's share of full time, written as 0.6 or 60; 1 where it is not known."""
    share = team.frame["part_time"].to_numpy(float)
    share = np.where(share > 2, share / 100, share)
    return np.where(np.isfinite(share) & (share >= 0), share, 1.0)


def availability(project: Project, since: float = 0.0, until: float = 1.0) -> Floats:
    """(k,) the share of a year from ``as_of`` on that each rep has: there, and grown into the job.

    ``since`` and ``until`` cut a part out of that year, 0.25 and 0.5 its second quarter; the share
    is then of that part.

    A rep grows linearly from nothing to everything over ``ramp_months`` from the start date, and
    is gone after the end date. With t the days since the start and r those of the ramp, what is
    done until t is t² / 2r, then t − r / 2; a year's share is the difference over its ends.
    """
    team, begin = project.team, as_of(project)
    if team is None:
        return np.ones(0)
    if begin is None:
        return np.ones(len(team))
    ramp = project.settings.travel.ramp_months * MONTH
    start = _days(team, "start_date", begin, unknown=-np.inf)
    first, last = since * YEAR, until * YEAR
    end = np.clip(_days(team, "end_date", begin, unknown=np.inf), first, last)
    ends = (end, np.full_like(end, first))
    # Somebody who has long been here has worked every day of it.
    done = [np.where(np.isinf(start), at, _worked(at - start, ramp)) for at in ends]
    return np.clip((done[0] - done[1]) / (last - first), 0, 1)


def _worked(days: Floats, ramp: float) -> Floats:
    """Full days' worth of work so many days after the start."""
    days = np.maximum(np.nan_to_num(days, posinf=0.0, neginf=0.0), 0)
    if ramp <= 0:
        return days
    return np.where(days < ramp, days**2 / (2 * ramp), days - ramp / 2)


def _days(team: Team, column: str, begin: date, unknown: float) -> Floats:
    """(k,) days from ``begin`` to a date of each rep."""
    days = pd.to_datetime(team.frame[column], errors="coerce", format="ISO8601")
    return (days - pd.Timestamp(begin)).dt.days.to_numpy(float, na_value=unknown)


def unread_dates(team: Team) -> int:
    """How many start and end dates are written in another way than 2026-01-31, so do not count."""
    text = team.frame[["start_date", "end_date"]].stack()
    return int(pd.to_datetime(text[text != ""], errors="coerce", format="ISO8601").isna().sum())


def rep_hours(project: Project) -> pd.Series:
    """Hours in the field that each rep has in the year, by rep_id; NaN without a capacity.

    Capacity × part time × availability; where the capacity is all working time, × field share.
    """
    team, travel = project.team, project.settings.travel
    if team is None:
        return pd.Series(dtype=float)
    hours = team.frame["capacity_hours"].to_numpy(float)
    field = travel.field_share if travel.capacity_is == "all" else 1.0
    return pd.Series(
        hours * part_time(team) * availability(project) * field, index=team.frame.index
    )


def capacity_hours(case: Case) -> pd.Series | None:
    """Hours in the field by territory; a rep's are split over its territories.

    NaN where nobody owns the territory or its rep has no capacity; None without any.
    """
    if case.project is None or case.project.team is None:
        return None
    reps = case.plan.territories["rep_id"]
    hours = rep_hours(case.project).reindex(reps).to_numpy(float)
    shared = reps.map(reps.value_counts()).to_numpy(float)
    return case.series(hours / shared) if np.isfinite(hours).any() else None


def vacant(case: Case) -> NDArray[np.bool_]:
    """(k,) territories that nobody works: no rep, an unknown one, or one who is gone."""
    reps = case.plan.territories["rep_id"]
    project = case.project
    if project is None or project.team is None:
        return (reps == "").to_numpy()
    known = reps.isin(project.team.frame.index).to_numpy()
    there = pd.Series(availability(project) * part_time(project.team), project.team.frame.index)
    return ~known | (there.reindex(reps).to_numpy(float) == 0)
