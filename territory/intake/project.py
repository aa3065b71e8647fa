"""A whole project from a set of files, as the Data page and the command line take them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from difflib import get_close_matches
from pathlib import PurePath

import numpy as np
import pandas as pd

from territory.errors import InputError
from territory.intake.accounts import read_accounts_report
from territory.intake.bulk import is_bulk, sum_accounts
from territory.intake.files import Files
from territory.intake.match import Choices
from territory.intake.names import unit_words
from territory.intake.plans import owner_column, read_alignment_report
from territory.intake.quotas import with_competition, with_quotas
from territory.intake.report import Report
from territory.intake.sales import read_sales
from territory.intake.source import SourceLike, open_source
from territory.intake.team import read_team
from territory.intake.travel_times import read_travel_times_report
from territory.intake.units import read_units_report, usable
from territory.intake.zips import are_zips
from territory.model import (
    DEFAULT_WORDS,
    Accounts,
    Plan,
    Project,
    Settings,
    Team,
    TravelTimes,
    Units,
)

__all__ = ["Files", "read_project"]


COUNTED = frozenset({"accounts", "revenue", "potential", "workload_hours"})
"""Measures that accounts add to units, so that boundaries need not have them."""


def read_project(
    files: Files,
    *,
    id_column: str | None = None,
    measures: Collection[str] = (),
    territories: int | None = None,
    choices: Choices | None = None,
    tell: Callable[[str], None] = lambda stage: None,
) -> tuple[Project, Plan, Report]:
    """Read everything, or say everything that is wrong.

    Parameters
    ----------
    files
        Paths, or (name, bytes) of uploads.
    id_column
        Column of the boundaries with the unit id; found by name where not given.
    measures
        Measures in use, whose every value must be usable; where none are named, the region's
        default measure.
    territories
        How many to prepare where neither a team nor an alignment says so.
    choices
        What becomes of repeated and unknown ids, and whether Census facts are joined.
    tell
        Told what is being read, in words.

    Returns
    -------
    The project; its plan (the alignment where there is one, else nothing assigned, a territory a
    rep); what was read and repaired.

    Raises
    ------
    InputError
        If a file can't be used; names file, row, column and remedy.
    """
    tell("Reading the areas and finding neighbours")
    units, report = _read_units(files, id_column, measures, choices)
    if files.alignment and _same(files.boundaries, files.alignment):
        # Who owns a unit is the plan's to say, and changes; it is no fact about the unit.
        owner = owner_column(files.alignment, units)
        units = replace(units, attributes=units.attributes.drop(columns=owner, errors="ignore"))
    tell("Reading the tables")
    if files.competition:
        units = with_competition(files.competition, units, report)
    team = read_team(files.team, units, report) if files.team else None
    if files.quotas:
        team = with_quotas(files.quotas, team, report)
    accounts, counted = _accounts(files, units, report, tell)
    sales = read_sales(files.sales, units, accounts, report) if files.sales else None
    times = _travel_times(files.travel_times, units, report) if files.travel_times else None
    if counted is not None:
        wanted = [c for c in counted if c in measures or counted[c].any()]
        new = [c for c in wanted if c not in units.measure_names]
        units = replace(units.with_attributes(counted[new]), unmapped=report.unmapped)
    if files.alignment:
        owners = _alignment(files.alignment, units, choices, report)
        plan = Plan.from_alignment(units, owners, team)
        report.notes += _strangers(plan, team)
    elif team is not None:
        plan = Plan.for_team(units, team)
    else:
        plan = Plan.blank(units, territories or 1)
    if accounts is not None and team is not None:
        accounts = accounts.owned_by(team)
        named, notes = name_accounts(accounts, team)
        report.notes += notes
        plan = replace(plan, named_accounts=named)
    name = PurePath(open_source(files.boundaries).name).stem
    report = replace(
        report,
        accounts=report.accounts if accounts is None else len(accounts),
        reps=None if team is None else len(team),
    )
    project = Project(name, units, team, accounts, sales, travel_times=times, settings=words(units))
    return project, plan, report


def words(units: Units) -> Settings:
    """Settings that call the units what they are."""
    if are_zips(units.ids, 0.8) and unit_words(units.id_name)[0] != "county":
        return Settings()
    one, several = unit_words(units.id_name)
    return Settings(words={**DEFAULT_WORDS, "unit": one, "units": several})


def _same(one: SourceLike, other: SourceLike) -> bool:
    """Whether two tables are the same file."""
    a, b = open_source(one), open_source(other)
    return (a.name, a.path, a.upload) == (b.name, b.path, b.upload)


def _alignment(
    source: SourceLike, units: Units, choices: Choices | None, report: Report
) -> dict[str, str]:
    found, own = read_alignment_report(source, units, choices)
    if own.blocking:
        raise InputError(own.blocking)
    report.take(own)
    return found


def _strangers(plan: Plan, team: Team | None) -> list[str]:
    """Who owns units but is not in the team: perhaps a name with a typing error."""
    strangers = [t for t in plan.territory_ids if team is not None and team.rep_of(t) is None]
    if not strangers or team is None:
        return []
    known = list(team.names.values())
    like = {t: get_close_matches(t, known, 1, 0.8) for t in strangers[:5]}
    shown = ", ".join(t + (f" (meant: {who[0]}?)" if who else "") for t, who in like.items())
    shown += " …" if len(strangers) > 5 else ""
    return [f"Owners who are not in the team, each kept as a territory without a rep: {shown}."]


def _travel_times(source: SourceLike, units: Units, report: Report) -> TravelTimes:
    """The travel times, and in the report of the whole what was done to them; as read apart."""
    found, own = read_travel_times_report(source, units)
    if own.blocking:
        raise InputError(own.blocking)
    report.take(own)
    return found


def _accounts(
    files: Files, units: Units, report: Report, tell: Callable[[str], None]
) -> tuple[Accounts | None, pd.DataFrame | None]:
    """The accounts and their sums by unit; of very many only the sums.

    What was done to them goes into the report of the whole.
    """
    if not files.accounts:
        return None, None
    accounts: Accounts | None = None
    if is_bulk(files.accounts):
        counted, own = sum_accounts(
            files.accounts, units, progress=lambda share: tell(f"Adding up accounts: {share:.0%}")
        )
        report.accounts = own.accounts
    else:
        accounts, own = read_accounts_report(files.accounts, units)
        if own.blocking:
            raise InputError(own.blocking)
        counted = accounts.per_unit(units)
    # Where the boundaries have the measure, it is theirs that counts.
    own.totals = [t for t in own.totals if t.measure not in units.measure_names]
    own.notes = own.notes if accounts is None else []
    report.take(own)
    return accounts, counted


def name_accounts(accounts: Accounts, team: Team) -> tuple[dict[str, str], list[str]]:
    """Which accounts belong to a rep wherever they lie, and notes on reps that nobody knows.

    ``named_to`` says the rep; a flag ``named_account`` gives the account to its owner. Reps are
    known by id, or by a name that only one of them has.
    """
    frame = accounts.frame
    to = frame.get("named_to", pd.Series("", index=frame.index)).fillna("").astype(str)
    if "named_account" in frame:
        yes = frame["named_account"].fillna("").astype(str).str.lower()
        to = to.where(
            (to != "") | ~yes.isin(("1", "true", "yes", "y", "x", "named")), frame["owner"]
        )
    to = to[to != ""]
    reps = to.map(lambda rep: team.rep_of(rep) or "")
    lost = sorted(set(to[reps == ""]))
    notes = []
    if lost:
        shown = ", ".join(lost[:5]) + (" …" if len(lost) > 5 else "")
        notes = [f"{int((reps == '').sum()):,} named account(s) belong to unknown reps: {shown}."]
    return {str(a): str(r) for a, r in reps[reps != ""].items()}, notes


def _read_units(
    files: Files, id_column: str | None, measures: Collection[str], choices: Choices | None
) -> tuple[Units, Report]:
    """Units whose measures in use are sound."""

    def read(used: Collection[str]) -> tuple[Units, Report]:
        found, report = read_units_report(
            files.boundaries,
            id_column=id_column,
            attributes=files.attributes,
            measures=used,
            choices=choices,
        )
        return usable(found, report), report

    later = COUNTED if files.accounts else frozenset()
    units, report = read([name for name in measures if name not in later])
    own = [name for name in measures if name in later and name in units.attributes]
    if own:
        units, report = read([name for name in measures if name not in later or name in own])
    if measures or "potential" not in units.attributes:
        return units, report
    values = pd.to_numeric(units.attributes["potential"], errors="coerce").to_numpy(float)
    if np.isfinite(values).all() and (values >= 0).all():
        return units, report
    # Nobody named a measure, but potential would be used: read again to name its bad rows.
    return read(["potential"])
