"""A proposal on the page: what it reaches, how near the best it is, before and after, Apply."""

from __future__ import annotations

import math
from dataclasses import replace

import streamlit as st

from territory.metrics import (
    HEADLINES,
    changed_units,
    max_deviation,
    moved_share,
    noncontiguous,
    overview,
)
from territory.model import Plan, Workspace, measure
from territory.model.figures import figure, share, unit_words
from territory.optimize import Proposal
from territory.ui import session
from territory.ui.case import case_of
from territory.ui.diff_map import diff_map
from territory.ui.move_list import move_list
from territory.ui.proof import odds_line, proof_line
from territory.ui.proposals import begin_run, laid_over
from territory.ui.runs import Run
from territory.ui.study import Study, study_of
from territory.ui.text import plain
from territory.ui.wish_form import take

__all__ = ["numbers", "show_proposal"]

STOPPED = {"cancelled": " You stopped it early.", "time limit": " The time limit ended it."}
SHOWN_REASONS = 3
GLANCE = "max_deviation radius_km disruption utilisation"
"""What is shown at once; the rest is folded away."""


def show_proposal(here: Workspace, study: Study, run: Run) -> None:
    """Everything about a finished run."""
    proposal, plan = run.proposal, run.plan
    if proposal is None or plan is None:
        st.error(plain(run.fault), icon=":material/error:")
        return
    settings = here.project.settings
    before = case_of(here, run.before)
    main = max(proposal.measures, key=lambda name: proposal.measures[name])
    worst = max(proposal.max_deviation.values())
    if proposal.within_tolerance:
        title = f"Every territory within ±{share(proposal.tolerance)} of its target"
    else:
        was = share(max(max_deviation(before, name) for name in proposal.measures))
        title = f"Best found: farthest from target {share(worst, int(worst < 0.1))} (was {was})"
    st.subheader(title, anchor=False)
    accepted = study.accepted
    if accepted is not None:
        plan = accepted.plan
    moved = int(changed_units(plan, run.before, main).sum())
    st.write(
        f"{unit_words(moved, settings)} change hands "
        f"({share(moved_share(plan, run.before, main), 1)} of the "
        f"{plain(measure(main).label.lower())}), found in {proposal.seconds:.1f} s."
        f"{STOPPED.get(proposal.stopped_by, '')}"
    )
    proof_line(here, study, run)
    odds_line(here, study, run)
    _troubles(here, study, run)
    _buttons()
    words = [settings.word("unit"), settings.word("units")]
    if accepted is not None and run.changes is not None and not accepted.exact:
        st.info(plain(accepted.text(run.changes, *words)), icon=":material/link:")
    numbers(here, plan, run.before, names=GLANCE)
    map_side, list_side = st.columns(2, gap="medium")
    with map_side:
        diff_map(run.before, plan, run.changes, study.left_out, study.group)
    if run.changes is not None:
        with list_side:
            move_list(here, study, run.changes)
    with st.expander("All figures, before and after", icon=":material/table_chart:"):
        numbers(here, plan, run.before)


def _troubles(here: Workspace, study: Study, run: Run) -> None:
    """What stands between this proposal and what was asked for."""
    proposal, plan = run.proposal, run.plan
    if proposal is None or plan is None:
        return
    if run.first is not None and run.kmeans and run.first.alignment is not None:
        alone = case_of(here, plan.with_alignment(run.first.alignment))
        st.info(
            f"Plain k-means alone: largest deviation {share(max_deviation(alone))}, "
            f"{int(noncontiguous(alone))} in pieces. The engine evened that out.",
            icon=":material/scatter_plot:",
        )
    if proposal.infeasible:
        reasons = [plain(str(case["reason"])) for case in proposal.infeasible]
        with st.container(border=True, gap="small"):
            names = plan.territories["name"]
            for case, reason in list(zip(proposal.infeasible, reasons, strict=True))[
                :SHOWN_REASONS
            ]:
                st.markdown(f"**{plain(str(names.get(case['territory_id'], '')))}**: {reason}")
            if len(reasons) > SHOWN_REASONS:
                st.caption(f"And {len(reasons) - SHOWN_REASONS} more.")
            _reachable(study, run)
    if (here.plan.alignment != run.before.alignment).any():
        st.warning("The plan was changed after this run began. Apply takes those changes back.")


def _reachable(study: Study, run: Run) -> None:
    """One button for the tolerance that this plan keeps."""
    proposal = run.proposal
    if proposal is None or proposal.within_tolerance or study.wish.tolerances:
        return
    nearest = nearest_tolerance(proposal)
    st.button(
        f"Ask for ±{share(nearest)} instead",
        key="use-nearest",
        icon=":material/straighten:",
        help="The nearest tolerance that is known to be reachable.",
        on_click=lambda: session.act(lambda: _ask_for(nearest)),
    )


def nearest_tolerance(proposal: Proposal) -> float:
    """The whole percent that the proposal itself keeps."""
    return min(1.0, math.ceil(max(proposal.max_deviation.values()) * 100 - 1e-9) / 100)


def _ask_for(tolerance: float) -> None:
    """Put a tolerance into the fields and run again."""
    here = session.workspace()
    study = study_of(here)
    take(replace(study.wish, tolerance=tolerance, preset=""))
    study.show(begin_run(here, study.wish))


def _buttons() -> None:
    with st.container(horizontal=True):
        st.button(
            "Apply",
            type="primary",
            key="apply-proposal",
            icon=":material/check:",
            on_click=lambda: session.act(apply_proposal),
        )
        st.button("Discard", key="discard-proposal", on_click=discard)


def apply_proposal() -> None:
    """Take the proposal as the plan: one undo entry."""
    now = session.workspace()
    study = study_of(now)
    run, accepted = study.run, study.accepted
    if run is not None and run.plan is not None:
        label, plan = f"Balance: {run.settings}", run.plan
        if accepted is not None and run.changes is not None and study.left_out:
            label += f" ({len(accepted.taken)} of {len(run.changes)} moves)"
            plan = accepted.plan
        record = run.proposal.record if run.proposal is not None else None
        taken = laid_over(now.plan, plan)
        now.change(label, taken, run=None if record is None else record.to_json())
        study.clear()
        now.notify("info", "Applied. Undo takes it back in one step.")


def discard() -> None:
    """Forget the proposal."""
    study_of(session.workspace()).clear()


def numbers(
    here: Workspace, plan: Plan, before: Plan | None = None, columns: int = 4, names: str = ""
) -> None:
    """Figures of a plan, the old value beside the new in grey; all headlines where none are named.

    ``names`` are metrics, divided by spaces.
    """
    settings = here.project.settings
    chosen = tuple(m for m in HEADLINES if not names or m.name in names.split())
    now = overview(case_of(here, plan), chosen)
    then = now if before is None else overview(case_of(here, before), chosen)
    with st.grid(columns, min_column_width=130, gap="small"):
        for metric in chosen:
            old, new = (figure(v[metric.name], metric.format, settings) for v in (then, now))
            st.metric(
                metric.label,
                new,
                None if old == new else f"was {old}",
                delta_color="off",
                delta_arrow="off",
                help=metric.help,
            )
