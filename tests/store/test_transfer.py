"""A project as a file: everything arrives, and a file that is not right changes nothing."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace

import pytest

from territory.errors import StoreError
from territory.model import Plan, Project
from territory.store import Store
from tests.store.same import same_history, same_plan


@pytest.fixture
def file(store: Store, project: Project, plan: Plan) -> bytes:
    """A project of two scenarios with history, a name, a comment and a request."""
    one = store.create(project, plan, plan.move(["00035"], "T01"), name="One")
    here = store.open(one).workspace()
    here.author = "Blake"
    here.change("A", plan.move(["00000"], "T03"), run={"seed": 7})
    here.change("B", here.plan.move(["00001"], "T03"))
    here.undo()
    store.timeline.mark(one, "board")
    store.talk.say(one, "why?", "Ann", "unit", "00003")
    store.talk.request(one, ["00003"], "T03", "closer", "Casey")
    two = store.scenarios.duplicate(one, "Two")
    store.open(two).workspace().change("C", plan.move(["00002"], "T03"))
    store.scenarios.describe(two, "notes", ["tag"])
    return store.transfer.dump(store.scenarios.list()[0].project_id)


def remade(file: bytes, change: Callable[[dict[str, bytes]], object], honest: bool = True) -> bytes:
    """The file with its members changed, and a list that agrees if ``honest``."""
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(members.pop("manifest.json"))
    change(members)
    if honest:
        manifest["members"] = {n: hashlib.sha256(c).hexdigest() for n, c in members.items()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("manifest.json", json.dumps(manifest))
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def tables(change: Callable[[dict], object]) -> Callable[[dict[str, bytes]], object]:
    """A change of the tables inside."""

    def apply(members: dict[str, bytes]) -> None:
        found = json.loads(members["tables.json"])
        change(found)
        members["tables.json"] = json.dumps(found).encode()

    return apply


def test_everything_arrives(store: Store, file: bytes, tmp_path_factory) -> None:
    """Another store has the same plans, history, names, talk and records, under ids of its own."""
    elsewhere = Store(tmp_path_factory.mktemp("other") / "store.sqlite")
    elsewhere.transfer.load(file)
    ours = {i.name: i for i in store.scenarios.list()}
    theirs = {i.name: i for i in elsewhere.scenarios.list()}
    assert set(theirs) == {"One", "Two"}
    assert theirs["Two"].tags == ("tag",) and theirs["Two"].notes == "notes"
    for name in ours:
        a, b = store.open(ours[name].id), elsewhere.open(theirs[name].id)
        assert same_history(a.history, b.history) and same_plan(a.baseline, b.baseline)
        assert a.rev == b.rev and a.scenario_id != b.scenario_id
    one, mine = theirs["One"].id, ours["One"].id
    told = [(e.kind, e.label, e.author, e.at, e.name, e.run) for e in elsewhere.timeline.of(one)]
    assert told == [
        (e.kind, e.label, e.author, e.at, e.name, e.run) for e in store.timeline.of(mine)
    ]
    assert [c.text for c in elsewhere.talk.comments(one)] == ["why?"]
    assert [r.unit_ids for r in elsewhere.talk.requests(one)] == [("00003",)]
    window = elsewhere.open(one).workspace()
    window.redo()
    assert window.plan.alignment[1] == 2
    elsewhere.close()


def test_the_same_file_twice_is_two_projects(store: Store, file: bytes) -> None:
    """Importing never overwrites."""
    store.transfer.load(file)
    store.transfer.load(file)
    assert len(store.scenarios.list()) == 6
    assert len({info.project_id for info in store.scenarios.list()}) == 3


def _coloured(found: dict) -> None:
    columns = found["revisions"][0]["state"]["territories"]["columns"]
    columns["colour"] = ["red;background:url(http://example.org)"] * len(columns["name"])


def test_paths_stay_and_words_are_words(store: Store, file: bytes) -> None:
    """Neither does a file tell where somebody's data lies, nor have ours read; no markup."""
    settings = store.scenarios.list()[0]
    kept = replace(store.open(settings.id).project.settings, files={"team": "/private/team.csv"})
    store.save_settings(settings.id, kept)
    assert b"/private" not in zipfile.ZipFile(
        io.BytesIO(store.transfer.dump(settings.project_id))
    ).read("tables.json")
    words = {"rep": "![x](http://example.org)", "unit": "PLZ"}
    forged = {"files": {"team": "/etc/passwd"}, "words": words}
    (one, _) = store.transfer.load(
        remade(file, tables(lambda t: t["project"]["settings"].update(forged)))
    )
    found = store.open(one).project.settings
    assert not found.files and found.word("rep") == "rep" and found.word("unit") == "PLZ"


