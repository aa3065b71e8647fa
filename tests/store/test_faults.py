"""Killed, full, damaged, foreign, newer, read-only, locked: nothing acknowledged is lost."""

from __future__ import annotations

import multiprocessing
import os
import random
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from sqlalchemy import event

from territory.errors import StoreCorrupt, StoreError
from territory.model import Plan, Project
from territory.store import Store

KINDS = multiprocessing.get_context("fork" if hasattr(os, "fork") else "spawn")
"""Twenty processes start in a moment when each need not import everything again."""


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    """The faults of files are SQLite's; a server's have tests of their own."""
    store = Store(path)
    yield store
    store.close()


def paint(place: str, scenario_id: str, told: Connection) -> None:
    """Change after change, each told once it is acknowledged; runs until killed."""
    workspace = Store(place).open(scenario_id).workspace()
    for i in range(100_000):
        plan = workspace.plan.move_positions([i % 36], (i + 1) % 3)
        workspace.change(str(i), plan, {"client": i})
        told.send(workspace.rev)


@pytest.mark.slow
def test_kill_9_loses_nothing_acknowledged(place: str, project: Project, plan: Plan) -> None:
    """A process killed 20 times while painting leaves every change it has acknowledged."""
    store = Store(place)
    scenario_id = store.create(project, plan)
    store.close()
    dice = random.Random(1)
    for _ in range(20):
        hears, tells = KINDS.Pipe(duplex=False)
        painter = KINDS.Process(target=paint, args=(place, scenario_id, tells), daemon=True)
        painter.start()
        tells.close()
        acknowledged = [hears.recv() for _ in range(dice.randint(2, 60))][-1]
        time.sleep(dice.random() / 100)
        painter.kill()
        painter.join()
        acknowledged = last_heard(hears, acknowledged)
        store = Store(place)
        saved = store.open(scenario_id)
        store.close()
        assert saved.rev in (acknowledged, acknowledged + 1)
        assert saved.history.can_undo


def last_heard(hears: Connection, last: int) -> int:
    """What was told before the signal arrived counts too; half a message does not."""
    while True:
        try:
            last = hears.recv()
        except (EOFError, OSError):
            return last


def fill(store: Store, scenario_id: str) -> tuple[int, StoreError]:
    """Change until the store refuses; the last revision saved, and the refusal."""
    workspace = store.open(scenario_id).workspace()
    dice = random.Random(2)
    for i in range(100_000):
        plan = workspace.plan.move_positions([dice.randrange(36)], dice.randrange(3))
        try:
            workspace.change("x" * 4000 + str(i), plan)
        except StoreError as refusal:
            return workspace.rev, refusal
    raise AssertionError("the store never filled up")


def test_full_database(store: Store, project: Project, plan: Plan) -> None:
    """A store that can't grow says so, keeps what it has and goes on when there is room again."""
    scenario_id = store.create(project, plan)
    limit = 50

    def tighten(connection: sqlite3.Connection, *_: object) -> None:
        connection.execute(f"PRAGMA max_page_count={limit}")

    engine = store._database._engine
    event.listen(engine, "checkout", tighten)
    rev, refusal = fill(store, scenario_id)
    assert "full" in str(refusal) and store.where in str(refusal)
    assert store.open(scenario_id).rev == rev
    limit = 10_000
    workspace = store.open(scenario_id).workspace()
    workspace.change("space again", plan)
    assert store.open(scenario_id).rev == rev + 1


