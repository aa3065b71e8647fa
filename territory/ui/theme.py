"""The little that the theme in .streamlit/config.toml can't say."""

from __future__ import annotations

import streamlit as st

__all__ = ["finish_theme"]

STYLE = """<style>
  [data-testid="stApp"] [data-testid="stSliderThumbValue"] p,
  [data-testid="stApp"] button[data-selected="true"] p,
  [data-testid="stApp"] [role="tab"][aria-selected="true"] p {
    color: light-dark(#1F6FB2, #7DB8EA);
  }
  [data-testid="stApp"] a:focus-visible,
  [data-testid="stElementToolbarButton"] button:focus-visible {
    outline: 2px solid light-dark(#1F6FB2, #7DB8EA); outline-offset: 2px;
  }
</style>"""
"""Streamlit writes on the primary colour in white, and in the primary colour on the page: no one
blue can be read both ways on a dark page, so what it writes on the page has the links' colour. Its
links and the small buttons over tables do not show that they have the focus."""


def finish_theme() -> None:
    """Once a run, before anything is drawn."""
    st.html(STYLE)
