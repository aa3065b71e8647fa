"""What the server does with the map's messages.

``receive`` drives a Workspace with the operations of gestures.py: each once, in order, one undo
entry each, whatever the browser sent twice, late or not at all. Nothing a browser sends raises
here.
"""

from __future__ import annotations

import hashlib
import json
import logging
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from territory.errors import PlanError, StoreError
from territory.mapview.gestures import apply, gesture_label
from territory.mapview.look import parts_of
from territory.mapview.messages import (
    VERSION,
    Message,
    Op,
    Reject,
    encode_alignment,
    encode_changes,
    read_message,
)
from territory.model.plan import Plan
from territory.model.workspace import Workspace

__all__ = ["MapSession", "patch", "plan_id", "receive"]

log = logging.getLogger(__name__)

REMEMBERED = 32
"""Alignments a session keeps so that it can send differences only."""
CLIENTS = 16
"""Browsers whose last gesture is remembered."""
WHOLE = 1 / 3
"""Share of changed units above which the whole alignment is sent."""
CHANGED = "Somebody else changed this plan a moment ago. Look at it first,"


class SentLook(NamedTuple):
    """What is remembered of a look: its territories, and a hash of each part."""

    territory_ids: tuple[str, ...]
    parts: dict[str, str]


@dataclass
class MapSession:
    """What one page remembers about the maps it talks to; lost with the page, never saved.

    ``sent`` maps a revision to the alignment it had, ``looks`` a look's id to what it said: what a
    number means depends on which territories the browser had. ``pick`` counts how
    often the page itself chose the active territory, ``rejects`` are those of the last message
    that brought operations. ``point`` is the unit to go to when the map opens.
    """

    sent: dict[int, NDArray[np.int16]] = field(default_factory=dict)
    looks: dict[str, SentLook] = field(default_factory=dict)
    plan: str = ""
    client: str = ""
    rejects: list[Reject] = field(default_factory=list)
    pick: int = 0
    point: str = ""
    seen_rev: int = -1
    seen_look: str = ""
    fresh: bool = False
    last: str = ""

    def turn_to(self, plan: str) -> None:
        """Forget what was said about another plan."""
        if self.plan != plan:
            self.plan, self.rejects, self.fresh = plan, [], False
            self.sent.clear()
            self.looks.clear()

    def territories_of(self, look: object, plan: Plan) -> tuple[str, ...]:
        """Territory ids in the order a browser with this look knows them."""
        known = self.looks.get(look) if isinstance(look, str) else None
        return plan.territory_ids if known is None else known.territory_ids


def plan_id(workspace: Workspace) -> str:
    """Names the plan in messages: another scenario or region drops what is under way."""
    which = workspace.scenario_id or f"open{id(workspace):x}"
    if workspace.share:  # who only looks is not told the address that opens it for changes
        which = hashlib.sha256(which.encode()).hexdigest()[:16]
    return f"{which}-{workspace.plan.units.fingerprint[:12]}"


def receive(workspace: Workspace, session: MapSession, raw: object, stale: bool = False) -> bool:
    """Carry out what a browser asks for, each operation once.

    Parameters
    ----------
    workspace
        Changed through its own change, undo and redo, which save first.
    session
        Remembers what the browser knows, for the answer.
    raw
        Any JSON value.
    stale
        The plan was brought up to date for this message: nobody has seen it on the map yet, so
        undo and redo would concern something else than what was meant.

    Returns
    -------
    True when the message chose another active territory.
    """
    plan = workspace.plan
    numbered = session.territories_of(raw.get("look") if isinstance(raw, dict) else None, plan)
    message = read_message(raw, plan.units.n, len(numbered))
    if message is None or message.plan != plan_id(workspace):
        return False
    # The page hands over the last message again in every run; only a new one says what the
    # browser has.
    stamp = json.dumps(raw, sort_keys=True, default=str)
    if stamp == session.last:
        return False
    session.turn_to(message.plan)
    session.last, session.fresh = stamp, True
    session.client, session.seen_rev = message.client, message.rev
    session.seen_look = message.look
    # Before the operations: a new territory is the active one from then on.
    chosen = _choose(workspace, None if message.active is None else numbered[message.active])
    if message.ops or message.rejects:
        done = _carry_out(workspace, message, numbered, stale)
        session.rejects = [*_refused(workspace, message), *done]
    return chosen


def _choose(workspace: Workspace, territory_id: str | None) -> bool:
    """Make a territory the active one; False where it is, or is no more."""
    if territory_id not in workspace.plan.territories.index:
        return False
    before, workspace.active = workspace.active, workspace.plan.position_of(territory_id)
    return before != workspace.active


