"""A sales history on the grid of units, accounts and periods, worked out once and kept."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from territory.metrics.calendar import Calendar, calendar_of
from territory.metrics.joins import Kept, kept
from territory.model import UNASSIGNED, Accounts, Plan, Sales, Units
from territory.model.named import named_accounts

__all__ = ["Ledger", "ledger_of"]

_ledgers: Kept[Ledger] = WeakKeyDictionary()


def ledger_of(units: Units, sales: Sales) -> Ledger:
    """The ledger of a region's history; the same object as long as both are."""
    return kept(_ledgers, units, sales, lambda: Ledger(units.ids, sales.frame))


@dataclass(frozen=True, eq=False)
class Ledger:
    """Sales by unit and period and, where the history says who bought, by account and period.

    Parameters
    ----------
    unit_ids
        (n,) the region's units.
    frame
        Columns unit_id, period, amount, and perhaps account_id and new_customers.
    """

    unit_ids: NDArray[np.object_]
    frame: pd.DataFrame

    @cached_property
    def calendar(self) -> Calendar:
        """The periods of the history."""
        return calendar_of(self.frame["period"].astype(str).unique())

    @cached_property
    def _where(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Of each row, the unit and the period; -1 where it is not counted."""
        unit = pd.Index(self.unit_ids).get_indexer(self.frame["unit_id"])
        codes, labels = pd.factorize(self.frame["period"].astype(str))
        place = np.array([self.calendar.place[label] for label in labels], dtype=np.int64)
        return unit.astype(np.int64), place[codes] if len(labels) else codes.astype(np.int64)

    @cached_property
    def amount(self) -> NDArray[np.float64]:
        """(rows,) what was sold, gaps as nothing."""
        found = pd.to_numeric(self.frame["amount"], errors="coerce").to_numpy(float)
        return np.nan_to_num(found, nan=0.0, posinf=0.0, neginf=0.0)

    @property
    def periods(self) -> int:
        """Number of periods."""
        return len(self.calendar.labels)

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """What is not counted, in words."""
        unit, period = self._where
        outside = (unit < 0) & (period >= 0)
        if not outside.any():
            return self.calendar.notes
        share = np.abs(self.amount[outside]).sum() / max(np.abs(self.amount).sum(), 1e-300)
        lost = f"{int(outside.sum()):,} rows ({share:.0%} of the amount) lie outside the region."
        return (*self.calendar.notes, lost.replace("%", " %"))

    def _spread(
        self, row: NDArray[np.int64], count: int, values: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """(count, periods) values added up."""
        period, p = self._where[1], max(self.periods, 1)
        used = (row >= 0) & (period >= 0) & (self._where[0] >= 0)
        flat = np.bincount(row[used] * p + period[used], values[used], count * p)
        out = flat.astype(np.float64).reshape(count, p)
        out.setflags(write=False)
        return out

    @cached_property
    def by_unit(self) -> NDArray[np.float64]:
        """(n, periods) sales of each unit."""
        return self._spread(self._where[0], len(self.unit_ids), self.amount)

    @cached_property
    def fresh_by_unit(self) -> NDArray[np.float64] | None:
        """(n, periods) new customers as the history itself counts them; None where it does not."""
        if "new_customers" not in self.frame:
            return None
        count = (
            pd.to_numeric(self.frame["new_customers"], errors="coerce").fillna(0).to_numpy(float)
        )
        return self._spread(self._where[0], len(self.unit_ids), count)

    @cached_property
    def _buyers(self) -> tuple[NDArray[np.int64], pd.Index]:
        """Of each row the position of who bought (-1 unknown), and the ids."""
        ids = self.frame["account_id"].astype(object)
        codes, found = pd.factorize(ids.where(ids != ""))
        return codes.astype(np.int64), pd.Index(found, dtype=object)

    @property
    def knows_buyers(self) -> bool:
        """Does the history say who bought?"""
        return "account_id" in self.frame and len(self._buyers[1]) > 0

    @property
    def buyers(self) -> pd.Index:
        """(m,) ids of the accounts that ever bought."""
        return self._buyers[1]

    @cached_property
    def by_account(self) -> NDArray[np.float64]:
        """(m, periods) sales of each account."""
        return self._spread(self._buyers[0], len(self.buyers), self.amount)

    @cached_property
    def account_unit(self) -> NDArray[np.int64]:
        """(m,) position of the unit in which each account bought last."""
        codes, unit = self._buyers[0], self._where[0]
        out = np.full(len(self.buyers), -1, dtype=np.int64)
        order = np.argsort(self._where[1], kind="stable")
        order = order[(codes[order] >= 0) & (unit[order] >= 0)]
        out[codes[order]] = unit[order]  # the latest row is written last
        return out

    def account_owner(self, plan: Plan, accounts: Accounts | None) -> NDArray[np.int64]:
        """(m,) the territory each account counts in, -1 none; named accounts with their rep."""
        owner = np.append(plan.alignment, UNASSIGNED)[self.account_unit].astype(np.int64)
        if accounts is not None and plan.named_accounts:
            named = named_accounts(plan, accounts)
            row = self.buyers.get_indexer(accounts.frame.index[named.row])
            # An account in a territory of its own rep stays there.
            here = np.append(owner, UNASSIGNED)[row]
            moved = (row >= 0) & (np.append(named.first, -1)[here] != named.home)
            owner[row[moved]] = named.home[moved]
        return owner

    def a_year(self, sold: NDArray[np.float64]) -> NDArray[np.float64]:
        """(rows,) sales of the latest year of a table by period; a shorter past taken to a year.

        Where the periods say no time, all of them count.
        """
        year, have = self.calendar.a_year, sold.shape[1]
        if not year or have == 0:
            return np.asarray(sold.sum(axis=1))
        return np.asarray(sold[:, -year:].sum(axis=1) * (year / min(year, have)))

    def by_territory(
        self, plan: Plan, accounts: Accounts | None, values: NDArray[np.float64] | None = None
    ) -> NDArray[np.float64]:
        """(k, periods) sales of each territory as if it had always been drawn like this.

        Parameters
        ----------
        values
            (n, periods) what to add up instead of ``by_unit``; named accounts then stay where
            they lie.
        """
        out = grouped(plan.alignment, self.by_unit if values is None else values, plan.k)
        if values is not None or not self.knows_buyers or not plan.named_accounts:
            return out
        owner = self.account_owner(plan, accounts)
        lies = np.append(plan.alignment, UNASSIGNED)[self.account_unit]
        moved = np.flatnonzero(owner != lies)
        gained = grouped(owner[moved], self.by_account[moved], plan.k)
        return out + gained - grouped(lies[moved], self.by_account[moved], plan.k)


def grouped(owner: NDArray[np.integer], values: NDArray[np.float64], k: int) -> NDArray[np.float64]:
    """(k, columns) rows of a table added up by their owner; an owner of -1 counts nowhere."""
    inside = owner >= 0
    mine, table = owner[inside], values[inside]
    return np.stack([np.bincount(mine, column, k) for column in table.T], axis=1).astype(float)
