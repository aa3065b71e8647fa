"""A whole project as one file and back: data, scenarios, history, comments.

The file is a zip. ``manifest.json`` names the format and every other member with its SHA-256; the
tables are JSON, the data and the alignments are kept as the bytes they are in the store. Reading
one trusts nothing: names, sizes and hashes are checked before anything is unpacked, numbers are
given anew, and every scenario is opened once before the import counts.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, get_args

from sqlalchemy import Connection, RowMapping, Table, insert, select, update
from sqlalchemy.exc import StatementError

from territory.errors import StoreCorrupt, StoreError
from territory.model import fits
from territory.store import codec
from territory.store.chain import read_chain, read_history, read_plan
from territory.store.database import Database
from territory.store.rows import get_dataset, get_scenario, inserted, new_id, put_dataset
from territory.store.scenarios import Status
from territory.store.schema import (
    Moment,
    comments,
    events,
    marks,
    project_datasets,
    projects,
    requests,
    revisions,
    scenarios,
)
from territory.store.talk import About

__all__ = ["MOST_BYTES", "Transfer"]

FORMAT = 1
MANIFEST = "manifest.json"
MOST_BYTES = 2_000_000_000
"""Unpacked. The largest real project (33,000 areas, 200,000 accounts) has about 60 MB."""
MOST_RATIO = 60
"""Unpacked against packed: what is inside is mostly compressed already."""
MOST_MEMBERS = 64
TOLD: tuple[Table, ...] = (events, marks, comments, requests)
"""Tables of what happened and was said; links to look at a scenario stay behind."""
UNREADABLE = (KeyError, TypeError, ValueError, AttributeError, IndexError, RecursionError)
"""What JSON of another shape than ours makes the code below raise."""


class Transfer:
    """Projects leaving a store and coming into one."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def dump(self, project_id: str) -> bytes:
        """A project as a file."""
        members: dict[str, bytes] = {}
        with self._database.read() as connection:
            one = connection.execute(select(projects).where(projects.c.id == project_id))
            project = _plain(one.mappings().one())
            project["settings"] = {**project["settings"], "files": {}}  # paths mean nothing there
            links = connection.execute(
                select(project_datasets).where(project_datasets.c.project_id == project_id)
            ).all()
            for link in links:
                members[f"data/{link.kind}"] = get_dataset(connection, link.sha256)
            chosen = select(scenarios.c.id).where(scenarios.c.project_id == project_id)
            tables: dict[str, Any] = {"project": project}
            mine = select(scenarios).where(scenarios.c.project_id == project_id)
            tables["scenarios"] = _rows(connection, mine)
            for table in (revisions, *TOLD):
                told = select(table).where(table.c.scenario_id.in_(chosen)).order_by(table.c.id)
                tables[table.name] = _rows(connection, told)
        members["tables.json"] = json.dumps(tables).encode()
        manifest = {
            "format": FORMAT,
            "what": "Territory Workbench project",
            "members": {
                name: hashlib.sha256(content).hexdigest() for name, content in members.items()
            },
        }
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(MANIFEST, json.dumps(manifest, indent=1))
            for name, content in members.items():
                archive.writestr(name, content)
        return out.getvalue()

    def load(self, content: bytes, file: str = "The project file") -> tuple[str, ...]:
        """Take a project file in, as a project of its own; the ids of its scenarios.

        Raises
        ------
        StoreError
            If the file is no project file, of a newer format, damaged or too large. Nothing of it
            is kept then.
        """
        members = _members(content, file)
        try:
            tables = json.loads(members.pop("tables.json"))
            data = {name.removeprefix("data/"): value for name, value in members.items()}
            with self._database.write() as connection:
                return _take_in(connection, tables, data)
        except StoreCorrupt as error:
            raise StoreError(f"{file} can't be taken in: {_reason(error)}. {UNTOUCHED}") from error
        except (*UNREADABLE, StatementError) as error:
            raise StoreError(f"{file} can't be taken in: {error!r}. {UNTOUCHED}") from error


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(text, str) for text in value)


SHAPES: Mapping[tuple[str, str], Callable[[Any], bool]] = {
    ("scenarios", "tags"): _texts,
    ("scenarios", "status"): lambda value: value in get_args(Status),
    ("requests", "unit_ids"): _texts,
    ("comments", "about"): lambda value: value in get_args(About),
    ("revisions", "run"): lambda value: value is None or isinstance(value, dict),
}
"""What pages rely on and a column's type does not say: one odd row would break a whole list."""

UNTOUCHED = "Your work is untouched. Export the project again where it came from."


def _reason(error: Exception) -> str:
    return str(error).replace("The store is damaged: ", "").rstrip(".")