@pytest.fixture
def small_disk(tmp_path: Path) -> Path:
    """A disk of 1 MB, where this machine lets us mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = shutil.which("mount")
    if mount is None or not hasattr(os, "geteuid") or os.geteuid() != 0:
        pytest.skip("mounting a small disk needs root")
    command = [mount, "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if subprocess.run(command, capture_output=True).returncode:
        pytest.skip("this machine does not allow mounts")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_full_disk(small_disk: Path, project: Project, plan: Plan) -> None:
    """A full disk loses nothing saved; after some space is freed the same session goes on."""
    ballast = small_disk / "ballast"
    ballast.write_bytes(b"x" * 300_000)
    store = Store(small_disk / "workbench.sqlite")
    scenario_id = store.create(project, plan)
    rev, refusal = fill(store, scenario_id)
    assert "full" in str(refusal) or "disk" in str(refusal)
    ballast.unlink()
    workspace = store.open(scenario_id).workspace()
    assert workspace.rev == rev
    workspace.change("space again", plan)
    store.close()
    again = Store(small_disk / "workbench.sqlite")
    assert again.open(scenario_id).rev == rev + 1
    again.close()


def untouched(path: Path, content: bytes) -> bool:
    return path.read_bytes() == content


@pytest.mark.parametrize(
    "content",
    [b"not a database at all", b"SQLite format 3\x00" + b"\xff" * 5000, b"\x00" * 4096],
    ids=["text", "broken pages", "zeros"],
)
def test_file_that_is_no_database(path: Path, content: bytes) -> None:
    """Named, with the ways out, and left as it is."""
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(StoreCorrupt, match="TERRITORY_DATA_DIR") as refusal:
        Store(path)
    assert str(path) in str(refusal.value) and "left as it is" in str(refusal.value)
    assert untouched(path, content)


def test_truncated_store(path: Path, project: Project, plan: Plan) -> None:
    """Half a store is refused and not written to."""
    store = Store(path)
    store.create(project, plan)
    store.close()
    half = path.read_bytes()[: path.stat().st_size // 2]
    path.write_bytes(half)
    with pytest.raises(StoreCorrupt):
        Store(path)
    assert untouched(path, half)


def test_damage_anywhere_is_answered_in_words(path: Path, project: Project, plan: Plan) -> None:
    """Bytes overwritten at random raise StoreError or change nothing that matters; never more."""
    store = Store(path)
    scenario_id = store.create(project, plan)
    workspace = store.open(scenario_id).workspace()
    for i in range(5):
        workspace.change(str(i), workspace.plan.move_positions([i], 2))
    store.close()
    whole, dice = path.read_bytes(), random.Random(3)
    refused = 0
    for _ in range(60):
        damaged = bytearray(whole)
        at = dice.randrange(len(damaged) - 64)
        damaged[at : at + 64] = dice.randbytes(64)
        path.write_bytes(damaged)
        try:
            store = Store(path)
            try:
                store.open(scenario_id)
            finally:
                store.close()
        except StoreError:
            refused += 1
        for leftover in path.parent.glob("*-*"):
            leftover.unlink()
    assert refused > 10


def test_data_that_changed_is_noticed(path: Path, project: Project, plan: Plan) -> None:
    """A region whose bytes are not those of its hash is not shown as if it were right."""
    store = Store(path)
    scenario_id = store.create(project, plan)
    store.close()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE datasets SET content = x'00' WHERE kind = 'geometry'")
    store = Store(path)
    with pytest.raises(StoreCorrupt, match="data of this scenario"):
        store.open(scenario_id)
    store.close()


def test_newer_format(path: Path) -> None:
    """A store of a later version names the update command and is left as it is."""
    Store(path).close()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE schema_version SET version = 99")
    before = path.read_bytes()
    with pytest.raises(StoreError, match=r"newer Territory Workbench.*pip install --upgrade"):
        Store(path)
    assert untouched(path, before)


def test_database_of_another_program(path: Path) -> None:
    """A file that belongs to somebody else is refused and left as it is."""
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE bookmarks (url TEXT)")
    before = path.read_bytes()
    with pytest.raises(StoreError, match="another program"):
        Store(path)
    assert untouched(path, before)


def test_empty_file_is_a_new_store(path: Path, project: Project, plan: Plan) -> None:
    """A process killed at its very first start leaves an empty file; that is no damage."""
    path.parent.mkdir()
    path.touch()
    store = Store(path)
    assert store.open(store.create(project, plan)).rev == 0
    store.close()


def test_locked_by_another_program(path: Path, project: Project, plan: Plan) -> None:
    """While another program writes, a gesture is refused in words; afterwards it works."""
    store = Store(path, busy_seconds=0.1)
    scenario_id = store.create(project, plan)
    workspace = store.open(scenario_id).workspace()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="Another program holds the store"):
            workspace.change("Now", plan.move(["00000"], "T03"))
        assert (workspace.rev, workspace.history.can_undo) == (0, False)
        other.execute("ROLLBACK")
    workspace.change("Now", plan.move(["00000"], "T03"))
    assert store.open(scenario_id).rev == 1
    store.close()


def test_locked_at_opening(path: Path) -> None:
    """A store that another program holds for itself is named, not taken for damaged."""
    Store(path).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode=EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreError, match="Another program"):
            Store(path, busy_seconds=0.1)


def test_read_only(path: Path, project: Project, plan: Plan) -> None:
    """A store that may not be written says so; saved work can still be read."""
    store = Store(path)
    scenario_id = store.create(project, plan)
    workspace = store.open(scenario_id).workspace()

    def forbid(connection: sqlite3.Connection, *_: object) -> None:
        connection.execute("PRAGMA query_only=ON")

    event.listen(store._database._engine, "checkout", forbid)
    with pytest.raises(StoreError, match="may not be written"):
        workspace.change("Now", plan.move(["00000"], "T03"))
    assert workspace.rev == 0
    assert [s.id for s in store.scenarios.list()] == [scenario_id]
    store.close()


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write everywhere")
def test_read_only_folder(path: Path) -> None:
    """A folder that may not be written is named at opening."""
    path.parent.mkdir()
    path.parent.chmod(0o500)
    with pytest.raises(StoreError, match="TERRITORY_DATA_DIR"):
        Store(path)
    path.parent.chmod(0o700)


def test_folder_that_cannot_be_made(tmp_path: Path) -> None:
    """A file where the folder should be is answered in words."""
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError, match="can't be opened"):
        Store(tmp_path / "file" / "workbench.sqlite")
