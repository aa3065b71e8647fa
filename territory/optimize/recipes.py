"""How to ask the engine for plans that differ: the ways that `tradeoffs.frontier` goes through."""

from __future__ import annotations

from dataclasses import dataclass, replace

__all__ = ["Recipe", "recipes"]


@dataclass(frozen=True)
class Recipe:
    """One way to ask.

    ``wide`` is a factor on the tolerance asked for; ``fresh`` means from scratch; ``part`` caps
    disruption at this part of what the tolerance takes; ``salt`` is added to the seed.
    """

    wide: float
    fresh: bool = False
    part: float | None = None
    salt: int = 0


FRESH = tuple(Recipe(w, fresh=True) for w in (1, 2, 4, 0.5, 3, 1.5, 6, 0.75, 8, 5))
REPLAN = tuple(Recipe(w) for w in (1, 2, 4, 0.5, 3, 1.5, 6, 0.75, 8))
CAPPED = tuple(Recipe(1, part=p) for p in (0.75, 0.4, 0.6, 0.9, 0.2, 0.5))


def recipes(*, replan: bool, fresh: bool) -> list[Recipe]:
    """All ways, those that differ most first; plain re-planning at the tolerance begins.

    Parameters
    ----------
    replan, fresh
        Is there a plan to start from, and may a plan start from scratch?
    """
    if not replan:
        first = list(FRESH)
    elif not fresh:
        first = [*REPLAN[:2], *CAPPED[:2], *REPLAN[2:4], *CAPPED[2:4], *REPLAN[4:], *CAPPED[4:]]
    else:
        first = [REPLAN[0], FRESH[0], CAPPED[0], FRESH[1], CAPPED[1], REPLAN[1], FRESH[2]]
        first += [CAPPED[2], REPLAN[2], FRESH[4], CAPPED[3], FRESH[3], REPLAN[3]]
        first += [*CAPPED[4:], *FRESH[5:], *REPLAN[4:]]
    return first + [replace(recipe, salt=1) for recipe in first]
