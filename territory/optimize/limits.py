"""The least and the most of a measure in a territory, checked."""

from __future__ import annotations

import numpy as np

from territory.errors import InputError, Problem
from territory.model import Rules
from territory.optimize.arrays import Floats, Ints
from territory.optimize.scene import Scene, named


def limited(rules: Rules) -> list[str]:
    """Measures with a limit."""
    return list(dict.fromkeys(limit.measure for limit in rules.limits))


def limits(rules: Rules, scene: Scene, columns: tuple[str, ...]) -> tuple[Floats, Floats]:
    """(K, M′) least and most; contradictions are refused."""
    k = scene.blank.k
    least, most = np.full((k, len(columns)), -np.inf), np.full((k, len(columns)), np.inf)
    for limit in rules.limits:
        j = columns.index(limit.measure)
        for bound in (limit.least, limit.most):
            if bound is not None and not (np.isfinite(bound) and bound >= 0):
                raise InputError(
                    Problem(
                        f"A limit of {bound} {limit.measure} makes no sense",
                        remedy="give a number, 0 or more",
                    )
                )
        known = limit.territory is None or limit.territory in scene.blank.territories.index
        if not known:
            raise InputError(
                Problem(
                    f"A limit is set for territory {limit.territory!r}, which there is not",
                    remedy=f"the territories are: {named(scene.blank.territory_ids)}",
                )
            )
        rows = slice(None)
        if limit.territory is not None:
            at = scene.blank.position_of(limit.territory)
            rows = slice(at, at + 1)
        if limit.least is not None:
            least[rows, j] = np.maximum(least[rows, j], limit.least)
        if limit.most is not None:
            most[rows, j] = np.minimum(most[rows, j], limit.most)
    _limits_fit(scene, columns, least, most)
    return least, most


def _limits_fit(scene: Scene, columns: tuple[str, ...], least: Floats, most: Floats) -> None:
    """No minimum above its maximum, and together neither too much nor too little."""
    for j, name in enumerate(columns):
        for t in np.flatnonzero(least[:, j] > most[:, j])[:1]:
            raise InputError(
                Problem(
                    f"Territory {scene.blank.territory_ids[t]} must have at least "
                    f"{least[t, j]:,.6g} and at most {most[t, j]:,.6g} {name}",
                    remedy="lower the minimum or raise the maximum",
                )
            )
        there = float(scene.values[name][scene.keep].sum())
        if scene.offset is not None and j < len(scene.measures):
            there += float(scene.offset[scene.open, j].sum())
        k = len(scene.open)
        low = float(np.maximum(least[scene.open, j], 0).sum())
        high = float(most[scene.open, j].sum())
        slack = 1e-9 * max(there, 1.0)
        if low > there + slack:
            raise InputError(
                Problem(
                    f"{k} territories need at least {low:,.6g} {name} together, and there are "
                    f"{there:,.6g}",
                    remedy=f"ask for at most {there / k:,.6g} each, or for fewer territories",
                )
            )
        if high < there - slack:
            raise InputError(
                Problem(
                    f"{k} territories may have at most {high:,.6g} {name} together, and there are "
                    f"{there:,.6g}",
                    remedy=f"allow at least {there / k:,.6g} each, or ask for more territories",
                )
            )


def lumps_fit(scene: Scene, columns: tuple[str, ...], most: Floats, group: Ints | None) -> None:
    """No unit, and no group, that every territory is too small for."""
    part = np.arange(scene.units.n) if group is None else group
    for j, name in enumerate(columns):
        load = np.bincount(part[scene.keep], scene.values[name][scene.keep])
        room = float(most[scene.open, j].max())
        biggest = int(load.argmax())
        if load[biggest] > room * (1 + 1e-9):
            members = scene.units.ids[part == biggest]
            what = (
                f"unit {members[0]} alone has"
                if len(members) == 1
                else (f"{named(members)} stay together and have")
            )
            raise InputError(
                Problem(
                    f"{what} {load[biggest]:,.6g} {name}, and no territory may have more than "
                    f"{room:,.6g}",
                    remedy=f"allow {load[biggest]:,.6g} in one territory, or divide it",
                )
            )
