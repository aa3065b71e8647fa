"""What a plan hands over: owners, their accounts, and what each gains from or gives to whom."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from territory.advise.document import Fact
from territory.metrics import Case
from territory.metrics.capacity import end_of_sales
from territory.metrics.customers import key_accounts
from territory.metrics.market import is_customer
from territory.model import Plan, Project
from territory.model.figures import amount

__all__ = ["NO_ACCOUNTS", "Handed", "default_start", "when"]

OPEN_STATES = frozenset({"open deal", "open", "negotiation", "proposal", "quote", "in progress"})
DEAL_COLUMNS = frozenset(
    {"opendeal", "opendeals", "openopportunity", "openopportunities", "openpipeline"}
)
"""Columns of the accounts that say whether something is being sold right now, as letters only."""
NO = frozenset({"", "0", "0.0", "no", "n", "false", "none", "nan", "closed"})


NO_ACCOUNTS = pd.DataFrame(
    {name: pd.Series(dtype=object) for name in ("name", "owner_now", "owner_before")}
    | {name: pd.Series(dtype=float) for name in ("revenue", "potential", "worth")}
    | {name: pd.Series(dtype=bool) for name in ("handed", "key", "prospect", "open_deal")}
)


def default_start(project: Project | None) -> date | None:
    """The first day of the quarter after the last period of sales; None without a history.

    Never the clock's: the same data gives the same dates.
    """
    last = None if project is None else end_of_sales(project)
    if last is None:
        return None
    following = pd.Timestamp(last) + pd.Timedelta(days=1)
    first = following.to_period("Q").start_time
    start = first if first >= following else (following.to_period("Q") + 1).start_time
    return date(start.year, start.month, start.day)


def when(start: date | None, days: int) -> str:
    """A day as people write it, or how long after a start that is not fixed yet."""
    if start is None:
        return "on the first day" if days == 0 else f"{days} days after the start"
    day = start + timedelta(days=days)
    return f"{day.day} {day:%B} {day.year}"


@dataclass(frozen=True, eq=False)
class Handed:
    """A plan on its way to the people who work with it.

    An owner is a rep, or a territory that has none; owners are known by rep_id or territory_id.

    Parameters
    ----------
    case
        Plan, baseline, project and measures.
    start
        The first day of the plan; None where nobody has said so.
    """

    case: Case
    project: Project
    start: date | None = None

    @property
    def plan(self) -> Plan:
        """The plan that is handed over."""
        return self.case.plan

    @cached_property
    def owners(self) -> tuple[str, ...]:
        """Everybody with a territory, in the order of the territories."""
        return tuple(dict.fromkeys(self._keys(self.plan)[:-1]))

    @cached_property
    def _names(self) -> dict[str, str]:
        """Owner → name; where two share one, the id stands behind it."""
        out: dict[str, str] = {}
        team = self.project.team
        for state in (self.case.baseline, self.plan):
            if state is None:
                continue
            frame = state.territories
            for key, rep, name in zip(
                self._keys(state), frame["rep_id"], frame["name"], strict=False
            ):
                out[str(key)] = team.name(rep) if team and rep else str(rep or name)
        for rep in team.ids if team else ():
            out.setdefault(rep, team.name(rep) if team else rep)
        shared = pd.Series(list(out.values())).value_counts()
        return {k: f"{n} ({k})" if shared[n] > 1 else n for k, n in out.items()}

    def name(self, owner: str) -> str:
        """An owner's name; "nobody" for the unassigned."""
        return self._names.get(owner, owner) if owner else "nobody"

    def word(self, name: str) -> str:
        """What the user calls a unit, a territory or a rep."""
        return self.project.settings.word(name)

    def title(self, name: str) -> str:
        """The same with a capital, for headings; ZIPs stay ZIPs."""
        word = self.word(name)
        return word[:1].upper() + word[1:]

    def is_rep(self, owner: str) -> bool:
        """Is this owner a person, or only a territory?"""
        return bool((self.plan.territories["rep_id"] == owner).any()) and bool(owner)

    @staticmethod
    def _keys(plan: Plan) -> NDArray[np.object_]:
        """(k + 1,) owner of each territory; "" at the end answers for the unassigned."""
        both = zip(plan.territory_ids, plan.territories["rep_id"], strict=True)
        return np.array([*(str(rep or t) for t, rep in both), ""], dtype=object)

    def units_of(self, owner: str, before: bool = False) -> NDArray[np.bool_]:
        """(n,) the units an owner has in the plan, or had in the baseline."""
        return self.unit_owners[bool(before)] == owner

    @cached_property
    def unit_owners(self) -> tuple[NDArray[np.object_], NDArray[np.object_]]:
        """(n,) owners now and before; before is now where there is no baseline."""
        now = self._keys(self.plan)[self.plan.alignment]
        base = self.case.baseline
        return now, now if base is None else self._keys(base)[base.alignment]

    def territories_of(self, owner: str) -> list[int]:
        """Positions of an owner's territories."""
        return [int(t) for t in np.flatnonzero(self._keys(self.plan)[:-1] == owner)]

    @cached_property
    def accounts(self) -> pd.DataFrame | None:
        """Every account with owner now and before, and what it means to hand it over.

        Columns of the accounts, and owner_now, owner_before, handed (bool), key (bool), prospect
        (bool), open_deal (bool), worth (the larger of revenue and potential); key accounts first,
        then by worth. None without accounts.
        """
        if self.project.accounts is None:
            return None
        frame = self.project.accounts.frame.copy()
        at = frame["unit_id"].map(self.plan.units.position).fillna(-1).to_numpy(np.int64)
        now, before = (np.append(o, "")[at] for o in self.unit_owners)
        frame["owner_now"] = self._named(frame.index, now, self.plan)
        base = self.case.baseline
        old = frame["owner_now"] if base is None else self._named(frame.index, before, base)
        frame["owner_before"] = old
        frame["handed"] = (frame["owner_now"] != frame["owner_before"]) & (frame["owner_now"] != "")
        frame["key"] = key_accounts(self.case)
        status = frame["status"].astype(str).str.strip().str.lower()
        known = (status != "").any() or frame["revenue"].notna().any()
        frame["prospect"] = ~is_customer(self.project.accounts) if known else False
        frame["open_deal"] = self._open_deals(frame, status)
        money = frame[["revenue", "potential"]].fillna(0.0)
        frame["worth"] = money.max(axis=1)
        order = np.lexsort((frame.index.astype(str), -frame["worth"], ~frame["key"]))
        return frame.iloc[order]

    def _named(
        self, index: pd.Index, owners: NDArray[np.object_], plan: Plan
    ) -> NDArray[np.object_]:
        out = owners.copy()
        rows = index.get_indexer(list(plan.named_accounts))
        for row, rep in zip(rows, plan.named_accounts.values(), strict=True):
            if row >= 0:
                out[row] = rep
        return out

    @property
    def deal_column(self) -> str:
        """The accounts' column of open deals; "" where there is none."""
        if self.project.accounts is None:
            return ""
        for name in self.project.accounts.frame:
            if re.sub("[^a-z]", "", str(name).lower()) in DEAL_COLUMNS:
                return str(name)
        return ""

    def _open_deals(self, frame: pd.DataFrame, status: pd.Series) -> pd.Series:
        column = self.deal_column
        marked = status.isin(OPEN_STATES)
        if column:
            marked |= ~frame[column].fillna("").astype(str).str.strip().str.lower().isin(NO)
        return marked

    def mine(self, owner: str) -> pd.DataFrame:
        """An owner's accounts, the most important first; empty where there are none."""
        return self._select("owner_now", owner)

    def gained(self, owner: str) -> pd.DataFrame:
        """Accounts that come to an owner from somebody else or from nobody."""
        table = self.mine(owner)
        return table[table["handed"]]

    def given(self, owner: str) -> pd.DataFrame:
        """Accounts that an owner hands to somebody else."""
        table = self._select("owner_before", owner)
        return table[table["owner_now"] != owner]

    def _select(self, column: str, owner: str) -> pd.DataFrame:
        if self.accounts is None:
            return NO_ACCOUNTS
        rows = self._groups[column].get(owner)
        return self.accounts.iloc[:0] if rows is None else self.accounts.iloc[rows]

    @cached_property
    def _groups(self) -> dict[str, dict[str, NDArray[np.intp]]]:
        assert self.accounts is not None
        columns = ("owner_now", "owner_before")
        return {c: self.accounts.groupby(c, sort=False).indices for c in columns}

    def worth(self, table: pd.DataFrame, column: str) -> Fact:
        """A column of some accounts, added up."""
        total = float(table[column].sum()) if len(table) else 0.0
        return Fact(amount(total, column, self.project.settings), f"accounts: {column}, summed")

    def number(self, n: int, word: str, source: str) -> Fact:
        """ "61 accounts", "1 account"; a word of the settings where there is one."""
        words = self.project.settings.words
        if word in ("unit", "territory", "rep"):
            plural = {"unit": "units", "territory": "territories", "rep": "reps"}[word]
            said = self.word(word if n == 1 else plural)
        else:
            said = word if n == 1 else words.get(f"{word}s", f"{word}s")
        return Fact(f"{n:,} {said}", source)

    def total(self, owner: str, measure: str, before: bool = False) -> float:
        """A measure over an owner's territories, named accounts counted with their rep."""
        return float(sum(self._totals(measure, before).get(owner, ())))

    def _totals(self, measure: str, before: bool) -> dict[str, list[float]]:
        key = (measure, before)
        if key not in self._known_totals:
            case = self.case
            if before and case.baseline is not None:
                case = Case(case.baseline, case.measures, case.tolerance, None, case.project)
            out: dict[str, list[float]] = {}
            for owner, value in zip(self._keys(case.plan), case.totals(measure), strict=False):
                out.setdefault(str(owner), []).append(float(value))
            self._known_totals[key] = out
        return self._known_totals[key]

    @cached_property
    def _known_totals(self) -> dict[tuple[str, bool], dict[str, list[float]]]:
        return {}

    @cached_property
    def measures(self) -> tuple[str, ...]:
        """What documents speak of: what is balanced, then the well-known ones that are there."""
        usual = ("potential", "sales", "revenue", "workload_hours", "accounts")
        return tuple(dict.fromkeys((*self.case.measures, *(m for m in usual if self.case.has(m)))))
