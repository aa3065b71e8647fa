"""A healthy plan on the sample, and faults planted in it, just beyond or just short of a limit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np
import pandas as pd

from territory.advise.findings import Context
from territory.metrics import piece_count, utilisation
from territory.metrics.capacity import as_of
from territory.metrics.compactness import sprawl
from territory.metrics.contiguity import beyond_water
from territory.metrics.customers import key_accounts, largest_account, named_distance
from territory.metrics.fit import account_worth
from territory.metrics.market import penetration
from territory.metrics.seasons import worst_quarter_by_territory
from territory.metrics.travel import travel_share
from territory.metrics.untouched import untouched_share
from territory.model import Accounts, Earlier, Plan, Team, account_reps

CHOSEN = "R18"
"""The territory that faults are planted in."""


def with_team(context: Context, **columns: pd.Series) -> Context:
    """Another team."""
    team = Team(context.project.team.frame.assign(**columns))
    return replace(context, project=replace(context.project, team=team))


def with_accounts(context: Context, **columns: object) -> Context:
    """Other accounts."""
    accounts = Accounts(context.project.accounts.frame.assign(**columns))
    return replace(context, project=replace(context.project, accounts=accounts))


def with_advice(context: Context, **limits: float) -> Context:
    """Other limits."""
    settings = context.project.settings
    settings = replace(settings, advice=replace(settings.advice, **limits))
    return replace(context, project=replace(context.project, settings=settings))


def healed(context: Context) -> Context:
    """Everybody has the hours for the work, a quota by potential, and customers of their kind."""
    plan, project = context.plan, context.project
    work = pd.Series(plan.totals("workload_hours"), plan.territory_ids)
    potential = pd.Series(plan.totals("potential"), plan.territory_ids)
    frame = project.accounts.frame
    out = with_team(
        context,
        capacity_hours=work / 0.95,
        quota=potential * 0.4,
        segments="A; B; C",
        start_date="2015-01-01",
    )
    revenue = frame["revenue"].clip(upper=20_000)
    return with_accounts(out, owner=account_reps(plan, project.accounts), revenue=revenue)


def at(context: Context) -> int:
    """Position of the chosen territory."""
    return context.plan.position_of(CHOSEN)


def one(context: Context, column: str, value: object) -> pd.Series:
    """A column of the team with another value for the chosen rep."""
    out = context.project.team.frame[column].copy()
    out[CHOSEN] = value
    return out


def hours(used: float) -> Callable[[Context], Context]:
    """The chosen rep's hours, so that so much of them is used."""

    def plant(context: Context) -> Context:
        work = context.plan.totals("workload_hours")[at(context)]
        return with_team(context, capacity_hours=one(context, "capacity_hours", work / used))

    return plant


def all_year(used: float) -> Callable[[Context], Context]:
    """The same, whatever the season."""
    return lambda context: with_advice(hours(used)(context), peak=9.0)


def team_hours(used: float) -> Callable[[Context], Context]:
    """Everybody's hours, so that so much of them is used."""

    def plant(context: Context) -> Context:
        now = utilisation(context.case)
        capacity = context.project.team.frame["capacity_hours"] * now.mean() / used
        # What a single rep may bear is another question.
        return with_advice(
            with_team(context, capacity_hours=capacity), underuse=0.1, overload=9.0, peak=9.0
        )

    return plant


def target(off: float) -> Callable[[Context], Context]:
    """The chosen territory's target, so that it is off by so much."""

    def plant(context: Context) -> Context:
        plan = context.plan
        total = plan.totals("potential")
        share = np.where(np.arange(plan.k) == at(context), total / total.sum() / (1 + off), 0.0)
        rest = total * (share == 0)
        share = share + rest / rest.sum() * (1 - share.sum())
        even = replace(plan, territories=plan.territories.assign(target=share))
        return replace(context, plan=even, baseline=even)

    return plant


def pieces(count: int) -> Callable[[Context], Context]:
    """One unit more for the chosen territory: a stray one, or one beside it."""

    def plant(context: Context) -> Context:
        plan = context.plan
        weight = plan.units.values("potential")
        for unit in np.argsort(weight, kind="stable"):
            if plan.alignment[unit] == at(context):
                continue
            moved = plan.move_positions([int(unit)], at(context))
            found = piece_count(context.on(moved).case)
            if found[CHOSEN] == count and found.drop(CHOSEN).max() == 1:
                return replace(context, plan=moved, baseline=moved)
        raise AssertionError("No such unit in the sample.")

    return plant


def limit_at(name: str, value: Callable[[Context], float]) -> Callable[[float], object]:
    """A limit so that the plan's worst figure is so many times it."""

    def times(factor: float) -> Callable[[Context], Context]:
        return lambda context: with_advice(context, **{name: value(context) / factor})

    return times


