"""Accounts as rows: find one, see whose it is, lock it with its rep."""

from __future__ import annotations

import zlib

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from territory.model import Workspace, account_reps, lock_accounts, unlock_accounts
from territory.ui import session
from territory.ui.text import plain

__all__ = ["account_table"]

SHOWN = 200
"""Rows sent to the browser at once; the search reaches the others."""


def account_table(here: Workspace) -> None:
    """Search, rows, Lock and Unlock."""
    accounts = here.project.accounts
    if accounts is None:
        st.info("This project has no accounts. Load a table of them on the Data page.")
        return
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    text = left.text_input("Find an account", key="account-search", placeholder="Name, id or unit")
    only = right.checkbox("Only locked", key="account-locked")
    found = _found(here, text, only)
    shown = found[:SHOWN]
    if not len(found):
        st.caption("No accounts match.")
        return
    st.caption(f"{len(found):,} found" + (f", {SHOWN} shown." if len(found) > SHOWN else "."))
    # Rows are chosen by number, so other accounts make another table.
    key = f"account-rows-{zlib.crc32(shown.tobytes()):08x}"
    st.dataframe(
        _rows(here, shown),
        key=key,
        on_select="rerun",
        selection_mode="multi-row",
        hide_index=True,
        height=310,
        row_height=30,
        column_config={"Locked": st.column_config.CheckboxColumn(width=60)},
    )

    def chosen() -> list[str]:
        rows = st.session_state[key]["selection"]["rows"]
        return [str(accounts.frame.index[shown[row]]) for row in rows if row < len(shown)]

    rep = here.project.settings.word("rep")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        for verb in ("Lock", "Unlock"):
            st.button(
                verb,
                key=f"account-{verb.lower()}",
                disabled=not chosen() or bool(here.read_only),
                on_click=lambda verb=verb: session.act(lambda: _change(verb, chosen())),
            )
        st.caption(f"A locked account keeps its {plain(rep)} wherever its unit goes.")


def _found(here: Workspace, text: str, only: bool) -> NDArray[np.int64]:
    """Rows of the accounts that match every word."""
    accounts = here.project.accounts
    assert accounts is not None
    frame = accounts.frame
    keep = np.ones(len(frame), bool)
    if only:
        keep &= frame.index.isin(here.plan.locks.accounts)
    words = text.lower().split()
    if words:
        said = frame.index.astype(str) + " " + frame["name"] + " " + frame["unit_id"]
        lower = pd.Series(said.to_numpy(object)).str.lower()
        for word in words:
            keep &= lower.str.contains(word, regex=False).to_numpy(bool)
    return np.flatnonzero(keep)


def _rows(here: Workspace, shown: NDArray[np.int64]) -> pd.DataFrame:
    """Name, unit, rep and lock of some accounts."""
    accounts, team = here.project.accounts, here.project.team
    assert accounts is not None
    part, settings = accounts.frame.iloc[shown], here.project.settings
    reps = account_reps(here.plan, accounts)[shown]
    names = [team.name(r) if team is not None and r else str(r) for r in reps]
    return pd.DataFrame(
        {
            "Account": [n or i for n, i in zip(part["name"], part.index, strict=True)],
            settings.word("unit"): part["unit_id"].to_numpy(object),
            settings.word("rep").capitalize(): names,
            "Locked": part.index.isin(here.plan.locks.accounts),
        }
    )


def _change(verb: str, ids: list[str]) -> None:
    """One undo entry."""
    here = session.workspace()
    accounts = here.project.accounts
    assert accounts is not None
    before = here.plan
    after = lock_accounts(before, accounts, ids) if verb == "Lock" else unlock_accounts(before, ids)
    count = len(after.locks.accounts ^ before.locks.accounts)
    if not count:
        here.notify("info", "Nothing to do.")
        return
    label = f"{verb} {count} account{'s' if count != 1 else ''}"
    here.change(label, after)
    here.notify("info", f"{label}. Undo takes it back.")
