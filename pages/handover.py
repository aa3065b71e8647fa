"""Handover: what is ready, what is missing, and the files for everyone else."""

from __future__ import annotations

import streamlit as st

from territory.export import EXPORTS
from territory.ui.bring_back import bring_back
from territory.ui.handover_checks import checks_of
from territory.ui.handover_desk import ask, kit_of, preview, send
from territory.ui.navigation import path_of
from territory.ui.strip import header

here = header("Handover", "The plan for the people who did not draw it.")
project, plan, baseline = here.project, here.plan, here.baseline

left, right = st.columns([2, 3], gap="large")
with left:
    st.subheader("Before you send it", anchor=False)
    with st.container(gap="xxsmall"):
        for check in checks_of(here, kit_of(here).handed):
            unready = ":material/info:" if check.optional else ":material/error:"
            icon = ":material/check_circle:" if check.ready else unready
            strong = not (check.ready or check.optional)
            st.page_link(
                path_of(check.page),
                label=f"**{check.text}**" if strong else check.text,
                icon=icon,
            )
    st.subheader("Hand it over", anchor=False)
    choice = ask(here)
    kit = kit_of(here, choice)
    send(here, choice)
    with st.expander("Single files", icon=":material/description:", expanded=True):
        for name, export in EXPORTS.items():
            st.download_button(
                export.label,
                # Made when pressed: a page that is only looked at builds no workbook.
                data=kit.workbook
                if name == "xlsx"
                else lambda make=export.make: make(project, plan, baseline),
                file_name=f"territory-plan{export.suffix}",
                mime=export.mime,
                key=f"download-{name}",
                icon=":material/download:",
                width="stretch",
                on_click="ignore",
            )
    with st.expander("Bring an edited workbook back", icon=":material/upload_file:"):
        bring_back(here)
with right:
    preview(here, choice)