def _members(content: bytes, file: str) -> dict[str, bytes]:
    """The members of a project file, each checked before it is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = archive.infolist()
            whole = sum(i.file_size for i in infos)
            swollen = whole > 10_000_000 and whole > MOST_RATIO * max(len(content), 1)
            if len(infos) > MOST_MEMBERS or whole > MOST_BYTES or swollen:
                raise StoreError(f"{file} is too large for a project file. {UNTOUCHED}")
            manifest = json.loads(archive.read(MANIFEST))
            if int(manifest["format"]) > FORMAT:
                raise StoreError(
                    f"{file} was written by a newer Territory Workbench. Update with: "
                    "pip install --upgrade territory-workbench."
                )
            wanted: dict[str, str] = dict(manifest["members"])
            names = [info.filename for info in infos if info.filename != MANIFEST]
            if sorted(names) != sorted(wanted) or "tables.json" not in wanted:
                raise StoreError(f"{file} does not hold what its list says. {UNTOUCHED}")
            members = {name: archive.read(name) for name in names}
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError) as error:
        raise StoreError(f"{file} is damaged or no zip file: {error}. {UNTOUCHED}") from error
    except (*UNREADABLE, OSError, RuntimeError) as error:
        raise StoreError(f"{file} is no project file of ours. {UNTOUCHED}") from error
    for name, value in members.items():
        if hashlib.sha256(value).hexdigest() != wanted[name]:
            raise StoreError(f"{file} is damaged in {name}. {UNTOUCHED}")
    return members


def _take_in(
    connection: Connection, tables: Mapping[str, Any], data: Mapping[str, bytes]
) -> tuple[str, ...]:
    """Write everything under new ids, then open every scenario once."""
    now = datetime.now(UTC)
    project_id = new_id()
    project = _row(projects, tables["project"])
    project |= {"id": project_id, "source": "upload", "last_opened": now}
    project["settings"] = _settings(project["settings"])
    connection.execute(insert(projects).values(project))
    for kind, value in data.items():
        sha256 = hashlib.sha256(value).hexdigest()
        put_dataset(connection, kind, sha256, value, now)
        link = {"project_id": project_id, "kind": kind, "sha256": sha256}
        connection.execute(insert(project_datasets).values(link))
    scenario_ids = _scenarios(connection, tables["scenarios"], project_id)
    revision_ids = _revisions(connection, tables["revisions"], scenario_ids)
    for old, row in zip(scenario_ids, tables["scenarios"], strict=True):
        heads = {c: revision_ids[row[c]] for c in ("head_id", "tip_id", "baseline_id")}
        mine = scenarios.c.id == scenario_ids[old]
        connection.execute(update(scenarios).where(mine).values(heads))
    for table in TOLD:
        for told in tables[table.name]:
            values = _row(table, told) | {"scenario_id": scenario_ids[told["scenario_id"]]}
            if told.get("revision_id") is not None:
                values["revision_id"] = revision_ids[told["revision_id"]]
            connection.execute(insert(table).values(values))
    units = codec.unpack_units(data)
    codec.unpack_people(data)
    for scenario_id in scenario_ids.values():
        row = get_scenario(connection, scenario_id)
        read_history(connection, units, read_chain(connection, row.tip_id, row.head_id))
        read_plan(connection, units, row.baseline_id)
    return tuple(scenario_ids.values())


def _settings(stored: dict[str, Any]) -> dict[str, Any]:
    """A project's settings without what a stranger could do with them.

    Paths would have files of this machine read, and words stand in text that reads markup.
    """
    words = {str(name): word for name, word in stored.get("words", {}).items() if fits(word)}
    kept = {**stored, "words": words, "files": {}}
    codec.unpack_settings(kept)
    return kept


def _scenarios(
    connection: Connection, rows: list[dict[str, Any]], project_id: str
) -> dict[str, str]:
    """Insert them; old id → new id."""
    ids: dict[str, str] = {}
    for row in rows:
        ids[row["id"]] = new_id()
        values = _row(scenarios, row) | {"id": ids[row["id"]], "project_id": project_id}
        # The pointers follow when there is something to point to; gestures stay behind.
        values |= {"head_id": None, "tip_id": None, "baseline_id": None, "acks": {}}
        connection.execute(insert(scenarios).values(values))
    return ids


def _revisions(
    connection: Connection, rows: list[dict[str, Any]], scenario_ids: Mapping[str, str]
) -> dict[int, int]:
    """Insert them, parents first as they were written; old id → new id."""
    ids: dict[int, int] = {}
    for row in rows:
        values = _row(revisions, row) | {"scenario_id": scenario_ids[row["scenario_id"]]}
        if row["parent_id"] is not None:
            values["parent_id"] = ids[row["parent_id"]]
        ids[row["id"]] = inserted(connection, revisions, values)
    return ids


def _rows(connection: Connection, query: Any) -> list[dict[str, Any]]:
    return [_plain(row) for row in connection.execute(query).mappings()]


def _plain(row: RowMapping) -> dict[str, Any]:
    """A row as JSON takes it: times as text, bytes as base64."""

    def value(of: Any) -> Any:
        if isinstance(of, datetime):
            return of.isoformat()
        return base64.b64encode(of).decode() if isinstance(of, bytes) else of

    return {str(name): value(of) for name, of in row.items()}


def _row(table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    """Values for a table, without its own number; columns it does not know are left out."""
    out: dict[str, Any] = {}
    for column in table.columns:
        if column.name not in row or (column.name == "id" and column.autoincrement is True):
            continue
        value = row[column.name]
        kind = str if isinstance(column.type, Moment) else column.type.python_type
        if value is not None and isinstance(column.type, Moment):
            value = datetime.fromisoformat(value)
        elif value is not None and kind is bytes:
            value = base64.b64decode(value, validate=True)
        elif value is not None and kind in (str, int) and type(value) is not kind:
            raise TypeError(f"{table.name}.{column.name} is {value!r}")
        if (table.name, column.name) in SHAPES and not SHAPES[table.name, column.name](value):
            raise TypeError(f"{table.name}.{column.name} is {value!r}")
        out[column.name] = value
    return out
