"""An edited workbook comes back: what it changes, and a button that takes it over."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from territory.errors import InputError, PlanError
from territory.export.plan_files import read_back
from territory.metrics import flows, max_deviation
from territory.model import Plan, Workspace, measure
from territory.model.figures import amount, share, unit_words
from territory.ui import session
from territory.ui.case import case_of, current_case
from territory.ui.text import plain

__all__ = ["bring_back"]


def bring_back(here: Workspace) -> None:
    """Upload, look at the difference, take it or leave it."""
    settings = here.project.settings
    st.caption(
        f"Change *Territory ID* on the sheet Units, save, and drop the file here. It is compared "
        f"with the plan as it is now; {plain(settings.word('units'))} without an ID are nobody's."
    )
    file = st.file_uploader(
        "Edited workbook or plan file", type=["xlsx", "csv"], key="bring-back",
        label_visibility="collapsed",
    )  # fmt: skip
    if file is None:
        return
    try:
        plan = read_back(here.plan, (file.name, file.getvalue()))
    except (InputError, PlanError) as fault:
        st.error(f"{plain(str(fault))}  \nYour plan is unchanged.", icon=":material/error:")
        return
    count = int((plan.alignment != here.plan.alignment).sum())
    if not count:
        st.info("The file says what the plan says already.", icon=":material/info:")
        return
    main = current_case(here).main
    before, after = (share(max_deviation(c)) for c in (current_case(here), case_of(here, plan)))
    st.markdown(f"**{unit_words(count, settings)} move.** Largest deviation {before} → {after}.")
    table = flows(plan, here.plan, main)
    st.dataframe(
        pd.DataFrame(
            {
                "From": table["giver"].replace("", "nobody"),
                "To": table["taker"].replace("", "nobody"),
                settings.word("units"): table["units"],
                measure(main).label: [amount(a, main, settings) for a in table["amount"]],
            }
        ),
        hide_index=True,
        width="stretch",
    )
    st.button(
        "Take these changes", type="primary", key="take-back", disabled=bool(here.read_only),
        help=here.read_only or "One step that can be undone.",
        on_click=lambda: session.act(lambda: _take(plan)),
    )  # fmt: skip


def _take(plan: Plan) -> None:
    session.workspace().change("Edited workbook", plan)
