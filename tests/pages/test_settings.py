"""Settings: words and units of measurement, kept with the project."""

from __future__ import annotations

import time
from dataclasses import replace

from streamlit.testing.v1 import AppTest

from territory.metrics import Case
from territory.metrics.travel import total_driving_hours
from tests.intake.test_road_server import Fake, osrm
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


def test_travel_assumptions_reach_the_hours(open_page: OpenPage) -> None:
    """Slower roads are more hours at the wheel; the form keeps what was typed, in miles too."""
    app = open_page("settings")
    before = total_driving_hours(Case(workspace(app).plan, project=workspace(app).project))
    app.number_input("travel-highway_kmh").set_value(40.0)
    app.number_input("travel-overnight_hours").set_value(1.0)
    app.button("save-travel").click().run()
    healthy(app)
    here = workspace(app)
    assert here.project.settings.travel.highway_kmh == 40.0
    assert total_driving_hours(Case(here.plan, project=here.project)) != before
    here.project = replace(here.project, settings=replace(here.project.settings, distance="mi"))
    app = open_page("settings", scenario=here.scenario_id)
    app.segmented_control("distance").set_value("mi")
    app.button("save-settings").click().run()
    healthy(app)
    assert app.number_input("travel-highway_kmh").label == "Speed on longer ways, mph"


def test_a_road_server_is_no_file(open_page: OpenPage) -> None:
    """A wrong address is refused in words, and nothing is kept; a right one brings the button."""
    app = open_page("settings")
    app.text_input("travel-server").set_value("file:///etc/passwd")
    app.button("save-travel").click().run()
    healthy(app)
    assert "no address of a road server" in texts(app)
    assert workspace(app).project.settings.travel.server == ""
    assert not [b for b in app.button if b.key == "ask-roads"]
    app.text_input("travel-server").set_value("http://127.0.0.1:9/")
    app.button("save-travel").click().run()
    assert workspace(app).project.settings.travel.server == "http://127.0.0.1:9"
    app.button("ask-roads").click().run()
    wait_for(app)
    assert "gave no travel times" in texts(app)


def test_road_times_are_looked_at_then_taken_over(open_page: OpenPage) -> None:
    """From a server on this machine into the project, and out again."""
    server = Fake(osrm)
    app = open_page("settings")
    app.text_input("travel-server").set_value(server.url)
    app.button("save-travel").click().run()
    app.button("ask-roads").click().run()
    wait_for(app)
    healthy(app)
    assert "travel times from the road server" in texts(app)
    assert workspace(app).project.travel_times is None
    app.button("use-roads").click().run()
    healthy(app)
    times = workspace(app).project.travel_times
    assert times is not None and len(times) > 24 * 100
    assert "travel times are in use" in texts(app)
    app.button("forget-roads").click().run()
    assert workspace(app).project.travel_times is None
    server.shutdown()
    server.server_close()


def wait_for(app: AppTest, seconds: float = 60) -> None:
    """Run again until the server was asked to the end."""
    ends = time.monotonic() + seconds
    while not workspace(app).roads.finished and time.monotonic() < ends:  # type: ignore[union-attr]
        time.sleep(0.1)
    app.run()
