"""What lies on the Balance page's table: the wish, the run, and what was asked about its result."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from territory.model import Workspace
from territory.ui.runs import Job, Run
from territory.ui.wishes import Wish, first_wish

if TYPE_CHECKING:
    from territory.optimize import Accepted

__all__ = ["Study", "study_of"]


@dataclass(eq=False)
class Study:
    """Lives as long as the session looks at one scenario; never saved.

    Parameters
    ----------
    wish
        What the fields hold.
    run
        The proposal on screen, or on its way.
    proof, odds
        How near the best it is, and how it stands up to noise.
    frontier, sizing
        Other trades, and other numbers of territories: they outlive a run.
    left_out
        Keys of groups of moves that shall not be made.
    group
        Key of the group that is shown on the map.
    filled
        Do the fields hold the wish?
    """

    wish: Wish
    run: Run | None = None
    proof: Job[Any] | None = None
    odds: Job[Any] | None = None
    frontier: Job[Any] | None = None
    sizing: Job[Any] | None = None
    left_out: set[str] = field(default_factory=set)
    group: str = ""
    filled: bool = False
    _accepted: tuple[Run, frozenset[str], Accepted] | None = None

    @property
    def accepted(self) -> Accepted | None:
        """The proposal without what is left out, mended so that territories hang together."""
        run, left = self.run, frozenset(self.left_out)
        if run is None or run.plan is None or run.changes is None:
            return None
        if self._accepted is None or self._accepted[:2] != (run, left):
            from territory.optimize import accept

            chosen = set(run.changes.keys) - left
            self._accepted = (run, left, accept(run.before, run.plan, chosen))
        return self._accepted[2]

    @property
    def running(self) -> bool:
        """Is the engine at work on a proposal?"""
        return self.run is not None and not self.run.finished

    def show(self, run: Run) -> None:
        """Take another run; nobody waits any longer for what was asked about the last one."""
        for job in self.jobs_of_run():
            job.cancel()
        self.run, self.proof, self.odds = run, None, None
        self.left_out, self.group = set(), ""

    def clear(self) -> None:
        """Forget the proposal."""
        for job in self.jobs_of_run():
            job.cancel()
        self.run = self.proof = self.odds = None
        self.left_out, self.group = set(), ""

    def jobs_of_run(self) -> Iterator[Job[Any]]:
        """The run and what was asked about it."""
        return (job for job in (self.run, self.proof, self.odds) if job is not None)


def study_of(here: Workspace) -> Study:
    """The workspace's study; a fresh one on the first visit."""
    if here.proposal is None:
        here.proposal = Study(first_wish(here))
    return here.proposal  # type: ignore[return-value]
