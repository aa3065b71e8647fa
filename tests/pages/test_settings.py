"""Settings: words and units of measurement, kept with the project."""

from __future__ import annotations

from dataclasses import replace

from tests.pages.conftest import OpenPage, healthy, texts, workspace


def test_words_and_miles_reach_the_other_pages_and_a_reload(open_page: OpenPage) -> None:
    """Rep becomes account manager, kilometres become miles, also for the next session."""
    app = open_page("settings")
    app.text_input("word-reps").set_value("account managers")
    app.text_input("word-units").set_value("postcodes")
    app.segmented_control("distance").set_value("mi")
    app.button("save-settings").click().run()
    healthy(app)
    again = open_page("start", scenario=workspace(app).scenario_id)
    assert "24 account managers" in texts(again) and "1,846 postcodes" in texts(again)
    assert any(str(m.value).endswith(" mi") for m in again.metric)


def test_bands_decide_who_is_outside(open_page: OpenPage) -> None:
    """A wider band leaves fewer territories outside; green never exceeds amber."""
    app = open_page("settings")
    app.slider("green").set_value(50)
    app.slider("amber").set_value(30)
    app.button("save-settings").click().run()
    healthy(app)
    settings = workspace(app).project.settings
    assert (settings.green, settings.amber) == (0.5, 0.5)


def test_saved_scenarios_can_be_opened(open_page: OpenPage) -> None:
    """After a reset the work before it is on the page Scenarios; Open switches to it."""
    app = open_page("settings")
    first = workspace(app).scenario_id
    app.button("reset-sample").click().run()
    assert workspace(app).scenario_id != first
    app.switch_page("pages/scenarios.py").run()
    app.button(f"open-{first}").click().run()
    healthy(app)
    assert workspace(app).scenario_id == first


def test_words_are_words(open_page: OpenPage) -> None:
    """Markup in a word would be read by titles and labels everywhere: refused, nothing changes."""
    app = open_page("settings")
    before = workspace(app).project.settings
    app.text_input("word-reps").set_value("![x](http://h.example)")
    app.button("save-settings").click().run()
    assert "letters" in app.error[0].value
    assert workspace(app).project.settings == before
    app.text_input("word-reps").set_value("Außendienst-Partner")
    app.button("save-settings").click().run()
    assert workspace(app).project.settings.word("reps") == "Außendienst-Partner"


def test_a_background_map_is_a_choice_that_is_kept(open_page: OpenPage) -> None:
    """None unless chosen; a name this version does not know is none."""
    app = open_page("settings")
    assert app.selectbox("basemap").value == ""
    app.selectbox("basemap").set_value("OpenStreetMap.Mapnik")
    app.button("save-settings").click().run()
    healthy(app)
    again = open_page("settings", scenario=workspace(app).scenario_id)
    assert again.selectbox("basemap").value == "OpenStreetMap.Mapnik"
    here = workspace(again)
    here.project = replace(
        here.project, settings=replace(here.project.settings, basemap="Nobody.Knows")
    )
    again.run()
    healthy(again)
