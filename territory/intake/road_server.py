"""Road times from an OSRM or Valhalla server that the user runs or trusts, through routingpy.

Nothing is asked unless an address stands in the settings and somebody presses the button: then
that host alone, with a time limit, without following it elsewhere. What it is told are the points
of units and homes; no name, account or figure leaves the machine.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from territory.errors import Cancelled, InputError, Problem
from territory.model import TravelTimes, Units

if TYPE_CHECKING:
    from territory.model import Travel

__all__ = ["checked_address", "fetch_times", "ways_to_ask"]

Ints = NDArray[np.int64]

AT_ONCE = 100
"""Points in one request: what an OSRM server takes unless it was told otherwise."""
SECONDS = 15
"""How long one request may take."""
MOST = 200_000
"""Ways that are asked for at all."""
NEAREST = 150
"""Units near each home that are asked for, whoever has them now."""


def checked_address(address: str) -> str:
    """The address of a server, without a slash at its end.

    Raises
    ------
    InputError
        If it is no http or https address, or holds a name and password.
    """
    text = address.strip().rstrip("/")
    try:
        parts = urlsplit(text)
        known = parts.scheme in ("http", "https") and bool(parts.hostname)
        port_fits = parts.port is None or parts.port > 0
    except ValueError:
        known = port_fits = False
    if not known or not port_fits or any(c.isspace() for c in text):
        raise InputError(
            Problem(
                f"{address!r} is no address of a road server",
                remedy="Write it like http://localhost:5000 (OSRM) or http://localhost:8002 "
                "(Valhalla), or leave the field empty.",
            )
        )
    if parts.username or parts.password or parts.query or parts.fragment:
        raise InputError(
            Problem(
                "The address of a road server holds no password and nothing after the path",
                remedy="Let the server itself decide whom it answers.",
            )
        )
    return text


def ways_to_ask(units: Units, homes: Ints, alignment: Ints) -> list[tuple[int, Ints]]:
    """From each home, the units of its territory and the nearest ones; not more than MOST ways.

    Parameters
    ----------
    homes
        (k,) unit of each territory's home, -1 unknown.
    alignment
        (n,) territory of each unit.
    """
    wanted: dict[int, set[int]] = {}
    for territory, home in enumerate(homes.tolist()):
        if home < 0:
            continue
        away = np.hypot(*(units.xy - units.xy[home]).T)
        near = np.argsort(away, kind="stable")[: NEAREST + 1]
        mine = np.flatnonzero(alignment == territory)
        wanted.setdefault(home, set()).update(near.tolist(), mine.tolist())
    ways = [(home, np.array(sorted(ends - {home}), np.int64)) for home, ends in wanted.items()]
    count = sum(len(ends) for _, ends in ways)
    if count > MOST:
        raise InputError(
            Problem(
                f"{count:,} ways would have to be asked for; {MOST:,} is the most",
                remedy="Load a table of travel times instead.",
            )
        )
    return ways


def fetch_times(
    units: Units,
    ways: list[tuple[int, Ints]],
    travel: Travel,
    *,
    progress: Callable[[int, int], None] | None = None,
    cancel: Callable[[], bool] | None = None,
) -> TravelTimes:
    """Ask the server of the settings for driving times.

    Parameters
    ----------
    ways
        A start and its ends, by position of the unit.
    progress
        Called with requests made and to make.

    Returns
    -------
    Minutes by way; ways that the server knows no road for are left out, and a note says how many.

    Raises
    ------
    InputError
        If no server is set, it can't be reached, or its answer is none.
    Cancelled
        If ``cancel`` says so.
    """
    address = checked_address(travel.server)
    asked = list(_requests(ways))
    rows: list[tuple[str, str, float]] = []
    lost = 0
    for number, (start, ends) in enumerate(asked):
        if cancel is not None and cancel():
            raise Cancelled("The road server was not asked to the end; nothing was changed.")
        if progress is not None:
            progress(number, len(asked))
        seconds = _ask(address, travel.server_kind, units.lonlat[[start, *ends.tolist()]])
        for end, took in zip(ends.tolist(), seconds, strict=True):
            if took is None:
                lost += 1
            else:
                rows.append((units.ids[start], units.ids[end], took / 60))
    if not rows:
        raise InputError(
            Problem(
                f"{urlsplit(address).netloc} knows no road between these units",
                remedy="Does its map cover this region?",
            )
        )
    frame = pd.DataFrame(rows, columns=["from_id", "to_id", "minutes"])
    note = f"{len(rows):,} travel times from the road server {urlsplit(address).netloc}"
    frame.attrs["notes"] = (note + (f"; for {lost:,} ways it knows no road." if lost else "."),)
    return TravelTimes(frame)


def _requests(ways: list[tuple[int, Ints]]) -> Iterator[tuple[int, Ints]]:
    """The same, in pieces that a server takes."""
    for start, ends in ways:
        for first in range(0, len(ends), AT_ONCE - 1):
            yield start, ends[first : first + AT_ONCE - 1]


def _ask(address: str, kind: str, lonlat: NDArray[np.float64]) -> list[float | None]:
    """Seconds from the first point to each other one; None where there is no road."""
    try:
        import requests
        from routingpy import exceptions
        from routingpy.routers import OSRM, Valhalla
    except ImportError as missing:
        raise InputError(
            Problem(
                "Asking a road server needs the package routingpy",
                remedy='Install it with: pip install "territory-workbench[roads]"',
            )
        ) from missing
    points = [[round(float(lon), 6), round(float(lat), 6)] for lon, lat in lonlat]
    ends = list(range(1, len(points)))
    given: dict[str, Any] = {
        "base_url": address,
        "timeout": SECONDS,
        "retry_timeout": SECONDS,
        # Another host is never asked, even where this one says so.
        "allow_redirects": False,
    }
    try:
        if kind == "valhalla":
            found = Valhalla(**given).matrix(points, "auto", sources=[0], destinations=ends)
        else:
            found = OSRM(**given).matrix(
                points, "driving", sources=[0], destinations=ends, annotations=["duration"]
            )
        return _seconds(found.durations, len(ends))
    except (
        exceptions.RouterError,
        exceptions.Timeout,
        exceptions.JSONParseError,
        requests.RequestException,
        *(KeyError, TypeError, ValueError, IndexError, AttributeError),
    ) as fault:
        raise InputError(
            Problem(
                f"{urlsplit(address).netloc} gave no travel times ({type(fault).__name__})",
                remedy="Check that the server runs, and whether it is OSRM or Valhalla.",
            )
        ) from fault


def _seconds(durations: Any, count: int) -> list[float | None]:
    """The one row of the answer, checked."""
    (row,) = durations
    if len(row) != count:
        raise ValueError("another number of ways than asked for")
    out: list[float | None] = []
    for value in row:
        took = None if value is None else float(value)
        out.append(took if took is not None and math.isfinite(took) and took >= 0 else None)
    return out
