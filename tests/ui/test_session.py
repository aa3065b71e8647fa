"""What every run begins with: the address, other windows, what is left to say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from territory.ui import session
from tests.pages.conftest import healthy, texts, workspace

ROUTER = """
import streamlit as st

from territory.ui import session
from territory.ui.notices import show_notices

session.begin("Table")
show_notices()


def paint():
    here = session.workspace()
    ids = list(here.plan.units.ids[:2])
    here.change("Mine", here.plan.move(ids, here.plan.territory_ids[7]))


st.button("paint", key="paint", on_click=lambda: session.act(paint))
st.button("undo", key="undo", on_click=lambda: session.step("undo"))
"""
"""app.py without its pages: with them AppTest runs the router only once."""


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    """A session on a store of its own that starts empty."""
    monkeypatch.setenv("TERRITORY_DATA_DIR", str(tmp_path))
    monkeypatch.setattr("territory.optimize.warmup.is_warm", lambda: True)
    st.cache_resource.clear()
    yield AppTest.from_string(ROUTER, default_timeout=120).run()
    st.cache_resource.clear()


def test_another_address_opens_another_scenario(app: AppTest) -> None:
    """Editing the address of an open session switches; a wrong one is explained and undone."""
    here = workspace(app)
    other = session.store().scenarios.duplicate(here.scenario_id, "Other")
    app.query_params["scenario"] = other
    app.run()
    assert workspace(app).scenario_id == other != here.scenario_id
    app.query_params["scenario"] = "no-such-scenario"
    app.run()
    healthy(app)
    assert workspace(app).scenario_id == other
    assert app.query_params["scenario"] in (other, [other])
    assert "no such scenario" in app.warning[0].value


def test_what_was_to_be_said_survives_another_windows_change(app: AppTest) -> None:
    """A notice left before the plan is brought up to date is still shown."""
    mine = workspace(app)
    mine.notify("info", "Keep me")
    other = session.store().open(mine.scenario_id).workspace()
    other.change("b", other.plan.move([mine.plan.units.ids[0]], "R06"))
    app.run()
    assert "Keep me" in texts(app) and "another window" in texts(app)
    assert workspace(app).rev == 1


@pytest.fixture(params=["file", "server"])
def shared(
    request: pytest.FixtureRequest, app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> AppTest:
    """A session on each kind of store."""
    if request.param == "file":
        return app
    address = request.getfixturevalue("server").new_database()
    monkeypatch.setenv("TERRITORY_DATABASE_URL", address)
    st.cache_resource.clear()
    return AppTest.from_string(ROUTER, default_timeout=120).run()


def elsewhere(app: AppTest, units: slice, to: int) -> None:
    """What another person does to the same scenario."""
    other = session.store().open(workspace(app).scenario_id).workspace()
    ids = list(other.plan.units.ids[units])
    other.change("Theirs", other.plan.move(ids, other.plan.territory_ids[to]))


def test_two_editors_of_different_units_both_hold(shared: AppTest) -> None:
    """Disjoint edits merge without a word about a conflict."""
    elsewhere(shared, slice(5, 7), 9)
    shared.button(key="paint").click().run()
    healthy(shared)
    here = workspace(shared)
    assert here.conflict is None and here.rev == 2
    assert here.plan.alignment[:2].tolist() == [7, 7]
    assert here.plan.alignment[5:7].tolist() == [9, 9]


@pytest.mark.parametrize(("key", "left"), [("keep-mine", [7, 7]), ("use-theirs", [7, 9])])
def test_two_editors_of_one_unit_choose(shared: AppTest, key: str, left: list[int]) -> None:
    """Both versions are shown, either can be had, and the other stays in the history."""
    elsewhere(shared, slice(1, 3), 9)
    shared.button(key="paint").click().run()
    healthy(shared)
    here = workspace(shared)
    assert here.conflict is not None and here.conflict.unit_ids == (here.plan.units.ids[1],)
    names = here.plan.territories["name"]
    said = texts(shared)
    assert "at the same time" in said and names.iloc[9] in said and names.iloc[7] in said
    shared.button(key=key).click().run()
    healthy(shared)
    here = workspace(shared)
    assert here.conflict is None and not [b for b in shared.button if b.key == key]
    assert here.plan.alignment[:3].tolist() == [*left, 9]
    labels = [entry.label for entry in (*here.history.past, here.history.present)]
    assert "Theirs" in labels and "Mine" in labels


def test_undo_never_takes_back_what_was_not_seen(shared: AppTest) -> None:
    """The first press shows what came from elsewhere, the second takes it back."""
    shared.button(key="paint").click().run()
    elsewhere(shared, slice(5, 7), 9)
    shared.button(key="undo").click().run()
    healthy(shared)
    assert workspace(shared).plan.alignment[5:7].tolist() == [9, 9]
    assert "Look at what changed" in shared.warning[0].value
    shared.button(key="undo").click().run()
    assert workspace(shared).plan.alignment[5:7].tolist() != [9, 9]
    assert workspace(shared).plan.alignment[:2].tolist() == [7, 7]


def test_another_windows_change_leaves_what_this_page_was_doing(app: AppTest) -> None:
    """What was read on the Data page and the open questions are still there."""
    here = workspace(app)
    here.intake, here.asking = "what was read", True
    elsewhere(app, slice(5, 7), 9)
    app.run()
    healthy(app)
    now = workspace(app)
    assert now is not here and now.intake == "what was read" and now.asking


def test_other_data_leaves_settings_of_another_window(app: AppTest) -> None:
    """Answers given here don't take back words that were changed elsewhere meanwhile."""
    here, store = workspace(app), session.store()
    before = here.project.settings
    words = {**before.words, "rep": "seller"}
    store.save_settings(here.scenario_id, replace(before, words=words), before)
    answered = replace(here.project, settings=replace(before, goal=5.0))
    store.save_project(here.scenario_id, answered, before)
    now = store.open(here.scenario_id).project.settings
    assert now.word("rep") == "seller" and now.goal == 5.0


def test_a_link_shows_one_plan_until_it_is_taken_back(app: AppTest) -> None:
    """Neither another address nor patience shows more than the link does."""
    mine, store = workspace(app).scenario_id, session.store()
    other = store.scenarios.duplicate(mine, "Other")
    looking = AppTest.from_string(ROUTER, default_timeout=120)
    looking.query_params["share"] = store.talk.share(mine, "Blake")
    looking.run()
    looking.query_params["scenario"] = other
    looking.run()
    healthy(looking)
    assert workspace(looking).scenario_id == mine
    store.talk.unshare(mine)
    looking.run()
    assert looking.exception and not texts(looking)  # app.py says it in words
