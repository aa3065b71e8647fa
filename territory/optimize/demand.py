"""How a plan fares when demand turns out otherwise: the plan as it is, re-scored many times.

Where sales of the past are at hand, each unit's year is put together anew from its own past
quarters (bootstrap: Efron 1979): its share of the region's sales in a spring is drawn from its
shares in past springs, and so on. Shares leave out growth and seasons that all have in common,
since targets follow the region. Units without a past borrow the noise of another one.

Else demand is multiplied by log-normal noise of a stated size; where accounts are known, each
account has its own, so that a unit with many small ones varies less than one with a big one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

from territory.errors import InputError, Problem
from territory.model import Accounts, Plan, Sales
from territory.model.named import COLUMN
from territory.optimize.arguments import ROUNDING, weights_of, whole_number
from territory.optimize.arrays import Floats
from territory.optimize.named import without_named

__all__ = ["Robustness", "robustness"]

STEADY = ("units", "area_km2")
"""Measures that demand does not change."""

AT_ONCE = 2_000_000
"""Numbers drawn at a time, to bound memory."""

FEWEST = 3
"""Periods below which a past says nothing about noise."""

SEASON = re.compile(r"(?:[-_ ]?(Q[1-4])|[-_/ ]?M?(0[1-9]|1[0-2]))$", re.IGNORECASE)
"""The quarter or month at the end of a period, such as 2025Q3 or 2025-07."""


@dataclass(frozen=True, eq=False)
class Robustness:
    """What demand noise does to a plan.

    Parameters
    ----------
    chance
        Share of draws in which every territory keeps the tolerance in every measure.
    worst
        5 %, 50 % and 95 % of draws: the largest |deviation| of any territory is at most this.
    territories
        Index territory_id: ``name``, ``chance`` to keep the tolerance, and for the measure in
        ``main`` the deviation ``now``, and ``low`` and ``high``, between which it lies in 90 % of
        the draws.
    seasons
        Index season (Q1 … Q4, or months), a column a territory: deviation in the heaviest measure
        if the whole year were like this season. None without a past that tells seasons apart.
    main
        The heaviest measure that demand changes.
    source
        "history" or "assumed".
    spread
        Assumed standard deviation of demand, of an account or else of a unit; 0 with a history.
    """

    chance: float
    worst: tuple[float, float, float]
    territories: pd.DataFrame
    seasons: pd.DataFrame | None
    main: str
    tolerance: float
    draws: int
    seed: int
    source: str
    spread: float

    def text(self) -> str:
        """The result in one or two plain sentences."""
        how = (
            "drawn anew from the sales of the past"
            if self.source == "history"
            else f"varied by an assumed ±{100 * self.spread:.0f} %"
        )
        said = (
            f"With demand {how}, every territory stays within ±{100 * self.tolerance:.3g} % in "
            f"{self.chance:.0%} of {self.draws:,} draws; the largest deviation is typically "
            f"{self.worst[1]:.0%}, and above {self.worst[2]:.0%} in one of twenty."
        )
        if len(self.territories) and self.chance < 1:
            weak = self.territories["chance"].idxmin()
            row = self.territories.loc[weak]
            said += f" Most at risk: {row['name']} ({row['chance']:.0%})."
        return said.replace(" %", "%").replace("%", " %")


def robustness(
    plan: Plan,
    *,
    measures: Mapping[str, float] | None = None,
    tolerance: float = 0.05,
    sales: Sales | None = None,
    accounts: Accounts | None = None,
    spread: float = 0.25,
    draws: int = 1000,
    seed: int = 1,
) -> Robustness:
    """The chance that a plan stays within its tolerance, as a whole and by territory.

    Parameters
    ----------
    sales
        The past; three periods or more.
    accounts
        Whose named ones stay with their rep; without a past, noise is drawn by account.
    spread
        Assumed noise without a past: 0.25 means a standard deviation of 25 %.
    draws, seed
        Same seed, same figures.

    Raises
    ------
    InputError
        If a measure is unknown, or spread or draws make no sense.
    """
    weights = weights_of(plan.units, measures)
    draws, seed = _checked(plan, draws, seed, spread)
    units, offset = without_named(plan, accounts, weights)
    values = np.column_stack([np.nan_to_num(units.values(name)) for name in weights])
    varies = np.array([name not in STEADY for name in weights])
    main = min(weights, key=lambda name: (name in STEADY, -weights[name]))
    m = list(weights).index(main)
    past = None if sales is None else _past(plan, sales)
    rng = np.random.default_rng(seed)
    if past is not None:
        noise = _bootstrap(past, rng)
    else:
        noise = _assumed(_spreads(plan, accounts, main, spread), rng)
    now = _gaps(plan, values, offset, varies, 1, lambda size: np.ones((size, plan.units.n)))
    gaps = _gaps(plan, values, offset, varies, draws, noise)  # (draws, k, M)
    largest = np.abs(gaps).max(axis=2)
    inside = largest <= tolerance + ROUNDING
    low, high = np.quantile(gaps[:, :, m], [0.05, 0.95], axis=0)
    frame = plan.territories[["name"]].assign(
        chance=inside.mean(axis=0), now=now[0, :, m], low=low, high=high
    )
    worst = np.quantile(largest.max(axis=1), [0.05, 0.5, 0.95]).tolist()
    return Robustness(
        chance=float(np.all(inside, axis=1).mean()),
        worst=(worst[0], worst[1], worst[2]),
        territories=frame,
        seasons=None if past is None else _seasons(plan, past, values[:, [m]], offset[:, [m]]),
        main=main,
        tolerance=tolerance,
        draws=draws,
        seed=seed,
        source="assumed" if past is None else "history",
        spread=spread if past is None else 0.0,
    )


def _checked(plan: Plan, draws: int, seed: int, spread: float) -> tuple[int, int]:
    """Draws and seed as plain numbers; InputError if something makes no sense."""
    draws, seed = whole_number(draws, "The number of draws"), whole_number(seed, "The seed")
    if draws < 1 or seed < 0 or not 0 <= spread < np.inf:
        raise InputError(
            Problem(
                f"{draws} draws of seed {seed} with a spread of {spread} make no sense",
                remedy="give 1 draw or more, a seed of 0 or more, and a spread such as 0.25",
            )
        )
    if plan.k == 0:
        raise InputError("There are no territories whose robustness could be told.")
    return draws, seed


@dataclass(frozen=True, eq=False)
class _Past:
    """Shares of the region's sales: ``share`` (seasons, years, n), NaN where a year has none;
    ``size`` (seasons,) what a season is of the year; ``names`` of the seasons."""

    share: Floats
    size: Floats
    names: tuple[str, ...]

    @property
    def usual(self) -> Floats:
        """(seasons, n) mean share of each unit."""
        return np.asarray(np.nanmean(self.share, axis=1))

    @property
    def year(self) -> Floats:
        """(n,) the usual year of each unit, as a share of the region's."""
        return np.asarray(self.size @ self.usual)


