"""Fields whose value is set by code as well as by hand, and those that several pages share."""

from __future__ import annotations

import streamlit as st

__all__ = ["fill", "percent", "seed"]


def fill(key: str, value: object) -> None:
    """Set a field, whatever it holds; before it is drawn."""
    st.session_state[key] = value


def seed(key: str, value: object) -> None:
    """What a field begins with; a field that holds something keeps it."""
    if key not in st.session_state:
        fill(key, value)


def percent(
    label: str, low: int, high: int, value: float, key: str, *, sign: str = "±", help: str = ""
) -> float:
    """A slider for a share.

    Parameters
    ----------
    low, high
        Whole percents.
    value
        What it begins with, as a share.
    sign
        Stands before the figure.

    Returns
    -------
    The share chosen.
    """
    seed(key, min(high, max(low, round(value * 100))))
    chosen = st.slider(label, low, high, format=f"{sign}%d %%", key=key, help=help or None)
    return float(chosen) / 100
