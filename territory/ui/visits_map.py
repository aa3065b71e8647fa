"""A week's tours on the rep's territory: the order is drawn, without any map from elsewhere."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from territory.model import Plan
from territory.optimize.visit_result import Day, VisitPlan, clock
from territory.ui.charts import palette
from territory.ui.pictures import is_dark
from territory.ui.text import escape

if TYPE_CHECKING:
    import plotly.graph_objects as go

__all__ = ["day_colours", "visits_map"]

HEIGHT = 470
FINE = 1500
"""Outlines are simplified to such a part of what is shown: less is not seen at this size."""

LIGHT = ("#0072B2", "#D55E00", "#117733", "#AA4499", "#8B6F00")
DARK = ("#56B4E9", "#E69F00", "#5FC48A", "#DDA0D8", "#E8D44D")
"""Colours of Monday to Friday, told apart by colour-blind eyes too (Okabe & Ito, Tol)."""


def day_colours() -> Sequence[str]:
    """Monday to Friday."""
    return DARK if is_dark() else LIGHT


def visits_map(plan: Plan, visits: VisitPlan, days: Sequence[Day]) -> go.Figure:
    """Tours as straight lines from call to call, numbered in driving order; home as a diamond."""
    import plotly.graph_objects as go

    ink = palette()
    figure = go.Figure()
    low, high = _window(visits, days)
    fine = float((high - low).max()) / FINE
    _land(figure, plan, visits.rep_id, fine, (ink["grid"], ink["before"]))
    here = visits.home
    for day in days:
        tint = day_colours()[day.weekday % 5]
        points = [(stop.lon, stop.lat) for stop in day.stops]
        path = [visits.home if day.from_home else here, *points]
        path += [visits.home] if day.to_home else []
        here = points[-1]
        name = f"{day.day:%A}"
        figure.add_scatter(
            x=[p[0] for p in path],
            y=[p[1] for p in path],
            mode="lines",
            line={"color": tint, "width": 2},
            hoverinfo="skip",
            name=name,
            legendgroup=name,
        )
        figure.add_scatter(
            x=[p[0] for p in points],
            y=[p[1] for p in points],
            mode="markers+text",
            marker={"size": 19, "color": tint, "line": {"width": 1.5, "color": paper()}},
            text=[str(i) for i in range(1, len(points) + 1)],
            textfont={"size": 11, "color": paper()},
            customdata=[
                [escape(s.name), clock(s.arrive), clock(s.leave), escape(s.unit_id)]
                for s in day.stops
            ],
            hovertemplate=f"{name} %{{customdata[1]}}–%{{customdata[2]}}<br>%{{customdata[0]}}"
            "<br>%{customdata[3]}<extra></extra>",
            showlegend=False,
            legendgroup=name,
        )
    _home(figure, visits, ink["text"])
    _frame(figure, low, high)
    return figure


def paper() -> str:
    """What stands around the marks."""
    return "#12181F" if is_dark() else "#FFFFFF"


def _home(figure: go.Figure, visits: VisitPlan, colour: str) -> None:
    what = "home" if visits.home_known else "middle of the calls"
    figure.add_scatter(
        x=[visits.home[0]],
        y=[visits.home[1]],
        mode="markers",
        marker={
            "symbol": "diamond",
            "size": 17,
            "color": colour,
            "line": {"width": 1.5, "color": paper()},
        },
        name=what,
        hovertemplate=f"{what}<extra></extra>",
    )


def _land(
    figure: go.Figure, plan: Plan, rep_id: str, fine: float, colours: tuple[str, str]
) -> None:
    """The rep's units, quietly, as one trace; ``fine`` is in degrees."""
    fill, line = colours
    mine = (plan.territories["rep_id"] == rep_id).to_numpy()
    chosen = np.flatnonzero(np.append(mine, False)[plan.alignment])
    shapes = shapely.simplify(plan.units.geometry.to_numpy()[chosen], fine)
    rings = shapely.get_rings(shapely.get_parts(shapes))
    x: list[float | None] = []
    y: list[float | None] = []
    for ring in rings:
        xy = shapely.get_coordinates(ring).round(5)
        x += [*xy[:, 0].tolist(), None]
        y += [*xy[:, 1].tolist(), None]
    figure.add_scatter(
        x=x,
        y=y,
        mode="lines",
        line={"color": line, "width": 0.8},
        fill="toself",
        fillcolor=fill,
        hoverinfo="skip",
        showlegend=False,
    )


def _window(
    visits: VisitPlan, days: Sequence[Day]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """South-west and north-east corner of what the week drives through."""
    points = np.array([visits.home, *((s.lon, s.lat) for day in days for s in day.stops)])
    low, high = points.min(axis=0), points.max(axis=0)
    margin = np.maximum((high - low) * 0.08, 0.02)
    return low - margin, high + margin


def _frame(figure: go.Figure, low: NDArray[np.float64], high: NDArray[np.float64]) -> None:
    """Show this window, true to shape at its latitude."""
    figure.update_layout(
        height=HEIGHT,
        margin={"l": 0, "r": 0, "t": 0, "b": 30},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        dragmode="pan",
        hoverlabel={"align": "left"},
        legend={"orientation": "h", "x": 0, "y": 0, "yanchor": "top"},
        font={"color": palette()["text"]},
    )
    figure.update_xaxes(visible=False, range=[low[0], high[0]])
    figure.update_yaxes(
        visible=False,
        range=[low[1], high[1]],
        scaleanchor="x",
        scaleratio=1 / max(math.cos(math.radians(float(low[1] + high[1]) / 2)), 0.1),
    )