def _past(plan: Plan, sales: Sales) -> _Past | None:
    """Sales by season and year; None where there is too little to learn from."""
    table = sales.frame[sales.frame["unit_id"].isin(plan.units.position.keys())]
    table = table.pivot_table(index="period", columns="unit_id", values="amount", aggfunc="sum")
    table = table.reindex(columns=plan.units.ids).fillna(0.0).clip(lower=0.0)
    table = table[table.sum(axis=1) > 0].sort_index()
    if len(table) < FEWEST:
        return None
    found = [SEASON.search(str(period)) for period in table.index]
    names = [next(g for g in f.groups() if g).upper() if f else "" for f in found]
    if min(names.count(name) for name in names) < 2:
        # One year says nothing about how a season differs from itself: all periods are alike.
        names = [""] * len(names)
    seasons = tuple(dict.fromkeys(sorted(names)))
    years = max(names.count(name) for name in seasons)
    share = np.full((len(seasons), years, plan.units.n), np.nan)
    whole = table.sum(axis=1).to_numpy(float)
    for s, season in enumerate(seasons):
        rows = [i for i, name in enumerate(names) if name == season]
        share[s, : len(rows)] = table.to_numpy(float)[rows] / whole[rows, None]
    size = np.array([whole[[n == season for n in names]].mean() for season in seasons])
    return _Past(share, size / size.sum(), seasons)


