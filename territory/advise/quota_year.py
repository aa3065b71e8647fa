"""The year that quotas are for: its seasons, who is there when, and from when a plan holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from territory.advise.allocation import rounded
from territory.errors import PlanError
from territory.metrics.capacity import YEAR, as_of, availability, part_time
from territory.metrics.case import Case
from territory.metrics.seasons import territory_seasons
from territory.model import QuotaPolicy

__all__ = ["QuotaYear"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class QuotaYear:
    """The year that begins when the sales history ends; quarters are those of the calendar.

    ``notes`` collects in words what was assumed.
    """

    case: Case
    policy: QuotaPolicy
    notes: list[str] = field(default_factory=list)

    @cached_property
    def begin(self) -> date | None:
        """The day before it begins; None where nothing says."""
        return as_of(self.case.project) if self.case.project else None

    @property
    def first(self) -> int:
        """The calendar quarter it begins with, 0 to 3."""
        return 0 if self.begin is None else (self.begin.month // 3) % 4

    @cached_property
    def factors(self) -> Floats:
        """(k, 4) season of each territory's sales, 1 on average."""
        seen = territory_seasons(self.case)
        if seen is None or not seen[0].known:
            self.notes.append("No season is known, so every quarter asks the same.")
            return np.ones((self.case.plan.k, 4))
        if seen[0].note:
            self.notes.append(f"Seasons: {seen[0].note}")
        return seen[0].factors

    @property
    def ends(self) -> list[float]:
        """Where its quarters begin and end, in years since its beginning; 0 first."""
        if self.begin is None:
            return [0, 0.25, 0.5, 0.75, 1]
        months = [self.begin.year * 12 + self.begin.month + 3 * q for q in range(5)]
        firsts = [date(m // 12, m % 12 + 1, 1) for m in months]
        days = [(day - firsts[0]).days for day in firsts]
        return [d / YEAR for d in days]

    @cached_property
    def there(self) -> Floats:
        """(k, 4) the share of each quarter that the territory's rep is there for.

        A territory that nobody owns counts in full: its quota waits for whoever comes.
        """
        k, project = self.case.plan.k, self.case.project
        if project is None or project.team is None or not self.policy.prorate:
            return np.ones((k, 4))
        share = part_time(project.team)
        ends = self.ends
        parts = [availability(project, *ends[q : q + 2]) * share for q in range(4)]
        by_rep = pd.DataFrame(np.stack(parts, axis=1), index=project.team.frame.index)
        quarters = by_rep.reindex(self.case.plan.territories["rep_id"]).fillna(1.0).to_numpy(float)
        if not quarters.any():  # nobody is there at all: the goal still has to be somebody's
            self.notes.append("Nobody is there in that year, so quotas take no account of dates.")
            return np.ones((k, 4))
        fewer = int((quarters.mean(axis=1) < 1 - 1e-9).sum())
        if fewer:
            year = f" in the year after {self.begin.isoformat()}" if self.begin else ""
            self.notes.append(f"Asked for less, because not there in full{year}: {fewer}.")
        return np.roll(quarters, self.first, axis=1)

    @cached_property
    def present(self) -> Floats:
        """(k,) the share of the year's sales, by season, that falls into when the rep is there."""
        out: Floats = (self.factors * self.there).mean(axis=1)
        return out

    def by_quarter(self, cents: NDArray[np.int64]) -> NDArray[np.int64]:
        """(k, 4) each quota over the quarters, by season and presence, to the cent."""
        weights = self.factors * self.there
        weights = np.where(weights.sum(axis=1, keepdims=True) > 0, weights, 1.0)
        shares = cents[:, None] * weights / weights.sum(axis=1, keepdims=True)
        rows = [rounded(row, int(c), 1) for c, row in zip(cents, shares, strict=True)]
        return np.array(rows, dtype=np.int64).reshape(self.case.plan.k, 4)

    def share_from(self, day: str) -> float:
        """The share of the year's sales, by season, that comes from a day on.

        Raises
        ------
        PlanError
            If it is no day.
        """
        try:
            start = date.fromisoformat(day)
        except ValueError:
            words = f"{day!r} is no day such as 2026-07-01 from which the plan could hold."
            raise PlanError(words) from None
        begin = self.begin or date(start.year - 1, 12, 31)
        ends = np.array(self.ends)
        gone = ((start - begin).days - 1) / YEAR  # the year begins on the day after
        season = np.roll(self.factors.mean(axis=0), -self.first)
        passed = np.clip((gone - ends[:-1]) / np.diff(ends), 0, 1)
        return float(1 - (season * passed).sum() / season.sum())
