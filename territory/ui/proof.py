"""How near the best a proposal is, and whether it will hold: a sentence each, found beside the
page."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import streamlit as st

from territory.model import Plan, Settings, Workspace, measure
from territory.model.figures import distance, share
from territory.optimize import Progress, Proposal
from territory.ui.progress_view import watch_job
from territory.ui.runs import Job, Run
from territory.ui.study import Study
from territory.ui.text import plain

if TYPE_CHECKING:
    from territory.optimize.proof import Certificate

__all__ = ["begin_odds", "begin_proof", "odds_line", "proof_in_words", "proof_line"]

SECONDS = 20.0
WELL = 0.9
"""A chance from here on is good news."""


def begin_proof(here: Workspace, proposal: Proposal, homes: bool) -> Job[Certificate | None]:
    """Start looking for a bound."""
    team = here.project.team if homes else None

    def work(tell: Callable[[Progress], None], halted: Callable[[], bool]) -> Certificate | None:
        from territory.optimize import certificate

        return certificate(proposal, team=team, time_limit=SECONDS, cancel=halted)

    return Job[Any]().begin(work)


def begin_odds(here: Workspace, plan: Plan, proposal: Proposal) -> Job[Any]:
    """Start asking how the plan stands up to demand that varies."""
    project = here.project
    tolerance = max(proposal.tolerance, project.settings.amber)

    def work(tell: Callable[[Progress], None], halted: Callable[[], bool]) -> Any:
        from territory.optimize import robustness

        return robustness(
            plan,
            measures=dict(proposal.measures),
            tolerance=tolerance,
            sales=project.sales,
            accounts=project.accounts,
            seed=proposal.seed,
        )

    return Job[Any]().begin(work)


def proof_line(here: Workspace, study: Study, run: Run) -> None:
    """How near the best, or that it is being worked out."""
    if run.proposal is None:
        return
    if study.proof is None:
        study.proof = begin_proof(here, run.proposal, study.wish.homes)
    if not study.proof.finished:
        watch_job(study.proof, "How close is this to the best possible?", "cancel-proof")
        return
    found = study.proof.result
    if found is None:
        unknown = (
            f"How close this is to the best possible can't be said within {SECONDS:.0f} seconds "
            "for a region like this."
        )
        st.caption(plain(study.proof.fault or unknown))
    else:
        words = proof_in_words(found, here.project.settings)
        st.markdown(f":material/verified: {words}", help=plain(found.why()))


def proof_in_words(found: Certificate, settings: Settings) -> str:
    """ "Proven: no plan this even can have ways below 28 km; this one has 32 km …", in Markdown."""
    ways = "an average way from home" if found.kind == "rep homes" else "a typical way"
    spare = max(0.0, 1 - found.value / found.plan) if found.plan else 0.0
    return (
        f"**Proven:** no plan as even in {plain(measure(found.measure).label.lower())} has {ways} "
        f"below {distance(found.value, settings)}. Here it is {distance(found.plan, settings)}: "
        f"at most {share(spare, 1 if spare < 0.1 else 0)} could still be saved."
    )


def odds_line(here: Workspace, study: Study, run: Run) -> None:
    """Whether the plan will hold when demand varies."""
    if run.proposal is None or run.plan is None:
        return
    if study.odds is None:
        study.odds = begin_odds(here, run.plan, run.proposal)
    if not study.odds.finished:
        watch_job(study.odds, "Will it hold when demand varies?", "cancel-odds")
        return
    found = study.odds.result
    if found is None:
        st.caption(plain(study.odds.fault))
        return
    icon = ":material/shield:" if found.chance >= WELL else ":material/waves:"
    st.markdown(f"{icon} {plain(found.text())}")
