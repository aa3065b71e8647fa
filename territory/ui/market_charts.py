"""Figures of the Market page. Numbers come in; nothing is computed here but positions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from territory.metrics.quadrants import QUADRANTS, Quadrants
from territory.ui.charts import LEVEL, ROW, blank, palette
from territory.ui.text import escape

if TYPE_CHECKING:
    import plotly.graph_objects as go

__all__ = ["multiples", "quadrant_chart", "won_and_open"]

SYMBOLS = {"Grow": "diamond", "Defend": "circle", "Maintain": "square", "Review": "circle-open"}
TINTS = {"Grow": "over", "Defend": "after", "Maintain": "fine", "Review": "fine"}
LEGEND = 72
"""Room above a chart for its title and a legend below that, pixels."""
NAMED = 2
"""Points that carry their name: those with most to win; the others say it when pointed at."""
NEAR = 0.12
"""Part of the height within which the names of two points could touch."""


def won_and_open(
    title: str,
    names: Sequence[str],
    ids: Sequence[str],
    won: pd.Series | None,
    potential: pd.Series,
    texts: Sequence[str],
    axis: str,
) -> go.Figure:
    """A bar a place, most potential on top: what is sold, and what is still open.

    Parameters
    ----------
    names, ids
        Label of each place, and what a click on it hands on.
    won
        Own sales, if known; above the potential the bar is full.
    texts
        What pointing at each bar says.
    """
    ink = palette()
    order = potential.to_numpy().argsort(kind="stable")
    figure = blank(title, 100 + ROW * len(names))
    rows = list(range(len(order)))
    custom = [[ids[i], escape(names[i]), escape(texts[i])] for i in order]
    hover = "%{customdata[1]}: %{customdata[2]}<extra></extra>"
    whole = potential.to_numpy()[order]
    sold = whole * 0 if won is None else won.to_numpy()[order].clip(0, whole)
    for part, values, tint in (("sold", sold, "after"), ("open", whole - sold, "before")):
        if part == "sold" and won is None:
            continue
        figure.add_bar(
            y=rows, x=values, orientation="h", name=part, marker_color=ink[tint],
            customdata=custom, hovertemplate=hover, **LEVEL,
        )  # fmt: skip
    figure.update_layout(barmode="stack", showlegend=won is not None, legend_traceorder="normal")
    figure.update_layout(margin_t=LEGEND)
    figure.update_xaxes(title={"text": escape(axis), "standoff": 4}, tickformat=".3~s")
    labels = [escape(names[i]) for i in order]
    figure.update_yaxes(tickmode="array", tickvals=rows, ticktext=labels, showgrid=False)
    return figure


def quadrant_chart(
    title: str,
    found: Quadrants,
    names: Sequence[str],
    ids: Sequence[str],
    texts: Sequence[str],
    axis: str,
) -> go.Figure:
    """Penetration over potential in four named quadrants; a shape and a colour each.

    Parameters
    ----------
    names, ids, texts
        Label, click value and words of each row of ``found.table``.
    """
    ink, table = palette(), found.table.reset_index(drop=True)
    figure = blank(title, 460)
    figure.update_layout(margin_t=LEGEND)
    spread = table["potential"].max() > 20 * max(table["potential"].min(), 1e-9)
    side = _labelled(table)
    for one in QUADRANTS:
        at = [i for i in table.index if table.at[i, "quadrant"] == one.name]
        figure.add_scatter(
            x=table["potential"].iloc[at], y=table["penetration"].iloc[at],
            mode="markers+text", name=one.name,
            marker={"symbol": SYMBOLS[one.name], "size": 10, "color": ink[TINTS[one.name]]},
            text=[escape(names[i]) if i in side else "" for i in at],
            textposition=[side.get(i, "top center") for i in at],
            textfont={"size": 11, "color": ink["text"]},
            customdata=[[ids[i], escape(names[i]), escape(texts[i])] for i in at],
            hovertemplate="%{customdata[1]}: %{customdata[2]}<extra></extra>", cliponaxis=False,
            **LEVEL,
        )  # fmt: skip
    figure.add_vline(found.potential, line={"color": ink["fine"], "width": 1, "dash": "dot"})
    figure.add_hline(found.penetration, line={"color": ink["fine"], "width": 1, "dash": "dot"})
    figure.update_xaxes(
        title={"text": escape(axis), "standoff": 4},
        tickformat=".2~s",
        type="log" if spread else None,
    )
    figure.update_yaxes(
        title={"text": "penetration: sales / potential", "standoff": 4},
        tickformat=".0%",
    )
    return figure


def _labelled(table: pd.DataFrame) -> dict[int, str]:
    """Row → where its name stands: the largest and those most worth growing, none on another.

    Names stand towards the middle; of neighbours one stands above and one below, a third nowhere.
    """
    grow = table["potential"].where(table["quadrant"] == "Grow").nlargest(NAMED).index
    chosen = list(dict.fromkeys([int(table["potential"].idxmax()), *map(int, grow)]))
    height, right = table["penetration"], table["potential"] > 0.6 * table["potential"].max()
    near = NEAR * max(float(height.max() - height.min()), 1e-9)
    side: dict[int, str] = {}
    for i in chosen:
        close = [j for j in side if abs(height[j] - height[i]) < near]
        free = [v for v in _order(height, i, close) if all(v not in side[j] for j in close)]
        if free:
            side[i] = f"{free[0]} {'left' if right[i] else 'right'}"
    return side


def _order(height: pd.Series, i: int, close: list[int]) -> tuple[str, str]:
    """Above or below first: away from a neighbour."""
    lower = any(height[j] > height[i] for j in close)
    return ("bottom", "top") if lower else ("top", "bottom")


def multiples(title: str, parts: pd.Series, labels: Sequence[str], place: str) -> go.Figure:
    """Each part of the index against an average place, which is 1."""
    ink = palette()
    figure = blank(title, 110 + 34 * len(parts))
    rows = list(range(len(parts)))[::-1]
    tint = [ink["over"] if v > 1.1 else ink["under"] if v < 0.9 else ink["fine"] for v in parts]
    figure.add_bar(
        y=rows,
        x=parts.to_numpy(float),
        orientation="h",
        marker_color=tint,
        text=[f"{v:.1f} ×" for v in parts],
        hovertemplate="%{x:.2f} × the average<extra></extra>",
        showlegend=False,
    )
    figure.add_vline(1, line={"color": ink["text"], "width": 1, "dash": "dot"})
    figure.update_xaxes(title={"text": f"times the average {escape(place)}", "standoff": 4})
    figure.update_yaxes(
        tickmode="array", tickvals=rows, ticktext=[escape(t) for t in labels], showgrid=False
    )
    return figure
