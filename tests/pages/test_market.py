"""Market: findings as titles, what is missing said, filters and settings that take effect."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
import pytest

from territory.metrics import Case
from territory.metrics.learned import Learned, task_of
from territory.model import Filters, Plan, Project
from territory.ui import session
from territory.ui.runs import Job
from tests.conftest import chessboard
from tests.pages.conftest import OpenPage, healthy, texts, workspace
from tests.pages.test_data import boxes
from tests.pages.test_performance import titles


def test_titles_state_findings(open_page: OpenPage) -> None:
    """Potential, quadrant, drivers, rivals, segments: a sentence each."""
    app = open_page("market")
    found = titles(app)
    assert found[0] == "Blake Castillo has 16 % of the potential"
    assert found[1] == "3 territories: much potential, little of it won"
    assert found[2].startswith("Blake Castillo: income 4.1 × the average")
    assert found[3] == "Rivals crowd Iris Zhang most: 64 % of suppliers"
    assert found[4] == "A holds 80 % of the potential; 38 % of it is won"
    values = {m.label: m.value for m in app.metric}
    assert values == {
        "Potential a year": "$240 M",
        "Won so far": "17 %",
        "White space": "$199 M",
        "Rival presence": "37 %",
    }


def test_units_instead_of_territories(open_page: OpenPage) -> None:
    """The same charts of ZIPs; the page stays healthy with every filter and way to divide."""
    app = open_page("market")
    app.segmented_control("market-places").set_value("units").run()
    healthy(app)
    assert titles(app)[0] == "06902 Stamford has 0.5 % of the potential"
    app.selectbox("market-segments").set_value(("units", "urbanicity")).run()
    healthy(app)
    assert titles(app)[-1] == "urban holds 48 % of the potential; 19 % of it is won"


def test_filters_are_shared_and_cleared(open_page: OpenPage) -> None:
    """A filter narrows the page, stays on the way through another, and goes with one press."""
    app = open_page("market")
    app.multiselect("filter-accounts-industry").set_value(["Healthcare"]).run()
    healthy(app)
    assert "934 of 5,827 accounts" in texts(app)
    assert {m.label: m.value for m in app.metric}["Potential a year"] == "$20.6 M"
    app.switch_page("pages/settings.py").run()
    app.switch_page("pages/market.py").run()
    healthy(app)
    assert app.multiselect("filter-accounts-industry").value == ["Healthcare"]
    app.button("clear-filters").click().run()
    healthy(app)
    assert not workspace(app).filters and "5,827 accounts" in texts(app)
    assert app.multiselect("filter-accounts-industry").value == []


def test_weights_take_effect(open_page: OpenPage) -> None:
    """The index by population alone, for a market of a million."""
    app = open_page("market")
    app.selectbox("market-model").set_value("index")
    app.number_input("market-income").set_value(0)
    app.number_input("market-retail").set_value(0)
    app.number_input("market-total").set_value(1e6)
    app.button("save-market").click().run()
    healthy(app)
    assert "100 % population" in texts(app).replace("\\", "")
    assert {m.label: m.value for m in app.metric}["Potential a year"] == "$1 M"
    market = workspace(app).project.settings.market
    assert market.model == "index" and market.total == 1e6


def test_what_is_missing_is_said(open_page: OpenPage) -> None:
    """Own squares: no potential, no sales, no accounts, nobody assigned."""
    app = open_page("data")
    app.file_uploader("upload-boundaries").set_value(("squares.geojson", boxes(), "text/json"))
    app.run().button("read-files").click().run()
    app.switch_page("pages/market.py").run()
    healthy(app)
    said = texts(app)
    for words in ("needs sales", "competitors", "Segments need", "no territories yet"):
        assert words in said


def test_nothing_left_says_so(open_page: OpenPage) -> None:
    """A filter that lets no unit through."""
    app = open_page("market")
    here = workspace(app)
    here.filters = Filters(units={"state": ("RI",), "county": ("York County",)})
    app.run()
    healthy(app)
    assert "Nothing is left" in texts(app)


def test_learning_is_offered_judged_and_not_used_when_no_better(open_page: OpenPage) -> None:
    """On the sample potential says all there is to say; the page shows both errors."""
    app = open_page("market")
    assert "do better than the potential in your data" in texts(app)
    app.button("learn").click().run()
    healthy(app)
    job = workspace(app).lesson.job  # type: ignore[attr-defined,union-attr]
    deadline = time.monotonic() + 100
    while not job.finished and time.monotonic() < deadline:
        time.sleep(0.1)
    app.run()
    healthy(app)
    said = texts(app).replace("\\\\", "")
    assert "the potential in your data stays in use" in said and "±" in said
    assert not [b for b in app.button if b.key == "take-learned"]


def test_a_learned_estimate_is_taken_over_and_dropped(open_page: OpenPage) -> None:
    """It becomes a measure of the project that every page counts with, until it is dropped."""
    app = open_page("market")
    here = workspace(app)
    task = task_of(Case(here.plan, project=here.project))
    errors = pd.DataFrame(
        {"missed": [0.6, 0.5], "explained": [0.5, 0.6]}, index=[task.base_name, "learned"]
    )
    effects = np.zeros((here.plan.units.n, len(task.features.labels)))
    effects[:, task.features.labels.index("median age")] = 0.25
    drivers = pd.Series(0.01, index=task.features.labels)
    twice = task.base * 2
    found = Learned(twice, task.base_name, errors, 0.1, 0.01, drivers, effects, task.features)
    here.lesson.job = Job(result=found)  # type: ignore[attr-defined,union-attr]
    here.lesson.job._done.set()  # type: ignore[attr-defined,union-attr]
    app.run()
    healthy(app)
    assert "in use on this page" in texts(app)
    assert (
        app.dataframe[0]
        .value["driver"]
        .str.match(r"median age (high|low|unknown) \(\+25 %\)")
        .all()
    )
    assert {m.label: m.value for m in app.metric}["Potential a year"] == "$480 M"
    app.button("take-learned").click().run()
    healthy(app)
    assert workspace(app).project.units.values("potential_estimate").sum() == twice.sum()
    assert {m.label: m.value for m in app.metric}["Potential a year"] == "$480 M"
    app.button("drop-learned").click().run()
    healthy(app)
    assert {m.label: m.value for m in app.metric}["Potential a year"] == "$240 M"


def test_settings_have_the_same_fields(open_page: OpenPage) -> None:
    """Classes cut elsewhere, weights that need not add up to 100."""
    app = open_page("settings")
    app.number_input("set-market-a").set_value(50)
    app.number_input("set-market-income").set_value(100)
    app.button("save-market").click().run()
    healthy(app)
    market = workspace(app).project.settings.market
    assert market.class_a == 0.5 and market.class_b == 0.95 and market.weights["income"] == 1


def board(**columns: object) -> tuple[Project, Plan]:
    """Twelve squares in two halves."""
    units = chessboard(3, 4, **columns)
    return Project("p", units), Plan.from_alignment(units, {u: "AB"[int(u) % 2] for u in units.ids})


@pytest.mark.parametrize(
    ("given", "potential"),
    [
        (board(potential=np.zeros(12), sales=np.zeros(12), competitors=np.zeros(12)), "not known"),
        (board(population=np.arange(12.0)), "100,000 points"),
        (board(potential=np.r_[np.ones(11), 1e9], sales=np.r_[np.full(11, 1e7), -5.0]), "$1 B"),
    ],
    ids=["all zero", "people only", "absurd"],
)
def test_poor_data_leaves_the_page_whole(
    open_page: OpenPage,
    monkeypatch: pytest.MonkeyPatch,
    given: tuple[Project, Plan],
    potential: str,
) -> None:
    """Territories and units: nothing raised, nothing on screen gone wrong."""
    monkeypatch.setattr(session, "load_sample", lambda: given)
    app = open_page("market")
    assert app.metric[0].value == potential
    app.segmented_control("market-places").set_value("units").run()
    healthy(app)
    assert not any(word in title for title in titles(app) for word in ("nan", "inf", "-0 "))
