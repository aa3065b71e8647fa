"""What a proposal changes, on a map that can be zoomed: numbers stand where the moves are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from territory.mapview.raster import Raster, paint
from territory.model import Plan
from territory.ui import session
from territory.ui.move_list import LISTED
from territory.ui.pictures import in_page, is_dark, raster_of
from territory.ui.study import study_of
from territory.ui.text import escape

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from territory.optimize import Changes

__all__ = ["BOX", "VIEWS", "clicked_group", "diff_map"]

BOX = (520, 520)
VIEWS = {"changes": "Changes", "before": "Before", "after": "After"}
KEY = "diff-map"
MARK = 17
"""Diameter of a numbered mark, pixels."""


def diff_map(
    before: Plan, after: Plan, changes: Changes | None, left_out: set[str], group: str
) -> None:
    """Draw it; a click on a number points its block out.

    Parameters
    ----------
    left_out
        Blocks that shall not be made: they are drawn as they were.
    group
        The block to point out.
    """
    view = st.segmented_control(
        "Show",
        list(VIEWS),
        format_func=VIEWS.__getitem__,
        default="changes",
        required=True,
        key="diff-view",
        label_visibility="collapsed",
    )
    shown = before if view == "before" else after
    raster = raster_of(after.units, BOX)
    changed = before.alignment != after.alignment if view == "changes" else None
    chosen = None
    marks: list[tuple[str, str, float, float, bool]] = []
    if changes is not None and view == "changes":
        chosen = np.zeros(after.units.n, bool)
        for number, one in enumerate(changes.groups[:LISTED], 1):
            x, y = raster.places[one.units].mean(axis=0)
            nearest = one.units[np.hypot(*(raster.places[one.units] - (x, y)).T).argmin()]
            text = f"<b>{number}. {escape(one.title())}</b><br>{escape(one.why)}"
            marks.append((one.key, text, *raster.places[nearest], one.key in left_out))
            chosen[one.units] |= one.key == group
    png = paint(raster, shown, dark=is_dark(), changed=changed, chosen=chosen)
    st.plotly_chart(
        _figure(raster, png, marks, group),
        width="stretch",
        key=KEY,
        theme="streamlit",
        on_select=_point_out,
        selection_mode="points",
        config={"displayModeBar": False, "scrollZoom": True},
        alt="Map of what the proposal changes",
    )


def _point_out() -> None:
    """A number was clicked, or the click taken back."""
    study_of(session.workspace()).group = clicked_group(st.session_state[KEY])


def clicked_group(event: Any) -> str:
    """Key of the block in a selection of points; "" where nothing was selected."""
    points = event["selection"]["points"] if event else []
    return str(points[0]["customdata"][0]) if points else ""


def _figure(
    raster: Raster, png: bytes, marks: list[tuple[str, str, float, float, bool]], group: str
) -> go.Figure:
    """The picture with numbered marks on it."""
    import plotly.graph_objects as go

    width, height = raster.size
    ink, paper = ("#E6EBF0", "#12181F") if is_dark() else ("#1C2733", "#FFFFFF")
    figure = go.Figure()
    figure.add_layout_image(
        source=in_page(png), xref="x", yref="y", x=0, y=0, sizex=width, sizey=height, layer="below"
    )
    figure.add_scatter(
        x=[mark[2] for mark in marks],
        y=[mark[3] for mark in marks],
        mode="markers+text",
        text=[str(i) for i in range(1, len(marks) + 1)],
        textfont={"size": 10, "color": [paper if mark[0] != group else ink for mark in marks]},
        marker={
            "size": [MARK + 5 * (mark[0] == group) for mark in marks],
            "color": [ink if mark[0] != group else paper for mark in marks],
            "opacity": [0.35 if mark[4] else 0.88 for mark in marks],
            "line": {"color": [paper if mark[0] != group else ink for mark in marks], "width": 1},
        },
        customdata=[[mark[0], mark[1]] for mark in marks],
        hovertemplate="%{customdata[1]}<extra></extra>",
        showlegend=False,
        selected={"marker": {"opacity": 0.88}},
        unselected={"marker": {"opacity": 0.88}},
    )
    figure.update_layout(
        height=BOX[1],
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        dragmode="pan",
        hoverlabel={"align": "left"},
    )
    figure.update_xaxes(visible=False, range=[0, width], constrain="domain")
    figure.update_yaxes(visible=False, range=[height, 0], scaleanchor="x", constrain="domain")
    return figure
