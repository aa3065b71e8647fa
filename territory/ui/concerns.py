"""What speaks against a wish before anything is run, with the way out."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import streamlit as st

from territory.errors import TerritoryError
from territory.model import Workspace, measure
from territory.ui import session
from territory.ui.format import share
from territory.ui.proposals import order_of
from territory.ui.text import plain
from territory.ui.wish_form import take
from territory.ui.wishes import Wish

__all__ = ["Concern", "concerns", "show_concerns"]

ROOM = 1.15
"""Beyond the least that must change: shapes have to stay in one piece."""


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
    from territory.optimize.check import check
    from territory.optimize.explain import least_disruption

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
    run_only = ("seed", "restarts", "start")
    try:
        request = check(**{k: v for k, v in asked.items() if k not in run_only})
    except TerritoryError as error:
        return [Concern(str(error), stops=True)]
    out = []
    needed = least_disruption(request, wish.main)
    if request.max_disruption is not None and needed > request.max_disruption:
        cap = min(1.0, float(np.ceil(needed * ROOM * 100) / 100))
        counted = measure(wish.main).label.lower()
        out.append(
            Concern(
                f"At least {share(needed)} of the {counted} must change hands to bring everybody "
                f"within ±{share(wish.tolerance)}, and you allow {share(request.max_disruption)}. "
                "The run will come as near as it can.",
                way=f"Allow {share(cap)}",
                instead=replace(wish, max_disruption=cap, preset=""),
            )
        )
    return out


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
