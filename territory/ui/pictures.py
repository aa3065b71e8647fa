"""Small pictures of plans, drawn once a plan."""

from __future__ import annotations

import base64
import hashlib

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from territory.mapview.raster import Raster, paint, rasterise
from territory.mapview.thumbnail import thumbnail
from territory.model import Plan, Units

__all__ = ["SHARP", "in_page", "is_dark", "plan_picture", "plan_pixels", "raster_of"]

SHARP = 2
"""Pixels of a picture for each pixel on screen."""


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


@st.cache_resource(max_entries=8, show_spinner=False)
def _raster(fingerprint: str, box: tuple[int, int], _units: Units) -> Raster:
    return rasterise(_units, box)


def raster_of(units: Units, box: tuple[int, int]) -> Raster:
    """A region's pixels for a box on screen, kept by what it contains."""
    return _raster(units.fingerprint, (box[0] * SHARP, box[1] * SHARP), units)


def plan_pixels(
    plan: Plan,
    *,
    box: tuple[int, int],
    caption: str | None = None,
    changed: NDArray[np.bool_] | None = None,
    chosen: NDArray[np.bool_] | None = None,
) -> None:
    """Show a plan as pixels: quick for any number of units, so for pictures that change.

    Parameters
    ----------
    box
        Largest width and height on screen.
    changed, chosen
        (n,) units to outline, and to outline strongly.
    """
    raster = raster_of(plan.units, box)
    png = paint(raster, plan, dark=is_dark(), changed=changed, chosen=chosen)
    words = caption or f"Map of {plan.units.n:,} units in {plan.k} territories"
    st.image(in_page(png), caption=caption, alt=words, width=max(1, raster.size[0] // SHARP))


def in_page(png: bytes) -> str:
    """A picture as an address that holds it: Streamlit would make a file of it, and scale it."""
    return f"data:image/png;base64,{base64.b64encode(png).decode()}"