def _refused(workspace: Workspace, message: Message) -> list[Reject]:
    """Malformed operations: refused once, then acknowledged with the rest."""
    known = workspace.acks.get(message.client, 0)
    last = max((r.seq for r in message.rejects), default=0)
    if last > known and not message.ops:
        _acknowledge(workspace, message.client, last)
    return [r for r in message.rejects if r.seq > known]


def _acknowledge(workspace: Workspace, client: str, seq: int) -> None:
    """Nothing changed, so nothing is saved: only this browser needs to know."""
    acks = {k: v for k, v in workspace.acks.items() if k != client}
    for oldest in list(acks)[: max(0, len(acks) - CLIENTS + 1)]:
        del acks[oldest]
    workspace.acks = {**acks, client: seq}


def _carry_out(
    workspace: Workspace, message: Message, numbered: tuple[str, ...], stale: bool
) -> list[Reject]:
    """The operations in order; ``numbered`` are the territory ids their numbers stand for."""
    rejects: list[Reject] = []
    for op in message.ops:
        if op.seq <= workspace.acks.get(message.client, 0):
            continue
        if stale and op.kind in ("undo", "redo"):
            rejects.append(Reject(op.seq, f"{CHANGED} then {op.kind} again."))
            _acknowledge(workspace, message.client, op.seq)
            continue
        try:
            # Looked up each time: an undo before it may have brought territories back.
            to, back = (
                workspace.plan.position_of(numbered[t] if t >= 0 else None)
                for t in (op.to, op.back)
            )
            rejects += _one(workspace, replace(op, to=to, back=back), {message.client: op.seq})
        except StoreError as error:
            # Not acknowledged as done: the browser takes it back and says so.
            rejects.append(Reject(op.seq, f"Not saved, so not changed. {error}", op.ix))
        except PlanError as error:
            rejects.append(Reject(op.seq, str(error), op.ix))
        except Exception:
            # Whatever it is, it must not take the map away: the details go to the log.
            log.exception("A gesture on the map failed.")
            rejects.append(Reject(op.seq, "That could not be done; the plan is unchanged.", op.ix))
        if workspace.acks.get(message.client, 0) < op.seq:
            _acknowledge(workspace, message.client, op.seq)
    return rejects


def _one(workspace: Workspace, op: Op, acks: dict[str, int]) -> list[Reject]:
    """One operation through the workspace; PlanError or StoreError leave it as it was."""
    if op.kind == "undo":
        workspace.undo(acks)
        return []
    if op.kind == "redo":
        workspace.redo(acks)
        return []
    before, accounts = workspace.plan, workspace.project.accounts
    after, rejects = apply(before, [op], accounts, workspace.baseline.territory_ids)
    if after is not before:
        settings = workspace.project.settings
        words = settings.word("unit"), settings.word("units")
        workspace.change(gesture_label(op, before, after, *words), after, acks)
    if op.kind == "new" and after.k > before.k:
        workspace.active = after.k - 1
    return rejects


def _news(session: MapSession, shown: dict[str, Any]) -> dict[str, Any]:
    """The look, or what differs from the one the browser has: a lock need not send the names."""
    before = session.looks.get(session.seen_look) if session.fresh else None
    if before is None:
        return shown
    now = session.looks[shown["id"]].parts
    changed = {name: shown[name] for name in now if now[name] != before.parts.get(name)}
    return {"id": shown["id"], "base": session.seen_look, **changed}


def patch(workspace: Workspace, session: MapSession, shown: dict[str, Any]) -> dict[str, Any]:
    """What the browser needs now: differences where it said what it has, else everything."""
    alignment = workspace.plan.alignment.astype(np.int16)
    plan, rev = plan_id(workspace), workspace.rev
    session.turn_to(plan)
    ids = workspace.plan.territory_ids
    if session.looks and next(reversed(session.looks.values())).territory_ids != ids:
        session.pick += 1  # the active territory may have another number now
    known = session.looks.pop(shown["id"], None)
    session.looks[shown["id"]] = known or SentLook(ids, parts_of(shown))
    for stale in list(session.looks)[:-REMEMBERED]:
        del session.looks[stale]
    session.sent.pop(rev, None)
    session.sent[rev] = alignment
    for oldest in list(session.sent)[:-REMEMBERED]:
        del session.sent[oldest]
    out: dict[str, Any] = {
        "v": VERSION,
        "plan": plan,
        "rev": rev,
        "client": session.client,
        "ack": workspace.acks.get(session.client, 0),
        "active": workspace.active,
        "pick": session.pick,
        "rejects": [r.as_json() for r in session.rejects],
    }
    base = session.sent.get(session.seen_rev) if session.fresh else None
    if base is None or (base != alignment).mean() > WHOLE:
        out["alignment"] = encode_alignment(alignment)
    else:
        out |= {"base": session.seen_rev, "changes": encode_changes(base, alignment)}
    if not session.fresh or session.seen_look != shown["id"]:
        out["look"] = _news(session, shown)
    session.fresh = False
    return out
