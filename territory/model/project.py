"""A project: one region, its team, accounts and sales, and how they are shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from territory.model.people import Accounts, Sales, Team
from territory.model.units import Units

__all__ = ["DEFAULT_WORDS", "Project", "Settings", "fits"]

DEFAULT_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "unit": "ZIP",
        "units": "ZIPs",
        "territory": "territory",
        "territories": "territories",
        "rep": "rep",
        "reps": "reps",
    }
)
"""Words on screen that a user may rename."""


def fits(word: object) -> bool:
    """May this be one of the words? They stand in titles, labels and files that read markup."""
    return isinstance(word, str) and all(c.isalnum() or c in " -'’./" for c in word)


@dataclass(frozen=True)
class Settings:
    """How numbers and words are shown, and what the engine is asked for by default.

    ``green`` and ``amber`` are the deviation bands; ``weights`` is measure → weight, empty for
    the region's default measure; ``tolerance`` is the deviation the engine aims for and
    ``max_disruption`` the largest share that may change hands (None: no limit). ``priority`` are
    the values of the accounts' column ``priority_kind`` that matter most, ``goal`` is the company's
    for the year, ``season`` the quarter the plan must survive, and ``asked`` says whether somebody
    has answered for these or they are still defaults. ``basemap`` names a provider of map tiles,
    empty for none: then no other host is ever asked for anything.
    ``files`` is kind of table → path on this machine, where the data came from and can be read
    again.
    """

    words: Mapping[str, str] = field(default_factory=lambda: dict(DEFAULT_WORDS))
    distance: str = "km"
    currency: str = "$"
    green: float = 0.10
    amber: float = 0.15
    tolerance: float = 0.05
    weights: Mapping[str, float] = field(default_factory=dict)
    homes: bool = False
    seed: int = 1
    max_disruption: float | None = None
    priority_kind: str = "segment"
    priority: tuple[str, ...] = ()
    goal: float = 0.0
    season: str = ""
    asked: bool = False
    basemap: str = ""
    files: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # A store knows lists only.
        object.__setattr__(self, "priority", tuple(self.priority))

    def word(self, name: str) -> str:
        """What the user calls a unit, units, territory or rep."""
        return self.words.get(name) or DEFAULT_WORDS[name]


@dataclass(frozen=True, eq=False)
class Project:
    """What a plan belongs to. ``source`` is "sample" or "upload"."""

    name: str
    units: Units
    team: Team | None = None
    accounts: Accounts | None = None
    sales: Sales | None = None
    source: str = "upload"
    settings: Settings = field(default_factory=Settings)

    @property
    def notes(self) -> tuple[str, ...]:
        """What the reader should be told about this data, in words."""
        tables = (self.team, self.accounts, self.sales)
        more = [note for t in tables if t is not None for note in t.frame.attrs.get("notes", ())]
        return (*self.units.notes, *more)
