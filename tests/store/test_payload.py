"""One revision as bytes and back."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from territory.errors import StoreCorrupt
from territory.model import Locks, Plan
from territory.store.payload import Payload, decode, encode
from tests.store.same import same_plan


def test_small_change_is_a_delta(plan: Plan) -> None:
    """A stroke stores the positions that moved and nothing else."""
    after = plan.move(["00000", "00007"], "T03")
    payload = encode(after, plan)
    assert (payload.kind, payload.state) == ("delta", None)
    assert same_plan(decode(plan.units, payload, plan), after)


def test_no_change_at_all_is_possible(plan: Plan) -> None:
    """An accepted change that moves nothing comes back as the same plan."""
    payload = encode(replace(plan), plan)
    assert same_plan(decode(plan.units, payload, plan), plan)


def test_large_change_is_a_snapshot(plan: Plan) -> None:
    """Where nearly all units move, everything is stored and no parent is needed."""
    after = plan.with_alignment(np.full(plan.units.n, -1))
    payload = encode(after, plan)
    assert payload.kind == "snapshot"
    assert same_plan(decode(plan.units, payload, None), after)


def test_locks_names_and_territories_travel_when_they_change(plan: Plan) -> None:
    """Each part of the state is stored with the revision that changed it."""
    locked = replace(plan, locks=Locks.of(["00001"], ["T02"], ["a1"]), named_accounts={"a1": "r2"})
    extra = pd.DataFrame(
        {"name": ["</script>"], "rep_id": [""], "target": [1 / 3], "colour": ["#000000"]},
        index=["T04"],
    )
    grown = replace(locked, territories=pd.concat([locked.territories, extra]))
    first, second = encode(locked, plan), encode(grown, locked)
    assert set(first.state or {}) == {"locks", "named_accounts"}
    assert set(second.state or {}) == {"territories"}
    again = decode(plan.units, second, decode(plan.units, first, plan))
    assert same_plan(again, grown)


def test_plan_without_territories(plan: Plan) -> None:
    """The empty plan of a new region is stored like any other."""
    empty = Plan.blank(plan.units, 0)
    assert same_plan(decode(plan.units, encode(empty, None), None), empty)


@pytest.mark.parametrize(
    "payload",
    [
        Payload("snapshot", b"not zlib", {}),
        Payload("delta", b"", None),
        Payload("snapshot", encode.__doc__.encode(), None),  # type: ignore[union-attr]
    ],
)
def test_damaged_revision_is_named_so(plan: Plan, payload: Payload) -> None:
    """Bytes that are no revision raise StoreCorrupt."""
    with pytest.raises(StoreCorrupt):
        decode(plan.units, payload, plan)


def test_delta_without_predecessor(plan: Plan) -> None:
    """A delta means nothing without the plan it starts from."""
    payload = encode(plan.move(["00000"], "T03"), plan)
    with pytest.raises(StoreCorrupt, match="predecessor"):
        decode(plan.units, payload, None)
