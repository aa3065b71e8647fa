"""What speaks against a wish before anything is run, with the way out."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import streamlit as st

from territory.errors import TerritoryError
from territory.model import Workspace
from territory.ui import session
from territory.ui.format import share
from territory.ui.proposals import order_of
from territory.ui.text import plain
from territory.ui.wish_form import take
from territory.ui.wishes import Wish

__all__ = ["Concern", "concerns", "show_concerns"]

RUN_ONLY = ("seed", "restarts", "start")
"""What says how to search, not what for."""


@dataclass(frozen=True)
class Concern:
    """Why a wish can't be fulfilled, in words of ours and perhaps of the user's data.

    ``stops`` says that there is nothing to run; ``way`` is what a button would say that takes
    ``instead`` as the wish.
    """

    text: str
    stops: bool = False
    way: str = ""
    instead: Wish | None = None


def concerns(here: Workspace, wish: Wish) -> list[Concern]:
    """Everything that is known beforehand; quick enough for every run of the page."""
    from territory.optimize.engine import foresee

    locks = here.plan.locks
    if wish.start != "current" and (locks.units or locks.territories):
        return [
            Concern(
                "You have locks, and a clean sheet knows nothing of today's plan.",
                stops=True,
                way="Start from the present plan",
                instead=replace(wish, start="current"),
            )
        ]
    asked = order_of(here, wish).arguments
    try:
        causes = foresee(**{k: v for k, v in asked.items() if k not in RUN_ONLY})
    except TerritoryError as error:
        return [Concern(str(error), stops=True)]
    return [_unreachable(wish, cause["reason"], cause["nearest_tolerance"]) for cause in causes]


def _unreachable(wish: Wish, reason: str, nearest: float | None) -> Concern:
    """A tolerance that no plan can keep, and the nearest that is not ruled out."""
    text = f"{reason[0].upper()}{reason[1:]}. The run would come as near as it can."
    if nearest is None or not wish.tolerance < nearest <= 1 or wish.tolerances:
        return Concern(text)
    wider = min(1.0, math.ceil(nearest * 100) / 100)
    instead = replace(wish, tolerance=wider, preset="")
    return Concern(text, way=f"Ask for ±{share(wider)} instead", instead=instead)


def show_concerns(found: list[Concern]) -> None:
    """What speaks against the wish, each with the button that mends it."""
    for number, concern in enumerate(found):
        show = st.error if concern.stops else st.warning
        show(plain(concern.text))
        if concern.instead is not None:
            st.button(
                concern.way,
                key=f"mend-{number}",
                on_click=lambda wish=concern.instead: session.act(lambda: take(wish)),
            )
