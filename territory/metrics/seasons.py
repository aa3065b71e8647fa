"""Trend and seasons of sales, by territory or any group, and the quarter that is hardest."""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from territory.metrics.calendar import Calendar
from territory.metrics.case import Case
from territory.metrics.ledger import Ledger, grouped, ledger_of
from territory.metrics.people import utilisation
from territory.metrics.segments import account_labels

__all__ = [
    "QUARTERS",
    "Seasons",
    "decompose",
    "quarter_load",
    "segment_sales",
    "territory_seasons",
    "worst_quarter",
    "worst_quarter_by_territory",
    "worst_quarter_utilisation",
    "yearly_sales",
]

Floats = NDArray[np.float64]

QUARTERS = ("Q1", "Q2", "Q3", "Q4")
TWO_YEARS = 8
CLEAR = 0.3
"""Strength from which on a season is more than noise."""


_seen: WeakKeyDictionary[Case, tuple[Seasons, Floats, Ledger] | None] = WeakKeyDictionary()
"""Several figures of one case ask for the same."""


@dataclass(frozen=True, eq=False)
class Seasons:
    """What some series are made of: level × season × the rest.

    ``factors`` (g, 4) are the seasons, 1 on average; ``trend`` (g, p) the level without them;
    ``own`` (g,) is True where a series has seasons of its own, else those of all together stand
    in; ``strength`` (g,) is 0 where the seasons explain nothing and 1 where they explain all that
    the trend does not. ``method`` is "ratio", "means" or "" and ``note`` says in words what the
    data did not allow.
    """

    factors: Floats
    trend: Floats
    own: NDArray[np.bool_]
    strength: Floats
    method: str
    note: str = ""

    @property
    def known(self) -> bool:
        """Are there seasons at all?"""
        return bool(self.method)


def decompose(values: Floats, calendar: Calendar) -> Seasons:
    """Classical decomposition by ratio to moving average, of many series at once.

    The level is a centred moving average over a year (half weights at its ends), carried on along
    its last slope; a quarter's factor is the mean ratio of sales to level, all four scaled to a
    mean of 1. That needs two full years. With one year the factors are the quarters over their
    mean, in which growth is not told from season; with less there are none.

    Parameters
    ----------
    values
        (g, p) sales of each series in each period; the last row may be all together.
    """
    g, p = values.shape
    ones, flat = np.ones((g, 4)), np.repeat(values.mean(axis=1, keepdims=True), p, axis=1)
    nothing = Seasons(ones, flat, np.zeros(g, bool), np.zeros(g), "")
    if calendar.kind != "quarter":
        why = "yearly figures" if calendar.kind == "year" else "periods that say no time"
        return _with_note(nothing, f"The history has {why}; quarters or months show seasons.")
    if any(calendar.empty):
        return _with_note(nothing, "Quarters are missing in the middle; fill them in.")
    if p < 4:
        return _with_note(nothing, f"The history has {p} quarter(s); seasons need four or more.")
    quarter = np.array(calendar.seasons)
    together = values.sum(axis=0, keepdims=True)
    rows = np.vstack([values, together])
    found, good = (_ratios if p >= TWO_YEARS else _means)(rows, quarter)
    if not good[-1]:
        return _with_note(nothing, "Nothing was sold in some years, so no season can be told.")
    own = good[:-1]
    factors = np.where(own[:, None], found[:-1], found[-1])
    level = _level(values / factors[:, quarter])
    note = ""
    if p < TWO_YEARS:
        note = "Less than two full years: growth can't be told from season yet."
    elif not own.all():
        note = f"Shown with the seasons of all together, for too few sales: {int((~own).sum())}."
    strength = _strength(values, level, factors[:, quarter])
    return Seasons(factors, level, own, strength, "ratio" if p >= TWO_YEARS else "means", note)


def _with_note(of: Seasons, note: str) -> Seasons:
    return Seasons(of.factors, of.trend, of.own, of.strength, of.method, note)


def _moving(values: Floats) -> Floats:
    """(g, p − 4) centred moving average over four quarters, half weights at both ends."""
    weights = np.array([0.5, 1, 1, 1, 0.5]) / 4
    spans = np.lib.stride_tricks.sliding_window_view(values, 5, axis=1)
    out: Floats = spans @ weights
    return out


def _ratios(values: Floats, quarter: NDArray[np.int64]) -> tuple[Floats, NDArray[np.bool_]]:
    """(g, 4) factors by ratio to moving average, and where they can be told."""
    level = _moving(values)
    inner, at = values[:, 2:-2], quarter[2:-2]
    good = np.asarray((level > 0).all(axis=1) & (values >= 0).all(axis=1))
    ratio = inner / np.where(level > 0, level, 1.0)
    factors = np.stack([ratio[:, at == q].mean(axis=1) for q in range(4)], axis=1)
    return _scaled(factors, good)


def _means(values: Floats, quarter: NDArray[np.int64]) -> tuple[Floats, NDArray[np.bool_]]:
    """(g, 4) mean of each quarter over the mean of all."""
    factors = np.stack([values[:, quarter == q].mean(axis=1) for q in range(4)], axis=1)
    return _scaled(factors, np.asarray((values >= 0).all(axis=1)))


