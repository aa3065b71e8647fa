"""Several searches side by side, the best one wins.

The searches run on threads (the kernels release the interpreter's lock), each from its own start
and seed, so the result does not depend on the number of cores or on who finishes first. Callbacks
are made from the caller's thread only.
"""

from __future__ import annotations

import os
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from territory.optimize.result import StoppedBy
from territory.optimize.search import Best

Watch = Callable[[str, Best], None]
Attempt = Callable[[int, Watch, Callable[[], bool]], Best]
"""Restart number, what to tell after a chunk, whether to stop → the best plan of this restart."""


@dataclass(frozen=True, eq=False)
class Outcome:
    """The winner, and how the runs ended."""

    best: Best
    stopped_by: StoppedBy
    restarts: int


class Halt:
    """Tells the searches to stop: asked to, or out of time."""

    def __init__(self, deadline: float | None) -> None:
        self.deadline = deadline
        self.cancelled = threading.Event()
        self.late = threading.Event()

    def __call__(self) -> bool:
        if self.deadline is not None and time.perf_counter() > self.deadline:
            self.late.set()
        return self.late.is_set() or self.cancelled.is_set()

    @property
    def reason(self) -> StoppedBy:
        """What stopped the searches, if anything did."""
        if self.cancelled.is_set():
            return "cancelled"
        return "time limit" if self.late.is_set() else "done"


def best_of(
    attempt: Attempt,
    restarts: int,
    *,
    deadline: float | None,
    tell: Callable[[int, str, Best], None],
    cancel: Callable[[], bool] | None,
) -> Outcome:
    """Run every restart and keep the best plan; ties go to the earlier restart.

    Parameters
    ----------
    deadline
        `time.perf_counter()` at which to stop at the next chunk.
    tell
        Called with the number of chunks done, a message and the best plan so far.
    cancel
        Asked about ten times a second.

    An exception in a callback or a search stops the others and is raised.
    """
    halt = Halt(deadline)
    news: queue.SimpleQueue[tuple[str, Best]] = queue.SimpleQueue()
    workers = min(restarts, os.cpu_count() or 1)

    def go(turn: int) -> Best | None:
        # The first restart always makes a plan, so that there is one to return.
        if turn and halt():
            return None
        return attempt(turn, lambda message, best: news.put((message, snapshot(best))), halt)

    with ThreadPoolExecutor(workers, thread_name_prefix="territory-search") as pool:
        runs = [pool.submit(go, turn) for turn in range(restarts)]
        try:
            _attend(runs, news, halt, tell, cancel)
        except BaseException:
            halt.cancelled.set()
            raise
    found = [best for best in (run.result() for run in runs) if best is not None]
    return Outcome(min(found, key=lambda best: best.score), halt.reason, len(found))


def snapshot(best: Best) -> Best:
    """The plan as it is now; `offer` replaces the array rather than writing to it."""
    return Best(best.label, best.score, best.deviation)


def _attend(
    runs: list[Future[Best | None]],
    news: queue.SimpleQueue[tuple[str, Best]],
    halt: Halt,
    tell: Callable[[int, str, Best], None],
    cancel: Callable[[], bool] | None,
) -> None:
    """Pass on news and ask about cancelling until every run is over."""
    leader: Best | None = None
    chunks = 0
    while True:
        over = all(run.done() for run in runs)
        if cancel is not None and not halt.cancelled.is_set() and cancel():
            halt.cancelled.set()
        message, heard = "", 0
        while True:
            try:
                message, best = news.get(timeout=0.0 if over or heard else 0.05)
            except queue.Empty:
                break
            heard += 1
            leader = best if leader is None or best.score < leader.score else leader
        if heard and leader is not None:
            chunks += heard
            tell(chunks, message, leader)
        if over and not heard:
            return
