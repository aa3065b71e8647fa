"""Segments on the Market page: what each is worth, how much is won, who is reached."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from territory.metrics.segment_table import account_segments, unit_segments
from territory.metrics.segments import account_kinds, unit_kinds
from territory.model.figures import share
from territory.ui.charts import show
from territory.ui.market_charts import won_and_open
from territory.ui.market_view import Panel, missing

__all__ = ["segments"]

SHOWN = 15


def segments(panel: Panel) -> None:
    """A way to divide, a chart of what the segments are worth, a table with coverage."""
    kinds = _kinds(panel)
    if not kinds:
        missing(
            "Segments need accounts with an industry, size or status, or units with columns to "
            "divide them by.",
            "Load accounts",
        )
        return
    side, kind = st.selectbox(
        "Segments by", list(kinds), format_func=kinds.__getitem__, key="market-segments"
    )
    if side == "accounts":
        table = account_segments(panel.case, kind, panel.scope)
    else:
        table = unit_segments(panel.case, kind, panel.scope, panel.potential)
    if table is None or table.empty:
        st.info("No account or place is left: clear a filter to see segments.")
        return
    _chart(panel, table)
    _table(panel, table)


def _kinds(panel: Panel) -> dict[tuple[str, str], str]:
    """(side, kind) → label, those of accounts first."""
    units = panel.settings.word("units")
    found = {("accounts", k): label for k, label in account_kinds(panel.case).items()}
    of_units = unit_kinds(panel.case).items()
    return found | {("units", k): f"{label} ({units})" for k, label in of_units}


def _chart(panel: Panel, table: pd.DataFrame) -> None:
    """Potential by segment, with what is won of it."""
    if "potential" not in table:
        missing(
            "What segments are worth needs accounts with a potential, or units with one.",
            "Load accounts",
        )
        return
    top = table.nlargest(SHOWN, "potential")
    first = top.iloc[0]
    title = f"{top.index[0]} holds {share(first['share'])} of the potential"
    if "penetration" in top:
        title += f"; {share(first['penetration'])} of it is won"
    texts = [
        f"potential {panel.money(row['potential'])}"
        + (f", {share(row['penetration'])} won" if "penetration" in row else "")
        for row in top.to_dict("records")
    ]
    names = [str(name) for name in top.index]
    won = top.get("sales")
    figure = won_and_open(title, names, names, won, top["potential"], texts, panel.axis)
    show(figure, "chart-segments", data=table.reset_index())


def _table(panel: Panel, table: pd.DataFrame) -> None:
    """The figures of each segment."""
    config, money = st.column_config, panel.in_money
    shown = {
        "segment": config.TextColumn("Segment", pinned=True),
        "units": config.NumberColumn(
            panel.settings.word("units"), format="localized", width="small"
        ),
        "accounts": config.NumberColumn("Accounts", format="localized", width="small"),
        "customers": config.NumberColumn("Customers", format="localized", width="small"),
        "prospects": config.NumberColumn("Prospects", format="localized", width="small"),
        "potential": config.NumberColumn(f"Potential{money}", format="compact", width="small"),
        "sales": config.NumberColumn(f"Sales{money}", format="compact", width="small"),
        "penetration": config.NumberColumn("Won", format="percent", width="small"),
        "coverage": config.NumberColumn(
            "Reached",
            width="small",
            format="percent",
            help="Share of the planned visits that reps have hours for.",
        ),
    }
    columns = table.round(2).reset_index()
    columns = columns[[name for name in shown if name in columns]]
    st.dataframe(
        columns, hide_index=True, column_config=shown, key="table-segments", height="content"
    )
