"""How a plan stands, in a few plain sentences: is it fair, efficient, agile?"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

from territory.advise.findings import Context, Finding, Number, Said
from territory.advise.outlook import Outlook
from territory.metrics import (
    deviation,
    disruption,
    moved_share,
    outside,
    quota_spread,
    rms_radius_km,
    utilisation,
)
from territory.metrics.capacity import vacant
from territory.metrics.people import hours_beyond, team_utilisation
from territory.metrics.travel import total_driving_hours, total_travel_share
from territory.model import measure

__all__ = ["Verdict", "as_text", "assessment"]

TOP = 3
"""Findings told in the text."""


@dataclass(frozen=True)
class Verdict:
    """One question about the plan and its answer; ``good`` is None where the data is silent."""

    question: str
    answer: str
    good: bool | None
    said: tuple[Said, ...]


def assessment(context: Context, outlook: Outlook | None = None) -> list[Verdict]:
    """Fair, efficient, agile: each with its numbers; empty where nothing is assigned yet."""
    plan = context.plan
    if not plan.k or plan.unassigned == plan.units.n:
        return []
    return [_fair(context), _efficient(context), _agile(context, outlook)]


def _fair(context: Context) -> Verdict:
    case, off = context.case, outside(context.case, context.case.main)
    gap = deviation(case, case.main)
    worst = gap.abs().idxmax() if gap.notna().any() else ""
    numbers = {
        "inside": Number(context.plan.k - off, "count", "metrics.outside"),
        "all": Number(context.plan.k, "count", "plan.k"),
        "band": Number(context.settings.amber, "share", "settings.amber"),
    }
    names = {
        "territories": context.settings.word("territories"),
        "measure": measure(case.main).label.lower(),
    }
    words = "{inside} of {all} {territories} are within {band} of their target for {measure}"
    if worst:
        numbers["worst"] = Number(float(gap[worst]), "deviation", "metrics.deviation")
        names["name"] = context.names[worst]
        words += "; {name} is farthest, {worst}"
    said = [Said(words + ".", numbers, names)]
    spread = quota_spread(case)
    even = not isfinite(spread) or spread <= context.advice.quota_gap
    if isfinite(spread):
        figures = {"spread": Number(spread, "share", "metrics.quota_spread")}
        said.append(Said("The potential behind each quota spreads by {spread}.", figures))
    answers = {(True, True): "Fair", (True, False): "Even, but quotas are not"}
    answer = answers.get((not off, even), "Not fair yet")
    return Verdict("Is it fair?", answer, not off and even, tuple(said))


def _efficient(context: Context) -> Verdict:
    case = context.case
    numbers = {"radius": Number(rms_radius_km(case), "km", "metrics.rms_radius_km")}
    words = "What counts lies {radius} from the middle of its {territory} on average"
    share, hours = total_travel_share(case), total_driving_hours(case)
    if not isfinite(numbers["radius"].value):
        numbers, words = {}, "Nothing that counts lies in these {territory} borders"
    if isfinite(share):
        numbers["hours"] = Number(hours, "workload_hours", "metrics.travel.total_driving_hours")
        numbers["share"] = Number(share, "share", "metrics.travel.total_travel_share")
        words += ", and the team drives {hours} a year, {share} of its time in the field"
    said = [Said(words + ".", numbers, {"territory": context.settings.word("territory")})]
    beyond, used = hours_beyond(case), utilisation(case)
    known = isfinite(beyond) and used.notna().any()
    if known:
        figures = {
            "most": Number(float(used.max()), "share", "metrics.utilisation"),
            "least": Number(float(used.min()), "share", "metrics.utilisation"),
            "beyond": Number(beyond, "workload_hours", "metrics.people.hours_beyond"),
        }
        rep = {"rep": context.settings.word("rep")}
        said.append(
            Said(
                "The busiest {rep} is used to {most}, the idlest to {least}; {beyond} a year are "
                "more than there are hours for.",
                figures,
                rep,
            )
        )
    limit = context.advice
    good: bool | None = None
    if known:
        good = float(used.max()) <= limit.overload and float(used.min()) >= limit.underuse
        good = good and not share > limit.road
    elif isfinite(share):
        good = share <= limit.road
    answer = "Hard to say" if good is None else "Efficient" if good else "Not efficient yet"
    return Verdict("Is it efficient?", answer, good, tuple(said))


def _agile(context: Context, outlook: Outlook | None) -> Verdict:
    case = context.case
    said: list[Said] = []
    room = team_utilisation(case)
    empty = int((vacant(case) & (context.plan.totals("units") > 0)).sum())
    has_reps = bool((context.plan.territories["rep_id"] != "").any())
    good: bool | None = None
    if isfinite(room):
        good = room <= 1.0
        figures = {"room": Number(room, "share", "metrics.people.team_utilisation")}
        words = "The whole team's work is {room} of its hours: "
        words += "there is room for what comes." if good else "whatever comes is too much."
        said.append(Said(words, figures))
    if has_reps and empty:
        good = False
        figures = {"empty": Number(empty, "count", "metrics.capacity.vacant")}
        word = context.count(empty, "territory", "territories")
        said.append(Said("{empty} {territories} without a {rep}.", figures,
                         {"territories": word, "rep": context.settings.word("rep")}))  # fmt: skip
    changed = disruption(case)
    if isfinite(changed) and changed > 0:
        figures = {"changed": Number(changed, "share", "metrics.disruption")}
        words = "{changed} of the {measure} gets another {rep} than in the baseline."
        said.append(Said(words, figures, {"measure": measure(case.main).label.lower(),
                                          "rep": context.settings.word("rep")}))  # fmt: skip
    said += _repair(context, outlook)
    if not said:
        said.append(Said("Nothing is known of hours, so nobody can say how much more fits in."))
    answer = "Hard to say" if good is None else "Room to move" if good else "Little room to move"
    return Verdict("Is it agile?", answer, good, tuple(said))


def _repair(context: Context, outlook: Outlook | None) -> list[Said]:
    """How much a re-plan would move; only where the engine has been asked about this plan."""
    remedy = outlook.remedies.get("replan") if outlook is not None else None
    if remedy is None or outlook is None or not outlook.about(context.plan):
        return []
    moved = moved_share(remedy.plan, context.plan, context.case.main)
    left = outside(context.on(remedy.plan).case, context.case.main)
    numbers = {
        "moved": Number(moved, "share", "metrics.moved_share"),
        "left": Number(left, "count", "metrics.outside"),
        "before": Number(outside(context.case, context.case.main), "count", "metrics.outside"),
    }
    words = "A re-plan would move {moved} and bring the {territories} outside the band from "
    words += "{before} to {left}."
    return [Said(words, numbers, {"territories": context.settings.word("territories")})]


def as_text(context: Context, title: str, verdicts: list[Verdict], found: list[Finding]) -> str:
    """All of it as plain text for an e-mail: the verdicts, then what weighs most."""
    settings = context.settings
    lines = [title, ""]
    for verdict in verdicts:
        sentences = " ".join(said.text(settings) for said in verdict.said)
        lines += [f"{verdict.question} {verdict.answer}. {sentences}", ""]
    if found:
        lines.append("What weighs most:")
        lines += [f"- {f.said.text(settings)} ({f.action.text(settings)}.)" for f in found[:TOP]]
    else:
        lines.append("Nothing stands out that should be changed.")
    return "\n".join(lines)
