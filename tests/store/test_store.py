"""Projects and scenarios in the store."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import func, select

from territory.errors import StoreConflict, StoreError
from territory.model import History, Plan, Project, Settings, Team
from territory.model import operations as op
from territory.model.history import LIMIT
from territory.store import Store, default_path
from territory.store.payload import SNAPSHOT_EVERY
from territory.store.schema import datasets, revisions
from tests.store.conftest import region
from tests.store.same import same_history, same_plan

HOSTILE = [
    "../../etc/passwd",
    "C:\\Windows\\x",
    "con",
    "",
    "  ",
    "a\nb",
    "<img src=x onerror=alert(1)>",
    "=1+1",
    "'; DROP TABLE scenarios; --",
    "é" * 5000,
    "\U0001f5fa",
]


def count(store: Store, column: object) -> int:
    with store._database.read() as connection:
        return connection.scalar(select(func.count(column))) or 0  # type: ignore[arg-type]


def test_scenario_comes_back_as_it_was(place: str, project: Project, plan: Plan) -> None:
    """Another process finds project, plan, baseline, revision and acknowledged gestures."""
    store = Store(place)
    baseline = plan.move(["00035"], "T01")
    scenario_id = store.create(project, plan, baseline, "Spring")
    workspace = store.open(scenario_id).workspace()
    workspace.change("1 ZIP to T03", plan.move(["00000"], "T03"), {"client": 4})
    store.close()

    saved = Store(place).open(scenario_id)
    assert (saved.name, saved.rev, saved.acks, saved.changes) == ("Spring", 1, {"client": 4}, 1)
    assert saved.project.units.fingerprint == project.units.fingerprint
    assert saved.project.name == "North" and saved.project.team is not None
    assert same_history(saved.history, workspace.history)
    assert same_plan(saved.baseline, baseline)
    assert workspace.saved_at is not None
    assert abs((saved.saved_at - workspace.saved_at).total_seconds()) < 5


def test_undo_and_redo_survive(place: str, project: Project, plan: Plan) -> None:
    """What could be undone and redone before the restart still can."""
    store = Store(place)
    scenario_id = store.create(project, plan)
    workspace = store.open(scenario_id).workspace()
    for unit in ("00000", "00001", "00002"):
        workspace.change(f"{unit} to T03", workspace.plan.move([unit], "T03"))
    workspace.undo()
    workspace.undo()
    store.close()

    again = Store(place).open(scenario_id).workspace()
    assert (again.history.undo_label, again.history.redo_label) == ("00000 to T03", "00001 to T03")
    again.redo()
    again.redo()
    assert again.plan.alignment[:3].tolist() == [2, 2, 2]
    assert again.rev == 7
    with pytest.raises(Exception, match="nothing to redo"):
        again.redo()


def test_change_after_undo_forgets_the_future(store: Store, project: Project, plan: Plan) -> None:
    """The undone branch can't be redone, but its revisions stay in the store."""
    scenario_id = store.create(project, plan)
    workspace = store.open(scenario_id).workspace()
    workspace.change("A", plan.move(["00000"], "T03"))
    workspace.undo()
    workspace.change("B", plan.move(["00001"], "T03"))
    saved = store.open(scenario_id)
    assert [e.label for e in saved.history.past] == ["Start"]
    assert (saved.history.present.label, saved.history.can_redo) == ("B", False)
    assert count(store, revisions.c.id) == 3


def test_territories_may_come_and_go(place: str, project: Project, plan: Plan) -> None:
    """More territories, fewer, other names, reps and locks come back, undone or not."""
    store = Store(place)
    scenario_id = store.create(project, plan)
    here = store.open(scenario_id).workspace()
    here.change("New", op.add_territory(plan, "<b>${x}", ["00000"], rep_id="r2"))
    here.change("Merge", op.merge_territories(here.plan, "T03", "T01"))
    here.change("Lock", op.invert_locks(op.lock_units(here.plan, ["00001"])))
    here.change("Delete", op.delete_territory(op.unlock_all(here.plan), "T02"))
    here.change("Rename", op.rename_territory(here.plan, "T03", "South"))
    here.undo()
    store.close()
    saved = Store(place).open(scenario_id)
    assert same_history(saved.history, here.history)
    assert [e.plan.k for e in saved.history.past] == [3, 4, 3, 3]
    assert same_plan(saved.history.redo().present.plan, here.history.redo().present.plan)


