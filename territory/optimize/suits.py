"""How well each rep suits each territory, one table (territories × reps) for each respect.

Scores lie between 0 and 1; NaN is "not known".
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from territory.model import Accounts, Plan, Rules, Team
from territory.optimize.arrays import Floats

__all__ = ["LOCKED", "barred", "distances", "fit", "incumbency", "nearness", "weighted"]

FIRST = 0.01
"""In `barred`: for the first excluded unit."""

LOCKED = 10.0
"""In `barred`: from here on a lock forbids the pair altogether."""


def distances(plan: Plan, team: Team, weight: Floats) -> Floats:
    """(k, r) mean km of each territory's units from each rep's home; NaN where not known."""
    inside = plan.alignment >= 0
    to, xy = plan.alignment[inside], plan.units.xy[inside] / 1e3
    heft = weight[inside] + 1e-9 * max(float(weight.max(initial=0.0)), 1e-300)
    total = np.bincount(to, heft, plan.k)
    out = np.full((plan.k, len(team)), np.nan)
    for r, home in enumerate(team.homes(plan.units)):
        if home >= 0:
            km = np.hypot(*(xy - plan.units.xy[home] / 1e3).T)
            with np.errstate(invalid="ignore", divide="ignore"):
                out[:, r] = np.bincount(to, heft * km, plan.k) / total
    return out


def nearness(away: Floats) -> Floats:
    """From 1 at the door to 0 far away; ½ at the distance that is usual for the nearest rep."""
    if not np.isfinite(away).any():
        return away
    nearest = np.nanmin(np.where(np.isnan(away), np.inf, away), axis=1)
    usual = max(float(np.median(nearest[np.isfinite(nearest)])), 1e-9)
    return np.asarray(usual / (usual + away))


def _words(text: str) -> frozenset[str]:
    """ "Healthcare; Education" as a set, whatever the case."""
    parts = text.replace(",", ";").split(";")
    return frozenset(p.strip().casefold() for p in parts if p.strip())


def fit(
    plan: Plan,
    team: Team,
    accounts: Accounts | None,
    weight: Floats,
    column: str,
    offer: str,
    needs: Mapping[str, str],
) -> Floats:
    """(k, r) share of a territory's accounts, by potential, whose kind is among what a rep offers.

    Units that need a skill count like accounts with it, by their weight. NaN for reps who state
    nothing, and for territories about which nothing is known.
    """
    kinds: list[tuple[int, str, float]] = []
    if accounts is not None:
        frame = accounts.frame
        worth = frame["potential"].fillna(frame["revenue"]).fillna(0.0).clip(lower=0.0)
        for unit, kind, value in zip(frame["unit_id"], frame[column], worth, strict=True):
            at = plan.units.position.get(unit, -1)
            if at >= 0 and str(kind).strip() and plan.alignment[at] >= 0:
                kinds.append((int(plan.alignment[at]), str(kind).strip().casefold(), float(value)))
    for unit, kind in needs.items():
        at = plan.units.position.get(unit, -1)
        if at >= 0 and plan.alignment[at] >= 0:
            kinds.append((int(plan.alignment[at]), kind.strip().casefold(), float(weight[at])))
    out = np.full((plan.k, len(team)), np.nan)
    if not kinds:
        return out
    table = pd.DataFrame(kinds, columns=["t", "kind", "worth"])
    table = table.pivot_table(index="t", columns="kind", values="worth", aggfunc="sum")
    table = table.reindex(range(plan.k)).fillna(0.0)
    whole = table.sum(axis=1).to_numpy(float)
    for r, text in enumerate(team.frame[offer]):
        offered = _words(text)
        if offered:
            held = table[[kind for kind in table.columns if kind in offered]].sum(axis=1)
            out[:, r] = held.to_numpy(float) / np.where(whole > 0, whole, np.nan)
    return out


def incumbency(plan: Plan, baseline: Plan | None, team: Team, weight: Floats) -> Floats:
    """(k, r) share of a territory that a rep serves today; NaN where nobody does."""
    out = np.full((plan.k, len(team)), np.nan)
    if baseline is None:
        return out
    reps = np.array([*baseline.territories["rep_id"], ""], dtype=object)[baseline.alignment]
    code = {rep: r for r, rep in enumerate(team.ids)}
    who = np.array([code.get(rep, -1) for rep in reps])
    held = np.zeros((plan.k, len(team)))
    known = (plan.alignment >= 0) & (who >= 0)
    np.add.at(held, (plan.alignment[known], who[known]), weight[known])
    inside = (plan.alignment >= 0) & (reps != "")
    whole = np.bincount(plan.alignment[inside], weight[inside], plan.k)
    some = whole > 0
    out[some] = held[some] / whole[some, None]
    return out


def weighted(parts: Mapping[str, Floats], importance: Mapping[str, float]) -> Floats:
    """(k, r) weighted mean of what is known; what is not takes the mean of all known pairs, so that
    it speaks neither for nor against."""
    out = np.zeros(next(iter(parts.values())).shape)
    whole = sum(importance.values())
    for name, weight in importance.items():
        part = parts[name]
        usual = float(np.nanmean(part)) if np.isfinite(part).any() else 0.0
        out += weight / whole * np.where(np.isnan(part), usual, part)
    return out


def barred(plan: Plan, team: Team, rules: Rules) -> Floats:
    """(k, r) what forbids a pair: an excluded unit, the more of them the more, or a lock."""
    out = np.zeros((plan.k, len(team)))
    code = {rep: r for r, rep in enumerate(team.ids)}
    size = np.maximum(plan.totals("units"), 1.0)
    for rep, unit in sorted(rules.excluded):
        at = plan.units.position.get(unit, -1)
        if rep in code and at >= 0 and plan.alignment[at] >= 0:
            t, r = int(plan.alignment[at]), code[rep]
            # However large a territory, its first excluded unit outweighs every score.
            out[t, r] += 1.0 / size[t] + (FIRST if out[t, r] == 0 else 0.0)
    for t, (name, rep) in enumerate(
        zip(plan.territory_ids, plan.territories["rep_id"], strict=True)
    ):
        if name in plan.locks.territories:
            out[t] += 2 * LOCKED
            if rep in code:
                out[:, code[rep]] += 2 * LOCKED
                out[t, code[rep]] = 0.0
    return out
