"""Map: a gesture from the browser becomes a change, and the panel tells what it did."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from territory.mapview.protocol import plan_id
from territory.model import Plan
from tests.pages.conftest import OpenPage, healthy, workspace


def gesture(app: AppTest, seq: int, kind: str, to: int = -1, ix: int | None = None) -> AppTest:
    """Hand over a message as the map's component does, and run the page."""
    op = {"seq": seq, "kind": kind, "to": to, "ix": [] if ix is None else [[ix, 1]]}
    head = {"v": 1, "plan": plan_id(workspace(app)), "client": "test", "rev": 0, "active": 0}
    app.session_state["map"] = {**head, "count": seq, "ops": [op]}
    app.run()
    healthy(app)
    return app


def panel(app: AppTest) -> str:
    """The panel's own markup: figures and the active territory's card."""
    return next(e.value for e in app.get("html") if "active-card" in e.value)


def foreign(plan: Plan) -> int:
    """Position of a unit that does not belong to the first territory."""
    return int((plan.alignment != 0).argmax())


def test_shows_the_active_territory_and_all_others(open_page: OpenPage) -> None:
    """Figures of the first territory and one row for each of the 24."""
    app = open_page("map")
    here = workspace(app)
    assert str(here.plan.territories["name"].iloc[0]) in panel(app)
    assert "Largest deviation" in panel(app)
    assert len(app.dataframe[0].value) == 24


def test_a_gesture_is_one_change_with_before_and_after(open_page: OpenPage) -> None:
    """The unit moves, undo can take it back, the card shows the old value beside the new."""
    app = open_page("map")
    here = workspace(app)
    unit = foreign(here.plan)
    before = panel(app)
    gesture(app, 1, "click", 0, unit)
    assert here.plan.alignment[unit] == 0
    assert here.rev == 1
    assert here.history.undo_label.startswith(str(here.plan.units.ids[unit]))
    assert panel(app) != before
    assert "→" in panel(app)
    assert not app.button("undo").disabled


def test_undo_from_the_map_and_from_the_button(open_page: OpenPage) -> None:
    """Both take back one gesture."""
    app = open_page("map")
    here = workspace(app)
    start = here.plan
    gesture(app, 1, "click", 0, foreign(start))
    gesture(app, 2, "undo")
    assert here.plan is start
    gesture(app, 3, "redo")
    assert here.plan is not start
    app.button("undo").click().run()
    assert here.plan is start
    assert here.rev == 4


def test_the_same_message_in_every_run_counts_once(open_page: OpenPage) -> None:
    """The component's value stays in the session; other runs must not repeat it."""
    app = open_page("map")
    gesture(app, 1, "click", 0, foreign(workspace(app).plan))
    app.run()
    app.run()
    assert workspace(app).rev == 1


def test_nonsense_from_the_browser_changes_nothing(open_page: OpenPage) -> None:
    """Whatever the component's value is, the page stands."""
    app = open_page("map")
    for nonsense in ("x", 7, [1], {"v": 1}, {"v": 1, "plan": None, "client": 3, "ops": {}}):
        app.session_state["map"] = nonsense
        app.run()
        healthy(app)
    assert workspace(app).rev == 0


def test_a_plan_without_territories_says_what_to_do(open_page: OpenPage) -> None:
    """The empty state names the way out instead of an empty panel."""
    app = open_page("map")
    here = workspace(app)
    here.change("Start blank", Plan.blank(here.plan.units, 0))
    app.run()
    healthy(app)
    assert any("no territories" in e.value for e in app.info)