def test_long_history_is_capped_and_plans_are_right(
    store: Store, project: Project, plan: Plan
) -> None:
    """Beyond the limit the oldest steps can't be undone any more; snapshots don't show."""
    scenario_id = store.create(project, plan)
    workspace = store.open(scenario_id).workspace()
    rng = np.random.default_rng(1)
    for i in range(LIMIT + SNAPSHOT_EVERY + 7):
        unit, to = int(rng.integers(36)), int(rng.integers(3))
        workspace.change(str(i), workspace.plan.move_positions([unit], to))
    saved = store.open(scenario_id)
    assert len(saved.history.past) == LIMIT
    assert saved.changes == LIMIT + SNAPSHOT_EVERY + 7
    assert same_history(saved.history, workspace.history)


def test_two_windows_on_one_scenario(store: Store, project: Project, plan: Plan) -> None:
    """The slower one is told so; its step is not saved, nothing is overwritten, reload heals."""
    scenario_id = store.create(project, plan)
    mine, theirs = (store.open(scenario_id).workspace() for _ in range(2))
    theirs.change("Theirs", plan.move(["00000"], "T03"))
    with pytest.raises(StoreConflict, match=r"at \d\d:\d\d\..*Reload"):
        mine.change("Mine", plan.move(["00000"], "T02"))
    assert (mine.rev, mine.history.can_undo) == (0, False)
    with pytest.raises(StoreConflict):
        mine.change("Again", plan.move(["00000"], "T02"))
    mine = store.open(scenario_id).workspace()
    assert mine.history.undo_label == "Theirs"
    mine.change("Mine", mine.plan.move(["00000"], "T02"))
    assert store.open(scenario_id).history.undo_label == "Mine"


def test_stale_workspace_with_a_fresh_journal(store: Store, project: Project, plan: Plan) -> None:
    """A journal made after somebody else's change does not let an older plan through."""
    scenario_id = store.create(project, plan)
    stale = store.open(scenario_id).workspace()
    store.open(scenario_id).workspace().change("Theirs", plan.move(["00000"], "T03"))
    stale.journal = store.journal(scenario_id)
    with pytest.raises(StoreConflict):
        stale.change("Mine", plan.move(["00001"], "T03"))


def test_plan_of_another_region_is_refused(store: Store, project: Project, plan: Plan) -> None:
    """A scenario never mixes regions; an equal region under another object is fine."""
    scenario_id = store.create(project, plan)
    workspace = store.open(scenario_id).workspace()
    twin = replace(plan, units=region()).move(["00000"], "T03")
    workspace.change("Twin", twin)
    other = region(5)
    with pytest.raises(StoreError, match="another region"):
        workspace.change("Other", Plan.blank(other, 3))
    assert store.open(scenario_id).rev == 1


def test_data_is_stored_once(store: Store, project: Project, plan: Plan) -> None:
    """Ten scenarios on one sample hold its data once."""
    sample = replace(project, source="sample")
    store.create(sample, plan)
    before = count(store, datasets.c.sha256)
    for _ in range(9):
        store.create(sample, plan)
    assert count(store, datasets.c.sha256) == before == 7


def test_old_scenario_keeps_the_data_it_was_made_on(
    store: Store, project: Project, plan: Plan
) -> None:
    """A sample that changed with an update does not change what was begun on the old one."""
    old = store.create(replace(project, source="sample"), plan)
    newer = project.units.with_attributes(
        pd.DataFrame({"potential": np.zeros(36)}, index=project.units.ids)
    )
    store.create(Project("North", newer, source="sample"), Plan.blank(newer, 2))
    assert store.open(old).project.units.values("potential").sum() > 0


def test_open_scenarios_share_their_region(store: Store, project: Project, plan: Plan) -> None:
    """Two sessions on one region hold it in memory once; other tables are their own."""
    scenario_id = store.create(project, plan)
    a, b = store.open(scenario_id).project, store.open(scenario_id).project
    assert a.units is b.units is project.units
    assert a.team is not b.team


