"""Files read again: what is new, changed and gone against what is loaded."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from territory.errors import InputError
from territory.intake.accounts import read_accounts_report
from territory.intake.project import name_accounts
from territory.intake.report import Report
from territory.intake.sales import read_sales
from territory.intake.source import SourceLike
from territory.intake.team import read_team
from territory.intake.travel_times import read_travel_times_report
from territory.model import Accounts, Project, Units

_SHOWN = 5


@dataclass(frozen=True)
class Difference:
    """How one table differs: counts by id, and a few ids of each kind."""

    what: str
    new: int
    changed: int
    gone: int
    examples: tuple[str, ...] = ()

    @property
    def any(self) -> bool:
        """Whether there is a difference."""
        return bool(self.new or self.changed or self.gone)

    def __str__(self) -> str:
        shown = f" ({', '.join(self.examples)})" if self.examples else ""
        return f"{self.what}: {self.new:,} new, {self.changed:,} changed, {self.gone:,} gone{shown}"


def differences(old: Project, new: Project) -> list[Difference]:
    """What a project gains and loses, table by table; equal tables are listed with zeros."""
    out = [compare("units", old.units.attributes, new.units.attributes)]
    for what, before, after in (
        ("reps", old.team, new.team),
        ("accounts", old.accounts, new.accounts),
    ):
        if before is not None or after is not None:
            out.append(
                compare(
                    what,
                    pd.DataFrame() if before is None else before.frame,
                    pd.DataFrame() if after is None else after.frame,
                )
            )
    if old.sales is not None or new.sales is not None:
        out.append(compare("sales", _by_period(old), _by_period(new)))
    if old.travel_times is not None or new.travel_times is not None:
        out.append(compare("travel times", _by_way(old), _by_way(new)))
    return out


def named_anew(old: Project, new: Project) -> dict[str, str]:
    """account_id → rep_id of the accounts that newer data brings and names to a rep."""
    if new.accounts is None or new.team is None:
        return {}
    known = set() if old.accounts is None else set(old.accounts.frame.index)
    named, _ = name_accounts(new.accounts, new.team)
    return {account: rep for account, rep in named.items() if account not in known}


def _by_period(project: Project) -> pd.DataFrame:
    if project.sales is None:
        return pd.DataFrame()
    frame = project.sales.frame
    keys = [k for k in ("unit_id", "account_id", "period") if k in frame]
    sums = frame.groupby(keys)[["amount"]].sum()
    sums.index = pd.Index([" ".join(map(str, key)) for key in sums.index], dtype=object)
    return sums


def _by_way(project: Project) -> pd.DataFrame:
    if project.travel_times is None:
        return pd.DataFrame()
    frame = project.travel_times.frame
    ways = (frame["from_id"] + " → " + frame["to_id"]).to_numpy(object)
    return frame[["minutes"]].set_axis(pd.Index(ways, dtype=object), axis=0)


def compare(what: str, old: pd.DataFrame, new: pd.DataFrame) -> Difference:
    """Rows by id that one table has and the other lacks, and those that differ in a column.

    A gap equals a gap; columns that only one has count where the other would have to have them.
    """
    fresh = new.index.difference(old.index, sort=False)
    gone = old.index.difference(new.index, sort=False)
    both = new.index.intersection(old.index, sort=False)
    differ = np.zeros(len(both), bool)
    for column in new.columns.union(old.columns, sort=False):
        if column not in new or column not in old:
            differ |= True
            continue
        a, b = old.loc[both, column], new.loc[both, column]
        if pd.api.types.is_numeric_dtype(a.dtype) and pd.api.types.is_numeric_dtype(b.dtype):
            x, y = a.to_numpy(float, na_value=np.nan), b.to_numpy(float, na_value=np.nan)
            differ |= ~((x == y) | (np.isnan(x) & np.isnan(y)))
        else:
            differ |= (a.astype(str) != b.astype(str)).to_numpy()
    changed = both[differ]
    examples = [
        *(f"+ {i}" for i in fresh[:_SHOWN]),
        *(f"≠ {i}" for i in changed[:_SHOWN]),
        *(f"− {i}" for i in gone[:_SHOWN]),
    ]
    return Difference(what, len(fresh), len(changed), len(gone), tuple(map(str, examples[:8])))


def update_project(
    project: Project,
    *,
    accounts: SourceLike | None = None,
    team: SourceLike | None = None,
    sales: SourceLike | None = None,
    travel_times: SourceLike | None = None,
    tell: Callable[[str], None] = lambda stage: None,
) -> tuple[Project, Report]:
    """The same region with other tables; rows are matched by id.

    Raises
    ------
    InputError
        If a file can't be used; the project is as it was.
    """
    tell("Reading the tables")
    report = Report(file=project.name, rows=project.units.n, usable_rows=project.units.n)
    out = project
    if team is not None:
        out = replace(out, team=read_team(team, project.units, report))
        report.reps = len(out.team or ())
    if accounts is not None:
        found, own = read_accounts_report(accounts, project.units)
        if own.blocking:
            raise InputError(own.blocking)
        found = found if out.team is None else found.owned_by(out.team)
        units = _with_counts(project.units, project.accounts, found)
        out = replace(out, accounts=found, units=units)
        report.accounts = len(found)
        report.take(own)
    if sales is not None:
        out = replace(out, sales=read_sales(sales, project.units, out.accounts, report))
    if travel_times is not None:
        times, own = read_travel_times_report(travel_times, project.units)
        if own.blocking:
            raise InputError(own.blocking)
        out = replace(out, travel_times=times)
        report.take(own)
    return out, report


def _with_counts(units: Units, before: Accounts | None, after: Accounts) -> Units:
    """Measures that were sums of accounts follow them; what the boundaries brought stays."""
    counted = after.per_unit(units)
    names: Collection[str] = [c for c in counted if c not in units.measure_names]
    if before is not None:
        old = before.per_unit(units)
        names = [
            c
            for c in counted
            if c not in units.measure_names or np.allclose(units.values(c), old[c], equal_nan=True)
        ]
    some = [c for c in names if counted[c].any() or c in units.measure_names]
    return units.with_attributes(counted[some])
