"""The store: projects, their scenarios, and every change ever made to them."""

from __future__ import annotations

import hashlib
import secrets
import threading
import weakref
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Connection

from territory.model import History, Plan, Project, Settings, Units, Workspace
from territory.store import codec
from territory.store.chain import read_chain, read_history, read_plan
from territory.store.journal import Journal, clean
from territory.store.rows import (
    get_dataset,
    get_scenario,
    point,
    put_dataset,
    put_scenario,
    put_snapshot,
)
from territory.store.schema import project_datasets, projects, scenarios
from territory.store.sqlite import Database, default_path

__all__ = ["Saved", "ScenarioInfo", "Store"]

REGIONS_HELD = 2
"""Regions kept in memory even when no session uses them, so that a reload does not decode."""


@dataclass(frozen=True)
class ScenarioInfo:
    """A line in the list of scenarios."""

    id: str
    name: str
    project: str
    source: str
    created_at: datetime
    updated_at: datetime
    rev: int


@dataclass(frozen=True, eq=False)
class Saved:
    """A scenario as it was found in the store.

    ``changes`` counts the steps from the start to the present, also those beyond the reach of
    undo. ``journal`` belongs to exactly this state: use it for what is done from here.
    """

    scenario_id: str
    name: str
    project: Project
    history: History
    baseline: Plan
    rev: int
    acks: Mapping[str, int]
    saved_at: datetime
    changes: int
    journal: Journal

    def workspace(self) -> Workspace:
        """A workspace that goes on from here and saves what it does."""
        return Workspace(
            project=self.project,
            history=self.history,
            baseline=self.baseline,
            rev=self.rev,
            acks=dict(self.acks),
            scenario_id=self.scenario_id,
            scenario_name=self.name,
            saved_at=self.saved_at,
            journal=self.journal,
        )


