"""Native charts of the workbook, all in one style."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from territory.export.grid import ACCENT, INK, LINE, QUIET, Look

if TYPE_CHECKING:
    from xlsxwriter.chart import Chart

__all__ = ["GREY", "Series", "chart_of"]

GREY = "#B8C2CC"
COLOURS = (ACCENT, "#E09F3E", GREY)


@dataclass(frozen=True)
class Series:
    """A name, and the ranges of categories and values as formulas refer to them."""

    name: str
    categories: str
    values: str
    colour: str = ""


def chart_of(
    look: Look,
    kind: Literal["column", "bar", "line"],
    title: str,
    series: Sequence[Series],
    size: tuple[int, int],
    number: str = "General",
) -> Chart:
    """A chart with a title that says what it shows; a legend only where there is more than one."""
    chart = look.book.add_chart({"type": kind})
    for i, one in enumerate(series):
        colour = one.colour or COLOURS[i % len(COLOURS)]
        options: dict[str, object] = {
            "name": one.name,
            "categories": f"={one.categories}",
            "values": f"={one.values}",
        }
        if kind == "line":
            options |= {"line": {"color": colour, "width": 2.25}}
        else:
            options |= {"fill": {"color": colour}, "gap": 60, "overlap": 0}
        chart.add_series(options)
    font = {"color": QUIET, "size": 9}
    chart.set_title(
        {
            "name": title,
            "name_font": {"size": 12, "bold": True, "color": INK},
            "overlay": False,
        }
    )
    turned = {"rotation": -45} if kind != "bar" else {}
    names = {"label_position": "low", "num_font": {**font, **turned}, "line": {"none": True}}
    grid = {"visible": True, "line": {"color": LINE, "width": 0.5}}
    values = {
        "num_format": number, "num_font": font, "line": {"none": True}, "major_gridlines": grid
    }  # fmt: skip
    # A bar chart lists from below; its first row should stand at the top.
    chart.set_x_axis({**names, "reverse": kind == "bar"})
    chart.set_y_axis(values)
    chart.set_legend({"position": "top", "font": font} if len(series) > 1 else {"none": True})
    chart.set_chartarea({"border": {"none": True}})
    chart.set_size({"width": size[0], "height": size[1]})
    return chart
