"""Work of the engine beside the page: progress to look at, a flag to cancel it, a result."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

from territory.errors import TerritoryError

if TYPE_CHECKING:
    from territory.model import Plan
    from territory.optimize import Changes, Progress, Proposal

__all__ = ["Halted", "Job", "Run", "Tell"]

log = logging.getLogger(__name__)

SLOTS = threading.BoundedSemaphore(2)
"""Jobs at the same time on this server; others wait their turn and can be cancelled meanwhile."""

T = TypeVar("T")
Tell = Callable[["Progress"], None]
Halted = Callable[[], bool]


@dataclass(eq=False)
class Job(Generic[T]):
    """A question to the engine. ``begin`` returns at once; a page polls ``finished``.

    Parameters
    ----------
    progress
        The latest news, None before the first.
    result
        The answer; None until there is one, and where there is a ``fault`` in words instead.
    """

    progress: Progress | None = field(default=None, kw_only=True)
    result: T | None = field(default=None, kw_only=True)
    fault: str = field(default="", kw_only=True)
    _began: float | None = field(default=None, kw_only=True)
    _ended: float | None = field(default=None, kw_only=True)
    _cancel: threading.Event = field(default_factory=threading.Event, kw_only=True)
    _done: threading.Event = field(default_factory=threading.Event, kw_only=True)

    @property
    def finished(self) -> bool:
        """Is there a result or a fault to show?"""
        return self._done.is_set()

    @property
    def cancelled(self) -> bool:
        """Did the user stop it?"""
        return self._cancel.is_set()

    @property
    def elapsed(self) -> float:
        """Seconds since it got its place; 0 while it waits for one."""
        if self._began is None:
            return 0.0
        return (self._ended or time.monotonic()) - self._began

    def begin(self, work: Callable[[Tell, Halted], T]) -> Job[T]:
        """Start in a thread.

        Parameters
        ----------
        work
            Called with a progress callback and a cancel test; returns the result.
        """
        threading.Thread(target=self._run, args=(work,), daemon=True).start()
        return self

    def wait(self, seconds: float) -> bool:
        """Give it a moment, so that what is quick needs no progress; True where it has ended."""
        return self._done.wait(seconds)

    def cancel(self) -> None:
        """Stop at the next chance; the best so far becomes the result."""
        self._cancel.set()

    def _run(self, work: Callable[[Tell, Halted], T]) -> None:
        while not SLOTS.acquire(timeout=0.2):
            if self.cancelled:
                self.fault = "Stopped before it began."
                self._done.set()
                return
        self._began = time.monotonic()
        try:
            self.result = work(self._look, self._cancel.is_set)
        except TerritoryError as error:
            self.fault = str(error)
        except Exception:
            # A thread has nobody to raise to: the details go to the log, words to the user.
            log.exception("The engine stopped on an unexpected fault")
            self.fault = "The engine stopped on an unexpected fault. Your plan is unchanged."
        finally:
            SLOTS.release()
            self._ended = time.monotonic()
            self._done.set()

    def _look(self, state: Progress) -> None:
        self.progress = state


@dataclass(eq=False)
class Run(Job["Proposal"]):
    """One press of Run.

    ``before`` is the plan the proposal is compared with and laid over; ``settings`` is what the
    user asked for, in words, for the result's heading. ``plan`` is the proposal with the
    territories of ``before``, ``changes`` its moves with their reasons. ``first`` is the first
    progress that came, which shows the shapes the engine began with.
    """

    before: Plan
    settings: str
    kmeans: bool = False
    first: Progress | None = None
    plan: Plan | None = None
    changes: Changes | None = None

    @property
    def proposal(self) -> Proposal | None:
        """What the engine found."""
        return self.result

    def start(
        self,
        work: Callable[[Tell, Halted], Proposal],
        adopt: Callable[[Proposal], Plan],
        explain: Callable[[Plan], Changes] | None = None,
    ) -> Run:
        """Begin in a thread.

        Parameters
        ----------
        work
            Called with a progress callback and a cancel test; returns the proposal.
        adopt
            Turns the proposal into a plan with the territories of ``before``.
        explain
            Finds the reasons for what that plan changes.
        """

        def everything(tell: Tell, halted: Halted) -> Proposal:
            proposal = work(tell, halted)
            self.plan = adopt(proposal)
            if explain is not None:
                self.changes = explain(self.plan)
            return proposal

        self.begin(everything)
        return self

    def _look(self, state: Progress) -> None:
        self.first = self.first or state
        super()._look(state)