class Store:
    """Saved work in one SQLite file. Share one per process; it is safe between threads.

    The bundled sample is stored like any upload, by content: it takes its 2 MB once, however
    many scenarios use it, and a scenario begun on an older sample keeps the data it was made on.

    Parameters
    ----------
    path
        The file; by default ``workbench.sqlite`` in the user's data folder, or in the folder that
        the environment variable TERRITORY_DATA_DIR names.
    busy_seconds
        How long to wait while another program writes.

    Raises
    ------
    StoreCorrupt
        If the file is damaged; it is left as it is.
    StoreError
        If it can't be used: newer format, not ours, read-only, locked, no space.
    """

    def __init__(self, path: Path | str | None = None, busy_seconds: float = 5.0) -> None:
        self.path = default_path() if path is None else Path(path)
        self._database = Database(self.path, busy_seconds)
        # By the hashes of their parts: who has a scenario's id may have its region, nobody else.
        self._regions: weakref.WeakValueDictionary[tuple[str, ...], Units] = (
            weakref.WeakValueDictionary()
        )
        self._held: deque[Units] = deque(maxlen=REGIONS_HELD)
        self._remembering = threading.Lock()

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def create(
        self,
        project: Project,
        plan: Plan,
        baseline: Plan | None = None,
        name: str = "First plan",
        label: str = "Start",
    ) -> str:
        """Save a new project with one scenario.

        Parameters
        ----------
        project
            Region, team, accounts, sales and settings.
        plan
            Where the scenario starts.
        baseline
            What it is compared with; the plan itself where not given.
        name
            Shown to users; never part of a path.
        label
            What made the plan, as the history will say it.

        Returns
        -------
        The scenario's id, which can't be guessed.
        """
        parts = {**codec.pack_units(project.units), **codec.pack_people(project)}
        hashes = {kind: hashlib.sha256(content).hexdigest() for kind, content in parts.items()}
        project_id, scenario_id, now = _new_id(), _new_id(), datetime.now(UTC)
        with self._database.write() as connection:
            for kind, content in parts.items():
                put_dataset(connection, kind, hashes[kind], content, now)
            row = {
                "id": project_id,
                "name": clean(project.name),
                "source": project.source,
                "settings": codec.pack_settings(project.settings),
                "created_at": now,
                "last_opened": now,
            }
            connection.execute(insert(projects).values(row))
            for kind, sha256 in hashes.items():
                link = {"project_id": project_id, "kind": kind, "sha256": sha256}
                connection.execute(insert(project_datasets).values(link))
            put_scenario(connection, scenario_id, project_id, name, now)
            head = put_snapshot(connection, scenario_id, label, plan, now)
            base = head
            if baseline is not None and baseline is not plan:
                base = put_snapshot(connection, scenario_id, "Baseline", baseline, now)
            point(connection, scenario_id, head, base)
        self._remember(hashes, project.units)
        return scenario_id

    def open(self, scenario_id: str) -> Saved:
        """A scenario with its undo history, as it was saved last; StoreError if there is none."""
        now = datetime.now(UTC)
        with self._database.read() as connection:
            row = get_scenario(connection, scenario_id)
            project = self._project(connection, row.project_id)
            chain = read_chain(connection, row.tip_id, row.head_id)
            history = read_history(connection, project.units, chain)
            baseline = read_plan(connection, project.units, row.baseline_id)
        with self._database.write() as connection:
            mine = scenarios.c.id == scenario_id
            connection.execute(update(scenarios).where(mine).values(opened_at=now))
            mine = projects.c.id == row.project_id
            connection.execute(update(projects).where(mine).values(last_opened=now))
        plan = history.present.plan
        return Saved(
            scenario_id=scenario_id,
            name=row.name,
            project=project,
            history=history,
            baseline=plan if row.baseline_id == row.head_id else baseline,
            rev=row.rev,
            acks=row.acks,
            saved_at=row.updated_at,
            changes=chain.head,
            journal=Journal(
                self._database, scenario_id, row.rev, chain.ids_and_steps, chain.head, plan
            ),
        )

    def journal(self, scenario_id: str) -> Journal:
        """What saves the changes of a scenario that was just created (``Saved`` has its own)."""
        return self.open(scenario_id).journal

    def rev(self, scenario_id: str) -> int:
        """How often a scenario was changed; tells whether somebody else did."""
        with self._database.read() as connection:
            return int(get_scenario(connection, scenario_id).rev)

    def last_scenario_id(self) -> str | None:
        """The scenario opened last. For a workbench of one person: it may be anybody's."""
        with self._database.read() as connection:
            return connection.scalar(
                select(scenarios.c.id).order_by(scenarios.c.opened_at.desc()).limit(1)
            )

    def list(self) -> tuple[ScenarioInfo, ...]:
        """All scenarios, those changed last first."""
        query = (
            select(
                scenarios.c.id,
                scenarios.c.name,
                projects.c.name.label("project"),
                projects.c.source,
                scenarios.c.created_at,
                scenarios.c.updated_at,
                scenarios.c.rev,
            )
            .join(projects, scenarios.c.project_id == projects.c.id)
            .order_by(scenarios.c.updated_at.desc())
        )
        with self._database.read() as connection:
            return tuple(ScenarioInfo(*row) for row in connection.execute(query))

    def rename(self, scenario_id: str, name: str) -> None:
        """Another name for a scenario; no change of the plan, so no conflict with one."""
        with self._database.write() as connection:
            get_scenario(connection, scenario_id)
            mine = scenarios.c.id == scenario_id
            connection.execute(update(scenarios).where(mine).values(name=clean(name)))

    def save_as(self, scenario_id: str, name: str) -> str:
        """A copy under a new name, which shares the original's past (undo works in both).

        What was undone in the original can't be redone in the copy.
        """
        copy_id, now = _new_id(), datetime.now(UTC)
        with self._database.write() as connection:
            row = get_scenario(connection, scenario_id)
            put_scenario(connection, copy_id, row.project_id, name, now)
            point(connection, copy_id, row.head_id, row.baseline_id)
        return copy_id

    def save_settings(self, scenario_id: str, settings: Settings) -> None:
        """Settings of the project that a scenario belongs to."""
        with self._database.write() as connection:
            project_id = get_scenario(connection, scenario_id).project_id
            values = codec.pack_settings(settings)
            mine = projects.c.id == project_id
            connection.execute(update(projects).where(mine).values(settings=values))

    def _project(self, connection: Connection, project_id: str) -> Project:
        """A project with its data; the region is shared by all who have it open."""
        row = connection.execute(select(projects).where(projects.c.id == project_id)).one()
        links = select(project_datasets).where(project_datasets.c.project_id == project_id)
        hashes = {link.kind: link.sha256 for link in connection.execute(links)}
        units = self._regions.get(_region_key(hashes))
        wanted = [k for k in hashes if units is None or k not in codec.UNIT_PARTS]
        parts = {kind: get_dataset(connection, hashes[kind]) for kind in wanted}
        if units is None:
            units = codec.unpack_units(parts)
        self._remember(hashes, units)
        return Project(
            name=row.name,
            units=units,
            source=row.source,
            settings=codec.unpack_settings(row.settings),
            **codec.unpack_people(parts),
        )

    def _remember(self, hashes: Mapping[str, str], units: Units) -> None:
        with self._remembering:  # a deque can't be searched while another session adds to it
            self._regions[_region_key(hashes)] = units
            if not any(held is units for held in self._held):
                self._held.append(units)


def _new_id() -> str:
    """An id for an address: 96 random bits."""
    return secrets.token_urlsafe(12)


def _region_key(hashes: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(hashes.get(kind, "") for kind in codec.UNIT_PARTS)
