"""Scenarios: duplicate, compare, take over, go back, discuss, approve, share."""

from __future__ import annotations

import time

from territory.mapview.protocol import plan_id
from territory.model import operations
from territory.ui import session
from tests.pages.conftest import OpenPage, healthy, texts, workspace


def press(app, key: str) -> None:
    app.button(key=key).click().run()
    healthy(app)


def view(app, name: str) -> None:
    app.button_group(key="scenario-view").set_value(name).run()
    healthy(app)


def duplicated(open_page: OpenPage):
    """The page with a copy open that differs from the original by 40 ZIPs."""
    app = open_page("scenarios")
    first = workspace(app).scenario_id
    press(app, f"copy-{first}")
    here = workspace(app)
    assert here.scenario_id != first and here.scenario_name.endswith(", copy")
    ids = here.plan.units.ids[here.plan.alignment == 0][:40]
    here.change("40 ZIPs away", here.plan.move(ids, here.plan.territory_ids[1]))
    app.run()
    return app, first


def test_compare_and_take_over(open_page: OpenPage) -> None:
    """The copy beside the original: numbers with differences, flows, and one territory back."""
    app, first = duplicated(open_page)
    app.checkbox(key=f"pick-{first}").check().run()
    view(app, "compare")
    table = app.dataframe[0].value
    assert table.shape[1] == 3 and "pp)" in table.iloc[0, 2]
    assert app.dataframe[1].value["ZIPs"].tolist() == [40]
    here = workspace(app)
    original = session.store().plan_at(first)
    app.selectbox(key="take").set_value(here.plan.territory_ids[0]).run()
    press(app, "take-over")
    here = workspace(app)
    assert (here.plan.alignment == original.alignment).all()
    assert here.history.undo_label.endswith("as in Current alignment")
    view(app, "compare")
    assert "give every place to the same owner" in texts(app)


def test_history_goes_back_and_forks(open_page: OpenPage) -> None:
    """Naming the present, going back as a new change, opening the past as a copy."""
    app, _ = duplicated(open_page)
    changed = workspace(app).plan.alignment
    view(app, "history")
    app.text_input(key="mark-name").input("board").run()
    press(app, "mark")
    assert "blue-badge[board]" in texts(app) and "40 ZIPs away" in texts(app)
    events = session.store().timeline.of(workspace(app).scenario_id)
    start = next(e for e in events if e.kind == "copy")
    assert (events[0].author, events[0].name) == (workspace(app).author, "board")
    press(app, f"back-{start.id}")
    here = workspace(app)
    assert (here.plan.alignment != changed).sum() == 40 and here.history.can_undo
    press(app, f"fork-{events[0].id}")
    assert (workspace(app).plan.alignment == changed).all()
    assert workspace(app).scenario_id != here.scenario_id


def test_comments_and_requests(open_page: OpenPage) -> None:
    """Said, resolved; a request shows its effect and is done, or declined with a reason."""
    app = open_page("scenarios")
    view(app, "discussion")
    app.text_area(key="comment-text").input("<b>why</b> ${x}")
    app.button(key="comment-send").click().run()
    healthy(app)
    assert "\\<b\\>why" in texts(app)
    here = workspace(app)
    (said,) = session.store().talk.comments(here.scenario_id)
    press(app, f"resolve-{said.id}")
    assert session.store().talk.comments(here.scenario_id)[0].resolved_by == here.author

    unit = str(here.plan.units.ids[here.plan.alignment == 0][0])
    to = here.plan.territory_ids[3]
    app.text_input(key="request-units").input(unit)
    app.selectbox(key="request-to").set_value(to)
    app.button(key="request-send").click().run()
    healthy(app)
    assert "Largest deviation" in texts(app) and "would change hands" in texts(app)
    (asked,) = session.store().talk.requests(here.scenario_id)
    press(app, f"grant-{asked.id}")
    here = workspace(app)
    assert here.plan.to_mapping()[unit] == to
    assert session.store().talk.requests(here.scenario_id)[0].status == "approved"

    app.text_input(key="request-units").input("nowhere")
    app.button(key="request-send").click().run()
    assert any("nowhere" in e.value for e in app.error)
    assert len(session.store().talk.requests(here.scenario_id)) == 1


def test_an_approved_scenario_can_only_be_copied(open_page: OpenPage) -> None:
    """Submit, approve: the strip says read-only, undo is off, a copy is a draft."""
    app, _ = duplicated(open_page)
    view(app, "discussion")
    press(app, "submit")
    view(app, "discussion")
    press(app, "approve")
    here = workspace(app)
    assert here.read_only and app.button(key="undo").disabled
    view(app, "scenarios")
    press(app, f"copy-{here.scenario_id}")
    assert not workspace(app).read_only


