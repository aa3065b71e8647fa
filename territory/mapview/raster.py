"""A region as a grid of pixels: each says which unit it shows, so that a plan is only colours.

Rasterising is done once a region (0.4 s at 33,000 units); a plan is then a table look-up and a PNG,
some ten milliseconds whatever the number of units. That is what a picture needs that is redrawn
while the engine works.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray

from territory.model import Plan, Units

__all__ = ["Raster", "paint", "rasterise"]

NOTHING = -1
"""A pixel outside the region."""

LAND = {False: "#E3E7EB", True: "#3A444E"}
PAPER = {False: "#FFFFFF", True: "#12181F"}
INK = {False: "#1C2733", True: "#F2F5F8"}

STRENGTH = 0.72
"""How strong a territory's colour is over the paper."""
FAINT = 0.26
"""The same where nothing changes, beside units that do."""


@dataclass(frozen=True, eq=False)
class Raster:
    """Pixels of a region.

    Parameters
    ----------
    unit
        (height, width) position of the unit that a pixel shows, -1 outside.
    bounds
        West, south, east, north in metres of Web Mercator.
    places
        (n, 2) where each unit lies, in pixels from the left and the top.
    """

    unit: NDArray[np.int32]
    bounds: tuple[float, float, float, float]
    places: NDArray[np.float64]

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.unit.shape[1], self.unit.shape[0]

    @cached_property
    def inside(self) -> NDArray[np.bool_]:
        """(height, width) True where there is a unit."""
        return self.unit != NOTHING


def rasterise(units: Units, box: tuple[int, int]) -> Raster:
    """The region's pixels, as many as fit into a box and keep its proportions.

    Parameters
    ----------
    box
        Largest width and height in pixels.
    """
    from PIL import Image, ImageDraw

    areas = units.geometry.to_crs(3857)
    west, south, east, north = (float(v) for v in areas.total_bounds)
    scale = min(box[0] / max(east - west, 1.0), box[1] / max(north - south, 1.0))
    width, height = (max(1, round(side * scale)) for side in (east - west, north - south))
    image = Image.new("I", (width, height), NOTHING)
    pen = ImageDraw.Draw(image)
    parts, owner = shapely.get_parts(areas.to_numpy(), return_index=True)
    polygons = shapely.get_type_id(parts) == 3
    parts, owner = parts[polygons], owner[polygons]
    parts = shapely.simplify(parts, 0.4 / scale)
    # A small area may lie in a hole of a large one, so that the large ones come first.
    for i in np.argsort(-shapely.area(parts), kind="stable"):
        for number, ring in enumerate((parts[i].exterior, *parts[i].interiors)):
            xy = (shapely.get_coordinates(ring) - (west, north)) * (scale, -scale)
            if len(xy) > 2:
                pen.polygon(xy.ravel().tolist(), fill=NOTHING if number else int(owner[i]))
    points = shapely.get_coordinates(shapely.point_on_surface(areas.to_numpy()))
    places = (points - (west, north)) * (scale, -scale)
    return Raster(_closed(np.array(image, np.int32)), (west, south, east, north), places)


def _closed(unit: NDArray[np.int32]) -> NDArray[np.int32]:
    """Slits between areas, which drawing each by itself leaves, go to the unit beside them."""
    for grid in (unit, unit.T):
        for wide in (1, 2):
            middle = grid[1:-wide]
            slit = (middle == NOTHING) & (grid[: -wide - 1] != NOTHING) & (grid[wide + 1 :] >= 0)
            middle[slit] = grid[: -wide - 1][slit]
    return unit


def paint(
    raster: Raster,
    plan: Plan,
    *,
    dark: bool = False,
    changed: NDArray[np.bool_] | None = None,
    chosen: NDArray[np.bool_] | None = None,
) -> bytes:
    """A PNG of a plan.

    Parameters
    ----------
    raster
        The plan's region.
    plan
        What to show: colours by territory, unassigned units grey.
    dark
        For a dark page.
    changed
        (n,) units that another plan has elsewhere: they are outlined, the rest is faint.
    chosen
        (n,) of those, the ones to outline strongly.
    """
    from PIL import Image

    paper, ink = _rgb(PAPER[dark]), _rgb(INK[dark])
    tints = np.array([_rgb(c) for c in plan.territories["colour"]] + [_rgb(LAND[dark])], float)
    strong, weak = (paper + (tints - paper) * s for s in (STRENGTH, FAINT))
    strong[-1] = weak[-1] = tints[-1]
    owner = np.append(plan.alignment, plan.k)  # the last entry answers for pixels outside
    at = owner[raster.unit]
    colours = strong[at]
    moved = None
    if changed is not None:
        moved = np.append(changed, False)[raster.unit]
        colours = np.where(moved[..., None], colours, weak[at])
    colours[~raster.inside] = paper
    colours[edges(np.where(raster.inside, at, -2)) & raster.inside] = paper
    if changed is not None and moved is not None:
        colours[_rim(moved)] = paper + (ink - paper) * 0.75
    if chosen is not None:
        colours[_thick(_rim(np.append(chosen, False)[raster.unit]))] = ink
    clear = raster.inside
    if chosen is not None or changed is not None:
        clear = _thick(clear)
    alpha = np.where(clear, 255, 0)[..., None]
    out = io.BytesIO()
    pixels = np.concatenate([colours, alpha], axis=2).astype(np.uint8)
    Image.fromarray(pixels).quantize(96, method=Image.Quantize.FASTOCTREE).save(out, "PNG")
    return out.getvalue()


def edges(labels: NDArray[np.integer]) -> NDArray[np.bool_]:
    """True where the pixel to the right or below has another label, and there."""
    out = np.zeros(labels.shape, bool)
    across = labels[:, 1:] != labels[:, :-1]
    down = labels[1:] != labels[:-1]
    out[:, 1:] |= across
    out[:, :-1] |= across
    out[1:] |= down
    out[:-1] |= down
    return out


def _rim(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The outermost pixels of a set of pixels."""
    return edges(mask.astype(np.int8)) & mask


def _thick(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """A set of pixels, one pixel wider on every side."""
    out = mask.copy()
    out[1:] |= mask[:-1]
    out[:-1] |= mask[1:]
    out[:, 1:] |= mask[:, :-1]
    out[:, :-1] |= mask[:, 1:]
    return out


def _rgb(colour: str) -> NDArray[np.float64]:
    return np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)], float)
