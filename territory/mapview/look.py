"""Everything the map shows besides who owns what: names, colours, locks, targets, words.

Sent when it changed, and then only the parts that did.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from territory.mapview.basemap import basemap
from territory.mapview.messages import encode_alignment, encode_runs
from territory.model.measures import Measure
from territory.model.named import named_accounts
from territory.model.people import Accounts
from territory.model.plan import Plan
from territory.model.workspace import Workspace

__all__ = ["look", "parts_of"]

WORDS = ("unit", "units", "territory", "territories", "rep", "reps")


def look(
    workspace: Workspace,
    rep_names: dict[str, str],
    targets: Mapping[str, Sequence[float]] | None = None,
    places: Mapping[str, str] | None = None,
    figures: Sequence[Measure] = (),
    point: str = "",
) -> dict[str, Any]:
    """Everything the map shows besides who owns what; sent only when it changed.

    Parameters
    ----------
    workspace
        Plan, baseline and settings.
    rep_names
        rep_id → name.
    targets
        Measure → target of each territory, for the figures that follow a gesture in the map.
    places
        "homes", "accounts" and "figures", where there are any → address of the file that holds
        them.
    figures
        What the last of these holds.
    point
        A unit to go to and mark; "" for none.
    """
    plan, baseline = workspace.plan, workspace.baseline
    where = {t: i for i, t in enumerate(plan.territory_ids)}
    same = np.array([where.get(t, -2) for t in baseline.territory_ids] + [-1], dtype=np.int16)
    settings = workspace.project.settings
    content: dict[str, Any] = {
        "territories": [
            [
                str(row.Index),
                str(row.name),
                rep_names.get(str(row.rep_id), ""),
                str(row.colour),
                str(row.rep_id),
            ]
            for row in plan.territories[["name", "rep_id", "colour"]].itertuples()
        ],
        "locked": encode_runs(np.flatnonzero(plan.locked_units)),
        "lockedTerritories": [i for t, i in where.items() if t in plan.locks.territories],
        "baseline": encode_alignment(same[baseline.alignment]),
        "words": {k: settings.word(k) for k in WORDS},
        "currency": settings.currency,
        "distance": settings.distance,
        "band": settings.amber,
        "targets": {m: [_short(t) for t in v] for m, v in (targets or {}).items()},
        "named": _named(plan, workspace.project.accounts, list(targets or {})),
        "places": dict(places or {}),
        "point": plan.units.position.get(point, -1),
        "figures": [
            {"name": f.name, "label": f.label, "unit": f.unit, "format": f.format} for f in figures
        ],
        "basemap": basemap(settings.basemap),
        "title": f"{workspace.project.name} ▸ {workspace.scenario_name}",
        # What a reader of the map must know about the areas; other notes are on the Data page.
        "note": next((n for n in plan.units.notes if "approximate" in n.lower()), ""),
    }
    return {"id": _digest(parts_of(content)), **content}


def _short(value: float) -> float:
    return float(f"{value:.6g}")


def _named(plan: Plan, accounts: Accounts | None, measures: list[str]) -> dict[str, Any] | None:
    """Named accounts by unit and territory that counts them, for the figures inside the map.

    ``at`` has [unit, territory, accounts, value of each measure, …]; ``first`` is the first
    territory of each territory's rep: accounts in any of them stay where they are.
    """
    if accounts is None or not plan.named_accounts:
        return None
    named = named_accounts(plan, accounts)
    there = named.unit >= 0
    nothing = np.zeros(len(named.row))
    columns = [np.ones(len(named.row))]
    for measure in measures:
        value = named.values(accounts, measure)
        columns.append(nothing if value is None else value)
    key = named.unit[there] * plan.k + named.home[there]
    groups, inverse = np.unique(key, return_inverse=True)
    sums = [np.bincount(inverse, column[there], len(groups)) for column in columns]
    at = [
        [int(g) // plan.k, int(g) % plan.k, int(count), *map(_short, values)]
        for g, count, *values in zip(groups, *sums, strict=True)
    ]
    return {"at": at, "first": named.first.tolist(), "measures": measures}


def _digest(value: object) -> str:
    text = json.dumps(value, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def parts_of(content: Mapping[str, Any]) -> dict[str, str]:
    """A hash of each part of a look, to tell which of them changed."""
    return {name: _digest(part) for name, part in content.items() if name != "id"}