def _bootstrap(past: _Past, rng: np.random.Generator) -> Callable[[int], Floats]:
    """Draws (size, n) factors on demand from past seasons."""
    year = past.year
    known = np.flatnonzero(year > 0)
    lost = np.flatnonzero(year <= 0)
    many = (~np.isnan(past.share[:, :, 0])).sum(axis=1)

    def draw(size: int) -> Floats:
        total = np.zeros((size, len(year)))
        column = np.arange(len(year))
        for s, part in enumerate(past.size):
            total += part * past.share[s, rng.integers(0, many[s], total.shape), column]
        out = np.ones_like(total)
        out[:, known] = total[:, known] / year[known]
        if len(lost) and len(known):
            out[:, lost] = np.take_along_axis(
                out, known[rng.integers(0, len(known), (size, len(lost)))], axis=1
            )
        return out

    return draw


def _assumed(spreads: Floats, rng: np.random.Generator) -> Callable[[int], Floats]:
    """Draws (size, n) log-normal factors of mean 1 with these standard deviations."""
    sigma = np.sqrt(np.log1p(spreads**2))

    def draw(size: int) -> Floats:
        return np.asarray(np.exp(sigma * rng.standard_normal((size, len(sigma))) - sigma**2 / 2))

    return draw


def _spreads(plan: Plan, accounts: Accounts | None, measure: str, spread: float) -> Floats:
    """(n,) standard deviation of each unit's demand: less where many accounts share it."""
    out = np.full(plan.units.n, spread)
    column = COLUMN.get(measure)
    if accounts is None or column is None:
        return out
    frame = accounts.frame
    worth = frame[column].fillna(0.0).clip(lower=0.0)
    both = pd.DataFrame({"sum": worth, "square": worth**2}).groupby(frame["unit_id"]).sum()
    both = both.reindex(plan.units.ids).fillna(0.0)
    some = both["sum"].to_numpy() > 0
    out[some] = spread * np.sqrt(both["square"].to_numpy()[some]) / both["sum"].to_numpy()[some]
    return out


def _gaps(
    plan: Plan,
    values: Floats,
    offset: Floats,
    varies: np.ndarray,
    draws: int,
    noise: Callable[[int], Floats],
) -> Floats:
    """(draws, k, M) deviations of the plan under each draw; the region's total moves along."""
    inside = np.flatnonzero(plan.alignment >= 0)
    to = csr_matrix(
        (np.ones(len(inside)), (inside, plan.alignment[inside])), shape=(plan.units.n, plan.k)
    )
    target = plan.territories["target"].to_numpy(float)
    out = np.empty((draws, plan.k, values.shape[1]))
    step = max(1, AT_ONCE // max(plan.units.n, 1))
    for first in range(0, draws, step):
        size = min(step, draws - first)
        factor = noise(size)
        for m in range(values.shape[1]):
            drawn = values[:, m] * factor if varies[m] else np.tile(values[:, m], (size, 1))
            total = drawn @ to + offset[:, m]
            whole = drawn.sum(axis=1)[:, None] + offset[:, m].sum()
            goal = np.maximum(whole * target, 1e-300)
            out[first : first + size, :, m] = total / goal - 1.0
    return out


def _seasons(plan: Plan, past: _Past, values: Floats, offset: Floats) -> pd.DataFrame | None:
    """Deviations of each territory if every season were like this one."""
    if len(past.names) < 2:
        return None
    year = np.where(past.year > 0, past.year, 1.0)
    factor = np.where(past.year > 0, past.usual / year, 1.0)
    gaps = _gaps(plan, values, offset, np.array([True]), len(factor), lambda size: factor[:size])
    return pd.DataFrame(gaps[:, :, 0], index=list(past.names), columns=plan.territories.index)
