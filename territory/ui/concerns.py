"""What speaks against a wish before anything is run, with the way out."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import streamlit as st

from territory.errors import TerritoryError
from territory.model import Workspace
from territory.model.figures import share
from territory.ui import session
from territory.ui.proposals import order_of
from territory.ui.text import plain
from territory.ui.wish_form import take
from territory.ui.wishes import Wish

__all__ = ["Concern", "concerns", "show_concerns"]

RUN_ONLY = ("seed", "restarts", "start")
"""What says how to search, not what for."""

ROOM = 1.15
"""Beyond the least that must change: territories have to stay in one piece."""

Way = tuple[str, Wish]
"""What a button says, and the wish that it takes."""


@dataclass(frozen=True)
class Concern:
    """Why a wish can't be fulfilled, in words of ours and perhaps of the user's data.

    ``stops`` says that there is nothing to run; ``ways`` lead out.
    """

    text: str
    stops: bool = False
    ways: tuple[Way, ...] = ()


def concerns(here: Workspace, wish: Wish) -> list[Concern]:
    """Everything that is known beforehand; quick enough for every run of the page."""
    from territory.optimize.check import check
    from territory.optimize.foresight import foreseen
    from territory.optimize.least_change import least_disruption

    locks = here.plan.locks
    if wish.start != "current" and (locks.units or locks.territories):
        way = ("Start from the present plan", replace(wish, start="current", preset=""))
        text = "You have locks, and a clean sheet knows nothing of today's plan."
        return [Concern(text, stops=True, ways=(way,))]
    asked = order_of(here, wish).arguments
    try:
        request = check(**{k: v for k, v in asked.items() if k not in RUN_ONLY})
        causes = foreseen(request)
    except TerritoryError as error:
        return [Concern(str(error), stops=True)]
    needed = least_disruption(request, wish.main, wish.tolerance)
    return [_unreachable(wish, c["reason"], c["nearest_tolerance"], needed) for c in causes]


def _unreachable(wish: Wish, reason: str, nearest: float | None, needed: float) -> Concern:
    """A tolerance that no plan can keep, the nearest that is not ruled out, or a larger cap."""
    text = f"{reason[0].upper()}{reason[1:]}. The run would come as near as it can."
    ways: list[Way] = []
    if nearest is not None and wish.tolerance < nearest <= 1 and not wish.tolerances:
        wider = math.ceil(nearest * 100) / 100
        way = replace(wish, tolerance=wider, preset="")
        ways.append((f"Ask for ±{share(wider)} instead", way))
    if wish.max_disruption is not None and needed > wish.max_disruption:
        cap = min(1.0, math.ceil(needed * ROOM * 100) / 100)
        way = replace(wish, max_disruption=cap, preset="")
        ways.append((f"Let {share(cap)} change hands", way))
    return Concern(text, ways=tuple(ways))


def show_concerns(found: list[Concern]) -> None:
    """What speaks against the wish, each with the buttons that mend it."""
    ways: list[Way] = []
    for concern in found:
        show = st.error if concern.stops else st.warning
        show(plain(concern.text))
        ways += [way for way in concern.ways if way not in ways]
    for number, (label, wish) in enumerate(ways):
        st.button(
            label,
            key=f"mend-{number}",
            icon=":material/build:",
            on_click=lambda wish=wish: session.act(lambda: take(wish)),
        )
