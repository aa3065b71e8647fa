"""What a person may ask of the engine, and five ready-made answers to "what do you want?"."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from territory.model import Workspace, measure
from territory.model.figures import share
from territory.ui.case import weights_of

__all__ = ["PRESETS", "STARTS", "Preset", "Wish", "first_wish"]

STARTS: Mapping[str, tuple[str, str]] = {
    "current": ("The present plan", "Moves as little as it can."),
    "balanced": ("A clean sheet", "Drawn anew: the most even and compact, and the most change."),
    "kmeans": ("Plain k-means", "See why it is not enough: compact by distance, blind to balance."),
}
"""Where a run begins: label and what it means."""

RELATIONSHIPS = ("revenue", "sales", "customers", "accounts")
"""What relationships are counted in: the first of these that the region has."""

TRAVEL_TOLERANCE = 0.15
KEPT = 0.90


@dataclass(frozen=True)
class Wish:
    """What the user asked for.

    Parameters
    ----------
    weights
        measure → share; they sum to 1.
    tolerance
        Allowed deviation, as a share; ``tolerances`` has measures with another one.
    start
        A key of STARTS.
    homes
        Stay near the reps' homes; ``max_km`` is the farthest a unit may be, ``max_minutes`` the
        longest drive to it.
    max_disruption
        Largest share of ``disruption_measure`` (default: what counts most) that may get another
        rep.
    seed
        Same wish and seed, same plan.
    only
        Territory ids that may change; empty: all.
    limits
        measure → least and most a territory may hold, None where there is no limit.
    together
        Column whose groups stay in one territory, such as "county"; "" for none.
    ferries
        May a territory reach across water by a ferry?
    barriers
        Pairs of units that are no neighbours, whatever the map says.
    shortest
        Search for the shortest travel alone, whatever the shapes.
    preset
        Name of the preset it came from, "" once anything was changed.
    """

    weights: Mapping[str, float]
    tolerance: float
    start: str
    homes: bool
    max_disruption: float | None
    seed: int
    disruption_measure: str | None = None
    tolerances: Mapping[str, float] = field(default_factory=dict)
    only: tuple[str, ...] = ()
    limits: Mapping[str, tuple[float | None, float | None]] = field(default_factory=dict)
    together: str = ""
    max_km: float | None = None
    max_minutes: float | None = None
    ferries: bool = True
    barriers: tuple[tuple[str, str], ...] = ()
    shortest: bool = False
    preset: str = ""

    def __str__(self) -> str:
        parts = [measure(name).label.lower() for name in self.weights]
        return f"{' and '.join(parts)} ±{self.tolerance * 100:.0f} %"

    @property
    def main(self) -> str:
        """What counts most."""
        return max(self.weights, key=lambda name: self.weights[name])


@dataclass(frozen=True)
class Preset:
    """A ready-made wish: what it is called and does, and how it fits a workspace.

    ``settle`` returns the wish, or why this data can't have it.
    """

    name: str
    title: str
    icon: str
    says: str
    settle: Callable[[Workspace], Wish | str]


def _basis(here: Workspace) -> Wish:
    """Even by the region's default measure, from the present plan where there is one."""
    settings, units = here.project.settings, here.project.units
    plan = here.plan
    # Hardly anything assigned: there is nothing to stay close to.
    start = "current" if 2 * plan.unassigned < units.n else "balanced"
    return Wish({units.default_measure: 1.0}, 0.05, start, False, None, settings.seed)


def _fair_potential(here: Workspace) -> Wish | str:
    return _basis(here)


def _fair_workload(here: Workspace) -> Wish | str:
    if "workload_hours" not in here.project.units.measure_names:
        return "Needs hours of work in your data: a column workload_hours."
    return replace(_basis(here), weights={"workload_hours": 1.0})


def _keep_relationships(here: Workspace) -> Wish | str:
    wish = _basis(here)
    if wish.start != "current":
        return "Needs a plan of today: who owns what."
    known = here.project.units.measure_names
    counted = next((m for m in RELATIONSHIPS if m in known), None)
    return replace(
        wish, tolerance=TRAVEL_TOLERANCE, max_disruption=1 - KEPT, disruption_measure=counted
    )


def _shortest_travel(here: Workspace) -> Wish | str:
    team = here.project.team
    homes = team is not None and bool((team.homes(here.project.units) >= 0).all())
    wish = replace(_basis(here), tolerance=TRAVEL_TOLERANCE, start="balanced", homes=homes)
    return replace(wish, shortest=True)


def _from_scratch(here: Workspace) -> Wish | str:
    return replace(_basis(here), start="balanced")


PRESETS: tuple[Preset, ...] = (
    Preset(
        "fair-potential",
        "Fair potential",
        ":material/balance:",
        "Everybody gets the same opportunity, with as few changes as that takes.",
        _fair_potential,
    ),
    Preset(
        "fair-workload",
        "Fair workload",
        ":material/schedule:",
        "Everybody gets the same hours of work.",
        _fair_workload,
    ),
    Preset(
        "keep-relationships",
        "Keep relationships",
        ":material/handshake:",
        "Evens out what it can while nine customers in ten keep their rep.",
        _keep_relationships,
    ),
    Preset(
        "shortest-travel",
        "Shortest travel",
        ":material/directions_car:",
        f"Puts territories close together, roughly even (±{share(TRAVEL_TOLERANCE)}).",
        _shortest_travel,
    ),
    Preset(
        "from-scratch",
        "Start from scratch",
        ":material/draft:",
        "Draws everything anew, as if nobody owned anything today.",
        _from_scratch,
    ),
)
"""Shown as cards, in this order. A new one is one line here."""


def first_wish(here: Workspace) -> Wish:
    """What the page opens with: the first preset, and what this project was asked for before."""
    settings = here.project.settings
    wish = _basis(here)
    if settings.weights:
        weights = weights_of(here)
        whole = sum(weights.values())
        wish = replace(
            wish,
            weights={name: weight / whole for name, weight in weights.items()},
            tolerance=settings.tolerance,
            homes=settings.homes and here.project.team is not None,
            # Without a present plan nothing can change hands.
            max_disruption=settings.max_disruption if wish.start == "current" else None,
        )
    same = (preset.name for preset in PRESETS if preset.settle(here) == wish)
    return replace(wish, preset=next(same, ""))
