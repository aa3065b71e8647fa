"""Balance: say what counts and how even it should be; the engine proposes, you decide."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import streamlit as st

from territory.metrics import (
    HEADLINES,
    changed_units,
    max_deviation,
    moved_share,
    noncontiguous,
    overview,
)
from territory.model import measure
from territory.ui import session
from territory.ui.case import case_of, weights_of
from territory.ui.format import figure, share, unit_words
from territory.ui.navigation import path_of
from territory.ui.pictures import plan_picture
from territory.ui.proposals import STARTS, Wish, begin_run, laid_over
from territory.ui.runs import Run
from territory.ui.strip import header
from territory.ui.text import plain

here = header("Balance", "Say what counts and how even it should be. Nothing changes until Apply.")
project, settings = here.project, here.project.settings
asked, answer = st.columns([1, 2], gap="large")


def remember(wish: Wish) -> None:
    """Keep the wish as this project's settings, where the other pages find the measures."""
    kept = replace(settings, weights=wish.weights, tolerance=wish.tolerance, homes=wish.homes)
    if kept != settings:
        session.save_settings(kept)


def ask() -> Wish | None:
    """The questions at the left; None while something is missing."""
    st.subheader("What counts", anchor=False)
    names = [name for name in project.units.measure_names if measure(name).additive]
    known = weights_of(here)
    chosen = st.multiselect(
        "Measures",
        names,
        default=list(known),
        format_func=lambda name: measure(name).label,
        key="measures",
        label_visibility="collapsed",
        placeholder="Choose at least one measure",
    )
    weights = dict.fromkeys(chosen, 1.0)
    if len(chosen) > 1:
        whole = sum(known.get(name, 1.0) for name in chosen)
        for name in chosen:
            weights[name] = st.slider(
                f"{plain(measure(name).label)}, weight",
                1,
                100,
                max(1, round(100 * known.get(name, 1.0) / whole)),
                format="%d",
                key=f"weight-{name}",
            )
    total = sum(weights.values())
    st.subheader("How even", anchor=False)
    tolerance = st.slider(
        "Each territory may be off its target by",
        1,
        30,
        round(settings.tolerance * 100),
        format="±%d %%",
        key="tolerance",
        help="The tolerance. Smaller is fairer, but shapes get less compact.",
    )
    st.subheader("Start from", anchor=False)
    start = st.radio(
        "Start from",
        list(STARTS),
        format_func=lambda name: STARTS[name][0],
        captions=[text for _, text in STARTS.values()],
        key="start-from",
        label_visibility="collapsed",
    )
    homes = False
    if project.team is not None:
        homes = st.toggle(
            "Stay near the reps' homes", settings.homes, key="homes", disabled=start == "kmeans"
        )
    cap = None
    if start == "current":
        limit = st.slider(
            "How much may change hands",
            0,
            100,
            100,
            format="%d %%",
            key="max-disruption",
            help="The largest share of what counts that may get another rep.",
        )
        cap = None if limit == 100 else limit / 100
    if not chosen:
        st.warning("Choose at least one measure.")
        return None
    shares = {name: weight / total for name, weight in weights.items()}
    return Wish(shares, tolerance / 100, start, homes, cap, settings.seed)


@st.fragment(run_every=0.4)
def watch(run: Run) -> None:
    """Progress of a run, with a way to stop it."""
    if run.finished:
        st.rerun()
    state = run.progress
    if state is None:
        st.progress(0.0, "Waiting for a free place …")
    else:
        words = f"{plain(state.message)} · largest deviation {share(state.max_deviation)}"
        st.progress(min(1.0, state.step / max(state.steps, 1)), words)
    st.button(
        "Cancel",
        key="cancel-run",
        icon=":material/stop_circle:",
        disabled=run.cancelled,
        on_click=run.cancel,
        help="Stops and shows the best plan so far.",
    )


