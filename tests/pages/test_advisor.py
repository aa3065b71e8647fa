"""Advisor: the assessment, findings with their evidence, remedies tried, findings dismissed."""

from __future__ import annotations

import re
import time
from dataclasses import fields, replace

import numpy as np

from territory.advise.adjustments import Adjustment
from territory.model import Advice, Plan, Team
from territory.ui import session
from tests.pages.conftest import OpenPage, healthy, texts, workspace


def press(app, key: str) -> None:
    app.button(key=key).click().run()
    healthy(app)


def view(app, name: str) -> None:
    app.button_group(key="advisor-view").set_value(name).run()
    healthy(app)


def looked_ahead(app) -> None:
    """Press the button and wait until the engine has answered."""
    press(app, "look-ahead")
    job = workspace(app).advice.job
    deadline = time.monotonic() + 180
    while not job.finished and time.monotonic() < deadline:
        time.sleep(0.1)
    assert job.result is not None, job.fault
    app.run()
    healthy(app)


def suggested(app) -> list[Adjustment]:
    """What is suggested, once it is measured; on screen then too."""
    job = workspace(app).advice.measuring
    assert job.wait(120) and job.result is not None, job.fault
    app.run()
    healthy(app)
    return job.result


def test_the_sample_is_assessed(open_page: OpenPage) -> None:
    """Three answers with numbers, the cards, the text for an e-mail, all with the same figures."""
    app = open_page("advisor")
    shown = texts(app)
    assert all(q in shown for q in ("Is it fair?", "Is it efficient?", "Is it agile?"))
    assert "Too much work" in shown and "Off target" in shown
    (text,) = (c.value for c in app.code)
    assert "Not fair yet" in text and "What weighs most:" in text
    found = workspace(app).advice.found
    assert found[0].said.text(workspace(app).project.settings) in text


def test_looking_again_costs_nothing(open_page: OpenPage) -> None:
    """A run of the page without a change works nothing out again; a change of the plan does."""
    app = open_page("advisor")
    desk = workspace(app).advice
    app.run()
    assert workspace(app).advice is desk
    here = workspace(app)
    ids = list(here.plan.units.ids[:1])
    here.change("One away", here.plan.move(ids, here.plan.territory_ids[3]))
    app.run()
    assert workspace(app).advice is not desk


def test_try_a_remedy(open_page: OpenPage) -> None:
    """The engine's plan becomes a scenario of its own; the one that was open is as it was."""
    app = open_page("advisor")
    looked_ahead(app)
    assert "Outside the band in potential: 19 → 0" in texts(app).replace("\\", "")
    before = workspace(app)
    press(app, "try-off_target")
    here = workspace(app)
    assert here.scenario_id != before.scenario_id and here.history.can_undo
    assert (here.plan.alignment != before.plan.alignment).any()
    kept = session.store().plan_at(before.scenario_id)
    assert np.array_equal(kept.alignment, before.plan.alignment)
    assert "Off target" not in [b.key for b in app.button]
    assert not [b for b in app.button if b.key == "try-off_target"]


def test_accept_some_and_the_rest_is_ranked_anew(open_page: OpenPage) -> None:
    """One change, one undo; what was done is no longer suggested, the others are measured anew."""
    app = open_page("advisor")
    view(app, "adjustments")
    here = workspace(app)
    first = next(i for i, a in enumerate(suggested(app), 1) if a.key.startswith("move|"))
    chosen = suggested(app)[first - 1]
    start = here.plan.alignment
    press(app, f"do-{first}")
    here = workspace(app)
    assert here.history.undo_label == chosen.title
    assert np.array_equal(here.plan.alignment, chosen.plan.alignment)
    again = suggested(app)
    assert chosen.key not in {a.key for a in again} and again
    worth = [a.effect.worth for a in again]
    assert worth == sorted(worth, reverse=True)
    press(app, "undo")
    assert np.array_equal(workspace(app).plan.alignment, start)


