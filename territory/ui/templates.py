"""Empty tables to download and fill in."""

from __future__ import annotations

from functools import partial

import streamlit as st

from territory.export.templates import TEMPLATES, template
from territory.model import Units

__all__ = ["template_buttons"]


def template_buttons(units: Units) -> None:
    """One button a table; each file names places of the region that is open."""
    with st.expander("Nothing at hand? Tables to fill in", icon=":material/table:"):
        st.caption("Excel files with three example rows. Replace those, then load the file above.")
        with st.container(horizontal=True, gap="small"):
            for name, entry in TEMPLATES.items():
                st.download_button(
                    entry.label,
                    data=partial(template, name, units),
                    file_name=f"{name}.xlsx",
                    key=f"template-{name}",
                    on_click="ignore",
                )
