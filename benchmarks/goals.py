"""What the engine is meant to reach on each instance, and whether a row does."""

from __future__ import annotations

from dataclasses import dataclass

SECONDS = {
    ("CO", 10, 0.05): 0.4,
    ("CO", 10, 0.01): 0.8,
    ("NY", 25, 0.05): 0.4,
    ("NY", 25, 0.01): 0.8,
    ("TX", 25, 0.05): 0.4,
    ("TX", 25, 0.01): 0.8,
    ("NY", 60, 0.05): 0.5,
    ("NY", 60, 0.01): 6.0,
    ("TX", 60, 0.05): 0.5,
    ("TX", 60, 0.01): 2.0,
    ("NE", 150, 0.05): 1.0,
    ("NE", 150, 0.01): 10.0,
    ("US", 500, 0.05): 5.0,
    ("US", 500, 0.01): 25.0,
    ("US", 1000, 0.05): 8.0,
}
"""Instance, territories, tolerance → wall seconds, compiled code loaded."""

RADIUS = 0.90
RADIUS_US = 0.82
"""Radius beside METIS at ±5 %."""

TREE_RADIUS, TREE_SPEED = 0.85, 20.0
"""Radius and speed beside GerryChain's tree at ±5 %."""


@dataclass(frozen=True)
class Check:
    """One goal: what it is about, what was found, what is asked."""

    about: str
    found: float
    limit: float
    at_least: bool = False

    @property
    def met(self) -> bool:
        """As written in the table, so that rounding doesn't say otherwise."""
        found = float(f"{self.found:.3g}")
        return found >= self.limit if self.at_least else found <= self.limit

    def __str__(self) -> str:
        sign = "≥" if self.at_least else "≤"
        mark = "✓" if self.met else "✗"
        return f"{mark} {self.about} {self.found:.3g} {sign} {self.limit:g}"


def checks(
    name: str,
    k: int,
    tolerance: float,
    *,
    seconds: float,
    inside: float,
    pieces: float,
    metis: tuple[float, float] | None,
    tree: tuple[float, float] | None,
) -> list[Check]:
    """The goals that apply to an instance.

    Parameters
    ----------
    inside, pieces
        Share of seeds within the tolerance; most territories in pieces.
    metis
        Ratios to METIS of radius and Polsby–Popper.
    tree
        Ratio of radius to GerryChain's tree, and how many times as fast.
    """
    out = [Check("inside", inside, 1.0, at_least=True), Check("pieces", pieces, 0.0)]
    goal = SECONDS.get((name, k, tolerance))
    if goal is not None:
        out.append(Check("s", seconds, goal))
    if tolerance >= 0.05:
        if metis:
            limit = RADIUS_US if name == "US" else RADIUS
            out.append(Check("radius/METIS", metis[0], limit))
            out.append(Check("PP/METIS", metis[1], 1.0, at_least=True))
        if tree:
            out.append(Check("radius/tree", tree[0], TREE_RADIUS))
            out.append(Check("times as fast as tree", tree[1], TREE_SPEED, at_least=True))
    return out
