"""A project: one region, its team, accounts and sales, and how they are shown."""

from __future__ import annotations

from dataclasses import dataclass, field

from territory.model.people import Accounts, Sales, Team, TravelTimes
from territory.model.settings import Settings
from territory.model.units import Units

__all__ = ["Project"]


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
    travel_times: TravelTimes | None = None

    @property
    def notes(self) -> tuple[str, ...]:
        """What the reader should be told about this data, in words."""
        tables = (self.team, self.accounts, self.sales, self.travel_times)
        more = [note for t in tables if t is not None for note in t.frame.attrs.get("notes", ())]
        return (*self.units.notes, *more)