def test_save_as_copies_the_past_and_goes_its_own_way(
    store: Store, project: Project, plan: Plan
) -> None:
    """The copy can undo what the original did; changes of one are not seen in the other."""
    original = store.create(project, plan, name="A")
    workspace = store.open(original).workspace()
    workspace.change("Shared", plan.move(["00000"], "T03"))
    copy = store.scenarios.duplicate(original, "B")
    theirs = store.open(copy).workspace()
    theirs.undo()
    theirs.change("Only in B", plan.move(["00001"], "T03"))
    assert (theirs.scenario_name, theirs.rev) == ("B", 2)
    assert store.open(original).history.undo_label == "Shared"
    assert store.open(copy).history.undo_label == "Only in B"


def test_list_rename_and_last(store: Store, project: Project, plan: Plan) -> None:
    """The list shows what changed last first; the last scenario is the one opened last."""
    assert store.scenarios.last_id() is None
    first = store.create(project, plan, name="A")
    second = store.create(project, plan, name="B")
    store.open(first)
    assert store.scenarios.last_id() == first
    assert [s.id for s in store.scenarios.list()] == [second, first]
    workspace = store.open(first).workspace()
    store.scenarios.rename(first, "A, renamed")
    workspace.change("still no conflict", plan.move(["00000"], "T03"))
    top = store.scenarios.list()[0]
    assert (top.id, top.name, top.project, top.rev) == (first, "A, renamed", "North", 1)


def test_settings_are_saved(store: Store, project: Project, plan: Plan) -> None:
    """Words, distances and weights of a project survive."""
    scenario_id = store.create(project, plan)
    chosen = Settings(distance="mi", words={"rep": "account manager"}, weights={"potential": 1})
    store.save_settings(scenario_id, chosen)
    assert store.open(scenario_id).project.settings == chosen


@pytest.mark.parametrize("name", HOSTILE)
def test_names_never_become_paths(path: Path, project: Project, plan: Plan, name: str) -> None:
    """Any name comes back unchanged, and the folder holds the store's own files only."""
    store = Store(path)
    scenario_id = store.create(replace(project, name=name), plan, name=name)
    store.scenarios.rename(scenario_id, name)
    store.open(scenario_id).workspace().change(name, plan.move(["00000"], "T03"))
    saved = store.open(scenario_id)
    assert (saved.name, saved.project.name, saved.history.undo_label) == (name, name, name)
    assert {p.name for p in path.parent.iterdir()} <= {
        path.name,
        f"{path.name}-wal",
        f"{path.name}-shm",
    }
    assert [p.name for p in path.parent.parent.iterdir()] == [path.parent.name]


def test_impossible_text_is_saved_nevertheless(store: Store, project: Project, plan: Plan) -> None:
    """Half a character or a zero byte in a label must not stop a gesture from being saved."""
    scenario_id = store.create(project, plan, name="a\ud800b\x00c")
    store.open(scenario_id).workspace().change("\udfff", plan.move(["00000"], "T03"))
    assert store.open(scenario_id).name == "a?b\N{REPLACEMENT CHARACTER}c"


@pytest.mark.parametrize("scenario_id", ["", "nobody", "../x", "x' OR 1=1 --"])
def test_unknown_scenario(store: Store, scenario_id: str) -> None:
    """An address that leads nowhere is answered in words, by every method."""
    for ask in (store.open, store.journal, lambda s: store.scenarios.rename(s, "x")):
        with pytest.raises(StoreError, match="no such scenario"):
            ask(scenario_id)
    with pytest.raises(StoreError, match="no such scenario"):
        store.scenarios.duplicate(scenario_id, "x")


def test_ids_cannot_be_guessed(store: Store, project: Project, plan: Plan) -> None:
    """Ids are long, random and fit an address as they are."""
    ids = [store.create(project, plan) for _ in range(20)]
    assert len(set(ids)) == 20
    assert all(len(i) >= 16 and i.replace("-", "").replace("_", "").isalnum() for i in ids)


def test_default_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The environment decides on the folder; without it the user's data folder is used."""
    monkeypatch.setenv("TERRITORY_DATA_DIR", str(tmp_path / "here"))
    assert default_path() == tmp_path / "here" / "workbench.sqlite"
    store = Store()
    assert Path(store.where).exists()
    store.close()
    monkeypatch.delenv("TERRITORY_DATA_DIR")
    assert "territory-workbench" in str(default_path())