def test_what_if_a_rep_leaves(open_page: OpenPage) -> None:
    """The plan under it, the repair beside it, and the repair kept as a scenario."""
    app = open_page("scenarios")
    before = workspace(app)
    view(app, "stress")
    app.button_group(key="stress-kind").set_value("leaves").run()
    app.selectbox(key="stress-rep").set_value(before.plan.territory_ids[2]).run()
    press(app, "run-stress")
    job = workspace(app).stress
    deadline = time.monotonic() + 120
    while not job.finished and time.monotonic() < deadline:
        time.sleep(0.1)
    app.run()
    healthy(app)
    name = before.plan.territories["name"].iloc[2]
    assert f"rep of {name} leaves" in texts(app) and "The repair moves" in texts(app)
    assert app.dataframe[0].value.shape == (8, 5)
    press(app, "keep-stress")
    here = workspace(app)
    assert here.scenario_id != before.scenario_id and here.plan.k == before.plan.k - 1
    assert here.plan.unassigned == 0 and session.store().open(here.scenario_id).rev == 1


def test_delete_and_bring_back(open_page: OpenPage) -> None:
    """The open one can't be deleted; another can, and comes back."""
    app, first = duplicated(open_page)
    assert app.button(key=f"delete-{workspace(app).scenario_id}").disabled
    press(app, f"delete-{first}")
    assert len(session.store().scenarios.list()) == 1
    press(app, f"restore-{first}")
    assert len(session.store().scenarios.list()) == 2


def test_a_shared_link_shows_and_changes_nothing(open_page: OpenPage) -> None:
    """The link opens the plan read-only, hides the shelf, and ends when it is taken back."""
    app = open_page("scenarios")
    here = workspace(app)
    token = session.store().talk.share(here.scenario_id, "Blake")
    looking = open_page("scenarios", share=token)
    seen = workspace(looking)
    assert seen.read_only and seen.scenario_id == here.scenario_id and seen.journal is None
    assert "somebody shared with you" in texts(looking)
    assert not [b for b in looking.button if b.key and b.key.startswith("copy-")]
    session.store().talk.unshare(here.scenario_id)
    refused = open_page(share=token)
    assert any("taken back" in e.value for e in refused.error)


def test_a_visitor_of_a_link_gets_nowhere_else(open_page: OpenPage) -> None:
    """No other scenario by address or button, nothing new in the store, no address of the store."""
    app = open_page("scenarios")
    here = workspace(app)
    store = session.store()
    other = store.scenarios.duplicate(here.scenario_id, "Other")
    store.open(other)  # what its owner worked on last
    token = store.talk.share(here.scenario_id, "Blake")
    looking = open_page("settings", share=token)
    assert store.scenarios.last_id() == other  # looking is not working on it
    assert not [c for c in looking.code if store.where in c.value]
    press(looking, "reset-sample")
    assert workspace(looking).share == token and "nothing can be changed" in texts(looking)
    assert len(store.scenarios.list()) == 2
    assert here.scenario_id not in plan_id(workspace(looking))  # it opens the plan for changes


def test_a_request_for_what_is_locked_by_now(open_page: OpenPage) -> None:
    """It says why it can't be done, and can still be declined."""
    app = open_page("scenarios")
    here = workspace(app)
    unit = str(here.plan.units.ids[here.plan.alignment == 0][0])
    here.change("Lock", operations.lock_units(here.plan, [unit]))
    asked = session.store().talk.request(
        here.scenario_id, [unit], here.plan.territory_ids[3], "", "Casey"
    )
    view(app, "discussion")
    assert f"Locked\\: {unit}" in texts(app) and app.button(key=f"grant-{asked}").disabled
    app.text_input(key=f"reason-{asked}").input("stays").run()
    press(app, f"refuse-{asked}")
    assert session.store().talk.requests(here.scenario_id)[0].status == "declined"


def test_the_history_shows_every_text_letter_by_letter(open_page: OpenPage) -> None:
    """A project file may name any place where a change was made."""
    app = open_page("scenarios")
    here = workspace(app)
    here.source = "![x](http://example.org/x.png)"
    here.change("Mine", here.plan.move(list(here.plan.units.ids[:1]), here.plan.territory_ids[5]))
    here.source = "Scenarios"
    view(app, "history")
    assert "![x](" not in texts(app)


def test_the_open_one_was_deleted_in_another_window(open_page: OpenPage) -> None:
    """The page says so and brings it back."""
    app = open_page("scenarios")
    mine = workspace(app).scenario_id
    session.store().scenarios.delete(mine)
    app.run()
    healthy(app)
    assert "was deleted in another window" in texts(app)
    press(app, f"restore-{mine}")
    assert "was deleted in another window" not in texts(app)
    press(app, f"copy-{mine}")
