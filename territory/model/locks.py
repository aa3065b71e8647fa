"""What neither a person's brush nor the engine may change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["Locks"]


@dataclass(frozen=True)
class Locks:
    """Ids of locked units, territories and accounts.

    A locked unit keeps its territory, a locked territory its units, a locked account its rep.
    """

    units: frozenset[str] = frozenset()
    territories: frozenset[str] = frozenset()
    accounts: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls,
        units: Iterable[str] = (),
        territories: Iterable[str] = (),
        accounts: Iterable[str] = (),
    ) -> Locks:
        """From any iterables of ids."""
        return cls(frozenset(units), frozenset(territories), frozenset(accounts))

    def __bool__(self) -> bool:
        return bool(self.units or self.territories or self.accounts)
