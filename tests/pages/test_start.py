"""Start: a newcomer sees the story and the next step."""

from __future__ import annotations

from territory.ui import session
from tests.pages.conftest import OpenPage, healthy, texts, workspace


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
