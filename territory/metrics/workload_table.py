"""A rep's year in hours: visits, driving, nights and office against what there is."""

from __future__ import annotations

import numpy as np
import pandas as pd

from territory.metrics.capacity import as_of, capacity_hours, rep_hours, unread_dates, vacant
from territory.metrics.case import Case
from territory.metrics.roads import formula_error
from territory.metrics.travel import Hours, ground_of, hours_of
from territory.model import Project, Travel

__all__ = ["rep_workload", "workload_gaps", "workload_table"]

ADDED = (
    *("visits", "visit_hours", "driving_hours", "nights", "night_hours", "field_hours"),
    *("office_hours", "total_hours", "capacity_hours", "km", "days"),
)


def workload_table(case: Case) -> pd.DataFrame:
    """One row a territory, hours a year.

    Returns
    -------
    Index territory_id; name, rep_id, visits, visit_hours, driving_hours, nights, night_hours,
    field_hours (the sum of visits, driving and nights), office_hours, total_hours, capacity_hours
    (the whole working time, as total_hours is), used (total over capacity), km, days,
    calls_per_day, travel_share. What is not known is NaN.

    Raises
    ------
    ValueError
        If the case has no project.
    """
    seen = hours_of(case)
    travel = _travel(case)
    out = case.plan.territories[["name", "rep_id"]].join(seen.by_territory)
    out["office_hours"] = out["field_hours"] * (1 / travel.field_share - 1)
    out["total_hours"] = out["field_hours"] + out["office_hours"]
    capacity = capacity_hours(case)
    known = case.series(np.nan) if capacity is None else capacity
    out["capacity_hours"] = known / travel.field_share
    return _with_ratios(out)


def rep_workload(case: Case) -> pd.DataFrame:
    """The same, one row a rep who owns a territory, by rep_id; a rep's territories are summed."""
    table = workload_table(case)
    out = table[table["rep_id"] != ""].groupby("rep_id", sort=False)[list(ADDED)]
    return _with_ratios(out.sum(min_count=1))


def _with_ratios(table: pd.DataFrame) -> pd.DataFrame:
    hours, capacity, days = (table[c] for c in ("total_hours", "capacity_hours", "days"))
    field = table["field_hours"]
    return table.assign(
        used=hours / capacity.where(capacity > 0),
        calls_per_day=table["visits"] / days.where(days > 0),
        travel_share=table["driving_hours"] / field.where(field > 0),
    )


def _travel(case: Case) -> Travel:
    if case.project is None:
        raise ValueError("Workload needs a project: its accounts, team and settings.")
    return case.project.settings.travel


def workload_gaps(case: Case) -> tuple[str, ...]:
    """What the hours had to do without, in words, and what would fill it; empty if nothing."""
    if case.project is None:
        return ()
    ground, project = ground_of(case.project), case.project
    notes = list(ground.calls.notes)
    if not len(ground.calls.visits):
        return tuple(notes)
    notes += [*_missing_homes(case, hours_of(case)), *_own_times(case.project)]
    if project.team is None:
        notes.append("There is no team, so that hours can't be set against capacity. Load a team.")
        return tuple(notes)
    hours = rep_hours(project)
    if hours.isna().all():
        notes.append(
            "No rep has a capacity, so that nothing says how many hours are too many. Add "
            "capacity_hours to the team."
        )
    elif hours.isna().any():
        notes.append(
            f"{int(hours.isna().sum())} reps have no capacity_hours in the team's table; how busy "
            "they are is not shown."
        )
    wrong = unread_dates(project.team)
    if wrong:
        notes.append(
            f"{wrong} start or end dates of the team can't be read and do not count. Write them "
            "like 2026-01-31."
        )
    if as_of(project) is None and _dated(case):
        notes.append(
            "Nobody counts as new or leaving: without a sales history, say in Settings from which "
            "day on capacity counts."
        )
    empty = int(vacant(case).sum())
    if empty:
        notes.append(
            f"{empty} {_named(case, empty)} without a rep at work: give it one, or hire for it."
        )
    return tuple(notes)


def _missing_homes(case: Case, seen: Hours) -> list[str]:
    lost = int((~seen.at_home & (seen.base >= 0)).sum())
    if not lost:
        return []
    return [
        f"No home is known for the rep of {lost} {_named(case, lost)}, or it is more than 50 km "
        "from this region: ways are counted from the middle of the calls. Give home_zip, or "
        "home_lat and home_lon, in the team's table."
    ]


def _own_times(project: Project) -> list[str]:
    off = formula_error(project)
    if off is None:
        return []
    side = "longer" if off.bias > 0 else "shorter"
    return [
        f"{off.ways:,} ways are from your own travel times. On them the formula would be off by "
        f"{100 * off.typical:.0f} % (median), {100 * abs(off.bias):.0f} % {side} on the whole."
    ]


def _named(case: Case, count: int) -> str:
    word = "territory" if count == 1 else "territories"
    return case.project.settings.word(word) if case.project else word


def _dated(case: Case) -> bool:
    """Does the team's table have any start or end date?"""
    team = case.project.team if case.project else None
    if team is None:
        return False
    return bool((team.frame[["start_date", "end_date"]] != "").to_numpy().any())