def loose(count: int) -> Callable[[Context], Context]:
    """So many units that nobody has."""

    def plant(context: Context) -> Context:
        ids = context.plan.units.ids[context.plan.alignment == at(context)][:count]
        return replace(context, plan=context.plan.move(ids, None))

    return plant


def gone(context: Context) -> Context:
    """The chosen rep has left."""
    frame = context.plan.territories.copy()
    frame.loc[CHOSEN, "rep_id"] = ""
    plan = replace(context.plan, territories=frame)
    return replace(context, plan=plan, baseline=plan)


def began(days: int) -> Callable[[Context], Context]:
    """The chosen rep began so many days ago."""

    def plant(context: Context) -> Context:
        day = (as_of(context.project) - timedelta(days=days)).isoformat()
        return with_team(context, start_date=one(context, "start_date", day))

    return plant


def claimed(count: int) -> Callable[[Context], Context]:
    """So many accounts are another rep's in the list."""

    def plant(context: Context) -> Context:
        owner = context.project.accounts.frame["owner"].copy()
        mine = np.flatnonzero(owner == CHOSEN)[:count]
        owner.iloc[mine] = "R01"
        return with_accounts(context, owner=owner)

    return plant


def named_far(factor: float) -> Callable[[Context], Context]:
    """One account named to a rep far off, so many times as far as the limit."""

    def plant(context: Context) -> Context:
        frame = context.project.accounts.frame
        account = str(frame.index[(context.reps == CHOSEN) & (frame["segment"] == "C")][0])
        plan = replace(context.plan, named_accounts={account: "R14"})
        out = replace(context, plan=plan, baseline=plan)
        return with_advice(out, far_km=float(named_distance(out.case).iloc[0]) / factor)

    return plant


def unserved(share: float) -> Callable[[Context], Context]:
    """So much of the chosen rep's accounts, by worth, is of a segment not served."""

    def plant(context: Context) -> Context:
        frame = context.project.accounts.frame
        mine = context.reps == CHOSEN
        wrong = mine & (frame["segment"] == "A").to_numpy()
        worth = account_worth(context.project.accounts)
        rest = worth[mine & ~wrong].sum()
        potential = np.where(wrong, rest * share / (1 - share) / wrong.sum(), worth)
        out = with_accounts(context, potential=potential)
        return with_team(out, segments=one(context, "segments", "B; C"))

    return plant


def quota(gap: float) -> Callable[[Context], Context]:
    """The chosen rep's potential per quota is so far from the team's mean."""

    def plant(context: Context) -> Context:
        k = context.plan.k
        ratio = (k - 1) * (1 + gap) / (k - 1 - gap)
        return with_team(context, quota=one(context, "quota", _quota(context) / ratio))

    return plant


def _quota(context: Context) -> float:
    return float(context.project.team.frame.at[CHOSEN, "quota"])


def one_account(share: float) -> Callable[[Context], Context]:
    """The chosen rep's largest account is so much of the revenue."""

    def plant(context: Context) -> Context:
        revenue = context.project.accounts.frame["revenue"].copy()
        top = largest_account(context.case).at[CHOSEN, "account_id"]
        rest = revenue[context.reps == CHOSEN].sum() - revenue[top]
        revenue[top] = rest * share / (1 - share)
        return with_accounts(context, revenue=revenue)

    return plant


def key_moved(count_beyond: int) -> Callable[[Context], Context]:
    """The limit's number of key accounts had another rep before, and so many more."""

    def plant(context: Context) -> Context:
        key = np.flatnonzero(key_accounts(context.case))
        count = int(np.floor(len(key) * context.advice.key_change)) + count_beyond
        ids = context.project.accounts.frame.index
        named = {str(ids[i]): "R01" if context.reps[i] == "R02" else "R02" for i in key[:count]}
        return replace(context, baseline=replace(context.plan, named_accounts=named))

    return plant


def grown(shift: float, measure: str = "potential") -> Callable[[Context], Context]:
    """The chosen territory has grown by so much against the whole since the earlier data."""

    def plant(context: Context) -> Context:
        plan = context.plan
        now = plan.units.values(measure)
        part = now[plan.alignment == at(context)].sum() / now.sum()
        growth = (1 + shift - part) / (1 - part)
        then = np.where(plan.alignment == at(context), now / growth, now)
        return with_earlier(context, **{measure: then})

    return plant


def with_earlier(context: Context, **columns: np.ndarray) -> Context:
    """Earlier data: as today, but for these columns."""
    frame = context.plan.units.attributes.assign(**columns)
    project = replace(context.project, earlier=Earlier(frame))
    return replace(context, project=project)


