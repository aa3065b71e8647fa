"""Plotly charts in the app's look. Numbers come in; nothing is computed here but positions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import unescape
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import streamlit as st

if TYPE_CHECKING:
    import plotly.graph_objects as go

from territory.export.text import table_csv
from territory.ui.pictures import is_dark
from territory.ui.text import escape

__all__ = [
    "LEVEL",
    "ROW",
    "before_after",
    "blank",
    "deviation_bars",
    "ends",
    "in_template",
    "lines",
    "palette",
    "picked",
    "sankey",
    "show",
    "time_axes",
]

ROW = 21
"""Height of a bar with its label, pixels."""

MOST = 40
"""Bars that one chart shows."""
WIDE = 52
"""Letters of a title that fit on a line of half a page."""

LEVEL: dict[str, Any] = {
    "selected": {"marker": {"opacity": 1}},
    "unselected": {"marker": {"opacity": 1}},
}
"""A clicked bar does not make the others fade: the map beside shows what is picked."""


def palette() -> dict[str, str]:
    """Colours by meaning: over and under target, fine, before, text, grid."""
    if is_dark():
        return {
            "over": "#E8924A",
            "under": "#6BAFE6",
            "fine": "#7F8C99",
            "before": "#4A5662",
            "after": "#6BAFE6",
            "text": "#E6EBF0",
            "grid": "#2A343E",
            "band": "rgba(230,235,240,0.13)",
            "middle": "#1E262E",
        }
    return {
        "over": "#C65D07",
        "under": "#1F6FB2",
        "fine": "#8896A4",
        "before": "#C9D1D9",
        "after": "#1F6FB2",
        "text": "#101822",
        "grid": "#E6EAEE",
        "band": "rgba(28,39,51,0.08)",
        "middle": "#F7F8FA",
    }


def ends(values: np.ndarray) -> tuple[np.ndarray, str]:
    """(most,) positions by value, smallest first; of many, both ends, and words for the rest."""
    order = np.nan_to_num(values.astype(float)).argsort(kind="stable")
    if len(order) <= MOST:
        return order, ""
    half = MOST // 2
    note = f"The {half} highest and the {half} lowest of {len(order)}; all are in the data."
    return np.concatenate([order[:half], order[-half:]]), note


def blank(title: str, height: int, note: str = "") -> go.Figure:
    """An empty chart whose title states the finding; ``note`` stands small below it."""
    import plotly.graph_objects as go

    ink = palette()
    figure = go.Figure()
    heading = {"text": wrapped(title), "x": 0, "xref": "container", "font": {"size": 16}}
    if note:
        heading["subtitle"] = {"text": escape(note), "font": {"size": 12}}
    figure.update_layout(
        title=heading,
        height=height,
        margin={"l": 4, "r": 12, "t": 46 + 24 * (bool(note) + (len(title) > WIDE)), "b": 8},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"color": ink["text"], "size": 12.5},
        bargap=0.28,
        legend={"orientation": "h", "x": 1, "xanchor": "right", "y": 1.0, "yanchor": "bottom"},
        hoverlabel={"align": "left"},
        dragmode=False,
    )
    figure.update_xaxes(gridcolor=ink["grid"], zerolinecolor=ink["grid"], automargin=True)
    figure.update_yaxes(gridcolor=ink["grid"], automargin=True, ticklabelstandoff=6)
    return figure


def wrapped(title: str) -> str:
    """A title over two lines where one is too narrow for it; escaped."""
    if len(title) <= WIDE or " " not in title[:WIDE]:
        return escape(title)
    at = title.rfind(" ", 0, WIDE)
    return f"{escape(title[:at])}<br>{escape(title[at + 1 :])}"


def deviation_bars(
    title: str,
    names: Sequence[str],
    now: pd.Series,
    before: pd.Series | None,
    band: float,
    texts: Sequence[str],
    *,
    more_is_good: bool = False,
) -> go.Figure:
    """Deviation from target a territory, largest first, with the band and the old value in grey.

    Parameters
    ----------
    names
        (k,) label of each territory.
    now, before
        Deviations as shares, in the same order as names.
    band
        Deviations inside ±band are neutral.
    texts
        (k,) the deviation in words, for the hover.
    more_is_good
        What is above has the calm colour, what is below the loud one.
    """
    ink = palette()
    order, note = ends(now.to_numpy())
    figure = blank(title, 90 + ROW * len(order), note)
    labels = [escape(names[i]) for i in order]
    values = now.to_numpy()[order]
    above, below = ("under", "over") if more_is_good else ("over", "under")
    tint = [ink["fine"] if abs(v) <= band else ink[above if v > 0 else below] for v in values]
    figure.add_vrect(-band, band, fillcolor=ink["band"], line_width=0, layer="below")
    figure.add_bar(
        y=list(range(len(order))),
        x=values,
        orientation="h",
        marker_color=tint,
        customdata=[[int(i), labels[j], escape(texts[i])] for j, i in enumerate(order)],
        hovertemplate="%{customdata[1]}: %{customdata[2]}<extra></extra>",
        **LEVEL,
        name="now",
        showlegend=False,
    )
    if before is not None:
        figure.add_scatter(
            y=list(range(len(order))),
            x=before.to_numpy()[order],
            mode="markers",
            marker={"color": ink["text"], "symbol": "line-ns-open", "size": 11, "opacity": 0.55},
            name="before",
            hovertemplate="before: %{x:+.1%}<extra></extra>",
            showlegend=False,
        )
    figure.update_xaxes(tickformat="+.0%", zeroline=True, zerolinewidth=1.5)
    figure.update_yaxes(
        tickmode="array", tickvals=list(range(len(order))), ticktext=labels, showgrid=False
    )
    return figure


def before_after(
    title: str,
    names: Sequence[str],
    now: pd.Series,
    before: pd.Series | None,
    axis: str,
    *,
    form: str = ".3~s",
    line: tuple[float, str] | None = None,
    before_name: str = "before",
    now_name: str = "now",
) -> go.Figure:
    """A bar a territory, largest first, with the old value behind it in grey.

    ``line`` is a reference (value, label), such as the capacity.
    """
    ink, unit = palette(), in_template(axis)
    order, note = ends(now.to_numpy())
    figure = blank(title, 90 + ROW * len(order), note)
    rows = list(range(len(order)))
    labels = [escape(names[i]) for i in order]
    custom = [[int(i), label] for i, label in zip(order, labels, strict=True)]
    if before is not None:
        figure.add_bar(
            y=rows,
            x=before.to_numpy()[order],
            orientation="h",
            marker_color=ink["before"],
            name=before_name,
            customdata=custom,
            hovertemplate=f"%{{customdata[1]}} {before_name}: %{{x:{form}}} {unit}<extra></extra>",
        )
    figure.add_bar(
        y=rows,
        x=now.to_numpy()[order],
        orientation="h",
        marker_color=ink["after"],
        width=0.42 if before is not None else None,
        name=now_name,
        customdata=custom,
        hovertemplate=f"%{{customdata[1]}} {now_name}: %{{x:{form}}} {unit}<extra></extra>",
        **LEVEL,
    )
    figure.update_layout(barmode="overlay", showlegend=before is not None)
    if before is not None:  # the legend stands on the plot and must not touch the title
        figure.update_layout(margin_t=figure.layout.margin.t + 14)
    if line is not None:
        figure.add_vline(line[0], line_color=ink["over"], line_width=1.5, line_dash="dot")
        figure.add_annotation(
            x=line[0], y=-0.6, text=escape(line[1]), showarrow=False, xanchor="left", xshift=4
        )
    figure.update_xaxes(title={"text": escape(axis), "standoff": 4}, tickformat=form)
    figure.update_yaxes(tickmode="array", tickvals=rows, ticktext=labels, showgrid=False)
    return figure


def lines(title: str, table: pd.DataFrame, axis: str, *, zero: bool = True) -> go.Figure:
    """A line a row of ``table`` over its columns; the first row is the accent.

    ``zero``: the axis begins at 0.
    """
    ink = palette()
    figure = blank(title, 340)
    tints = [ink["after"], ink["fine"], ink["over"], ink["text"]]
    for i, (name, row) in enumerate(table.iterrows()):
        figure.add_scatter(
            x=[escape(period) for period in table.columns],
            y=row.to_numpy(float),
            mode="lines+markers",
            name=escape(str(name)),
            line={"color": tints[i % len(tints)], "width": 2.5, "dash": "dot" if i == 1 else None},
            hovertemplate=f"%{{x}}: %{{y:.3~s}} {in_template(axis)}<extra></extra>",
        )
    time_axes(figure, axis)
    figure.update_yaxes(rangemode="tozero" if zero else "normal")
    return figure


def time_axes(figure: go.Figure, axis: str) -> None:
    """Periods below, the unit at the left, the legend under both."""
    figure.update_layout(
        legend={"x": 0, "xanchor": "left", "y": -0.18, "yanchor": "top"}, margin={"b": 40}
    )
    figure.update_yaxes(
        title={"text": escape(axis), "standoff": 4}, tickformat=".3~s", rangemode="tozero"
    )
    figure.update_xaxes(showgrid=False, type="category", nticks=8, tickangle=0)


def in_template(text: str) -> str:
    """A user's text inside a hover template, where ``%{`` begins a variable."""
    return escape(text).replace("%{", "% {")


