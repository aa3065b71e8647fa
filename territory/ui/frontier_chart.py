"""Other trades between even, change and travel: a chart whose points are proposals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from territory.model import Settings, Workspace
from territory.model.figures import MILES, distance, share
from territory.ui import session
from territory.ui.charts import blank, palette
from territory.ui.progress_view import watch_job
from territory.ui.proposals import begin_frontier, run_of
from territory.ui.study import Study, study_of
from territory.ui.text import plain

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from territory.optimize import Frontier, Tradeoff

__all__ = ["chosen_point", "frontier_chart", "frontier_fold"]

KEY = "frontier"
ROOM = 1.2
"""Height of the chart over that of its highest point."""


def frontier_fold(here: Workspace, study: Study) -> None:
    """Folded away: a button that looks for other plans, and the chart of them."""
    with st.expander("What would other plans cost?", icon=":material/scatter_plot:", key="trades"):
        job = study.frontier
        if job is not None and not job.finished:
            watch_job(job, "Looking for other plans …", "cancel-frontier")
            return
        if job is not None and job.fault:
            st.error(plain(job.fault))
        elif job is not None and job.result is not None:
            _chart(here.project.settings, job.result)
        st.caption(
            "Seven plans or more: some more even, some with fewer changes, some with shorter ways. "
            "Each is the best of its kind; you choose what matters."
        )
        st.button(
            "Look for other plans" if job is None else "Look again",
            key="run-frontier",
            icon=":material/search:",
            disabled=study.running,
            on_click=lambda: session.act(_begin),
        )


def _begin() -> None:
    here = session.workspace()
    study = study_of(here)
    study.frontier = begin_frontier(here, study.wish)


def _chart(settings: Settings, found: Frontier) -> None:
    """The points; a click on one shows it as the proposal."""
    if not found.points:
        st.info("No other plan was found.")
        return
    st.plotly_chart(
        frontier_chart(found, settings),
        width="stretch",
        key=KEY,
        theme="streamlit",
        on_select=_show_point,
        selection_mode="points",
        config={"displayModeBar": False},
        alt="Plans by how much changes hands and how uneven they are",
    )


def frontier_chart(found: Frontier, settings: Settings) -> go.Figure:
    """Share that changes hands across, distance from target upwards, colour by travel."""
    ink = palette()
    figure = blank("Each point is a plan: click one to see it", 340)
    points = found.points
    scale = MILES if settings.distance == "mi" else 1.0
    top = ROOM * max(p.max_deviation for p in points)
    figure.add_scatter(
        x=[p.disruption for p in points],
        y=[p.max_deviation for p in points],
        mode="markers+text",
        text=[", ".join(p.labels) for p in points],
        textposition=["top center" if i % 2 else "bottom center" for i in range(len(points))],
        cliponaxis=False,
        marker={
            "size": 15,
            "color": [p.travel_km * scale for p in points],
            "colorscale": [[0, ink["under"]], [1, ink["over"]]],
            "line": {"color": ink["text"], "width": 1},
            "colorbar": {"title": f"ways, {settings.distance}", "thickness": 10, "outlinewidth": 0},
        },
        customdata=[_words(p, settings) for p in points],
        hovertemplate="%{customdata}<extra></extra>",
        unselected={"marker": {"opacity": 0.75}},
        showlegend=False,
    )
    if found.now is not None:
        # Today's plan is often so uneven that it would press all others to the ground.
        figure.add_annotation(
            x=found.now[1],
            y=min(found.now[0], top),
            text=f"today: {share(found.now[0])}" + (" ↑" if found.now[0] > top else ""),
            showarrow=False,
            xanchor="left",
            bgcolor=ink["band"],
        )
    figure.update_yaxes(range=[0, top])
    figure.update_xaxes(title="gets another rep", tickformat=".0%", rangemode="tozero")
    figure.update_yaxes(title="farthest from target", tickformat=".0%")
    return figure


def _words(point: Tradeoff, settings: Settings) -> str:
    """A point in words."""
    return (
        f"{share(point.max_deviation, 1)} from target at most<br>"
        f"{share(point.disruption, 1)} changes hands<br>ways {distance(point.travel_km, settings)}"
    )


def chosen_point(event: Any, found: Frontier) -> Tradeoff | None:
    """The plan that was clicked on; None where the click was taken back."""
    picked = event["selection"]["points"] if event else []
    return found.points[picked[0]["point_index"]] if picked else None


def _show_point() -> None:
    """Show the plan that was clicked on as the proposal."""
    here = session.workspace()
    study = study_of(here)
    found = study.frontier.result if study.frontier is not None else None
    point = chosen_point(st.session_state[KEY], found) if found is not None else None
    if point is not None:
        study.show(run_of(here, study.wish, point))
