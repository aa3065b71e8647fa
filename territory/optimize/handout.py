"""A clean sheet once its shapes have owners: evened out again with what those have anyway.

From scratch nobody knows whose a territory will be, so the first search counts every account where
it lies. After the shapes have been handed out, accounts named to a rep count with that rep, and a
second search, from that plan and without a price on change, brings all back into the tolerance.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from territory.metrics.roads import Roads
from territory.model import Accounts, Plan, Rules, Team
from territory.optimize import engine
from territory.optimize.named import without_named
from territory.optimize.result import Progress, Proposal

__all__ = ["with_named"]


def with_named(
    proposal: Proposal,
    handed: Plan,
    accounts: Accounts | None,
    *,
    team: Team | None = None,
    rules: Rules | None = None,
    roads: Roads | None = None,
    progress: Callable[[Progress], None] | None = None,
    cancel: Callable[[], bool] | None = None,
) -> Proposal:
    """The proposal as handed out, evened out with the named accounts where there are any.

    Parameters
    ----------
    proposal
        From scratch, without named accounts.
    handed
        Its plan under the territories that have owners.
    team, rules, roads
        As the proposal was asked for.

    The record stays that of the first search; from the same owners the second one follows from it.
    """
    units, offset = without_named(handed, accounts, proposal.measures)
    if not offset.any():
        return replace(proposal, plan=handed)
    found = engine.propose(
        units,
        team=team,
        measures=proposal.measures,
        tolerance=proposal.tolerances,
        current=replace(handed, units=units),
        locks=handed.locks,
        offset=offset,
        rules=replace(rules or Rules(), stay=0.0),
        roads=roads,
        seed=proposal.seed,
        progress=progress,
        cancel=cancel,
    )
    # Nobody has had this plan before: what changes against it disturbs nobody.
    return replace(
        found, disruption={}, record=proposal.record, seconds=proposal.seconds + found.seconds
    )
