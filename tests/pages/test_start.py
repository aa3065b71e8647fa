"""Start: a newcomer sees the story and the next step."""

from __future__ import annotations

from territory.ui import session
from tests.pages.conftest import OpenPage, healthy, texts, workspace
from tests.pages.test_data import boxes


def test_opens_on_the_sample_with_a_finding(open_page: OpenPage) -> None:
    """The title states what is unfair; the facts of the sample are there."""
    app = open_page("start")
    assert app.title[0].value == "3 of 24 territories hold 32 % of the potential"
    assert "1,846 ZIPs" in texts(app) and "24 reps" in texts(app)
    assert [m.label for m in app.metric][:1] == ["Largest deviation"]
    assert len(app.metric) == 8


def test_the_address_names_the_scenario(open_page: OpenPage) -> None:
    """Reloading the address finds the same work."""
    app = open_page("start")
    assert app.query_params["scenario"] == workspace(app).scenario_id


def test_a_reload_brings_the_change_back_and_says_so(open_page: OpenPage) -> None:
    """Another session on the same address sees the edit, with a banner that says from when."""
    app = open_page("start")
    here = workspace(app)
    unit = here.plan.units.ids[0]
    here.change("1 ZIP to R05", here.plan.move([unit], "R05"))
    again = open_page("start", scenario=here.scenario_id)
    assert workspace(again).plan.to_mapping()[unit] == "R05"
    assert "Recovered your work" in texts(again) and "1 change" in texts(again)
    again.button("undo").click().run()
    assert workspace(again).plan.to_mapping()[unit] != "R05"
    healthy(again)


def test_two_windows_on_one_scenario_take_turns(open_page: OpenPage) -> None:
    """What one window did shows in the other on its next run, and both can go on."""
    app = open_page("start")
    mine = workspace(app)
    a, b, c = mine.plan.units.ids[:3]
    mine.change("a", mine.plan.move([a], "R05"))
    app.run()
    other = session.store().open(mine.scenario_id).workspace()
    other.change("b", other.plan.move([b], "R06"))
    other.change("c", other.plan.move([c], "R07"))
    # This window has not seen that yet, so the first press shows it; the next takes back the last
    # change, whosever it was.
    app.button("undo").click().run()
    assert "another window" in texts(app) and "Look at what changed" in texts(app)
    app.button("undo").click().run()
    healthy(app)
    now = workspace(app).plan.to_mapping()
    assert (now[a], now[b]) == ("R05", "R06") and now[c] != "R07"


def test_an_unknown_scenario_opens_something_and_says_so(open_page: OpenPage) -> None:
    """A mistyped address is no dead end."""
    app = open_page("start", scenario="no-such-scenario")
    assert app.title[0].value.startswith("3 of 24")
    assert len(app.warning) == 1


def test_reset_opens_the_sample_afresh_and_keeps_the_old_work(open_page: OpenPage) -> None:
    """A new scenario; the old one can still be opened by its address."""
    app = open_page("start")
    old = workspace(app).scenario_id
    app.button("reset-sample").click().run()
    healthy(app)
    assert workspace(app).scenario_id != old
    assert workspace(open_page("start", scenario=old)).scenario_id == old


def test_notices_are_shown_letter_by_letter(open_page: OpenPage) -> None:
    """An id in an error message fetches no picture and colours nothing."""
    app = open_page("start")
    name = "![x](http://h.example/a.png) :red[y]"
    workspace(app).notify("error", f"Locked: {name}.\nUnlock first.")
    app.run()
    shown = app.error[0].value
    assert "![" not in shown and ":red[" not in shown
    assert shown.replace("\\", "") == f"Locked: {name}.  \nUnlock first."


def test_the_questions_set_what_they_ask_for(open_page: OpenPage) -> None:
    """Answers become settings and targets; skipping changes nothing."""
    app = open_page("start")
    before = workspace(app)
    app.button("ask").click().run()
    healthy(app)
    assert app.title[0].value == "Six questions before you start"
    app.button("skip-questions").click().run()
    healthy(app)
    assert workspace(app).project.settings == before.project.settings
    app.button("ask").click().run()
    app.multiselect("ask-priority-segment").set_value([]).run()
    app.slider("ask-tolerance").set_value(8).run()
    app.slider("ask-change").set_value(20).run()
    assert "within ±8 %" in texts(app).replace("\\", "")
    app.button("use-answers").click().run()
    healthy(app)
    here = workspace(app)
    settings = here.project.settings
    assert (settings.tolerance, settings.max_disruption, settings.asked) == (0.08, 0.2, True)
    assert settings.weights == {"potential": 0.6, "workload_hours": 0.4}
    assert here.scenario_id == before.scenario_id
    assert "As you said" in texts(app)


def test_other_data_is_another_project(open_page: OpenPage) -> None:
    """A part of the region opens as a project of its own; the whole stays saved."""
    app = open_page("start")
    old = workspace(app)
    app.button("ask").click().run()
    app.multiselect("ask-places").set_value(["VT"]).run()
    app.button("use-answers").click().run()
    healthy(app)
    here = workspace(app)
    assert here.scenario_id != old.scenario_id and here.plan.units.n < old.plan.units.n
    assert set(here.plan.units.attributes["state"]) == {"VT"}
    assert session.store().plan_at(old.scenario_id).units.n == old.plan.units.n


def test_a_plan_that_nobody_has_begun_says_so(open_page: OpenPage) -> None:
    """Areas alone: no share of nothing in the title, the engine as the next step."""
    app = open_page("data")
    app.file_uploader("upload-boundaries").set_value(("squares.geojson", boxes(), "text/json"))
    app.run().button("read-files").click().run()
    app.switch_page("pages/start.py").run()
    healthy(app)
    assert app.title[0].value == "6 ZIPs belong to nobody yet"
    assert "squares: 6 ZIPs" in texts(app) and "Click or paint ZIPs" in texts(app)
    assert "12 territories, as even as you ask." in texts(app)
