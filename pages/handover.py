"""Handover: what is ready, what is missing, and the files for everyone else."""

from __future__ import annotations

import streamlit as st

from territory.export import EXPORTS
from territory.metrics import HEADLINES, changed_units, noncontiguous, outside, overview
from territory.ui.case import current_case
from territory.ui.format import figure, unit_words
from territory.ui.navigation import path_of
from territory.ui.pictures import plan_picture
from territory.ui.strip import header

here = header("Handover", "The plan for the people who did not draw it.")
project, plan, settings = here.project, here.plan, here.project.settings
case = current_case(here)

pieces, loose = int(noncontiguous(case)), plan.unassigned
off = outside(case)
moved = int(changed_units(plan, here.baseline, case.main).sum())
band = f"±{settings.amber * 100:.0f} %"
words = {name: settings.word(name) for name in ("units", "territory", "territories", "reps")}
checks = [
    (
        not loose,
        f"All {words['units']} are assigned",
        f"{unit_words(loose, settings)} left over",
        "Map",
    ),
    (
        not pieces,
        f"Every {words['territory']} is one piece",
        f"{pieces} {words['territories']} in pieces",
        "Map",
    ),
    (
        not off,
        f"All within {band}",
        f"{off} {words['territories']} outside {band}",
        "Balance",
    ),
    (
        project.team is not None,
        f"The {words['reps']} are known",
        "No team is loaded: nobody owns anything",
        "Data",
    ),
]
left, right = st.columns([2, 3], gap="large")
with left:
    st.subheader("Before you send it", anchor=False)
    for ready, good, bad, page in checks:
        icon = ":material/check_circle:" if ready else ":material/error:"
        st.page_link(path_of(page), label=good if ready else f"**{bad}**", icon=icon)
    st.subheader("Download", anchor=False)
    st.caption(f"{unit_words(moved, settings)} changed hands against the baseline.")
    for i, (name, export) in enumerate(EXPORTS.items()):
        st.download_button(
            export.label,
            # Made when pressed: a page that is only looked at builds no workbook.
            data=lambda make=export.make: make(project, plan, here.baseline),
            file_name=f"territory-plan{export.suffix}",
            mime=export.mime,
            key=f"download-{name}",
            icon=":material/download:",
            type="primary" if i == 0 else "secondary",
            width="stretch",
            on_click="ignore",
        )
with right:
    plan_picture(plan, box=(720, 430))
    figures = overview(case, HEADLINES)
    with st.grid(4, min_column_width=120, gap="small"):
        for metric in HEADLINES:
            value = figure(figures[metric.name], metric.format, settings)
            st.metric(metric.label, value, help=metric.help, border=True)
