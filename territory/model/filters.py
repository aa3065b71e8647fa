"""Which part of the accounts, units and periods is looked at; shared by the pages with panels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

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
        return bool(self.chosen())

    def choose(self, side: str, kind: str, values: Iterable[str]) -> Filters:
        """The same with other values of one kind; none stands for all.

        Parameters
        ----------
        side
            "accounts", "units", "territories" or "periods"; the last two have no kind.
        """
        chosen = tuple(values)
        if side == "territories":
            return replace(self, territories=chosen)
        if side == "periods":
            return replace(self, periods=chosen)
        before = self.accounts if side == "accounts" else self.units
        kept = {name: v for name, v in {**before, kind: chosen}.items() if v}
        return replace(self, accounts=kept) if side == "accounts" else replace(self, units=kept)

    def chosen(self) -> list[tuple[str, str, tuple[str, ...]]]:
        """Everything that is filtered by: side, kind, values."""
        out = [("accounts", kind, values) for kind, values in self.accounts.items()]
        out += [("units", kind, values) for kind, values in self.units.items()]
        out += [("territories", "", self.territories), ("periods", "", self.periods)]
        return [one for one in out if one[2]]