def test_many_threads_share_a_store(store: Store, project: Project, plan: Plan) -> None:
    """Eight sessions painting at once on scenarios of their own lose nothing."""
    ids = [store.create(project, plan) for _ in range(8)]
    faults: list[BaseException] = []

    def paint(scenario_id: str) -> None:
        try:
            workspace = store.open(scenario_id).workspace()
            for i in range(25):
                workspace.change(str(i), workspace.plan.move_positions([i], (i + 1) % 3))
        except Exception as fault:  # reported below, in the test's own thread
            faults.append(fault)

    threads = [threading.Thread(target=paint, args=(i,)) for i in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert [store.open(i).rev for i in ids] == [25] * 8


def test_one_scenario_two_threads_one_wins(store: Store, project: Project, plan: Plan) -> None:
    """Of two sessions racing on one scenario, every accepted change is in the history."""
    scenario_id = store.create(project, plan)
    accepted: list[str] = []

    def paint(name: str) -> None:
        for i in range(10):
            workspace = store.open(scenario_id).workspace()
            try:
                workspace.change(f"{name}{i}", workspace.plan.move_positions([i], i % 3))
            except StoreConflict:
                continue
            accepted.append(f"{name}{i}")

    threads = [threading.Thread(target=paint, args=(name,)) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    saved = store.open(scenario_id)
    labels = [e.label for e in (*saved.history.past, saved.history.present)][1:]
    assert sorted(labels) == sorted(accepted)
    assert saved.rev == len(accepted)


def test_start_is_a_history_of_its_own(store: Store, project: Project, plan: Plan) -> None:
    """A scenario nobody touched has nothing to undo, and is its own baseline."""
    saved = store.open(store.create(project, plan, label="New England"))
    assert same_history(saved.history, History.start(plan, "New England"))
    assert saved.baseline is saved.history.present.plan
    assert (saved.rev, saved.changes) == (0, 0)


def test_a_folder_may_be_called_anything(tmp_path: Path, project: Project, plan: Plan) -> None:
    """Signs that mean something in an address are letters in a folder's name."""
    path = tmp_path / "what? #1 100%25 a&b=c" / "workbench.sqlite"
    store = Store(path)
    scenario_id = store.create(project, plan)
    store.close()
    assert path.is_file() and [p.name for p in tmp_path.iterdir()] == [path.parent.name]
    again = Store(path)
    assert again.open(scenario_id).rev == 0
    again.close()


def test_other_data_for_the_same_units(store: Store, project: Project, plan: Plan) -> None:
    """A new measure and another team; plans and history stay, other windows notice, areas don't."""
    scenario_id = store.create(project, plan)
    window = store.open(scenario_id).workspace()
    window.change("A", plan.move(["00000"], "T03"))
    more = project.units.with_attributes(
        pd.DataFrame({"calls": np.arange(36.0)}, index=project.units.attributes.index)
    )
    team = Team(pd.DataFrame({"name": ["Casey"]}, index=["r9"]))
    store.save_project(scenario_id, replace(project, units=more, team=team))
    assert store.rev(scenario_id) == window.rev + 1
    with pytest.raises(StoreConflict):
        window.undo()
    again = store.open(scenario_id).workspace()
    assert again.project.units.fingerprint == more.fingerprint
    assert again.project.team is not None and again.project.team.ids == ("r9",)
    assert again.plan.alignment[0] == 2
    again.undo()
    assert again.plan.units.values("calls")[35] == 35
    with pytest.raises(StoreError, match="other units"):
        store.save_project(scenario_id, replace(project, units=region(5)))


def test_two_windows_do_not_overwrite_each_others_settings(
    store: Store, project: Project, plan: Plan
) -> None:
    """Each writes what it changed; what the other set meanwhile stays and is told."""
    scenario_id = store.create(project, plan)
    both = store.open(scenario_id).project.settings
    store.save_settings(scenario_id, replace(both, distance="mi"), both)
    now = store.save_settings(scenario_id, replace(both, currency="€"), both)
    assert (now.distance, now.currency) == ("mi", "€")
    assert store.open(scenario_id).project.settings == now
