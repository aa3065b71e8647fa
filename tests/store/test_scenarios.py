"""The shelf, the timeline and the talk about scenarios, on both databases."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from territory.errors import PlanError, StoreError
from territory.model import Plan, Project
from territory.store import Store
from territory.store.schema import SCHEMA_VERSION
from tests.store.same import same_plan
from tests.store.server import Server

AWKWARD = "<b>Zoë</b> ${x} \u202eabc"


def labels(store: Store, scenario_id: str) -> list[tuple[str, str]]:
    return [(event.kind, event.label) for event in store.timeline.of(scenario_id)][::-1]


def test_deleting_can_be_taken_back(store: Store, project: Project, plan: Plan) -> None:
    """A deleted scenario is off the list, can't be opened or changed, and comes back whole."""
    kept, gone = store.create(project, plan, name="A"), store.create(project, plan, name="B")
    here = store.open(gone).workspace()
    here.change("x", plan.move(["00000"], "T03"))
    store.scenarios.delete(gone, "Blake")
    assert [info.id for info in store.scenarios.list()] == [kept]
    assert [info.id for info in store.scenarios.list(deleted=True)] == [gone]
    assert store.scenarios.last_id() == kept
    with pytest.raises(StoreError, match='"B" was deleted'):
        store.open(gone)
    with pytest.raises(StoreError, match="was deleted"):
        here.undo()
    store.scenarios.bring_back(gone, "Blake")
    assert store.open(gone).rev == 1
    assert labels(store, gone)[-2:] == [("delete", "Deleted"), ("restore", "Brought back")]


def test_notes_and_tags(store: Store, project: Project, plan: Plan) -> None:
    """They come back as they were, tags once each."""
    one = store.create(project, plan)
    store.scenarios.describe(one, AWKWARD, ["spring", " spring", "", AWKWARD])
    info = store.scenarios.list()[0]
    assert (info.notes, info.tags) == (AWKWARD, ("spring", AWKWARD))


def test_a_baseline_of_the_same_project(store: Store, project: Project, plan: Plan) -> None:
    """Another scenario's present plan becomes the baseline; another project's can't."""
    one = store.create(project, plan)
    two = store.scenarios.duplicate(one, "Two", "Blake")
    store.open(two).workspace().change("x", plan.move(["00000"], "T03"))
    window = store.open(one).workspace()
    store.scenarios.set_baseline(one, two, "Blake")
    assert store.rev(one) == window.rev + 1
    assert same_plan(store.open(one).baseline, plan.move(["00000"], "T03"))
    stranger = store.create(project, plan)
    with pytest.raises(StoreError, match="same project"):
        store.scenarios.set_baseline(one, stranger)


def test_an_approved_scenario_is_fixed(store: Store, project: Project, plan: Plan) -> None:
    """Submit, decline with a reason, submit, approve; then no change, but a copy goes on."""
    one = store.create(project, plan, name="Spring")
    open_window = store.open(one).workspace()
    with pytest.raises(StoreError, match="is draft"):
        store.scenarios.step(one, "approve", "Ann")
    store.scenarios.step(one, "submit", "Blake")
    store.scenarios.step(one, "decline", "Ann", "too far")
    assert store.open(one).status == "declined"
    store.scenarios.step(one, "submit", "Blake")
    store.scenarios.step(one, "approve", "Ann")
    with pytest.raises(StoreError, match="is approved"):
        open_window.change("x", plan.move(["00000"], "T03"))
    assert open_window.rev == 0
    with pytest.raises(PlanError, match="is approved"):
        store.open(one).workspace().change("x", plan.move(["00000"], "T03"))
    copy = store.scenarios.duplicate(one, "Summer")
    with pytest.raises(StoreError, match="baseline stays"):
        store.scenarios.set_baseline(one, copy)
    store.open(copy).workspace().change("x", plan.move(["00000"], "T03"))
    assert labels(store, one)[1:] == [
        ("submit", "Submitted for approval"),
        ("decline", "Declined: too far"),
        ("submit", "Submitted for approval"),
        ("approve", "Approved"),
    ]


def test_the_timeline_says_who_when_what_and_from_where(
    store: Store, project: Project, plan: Plan
) -> None:
    """Changes, undo and named points, with the engine's record where it made the plan."""
    one = store.create(project, plan)
    here = store.open(one).workspace()
    here.author, here.source = AWKWARD, "Map"
    here.change("A", plan.move(["00000"], "T03"))
    store.timeline.mark(one, "Before the engine")
    here.source = "Balance"
    here.change("B", plan.move(["00001"], "T03"), run={"seed": 1})
    here.undo()
    newest, balanced, painted, start = store.timeline.of(one)
    assert (newest.kind, newest.label, newest.run) == ("undo", "B", None)
    assert newest.revision_id == painted.revision_id
    assert (balanced.source, balanced.run) == ("Balance", {"seed": 1})
    assert (painted.author, painted.source, painted.name) == (AWKWARD, "Map", "Before the engine")
    assert start.kind == "start" and start.at <= newest.at
    assert same_plan(store.plan_at(one, balanced.revision_id), plan.move(["00001"], "T03"))
    assert same_plan(store.plan_at(one), plan.move(["00000"], "T03"))
    store.timeline.mark(one, " ")
    assert not any(event.name for event in store.timeline.of(one))


