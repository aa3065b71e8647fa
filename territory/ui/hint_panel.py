"""The next moves that help most, beside the map, each with a button that makes it.

An edit never waits for the engine's kernels: they are loaded beside the page, and until they are
there a button stands where the moves will be.
"""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from territory.errors import InputError
from territory.model import Workspace, named_offset
from territory.ui import session
from territory.ui.case import weights_of
from territory.ui.format import signed
from territory.ui.heap import set_modules_aside
from territory.ui.text import plain

if TYPE_CHECKING:
    from territory.optimize.hint import Effect, Hint

__all__ = ["LEFT", "best_moves", "hint_list"]

COUNT = 3

LEFT = """<style>
  [class*="st-key-hint-"] button, [class*="st-key-hint-"] button * {
    justify-content: start; text-align: start;
  }
</style>"""
"""A theme can't say that the words of a button start at the left; a page sends it once."""

log = logging.getLogger(__name__)
_loaded = threading.Event()
_loading = threading.Lock()


def hint_list(here: Workspace) -> None:
    """A switch and, where it is on, up to three moves; nothing until the engine is compiled.

    Off until asked for, since what stands here travels with every edit.
    """
    from territory.optimize.warmup import is_warm

    if not is_warm() or not here.plan.k:
        return
    if not _loaded.is_set():
        _load_beside(here)
    if not st.toggle("Moves that help most", key="show-hints"):
        return
    if not _loaded.is_set():
        with st.spinner("Looking for moves that help …"):
            _loaded.wait(60)
    moves = best_moves(here)
    if not moves:
        st.caption("No single move makes this plan better.")
    for number, move in enumerate(moves):
        st.button(
            _words(move),
            key=f"hint-{number}",
            type="tertiary",
            icon=":material/check:",
            wrap=True,
            on_click=lambda move=move: session.act(lambda: _apply(move)),
        )


def best_moves(here: Workspace, count: int = COUNT) -> list[Hint]:
    """The best moves from the plan as it is; none where the measures say nothing."""
    from territory.optimize.hints import hints

    accounts, weights = here.project.accounts, weights_of(here)
    offset = np.column_stack([named_offset(here.plan, accounts, name) for name in weights])
    try:
        return hints(here.plan, weights, here.project.settings.tolerance, count, offset=offset)[
            :count
        ]
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


def _words(move: Hint) -> str:
    """What pressing it does, and in grey what comes of it for both, in Markdown."""
    names = {e.territory_id: plain(e.name) for e in move.effects}
    step, main = move.steps[0], move.effects[0].measure
    effects = ", ".join(_change(e) for e in move.effects if e.measure == main)
    units = [f"**{plain(unit)}**" for unit in move.unit_ids]
    verb = "Swap" if len(units) == 2 else "Move"
    giver = f"{names[step.source]} " if step.source is not None else ""
    arrow = "↔" if len(units) == 2 else "→"
    return f"{verb} {' and '.join(units)}: {giver}{arrow} {names[step.target]} :gray[{effects}]"


def _change(effect: Effect) -> str:
    """ "+12 % → +8 %", with a decimal where whole percents hide it."""
    for digits in (0, 1, 2):
        before, after = signed(effect.before, digits), signed(effect.after, digits)
        if before != after:
            break
    # Not broken between two lines.
    return f"{before} → {after}".replace(" ", "\N{NO-BREAK SPACE}")


def _apply(move: Hint) -> None:
    """One undo entry; a move from a plan that is no more is not made."""
    here = session.workspace()
    owner = here.plan.to_mapping()
    if any(owner.get(step.unit_id) != (step.source or "") for step in move.steps):
        here.notify("error", "The plan has changed meanwhile: choose again.")
        return
    after = move.apply(here.plan)
    step = move.steps[0]
    to = str(after.territories["name"].iloc[after.position_of(step.target)])
    what = "Swap" if len(move.steps) == 2 else "Move"
    here.change(f"{what} {' and '.join(move.unit_ids)}" + (f" to {to}" * (what == "Move")), after)
