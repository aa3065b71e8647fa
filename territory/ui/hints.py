"""The next moves that help most, for the map to draw.

An edit never waits for the engine's kernels: they are loaded beside the page, and the map asks
again until they are there.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

from territory.errors import InputError
from territory.model import Workspace
from territory.ui.case import weights_of
from territory.ui.heap import set_modules_aside

if TYPE_CHECKING:
    from territory.optimize.hint import Hint

__all__ = ["best_moves", "hints_for_map"]

COUNT = 3
TOLD = "hints"
"""Their place in a patch; see mapview/messages.py."""

log = logging.getLogger(__name__)
_loaded = threading.Event()
_loading = threading.Lock()


def hints_for_map(here: Workspace) -> dict[str, list[list[list[int]]] | None]:
    """The part of a patch that holds them: [[[unit, territory], …], …] by position.

    Nothing until the engine is compiled, None while it is being loaded.
    """
    from territory.optimize.warmup import is_warm

    plan = here.plan
    if not is_warm() or not plan.k:
        return {}
    if not _loaded.is_set():
        _load_beside(here)
        return {TOLD: None}
    where = plan.units.position
    return {
        TOLD: [
            [[where[step.unit_id], plan.position_of(step.target)] for step in move.steps]
            for move in best_moves(here)
        ]
    }


def best_moves(here: Workspace, count: int = COUNT) -> list[Hint]:
    """The best moves from the plan as it is; none where the measures say nothing."""
    from territory.optimize.hints import hints
    from territory.optimize.named import without_named

    weights, plan = weights_of(here), here.plan
    units, offset = without_named(plan, here.project.accounts, weights)
    if units is not plan.units:
        plan = replace(plan, units=units)
    try:
        return hints(plan, weights, here.project.settings.tolerance, count, offset=offset)[:count]
    except InputError as error:
        log.info("No hints: %s", error)
        return []


def _load_beside(here: Workspace) -> None:
    """Load the kernels in a thread, once a server."""
    if not _loading.acquire(blocking=False):
        return

    def load() -> None:
        try:
            best_moves(here)
            set_modules_aside()
        finally:
            _loaded.set()

    threading.Thread(target=load, daemon=True).start()
