"""From the figures of a block of moves to the sentence that explains it."""

from __future__ import annotations

from collections.abc import Sequence

from territory.model import measure
from territory.optimize.hint import Effect
from territory.optimize.words import from_to, listed

__all__ = ["why"]

NOTICED = 0.005
"""Deviations that change by less are no reason: half a percent of a territory."""

NEARER_KM = 1.0
"""Distances that shrink by less are no reason."""


def why(
    effects: Sequence[Effect],
    joins: Sequence[str],
    away_km: tuple[float, float] | None,
    homes: bool,
    tolerance: float,
) -> tuple[str, str]:
    """What mainly speaks for a block, and a sentence with every reason that its figures give.

    Parameters
    ----------
    effects
        Deviation of both territories, without and with the block.
    joins
        Territories that lie in fewer pieces thanks to it.
    away_km
        Mean distance of its units in the old and the new territory.
    homes
        Are these distances from the reps' homes? Else from the middle of the territories.
    tolerance
        Deviations inside it are mentioned only where no other reason is found.
    """
    found: list[tuple[str, str]] = []
    strong, weak = _balance(effects, tolerance)
    if strong:
        found.append(("balance", f"brings {listed(strong, 2)}"))
    if joins:
        each = "each " if len(joins) > 1 else ""
        found.append(("one piece", f"keeps {listed(joins)} {each}in one piece"))
    if away_km is not None and away_km[0] - away_km[1] >= NEARER_KM:
        old, new = from_to(*away_km, unit="km")
        start = "the rep's home" if homes else "the middle of the territory"
        found.append(("travel", f"shortens the way from {start} from {old} to {new}"))
    if not found and weak:
        found.append(("balance", f"brings {listed(weak, 2)}"))
    if not found:
        return "none", "On its own it gains nothing that can be measured; it can be left out."
    text = ", and ".join(words for _, words in found)
    return found[0][0], f"{text[0].upper()}{text[1:]}."


def _balance(effects: Sequence[Effect], tolerance: float) -> tuple[list[str], list[str]]:
    """Territories brought nearer to their target: from outside the tolerance, and within it."""
    strong: list[str] = []
    weak: list[str] = []
    several = len({e.measure for e in effects}) > 1
    best: dict[str, Effect] = {}
    for e in effects:
        known = best.get(e.territory_id)
        if known is None or _gain(e, tolerance) > _gain(known, tolerance):
            best[e.territory_id] = e
    for e in sorted(best.values(), key=lambda e: _gain(e, tolerance), reverse=True):
        if abs(e.before) - abs(e.after) < NOTICED:
            continue
        before, after = from_to(e.before, e.after)
        of = f" in {measure(e.measure).label.lower()}" if several else ""
        text = f"{e.name} from {before} to {after}{of}"
        (strong if abs(e.before) > tolerance else weak).append(text)
    return strong, weak


def _gain(effect: Effect, tolerance: float) -> float:
    """Deviation taken away; what lies outside the tolerance counts far more."""
    over = max(0.0, abs(effect.before) - tolerance) - max(0.0, abs(effect.after) - tolerance)
    return 10.0 * over + abs(effect.before) - abs(effect.after)