BAD: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "empty": (lambda f: b"", "damaged or no zip"),
    "truncated": (lambda f: f[: len(f) // 2], "damaged or no zip"),
    "another zip": (lambda f: remade(f, lambda m: m.clear()), "does not hold|no project file"),
    "zip slip": (
        lambda f: remade(f, lambda m: m.update({"../../x": b"1"}), honest=False),
        "does not hold what its list says",
    ),
    "changed data": (
        lambda f: remade(f, lambda m: m.update({"data/graph": b"1"}), honest=False),
        "damaged in data/graph",
    ),
    "data that can't be read": (
        lambda f: remade(f, lambda m: m.update({"data/graph": b"1"})),
        "region can't be read",
    ),
    "not JSON": (lambda f: remade(f, lambda m: m.update({"tables.json": b"x"})), "taken in"),
    "no tables": (lambda f: remade(f, tables(lambda t: t.clear())), "taken in"),
    "lost parent": (
        lambda f: remade(f, tables(lambda t: t["revisions"].pop(0))),
        "can't be taken in",
    ),
    "wrong kinds": (
        lambda f: remade(f, tables(lambda t: t["scenarios"][0].update(name=["x"]))),
        "can't be taken in",
    ),
    "tags that are none": (
        lambda f: remade(f, tables(lambda t: t["scenarios"][0].update(tags=5))),
        "can't be taken in",
    ),
    "no standing of ours": (
        lambda f: remade(f, tables(lambda t: t["scenarios"][0].update(status="boss"))),
        "can't be taken in",
    ),
    "a request for nothing": (
        lambda f: remade(f, tables(lambda t: t["requests"][0].update(unit_ids=None))),
        "can't be taken in",
    ),
    "a record that is none": (
        lambda f: remade(f, tables(lambda t: t["revisions"][-1].update(run=[1]))),
        "can't be taken in",
    ),
    "a colour that is more": (
        lambda f: remade(f, tables(_coloured)),
        "can't be taken in",
    ),
    "damaged plan": (
        lambda f: remade(f, tables(lambda t: t["revisions"][0].update(alignment="AAAA"))),
        "can't be taken in",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_is_refused_in_words(store: Store, file: bytes, case: str) -> None:
    """Nothing of it is kept, and what was there is as it was."""
    spoil, words = BAD[case]
    before = store.scenarios.list()
    with pytest.raises(StoreError, match=words):
        store.transfer.load(spoil(file), "north.zip")
    assert store.scenarios.list() == before


def test_a_newer_file_and_a_bomb(store: Store, file: bytes) -> None:
    """Both are refused before anything is unpacked."""
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("manifest.json", json.dumps({**manifest, "format": 99}))
    with pytest.raises(StoreError, match="newer Territory Workbench"):
        store.transfer.load(out.getvalue())
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for i in range(65):
            archive.writestr(f"data/{i}", b"\0" * 100)
    with pytest.raises(StoreError, match="too large"):
        store.transfer.load(out.getvalue())
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("tables.json", b"0" * 50_000_000)
    with pytest.raises(StoreError, match="too large"):
        store.transfer.load(out.getvalue())
