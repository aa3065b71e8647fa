"""The Performance page's views of hours and visits, as a user goes through them."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from datetime import date
from typing import Any

from streamlit.testing.v1 import AppTest

from tests.pages.conftest import OpenPage, healthy, texts, workspace
from tests.pages.test_performance import titles


def view(open_page: OpenPage, name: str) -> AppTest:
    """The Performance page at one of its views."""
    app = open_page("performance")
    app.segmented_control("performance-view").set_value(name).run()
    healthy(app)
    return app


def figures(app: AppTest) -> dict[str, Any]:
    """The page's figures by label."""
    return {metric.label: metric for metric in app.metric}


def wait(app: AppTest, seconds: float = 60) -> AppTest:
    """Run again until the visits are planned."""
    ends = time.monotonic() + seconds
    while not workspace(app).visits.finished and time.monotonic() < ends:  # type: ignore[union-attr]
        time.sleep(0.1)
    return app.run()


def test_hours_against_those_there_are(open_page: OpenPage) -> None:
    """A finding each; the stack has visits, driving, nights, office and what there is."""
    app = view(open_page, "workload")
    assert titles(app)[0] == "9 of 24 territories lack hours for their work"
    assert "of the field time is driving" in titles(app)[1]
    charts = [json.loads(c.proto.spec)["data"] for c in app.get("plotly_chart")]
    stack = next(traces for traces in charts if len(traces) == 5)
    assert [trace["name"] for trace in stack] == [
        *("visits", "driving", "nights away", "office"),
        "hours there are",
    ]
    labels = [m.label for m in app.metric]
    assert labels[-4:] == ["Driving hours", "Travel share", "Distance driven", "Nights away"]


def test_an_edit_shows_what_it_does_to_driving(open_page: OpenPage) -> None:
    """A ZIP given to a rep far away: other hours than in the baseline; miles if wished."""
    app = view(open_page, "workload")
    here = workspace(app)
    here.change("far", here.plan.move(["04401"], "R01"))
    app.run()
    healthy(app)
    driving = figures(app)["Driving hours"]
    assert driving.delta == "was 9,100 h" and driving.value != "9,100 h"
    assert figures(app)["Distance driven"].delta == "was 483,000 km"
    here.project = replace(here.project, settings=replace(here.project.settings, distance="mi"))
    app.run()
    assert figures(app)["Distance driven"].delta == "was 300,000 mi"


def test_without_anybody_to_visit_it_says_what_to_load(open_page: OpenPage) -> None:
    """A bare region: no charts, one sentence, a link to the data."""
    app = view(open_page, "workload")
    here = workspace(app)
    bare = here.project.units.with_attributes(
        here.project.units.attributes[["workload_hours"]] * float("nan")
    )
    here.project = replace(here.project, units=bare, accounts=None, team=None)
    app.run()
    healthy(app)
    assert "visits per year" in texts(app)
    assert not any("lack hours" in title for title in titles(app))


def test_the_headlines_say_where_their_hours_come_from(open_page: OpenPage) -> None:
    """They go by the measure; where there is none, by what to load, never by what is not there."""
    app = view(open_page, "workload")
    assert "go by the measure Workload" in texts(app)
    here = workspace(app)
    units = here.project.units
    bare = replace(units, attributes=units.attributes.drop(columns="workload_hours"))
    here.project = replace(here.project, units=bare)
    app.run()
    assert "stay empty until" in texts(app) and "go by the measure" not in texts(app)


def test_a_team_without_homes_and_capacity(open_page: OpenPage) -> None:
    """Hours are shown all the same, with what is missing and what would fill it."""
    app = view(open_page, "workload")
    here = workspace(app)
    team = here.project.team
    assert team is not None
    unknown = team.frame.assign(home_zip="", home_lat=None, home_lon=None, capacity_hours=None)
    here.project = replace(here.project, team=type(team)(unknown))
    app.run()
    healthy(app)
    said = texts(app).replace("\\", "")
    assert "home_zip" in said and "capacity_hours" in said
    assert "no capacity is known" in titles(app)[0]


def test_visits_are_planned_and_told_apart_from_an_older_plan(open_page: OpenPage) -> None:
    """Choose, plan, look at a week, take it along; after an edit the plan is called old."""
    app = view(open_page, "visits")
    assert "press *Plan the visits*" in texts(app)
    app.selectbox("visits-rep").select("R10").run()
    app.button("plan-visits").click().run()
    wait(app)
    healthy(app)
    assert "Owen Halloran has a day for each of 83 visits" in texts(app)
    table = app.dataframe[0].value
    assert list(table.columns)[:3] == ["Day", "Call", "From"]
    assert (table["Account"] == "Home").sum() == table["Day"].nunique()
    drawn = json.loads(app.get("plotly_chart")[0].proto.spec)["data"]
    calls = sum(len(trace.get("text", [])) for trace in drawn)
    assert calls == (table["Call"] != "").sum()
    here = workspace(app)
    here.change("1 ZIP", here.plan.move([here.plan.units.ids[0]], "R10"))
    app.run()
    healthy(app)
    assert "plan the visits again" in texts(app)


def test_a_rep_with_nobody_to_visit_is_told_so(open_page: OpenPage) -> None:
    """The fault of a run is a sentence, not a traceback."""
    app = view(open_page, "visits")
    here = workspace(app)
    nowhere = dict.fromkeys(here.plan.units.ids, "R01")
    here.change("all to one", type(here.plan).from_alignment(here.plan.units, nowhere))
    app.run()
    healthy(app)
    assert "No territory has a rep yet" in texts(app) or "has a day" in texts(app)


def test_a_rep_with_two_territories_is_one_bar(open_page: OpenPage) -> None:
    """By rep there are 23 bars, by territory 24."""
    app = view(open_page, "workload")
    here = workspace(app)
    reps = here.plan.territories["rep_id"].replace("R02", "R01")
    shared = replace(here.plan, territories=here.plan.territories.assign(rep_id=reps))
    here.change("two for one", shared)
    app.run()
    healthy(app)
    assert "of 23 reps lack hours" in titles(app)[0]
    app.segmented_control("workload-by").set_value("territory").run()
    healthy(app)
    assert "of 24 territories lack hours" in titles(app)[0]


def test_without_a_history_the_user_says_when_it_begins(open_page: OpenPage) -> None:
    """No sales, no last period: any Monday will do, and names that are markup stay text."""
    app = view(open_page, "visits")
    here = workspace(app)
    assert here.project.team is not None
    named = here.project.team.frame.assign(name="<b onclick=x>**R**</b>")
    here.project = replace(here.project, sales=None, team=type(here.project.team)(named))
    app.run()
    app.date_input("visits-start-0").set_value(date(2026, 3, 4)).run()
    app.button("plan-visits").click().run()
    wait(app)
    healthy(app)
    (found,) = [s.value for s in app.subheader if "has a day" in s.value]
    assert found.startswith("\\<b onclick\\=x\\>\\*\\*R\\*\\*\\<")
    assert app.dataframe[0].value["Day"].iloc[0] == "Mon 02 Mar"