def apply_proposal() -> None:
    """Take the proposal as the plan: one undo entry."""
    now = session.workspace()
    run = now.proposal
    if isinstance(run, Run) and run.plan is not None:
        now.change(f"Balance: {run.settings}", laid_over(now.plan, run.plan))
        now.proposal = None
        now.notify("info", "Applied. Undo takes it back in one step.")


def discard() -> None:
    """Forget the proposal."""
    session.workspace().proposal = None


def show_proposal(run: Run) -> None:
    """Before and after, in pictures and numbers, with Apply."""
    proposal, plan = run.proposal, run.plan
    if proposal is None or plan is None:
        st.error(plain(run.fault), icon=":material/error:")
        return
    main = case_of(here, plan).main
    label = plain(measure(main).label.lower())
    moved = int(changed_units(plan, run.before, main).sum())
    stopped = {"cancelled": " You stopped it early.", "time limit": " The time limit ended it."}
    verdict = "within" if proposal.within_tolerance else "not yet within"
    st.subheader(
        f"Every territory {verdict} ±{proposal.tolerance:.0%} of its target".replace("%", " %")
        if proposal.within_tolerance
        else f"Best found: largest deviation {share(max(proposal.max_deviation.values()), 1)}",
        anchor=False,
    )
    st.write(
        f"{unit_words(moved, settings)} change hands "
        f"({share(moved_share(plan, run.before, main), 1)} of the {label}), "
        f"found in {proposal.seconds:.1f} s.{stopped.get(proposal.stopped_by, '')}"
    )
    if run.first is not None and run.kmeans:
        alone = case_of(here, plan.with_alignment(run.first.alignment))
        st.info(
            f"Plain k-means alone: largest deviation {share(max_deviation(alone))}, "
            f"{int(noncontiguous(alone))} in pieces. The engine evened that out.",
            icon=":material/scatter_plot:",
        )
    for case in proposal.infeasible[:5]:
        st.warning(plain(str(case["reason"])))
    if (here.plan.alignment != run.before.alignment).any():
        st.warning("The plan was changed after this run began. Apply takes those changes back.")
    with st.container(horizontal=True):
        st.button(
            "Apply",
            type="primary",
            key="apply-proposal",
            icon=":material/check:",
            on_click=lambda: session.act(apply_proposal),
        )
        st.button("Discard", key="discard-proposal", on_click=discard)
    old, new, table = st.columns([3, 3, 4])
    with old:
        plan_picture(run.before, box=(260, 400), caption="Before")
    with new:
        plan_picture(plan, box=(260, 400), caption="Proposed")
    now, then = (
        overview(case_of(here, plan), HEADLINES),
        overview(case_of(here, run.before), HEADLINES),
    )
    rows = [
        {
            "": metric.label,
            "Before": figure(then[metric.name], metric.format, settings),
            "Proposed": figure(now[metric.name], metric.format, settings),
        }
        for metric in HEADLINES
    ]
    table.dataframe(pd.DataFrame(rows), hide_index=True, width="stretch")


with asked:
    wish = ask()
    running = isinstance(here.proposal, Run) and not here.proposal.finished
    if st.button(
        "Run",
        type="primary",
        key="run-balance",
        icon=":material/play_arrow:",
        width="stretch",
        disabled=wish is None or running or here.plan.k == 0,
    ):
        assert wish is not None  # the button is off without one
        remember(wish)
        here.proposal = begin_run(here, wish)
        st.rerun()

with answer:
    if not isinstance(here.proposal, Run) and here.proposal is None:
        plan_picture(here.plan, box=(760, 520), caption="The plan as it is now")
        st.caption(
            "Press Run: the engine draws connected, compact territories of the same size and shows "
            "them beside the present ones."
        )
        st.page_link(path_of("Map"), label="Redraw by hand instead", icon=":material/map:")
    elif not here.proposal.finished:
        watch(here.proposal)
    else:
        show_proposal(here.proposal)
