"""Messages of the map: coded and read without trusting the sender."""

from __future__ import annotations

import base64

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from territory.mapview.messages import (
    decode_runs,
    encode_alignment,
    encode_changes,
    encode_runs,
    read_message,
)

N, K = 12, 3
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=12,
)
ALIGNMENT = st.lists(st.integers(-1, K - 1), min_size=N, max_size=N).map(np.array)


@given(st.sets(st.integers(0, N - 1)))
def test_runs_bring_back_the_same_positions(positions):
    """Any set of positions survives coding, sorted."""
    assert decode_runs(encode_runs(tuple(positions)), N) == tuple(sorted(positions))


def test_runs_out_of_range_are_refused():
    """Positions that no unit has, or no numbers at all, are no positions."""
    for runs in ([[11, 2]], [[-1, 1]], [[0, 0]], [[True, 1]], [[0]], [0, 1], "x", None, [[0.5, 1]]):
        assert decode_runs(runs, N) is None


@given(ALIGNMENT, ALIGNMENT)
def test_changes_lead_from_one_alignment_to_the_other(before, after):
    """Filling the stretches in order turns before into after."""
    out = before.copy()
    for first, count, to in encode_changes(before, after):
        out[first : first + count] = to
    assert (out == after).all()


def test_alignment_is_little_endian_int16():
    """Unassigned is -1 on both sides."""
    raw = base64.b64decode(encode_alignment(np.array([-1, 0, 258])))
    assert raw == b"\xff\xff\x00\x00\x02\x01"


@given(ANYTHING)
def test_any_value_is_read_without_an_error(raw):
    """Whatever a browser sends is a message or nothing."""
    assert read_message(raw, N, K) is None or read_message(raw, N, K).client


@given(
    ops=st.lists(ANYTHING, max_size=4)
    | st.lists(
        st.fixed_dictionaries(
            {"seq": ANYTHING, "kind": ANYTHING | st.just("click"), "to": ANYTHING, "ix": ANYTHING}
        ),
        max_size=4,
    ),
    rev=ANYTHING,
    active=ANYTHING,
)
def test_operations_that_are_read_fit_the_plan(ops, rev, active):
    """What comes through names units and territories that exist, each seq once, in order."""
    raw = {"v": 1, "plan": "p", "client": "c", "rev": rev, "active": active, "ops": ops}
    message = read_message(raw, N, K)
    assert message is not None
    seqs = [op.seq for op in message.ops]
    assert seqs == sorted(set(seqs))
    for op in message.ops:
        assert all(0 <= i < N for i in op.ix)
        assert -1 <= op.to < K
    assert message.active is None or 0 <= message.active < K


def test_an_unknown_kind_is_refused_with_a_reason():
    """It is answered, so that the browser stops repeating it."""
    raw = {"v": 1, "plan": "p", "client": "c", "ops": [{"seq": 3, "kind": "drop table"}]}
    message = read_message(raw, N, K)
    assert message is not None and not message.ops
    assert [r.seq for r in message.rejects] == [3]
    assert message.rejects[0].reason
