"""How a project is shown, and what is asked for by default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from territory.model.assumptions import Advice, Market, QuotaPolicy, Travel

__all__ = ["DEFAULT_WORDS", "Settings", "fits"]

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
    travel: Travel = field(default_factory=Travel)
    market: Market = field(default_factory=Market)
    quotas: QuotaPolicy = field(default_factory=QuotaPolicy)
    advice: Advice = field(default_factory=Advice)
    files: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # A store knows lists only.
        object.__setattr__(self, "priority", tuple(self.priority))

    def word(self, name: str) -> str:
        """What the user calls a unit, units, territory or rep."""
        return self.words.get(name) or DEFAULT_WORDS[name]
