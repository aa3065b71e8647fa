"""Balance: ask, watch, compare, apply, undo; nothing changes before Apply."""

from __future__ import annotations

import time

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from territory.metrics import Case, max_deviation, noncontiguous, roads_of
from territory.model import Plan, Project
from territory.ui.proposals import order_of
from territory.ui.study import Study, study_of
from tests.conftest import chessboard
from tests.pages.conftest import OpenPage, healthy, texts, workspace


def study(app: AppTest) -> Study:
    """What lies on the page's table."""
    return study_of(workspace(app))


def finished(app: AppTest) -> AppTest:
    """Run until the engine has an answer, as the polling fragment does in a browser."""
    for _ in range(600):
        run = study(app).run
        if run is not None and run.finished:
            break
        time.sleep(0.2)
    app.run()
    healthy(app)
    return app


@pytest.mark.slow
def test_run_compare_apply_undo(open_page: OpenPage) -> None:
    """The proposal meets ±5 %, Apply is one undo entry, undo brings the old plan back."""
    app = open_page("balance")
    before = workspace(app).plan
    app.button("run-balance").click().run()
    finished(app)
    assert "within ±5 %" in texts(app)
    assert workspace(app).plan is before
    app.button("apply-proposal").click().run()
    healthy(app)
    assert "seed 1" in texts(app) and "from the present plan" in texts(app)
    case = Case(workspace(app).plan)
    assert max_deviation(case) <= 0.05 and noncontiguous(case) == 0
    assert workspace(app).history.undo_label == "Balance: potential ±5 %"
    app.button("undo").click().run()
    assert np.array_equal(workspace(app).plan.alignment, before.alignment)


@pytest.mark.slow
def test_the_present_plan_with_a_cap_moves_little(open_page: OpenPage) -> None:
    """Starting from the present plan, no more than the cap changes hands."""
    app = open_page("balance")
    app.radio("start-from").set_value("current").run()
    app.slider("max-disruption").set_value(10).run()
    app.button("run-balance").click().run()
    finished(app)
    run = study(app).run
    assert run is not None and run.proposal is not None
    assert run.proposal.disruption["potential"] <= 0.10


@pytest.mark.slow
def test_plain_k_means_shows_why_it_is_not_enough(open_page: OpenPage) -> None:
    """The page says how uneven k-means alone is."""
    app = open_page("balance")
    app.radio("start-from").set_value("kmeans").run()
    app.button("run-balance").click().run()
    finished(app)
    assert "Plain k-means alone" in texts(app)


def test_the_longest_drive_from_home_is_asked_for(open_page: OpenPage) -> None:
    """The field reaches the engine with the project's roads; too short a drive says the way out."""
    app = open_page("balance")
    app.number_input("max-minutes").set_value(5.0).run()
    healthy(app)
    assert study(app).wish.max_minutes == 5.0
    assert "are more than 5 minutes from every rep's home" in texts(app)
    app.number_input("max-minutes").set_value(600.0).run()
    healthy(app)
    assert "from every rep's home" not in texts(app) and "Your rules hold." in texts(app)
    arguments = order_of(workspace(app), study(app).wish).arguments
    assert arguments["rules"].max_minutes == 600.0 and arguments["homes"]
    assert arguments["roads"].fingerprint == roads_of(workspace(app).project).fingerprint


def test_without_a_measure_there_is_nothing_to_run(open_page: OpenPage) -> None:
    """The button is off and the page says what is missing."""
    app = open_page("balance")
    app.multiselect("measures").set_value([]).run()
    assert app.button("run-balance").disabled
    assert "at least one measure" in texts(app)


@pytest.mark.slow
def test_discard_forgets_the_proposal(open_page: OpenPage) -> None:
    """Two measures, then Discard: the plan is untouched."""
    app = open_page("balance")
    before = workspace(app).plan
    app.multiselect("measures").set_value(["potential", "workload_hours"]).run()
    app.slider("weight-potential").set_value(60).run()
    app.slider("weight-workload_hours").set_value(40).run()
    app.button("run-balance").click().run()
    finished(app)
    assert workspace(app).project.settings.weights == {"potential": 0.6, "workload_hours": 0.4}
    app.button("discard-proposal").click().run()
    healthy(app)
    assert study(app).run is None and workspace(app).plan is before


