"""The store: projects, their scenarios, and every change ever made to them."""

from __future__ import annotations

import hashlib
import threading
import weakref
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import delete, insert, select, update
from sqlalchemy.engine import Connection

from territory.errors import StoreError
from territory.model import History, Plan, Project, Settings, Units, Workspace
from territory.store import codec
from territory.store.chain import read_chain, read_history, read_plan
from territory.store.database import connect
from territory.store.journal import Journal
from territory.store.rows import (
    get_dataset,
    get_scenario,
    new_id,
    point,
    put_dataset,
    put_event,
    put_scenario,
    put_snapshot,
)
from territory.store.scenarios import Scenarios, Status
from territory.store.schema import project_datasets, projects, scenarios
from territory.store.talk import Talk
from territory.store.text import clean
from territory.store.timeline import Timeline
from territory.store.transfer import Transfer

__all__ = ["Saved", "Store"]

APPROVED = (
    "This scenario is approved, so it stays as it is. Duplicate it on the page Scenarios to go on."
)

REGIONS_HELD = 2
"""Regions kept in memory even when no session uses them, so that a reload does not decode."""


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
    status: Status
    journal: Journal

    def workspace(self) -> Workspace:
        """A workspace that goes on from here and saves what it does; an approved one is fixed."""
        return Workspace(
            project=self.project,
            history=self.history,
            baseline=self.baseline,
            rev=self.rev,
            acks=dict(self.acks),
            scenario_id=self.scenario_id,
            scenario_name=self.name,
            saved_at=self.saved_at,
            read_only=APPROVED if self.status == "approved" else "",
            journal=self.journal,
        )


class Store:
    """Saved work in a file of this computer or on a team's PostgreSQL server.

    Share one per process; it is safe between threads. ``scenarios`` lists and files what is
    saved, ``timeline`` says what happened to it, ``talk`` holds what people said about it,
    ``transfer`` makes a file of a project and takes one in.

    The bundled sample is stored like any upload, by content: it takes its 2 MB once, however
    many scenarios use it, and a scenario begun on an older sample keeps the data it was made on.

    Parameters
    ----------
    place
        A file, or an address such as ``postgresql://user:password@host/name``. By default what the
        environment variable TERRITORY_DATABASE_URL names, else ``workbench.sqlite`` in the user's
        data folder or in the folder that TERRITORY_DATA_DIR names.
    busy_seconds
        How long to wait while another program writes.

    Raises
    ------
    StoreCorrupt
        If the file is damaged; it is left as it is.
    StoreError
        If it can't be used: newer format, not ours, read-only, locked, no space.
    """

    def __init__(self, place: Path | str | None = None, busy_seconds: float = 5.0) -> None:
        self._database = connect(place, busy_seconds)
        self.where = self._database.where
        self.scenarios = Scenarios(self._database)
        self.timeline = Timeline(self._database)
        self.talk = Talk(self._database)
        self.transfer = Transfer(self._database)
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
        project_id, scenario_id, now = new_id(), new_id(), datetime.now(UTC)
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
            put_event(connection, scenario_id, now, "start", label, revision_id=head)
        self._remember(hashes, project.units)
        return scenario_id

    def open(self, scenario_id: str, *, looking: bool = False) -> Saved:
        """A scenario with its undo history, as it was saved last; StoreError if there is none.

        Only ``looking`` at it does not make it the one that was worked on last.
        """
        now = datetime.now(UTC)
        with self._database.read() as connection:
            row = get_scenario(connection, scenario_id)
            if row.deleted_at is not None:
                raise StoreError(
                    f'The scenario "{row.name}" was deleted. Bring it back on the page Scenarios.'
                )
            project = self._project(connection, row.project_id)
            chain = read_chain(connection, row.tip_id, row.head_id)
            history = read_history(connection, project.units, chain)
            baseline = read_plan(connection, project.units, row.baseline_id)
        if not looking:
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
            status=row.status,
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

    def plan_at(self, scenario_id: str, revision_id: int | None = None) -> Plan:
        """A scenario's plan as it is, or as it was at a revision of its timeline."""
        with self._database.read() as connection:
            row = get_scenario(connection, scenario_id)
            units = self._project(connection, row.project_id).units
            return read_plan(connection, units, revision_id or row.head_id)

    def save_project(
        self, scenario_id: str, project: Project, before: Settings | None = None
    ) -> None:
        """Other data for the project of a scenario: measures, team, accounts, sales, settings.

        Every plan ever made in it stays valid, because it is stored by position. ``before`` as in
        ``save_settings``.

        Raises
        ------
        StoreError
            If the units are not the same ones in the same order.
        """
        parts = {**codec.pack_units(project.units), **codec.pack_people(project)}
        hashes = {kind: hashlib.sha256(content).hexdigest() for kind, content in parts.items()}
        with self._database.write() as connection:
            project_id, now = get_scenario(connection, scenario_id).project_id, datetime.now(UTC)
            known = self._project(connection, project_id).units.ids
            if not np.array_equal(known, project.units.ids):
                raise StoreError("These are other units. Open them as a project of their own.")
            mine = project_datasets.c.project_id == project_id
            connection.execute(delete(project_datasets).where(mine))
            for kind, content in parts.items():
                put_dataset(connection, kind, hashes[kind], content, now)
                link = {"project_id": project_id, "kind": kind, "sha256": hashes[kind]}
                connection.execute(insert(project_datasets).values(link))
            settings = _merged(connection, project_id, project.settings, before)
            row = {"name": clean(project.name), "settings": settings}
            here = projects.c.id == project_id
            connection.execute(update(projects).where(here).values(row))
            # Windows that hold the old data notice by the revision and read again.
            theirs = scenarios.c.project_id == project_id
            connection.execute(update(scenarios).where(theirs).values(rev=scenarios.c.rev + 1))

    def save_settings(
        self, scenario_id: str, settings: Settings, before: Settings | None = None
    ) -> Settings:
        """Settings of the project that a scenario belongs to; returns them as they are now.

        With ``before``, what the settings were made from, only those that differ from it are
        written: what another window has set meanwhile stays.
        """
        with self._database.write() as connection:
            project_id = get_scenario(connection, scenario_id).project_id
            values = _merged(connection, project_id, settings, before)
            mine = projects.c.id == project_id
            connection.execute(update(projects).where(mine).values(settings=values))
        return codec.unpack_settings(values)

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


def _merged(
    connection: Connection, project_id: str, settings: Settings, before: Settings | None
) -> dict[str, Any]:
    """Settings as they are stored next: all of them, or what differs from ``before``."""
    values = codec.pack_settings(settings)
    if before is None:
        return values
    known = codec.pack_settings(before)
    stored = connection.scalar(select(projects.c.settings).where(projects.c.id == project_id))
    changed = {name: v for name, v in values.items() if v != known[name]}
    return {**values, **(stored or {}), **changed}


def _region_key(hashes: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(hashes.get(kind, "") for kind in codec.UNIT_PARTS)
