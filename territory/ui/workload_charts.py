"""Charts of a rep's year: hours by kind against what there is, and shares of driving."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from territory.ui.charts import LEVEL, ROW, blank, palette
from territory.ui.text import escape

if TYPE_CHECKING:
    import plotly.graph_objects as go

__all__ = ["KINDS", "hours_chart", "kind_colours"]

KINDS = {
    "visit_hours": "visits",
    "driving_hours": "driving",
    "night_hours": "nights away",
    "office_hours": "office",
}
"""Columns of the workload table that make up a year, and what they are called."""

BELOW = 104
"""Pixels under the bars: axis, its title and two or three rows of legend."""


def kind_colours() -> dict[str, str]:
    """Visits in the accent, driving in the colour for too much, the rest quiet."""
    ink = palette()
    colours = (ink["after"], ink["over"], ink["fine"], ink["before"])
    return dict(zip(KINDS, colours, strict=True))


def hours_chart(
    title: str, names: Sequence[str], places: Sequence[int], table: pd.DataFrame
) -> go.Figure:
    """A bar a territory or rep, stacked by kind of hours, with the hours there are as a mark.

    Parameters
    ----------
    names
        (m,) label of each row of ``table``.
    places
        (m,) position of the territory that a click on the row points out.
    table
        Columns of KINDS, total_hours, capacity_hours and used, the row to stand on top last.
    """
    ink, colours = palette(), kind_colours()
    figure = blank(title, 90 + BELOW + ROW * len(names))
    rows = list(range(len(names)))
    labels = [escape(name) for name in names]
    for column, what in KINDS.items():
        if not (table[column] > 0).any():
            continue
        figure.add_bar(
            y=rows,
            x=table[column].to_numpy(float),
            orientation="h",
            name=what,
            marker_color=colours[column],
            customdata=[[str(p), label] for p, label in zip(places, labels, strict=True)],
            hovertemplate=f"%{{customdata[1]}}: %{{x:,.0f}} h {what}<extra></extra>",
            **LEVEL,
        )
    known = table["capacity_hours"].notna().to_numpy()
    figure.add_scatter(
        y=[row for row, there in zip(rows, known, strict=True) if there],
        x=table["capacity_hours"].to_numpy(float)[known],
        mode="markers",
        name="hours there are",
        marker={"symbol": "line-ns-open", "size": 15, "color": ink["text"], "line": {"width": 2}},
        customdata=[label for label, there in zip(labels, known, strict=True) if there],
        hovertemplate="%{customdata}: %{x:,.0f} h in the year<extra></extra>",
    )
    figure.update_layout(
        barmode="stack",
        showlegend=True,
        legend={
            "yref": "container",
            "y": 0,
            "yanchor": "bottom",
            "x": 0,
            "xanchor": "left",
            "traceorder": "normal",
        },
        margin={"b": BELOW},
    )
    figure.update_xaxes(title={"text": "hours a year", "standoff": 4}, tickformat=",.0f")
    figure.update_yaxes(
        tickmode="array",
        tickvals=rows,
        ticktext=labels,
        showgrid=False,
        range=[-0.6, len(rows) - 0.4],
    )
    return figure
