"""Ferries on the Data page: which links over water count, one by one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import streamlit as st

from territory.model import Ferry, Workspace, close_ferry, ferries, noncontiguous, open_ferry
from territory.model.figures import MILES
from territory.ui import session
from territory.ui.text import plain

__all__ = ["ferry_list"]

TOWN = ("city", "town", "name")
"""Columns of which the first there is says where an area lies."""


def ferry_list(here: Workspace) -> None:
    """The ferries of the region, to be chosen and closed or opened; nothing without any."""
    found = ferries(here.project.units)
    if not found:
        return
    closed = sum(not f.open for f in found)
    said = f"Ferries ({len(found)})" + (f", {closed} closed" if closed else "")
    # Its title changes with what is closed, which makes another fold of it: that one stays open.
    with st.expander(said, expanded=closed > 0, icon=":material/directions_boat:"):
        units, territory = (plain(here.project.settings.word(w)) for w in ("units", "territory"))
        st.caption(
            f"Links over water, or over a gap in the data, between {units} that share no border. "
            f"Close one where no {territory} may hang together by it. The map shows them as "
            "dashed lines."
        )
        # Rows are chosen by number, so other ferries make another table.
        key = f"ferries-{here.project.units.fingerprint[:8]}"
        chosen = st.dataframe(
            _rows(here, found),
            key=key,
            on_select="rerun",
            selection_mode="multi-row",
            hide_index=True,
            row_height=30,
        )["selection"]["rows"]
        picked = [found[row] for row in chosen if row < len(found)]
        with st.container(horizontal=True, gap="small"):
            for label, name, state in (("Close", "close", True), ("Open again", "open", False)):
                mine = [f for f in picked if f.open is state]
                st.button(
                    label,
                    key=f"{name}-ferries",
                    disabled=not mine or bool(here.read_only),
                    on_click=lambda mine=mine: session.act(lambda: _turn(mine)),
                )


def _rows(here: Workspace, found: tuple[Ferry, ...]) -> pd.DataFrame:
    units, plan = here.project.units, here.plan
    town = next((c for c in TOWN if c in units.attributes), None)
    names = [*plan.territories["name"].astype(str), "nobody"]

    def place(unit: str) -> str:
        where = "" if town is None else str(units.attributes[town].fillna("")[unit])
        return f"{unit} {where}".strip()

    def owners(ferry: Ferry) -> str:
        both = [names[plan.alignment[units.position[u]]] for u in (ferry.a, ferry.b)]
        return " – ".join(dict.fromkeys(both))

    settings = here.project.settings
    scale = MILES if settings.distance == "mi" else 1.0
    return pd.DataFrame(
        {
            "From": [place(f.a) for f in found],
            "To": [place(f.b) for f in found],
            f"Across ({settings.distance})": [round(f.km * scale, 1) for f in found],
            settings.word("territory").capitalize(): [owners(f) for f in found],
            "Counts": ["yes" if f.open else "closed" for f in found],
        }
    )


def _turn(chosen: list[Ferry]) -> None:
    """Close what counts, open what is closed, for every scenario of the project."""
    here = session.workspace()
    units = here.project.units
    for ferry in chosen:
        units = (close_ferry if ferry.open else open_ferry)(units, ferry.a, ferry.b)
    session.save_project(replace(here.project, units=units))
    here = session.workspace()
    ends = ", ".join(f"{f.a} – {f.b}" for f in chosen[:3]) + (" …" if len(chosen) > 3 else "")
    verb = "Closed" if chosen[0].open else "Open again"
    plan = here.plan
    apart = noncontiguous(plan.units.graph, plan.alignment, plan.k)
    names = ", ".join(plan.territories["name"].iloc[np.asarray(apart[:3])].astype(str))
    now = f" In more than one piece now: {names}" + (" …" if len(apart) > 3 else ".")
    undo = " Open it again below the list." if chosen[0].open else ""
    here.notify("info", f"{verb}: {ends}.{now if len(apart) else ''}{undo}")