def _scaled(factors: Floats, good: NDArray[np.bool_]) -> tuple[Floats, NDArray[np.bool_]]:
    """Factors with a mean of 1; a quarter that never sells has none of its own."""
    good = good & (factors > 0).all(axis=1)
    mean = np.where(good, factors.mean(axis=1), 1.0)
    return np.where(good[:, None], factors / mean[:, None], 1.0), good


def _level(adjusted: Floats) -> Floats:
    """(g, p) level of series without seasons, carried on at both ends along the nearest slope."""
    p = adjusted.shape[1]
    if p < 6:
        return np.repeat(adjusted.mean(axis=1, keepdims=True), p, axis=1)
    inner = _moving(adjusted)
    out = np.empty_like(adjusted)
    out[:, 2:-2] = inner
    slopes = inner[:, 1] - inner[:, 0], inner[:, -1] - inner[:, -2]
    for step in (1, 2):
        out[:, 2 - step] = np.maximum(inner[:, 0] - step * slopes[0], 0)
        out[:, p - 3 + step] = np.maximum(inner[:, -1] + step * slopes[1], 0)
    return out


def _strength(values: Floats, level: Floats, season: Floats) -> Floats:
    """1 − Var(rest) / Var(season + rest), 0 to 1. Source: Wang, Smith & Hyndman (2006)."""
    safe = np.where(level > 0, level, 1.0)
    detrended = np.where(level > 0, values / safe, 1.0)
    rest = detrended - season
    whole = detrended.var(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        strength = 1 - rest.var(axis=1) / np.where(whole > 0, whole, np.nan)
    return np.clip(np.nan_to_num(strength), 0, 1)


def territory_seasons(case: Case) -> tuple[Seasons, Floats, Ledger] | None:
    """Seasons of each territory, its sales (k, p), and the ledger; None without a history."""
    if case not in _seen:
        _seen[case] = _territory_seasons(case)
    return _seen[case]


def yearly_sales(case: Case) -> Floats | None:
    """(k,) a year's sales: of the history, else the measure sales; None without either."""
    seen = territory_seasons(case)
    if seen is not None and seen[1].sum() > 0:
        return seen[2].a_year(seen[1])
    return case.totals("sales") if case.has("sales") else None


def _territory_seasons(case: Case) -> tuple[Seasons, Floats, Ledger] | None:
    sales = case.project.sales if case.project else None
    if sales is None or not len(sales.frame):
        return None
    ledger = ledger_of(case.plan.units, sales)
    accounts = case.project.accounts if case.project else None
    sold = ledger.by_territory(case.plan, accounts)
    return decompose(sold, ledger.calendar), sold, ledger


def segment_sales(
    case: Case, kind: str, inside: NDArray[np.bool_] | None = None
) -> tuple[list[str], Floats] | None:
    """Labels of a kind of account, and what each sold in each period (g, p).

    ``inside`` (m,) are the accounts of the history that count; all where not given.

    None where the history does not say who bought, or the accounts are of no such kind.
    """
    project = case.project
    if project is None or project.sales is None or project.accounts is None:
        return None
    ledger, labels = ledger_of(case.plan.units, project.sales), account_labels(case, kind)
    if not ledger.knows_buyers or labels is None or not labels.names:
        return None
    row = project.accounts.frame.index.get_indexer(ledger.buyers)
    codes = np.append(labels.codes, -1)[row]
    if inside is not None:
        codes = np.where(inside, codes, -1)
    return list(labels.names), grouped(codes, ledger.by_account, len(labels.names))


def quarter_load(case: Case) -> pd.DataFrame | None:
    """Workload over capacity by territory and quarter, were the work to follow the sales.

    Columns Q1 to Q4; None where seasons, workload or capacity are not known.
    """
    found, used = territory_seasons(case), utilisation(case)
    if found is None or not found[0].known or used.isna().all():
        return None
    load = used.to_numpy()[:, None] * found[0].factors
    return pd.DataFrame(load, index=used.index, columns=list(QUARTERS))


def worst_quarter(case: Case) -> tuple[str, int, float] | None:
    """The quarter in which most reps have more work than hours, how many, and the highest load.

    None where it can't be told.
    """
    load = quarter_load(case)
    if load is None:
        return None
    beyond, peak = (load > 1).sum(), load.max()
    worst = max(QUARTERS, key=lambda q: (beyond[q], peak[q]))
    return worst, int(beyond[worst]), float(peak[worst])


def worst_quarter_by_territory(case: Case) -> pd.Series:
    """Workload over capacity by territory in its own hardest quarter; NaN where not known."""
    load = quarter_load(case)
    return case.series(np.full(case.plan.k, np.nan)) if load is None else load.max(axis=1)


def worst_quarter_utilisation(case: Case) -> float:
    """Workload over capacity of the busiest rep in the hardest quarter."""
    load = quarter_load(case)
    return float("nan") if load is None else float(load.max().max())