@pytest.mark.slow
def test_some_moves_are_left_out_and_it_can_be_made_again(open_page: OpenPage) -> None:
    """A tick taken away keeps those units; None keeps all; the record makes the proposal again."""
    app = open_page("balance")
    before = workspace(app).plan
    app.button("run-balance").click().run()
    finished(app)
    for _ in range(300):  # proof and odds come by themselves
        jobs = (study(app).proof, study(app).odds)
        if all(job is not None and job.finished for job in jobs):
            break
        time.sleep(0.1)
        app.run()
    app.run()
    healthy(app)
    assert "**Proven:**" in texts(app) or "best possible" in texts(app)
    assert "demand" in texts(app)
    run = study(app).run
    assert run is not None and run.changes is not None and run.plan is not None
    whole, first = run.plan.alignment, run.changes.groups[0]
    app.button("take-none").click().run()
    healthy(app)
    accepted = study(app).accepted
    assert accepted is not None and np.array_equal(accepted.plan.alignment, before.alignment)
    app.button("take-all").click().run()
    app.checkbox(f"move-{first.key}").uncheck().run()
    healthy(app)
    accepted = study(app).accepted
    assert accepted is not None and first.key not in accepted.taken
    app.button("apply-proposal").click().run()
    healthy(app)
    after = workspace(app).plan.alignment
    assert np.array_equal(after[first.units], before.alignment[first.units])
    assert f"of {len(run.changes)} moves" in workspace(app).history.undo_label
    app.button("make-again").click().run()
    finished(app)
    again = study(app).run
    assert again is not None and again.plan is not None
    assert np.array_equal(again.plan.alignment, whole)


def test_a_preset_fills_the_fields_and_a_field_leaves_it(open_page: OpenPage) -> None:
    """A card sets measures, tolerance and cap, and the sentence says so; a slider leaves it."""
    app = open_page("balance")
    assert study(app).wish.preset == "fair-potential"
    app.button("preset-keep-relationships").click().run()
    healthy(app)
    assert app.slider("tolerance").value == 15 and app.slider("max-disruption").value == 10
    assert "At most **10 %** of the" in texts(app)
    app.slider("tolerance").set_value(7).run()
    assert study(app).wish.preset == "" and "**±7 %**" in texts(app)
    app.button("preset-fair-workload").click().run()
    assert app.multiselect("measures").value == ["workload_hours"]
    assert app.slider("tolerance").value == 5


def test_what_can_not_be_is_said_before_the_run(open_page: OpenPage) -> None:
    """Hardly any change and an even plan contradict each other; one button mends it."""
    app = open_page("balance")
    app.slider("max-disruption").set_value(2).run()
    assert "must change hands" in texts(app)
    app.button("mend-0").click().run()
    healthy(app)
    assert "must change hands" not in texts(app)


@pytest.mark.parametrize("k", [0, 1, 2])
def test_a_region_of_six_units_without_people(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch, k: int
) -> None:
    """No team, no history, hardly a plan: the page works, with one territory and with none."""
    six = chessboard(2, 3, potential=[1.0, 2.0, 3.0, 3.0, 2.0, 1.0])
    plan = Plan.blank(six, k).with_alignment(np.full(6, min(k, 1) - 1))
    monkeypatch.setattr("territory.ui.session.load_sample", lambda: (Project("Six", six), plan))
    app = open_page("balance")
    assert app.button("run-balance").disabled == (k == 0)
    if k:
        app.button("run-balance").click().run()
        finished(app)
        run = study(app).run
        assert run is not None and run.plan is not None, run
        assert sorted(np.bincount(run.plan.alignment, minlength=k)) == [6 // k] * k
        app.button("run-frontier").click().run()
        healthy(app)
        job = study(app).frontier
        assert job is not None and job._done.wait(60) and job.fault == ""
        app.run()
        healthy(app)
        app.button("apply-proposal").click().run()
        healthy(app)
