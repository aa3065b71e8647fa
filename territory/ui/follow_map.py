"""The small map beside charts: what is picked in a chart shows here, and the other way round."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from territory.mapview.raster import Raster, paint
from territory.model import Workspace
from territory.model.figures import unit_words
from territory.ui import session
from territory.ui.charts import picked
from territory.ui.navigation import path_of
from territory.ui.pictures import in_page, is_dark, raster_of
from territory.ui.text import plain

if TYPE_CHECKING:
    import plotly.graph_objects as go

__all__ = ["follow_map", "pick_territory", "pick_unit"]

BOX = (300, 380)
REACH = 6
"""Pixels on screen between places that can be clicked: enough to hit any territory."""


def pick_territory(position: str) -> None:
    """Point a territory out, here and on the map page; a place that is nobody's changes nothing."""
    here = session.workspace()
    if position.isdigit() and int(position) < here.plan.k:
        here.active, here.pointed = int(position), ""


def pick_unit(unit_id: str) -> None:
    """Point a unit out with its territory; the map page goes to it."""
    here = session.workspace()
    at = here.plan.units.position.get(unit_id)
    if at is None:
        return
    here.pointed = unit_id
    if here.plan.alignment[at] >= 0:
        here.active = int(here.plan.alignment[at])


def follow_map(here: Workspace, key: str) -> None:
    """The plan in small with the active territory outlined; a click makes another one active."""
    plan = here.plan
    here.active = max(0, min(here.active, plan.k - 1))
    names = list(plan.territories["name"])
    with st.container(key=f"{key}-beside"):
        st.selectbox(
            here.project.settings.word("territory").capitalize(),
            range(plan.k),
            index=here.active,
            format_func=lambda i: names[i],
            key=f"{key}-territory-{here.active}",
            on_change=_from_list,
            args=(f"{key}-territory-{here.active}",),
        )
        raster = raster_of(plan.units, BOX)
        inside = plan.alignment == here.active
        unit = plan.units.ids == here.pointed
        # Beside a unit its territory is told by its colour, everything else being faint.
        changed = inside if unit.any() else None
        chosen = unit if unit.any() else inside
        png = paint(raster, plan, dark=is_dark(), changed=changed, chosen=chosen)
        st.plotly_chart(
            _figure(raster, png, plan.alignment),
            width="stretch",
            key=key,
            theme="streamlit",
            on_select=lambda: pick_territory(picked(key)),
            selection_mode="points",
            config={"displayModeBar": False},
            alt=f"Map with {here.pointed or names[here.active]} outlined",
        )
        words = unit_words(int(inside.sum()), here.project.settings)
        beside = f"{plain(here.pointed)} in " if here.pointed else ""
        st.caption(f"{beside}{plain(names[here.active])}: {words}. Click the map or a bar.")
        st.page_link(path_of("Map"), label="Show on the map", icon=":material/map:")


def _from_list(key: str) -> None:
    pick_territory(str(st.session_state[key]))


def _figure(raster: Raster, png: bytes, owner: np.ndarray) -> go.Figure:
    """The picture under invisible points that know whose ground they stand on."""
    import plotly.graph_objects as go

    height, width = raster.unit.shape
    y, x = (axis.ravel() for axis in np.mgrid[0 : height : 2 * REACH, 0 : width : 2 * REACH])
    unit = raster.unit[y, x]
    x, y, unit = (values[unit >= 0] for values in (x, y, unit))
    figure = go.Figure()
    figure.add_layout_image(
        source=in_page(png), xref="x", yref="y", x=0, y=0, sizex=width, sizey=height, layer="below"
    )
    figure.add_scatter(
        x=x,
        y=y,
        mode="markers",
        marker={"size": 2 * REACH, "opacity": 0},
        customdata=owner[unit].tolist(),
        hoverinfo="none",
        showlegend=False,
        selected={"marker": {"opacity": 0}},
        unselected={"marker": {"opacity": 0}},
    )
    figure.update_layout(
        height=BOX[1],
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        dragmode=False,
    )
    figure.update_xaxes(visible=False, range=[0, width], constrain="domain", fixedrange=True)
    figure.update_yaxes(
        visible=False, range=[height, 0], scaleanchor="x", constrain="domain", fixedrange=True
    )
    return figure