def show(
    figure: go.Figure,
    key: str,
    *,
    alt: str = "",
    data: pd.DataFrame | None = None,
    pick: Callable[[str], None] | None = None,
) -> None:
    """Draw a chart across its column, without the tool bar of icons.

    Parameters
    ----------
    alt
        What it shows, for those who do not see it; its title where not given.
    data
        Its numbers, offered as a file.
    pick
        Called with the first custom datum of the point or bar that was clicked.
    """
    st.plotly_chart(
        figure,
        width="stretch",
        key=key,
        theme="streamlit",
        config={"displayModeBar": False},
        alt=alt or unescape(str(figure.layout.title.text or "").replace("<br>", " ")),
        **_clicks(key, pick),
    )
    if data is not None:
        st.download_button(
            "Data",
            lambda: table_csv(data),
            f"{key}.csv",
            "text/csv",
            key=f"{key}-data",
            help="The numbers of this chart as a CSV file",
            on_click="ignore",
            type="tertiary",
            icon=":material/download:",
        )


def _clicks(key: str, pick: Callable[[str], None] | None) -> dict[str, Any]:
    """How a chart answers clicks, if it does."""
    if pick is None:
        return {}
    return {"on_select": lambda: pick(picked(key)), "selection_mode": "points"}


def picked(key: str) -> str:
    """First custom datum of the selected point of a chart; "" where nothing is selected."""
    event = st.session_state.get(key)
    points = event["selection"]["points"] if event else []
    found = points[0].get("customdata", "") if points else ""
    return str(found[0] if isinstance(found, list | tuple) else found)


