"""What people say about a scenario: comments, requests for changes, and who may look at it."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import Table, select, update

from territory.errors import StoreError
from territory.store.database import Database
from territory.store.rows import get_scenario, inserted, put_event
from territory.store.schema import comments, requests, shares
from territory.store.text import clean

__all__ = ["About", "ChangeRequest", "Comment", "Talk"]

About = Literal["scenario", "territory", "unit", "account", "finding"]


@dataclass(frozen=True)
class Comment:
    """Something said about a scenario or a part of it; open until ``resolved_at``."""

    id: int
    about: About
    about_id: str
    text: str
    author: str
    created_at: datetime
    resolved_at: datetime | None
    resolved_by: str | None


@dataclass(frozen=True)
class ChangeRequest:
    """Units that somebody wants to see in another territory (None: in none)."""

    id: int
    unit_ids: tuple[str, ...]
    territory_id: str | None
    text: str
    author: str
    created_at: datetime
    status: Literal["open", "approved", "declined"]
    reason: str
    decided_at: datetime | None
    decided_by: str | None


class Talk:
    """Comments, change requests and read-only links of scenarios."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def say(
        self,
        scenario_id: str,
        text: str,
        author: str,
        about: About = "scenario",
        about_id: str = "",
    ) -> int:
        """A comment; its id. StoreError where there is nothing in it."""
        row = {"about": about, "about_id": clean(about_id), "text": _words(text)}
        return self._add(scenario_id, comments, row, author)

    def comments(self, scenario_id: str) -> tuple[Comment, ...]:
        """All comments of a scenario, oldest first."""
        return tuple(
            Comment(
                r.id,
                r.about,
                r.about_id,
                r.text,
                r.author,
                r.created_at,
                r.resolved_at,
                r.resolved_by,
            )
            for r in self._rows(scenario_id, comments)
        )

    def resolve(self, comment_id: int, author: str, resolved: bool = True) -> None:
        """Close a comment, or open it again."""
        values = {
            "resolved_at": datetime.now(UTC) if resolved else None,
            "resolved_by": clean(author) if resolved else None,
        }
        with self._database.write() as connection:
            one = comments.c.id == comment_id
            connection.execute(update(comments).where(one).values(values))

    def request(
        self,
        scenario_id: str,
        unit_ids: Sequence[str],
        territory_id: str | None,
        text: str,
        author: str,
    ) -> int:
        """Ask for a change of the plan; its id. StoreError where no unit is named."""
        if not unit_ids:
            raise StoreError("A request names at least one unit. Select some on the map.")
        row = {
            "unit_ids": [clean(u) for u in unit_ids],
            "territory_id": territory_id,
            "text": clean(text),
            "status": "open",
            "reason": "",
        }
        return self._add(scenario_id, requests, row, author)

    def requests(self, scenario_id: str) -> tuple[ChangeRequest, ...]:
        """All requests of a scenario, oldest first."""
        return tuple(
            ChangeRequest(
                r.id,
                tuple(r.unit_ids),
                r.territory_id,
                r.text,
                r.author,
                r.created_at,
                r.status,
                r.reason,
                r.decided_at,
                r.decided_by,
            )
            for r in self._rows(scenario_id, requests)
        )

    def decide(self, request_id: int, approve: bool, author: str, reason: str = "") -> None:
        """Approve or decline a request, once; declining needs a reason.

        The change itself is the caller's to make first, so that what is approved has happened.
        """
        if not approve and not reason.strip():
            raise StoreError("Say why: whoever asked will want to know.")
        words, now = ("approved" if approve else "declined"), datetime.now(UTC)
        values = {
            "status": words,
            "reason": clean(reason),
            "decided_at": now,
            "decided_by": clean(author),
        }
        with self._database.write() as connection:
            one = (requests.c.id == request_id) & (requests.c.status == "open")
            done = connection.execute(update(requests).where(one).values(values))
            if done.rowcount != 1:
                raise StoreError("This request was decided already.")
            row = connection.execute(select(requests).where(requests.c.id == request_id)).one()
            label = f"Request of {row.author or 'somebody'} {words}" + (
                f": {clean(reason)}" if reason.strip() else ""
            )
            put_event(connection, row.scenario_id, now, "request", label, author=author)

    def share(self, scenario_id: str, author: str) -> str:
        """A token for a link that shows the scenario and can change nothing.

        Only its hash is stored, so that a copy of the store opens nothing.
        """
        token = secrets.token_urlsafe(18)
        self._add(scenario_id, shares, {"token_sha256": _sha256(token)}, author)
        return token

    def shared(self, token: str) -> str | None:
        """The scenario a token shows; None where it shows none (any more)."""
        query = select(shares.c.scenario_id).where(
            (shares.c.token_sha256 == _sha256(token)) & shares.c.revoked_at.is_(None)
        )
        with self._database.read() as connection:
            return connection.scalar(query)

    def shares(self, scenario_id: str) -> int:
        """How many links show this scenario."""
        return sum(row.revoked_at is None for row in self._rows(scenario_id, shares))

    def unshare(self, scenario_id: str) -> None:
        """Make all links to this scenario lead nowhere."""
        with self._database.write() as connection:
            live = (shares.c.scenario_id == scenario_id) & shares.c.revoked_at.is_(None)
            now = datetime.now(UTC)
            connection.execute(update(shares).where(live).values(revoked_at=now))

    def _add(self, scenario_id: str, table: Table, row: dict[str, Any], author: str) -> int:
        with self._database.write() as connection:
            get_scenario(connection, scenario_id)
            told = {
                "scenario_id": scenario_id,
                "created_at": datetime.now(UTC),
                "author": clean(author),
            }
            return inserted(connection, table, {**told, **row})

    def _rows(self, scenario_id: str, table: Table) -> Sequence[Any]:
        query = select(table).where(table.c.scenario_id == scenario_id).order_by(table.c.id)
        with self._database.read() as connection:
            return connection.execute(query).all()


def _words(text: str) -> str:
    if not text.strip():
        raise StoreError("There is nothing in this comment. Write a word or two.")
    return clean(text)


def _sha256(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
