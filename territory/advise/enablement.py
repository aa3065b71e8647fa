"""Tips for one owner that follow from the owner's own accounts and ground, each with its numbers.

A tip is only given where the data holds it up; nothing is said that would fit everybody.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from territory.advise.document import Fact, Text, say
from territory.advise.handed import Handed
from territory.advise.questions import seasons_of
from territory.metrics.fit import offered
from territory.model import Sales, measure
from territory.model.figures import amount, distance, share
from territory.optimize.words import listed

__all__ = ["tips"]

STRONG = 1.25
"""How much more of its potential an industry must have here than everywhere to be worth a word."""
LARGE_ACCOUNT = 0.10
PEAK = 1.15
FEW = 3


def tips(handed: Handed, owner: str) -> list[Text]:
    """What to do with this territory, most telling first."""
    mine = handed.mine(owner)
    out: list[Text] = []
    if len(mine):
        out += _white_space(handed, mine)
        out += _industries(handed, owner, mine)
        out += _prospects(handed, mine)
        out += _concentration(handed, mine)
    out += _season(handed, owner)
    out += _far_away(handed, owner)
    return out


def _white_space(handed: Handed, mine: pd.DataFrame) -> list[Text]:
    """Accounts with the most potential that is not sold yet."""
    gap = (mine["potential"].fillna(0) - mine["revenue"].fillna(0)).clip(lower=0)
    if gap.sum() <= 0:
        return []
    best = gap.sort_values(ascending=False, kind="stable").head(FEW)
    settings = handed.project.settings
    best = best[best > 0]
    verb = "stands" if len(best) == 1 else "stand"
    return [
        say(
            f"{{left}} of potential is not sold yet. {{names}} alone {verb} for {{top}}: give "
            "each a written account plan in the first month.",
            "bullet",
            left=Fact(
                amount(float(gap.sum()), "potential", settings), "accounts: potential less revenue"
            ),
            names=listed([_called(mine, i) for i in best.index], FEW),
            top=Fact(share(float(best.sum() / gap.sum())), "accounts: potential less revenue"),
        )
    ]


def _called(table: pd.DataFrame, account: object) -> str:
    name = str(table.at[account, "name"])
    return name or str(account)


def _industries(handed: Handed, owner: str, mine: pd.DataFrame) -> list[Text]:
    """What this ground has more of than the others, and whether the rep knows it."""
    assert handed.accounts is not None
    weight = "potential" if mine["potential"].fillna(0).sum() > 0 else "revenue"
    here = _shares(mine, weight)
    if here.empty:
        return []
    ratio = here / _shares(handed.accounts, weight).reindex(here.index)
    strong = here[(ratio >= STRONG) & (here >= 0.05)].sort_values(ascending=False)
    out = [
        say(
            "{industry} is {here} of the {weight} here against {all} overall: start with its "
            "{accounts}, and carry one good story of it from door to door.",
            "bullet",
            industry=str(name),
            weight=weight,
            here=Fact(share(value), f"accounts: {weight} by industry"),
            all=Fact(share(value / ratio[name]), f"accounts: {weight} by industry"),
            accounts=handed.number(int((mine["industry"] == name).sum()), "account", "accounts"),
        )
        for name, value in strong.head(2).items()
    ]
    return out + _skills(handed, owner, here, weight)


def _shares(table: pd.DataFrame, weight: str) -> pd.Series:
    known = table[table["industry"] != ""]
    sums = known[weight].fillna(0).groupby(known["industry"]).sum()
    return sums / sums.sum() if sums.sum() > 0 else sums.iloc[:0]


def _skills(handed: Handed, owner: str, here: pd.Series, weight: str) -> list[Text]:
    """The largest industry that the rep is not known for, and a colleague who is."""
    team = handed.project.team
    if team is None or owner not in team.ids or not any(team.frame["skills"]):
        return []
    known = {rep: offered(str(text)) for rep, text in team.frame["skills"].items()}
    for name, value in here.sort_values(ascending=False, kind="stable").head(FEW).items():
        industry = str(name).strip().casefold()
        if industry in known[owner]:
            continue
        others = [r for r in team.ids if r != owner and industry in known[r]]
        if not others or value < 0.1:
            continue
        return [
            say(
                "{industry} is not among your listed strengths, and {here} of the {weight} is "
                "there: ride along with {colleague}, who knows it, before the first big visit.",
                "bullet",
                industry=str(name),
                weight=weight,
                here=Fact(share(value), f"accounts: {weight} by industry"),
                colleague=_nearest(handed, owner, others),
            )
        ]
    return []


def _nearest(handed: Handed, owner: str, others: list[str]) -> str:
    """The colleague whose home is closest, else the first."""
    team, units = handed.project.team, handed.plan.units
    assert team is not None
    homes = dict(zip(team.ids, team.homes(units).tolist(), strict=True))
    settled = [rep for rep in others if homes[rep] >= 0]
    if homes[owner] < 0 or not settled:
        return handed.name(others[0])
    here = units.xy[homes[owner]]
    return handed.name(min(settled, key=lambda r: float(np.hypot(*(units.xy[homes[r]] - here)))))


def _prospects(handed: Handed, mine: pd.DataFrame) -> list[Text]:
    new = mine[mine["prospect"]]
    if not len(new):
        return []
    best = new.nlargest(FEW, "worth")
    return [
        say(
            "{new} of {all} buy nothing yet. Call {names} first: they have the most to gain.",
            "bullet",
            new=handed.number(len(new), "account", "accounts: status"),
            all=Fact(f"{len(mine):,}", "accounts"),
            names=listed([_called(mine, i) for i in best.index], FEW),
        )
    ]


def _concentration(handed: Handed, mine: pd.DataFrame) -> list[Text]:
    total = float(mine["revenue"].fillna(0).sum())
    if total <= 0:
        return []
    largest = mine["revenue"].fillna(0).idxmax()
    part = float(mine["revenue"].fillna(0).max()) / total
    if part < LARGE_ACCOUNT:
        return []
    return [
        say(
            "{name} brings {part} of your revenue: know three people there, not one, and never let "
            "a quarter pass without a visit.",
            "bullet",
            name=_called(mine, largest),
            part=Fact(share(part), "accounts: revenue"),
        )
    ]


def _season(handed: Handed, owner: str) -> list[Text]:
    """The quarter in which this ground sells most."""
    sales = handed.project.sales
    if sales is None:
        return []
    ids = handed.plan.units.ids[handed.units_of(owner)]
    mine = sales.frame[sales.frame["unit_id"].isin(set(ids))]
    factors = seasons_of(Sales(mine)) if len(mine) else {}
    if not factors:
        return []
    peak = max(factors, key=lambda q: factors[q])
    if factors[peak] < PEAK:
        return []
    return [
        say(
            "{peak} sells {more} more than an average quarter here: have the visits for it in the "
            "calendar a quarter ahead.",
            "bullet",
            peak=Fact(peak, "sales by quarter"),
            more=Fact(share(factors[peak] - 1), "sales by quarter"),
        )
    ]


def _far_away(handed: Handed, owner: str) -> list[Text]:
    """The far corner that holds least: bundle visits."""
    plan, team = handed.plan, handed.project.team
    inside = np.flatnonzero(handed.units_of(owner))
    if team is None or owner not in team.ids or len(inside) < FEW + 1:
        return []
    home = int(team.homes(plan.units)[team.ids.index(owner)])
    if home < 0:
        return []
    km = np.hypot(*(plan.units.xy[inside] - plan.units.xy[home]).T) / 1000
    far = inside[km >= np.quantile(km, 0.9)]
    weight = np.nan_to_num(plan.units.values(handed.case.main))
    whole = float(weight[inside].sum())
    if whole <= 0:
        return []
    return [
        say(
            "The farthest tenth of your {units}, beyond {km} from home, holds {part} of the "
            "{measure}: bundle visits there into one trip a month.",
            "bullet",
            units=handed.word("units"),
            km=Fact(distance(float(np.quantile(km, 0.9)), handed.project.settings), "team: home"),
            part=Fact(share(float(weight[far].sum() / whole)), "units"),
            measure=measure(handed.case.main).label.lower(),
        )
    ]
