"""Performance: findings as titles, before against after."""

from __future__ import annotations

import json

from tests.pages.conftest import OpenPage, healthy, texts, workspace
from tests.pages.test_data import boxes


def titles(app: object) -> list[str]:
    """Titles of the Plotly charts on the page."""
    charts = app.get("plotly_chart")  # type: ignore[attr-defined]
    layouts = [json.loads(c.proto.spec)["layout"] for c in charts]
    return [layout["title"]["text"] for layout in layouts if "title" in layout]


def test_titles_state_findings(open_page: OpenPage) -> None:
    """Deviation, share of the biggest, workload, sales: a sentence each."""
    app = open_page("performance")
    found = titles(app)
    assert found[0] == "19 of 24 territories are outside ±15 %"
    assert found[1] == "Blake Castillo has 16 % of all potential"
    assert "more work than hours" in found[2]
    assert found[3].startswith("Blake Castillo: sales")


def test_another_measure_changes_the_charts(open_page: OpenPage) -> None:
    """Workload instead of potential."""
    app = open_page("performance")
    app.segmented_control("performance-measure").set_value("workload_hours").run()
    healthy(app)
    assert "of all workload" in titles(app)[1]


def test_after_an_edit_the_baseline_stands_beside(open_page: OpenPage) -> None:
    """Charts gain a 'before' trace only when something changed."""
    app = open_page("performance")
    traces = len(json.loads(app.get("plotly_chart")[1].proto.spec)["data"])
    here = workspace(app)
    here.change("1 ZIP", here.plan.move([here.plan.units.ids[0]], "R01"))
    app.run()
    healthy(app)
    after = json.loads(app.get("plotly_chart")[1].proto.spec)["data"]
    assert len(after) == traces + 1 and after[0]["name"] == "before"


def test_without_a_plan_it_says_what_to_do(open_page: OpenPage) -> None:
    """Own boundaries without alignment: nothing to compare yet."""
    app = open_page("data")
    app.file_uploader("upload-boundaries").set_value(("squares.geojson", boxes(), "text/json"))
    app.run().button("read-files").click().run()
    app.switch_page("pages/performance.py").run()
    healthy(app)
    assert "Nothing is assigned yet" in texts(app)
