"""A brief's part on goals: the quota and how it was set, the first days."""

from __future__ import annotations

import numpy as np
import pandas as pd

from territory.advise.document import Block, Fact, Heading, say
from territory.advise.handed import Handed, when
from territory.metrics.performance import performance
from territory.model.figures import amount, deviation, share
from territory.optimize.words import listed

__all__ = ["first_days", "quota_of"]

SHOWN = 3
"""Accounts that a step names."""


def quota_of(handed: Handed, owner: str) -> list[Block]:
    """How large it is, what it was, what this ground sold, and the potential behind it."""
    team, settings = handed.project.team, handed.project.settings
    blocks: list[Block] = [Heading("Your quota, and how it was set")]
    if team is None or owner not in team.ids:
        return []
    quota = float(team.frame.at[owner, "quota"])
    if not quota > 0:
        return [
            *blocks,
            say(
                "No quota is set for you yet. {ops} adds it to the team table.",
                "gap",
                ops="Sales operations",
            ),
        ]
    whole = float(np.nansum(team.frame["quota"].to_numpy(float)))
    blocks.append(
        say(
            "{quota} for the year: {part} of the team's {whole}.",
            quota=Fact(amount(quota, "revenue", settings), "team: quota"),
            part=Fact(share(quota / whole, 1), "team: quota"),
            whole=Fact(amount(whole, "revenue", settings), "team: quota, summed"),
        )
    )
    blocks += _history(handed, owner, quota)
    if handed.case.has("potential"):
        mine = handed.total(owner, "potential")
        everything = float(np.nansum(handed.plan.units.values("potential")))
        if everything > 0:
            blocks.append(
                say(
                    "Your territory holds {part} of the potential, so that each {one} of quota has "
                    "{ratio} of potential behind it; over the whole team it is {mean}.",
                    part=Fact(share(mine / everything, 1), "metric total of potential"),
                    one=Fact(f"{settings.currency}1", "definition"),
                    ratio=Fact(f"{settings.currency}{mine / quota:,.2f}", "metric quota_spread"),
                    mean=Fact(
                        f"{settings.currency}{everything / whole:,.2f}", "metric quota_spread"
                    ),
                )
            )
    return blocks


def _history(handed: Handed, owner: str, quota: float) -> list[Block]:
    """The quota before, and what this ground sold in the latest year."""
    team, settings = handed.project.team, handed.project.settings
    assert team is not None
    out: list[Block] = []
    if "quota_before" in team.frame:
        before = float(team.frame.at[owner, "quota_before"])
        if np.isfinite(before) and before > 0:
            out.append(
                say(
                    "Before it was {before}: {change}.",
                    before=Fact(amount(before, "revenue", settings), "team: quota_before"),
                    change=Fact(deviation(quota / before - 1), "team: quota, quota_before"),
                )
            )
    if handed.project.sales is None:
        return out
    found = performance(handed.case)
    sold = float(found.table["sales"].to_numpy(float)[handed.territories_of(owner)].sum())
    if np.isfinite(sold) and found.window.words:
        out.append(
            say(
                "In {when} your territory, as it is drawn now, sold {sold}: {part} of this quota.",
                when=Fact(found.window.words, "performance: window"),
                sold=Fact(amount(sold, "revenue", settings), "performance: sales"),
                part=Fact(share(sold / quota), "performance: sales, team: quota"),
            )
        )
    return out


def first_days(handed: Handed, owner: str) -> list[Block]:
    """What to do by day 30, 60 and 90, out of the owner's own numbers."""
    mine, gained = handed.mine(owner), handed.gained(owner)
    key = mine[mine["key"]] if len(mine) else mine
    new_key = gained[gained["key"]] if len(gained) else gained
    prospects = mine[mine["prospect"]] if len(mine) else mine

    def names(table: pd.DataFrame) -> str:
        return listed([str(n) or str(i) for i, n in table["name"].head(SHOWN).items()], SHOWN)

    steps: list[Block] = [
        Heading("First 30, 60 and 90 days"),
        Heading(f"By {when(handed.start, 30)}" if handed.start else "By day 30", 2),
    ]
    givers = set(gained["owner_before"]) - {""}
    if givers:
        steps.append(
            say(
                "Sit down with {n} before you take over: know what each account was promised.",
                "step",
                n=handed.number(len(givers), "colleague", "accounts by pair"),
            )
        )
    if len(key):
        others = ", and the other key accounts: {n} in all" if len(key) > SHOWN else ""
        steps.append(
            say(
                f"See {{names}}{others}.",
                "step",
                names=names(key),
                n=Fact(f"{len(key):,}", "accounts: priority"),
            )
        )
    steps.append(
        say(
            "Drive the territory once, end to end, and correct what the map does not "
            "know: bridges, seasons, doors that stay shut.",
            "step",
        )
    )
    steps.append(Heading(f"By {when(handed.start, 60)}" if handed.start else "By day 60", 2))
    if len(prospects):
        best = prospects.nlargest(SHOWN, "worth")
        steps.append(
            say(
                "Have first talks with {names}, the largest of {n}.",
                "step",
                names=names(best),
                n=handed.number(len(prospects), "prospect", "accounts: status"),
            )
        )
    if len(new_key):
        steps.append(say("Finish the joint visits at {names}.", "step", names=names(new_key)))
    steps.append(
        say(
            "Write an account plan for your five largest accounts: {names} first.",
            "step",
            names=names(mine),
        )
        if len(mine)
        else say("Ask for leads: there is no account here yet.", "step")
    )
    steps.append(Heading(f"By {when(handed.start, 90)}" if handed.start else "By day 90", 2))
    steps.append(say("Every account has been spoken to once; what is open has a date.", "step"))
    steps.append(
        say(
            "Go through this territory with your manager: keep, correct, or ask for a "
            "change in the workbench, with its reason.",
            "step",
        )
    )
    return steps
