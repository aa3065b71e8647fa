"""The six questions that a plan begins with, answered from the data as far as it goes.

Answers set things: which units are loaded, the team, what counts and how much, the targets, what
must change little, the season the plan must survive. ``suggested`` pre-answers, ``summary`` says it
in plain words, ``carried_out`` makes it so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
import pandas as pd

from territory.errors import PlanError
from territory.metrics.calendar import calendar_of
from territory.model import Accounts, Plan, Project, Sales, Settings, Team, Units, measure

__all__ = [
    "PRIORITY",
    "SEASON",
    "Answers",
    "area_column",
    "carried_out",
    "kinds_of",
    "seasons_of",
    "suggested",
    "summary",
]

AREA_COLUMNS = ("state", "region", "province", "country", "county", "city")
"""What a region may be cut down by, the coarsest first."""
MOST_PLACES = 60
PRIORITY, SEASON = "priority_accounts", "season_sales"
"""Measures that answers add to the units."""


@dataclass(frozen=True, eq=False)
class Answers:
    """What was answered; every answer may be left as it was suggested.

    Parameters
    ----------
    places
        Values of the region's ``area_column`` that are worked on; empty: all of it.
    team
        The reps: a team's columns, indexed by rep_id; None where nobody is known.
    kind, priority
        A column of the accounts and its values that matter most.
    weights
        What should be even: measure → weight, adding up to 1.
    tolerance
        How even: allowed deviation as a share.
    targets
        "equal" parts, or by each rep's hours ("capacity").
    homes
        Stay near the reps' homes.
    max_change
        Largest share that may get another rep; None: as much as it takes.
    goal
        The company's goal for the year, 0 where there is none.
    season
        The quarter the plan must survive, "" for none.
    """

    places: tuple[str, ...] = ()
    team: pd.DataFrame | None = None
    kind: str = "segment"
    priority: tuple[str, ...] = ()
    weights: Mapping[str, float] = field(default_factory=dict)
    tolerance: float = 0.05
    targets: Literal["equal", "capacity"] = "equal"
    homes: bool = False
    max_change: float | None = None
    goal: float = 0.0
    season: str = ""


def area_column(units: Units) -> str:
    """The column a region may be cut down by; "" where there is none with 2 to 60 places."""
    for name in AREA_COLUMNS:
        if name in units.attributes and 2 <= units.attributes[name].nunique() <= MOST_PLACES:
            return name
    return ""


def kinds_of(accounts: Accounts | None) -> dict[str, list[str]]:
    """Columns that say what kind of customer an account is, each with its values."""
    if accounts is None:
        return {}
    found = {}
    for name in ("segment", "industry", "status"):
        values = sorted({str(v) for v in accounts.frame[name] if str(v)})
        if 2 <= len(values) <= MOST_PLACES:
            found[name] = values
    return found


def seasons_of(sales: Sales | None) -> dict[str, float]:
    """Quarter → its sales against an average quarter (1.2: a fifth more); needs a whole year."""
    if sales is None:
        return {}
    quarters = _quarters(sales)
    amount = pd.to_numeric(sales.frame["amount"]).to_numpy(float)
    by_period = pd.Series(amount).groupby(quarters.to_numpy(object)).sum()
    means = by_period.groupby(by_period.index.str[-2:]).mean()
    whole = float(means.mean())
    if set(means.index) != {"Q1", "Q2", "Q3", "Q4"} or whole <= 0:
        return {}
    return {str(q): float(v / whole) for q, v in means.items()}


def _quarters(sales: Sales) -> pd.Series:
    """(m,) the quarter of each row, such as "2025Q3"; missing where its period is none."""
    calendar = calendar_of(sales.frame["period"].astype(str).unique())
    names = {p: calendar.labels[i] for p, i in calendar.place.items() if i >= 0}
    quarterly = names if calendar.kind == "quarter" else {}
    return sales.frame["period"].astype(str).map(quarterly).astype(object)


def suggested(project: Project, plan: Plan) -> Answers:
    """The answers that the data gives."""
    settings, units = project.settings, project.units
    weights = {m: w for m, w in settings.weights.items() if m in units.measure_names}
    if not weights:
        has_work = "workload_hours" in units.measure_names and "potential" in units.measure_names
        weights = (
            {"potential": 0.6, "workload_hours": 0.4} if has_work else {units.default_measure: 1.0}
        )
    capacities = project.team.capacities if project.team else None
    differ = capacities is not None and len({round(float(c)) for c in capacities}) > 1
    seasons = seasons_of(project.sales)
    peak = max(seasons, key=lambda q: seasons[q]) if seasons else ""
    kinds = kinds_of(project.accounts)
    kind = settings.priority_kind if settings.priority_kind in kinds else next(iter(kinds), "")
    best = ("A",) if "A" in kinds.get("segment", ()) and kind == "segment" else ()
    return Answers(
        team=None if project.team is None else project.team.frame.copy(),
        kind=kind,
        priority=settings.priority if settings.asked else best,
        weights=weights,
        tolerance=settings.tolerance,
        targets="capacity" if differ else "equal",
        homes=settings.homes,
        max_change=settings.max_disruption,
        goal=settings.goal,
        season=settings.season
        if settings.asked
        else (peak if seasons.get(peak, 1) >= 1.15 else ""),
    )


def summary(project: Project, answers: Answers) -> str:
    """The answers in one sentence, fit for an e-mail."""
    settings = project.settings
    reps = 0 if answers.team is None else len(answers.team)
    parts = [f"{reps} {settings.word('reps')}"] if reps else []
    parts.append(" and ".join(answers.places) if answers.places else project.name)
    whole = sum(answers.weights.values()) or 1.0
    shares = [
        measure(name).label.lower()
        + (f" {100 * weight / whole:.0f} %" if len(answers.weights) > 1 else "")
        for name, weight in answers.weights.items()
    ]
    parts.append(f"balance {' / '.join(shares)} within ±{100 * answers.tolerance:.0f} %")
    if answers.targets == "capacity":
        parts.append(f"each {settings.word('rep')} by hours")
    if answers.homes:
        parts.append("near home")
    if answers.priority:
        parts.append(f"look after {answers.kind} {', '.join(answers.priority)} first")
    if answers.max_change is not None:
        parts.append(f"at most {100 * answers.max_change:.0f} % changes hands")
    if answers.season:
        parts.append(f"hold in {answers.season}")
    if answers.goal:
        parts.append(f"goal {settings.currency}{answers.goal:,.0f}")
    return ", ".join(parts) + "."


def carried_out(project: Project, plan: Plan, answers: Answers) -> tuple[Project, Plan]:
    """The project and plan as answered.

    Where region and team stay, the units are the same object if no measure was added, and the
    plan keeps its territories with the targets that were asked for.

    Raises
    ------
    PlanError
        If no unit is left, nobody is in the team any more, or what should be even adds up to 0.
    """
    if not answers.weights or sum(answers.weights.values()) <= 0:
        raise PlanError("Choose at least one thing that should be even.")
    old, column = project.units, area_column(project.units)
    units, accounts, sales, keep = old, project.accounts, project.sales, None
    if answers.places:
        keep = np.flatnonzero(old.attributes[column].astype(str).isin(answers.places))
        if not len(keep):
            raise PlanError("Nothing is left of the region: choose at least one place.")
        if len(keep) < old.n:
            units = old.take(keep)
            accounts, sales = _inside(accounts, sales, units)
    units = _with_measures(units, accounts, sales, answers)
    team = _team(answers.team)
    made = _plan(project, plan, units, team, answers)
    settings = _settings(project.settings, answers, units)
    return replace(
        project, units=units, team=team, accounts=accounts, sales=sales, settings=settings
    ), made


def _inside(
    accounts: Accounts | None, sales: Sales | None, units: Units
) -> tuple[Accounts | None, Sales | None]:
    """What belongs to a part of the region."""
    if accounts is not None:
        accounts = Accounts(accounts.frame[accounts.frame["unit_id"].isin(units.position)])
    if sales is not None:
        mine = sales.frame["unit_id"].isin(units.position)
        sales = Sales(sales.frame[mine].reset_index(drop=True))
    return accounts, sales


def _with_measures(
    units: Units, accounts: Accounts | None, sales: Sales | None, answers: Answers
) -> Units:
    """The measures that priority and season add, where they differ from what is there."""
    more: dict[str, np.ndarray] = {}
    if answers.priority and accounts is not None:
        frame = accounts.frame
        chosen = frame["unit_id"][frame[answers.kind].astype(str).isin(answers.priority)]
        more[PRIORITY] = _counted(units, chosen, np.ones(len(chosen)))
    if answers.season and sales is not None:
        frame = sales.frame
        quarters = _quarters(sales)
        mine = quarters.str.endswith(answers.season).fillna(False).astype(bool)
        years = max(1, quarters[mine].nunique())
        more[SEASON] = _counted(units, frame["unit_id"][mine], frame["amount"][mine] / years)
    new = {
        name: values
        for name, values in more.items()
        if name not in units.attributes or not np.array_equal(units.values(name), values)
    }
    if not new:
        return units
    return units.with_attributes(pd.DataFrame(new, index=units.attributes.index))


def _counted(units: Units, unit_ids: pd.Series, values: object) -> np.ndarray:
    """(n,) values added up by unit; those of no unit are left out."""
    where = np.array([units.position.get(u, -1) for u in unit_ids], dtype=np.int64)
    amounts = np.asarray(values, dtype=float)
    return np.bincount(where[where >= 0], amounts[where >= 0], units.n)


def _team(frame: pd.DataFrame | None) -> Team | None:
    """The team as edited; rows without name and id are no reps."""
    if frame is None:
        return None
    named = frame[(frame.index.astype(str) != "") | (frame["name"].astype(str) != "")]
    if not len(named):
        raise PlanError("There is nobody left in the team: keep at least one.")
    return Team(named)


def _plan(project: Project, plan: Plan, units: Units, team: Team | None, answers: Answers) -> Plan:
    """The plan on the region, team and targets as answered."""
    reps = () if team is None else team.ids
    same_team = project.team is None or reps == project.team.ids
    if same_team:
        ids = {u for u in plan.locks.units if u in units.position}
        locks = replace(plan.locks, units=frozenset(ids))
        where = plan.units.positions(units.ids)
        made = Plan(units, plan.territories, plan.alignment[where], locks, plan.named_accounts)
    else:
        known = project.team.ids if project.team else ()
        stays = {*reps, *(t for t in plan.territory_ids if t not in known)}
        mapping = {u: t for u, t in plan.to_mapping().items() if u in units.position and t in stays}
        made = Plan.from_alignment(units, mapping, team)
    owners = made.territories["rep_id"]
    hours = None if team is None else team.frame["capacity_hours"].reindex(owners).to_numpy(float)
    if answers.targets == "capacity" and hours is not None and bool(np.all(hours > 0)):
        shared = hours / owners.map(owners.value_counts()).to_numpy(float)
        target = shared / shared.sum()
    else:
        target = np.full(made.k, 1 / max(made.k, 1))
    if np.allclose(target, made.territories["target"].to_numpy(float)) and units is plan.units:
        return plan if same_team else made
    territories = made.territories.assign(target=target)
    return Plan(units, territories, made.alignment, made.locks, made.named_accounts)


def _settings(settings: Settings, answers: Answers, units: Units) -> Settings:
    whole = sum(answers.weights.values())
    weights = {m: w / whole for m, w in answers.weights.items() if m in units.measure_names}
    return replace(
        settings,
        weights=weights,
        tolerance=answers.tolerance,
        homes=answers.homes,
        max_disruption=answers.max_change,
        priority_kind=answers.kind,
        priority=answers.priority,
        goal=answers.goal,
        season=answers.season,
        asked=True,
    )
