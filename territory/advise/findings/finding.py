"""What a finding is: something to look at, with its evidence and what could be done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from territory.advise.findings.said import Number, Said
from territory.metrics import Case
from territory.model import Settings

__all__ = ["WEIGHT", "Action", "Finding", "Severity", "Watch", "graded"]

Severity = Literal["high", "medium", "low"]

WEIGHT: Mapping[str, float] = {"high": 3.0, "medium": 2.0, "low": 1.0}
"""What a severity counts in the ranking, times the share that is affected."""

TWICE, LITTLE = 2.0, 0.01
"""High from twice the allowed departure on; low where hardly anything is concerned."""


@dataclass(frozen=True)
class Action:
    """What to do about it: in words, by the engine (the key of a remedy), or on a page."""

    words: str
    remedy: str = ""
    page: str = ""

    def text(self, settings: Settings) -> str:
        """In the user's words for rep and territory."""
        return self.words.format(rep=settings.word("rep"), territory=settings.word("territory"))


@dataclass(frozen=True)
class Watch:
    """The figure that a remedy should bring nearer to ``normal``, measured before and after it."""

    words: str
    measure: Callable[[Case], float]
    form: str
    source: str
    normal: float = 0.0


@dataclass(frozen=True, eq=False)
class Finding:
    """One thing that is not as it should be.

    Parameters
    ----------
    kind
        Key of its line in FINDINGS.
    said
        The sentence; its numbers are the evidence.
    share
        What part of the whole is concerned, 0 to 1: of the main measure where nothing else is said.
    lines
        The same for each territory or account concerned, worst first.
    territories, units, accounts
        Ids of what is concerned.
    about
        What tells findings of one kind apart, such as a measure.
    """

    kind: str
    severity: Severity
    said: Said
    share: float
    action: Action
    lines: tuple[Said, ...] = ()
    territories: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    about: str = ""
    watch: Watch | None = None
    key: str = field(init=False)

    def __post_init__(self) -> None:
        # The same finding about other territories is another one: who dismissed it did not see it.
        concerned = sorted(self.territories) or [str(len(self.units) + len(self.accounts))]
        object.__setattr__(self, "key", "|".join([self.kind, self.about, *concerned]))

    @property
    def numbers(self) -> Mapping[str, Number]:
        """The figures of the sentence."""
        return self.said.numbers

    @property
    def rank(self) -> float:
        """Severity × affected share."""
        return WEIGHT[self.severity] * self.share

    def _nearer(self, now: float, then: float) -> bool:
        """Is it closer to what is normal? False where it is not known on one side."""
        return abs(now - self.watch.normal) < abs(then - self.watch.normal) if self.watch else False

    def effect(self, before: Case, after: Case) -> Said | None:
        """What a remedy does to the figure that matters here; None where it does no good."""
        if self.watch is None:
            return None
        then, now = self.watch.measure(before), self.watch.measure(after)
        if not self._nearer(now, then):
            return None
        numbers = {
            "before": Number(then, self.watch.form, self.watch.source),
            "after": Number(now, self.watch.form, self.watch.source),
        }
        return Said("{what}: {before} → {after}", numbers, {"what": self.watch.words})


def graded(value: float, allowed: float, normal: float, share: float) -> Severity:
    """How bad a figure is: by its distance from normal, in allowed distances."""
    if share < LITTLE:
        return "low"
    times = abs(value - normal) / max(abs(allowed - normal), 1e-12)
    return "high" if times >= TWICE else "medium"
