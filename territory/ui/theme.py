"""The little that the theme in .streamlit/config.toml can't say."""

from __future__ import annotations

import streamlit as st

__all__ = ["finish_theme"]

STYLE = """<style>
  [data-testid="stApp"] [data-testid="stSliderThumbValue"] p,
  [data-testid="stApp"] button[data-selected="true"] p {
    color: light-dark(#1F6FB2, #7DB8EA);
  }
</style>"""
"""Streamlit writes on the primary colour in white, and in the primary colour on the page: no one
blue can be read both ways on a dark page, so what it writes on the page has the links' colour."""


def finish_theme() -> None:
    """Once a run, before anything is drawn."""
    st.html(STYLE)
