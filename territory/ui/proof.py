"""How near the best a proposal is: one sentence, worked out beside the page."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from territory.model import Workspace
from territory.optimize import Progress, Proposal
from territory.ui.progress_view import watch_job
from territory.ui.runs import Job, Run
from territory.ui.study import Study
from territory.ui.text import plain

__all__ = ["begin_proof", "proof_line"]

SECONDS = 10.0


def begin_proof(here: Workspace, proposal: Proposal, homes: bool) -> Job[Proposal]:
    """Start looking for a bound."""
    team = here.project.team if homes else None

    def work(tell: Callable[[Progress], None], halted: Callable[[], bool]) -> Proposal:
        from territory.optimize.bounds import certify

        return certify(proposal, team=team, time_limit=SECONDS, cancel=halted)

    return Job[Proposal]().begin(work)


def proof_line(here: Workspace, study: Study, run: Run) -> None:
    """The sentence, or that it is being worked out."""
    if run.proposal is None:
        return
    if study.proof is None:
        study.proof = begin_proof(here, run.proposal, study.wish.homes)
    if not study.proof.finished:
        watch_job(study.proof, "How close is this to the best possible?", "cancel-proof")
        return
    found = study.proof.result
    if found is None:
        st.caption(plain(study.proof.fault))
    elif found.bound is None or found.bound["gap"] is None:
        st.caption(
            "How close this is to the best possible can't be said: the region is too large for "
            f"that within {SECONDS:.0f} seconds."
        )
    else:
        st.info(plain(found.bound["text"]), icon=":material/verified:")
