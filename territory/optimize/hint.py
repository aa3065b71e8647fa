"""A hint, and how to say it."""

from __future__ import annotations

from dataclasses import dataclass

from territory.model import Plan
from territory.optimize.words import from_to

__all__ = ["Effect", "Hint", "Step"]


@dataclass(frozen=True)
class Step:
    """One unit changes hands; ``source`` is None where it was unassigned."""

    unit_id: str
    source: str | None
    target: str


@dataclass(frozen=True)
class Effect:
    """What a hint does to one territory in one measure: deviation (total/target − 1)."""

    territory_id: str
    name: str
    measure: str
    before: float
    after: float


@dataclass(frozen=True)
class Hint:
    """A move (one step) or a swap (two) that improves the plan and cuts nothing off.

    Parameters
    ----------
    steps
        What changes hands.
    effects
        Each side and measure.
    violation
        Change of Σ max(0, |deviation| − tolerance) over the whole plan; never above 0.
    score
        Change of the objective, violation first; below 0, the lower the better.
    """

    steps: tuple[Step, ...]
    effects: tuple[Effect, ...]
    violation: float
    score: float

    @property
    def unit_ids(self) -> tuple[str, ...]:
        """The units that change hands."""
        return tuple(step.unit_id for step in self.steps)

    def apply(self, plan: Plan) -> Plan:
        """The plan with the hint carried out; LockError where a lock has come in between."""
        for step in self.steps:
            plan = plan.move([step.unit_id], step.target)
        return plan

    def text(self) -> str:
        """In plain words: "Move 01609 from Blake to Casey: Blake +12 % → +8 %, Casey …"."""
        name = {e.territory_id: e.name for e in self.effects}
        first = self.steps[0]
        if len(self.steps) == 2:
            other = self.steps[1]
            begin = (
                f"Swap {first.unit_id} ({name[other.target]}) with "
                f"{other.unit_id} ({name[first.target]})"
            )
        elif first.source is None:
            begin = f"Give {first.unit_id} to {name[first.target]}"
        else:
            begin = f"Move {first.unit_id} from {name[first.source]} to {name[first.target]}"
        gain: dict[str, float] = {}
        for e in self.effects:
            gain[e.measure] = gain.get(e.measure, 0.0) + abs(e.before) - abs(e.after)
        shown = max(gain, key=lambda measure: gain[measure])
        suffix = f" in {shown}" if len(gain) > 1 else ""
        sides = (f"{e.name} {_change(e)}" for e in self.effects if e.measure == shown)
        return f"{begin}: {', '.join(sides)}{suffix}"


def _change(effect: Effect) -> str:
    """ "+12 % → +8 %", with a decimal where whole percents would not show it."""
    return " → ".join(from_to(effect.before, effect.after))
