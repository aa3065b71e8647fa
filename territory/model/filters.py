"""Which part of the accounts, units and periods is looked at; shared by the pages with panels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["Filters"]


@dataclass(frozen=True)
class Filters:
    """Empty: everything.

    ``accounts`` and ``units`` are column → the values to keep, ``periods`` the periods and
    ``territories`` the territory ids.
    """

    accounts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    units: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    periods: tuple[str, ...] = ()
    territories: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Is anything left out?"""
        chosen = (*self.accounts.values(), *self.units.values(), self.periods, self.territories)
        return any(chosen)