def test_a_copy_may_begin_in_the_past(store: Store, project: Project, plan: Plan) -> None:
    """Duplicating an old revision gives that plan, with its own past."""
    one = store.create(project, plan)
    here = store.open(one).workspace()
    here.change("A", plan.move(["00000"], "T03"))
    here.change("B", plan.move(["00001"], "T03"))
    first = store.timeline.of(one)[1]
    copy = store.open(store.scenarios.duplicate(one, "Old", revision_id=first.revision_id))
    assert same_plan(copy.history.present.plan, plan.move(["00000"], "T03"))
    assert copy.history.undo_label == "A"


def test_comments(store: Store, project: Project, plan: Plan) -> None:
    """Said about a part, resolved, opened again; empty ones are refused."""
    one = store.create(project, plan)
    first = store.talk.say(one, AWKWARD, "Blake", "unit", "00003")
    store.talk.say(one, "fine", "Ann")
    store.talk.resolve(first, "Ann")
    about, plain = store.talk.comments(one)
    assert (about.text, about.about, about.about_id) == (AWKWARD, "unit", "00003")
    assert about.resolved_by == "Ann" and about.resolved_at and plain.resolved_at is None
    store.talk.resolve(first, "Ann", resolved=False)
    assert store.talk.comments(one)[0].resolved_at is None
    with pytest.raises(StoreError, match="nothing in this comment"):
        store.talk.say(one, "  ", "Blake")
    with pytest.raises(StoreError, match="no such scenario"):
        store.talk.say("nobody", "x", "Blake")


def test_change_requests(store: Store, project: Project, plan: Plan) -> None:
    """Decided once, declined only with a reason, and on the timeline."""
    one = store.create(project, plan)
    ask = store.talk.request(one, ["00003", "00004"], "T03", "closer to me", "Casey")
    with pytest.raises(StoreError, match="Say why"):
        store.talk.decide(ask, approve=False, author="Ann")
    store.talk.decide(ask, approve=False, author="Ann", reason="not now")
    with pytest.raises(StoreError, match="decided already"):
        store.talk.decide(ask, approve=True, author="Ann")
    (request,) = store.talk.requests(one)
    assert (request.status, request.reason, request.unit_ids) == (
        "declined",
        "not now",
        ("00003", "00004"),
    )
    assert labels(store, one)[-1] == ("request", "Request of Casey declined: not now")
    with pytest.raises(StoreError, match="at least one unit"):
        store.talk.request(one, [], "T03", "", "Casey")


def test_links_show_and_can_be_taken_back(store: Store, project: Project, plan: Plan) -> None:
    """A token leads to its scenario until it is taken back; nothing else does."""
    one = store.create(project, plan)
    token = store.talk.share(one, "Blake")
    assert store.talk.shared(token) == one and store.talk.shares(one) == 1
    assert store.talk.shared("x") is None and store.talk.shared(one) is None
    store.talk.unshare(one)
    assert store.talk.shared(token) is None and store.talk.shares(one) == 0


def test_a_store_of_the_first_format_is_brought_up_to_date(
    path: Path, project: Project, plan: Plan
) -> None:
    """Columns and tables are added, work and history are kept, the timeline begins with both."""
    store = Store(path)
    one = store.create(project, plan, name="Old")
    store.open(one).workspace().change("A", plan.move(["00000"], "T03"))
    store.close()
    with closing(sqlite3.connect(path)) as file:
        for table in ("events", "marks", "comments", "requests", "shares"):
            file.execute(f"DROP TABLE {table}")
        for column in ("notes", "tags", "status", "deleted_at"):
            file.execute(f"ALTER TABLE scenarios DROP COLUMN {column}")
        file.execute("ALTER TABLE revisions DROP COLUMN run")
        file.execute("UPDATE schema_version SET version = 1")
        file.commit()
    store = Store(path)
    assert store.scenarios.list()[0].tags == ()
    here = store.open(one).workspace()
    here.undo()
    assert [e.label for e in store.timeline.of(one)] == ["A", "A", "Start"]
    store.close()
    with closing(sqlite3.connect(path)) as file:
        assert file.execute("SELECT version FROM schema_version").fetchone() == (SCHEMA_VERSION,)


def test_a_server_that_goes_away_and_comes_back(
    server: Server, project: Project, plan: Plan
) -> None:
    """The step in between is refused in words without the password; afterwards work goes on."""
    address = server.new_database()
    store = Store(address.replace("postgres@", "postgres:secret@"))
    one = store.create(project, plan)
    here = store.open(one).workspace()
    server.stop()
    with pytest.raises(StoreError, match="can't be reached") as refusal:
        here.change("A", plan.move(["00000"], "T03"))
    assert "secret" not in str(refusal.value) and "secret" not in store.where
    server.start()
    here.change("A", plan.move(["00000"], "T03"))
    assert store.open(one).rev == 1
    store.close()


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("mysql://x@localhost/y", "only PostgreSQL"),
        ("postgresql://x@localhost:port/y", "no database address"),
        ("postgresql://x@127.0.0.1:1/y", "can't be reached"),
    ],
)
def test_an_address_that_cannot_be_used(address: str, words: str) -> None:
    """Refused in words."""
    with pytest.raises(StoreError, match=words):
        Store(address)


def test_a_newer_server_store_is_left_alone(server: Server) -> None:
    """As with files."""
    from sqlalchemy import text

    address = server.new_database()
    store = Store(address)
    with store._database.write() as connection:
        connection.execute(text("UPDATE schema_version SET version = 99"))
    store.close()
    with pytest.raises(StoreError, match="newer Territory Workbench"):
        Store(address)
