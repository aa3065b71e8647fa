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
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from territory.optimize.result import StoppedBy
from territory.optimize.search import Best, Score

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
    rounds: Sequence[int],
    *,
    enough: Callable[[Best], bool],
    deadline: float | None,
    tell: Callable[[int, str, Best], None],
    cancel: Callable[[], bool] | None,
) -> Outcome:
    """Run rounds of restarts and keep the best plan; ties go to the earlier restart.

    Parameters
    ----------
    rounds
        Restarts in each round; further rounds are only for when ``enough`` denies the best plan.
    deadline
        `time.perf_counter()` at which to stop at the next chunk.
    tell
        Called with the number of chunks done, a message and the best plan so far.
    cancel
        Asked about ten times a second.

    An exception in a callback or a search stops the others and is raised.
    """
    halt = Halt(deadline)
    attendant = Attendant(halt, tell, cancel)
    found: list[Best] = []
    for count in rounds:
        first = len(found)
        if found and (enough(min(found, key=_score)) or halt()):
            break
        found += _round(attempt, range(first, first + count), attendant)
    return Outcome(min(found, key=_score), halt.reason, len(found))


def _score(best: Best) -> Score:
    return best.score


def _round(attempt: Attempt, turns: range, attendant: Attendant) -> list[Best]:
    """Several restarts side by side."""
    halt, news = attendant.halt, attendant.news
    workers = min(len(turns), os.cpu_count() or 1)

    def go(turn: int) -> Best | None:
        # The first restart always makes a plan, so that there is one to return.
        if turn and halt():
            return None
        return attempt(turn, lambda message, best: news.put((message, snapshot(best))), halt)

    with ThreadPoolExecutor(workers, thread_name_prefix="territory-search") as pool:
        runs = [pool.submit(go, turn) for turn in turns]
        try:
            attendant.attend(runs)
        except BaseException:
            halt.cancelled.set()
            raise
    return [best for best in (run.result() for run in runs) if best is not None]


def snapshot(best: Best) -> Best:
    """The plan as it is now; `offer` replaces the array rather than writing to it."""
    return Best(best.label, best.score, best.deviation)


class Attendant:
    """Stands between the searches and the caller, on the caller's thread."""

    def __init__(
        self,
        halt: Halt,
        tell: Callable[[int, str, Best], None],
        cancel: Callable[[], bool] | None,
    ) -> None:
        self.halt, self.tell, self.cancel = halt, tell, cancel
        self.news: queue.SimpleQueue[tuple[str, Best]] = queue.SimpleQueue()
        self.leader: Best | None = None
        self.chunks = 0

    def attend(self, runs: list[Future[Best | None]]) -> None:
        """Pass on news and ask about cancelling until every run is over."""
        while True:
            over = all(run.done() for run in runs)
            if self.cancel is not None and not self.halt.cancelled.is_set() and self.cancel():
                self.halt.cancelled.set()
            heard = self.listen(wait=0.0 if over else 0.05)
            if over and not heard:
                return

    def listen(self, wait: float) -> int:
        """Take in what has come, tell the caller once; returns how much it was."""
        message, heard = "", 0
        while True:
            try:
                message, best = self.news.get(timeout=0.0 if heard else wait)
            except queue.Empty:
                break
            heard += 1
            if self.leader is None or best.score < self.leader.score:
                self.leader = best
        self.chunks += heard
        if heard and self.leader is not None:
            self.tell(self.chunks, message, self.leader)
        return heard
