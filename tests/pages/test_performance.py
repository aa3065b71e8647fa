"""Performance: findings as titles, before against after, quotas that are tried, poor data."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from territory.model import Filters, Project, QuotaPolicy, Sales, Team
from territory.ui.quota_table import HAND, by_hand
from tests.pages.conftest import OpenPage, healthy, texts, workspace
from tests.pages.test_data import boxes

VIEWS = ("results", "even", "quotas", "seasons")


def titles(app: AppTest) -> list[str]:
    """Titles of the Plotly charts on the page, each on one line."""
    layouts = [json.loads(c.proto.spec)["layout"] for c in app.get("plotly_chart")]
    found = [layout["title"]["text"] for layout in layouts if "title" in layout]
    return [text.replace("<br>", " ") for text in found]


def show(app: AppTest, view: str) -> list[str]:
    """Choose a view; its titles."""
    app.segmented_control("performance-view").set_value(view).run()
    sane(app)
    return titles(app)


def sane(app: AppTest) -> None:
    """Healthy, and no title or message is a number gone wrong either."""
    healthy(app)
    words = " ".join([*titles(app), texts(app), *(m.value for m in app.metric)])
    assert not re.search(r"\b(nan|inf|None|NaN)\b", words), words
    assert not app.error, app.error[0].value


def test_titles_state_findings(open_page: OpenPage) -> None:
    """Each view's charts say what they found; the headlines stand above."""
    app = open_page("performance")
    found = titles(app)
    assert found[0] == "Sales +6.8 % on 2024; 2 territories sold less"
    assert found[1] == "8 of 24 sold in 2025 what is asked of them now"
    assert found[2] == "189 new customers, 180 lost"
    assert found[3].startswith("An hour brings $1,490 with Camille Rossi")
    assert found[4] == "Blake Castillo: sales +4.0 % in a year"
    assert len(app.metric) == 8 and "93 % of quota" in texts(app)
    even = show(app, "even")
    assert even[0] == "19 of 24 territories are outside ±15 %"
    assert even[1] == "Blake Castillo has 16 % of all potential"
    app.segmented_control("performance-measure").set_value("workload_hours").run()
    assert "of all workload" in titles(app)[1]
    seasons = show(app, "seasons")
    assert "to come in four quarters" in seasons[0]
    assert seasons[1] == "In Q4 10 reps have more work than hours, over the year 8"
    assert seasons[2] == "Retail sells 172 % of an average quarter in Q4"
    assert "off by 3" in texts(app)


def test_filters_reach_the_charts(open_page: OpenPage) -> None:
    """One segment, two territories, one quarter: sums change, quotas are not for a part."""
    app = open_page("performance")
    here = workspace(app)
    here.filters = Filters(
        accounts={"segment": ("A",)}, periods=("2025Q4",), territories=("R01", "R02")
    )
    app.run()
    sane(app)
    assert "sold in 2025Q4" in texts(app) and "not shown for a part" in texts(app)
    bars = json.loads(app.get("plotly_chart")[0].proto.spec)["data"][0]
    assert len(bars["customdata"]) == 2
    few = float(re.findall(r"\$([\d.]+) M to come", show(app, "seasons")[0])[0])
    here.filters = Filters()
    app.run()
    assert few < float(re.findall(r"\$([\d.]+) M to come", titles(app)[0])[0])


def test_after_an_edit_the_baseline_stands_beside(open_page: OpenPage) -> None:
    """The same history under both plans, as soon as they differ."""
    app = open_page("performance")
    here = workspace(app)
    here.change("100 ZIPs", here.plan.move(list(here.plan.units.ids[:100]), "R01"))
    app.run()
    sane(app)
    names = [
        t.get("name") for c in app.get("plotly_chart") for t in json.loads(c.proto.spec)["data"]
    ]
    assert "before" in names and "as in the baseline" in names
    assert any(metric.delta for metric in app.metric)
    show(app, "quotas")
    assert len(app.get("date_input")) == 1


def test_quotas_are_tried_then_used_then_taken_back(open_page: OpenPage) -> None:
    """Nothing is saved before the button; then the team has them, and one press undoes it."""
    app = open_page("performance")
    show(app, "quotas")
    before = workspace(app).project.team.frame["quota"].copy()  # type: ignore[union-attr]
    app.number_input("quota-goal").set_value(50_000_000.01).run()
    app.slider("quota-weight").set_value(100).run()
    sane(app)
    assert "$50 M" in [m.value for m in app.metric]
    team = workspace(app).project.team
    assert team is not None and (team.frame["quota"] == before).all()
    app.button("use-quotas").click().run()
    sane(app)
    here = workspace(app)
    saved = here.project.team.frame["quota"]  # type: ignore[union-attr]
    assert round(saved.sum() * 100) == 5_000_000_001 and not (saved == before).all()
    assert here.project.settings.goal == 50_000_000.01
    assert "Quotas saved" in texts(app)
    assert here.project.settings.quotas == QuotaPolicy(potential_weight=1.0)
    app.button("former-quotas").click().run()
    sane(app)
    assert (workspace(app).project.team.frame["quota"] == before).all()  # type: ignore[union-attr]