def test_dismiss_with_a_reason_and_bring_back(open_page: OpenPage) -> None:
    """Struck through below with its reason, kept in the store, brought back; letter by letter."""
    app = open_page("advisor")
    assert app.button(key="dismiss-overloaded").disabled
    app.text_input(key="reason-overloaded").input("![x](y) <b>known</b>").run()
    press(app, "dismiss-overloaded")
    assert not [b for b in app.button if b.key == "dismiss-overloaded"]
    assert "~~Too much work" in texts(app) and "![x](y)" not in texts(app)
    (kept,) = session.store().talk.comments(workspace(app).scenario_id)
    assert kept.about == "finding" and kept.text.endswith("<b>known</b>")
    assert "Too much work" not in app.code[0].value
    press(app, "restore-overloaded")
    assert app.button(key="dismiss-overloaded") and "~~" not in texts(app)


def test_names_are_shown_letter_by_letter(open_page: OpenPage) -> None:
    """A hostile name of a territory or account is text on every view."""
    app = open_page("advisor")
    here = workspace(app)
    bad = "<img src=x onerror=alert(1)> ${alert(1)} **b**"
    names = here.plan.territories.assign(name=bad)
    here.change("Names", replace(here.plan, territories=names))
    for name in ("findings", "adjustments", "questions", "drift"):
        view(app, name)
        assert not re.search(r"(?<!\\)<img|(?<!\\)\$\{|\*\*b\*\*", texts(app))


def test_little_data_asks_instead(open_page: OpenPage) -> None:
    """Without team and accounts it asks; without territories it says where to get some."""
    app = open_page("advisor")
    here = workspace(app)
    project = replace(here.project, team=None, accounts=None, sales=None)
    plan = replace(here.plan, territories=here.plan.territories.assign(rep_id=""))
    session_plan = Plan.blank(here.plan.units, 0)
    with_no_one = app.session_state["workspace"]
    with_no_one.project, with_no_one.baseline = project, plan
    with_no_one.change("No reps", plan)
    view(app, "questions")
    assert "How many hours a year" in texts(app)
    view(app, "findings")
    assert "Too much work" not in texts(app)
    with_no_one.change("Blank", session_plan)
    app.run()
    healthy(app)
    assert "no territories to look at" in texts(app)


def test_drift_shows_after_newer_data(open_page: OpenPage) -> None:
    """Without earlier data it says how to get there; with it the figures stand by territory."""
    app = open_page("advisor")
    view(app, "drift")
    assert "newer data is loaded" in texts(app)
    here = workspace(app)
    units = here.project.units
    more = units.attributes[["potential"]].copy()
    more[(here.plan.alignment == 0)] *= 1.5
    grown = replace(here.project, units=units.with_attributes(more)).after(here.project)
    plan = replace(here.plan, units=grown.units)
    app = open_page("advisor", scenario=session.store().create(grown, plan, name="Grown"))
    view(app, "drift")
    table = app.dataframe[0].value
    assert table["Potential"].iloc[0] == "+50 %" and table["Customers lost"].iloc[0] == "0.0 %"
    assert "drift" in {f.kind for f in workspace(app).advice.found}


def test_a_new_rep_is_nobody_until_hired(open_page: OpenPage) -> None:
    """Trying more reps leaves the new territories without an owner."""
    app = open_page("advisor")
    here = workspace(app)
    frame = here.project.team.frame
    team = Team(frame.assign(capacity_hours=frame["capacity_hours"] * 0.6))
    here.project = replace(here.project, team=team)
    app.run()
    looked_ahead(app)
    press(app, "try-team_size")
    now = workspace(app)
    assert now.plan.k > here.plan.k
    fresh = now.plan.territories[~now.plan.territories.index.isin(here.plan.territory_ids)]
    assert (fresh["rep_id"] == "").all() and fresh["name"].str.startswith("New rep").all()


def test_the_limits_can_be_changed(open_page: OpenPage) -> None:
    """Every limit has its field; a saved one counts at once and is kept."""
    app = open_page("advisor")
    for field in fields(Advice):
        assert app.number_input(key=f"limit-{field.name}")
    assert "Too much work" in texts(app)
    app.number_input(key="limit-overload").set_value(900)
    app.button(key="save-limits").click().run()
    healthy(app)
    here = workspace(app)
    assert here.project.settings.advice == replace(Advice(), overload=9.0)
    assert "**Too much work**" not in texts(app)
    kept = session.store().open(here.scenario_id).project.settings.advice
    assert kept == here.project.settings.advice
