"""Small pictures of plans, drawn once a plan."""

from __future__ import annotations

import hashlib

import streamlit as st

from territory.mapview.thumbnail import thumbnail
from territory.model import Plan

__all__ = ["is_dark", "plan_picture"]


def is_dark() -> bool:
    """Does this reader see the dark theme?"""
    return st.context.theme.type == "dark"


@st.cache_data(max_entries=64, show_spinner=False)
def _svg(key: str, dark: bool, box: tuple[int, int], _plan: Plan) -> str:
    return thumbnail(_plan, dark=dark, box=box)


def plan_picture(
    plan: Plan, *, box: tuple[int, int], caption: str | None = None, alt: str = ""
) -> None:
    """Show a plan as a small picture that fits a box of pixels.

    Those who do not see it are told ``alt``, else the caption, else what such a picture is.

    The cache key is the content, so that one user's region is never another's picture.
    """
    digest = hashlib.sha256(plan.units.fingerprint.encode())
    digest.update(plan.alignment.tobytes())
    digest.update("".join(plan.territories["colour"]).encode())
    picture = _svg(digest.hexdigest(), is_dark(), box, plan)
    words = f"Map of {plan.units.n:,} units in {plan.k} territories"
    st.image(picture, caption=caption, alt=alt or caption or words, width="content")
