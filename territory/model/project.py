"""A project: one region, its team, accounts and sales, and how they are shown."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from territory.model.people import Accounts, Earlier, Sales, Team, TravelTimes
from territory.model.settings import Settings
from territory.model.units import Units

__all__ = ["Project"]


@dataclass(frozen=True, eq=False)
class Project:
    """What a plan belongs to. ``source`` is "sample" or "upload".

    ``earlier`` and ``earlier_accounts`` are what it held before newer data was loaded, so that a
    plan can be seen to drift.
    """

    name: str
    units: Units
    team: Team | None = None
    accounts: Accounts | None = None
    sales: Sales | None = None
    source: str = "upload"
    settings: Settings = field(default_factory=Settings)
    travel_times: TravelTimes | None = None
    earlier: Earlier | None = None
    earlier_accounts: Accounts | None = None

    @property
    def notes(self) -> tuple[str, ...]:
        """What the reader should be told about this data, in words."""
        tables = (self.team, self.accounts, self.sales, self.travel_times)
        more = [note for t in tables if t is not None for note in t.frame.attrs.get("notes", ())]
        return (*self.units.notes, *more)

    def after(self, old: Project, *, same_plan: bool = False) -> Project:
        """This project as newer data for an old one, which it remembers to see what drifts.

        With ``same_plan`` the plan is still the one that the old one's own earlier data belongs
        to, so that is what drift goes on being counted from.
        """
        if same_plan and old.earlier is not None:
            return replace(self, earlier=old.earlier, earlier_accounts=old.earlier_accounts)
        before = Earlier(old.units.attributes)
        return replace(self, earlier=before, earlier_accounts=old.accounts)
