"""Reading revisions back: the chain of a scenario, and the plans along it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.engine import Connection

from territory.errors import StoreCorrupt
from territory.model import Entry, History, Plan, Units
from territory.model.history import LIMIT
from territory.store.payload import Payload, decode
from territory.store.schema import revisions

__all__ = ["Chain", "read_chain", "read_history", "read_plan"]

MOST_AT_ONCE = 500
"""Rows asked for in one query; databases limit the number of parameters."""


@dataclass(frozen=True)
class Link:
    """A revision without its content."""

    id: int
    label: str
    steps: int  # since the last snapshot


@dataclass(frozen=True)
class Chain:
    """The revisions from a scenario's start to its tip; ``head`` is the position of the present."""

    links: tuple[Link, ...]
    head: int

    @property
    def ids_and_steps(self) -> list[tuple[int, int]]:
        """What the journal needs to go on."""
        return [(link.id, link.steps) for link in self.links]


def read_chain(connection: Connection, tip: int, head: int) -> Chain:
    """Walk the parents from the tip to the start; StoreCorrupt where that is impossible."""
    walk = select(revisions.c.id, revisions.c.parent_id).where(revisions.c.id == tip)
    up = walk.cte("up", recursive=True)
    older = select(revisions.c.id, revisions.c.parent_id).where(revisions.c.id == up.c.parent_id)
    up = up.union(older)  # a plain union stops even where damage has made a circle
    query = (
        select(revisions.c.id, revisions.c.label, revisions.c.kind)
        .where(revisions.c.id.in_(select(up.c.id)))
        .order_by(revisions.c.id)  # parents are written before their children
    )
    links: list[Link] = []
    for row in connection.execute(query):
        steps = 0 if row.kind == "snapshot" else (links[-1].steps if links else 0) + 1
        links.append(Link(row.id, row.label, steps))
    where = [i for i, link in enumerate(links) if link.id == head]
    if not where or links[0].steps:
        raise StoreCorrupt(
            "The store is damaged: this scenario has lost its history. Other scenarios may still "
            "open. Put a backup copy of the store in its place."
        )
    return Chain(tuple(links), where[0])


def read_history(connection: Connection, units: Units, chain: Chain) -> History:
    """What undo and redo reach: as many steps back as a session keeps, all steps forward."""
    first = max(0, chain.head - LIMIT)
    start = first - chain.links[first].steps  # the snapshot its plan builds on
    plans = _plans(connection, units, [link.id for link in chain.links[start:]])
    entries = [
        Entry(link.label, plan)
        for link, plan in zip(chain.links[first:], plans[first - start :], strict=True)
    ]
    here = chain.head - first
    return History(tuple(entries[:here]), entries[here], tuple(entries[here + 1 :]))


def read_plan(connection: Connection, units: Units, revision: int) -> Plan:
    """One plan that was saved whole, or any other by way of its chain."""
    links = read_chain(connection, revision, revision).links
    start = len(links) - 1 - links[-1].steps
    return _plans(connection, units, [link.id for link in links[start:]])[-1]


def _plans(connection: Connection, units: Units, ids: Sequence[int]) -> list[Plan]:
    """Plans of consecutive revisions, the first of them a snapshot."""
    out: list[Plan] = []
    columns = (revisions.c.kind, revisions.c.alignment, revisions.c.state)
    for i in range(0, len(ids), MOST_AT_ONCE):
        query = select(*columns).where(revisions.c.id.in_(ids[i : i + MOST_AT_ONCE]))
        for row in connection.execute(query.order_by(revisions.c.id)):
            payload = Payload(row.kind, row.alignment, row.state)
            out.append(decode(units, payload, out[-1] if out else None))
    if len(out) != len(ids):
        raise StoreCorrupt("The store is damaged: revisions of this scenario are missing.")
    return out
