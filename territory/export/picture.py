"""Maps of a plan as pictures, drawn from the geometry: no browser, no background, no network."""

from __future__ import annotations

import io
import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np
import shapely
from numpy.typing import NDArray

from territory.export.grid import INK, QUIET
from territory.export.legible import fit, font_file, spoken
from territory.model import Plan

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.path import Path

__all__ = ["DOTS", "Maps", "plan_png"]

LAND, PAPER = "#E3E7EB", "#FFFFFF"
DOTS = 150
"""Dots an inch."""
MOST_LABELS = 80
"""Territories from which names would only hide the map."""
DETAIL = 1500
"""A border is kept to one part in so many of the region's width; finer is not seen in print."""
TOWNS = 6


_drawn: WeakKeyDictionary[Plan, tuple[tuple[str, ...], bytes | None]] = WeakKeyDictionary()
"""A plan is drawn once for all the files that show it."""


def plan_png(plan: Plan, names: Sequence[str]) -> bytes | None:
    """The whole plan as PNG, each territory under its rep's name, else its own."""
    both = zip(names, plan.territories["name"], strict=True)
    shown = tuple(str(rep or name) for rep, name in both)
    known = _drawn.get(plan)
    if known is None or known[0] != shown:
        known = _drawn[plan] = (shown, Maps(plan, shown).whole)
    return known[1]


