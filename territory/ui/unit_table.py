"""The table path: filter units, choose rows, assign, unassign, lock. No mouse needed."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from territory.model import UNASSIGNED, Plan, Workspace, measure
from territory.model import operations as op
from territory.model.figures import amount, unit_words
from territory.ui import session
from territory.ui.case import current_case
from territory.ui.map_panel import shown_measures, territory_table
from territory.ui.territories import territory_labels
from territory.ui.text import plain
from territory.ui.unit_rows import Filter, find, labels_of, read_ids, rows

__all__ = ["totals", "unit_table"]

SHOWN = 300
"""Rows sent to the browser at once; narrowing the filter reaches the others."""

ANY, NONE = "", " "
"""Choices beside the territories; no territory has such an id."""
TARGET = "table-target"
LOCKS = {"All": None, "Locked": True, "Not locked": False}


def unit_table(here: Workspace) -> None:
    """Filters, rows and what can be done to those chosen."""
    plan, settings = here.plan, here.project.settings
    found = find(plan, _filters(here))
    if not len(found):
        st.info(f"No {plain(settings.word('units'))} match. Clear a filter to see more.")
        return
    shown = found[:SHOWN]
    # Rows are chosen by number, so other units make another table.
    stamp = f"{zlib.crc32(found.tobytes()):08x}"
    rows_key, all_key = f"unit-rows-{stamp}", f"table-all-{stamp}"
    _table(here, shown, rows_key)
    every = f"All {unit_words(len(found), settings)} found"
    more = f" The first {SHOWN:,} are shown." if len(found) > SHOWN else ""
    left, right = st.columns([3, 2], vertical_alignment="center")
    left.caption(f"{plain(unit_words(len(found), settings))} found.{more}")
    with right.container(key="table-all"):
        st.checkbox(plain(every), key=all_key)

    def chosen() -> NDArray[np.int64]:
        # Asked again by a button: the last row may have been chosen in the same moment.
        if st.session_state.get(all_key):
            return found
        rows = st.session_state[rows_key]["selection"]["rows"]
        return shown[[row for row in rows if row < len(shown)]]

    _actions(here, chosen)


def totals(here: Workspace) -> None:
    """All territories with their deviation, to watch while assigning."""
    settings = here.project.settings
    config = st.column_config
    st.dataframe(
        territory_table(current_case(here)),
        key="table-totals",
        hide_index=True,
        height=520,
        row_height=30,
        column_config={
            "#": config.NumberColumn(width=28),
            "name": config.TextColumn(settings.word("territory").capitalize()),
            "units": config.NumberColumn(settings.word("units"), width=60),
            "off": config.NumberColumn("Off target", format="%+d %%", width=80),
        },
    )


def _filters(here: Workspace) -> Filter:
    """What the widgets above the table ask for."""
    plan, settings = here.plan, here.project.settings
    labels = {ANY: "Any", NONE: "Unassigned", **territory_labels(plan)}
    search, owner, locks = st.columns([4, 4, 3])
    hints = labels_of(plan.units)[:2]
    text = search.text_input("Find", key="table-search", placeholder=", ".join(["Id", *hints]))
    territory = owner.selectbox(
        settings.word("territory").capitalize(),
        list(labels),
        format_func=lambda t: labels.get(t, t),
        key="table-territory",
    )
    state = locks.selectbox("Locks", list(LOCKS), key="table-locks")
    with st.expander(f"Paste a list of {plain(settings.word('units'))}"):
        pasted = st.text_area(
            "Ids, with commas, blanks or line breaks between them", key="table-paste", height=80
        )
        known, unknown = read_ids(pasted, plan.units)
        if unknown:
            named = ", ".join(unknown[:5]) + (" …" if len(unknown) > 5 else "")
            st.warning(f"{len(unknown)} not in this region: {plain(named)}")
    where = {ANY: None, NONE: UNASSIGNED}
    return Filter(
        text,
        where[territory] if territory in where else plan.position_of(territory),
        LOCKS[state],
        known if pasted.strip() else None,
    )


def _table(here: Workspace, shown: NDArray[np.int64], key: str) -> None:
    """Draw the rows; the browser keeps what is chosen under the key."""
    case, settings = current_case(here), here.project.settings
    measures = shown_measures(case)[:3]
    table = rows(case, shown, measures)
    config = st.column_config
    columns: dict[str, Any] = {
        "id": config.TextColumn(settings.word("unit"), pinned=True),
        "territory": config.TextColumn(settings.word("territory").capitalize()),
        "locked": config.CheckboxColumn("Locked"),
    }
    columns |= {name: config.TextColumn(name.capitalize()) for name in labels_of(here.plan.units)}
    columns |= {m: config.NumberColumn(measure(m).label, format="localized") for m in measures}
    with st.container(key="unit-rows"):
        st.dataframe(
            table,
            key=key,
            on_select="rerun",
            selection_mode="multi-row",
            hide_index=True,
            height=310,
            row_height=30,
            column_config=columns,
        )


def _actions(here: Workspace, choice: Callable[[], NDArray[np.int64]]) -> None:
    """What the chosen units add up to, and the buttons."""
    plan, settings, chosen = here.plan, here.project.settings, choice()
    counted, none = unit_words(len(chosen), settings), not len(chosen)

    def ids() -> NDArray[np.object_]:
        return plan.units.ids[choice()]

    if none:
        st.caption("Choose rows: arrow keys to go there, Shift and Space to choose.")
    else:
        sums = [
            f"{amount(float(plan.units.values(m)[chosen].sum()), m, settings)} "
            f"{measure(m).label.lower()}"
            for m in shown_measures(current_case(here))[:3]
        ]
        st.caption(plain(f"{counted} chosen: {', '.join(sums)}"))
    labels = territory_labels(plan)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        to = st.selectbox(
            "Assign to",
            list(labels),
            index=min(here.active, len(labels) - 1) if labels else None,
            format_func=lambda t: labels.get(t, t),
            key=TARGET,
        )
        off = none or to is None
        _button("Assign", off, lambda: _assign(ids(), st.session_state[TARGET]), primary=True)
        _button("Unassign", none, lambda: _assign(ids(), None))
        _button("Lock", none, lambda: _lock("Lock", ids(), op.lock_units))
        _button("Unlock", none, lambda: _lock("Unlock", ids(), op.unlock_units))
        # Here too, since the strip's own is a long way back by key.
        _button("Undo", not here.history.can_undo, lambda: session.workspace().undo())


def _button(label: str, off: bool, do: Callable[[], None], *, primary: bool = False) -> None:
    st.button(
        label,
        key=f"table-{label.lower()}",
        type="primary" if primary else "secondary",
        disabled=off,
        on_click=lambda: session.act(do),
    )


def _assign(ids: NDArray[np.object_], to: str | None) -> None:
    """One undo entry; refused as a whole where something is locked."""
    here = session.workspace()
    after = here.plan.move(ids, to)
    moved = np.flatnonzero(after.alignment != here.plan.alignment)
    target = "unassigned" if to is None else territory_labels(after)[to]
    if not len(moved):
        here.notify("info", f"Nothing to do: they are {target} already.")
        return
    first = str(after.units.ids[moved[0]])
    what = first if len(moved) == 1 else unit_words(len(moved), here.project.settings)
    here.change(f"{what} to {target}", after)
    here.notify("info", f"{what} to {target}. Undo takes it back.")


def _lock(
    verb: str, ids: NDArray[np.object_], change: Callable[[Plan, Iterable[str]], Plan]
) -> None:
    """One undo entry; says so where units stay locked with their territory."""
    here = session.workspace()
    label = f"{verb} {unit_words(len(ids), here.project.settings)}"
    after = change(here.plan, ids)
    if after.locks == here.plan.locks:
        stay = verb == "Unlock" and after.locked_units[after.units.positions(ids)].any()
        shut = " They are locked with their territory." if stay else ""
        here.notify("info", f"Nothing to do.{shut}")
        return
    here.change(label, after)
    here.notify("info", f"{label}. Undo takes it back.")
