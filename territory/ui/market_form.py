"""What potential is estimated by: chosen on the Market page and in Settings."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import streamlit as st

from territory.metrics import Potential
from territory.metrics.potential import COMPONENTS, market_weights
from territory.model import Market, Workspace
from territory.ui import session
from territory.ui.text import plain

__all__ = ["market_form", "potential_source"]

MODELS: dict[Literal["auto", "own", "index", "learned"], str] = {
    "auto": "Automatic",
    "own": "My own column",
    "index": "Buying-power index",
    "learned": "Learned from my sales",
}
RANKS: list[Literal["potential", "revenue"]] = ["potential", "revenue"]


def potential_source(here: Workspace, estimate: Potential | None) -> None:
    """One line that says what the potential is, and the fields to change it."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.space("stretch")
        if estimate is not None:
            st.caption(plain(_words(estimate)), width="content")
        with st.popover("Potential", icon=":material/tune:", key="potential-source"):
            market = market_fields(here.project.settings.market, "market")
            if st.button("Save", key="save-market", type="primary", disabled=bool(here.read_only)):
                session.act(lambda: _save(here, market))
                st.rerun()


def _words(estimate: Potential) -> str:
    """Where the potential comes from, and what the whole of it is where that had to be found."""
    if estimate.kind != "index":
        return estimate.why
    return f"{estimate.why} The whole market: {estimate.size}."


def _save(here: Workspace, market: Market) -> None:
    session.save_settings(replace(here.project.settings, market=market))


def market_form(here: Workspace) -> None:
    """The same fields in Settings."""
    with st.form("market", border=True):
        st.subheader("Market", anchor=False)
        market = market_fields(here.project.settings.market, "set-market")
        saved = st.form_submit_button("Save", type="primary", key="save-market")
    if saved:
        _save(here, market)
        here.notify("info", "Saved.")
        st.rerun()


def market_fields(market: Market, prefix: str) -> Market:
    """Fields for the estimate, the weights, the market's size and the classes; what they say."""
    model = st.selectbox(
        "Potential comes from",
        list(MODELS),
        index=list(MODELS).index(market.model) if market.model in MODELS else 0,
        format_func=MODELS.__getitem__,
        key=f"{prefix}-model",
        help="Automatic: what was learned from your sales where you took it over, else your own "
        "column potential, else the index.",
    )
    st.caption("Weights of the buying-power index")
    weights = market_weights(market)
    columns = st.columns(3)
    asked = {}
    for column, (name, label) in zip(columns, COMPONENTS.items(), strict=True):
        percent, key = round(100 * weights[name]), f"{prefix}-{name}"
        asked[name] = column.number_input(f"{label}, %", 0, 100, percent, 5, key=key) / 100
    total = st.number_input(
        "Size of the market in a year (0: from the data)",
        min_value=0.0,
        value=float(market.total),
        step=1e6,
        format="%.0f",
        key=f"{prefix}-total",
    )
    st.caption("A/B/C classes of accounts: A hold the first part, A and B the second")
    by, a, b = st.columns(3)
    class_by = by.selectbox(
        "Ranked by",
        RANKS,
        index=int(market.class_by == "revenue"),
        key=f"{prefix}-class-by",
    )
    first = a.number_input("A up to, %", 1, 99, round(100 * market.class_a), key=f"{prefix}-a")
    second = b.number_input("B up to, %", 1, 100, round(100 * market.class_b), key=f"{prefix}-b")
    return replace(
        market, model=model, weights=asked, total=float(total), class_by=class_by,
        class_a=first / 100, class_b=max(first, second) / 100,
    )  # fmt: skip
