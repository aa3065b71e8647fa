"""Charts of sales: won and lost, what may come, seasons, fairness. Numbers come in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from territory.metrics.forecast import Forecast
from territory.metrics.quota_test import Fairness
from territory.ui.charts import LEVEL, ROW, blank, ends, in_template, palette, time_axes
from territory.ui.text import escape

if TYPE_CHECKING:
    import plotly.graph_objects as go

__all__ = ["coming_quarters", "fairness_chart", "history_chart", "season_map", "won_and_lost"]


def won_and_lost(title: str, names: Sequence[str], won: pd.Series, lost: pd.Series) -> go.Figure:
    """New customers to the right, lost ones to the left; most in all on top."""
    ink = palette()
    net = (won - lost).fillna(0).to_numpy()
    order, note = ends(net)
    figure = blank(title, 90 + ROW * len(order), note)
    rows, labels = list(range(len(order))), [escape(names[i]) for i in order]
    custom = [[int(i), label] for i, label in zip(order, labels, strict=True)]
    for values, name, tint in ((won, "new", ink["under"]), (-lost, "lost", ink["over"])):
        figure.add_bar(
            y=rows,
            x=values.to_numpy()[order],
            orientation="h",
            marker_color=tint,
            name=name,
            customdata=custom,
            hovertemplate=f"%{{customdata[1]}}: %{{x}} {name}<extra></extra>",
            **LEVEL,
        )
    figure.update_layout(barmode="relative")
    figure.update_xaxes(title={"text": "customers", "standoff": 4}, zeroline=True)
    figure.update_yaxes(tickmode="array", tickvals=rows, ticktext=labels, showgrid=False)
    return figure


def history_chart(
    title: str, sold: pd.Series, before: pd.Series | None, plan: pd.Series | None, axis: str
) -> go.Figure:
    """Sales by period, as in the baseline beside it, and the quota's quarters after it.

    Parameters
    ----------
    sold, before, plan
        Amounts indexed by period.
    """
    ink = palette()
    figure = blank(title, 330)
    unit = in_template(axis)

    def line(values: pd.Series, name: str, **look: object) -> None:
        figure.add_scatter(
            x=[escape(period) for period in values.index],
            y=values.to_numpy(float),
            name=name,
            hovertemplate=f"%{{x}}: %{{y:.3~s}} {unit}<extra>{name}</extra>",
            **look,
        )

    if before is not None:
        dotted = {"color": ink["fine"], "dash": "dot"}
        line(before, "as in the baseline", mode="lines", line=dotted)
    line(sold, "as drawn now", mode="lines+markers", line={"color": ink["after"], "width": 2.5})
    if plan is not None:
        marks = {"color": ink["over"], "symbol": "line-ew-open", "size": 18, "line": {"width": 3}}
        line(plan, "quota", mode="markers", marker=marks)
    time_axes(figure, axis)
    return figure


def coming_quarters(
    title: str, periods: Sequence[str], sold: np.ndarray, level: np.ndarray, ahead: Forecast,
    axis: str,
) -> go.Figure:  # fmt: skip
    """What was sold, its level without seasons, and what may come with its interval."""
    ink = palette()
    figure = blank(title, 340)
    unit = in_template(axis)
    labels = [escape(p) for p in periods]
    figure.add_scatter(
        x=labels,
        y=level,
        mode="lines",
        name="level without seasons",
        line={"color": ink["fine"], "dash": "dot"},
        hovertemplate=f"%{{x}}: %{{y:.3~s}} {unit}<extra>level</extra>",
    )
    if len(ahead.middle) and np.isfinite(ahead.low).all():
        both = [*ahead.labels, *reversed(ahead.labels)]
        figure.add_scatter(
            x=both,
            y=[*ahead.high, *ahead.low[::-1]],
            fill="toself",
            mode="none",
            fillcolor=ink["band"],
            name="80 % interval",
            hoverinfo="skip",
        )
    figure.add_scatter(
        x=labels,
        y=sold,
        mode="lines+markers",
        name="sold",
        line={"color": ink["after"], "width": 2.5},
        hovertemplate=f"%{{x}}: %{{y:.3~s}} {unit}<extra>sold</extra>",
    )
    if len(ahead.middle):
        figure.add_scatter(
            x=[labels[-1], *ahead.labels],
            y=[sold[-1], *ahead.middle],
            mode="lines+markers",
            name="forecast",
            line={"color": ink["over"], "width": 2.5, "dash": "dash"},
            hovertemplate=f"%{{x}}: %{{y:.3~s}} {unit}<extra>forecast</extra>",
        )
    time_axes(figure, axis)
    order = [*labels, *ahead.labels]
    figure.update_xaxes(categoryorder="array", categoryarray=order)
    return figure


def season_map(title: str, names: Sequence[str], factors: np.ndarray) -> go.Figure:
    """A row a segment, a column a quarter: above an average quarter in orange, below in blue."""
    ink = palette()
    figure = blank(title, 90 + 28 * len(names))
    reach = max(0.2, float(np.abs(factors - 1).max(initial=0)))
    figure.add_heatmap(
        x=["Q1", "Q2", "Q3", "Q4"],
        y=list(range(len(names))),
        z=factors[::-1],
        zmid=1,
        zmin=1 - reach,
        zmax=1 + reach,
        colorscale=[[0, ink["under"]], [0.5, ink["middle"]], [1, ink["over"]]],
        text=[[f"{100 * f:.0f} %" for f in row] for row in factors[::-1]],
        texttemplate="%{text}",
        customdata=[[escape(n)] * 4 for n in names[::-1]],
        hovertemplate="%{customdata}, %{x}: %{text} of an average quarter<extra></extra>",
        showscale=False,
        xgap=2,
        ygap=2,
    )
    labels = [escape(n) for n in names[::-1]]
    figure.update_xaxes(showgrid=False)
    figure.update_yaxes(
        tickmode="array", tickvals=list(range(len(names))), ticktext=labels, showgrid=False
    )
    return figure


def fairness_chart(
    title: str, names: Sequence[str], now: Fairness, then: Fairness | None, axis: str
) -> go.Figure:
    """Attainment against size: a cloud without slope is fair. Today's quotas are hollow."""
    ink = palette()
    figure = blank(title, 340)
    if then is not None:
        figure.add_scatter(
            x=then.table["potential"],
            y=then.table["attainment"],
            mode="markers",
            name="today's quotas",
            marker={"color": ink["fine"], "symbol": "circle-open", "size": 9},
            customdata=[[i, escape(n)] for i, n in enumerate(names)],
            hovertemplate="%{customdata[1]} today: %{y:.0%}<extra></extra>",
            **LEVEL,
        )
    x = now.table["potential"].to_numpy(float)
    y = now.table["attainment"].to_numpy(float)
    known = np.isfinite(x) & np.isfinite(y)
    if np.isfinite(now.correlation):
        slope, base = np.polyfit(x[known], y[known], 1)
        ends_of = np.array([x[known].min(), x[known].max()])
        figure.add_scatter(
            x=ends_of,
            y=base + slope * ends_of,
            mode="lines",
            line={"color": ink["over"], "width": 1.5},
            name="slope",
            hoverinfo="skip",
        )
    figure.add_scatter(
        x=x,
        y=y,
        mode="markers",
        name="these quotas",
        marker={"color": ink["after"], "size": 9},
        customdata=[[i, escape(n)] for i, n in enumerate(names)],
        hovertemplate="%{customdata[1]}: %{y:.0%} of quota, %{x:.3~s}<extra></extra>",
        **LEVEL,
    )
    figure.update_layout(
        legend={"x": 0, "xanchor": "left", "y": -0.2, "yanchor": "top"}, margin={"b": 40}
    )
    figure.update_xaxes(title={"text": escape(axis), "standoff": 4}, tickformat=".3~s")
    figure.update_yaxes(
        title={"text": "last year's sales / quota", "standoff": 4},
        tickformat=".0%",
        rangemode="tozero",
    )
    return figure