@dataclass(frozen=True, eq=False)
class Maps:
    """Pictures of one plan; what they share is worked out once.

    Parameters
    ----------
    plan
        The plan.
    names
        (k,) what stands on each territory.
    before
        Whose units are compared, to hatch what is new; None for none.
    """

    plan: Plan
    names: tuple[str, ...]
    before: Plan | None = None

    @cached_property
    def _areas(self) -> NDArray[np.object_]:
        """(n,) areas in Web Mercator, with no more corners than a print shows."""
        metric = self.plan.units.geometry.to_crs(3857)
        west, south, east, north = metric.total_bounds
        fine = max(east - west, north - south, 1.0) / DETAIL
        areas = np.asarray(metric.values, dtype=object)
        if shapely.coverage_is_valid(areas):
            return np.asarray(shapely.coverage_simplify(areas, fine), dtype=object)
        return np.asarray(shapely.make_valid(shapely.simplify(areas, fine)), dtype=object)

    @cached_property
    def _territories(self) -> NDArray[np.object_]:
        """(k,) outlines; empty where a territory has no units."""
        order = np.argsort(self.plan.alignment, kind="stable")
        ends = np.searchsorted(self.plan.alignment[order], np.arange(self.plan.k + 1))
        both = itertools.pairwise(ends)
        shapes = [shapely.union_all(self._areas[order[a:b]]) for a, b in both]
        return np.array([*shapes, None], dtype=object)[:-1]

    @cached_property
    def whole(self) -> bytes | None:
        """The whole plan as PNG; None for a region without area."""
        return self._drawn(None)

    def of(self, territories: list[int]) -> bytes | None:
        """Some territories in their surroundings as PNG; None where they have no units."""
        mine = np.isin(self.plan.alignment, territories)
        return self._drawn(mine, territories) if mine.any() else None

    def _drawn(
        self, mine: NDArray[np.bool_] | None, territories: list[int] | None = None
    ) -> bytes | None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        shown = self._areas if mine is None else self._areas[mine]
        frame = shapely.total_bounds(shown) if len(shown) else np.full(4, np.nan)
        if not np.isfinite(frame).all():
            return None
        frame = _padded(frame, 0.03 if mine is None else 0.12)
        wide, high = frame[2] - frame[0], frame[3] - frame[1]
        scale = min(7.2 / wide, 5.2 / high)
        figure = Figure((wide * scale, high * scale), dpi=DOTS, facecolor=PAPER)
        FigureCanvasAgg(figure)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        axes.set_xlim(frame[0], frame[2])
        axes.set_ylim(frame[1], frame[3])
        axes.set_aspect("equal")
        self._fill(axes, frame, territories)
        if mine is not None:
            self._own(axes, mine)
            self._towns(axes, mine, 1 / scale)
        self._labels(axes, frame, territories)
        _scale_bar(axes, frame)
        out = io.BytesIO()
        figure.savefig(out, format="png", metadata={"Software": None})
        return out.getvalue()

    def _fill(self, axes: Axes, frame: NDArray[np.float64], mine: list[int] | None) -> None:
        """Territories in their colours; beside one's own the others are pale."""
        from matplotlib.patches import PathPatch

        loose = np.flatnonzero(self.plan.alignment < 0)
        if len(loose):
            land = shapely.union_all(self._areas[loose])
            axes.add_patch(PathPatch(_path(land), facecolor=LAND, edgecolor="white", lw=0.4))
        colours = list(self.plan.territories["colour"])
        box = shapely.box(*frame)
        for t, shape in enumerate(self._territories):
            if shapely.is_empty(shape) or not shapely.intersects(box, shape):
                continue
            strong = mine is None or t in mine
            patch = PathPatch(
                _path(shape),
                facecolor=colours[t],
                alpha=0.72 if strong else 0.2,
                edgecolor="white",
                lw=1.0,
            )
            axes.add_patch(patch)
        if mine is not None:
            for t in mine:
                outline = PathPatch(_path(self._territories[t]), fill=False, edgecolor=INK, lw=1.1)
                outline.set_zorder(4)
                axes.add_patch(outline)

    def _own(self, axes: Axes, mine: NDArray[np.bool_]) -> None:
        """Borders of one's own units, and hatching over those that are new."""
        from matplotlib.collections import PathCollection
        from matplotlib.patches import PathPatch

        paths = [_path(a) for a in self._areas[mine]]
        axes.add_collection(PathCollection(paths, facecolor="none", edgecolor="white", lw=0.3))
        if self.before is None:
            return
        gained = mine & (self._owners(self.plan) != self._owners(self.before))
        if gained.any():
            fresh = shapely.union_all(self._areas[gained])
            axes.add_patch(
                PathPatch(_path(fresh), fill=False, hatch="////", edgecolor=INK, lw=0, alpha=0.55)
            )

    @staticmethod
    def _owners(plan: Plan) -> NDArray[np.object_]:
        both = zip(plan.territory_ids, plan.territories["rep_id"], strict=True)
        return np.array([*(str(r or t) for t, r in both), ""], dtype=object)[plan.alignment]

    def _towns(self, axes: Axes, mine: NDArray[np.bool_], inch: float) -> None:
        """The places that a person finds the way by: those with the most people or accounts."""
        attributes = self.plan.units.attributes
        column = next((c for c in ("city", "town", "place", "county") if c in attributes), None)
        if column is None:
            return
        weigh = next((m for m in ("population", "accounts", "potential") if m in attributes), None)
        weight = np.nan_to_num(self.plan.units.values(weigh or "units"))
        names = attributes[column].fillna("").astype(str).to_numpy()
        best: dict[str, int] = {}
        for i in np.flatnonzero(mine):
            if names[i] and weight[i] > weight[best.get(names[i], i)] - 1e-9:
                best[names[i]] = int(i)
        top = sorted(best.items(), key=lambda item: (-weight[item[1]], item[0]))
        taken: list[shapely.Geometry] = []
        for name, i in top[: 3 * TOWNS]:
            x, y = shapely.get_coordinates(shapely.point_on_surface(self._areas[i]))[0]
            wide, high = (len(name) * 4.8 + 8) / 72 * inch, 11 / 72 * inch
            cell = shapely.box(x - high / 3, y - high / 2, x + wide, y + high)
            if len(taken) == TOWNS or any(shapely.intersects(cell, other) for other in taken):
                continue
            taken.append(cell)
            axes.plot([x], [y], "o", color=INK, ms=3, zorder=6)
            _write(axes, (x, y), name, 7.5, offset=(4, 3), ha="left")

    def _labels(self, axes: Axes, frame: NDArray[np.float64], mine: list[int] | None) -> None:
        """Names on territories that have room for one."""
        if mine is None and self.plan.k > MOST_LABELS:
            return
        box = shapely.box(*frame)
        inch = (frame[2] - frame[0]) / axes.figure.get_size_inches()[0]  # type: ignore[union-attr]
        taken: list[shapely.Geometry] = []
        shapes = self._territories
        for t in np.argsort(-shapely.area(shapes), kind="stable"):
            if (mine is not None and t in mine) or shapely.is_empty(shapes[t]):
                continue
            part = shapely.intersection(shapely.make_valid(shapes[t]), box)
            if shapely.is_empty(part) or shapely.area(part) < (0.15 * inch) ** 2:
                continue
            parts = shapely.get_parts(part)
            largest = parts[int(np.argmax(shapely.area(parts)))]
            x, y = shapely.get_coordinates(shapely.point_on_surface(largest))[0]
            name = self.names[t][:40].replace(" ", "\n", 1)
            # The name where it is free, else the shorter id, else nothing: names never overlap.
            for text, size in ((name, 7.0), (self.plan.territory_ids[t][:8], 6.0)):
                cell = _room(x, y, text, size, inch)
                free = not any(shapely.intersects(cell, other) for other in taken)
                if free and shapely.contains(box, cell):
                    taken.append(cell)
                    colour = INK if mine is None else QUIET
                    _write(axes, (x, y), text, size, colour=colour)
                    break


