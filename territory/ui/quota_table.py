"""The table of quotas: each may be set by hand, the others share what is left."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from territory.advise.quotas import Quotas
from territory.export.text import table_csv
from territory.metrics.seasons import QUARTERS
from territory.model import Workspace

__all__ = ["by_hand", "quota_table"]

HAND = "Set by hand"


def quota_table(
    here: Workspace,
    found: Quotas,
    fixed: Mapping[str, float],
    version: int,
    take: Callable[[dict[str, float]], None],
) -> None:
    """Draw it; ``take`` is called with the quotas that are set by hand when they change."""
    settings, table = here.project.settings, found.table
    shown = pd.DataFrame(
        {
            settings.word("territory").capitalize(): table["name"].to_numpy(object),
            "Potential": table["potential"].to_numpy(),
            "Last year": table["sales"].to_numpy(),
            "Quota today": table["now"].to_numpy(),
            "New quota": table["quota"].to_numpy(),
            HAND: [fixed.get(t, np.nan) for t in table.index],
            "Change": table["change"].to_numpy(),
            "Potential / quota": table["potential_per_quota"].to_numpy(),
            **{q: table[q].to_numpy() for q in QUARTERS},
        }
    )
    empty = [c for c in shown.columns if c != HAND and shown[c].isna().all()]
    shown = shown.drop(columns=empty)
    money = st.column_config.NumberColumn(format="localized")
    key = f"quota-table-{version}"
    st.data_editor(
        shown,
        hide_index=True,
        disabled=[c for c in shown.columns if c != HAND],
        column_config={
            **{c: money for c in shown.columns if shown[c].dtype.kind == "f"},
            HAND: st.column_config.NumberColumn(
                min_value=0.0,
                format="localized",
                help="Fix a quota here; the others share what is left of the goal.",
            ),
            "Change": st.column_config.NumberColumn(format="percent"),
            "Potential / quota": st.column_config.NumberColumn(format="%.2f"),
        },
        placeholder="",
        key=key,
        on_change=lambda: take(by_hand(list(table.index), fixed, st.session_state[key])),
        alt="Quotas by territory; the column Set by hand can be edited",
    )
    st.download_button(
        "Quotas as CSV",
        lambda: table_csv(table.reset_index()),
        "quotas.csv",
        "text/csv",
        key="download-quotas",
        on_click="ignore",
        icon=":material/download:",
    )


def by_hand(
    ids: Sequence[str], fixed: Mapping[str, float], event: Mapping[str, Any]
) -> dict[str, float]:
    """territory_id → quota set by hand, after cells were filled in or emptied."""
    out = dict(fixed)
    for row, cells in event.get("edited_rows", {}).items():
        if HAND not in cells:
            continue
        value = cells[HAND]
        if value is None:
            out.pop(ids[int(row)], None)
        else:
            out[ids[int(row)]] = round(float(value), 2)
    return out
