"""Start: what this is, how the plan stands, what to do next."""

from __future__ import annotations

import streamlit as st

from territory.metrics import HEADLINES, overview, top_share, worst_deviation
from territory.model import measure
from territory.model.figures import amount, figure, share, unit_words
from territory.ui import session
from territory.ui.case import current_case
from territory.ui.intake_run import show_notes
from territory.ui.navigation import path_of
from territory.ui.pictures import plan_picture
from territory.ui.questions import questions
from territory.ui.strip import header
from territory.ui.text import plain

here = header("")
if here.asking:
    questions(here)
    st.stop()
project, plan, settings = here.project, here.plan, here.project.settings
case = current_case(here)
label = measure(case.main).label.lower()
worst = worst_deviation(case)

left, right = st.columns([13, 7], gap="large")
with left:
    units, territories = settings.word("units"), settings.word("territories")
    empty = plan.unassigned == project.units.n
    if plan.k and empty:
        st.title(f"{unit_words(project.units.n, settings)} belong to nobody yet", anchor=False)
    elif plan.k:
        count = min(3, plan.k)
        held = share(top_share(case, count))
        st.title(
            f"{count} of {plan.k} {territories} hold {held} of the {plain(label)}", anchor=False
        )
    else:
        st.title(f"This region has no {territories} yet", anchor=False)
    facts = [unit_words(project.units.n, settings)]
    if project.team:
        facts.append(f"{len(project.team)} {settings.word('reps')}")
    if project.accounts:
        facts.append(f"{len(project.accounts):,} accounts")
    if project.sales:
        facts.append(f"{len(project.sales.periods)} periods of sales")
    if not empty:
        whole = float(case.totals(case.main).sum())
        facts.append(f"{amount(whole, case.main, settings)} {label}")
    st.markdown(f"{plain(project.name)}: {plain(' · '.join(facts))}")

    figures = overview(case, HEADLINES)
    with st.grid(4, min_column_width=150, gap="small"):
        for metric in HEADLINES:
            st.metric(
                metric.label,
                figure(figures[metric.name], metric.format, settings),
                help=metric.help,
                border=True,
            )

    def ask() -> None:
        here.asking = True

    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Change the answers" if settings.asked else "Answer six questions",
            key="ask",
            type="secondary" if settings.asked else "primary",
            icon=":material/quiz:",
            on_click=ask,
        )
        st.caption(
            "What counts, how fair, who matters most: two minutes, and all of it is answered from "
            "the data already.",
            width="stretch",
        )
    st.subheader("What to do next", anchor=False)
    over, under = int((worst > settings.amber).sum()), int((worst < -settings.amber).sum())
    rep = settings.word("rep")
    uneven = f"{over} {settings.word('territories')} are far over target, {under} far under."
    steps = [
        ("Map", "See who owns what", f"Click or paint {units} from one {rep} to another."),
        ("Balance", "Let the engine draw a plan", f"{plan.k} {territories}, as even as you ask.")
        if empty
        else ("Balance", "Let the engine even it out", uneven)
        if over + under
        else ("Balance", "Try another balance", "All are within the band."),
        ("Performance", "Compare before and after", f"Potential, sales and workload per {rep}."),
        ("Handover", "Hand the plan over", "Excel workbook, plan file and map layers."),
    ]
    with st.grid(2, gap="small"):
        for page, title, text in steps:
            with st.container(border=True, gap="xsmall"):
                st.page_link(path_of(page), label=f"**{title}**", icon=":material/arrow_forward:")
                st.caption(text)

with right:
    plan_picture(plan, box=(460, 560))
    show_notes(project.notes)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.page_link(path_of("Data"), label="Load your own data", icon=":material/upload_file:")
        st.button(
            "Reset to sample",
            key="reset-sample",
            icon=":material/restart_alt:",
            help="Opens the sample afresh. What you have done stays saved.",
            on_click=lambda: session.act(session.open_sample),
        )