def _room(x: float, y: float, text: str, size: float, inch: float) -> shapely.Geometry:
    """The space that a text takes, in metres of the map."""
    lines = text.split("\n")
    wide = max(map(len, lines)) * size * 0.62 / 72 * inch
    high = len(lines) * size * 1.25 / 72 * inch
    return shapely.box(x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)


def _padded(frame: NDArray[np.float64], share: float) -> NDArray[np.float64]:
    """A frame with air around it, neither a point nor a line, and no stripe."""
    west, south, east, north = (float(v) for v in frame)
    side = max(east - west, north - south, 100.0)
    wide, high = max(east - west, side * 0.55), max(north - south, side * 0.5)
    x, y, air = (west + east) / 2, (south + north) / 2, side * share
    return np.array(
        [x - wide / 2 - air, y - high / 2 - air, x + wide / 2 + air, y + high / 2 + air]
    )


def _path(shape: shapely.Geometry) -> Path:
    """An area with its holes, as matplotlib draws it."""
    from matplotlib.path import Path

    points: list[NDArray[np.float64]] = []
    codes: list[NDArray[np.uint8]] = []
    for polygon in shapely.get_parts(shape):
        if polygon.geom_type != "Polygon":
            continue
        for ring in (polygon.exterior, *polygon.interiors):
            xy = shapely.get_coordinates(ring)
            code = np.full(len(xy), Path.LINETO, np.uint8)
            code[0], code[-1] = Path.MOVETO, Path.CLOSEPOLY
            points.append(xy)
            codes.append(code)
    if not points:
        return Path(np.zeros((0, 2)))
    return Path(np.concatenate(points), np.concatenate(codes))


def _write(
    axes: Axes,
    at: tuple[float, float],
    text: str,
    size: float,
    *,
    colour: str = INK,
    offset: tuple[float, float] = (0, 0),
    ha: str = "center",
) -> None:
    """A name with a light edge, letter by letter: nothing in it is markup."""
    from matplotlib.patheffects import withStroke

    axes.annotate(
        _plain(text),
        at,
        offset,
        textcoords="offset points",
        ha=ha,
        va="center",
        color=colour,
        fontproperties=_face(size),
        parse_math=False,
        zorder=7,
        annotation_clip=True,
        path_effects=[withStroke(linewidth=2.2, foreground="white", alpha=0.85)],
    )


def _face(size: float) -> Any:
    from matplotlib.font_manager import FontProperties

    return FontProperties(fname=str(font_file()), size=size)


def _plain(text: str) -> str:
    """Text in letters that DejaVu Sans has; matplotlib itself turns none around."""
    from territory.export.legible import visual
    from territory.export.pdf import BODY, fonts

    known = fonts()[BODY]
    ready = visual(fit(text))
    return "".join(c if c == "\n" or ord(c) in known else spoken(c) for c in ready)


def _scale_bar(axes: Axes, frame: NDArray[np.float64]) -> None:
    """A round number of kilometres at the map's middle."""
    middle = (frame[1] + frame[3]) / 2
    metre = math.cosh(middle / 6_378_137)  # Web Mercator draws a metre this much longer.
    fifth = (frame[2] - frame[0]) / 5 / metre / 1000
    size = 10 ** math.floor(math.log10(fifth))
    km = max(step * size for step in (1, 2, 5) if step * size <= fifth)
    x, y = frame[0] + (frame[2] - frame[0]) * 0.03, frame[1] + (frame[3] - frame[1]) * 0.03
    axes.plot(
        [x, x + km * 1000 * metre], [y, y], color=INK, lw=1.6, solid_capstyle="butt", zorder=8
    )
    _write(axes, (x, y), f"{km:g} km", 7, offset=(0, 7), ha="left")
