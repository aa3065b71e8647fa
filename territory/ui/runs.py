"""A run of the engine beside the page: progress to look at, a flag to cancel it, a result."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from territory.errors import TerritoryError

if TYPE_CHECKING:
    from territory.model import Plan
    from territory.optimize import Progress, Proposal

__all__ = ["Run"]

log = logging.getLogger(__name__)

SLOTS = threading.BoundedSemaphore(2)
"""Runs at the same time on this server; others wait their turn and can be cancelled meanwhile."""

Work = Callable[[Callable[["Progress"], None], Callable[[], bool]], "Proposal"]


@dataclass(eq=False)
class Run:
    """One press of Run. ``start`` returns at once; a page polls ``finished``.

    ``before`` is the plan the proposal is compared with and laid over; ``settings`` is what the
    user asked for, in words, for the result's heading. ``first`` is the first progress that came,
    which shows the shapes the engine began with.
    """

    before: Plan
    settings: str
    kmeans: bool = False
    progress: Progress | None = None
    first: Progress | None = None
    proposal: Proposal | None = None
    plan: Plan | None = None
    fault: str = ""
    _cancel: threading.Event = field(default_factory=threading.Event)
    _done: threading.Event = field(default_factory=threading.Event)

    @property
    def finished(self) -> bool:
        """Is there a result or a fault to show?"""
        return self._done.is_set()

    @property
    def cancelled(self) -> bool:
        """Did the user stop it?"""
        return self._cancel.is_set()

    def start(self, work: Work, adopt: Callable[[Proposal], Plan]) -> Run:
        """Begin in a thread.

        Parameters
        ----------
        work
            Called with a progress callback and a cancel test; returns the proposal.
        adopt
            Turns the proposal into a plan with the territories of ``before``.
        """
        target = threading.Thread(target=self._run, args=(work, adopt), daemon=True)
        target.start()
        return self

    def cancel(self) -> None:
        """Stop at the next chunk; the best so far becomes the result."""
        self._cancel.set()

    def _run(self, work: Work, adopt: Callable[[Proposal], Plan]) -> None:
        while not SLOTS.acquire(timeout=0.2):
            if self.cancelled:
                self.fault = "Stopped before it began."
                self._done.set()
                return
        try:
            self.proposal = work(self._look, self._cancel.is_set)
            self.plan = adopt(self.proposal)
        except TerritoryError as error:
            self.fault = str(error)
        except Exception:
            # A thread has nobody to raise to: the details go to the log, words to the user.
            log.exception("The engine stopped on an unexpected fault")
            self.fault = "The engine stopped on an unexpected fault. Your plan is unchanged."
        finally:
            SLOTS.release()
            self._done.set()

    def _look(self, state: Progress) -> None:
        self.first = self.first or state
        self.progress = state
