"""A plan as plain tables, before any file format: units, accounts, changes."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from territory.metrics import Case, changed_units
from territory.model import Plan, Project, Settings, measure
from territory.model.measures import KNOWN_MEASURES

__all__ = [
    "account_table",
    "additive_measures",
    "attribute_column",
    "case_for",
    "change_table",
    "rep_names",
    "settings_of",
    "text_columns",
    "unit_table",
]

OURS = (
    *("unit_id", "territory_id", "territory", "rep", "geometry"),
    *("from_territory", "from_rep", "to_territory", "to_rep"),
)
"""Column names that an attribute of the user's must not take."""


def settings_of(project: Project | None) -> Settings:
    """The project's settings, or the default ones."""
    return project.settings if project else Settings()


def case_for(project: Project | None, plan: Plan, baseline: Plan | None) -> Case:
    """The plan as the screens see it: measures in use, and the amber band as tolerance."""
    settings = settings_of(project)
    known = plan.units.measure_names
    weights = {m: w for m, w in settings.weights.items() if m in known}
    return Case(plan, weights, settings.amber, baseline, project)


def additive_measures(case: Case) -> list[str]:
    """Measures worth a total a territory: those in use, then the well-known ones."""
    known = [m for m in KNOWN_MEASURES if m not in ("units", "area_km2") and case.has(m)]
    return [*case.measures, *(m for m in known if m not in case.measures and measure(m).additive)]


def rep_names(project: Project | None, plan: Plan) -> list[str]:
    """The owner of each territory by name; "" where there is none."""
    team = project.team if project else None
    return [team.name(rep) if team and rep else rep for rep in plan.territories["rep_id"]]


def text_columns(plan: Plan) -> list[str]:
    """Attribute columns that are not measures."""
    numeric = set(plan.units.measure_names)
    return [str(c) for c in plan.units.attributes.columns if str(c) not in numeric]


def _by_unit(values: list[str], plan: Plan) -> NDArray[np.object_]:
    """Spread a value a territory over its units; "" where unassigned."""
    return np.array([*values, ""], dtype=object)[plan.alignment]


def unit_table(project: Project | None, plan: Plan) -> pd.DataFrame:
    """One row a unit: id, territory, rep, then everything known about it."""
    units = plan.units
    columns: dict[str, object] = {
        "unit_id": units.ids,
        "territory_id": _by_unit(list(plan.territory_ids), plan),
        "territory": _by_unit([str(n) for n in plan.territories["name"]], plan),
        "rep": _by_unit(rep_names(project, plan), plan),
    }
    for name in text_columns(plan):
        columns[attribute_column(name)] = _text(plan, name)
    for name in units.measure_names[1:]:
        values = units.values(name)
        columns[attribute_column(name)] = values.round(6) if name == "area_km2" else values
    return pd.DataFrame(columns)


def attribute_column(name: str) -> str:
    """Where an attribute stands in ``unit_table``; one called like ours gets a longer name."""
    return f"{name} (attribute)" if name in OURS else name


def _text(plan: Plan, name: str) -> NDArray[np.object_]:
    return plan.units.attributes[name].fillna("").astype(str).to_numpy(object)


def account_table(
    project: Project | None, plan: Plan, baseline: Plan | None = None
) -> pd.DataFrame | None:
    """One row an account with its territory and rep; None without accounts.

    A named account belongs to its rep wherever it lies.
    """
    if project is None or project.accounts is None:
        return None
    frame = project.accounts.frame
    at = frame["unit_id"].map(plan.units.position).fillna(-1).to_numpy(np.int64)
    out = pd.DataFrame({"account_id": frame.index, "name": frame["name"].to_numpy(object)})
    out["unit_id"] = frame["unit_id"].to_numpy(object)
    out["territory"] = _at_units([str(n) for n in plan.territories["name"]], plan, at)
    out["rep"] = _account_reps(project, plan, frame.index, at)
    if baseline is not None:
        out["rep_before"] = _account_reps(project, baseline, frame.index, at)
        out["handed_over"] = np.where(
            (out["rep"] != out["rep_before"]) & (out["rep_before"] != ""), "yes", ""
        )
    for name in ("segment", "industry", "status"):
        out[name] = frame[name].to_numpy(object)
    for name in ("revenue", "potential", "workload_hours"):
        out[name] = frame[name].to_numpy(float)
    return out


def _at_units(values: list[str], plan: Plan, at: NDArray[np.int64]) -> NDArray[np.object_]:
    """A value a territory for rows that lie in units; "" for unknown and unassigned units."""
    per_unit = np.append(_by_unit(values, plan), "")
    return per_unit[at]


def _account_reps(
    project: Project, plan: Plan, accounts: pd.Index, at: NDArray[np.int64]
) -> NDArray[np.object_]:
    names = rep_names(project, plan)
    # Without reps the territory is the owner: a hand-over is a change of territory.
    owners = [rep or str(name) for rep, name in zip(names, plan.territories["name"], strict=True)]
    out = _at_units(owners, plan, at)
    for account, rep in plan.named_accounts.items():
        if account in accounts:
            out[accounts.get_loc(account)] = project.team.name(rep) if project.team else rep
    return out


def change_table(case: Case, measures: list[str]) -> pd.DataFrame | None:
    """Units whose rep changes against the baseline, or that get their first; None without one.

    A territory that only got another label is no change.
    """
    plan, before = case.plan, case.baseline
    if before is None:
        return None
    first = (before.alignment < 0) & (plan.alignment >= 0)
    moved = np.flatnonzero(changed_units(plan, before, case.main) | first)
    columns: dict[str, object] = {"unit_id": plan.units.ids[moved]}
    for name in text_columns(plan)[:3]:
        columns[attribute_column(name)] = _text(plan, name)[moved]
    for prefix, state in (("from", before), ("to", plan)):
        columns[f"{prefix}_territory"] = _by_unit(list(state.territories["name"]), state)[moved]
        columns[f"{prefix}_rep"] = _by_unit(rep_names(case.project, state), state)[moved]
    for name in measures:
        columns[attribute_column(name)] = plan.units.values(name)[moved]
    out = pd.DataFrame(columns)
    order = ["from_territory", "to_territory", "unit_id"]
    return out.sort_values(order, kind="stable", ignore_index=True)
