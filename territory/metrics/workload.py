"""The call plan: how many visits of how many minutes each account takes a year.

What an account does not say is filled in, in this order, and counted:

1. visits or minutes from its own workload hours and the other one;
2. the median of its segment, else of all accounts;
3. minutes from ``settings.travel.minutes_per_visit``.

Where no account says anything, or there are none, the unit's ``workload_hours`` count.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from territory.model import Accounts, Project, Units

__all__ = ["CallPlan", "call_plan", "figures"]

Floats = NDArray[np.float64]

NAMES = {
    "visits": ("visits_per_year", "visits"),
    "minutes": ("minutes_per_visit", "minutes"),
}
"""Columns of accounts that may hold a figure."""


@dataclass(frozen=True, eq=False)
class CallPlan:
    """Visits to make a year, a row an account; a row a unit where accounts say nothing.

    Parameters
    ----------
    row
        (m,) row of the accounts table, -1 where this is a unit's own workload.
    unit
        (m,) position of the unit, -1 outside the region.
    visits, minutes
        (m,) visits a year, and how long each is.
    guessed
        Accounts some of whose figures were filled in.
    silent
        Accounts without any figure, and with nothing to fill it in from: no visits.
    notes
        The same in words, with what would fill the gap.
    """

    row: NDArray[np.int64]
    unit: NDArray[np.int64]
    visits: Floats
    minutes: Floats
    guessed: int = 0
    silent: int = 0
    notes: tuple[str, ...] = ()

    @property
    def hours(self) -> Floats:
        """(m,) hours with the account a year: visits × minutes / 60."""
        return self.visits * self.minutes / 60


def figures(accounts: Accounts, name: str) -> Floats:
    """(a,) a figure of each account, NaN where it is not known or no number ≥ 0."""
    for column in NAMES.get(name, (name,)):
        if column in accounts.frame:
            values = pd.to_numeric(accounts.frame[column], errors="coerce").to_numpy(float)
            return np.where(np.isfinite(values) & (values >= 0), values, np.nan)
    return np.full(len(accounts), np.nan)


def call_plan(project: Project) -> CallPlan:
    """Visits and minutes of every account, with what had to be filled in."""
    accounts, usual = project.accounts, project.settings.travel.minutes_per_visit
    if accounts is None or not len(accounts):
        return _by_unit(project.units, usual)
    visits, minutes = figures(accounts, "visits"), figures(accounts, "minutes")
    hours = figures(accounts, "workload_hours")
    told = np.isfinite(visits) & np.isfinite(minutes)
    if not (np.isfinite(visits).any() or np.nansum(hours) > 0):
        return _by_unit(project.units, usual)
    with np.errstate(divide="ignore", invalid="ignore"):
        minutes = _filled(minutes, np.where(visits > 0, 60 * hours / visits, np.nan))
        visits = _filled(visits, np.where(minutes > 0, 60 * hours / minutes, np.nan))
    segment = accounts.frame["segment"].to_numpy(object)
    minutes = _filled(minutes, _median(minutes, segment))
    minutes = _filled(minutes, np.full(len(minutes), usual))
    visits = _filled(visits, 60 * hours / np.maximum(minutes, 1.0))
    visits = _filled(visits, _median(visits, segment))
    silent = int(np.isnan(visits).sum())
    unit = accounts.frame["unit_id"].map(project.units.position).fillna(-1).to_numpy(np.int64)
    guessed = int((~told).sum()) - silent
    return CallPlan(
        row=np.arange(len(accounts)),
        unit=unit,
        visits=np.nan_to_num(visits),
        minutes=minutes,
        guessed=guessed,
        silent=silent,
        notes=_notes(guessed, silent, accounts, usual),
    )


def _filled(values: Floats, other: Floats) -> Floats:
    return np.where(np.isnan(values), other, values)


def _median(values: Floats, segment: NDArray[np.object_]) -> Floats:
    """(a,) median of the known values of the account's segment, else of all; NaN without any."""
    if not np.isnan(values).any() or np.isnan(values).all():
        return values
    known = pd.Series(values).groupby(segment).transform("median").to_numpy(float)
    return _filled(known, np.full(len(values), np.nanmedian(values)))


def _notes(guessed: int, silent: int, accounts: Accounts, usual: float) -> tuple[str, ...]:
    of = len(accounts)
    if guessed == of and not silent and not np.isfinite(figures(accounts, "minutes")).any():
        told = int(np.isfinite(figures(accounts, "visits")).sum())
        if told == of and not np.isfinite(figures(accounts, "workload_hours")).any():
            return (
                f"How often accounts are visited is known, how long is not: {usual:g} minutes a "
                "visit are assumed (Travel settings). Load accounts with minutes per visit for "
                "exact hours.",
            )
    remedy = "Load accounts with visits per year and minutes per visit for exact hours."
    out = []
    if guessed:
        out.append(
            f"{guessed:,} of {of:,} accounts do not say how often or how long they are visited; "
            f"their own workload hours or what is usual in their segment counts. {remedy}"
        )
    if silent:
        out.append(f"{silent:,} accounts have no visits at all. {remedy}")
    return tuple(out)


def _by_unit(units: Units, usual: float) -> CallPlan:
    """The units' own workload hours as visits of the usual length."""
    remedy = "Load accounts with visits per year and minutes per visit."
    if "workload_hours" not in units.measure_names:
        empty = np.empty(0)
        whole = np.empty(0, np.int64)
        note = f"Nothing says how often anybody is visited, so that no hours can be given. {remedy}"
        return CallPlan(whole, whole, empty, empty, notes=(note,))
    hours = np.clip(np.nan_to_num(units.values("workload_hours")), 0, None)
    unit = np.flatnonzero(hours > 0)
    return CallPlan(
        row=np.full(len(unit), -1),
        unit=unit,
        visits=hours[unit] * 60 / usual,
        minutes=np.full(len(unit), usual),
        notes=(
            f"No account says how often it is visited: hours are the units' workload_hours, as "
            f"visits of {usual:g} minutes. {remedy}",
        ),
    )