def rivals(growth: float) -> Callable[[Context], Context]:
    """Competitors in the chosen territory, so many more than before."""

    def plant(context: Context) -> Context:
        plan = context.plan
        now = plan.units.values("competitors")
        then = np.where(plan.alignment == at(context), now / (1 + growth), now)
        return with_earlier(context, competitors=then)

    return plant


def lost(beyond: int) -> Callable[[Context], Context]:
    """The limit's number of customers of the chosen rep are gone, and so many more."""

    def plant(context: Context) -> Context:
        frame = context.project.accounts.frame
        mine = frame[(context.reps == CHOSEN) & (frame["status"] == "customer")]
        limit = context.advice.churn
        # lost / (lost + kept) is the share
        count = int(np.floor(limit / (1 - limit) * len(mine))) + beyond
        more = mine.iloc[:count].set_axis([f"gone {i}" for i in range(count)], axis=0)
        old = Accounts(pd.concat([frame, more]))
        return replace(context, project=replace(context.project, earlier_accounts=old))

    return plant


@dataclass(frozen=True)
class Fault:
    """A planted fault: the finding it must bring, beyond and short of the limit."""

    kind: str
    beyond: Callable[[Context], Context]
    short: Callable[[Context], Context]
    territories: tuple[str, ...] | None = (CHOSEN,)


def _worst(metric: Callable[..., pd.Series]) -> Callable[[Context], float]:
    return lambda context: float(metric(context.case).max())


def untouched_ground(factor: float) -> Callable[[Context], Context]:
    """The chosen rep has no hours left, and the limit is so that this is so many times it."""

    def plant(context: Context) -> Context:
        out = hours(1.01)(context)
        return with_advice(out, white_space=untouched_share(out.case) / factor)

    return plant


def in_season(peak: float) -> Callable[[Context], Context]:
    """The chosen rep's hours, so that the busiest quarter takes so much of them."""

    def plant(context: Context) -> Context:
        now = float(worst_quarter_by_territory(context.case)[CHOSEN])
        mean = float(utilisation(context.case)[CHOSEN])
        return hours(mean * peak / now)(context)

    return plant


SPRAWL = limit_at("sprawl", _worst(sprawl))
ROAD = limit_at("road", _worst(travel_share))
SOLD = limit_at("saturated", _worst(penetration))
WATER = limit_at("water", _worst(beyond_water))

FAULTS: tuple[Fault, ...] = (
    Fault("overloaded", all_year(1.101), all_year(1.099)),
    Fault("underused", all_year(0.799), all_year(0.801)),
    Fault("team_size", team_hours(1.051), team_hours(1.049), ()),
    Fault("team_size", team_hours(0.799), team_hours(0.801), ()),
    Fault("peak", in_season(1.251), in_season(1.249)),
    Fault("off_target", target(0.151), target(0.149)),
    Fault("off_target", target(-0.151), target(-0.149)),
    Fault("fragmented", pieces(2), pieces(1)),
    Fault("over_broad", SPRAWL(1.001), SPRAWL(0.999), None),
    Fault("road", ROAD(1.001), ROAD(0.999), None),
    Fault("white_space", untouched_ground(1.001), untouched_ground(0.999)),
    Fault("saturated", SOLD(1.001), SOLD(0.999), None),
    Fault("cut_by_water", WATER(1.001), WATER(0.999), None),
    Fault("unassigned", loose(1), loose(0), ()),
    Fault("vacancy", gone, lambda context: context),
    Fault("ramp", began(182), began(183)),
    Fault("overlap", claimed(59), claimed(58), None),
    Fault("far_named", named_far(1.001), named_far(0.999), None),
    Fault("mismatch", unserved(0.501), unserved(0.499)),
    Fault("unfair_quota", quota(0.251), quota(0.249)),
    Fault("unfair_quota", quota(-0.251), quota(-0.249)),
    Fault("concentration", one_account(0.201), one_account(0.199)),
    Fault("key_disruption", key_moved(1), key_moved(0), None),
    Fault("drift", grown(0.101), grown(0.099)),
    Fault("drift", grown(-0.101), grown(-0.099)),
    Fault("churn", lost(1), lost(0)),
    Fault("rivals", rivals(0.251), rivals(0.249)),
)
"""Each kind of finding, planted."""


def healthy_context(project, plan: Plan) -> Context:  # type: ignore[no-untyped-def]
    """A fair plan on the sample by the engine, with data in which nothing is wrong."""
    from territory.optimize import propose

    wish = {"measures": {"potential": 1.0}, "homes": True, "seed": 1, "restarts": 1}
    found = propose(plan.units, team=project.team, **wish)
    even = plan.with_alignment(found.plan.alignment)
    return healed(Context(project, even, even))
