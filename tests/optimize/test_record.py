"""Run records: plain values that make the same plan again."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from territory.errors import InputError
from territory.model import Limit, Locks, Plan, Rules, Team
from territory.optimize import Proposal, RunRecord, propose, reproduce
from tests.optimize.instances import board, cells


def stored(proposal: Proposal) -> RunRecord:
    """The record, by way of JSON text."""
    assert proposal.record is not None
    return RunRecord.from_json(json.loads(json.dumps(proposal.record.to_json(), allow_nan=False)))


def team() -> Team:
    """Four reps with homes and capacities."""
    return Team(
        pd.DataFrame(
            {"home_zip": ["a3", "a22", "a41", "a66"], "capacity_hours": [900.0, 1000, 1100, 1000]},
            index=list("PQRS"),
        )
    )


def test_a_record_makes_the_same_plan_again() -> None:
    """Every kind of argument survives JSON: locks, rules, a part of the map, offset, weights."""
    units = cells(80, 2)
    first = propose(
        units, team=team(), homes=True, measures={"workload": 2, "potential": 1}, seed=4
    )
    again = reproduce(stored(first), units, team=team())
    assert (again.plan.alignment == first.plan.alignment).all()
    assert again.record is not None and again.record.parameters == stored(first).parameters

    current = first.plan
    given = {
        "current": current,
        "offset": np.array([[0.5], [0.0], [0.0], [0.0]]),
    }
    rules = Rules(
        limits=(Limit("units", least=2.0), Limit("units", most=70.0, territory="P")),
        together={"g": frozenset(units.ids[np.flatnonzero(current.alignment == 1)[:2]])},
        barriers=frozenset({("a0", "a1")}),
        regions={},
        stay=0.5,
        excluded=frozenset({("P", "a3")}),
    )
    second = propose(
        units,
        **given,
        measures={"potential": 1.0},
        tolerance={"potential": 0.2},
        locks=Locks.of([units.ids[9]]),
        max_disruption=0.6,
        only=[t for t in current.territory_ids if t != "S"],
        rules=rules,
        seed=np.int64(3),
        restarts=1,
    )
    record = stored(second)
    again = reproduce(record, units, **given)
    assert (again.plan.alignment == second.plan.alignment).all()
    assert (record.seed, record.restarts, record.stopped_by) == (3, 1, "done")
    assert record.parameters["only"] == ["P", "Q", "R"]


def test_other_inputs_are_named() -> None:
    """Changed units, a moved unit, another team: said at once, each in words."""
    units = cells(40, 5)
    people = Team(pd.DataFrame({"name": ["A", "B"]}, index=["P", "Q"]))
    record = stored(propose(units, team=people, restarts=1))
    changed = units.with_attributes(pd.DataFrame({"potential": 1.0}, index=units.ids))
    other = Team(pd.DataFrame({"name": ["A", "C"]}, index=["P", "Q"]))
    plan = Plan.blank(units, 2)
    with pytest.raises(InputError) as told:
        reproduce(record, changed, team=other, current=plan, offset=np.zeros((2, 1)))
    for what in ("The units are not", "The team is not", "The current plan is", "The offset is"):
        assert what in str(told.value)


@pytest.mark.parametrize("change", ["alignment", "locks", "named", "target"])
def test_every_part_of_the_current_plan_counts(change: str) -> None:
    """Whatever of the plan the engine looks at changes the fingerprint."""
    units = board(3, 4)
    plan = propose(units, territories=2, restarts=1).plan
    record = stored(propose(units, current=plan, restarts=1))
    others = {
        "alignment": plan.move(["a0"], plan.territory_ids[1 - plan.alignment[0]]),
        "locks": plan.with_locks(Locks.of(["a0"])),
        "named": replace(plan, named_accounts={"x": "R"}),
        "target": replace(plan, territories=plan.territories.assign(target=[0.4, 0.6])),
    }
    with pytest.raises(InputError, match="current plan is not what"):
        reproduce(record, units, current=others[change])


def test_a_run_that_was_ended_early_is_not_repeated() -> None:
    """Nobody knows at which chunk it stopped; the record says how it ended."""
    units = board(4, 5)
    record = stored(propose(units, territories=3, cancel=lambda: True))
    assert record.stopped_by == "cancelled"
    with pytest.raises(InputError, match="ended early"):
        reproduce(record, units)


def test_other_versions_are_told() -> None:
    """A plan may differ in details under other packages; that is said, not refused."""
    record = stored(propose(board(3, 3), territories=2, restarts=1))
    assert record.other_versions() == {}
    assert set(record.versions) == {"territory", "python", "numpy", "scipy", "numba"}
    old = replace(record, versions={**record.versions, "numpy": "1.0"})
    assert old.other_versions() == {"numpy": ("1.0", record.versions["numpy"])}
    with pytest.raises(InputError, match="no 'inputs'"):
        RunRecord.from_json({"seed": 1})