def test_the_default_goal_follows_the_growth_that_is_expected(open_page: OpenPage) -> None:
    """Until somebody types a goal, it is last year's sales and the growth."""
    app = open_page("performance")
    show(app, "quotas")
    app.number_input("quota-growth").set_value(10.0).run()
    sane(app)
    sold = workspace(app).project.units.values("sales").sum()
    assert app.number_input("quota-goal").value == pytest.approx(1.1 * sold)
    assert "10 % growth" in texts(app)
    app.number_input("quota-goal").set_value(1e6).run()
    app.number_input("quota-growth").set_value(20.0).run()
    sane(app)
    assert app.number_input("quota-goal").value == 1e6
    assert "would be last year" in texts(app)


def test_a_cap_that_can_t_be_met_is_explained(open_page: OpenPage) -> None:
    """Words with the number that would work, no quotas, nothing lost."""
    app = open_page("performance")
    show(app, "quotas")
    app.number_input("quota-cap").set_value(50).run()
    healthy(app)
    assert "Raise the cap to 100" in app.error[0].value
    app.number_input("quota-cap").set_value(0).run()
    sane(app)
    assert app.button("use-quotas")


def test_cells_set_by_hand() -> None:
    """Filled in, changed, emptied; what was set before stays."""
    ids = ["a", "b", "c"]
    event = {"edited_rows": {0: {HAND: 5}, 2: {HAND: None}, 1: {"other": 1}}}
    assert by_hand(ids, {"c": 3.0, "b": 2.0}, event) == {"a": 5.0, "b": 2.0}
    assert by_hand(ids, {}, {}) == {}


def poor_projects(project: Project) -> dict[str, Project]:
    """The sample with this or that missing."""
    assert project.team is not None and project.accounts is not None
    team = project.team.frame
    unit, other = project.units.ids[:2]

    def sales(rows: list[tuple], columns: str = "account_id unit_id period amount") -> Project:
        return replace(project, sales=Sales(pd.DataFrame(rows, columns=columns.split())))

    gone = team.copy()
    gone.loc["R02", ["capacity_hours", "quota"]] = np.nan
    accounts = type(project.accounts)
    zero = project.units.attributes.select_dtypes("number").mul(0)
    return {
        "no history": replace(project, sales=None),
        "no team": replace(project, team=None),
        "no accounts": replace(project, accounts=None),
        "nothing at all": replace(project, sales=None, team=None, accounts=None),
        "empty history": sales([]),
        "one quarter": sales([("a", unit, "2025Q3", 5), ("b", other, "2025Q3", 7)]),
        "zeros": sales([("a", unit, f"{y}Q{q}", 0) for y in (2024, 2025) for q in (1, 2, 3, 4)]),
        "years": sales([("a", unit, y, 5) for y in ("2023", "2024", "2025")]),
        "mixed": sales([("a", unit, p, 5) for p in ("2024", "2025Q1", "Feb 2025", "soon")]),
        "no time": sales([("a", unit, p, 5) for p in ("x", "y")]),
        "elsewhere": sales([("a", "99999", "2025Q1", 5)]),
        "by unit": sales([(unit, f"2025Q{q}", q) for q in (1, 2, 3, 4)], "unit_id period amount"),
        "no capacity": replace(project, team=Team(gone)),
        "no quota": replace(project, team=Team(team.assign(quota=np.nan))),
        "one segment": replace(
            project, accounts=accounts(project.accounts.frame.assign(segment="A", industry=""))
        ),
        "all zero": replace(project, units=project.units.with_attributes(zero)),
    }


@pytest.mark.parametrize("view", VIEWS)
def test_poor_data_is_explained_not_shown_wrong(open_page: OpenPage, view: str) -> None:
    """No traceback, NaN or infinity in any view, whatever is missing; words say what would help."""
    app = open_page("performance")
    project = workspace(app).project
    show(app, view)
    for name, poor in poor_projects(project).items():
        here = workspace(app)
        here.project, here.quota_draft = poor, None
        app.run()
        sane(app)
        if name == "no history" and view in ("results", "seasons"):
            assert "history" in app.info[0].value
    here.project = project
    here.change("empty", here.plan.move(here.plan.units.ids[here.plan.alignment == 4], "R01"))
    app.run()
    sane(app)


def test_without_a_plan_it_says_what_to_do(open_page: OpenPage) -> None:
    """Own boundaries without alignment: nothing to compare yet."""
    app = open_page("data")
    app.file_uploader("upload-boundaries").set_value(("squares.geojson", boxes(), "text/json"))
    app.run().button("read-files").click().run()
    app.switch_page("pages/performance.py").run()
    healthy(app)
    assert "Nothing is assigned yet" in texts(app)
