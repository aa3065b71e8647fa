"""Writing a scenario's changes one by one, each in one transaction."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

from sqlalchemy import select, update
from sqlalchemy.engine import Connection

from territory.errors import StoreConflict, StoreError
from territory.model import Change, Plan
from territory.store.database import Database
from territory.store.payload import SNAPSHOT_EVERY, encode
from territory.store.rows import put_event, put_revision
from territory.store.schema import scenarios
from territory.store.text import clock

__all__ = ["Journal"]

CLIENTS_KEPT = 200
"""Map clients remembered a scenario. Each visit to the map is one; only the last can replay."""


class Journal:
    """Saves each change of one open scenario; hand it to ``Workspace.journal``.

    Parameters
    ----------
    database
        Where to write.
    scenario_id
        The scenario.
    rev
        Its ``rev`` when it was read.
    chain
        Revisions from the start to the tip: (id, steps since the last snapshot).
    head
        Position of the present in ``chain``.
    plan
        The present plan.
    """

    def __init__(
        self,
        database: Database,
        scenario_id: str,
        rev: int,
        chain: list[tuple[int, int]],
        head: int,
        plan: Plan,
    ) -> None:
        self.scenario_id = scenario_id
        self._database = database
        self._rev = rev
        self._chain = chain
        self._head = head
        self._plan = plan
        self._units = plan.units
        self._one_at_a_time = threading.Lock()

    def __call__(self, change: Change) -> None:
        """Save a change; when this returns, it is on disk.

        Raises
        ------
        StoreConflict
            If another session changed the scenario meanwhile.
        StoreError
            If it can't be written. In both cases nothing was saved and nothing was lost.
        """
        with self._one_at_a_time:
            self._check_region(change.plan)
            with self._database.write() as connection:
                now = datetime.now(UTC)
                if change.kind == "change":
                    chain, head = self._append(connection, change, now)
                else:
                    chain, head = self._chain, self._moved(change)
                self._advance(connection, change, now, chain[head][0], chain[-1][0])
                put_event(
                    connection,
                    self.scenario_id,
                    now,
                    change.kind,
                    change.label,
                    author=change.author,
                    source=change.source,
                    revision_id=chain[head][0],
                )
            # Only what is on disk is remembered.
            self._chain, self._head, self._rev = chain, head, change.rev
            self._plan = change.plan

    def _check_region(self, plan: Plan) -> None:
        """A plan of other units would be unreadable later."""
        if plan.units is self._units:
            return
        if plan.units.fingerprint != self._units.fingerprint:
            raise StoreError(
                "This plan belongs to another region than its scenario. Save it as a new scenario."
            )
        self._units = plan.units

    def _append(
        self, connection: Connection, change: Change, now: datetime
    ) -> tuple[list[tuple[int, int]], int]:
        """Hang a revision below the head; what was undone is no longer ahead."""
        parent_id, steps = self._chain[self._head]
        payload = encode(change.plan, None if steps + 1 >= SNAPSHOT_EVERY else self._plan)
        revision = put_revision(
            connection,
            self.scenario_id,
            change.label,
            payload,
            now,
            parent_id,
            change.rev,
            change.run,
        )
        entry = (revision, 0 if payload.kind == "snapshot" else steps + 1)
        return [*self._chain[: self._head + 1], entry], self._head + 1

    def _moved(self, change: Change) -> int:
        """Where undo or redo leads."""
        head = self._head + (-1 if change.kind == "undo" else 1)
        if not 0 <= head < len(self._chain):
            raise StoreError(f"The store has nothing to {change.kind} here. Reload the page.")
        return head

    def _advance(
        self, connection: Connection, change: Change, now: datetime, head_id: int, tip_id: int
    ) -> None:
        """Move the scenario on, unless somebody else has."""
        row = {
            "rev": change.rev,
            "updated_at": now,
            "head_id": head_id,
            "tip_id": tip_id,
            "acks": dict(list(change.acks.items())[-CLIENTS_KEPT:]),
        }
        mine = (
            (scenarios.c.id == self.scenario_id)
            & (scenarios.c.rev == change.rev - 1)
            & (scenarios.c.status != "approved")
            & scenarios.c.deleted_at.is_(None)
        )
        done = connection.execute(update(scenarios).where(mine).values(row))
        if done.rowcount != 1 or change.rev - 1 != self._rev:
            raise self._refusal(connection)

    def _refusal(self, connection: Connection) -> StoreError:
        """Why the scenario could not be moved on."""
        there = connection.execute(
            select(scenarios.c.updated_at, scenarios.c.status, scenarios.c.deleted_at).where(
                scenarios.c.id == self.scenario_id
            )
        ).one_or_none()
        if there is None or there.deleted_at is not None:
            return StoreError(
                "This scenario was deleted, so the step was not saved. Bring it back on the page "
                "Scenarios, or save your work as a new scenario."
            )
        if there.status == "approved":
            return StoreError(
                "This scenario is approved, so it stays as it is and the step was not saved. "
                "Duplicate it on the page Scenarios to go on."
            )
        when = there.updated_at
        return StoreConflict(
            f"This scenario was changed in another window or by another person at {clock(when)}. "
            "Your last step was not saved and nothing was overwritten. Reload the page to go on "
            "from there, or save your work as a new scenario."
        )
