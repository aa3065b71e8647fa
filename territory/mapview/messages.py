"""What the map and the server say to each other, read without trusting the sender.

From the browser, every operation that has not been acknowledged::

    {v, plan, client, rev, look, active, ops: [{seq, kind, to, ix: [[first, count], …],
     connected?, back?, others?: [[first, count], …], name?}]}

To the browser, what is new since the revision it said it has, or the whole alignment::

    {v, plan, rev, client, ack, active, pick,
     base, changes: [[first, count, territory], …]  |  alignment: "<base64 int16>",
     look?: {id, base?, territories, baseline, locked, …}, hints?, rejects: [{seq, reason, ix}]}

A look with ``base`` holds only what differs from the look of that id. ``hints`` are moves and
swaps, best first: [[[unit, territory], …], …], null while the engine gets ready.
``ix`` and ``changes`` are run-length coded over unit positions, whose order is that of the plan.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "ASSIGN",
    "KINDS",
    "LOCK",
    "LOCKS",
    "LOCK_ACCOUNTS",
    "LOCK_ALL",
    "LOCK_TERRITORY",
    "VERSION",
    "Message",
    "Op",
    "Reject",
    "decode_runs",
    "encode_alignment",
    "encode_changes",
    "encode_runs",
    "read_message",
]

VERSION = 1
ASSIGN = frozenset({"click", "brush", "erase", "lasso", "box", "group", "drag", "list", "hint"})
"""Gestures that give units to a territory; they differ only in how the units were chosen."""
LOCK = frozenset({"lock", "unlock"})
LOCK_TERRITORY = frozenset({"lock territory", "unlock territory"})
LOCK_ACCOUNTS = frozenset({"lock accounts", "unlock accounts"})
LOCK_ALL = frozenset({"lock all", "unlock all", "invert locks"})
LOCKS = LOCK | LOCK_TERRITORY | LOCK_ACCOUNTS | LOCK_ALL
KINDS = ASSIGN | LOCKS | {"swap", "new", "undo", "redo"}
LONGEST = 200
"""Letters of a name that are read at all; the plan wants fewer."""
MOST_OPS = 500
MOST_SEQ = 2**53


@dataclass(frozen=True)
class Op:
    """One gesture: the units at positions ``ix`` go to territory ``to`` (-1: unassigned).

    ``connected``: only where no territory comes apart by it. A swap also gives the units
    ``others`` to territory ``back``. ``name`` is that of a new territory.
    """

    seq: int
    kind: str
    to: int = -1
    ix: tuple[int, ...] = ()
    connected: bool = False
    back: int = -1
    others: tuple[int, ...] = ()
    name: str = ""


@dataclass(frozen=True)
class Reject:
    """What was not done, and why, in words for the person who tried."""

    seq: int
    reason: str
    ix: tuple[int, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Plain values for the browser."""
        return {"seq": self.seq, "reason": self.reason, "ix": encode_runs(self.ix)}


@dataclass(frozen=True)
class Message:
    """What a browser sent, as far as it made sense; ``rejects`` is what did not."""

    plan: str
    client: str
    rev: int
    look: str
    active: int | None
    ops: tuple[Op, ...]
    rejects: tuple[Reject, ...] = ()


def _whole(value: object, low: int, high: int) -> int | None:
    """The value where it is a whole number in low..high; True is no number here."""
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if low <= value <= high else None


def encode_runs(positions: NDArray[np.integer] | tuple[int, ...]) -> list[list[int]]:
    """Sorted positions as [first, count] pairs."""
    ix = np.unique(np.asarray(positions, dtype=np.int64))
    if not len(ix):
        return []
    begin = np.flatnonzero(np.r_[True, np.diff(ix) != 1])
    count = np.diff(np.r_[begin, len(ix)])
    return [[int(a), int(c)] for a, c in zip(ix[begin], count, strict=True)]


def decode_runs(runs: object, n: int) -> tuple[int, ...] | None:
    """Positions in 0..n-1, sorted and unique; None where the input is anything else."""
    if not isinstance(runs, list) or len(runs) > n:
        return None
    chosen = np.zeros(n, bool)
    for run in runs:
        if not isinstance(run, list) or len(run) != 2:
            return None
        first, count = _whole(run[0], 0, n - 1), _whole(run[1], 1, n)
        if first is None or count is None or first + count > n:
            return None
        chosen[first : first + count] = True
    return tuple(np.flatnonzero(chosen).tolist())


def encode_changes(before: NDArray[np.integer], after: NDArray[np.integer]) -> list[list[int]]:
    """[first, count, territory] for the stretches in which two alignments differ."""
    ix = np.flatnonzero(np.asarray(before) != np.asarray(after))
    if not len(ix):
        return []
    to = np.asarray(after)[ix]
    begin = np.flatnonzero(np.r_[True, (np.diff(ix) != 1) | (np.diff(to) != 0)])
    count = np.diff(np.r_[begin, len(ix)])
    return [[int(ix[b]), int(c), int(to[b])] for b, c in zip(begin, count, strict=True)]


def encode_alignment(alignment: NDArray[np.integer]) -> str:
    """The whole alignment as base64 of little-endian int16."""
    return base64.b64encode(np.asarray(alignment).astype("<i2").tobytes()).decode()


def _read_op(raw: object, n: int, k: int) -> Op | Reject | None:
    """An operation, a reason why not, or nothing where it has no number to answer to."""
    seq = _whole(raw.get("seq"), 1, MOST_SEQ) if isinstance(raw, Mapping) else None
    if seq is None or not isinstance(raw, Mapping):
        return None
    kind = raw.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        return Reject(seq, "The map asked for something this version does not know.")
    if kind in ("undo", "redo") or kind in LOCK_ALL:
        return Op(seq, kind)
    to, ix = _whole(raw.get("to"), -1, k - 1), decode_runs(raw.get("ix"), n)
    others = decode_runs(raw.get("others", []), n)
    back = _whole(raw.get("back", -1), -1, k - 1)
    if to is None or ix is None or back is None or others is None:
        return Reject(seq, "The map named a unit or territory that is not in this plan.")
    name = raw.get("name")
    name = name[:LONGEST] if kind == "new" and isinstance(name, str) else ""
    return Op(seq, kind, to, ix, raw.get("connected") is True, back, others, name)


def read_message(raw: object, n: int, k: int) -> Message | None:
    """A message from the browser, or None where it is not even the shape of one.

    Parameters
    ----------
    raw
        What the component handed over: any JSON value.
    n, k
        Units and territories of the plan.

    Returns
    -------
    Message with the operations that make sense, in order of seq, each seq once.
    """
    if not isinstance(raw, Mapping) or raw.get("v") != VERSION:
        return None
    plan, client, ops = raw.get("plan"), raw.get("client"), raw.get("ops")
    if not isinstance(plan, str) or not isinstance(client, str) or not 0 < len(client) <= 64:
        return None
    rev, look = _whole(raw.get("rev"), -1, MOST_SEQ), raw.get("look")
    found: dict[int, Op | Reject] = {}
    for entry in ops[:MOST_OPS] if isinstance(ops, list) else ():
        op = _read_op(entry, n, k)
        if op is not None:
            found.setdefault(op.seq, op)
    ordered = [found[seq] for seq in sorted(found)]
    return Message(
        plan=plan,
        client=client,
        rev=-1 if rev is None else rev,
        look=look if isinstance(look, str) else "",
        active=_whole(raw.get("active"), 0, max(k - 1, 0)) if k else None,
        ops=tuple(op for op in ordered if isinstance(op, Op)),
        rejects=tuple(r for r in ordered if isinstance(r, Reject)),
    )