def sankey(title: str, flows: pd.DataFrame, texts: Sequence[str]) -> go.Figure:
    """Who gives what to whom: columns giver, taker, amount, units; one band a row.

    Parameters
    ----------
    texts
        What hovering over each band says of its amount.
    """
    import plotly.graph_objects as go

    ink = palette()
    givers, takers = list(dict.fromkeys(flows["giver"])), list(dict.fromkeys(flows["taker"]))
    weights = flows["amount"] if flows["amount"].sum() > 0 else flows["units"]
    figure = blank(title, max(300, 22 * max(len(givers), len(takers)) + 80))
    figure.add_trace(
        go.Sankey(
            node={
                "label": [escape(name) for name in (*givers, *takers)],
                "color": [ink["before"]] * len(givers) + [ink["after"]] * len(takers),
                "pad": 10,
                "thickness": 14,
                "line": {"width": 0},
                "hovertemplate": "%{label}<extra></extra>",
            },
            link={
                "source": [givers.index(name) for name in flows["giver"]],
                "target": [len(givers) + takers.index(name) for name in flows["taker"]],
                "value": weights.tolist(),
                "customdata": [
                    f"{text}, {units}" for text, units in zip(texts, flows["units"], strict=True)
                ],
                "color": ink["grid"],
                "hovertemplate": "%{source.label} → %{target.label}: %{customdata}<extra></extra>",
            },
            textfont={"color": ink["text"], "size": 12},
        )
    )
    return figure
