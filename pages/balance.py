"""Balance: say what you want; the engine proposes, you decide."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from territory.ui import session
from territory.ui.concerns import concerns, show_concerns
from territory.ui.frontier_chart import frontier_fold
from territory.ui.made_with import made_with
from territory.ui.navigation import path_of
from territory.ui.pictures import plan_pixels
from territory.ui.progress_view import watch
from territory.ui.proposal_view import numbers, show_proposal
from territory.ui.proposals import begin_run
from territory.ui.sizing_fold import sizing_fold
from territory.ui.strip import header
from territory.ui.study import study_of
from territory.ui.wish_form import cards, details, in_words
from territory.ui.wishes import Wish

here = header("Balance")
study = study_of(here)
asked, answer = st.columns([2, 5], gap="large")


def remember(wish: Wish) -> None:
    """Keep the wish as this project's settings, where the other pages find the measures."""
    known = here.project.settings
    kept = replace(known, weights=wish.weights, tolerance=wish.tolerance, homes=wish.homes)
    if kept != known:
        session.save_settings(kept)


with asked:
    st.subheader("What do you want?", anchor=False)
    cards(here, study)
    said, pressed = st.container(), st.container()
    wish = details(here, study)
    against = concerns(here, wish) if wish is not None and here.plan.k else []
    with said:
        if wish is not None:
            st.caption(in_words(here, wish))
        show_concerns(against)
    stopped = wish is None or not here.plan.k or any(c.stops for c in against)
    with pressed:
        if st.button(
            "Run",
            type="primary",
            key="run-balance",
            icon=":material/play_arrow:",
            width="stretch",
            disabled=stopped or study.running,
        ):
            assert wish is not None  # the button is off without one
            remember(wish)
            study.show(begin_run(here, wish))
            st.rerun()

with answer:
    if study.run is None:
        st.caption(
            "Press Run: the engine draws connected, compact territories as you want them, shows "
            "them beside the present ones and says why. Nothing changes until you apply it."
        )
        picture, figures = st.columns([4, 3], gap="medium")
        with picture:
            plan_pixels(here.plan, box=(480, 560), caption="The plan as it is now")
        with figures:
            numbers(here, here.plan, columns=2)
        st.page_link(path_of("Map"), label="Redraw by hand instead", icon=":material/map:")
    elif study.running:
        watch(study.run)
    else:
        show_proposal(here, study, study.run)
    if here.plan.k and not study.running:
        frontier_fold(here, study)
        sizing_fold(here, study)
        made_with(here)
