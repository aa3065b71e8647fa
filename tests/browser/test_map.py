"""The map in a real browser: gestures, undo, what goes over the wire, hostile names, a killed
server."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import numpy as np
import pandas as pd
import pytest

from territory.model import Accounts, Plan, Project, Team, Units
from territory.store import Store
from tests.conftest import chessboard

EDIT_BYTES = 10_000


@pytest.fixture
def there(app, visit):
    """A visitor on the map of the shared server."""
    return visit(app).map()


def test_map_shows_the_plan_without_the_internet(there):
    """Every unit has its owner on screen and no host but ours was asked for anything."""
    state = there.state()
    assert state["n"] == len(state["view"]) > 0
    assert max(state["view"]) > 0
    assert there.foreign == []
    assert there.errors == []


def test_map_takes_the_window_and_nothing_scrolls(there):
    """At least 70 % of the width, down to the bottom, without a scroll bar."""
    box = there.page.locator("iframe").first.bounding_box()
    assert box["width"] >= 0.7 * 1280
    assert box["y"] + box["height"] > 720 - 40
    scrolls = "e => e.scrollHeight > e.clientHeight + 1"
    assert not there.page.locator("[data-testid=stMain]").evaluate(scrolls)


def test_a_click_moves_a_unit_and_the_figures_follow(there):
    """The unit goes to the active territory at once; the panel's numbers change with it."""
    unit = there.clickable("owner >= 0 && owner !== active")
    before = there.text(".st-key-map-panel .active-card")
    rev = there.state()["rev"]
    there.click(unit)
    assert there.owner(unit) == there.state()["active"]
    there.settle()
    assert there.state()["rev"] == rev + 1
    assert there.owner(unit) == there.state()["active"]
    assert there.text(".st-key-map-panel .active-card") != before


def test_an_edit_is_one_run_and_few_bytes(there):
    """One run and at most 10 kB down for an edit; none for moving or zooming the map."""
    there.click(there.clickable("owner >= 0 && owner !== active"))
    there.settle()
    runs, received = there.runs, there.received
    there.click(there.clickable("owner >= 0 && owner !== active"))
    there.settle()
    assert there.runs == runs + 1
    assert there.received - received <= EDIT_BYTES
    runs = there.runs
    there.page.mouse.wheel(0, -300)
    there.page.wait_for_timeout(600)
    there.page.mouse.down()
    there.page.mouse.move(500, 300, steps=5)
    there.page.mouse.up()
    there.page.wait_for_timeout(600)
    assert there.runs == runs


def test_zoom_stays_after_an_edit(there):
    """The view belongs to the browser: an edit does not move it."""
    there.page.mouse.move(500, 400)
    there.page.mouse.wheel(0, -400)
    there.page.wait_for_timeout(800)
    before = there.state()
    there.click(there.clickable("owner >= 0 && owner !== active"))
    there.settle()
    after = there.state()
    assert after["zoom"] == before["zoom"]
    assert after["centre"] == pytest.approx(before["centre"])


def press(there, dx: int, dy: int) -> None:
    """Put the pointer down on a unit of another territory and drag; the button stays down."""
    unit = there.clickable("owner >= 0 && owner !== active")
    point = there.page.evaluate("id => territoryMap.pointOf(id)", unit)
    there.page.mouse.move(point["x"], point["y"])
    there.page.mouse.down()
    there.page.mouse.move(point["x"] + dx, point["y"] + dy, steps=10)


def stroke(there) -> dict:
    """Paint a stroke with the brush; returns the state before."""
    there.page.keyboard.press("b")
    before = there.state()
    press(there, 60, 40)
    there.page.mouse.up()
    there.settle()
    return before


def test_a_brush_stroke_is_one_undo_entry(there):
    """One stroke moves several units, is one revision, and one Ctrl+Z takes all of it back."""
    before = stroke(there)
    after = there.state()
    moved = [i for i, t in enumerate(after["view"]) if t != before["view"][i]]
    assert len(moved) > 1
    assert {after["view"][i] for i in moved} == {before["active"]}
    assert after["rev"] == before["rev"] + 1
    there.page.keyboard.press("Control+z")
    there.settle()
    assert there.state()["view"] == before["view"]
    there.page.keyboard.press("Control+Shift+z")
    there.settle()
    assert there.state()["view"] == after["view"]


def test_undo_button_takes_the_last_gesture_back(there):
    """The button in the strip does what the key does."""
    before = stroke(there)
    there.page.locator(".st-key-undo button:visible").first.click()
    there.page.wait_for_function(
        "view => JSON.stringify(territoryMap.state().view) === JSON.stringify(view)",
        arg=before["view"],
    )
    assert there.state()["rev"] == before["rev"] + 2


def test_releasing_outside_the_frame_ends_the_stroke(there):
    """A stroke that leaves the map is one gesture like any other."""
    there.page.keyboard.press("b")
    before = there.state()
    press(there, 60, 40)
    there.page.mouse.move(1270, 20, steps=6)
    there.page.mouse.up()
    there.settle()
    assert there.state()["rev"] == before["rev"] + 1


def test_escape_takes_back_the_stroke_under_way(there):
    """Nothing is sent and everything looks as before."""
    there.page.keyboard.press("b")
    before = there.state()
    press(there, 60, 40)
    assert there.state()["view"] != before["view"]
    there.page.keyboard.press("Escape")
    there.page.mouse.up()
    assert there.state()["view"] == before["view"]
    assert there.state()["rev"] == before["rev"]


def test_the_eraser_unassigns(there):
    """What it touches belongs to nobody."""
    there.page.keyboard.press("e")
    press(there, 10, 10)
    there.page.mouse.up()
    there.settle()
    assert -1 in there.state()["view"]
    there.page.keyboard.press("Control+z")
    there.settle()


def test_keys_choose_tool_and_territory(there):
    """Letters choose tools, two digits in a row a territory, Alt+click the owner of a unit."""
    for key, tool in (("v", "inspect"), ("b", "brush"), ("e", "erase"), ("c", "assign")):
        there.page.keyboard.press(key)
        assert there.state()["tool"] == tool
    there.page.keyboard.type("12")
    assert there.state()["active"] == 11
    there.page.wait_for_timeout(300)
    there.page.keyboard.press("3")
    there.page.wait_for_function("territoryMap.state().active === 2")
    unit = there.clickable("owner >= 0 && owner !== active")
    there.page.keyboard.down("Alt")
    there.click(unit)
    there.page.keyboard.up("Alt")
    assert there.state()["active"] == there.owner(unit)
    there.settle()


def pick_row(there, row: int) -> None:
    """Click a row of the list beside the map; the map follows."""
    canvas = there.page.locator(".st-key-territories canvas").first
    # Rows are 30 px high, the header a little more; the panel scrolls in itself.
    down = 36 + 30 * row + 12
    scroll = "(panel, by) => panel.scrollBy(0, by)"
    panel = there.page.locator(".st-key-map-panel")
    panel.evaluate(scroll, canvas.bounding_box()["y"] + down - 500)
    box = canvas.bounding_box()
    there.page.mouse.click(box["x"] + 100, box["y"] + down)
    there.page.wait_for_function("row => territoryMap.state().active === row", arg=row)
    there.settle()


def test_picking_a_territory_in_the_panel_reaches_the_map(there):
    """The list beside the map and the map agree on the active territory."""
    there.page.keyboard.type("05")
    there.settle()
    pick_row(there, 7)
    card = there.text(".st-key-map-panel .active-card")
    there.page.keyboard.type("03")
    there.settle()
    assert there.text(".st-key-map-panel .active-card") != card
    assert there.state()["active"] == 2


def test_keys_reach_the_map_from_the_page_around_it(there):
    """With the focus outside the frame the keys still belong to the map."""
    there.page.mouse.click(640, 60)
    there.page.keyboard.press("b")
    assert there.state()["tool"] == "brush"


def test_twelve_quick_clicks_all_arrive(there):
    """Clicks faster than the server answers are all kept, in order."""
    rev = there.state()["rev"]
    units = []
    for _ in range(12):
        unit = there.clickable("owner >= 0 && owner !== active")
        there.click(unit)
        units.append(unit)
    there.settle()
    state = there.state()
    assert state["rev"] == rev + 12
    assert {there.owner(unit) for unit in units} == {state["active"]}


def test_a_page_switch_and_back_keeps_map_and_view(there):
    """The edit and the zoom survive another page."""
    there.page.mouse.move(500, 400)
    there.page.mouse.wheel(0, -400)
    there.page.wait_for_timeout(800)
    unit = there.clickable("owner >= 0 && owner !== active")
    there.click(unit)
    there.settle()
    before = there.state()
    there.page.get_by_role("link", name="Settings").first.click()
    there.page.wait_for_function("!window.territoryMap")
    there.page.get_by_role("link", name="Map", exact=True).first.click()
    there.page.wait_for_function("window.territoryMap && territoryMap.state().rev >= 0")
    after = there.state()
    assert after["view"] == before["view"]
    assert after["zoom"] == before["zoom"]
    assert after["centre"] == pytest.approx(before["centre"])


def test_a_repeated_message_changes_nothing(there):
    """The same message sent twice is one change."""
    there.click(there.clickable("owner >= 0 && owner !== active"))
    there.settle()
    before = there.state()
    frame = next(f for f in there.page.frames if "st_folium" in f.url)
    script = """() => {
        const { sync } = window.territoryMap.editor;
        const ops = [{ seq: sync.seq, kind: "undo", to: -1, ix: [] }];
        window.Streamlit.setComponentValue(
            { v: 1, plan: sync.plan, client: sync.client, rev: sync.rev, look: sync.look.id,
              active: sync.active, count: -1, ops });
    }"""
    frame.evaluate(script)
    there.page.wait_for_timeout(1500)
    assert there.state()["rev"] == before["rev"]
    assert there.state()["view"] == before["view"]


def test_nonsense_from_the_browser_does_no_harm(there):
    """Malformed messages are ignored and the map goes on working."""
    frame = next(f for f in there.page.frames if "st_folium" in f.url)
    before = there.state()
    for nonsense in (
        "null",
        "[]",
        "{v: 1}",
        "{v: 1, plan: 3, client: {}, ops: 'x'}",
        "{v: 1, plan: territoryMap.editor.sync.plan, client: 'x', rev: 0, ops:"
        " [{seq: 1, kind: 'click', to: 999, ix: [[0, 1]]}, {seq: 2, kind: 'drop', ix: []},"
        " {seq: 3, kind: 'click', to: 0, ix: [[-1, 5], ['a', 2]]}, 7, null]}",
    ):
        frame.evaluate(f"window.Streamlit.setComponentValue({nonsense})")
        there.page.wait_for_timeout(400)
    assert there.state()["view"] == before["view"]
    unit = there.clickable("owner >= 0 && owner !== active")
    there.click(unit)
    there.settle()
    assert there.owner(unit) == there.state()["active"]


def test_two_windows_on_one_scenario_keep_both_edits(own_app, visit):
    """The second window's gesture goes on top of what the first did meanwhile, and its map and
    panel still understand each other afterwards."""
    own_app.start()
    one = visit(own_app).map()
    other = visit(own_app).map(urlsplit(one.page.url)._replace(scheme="", netloc="").geturl())
    first = one.clickable("owner >= 0 && owner !== active")
    one.click(first)
    one.settle()
    second = other.clickable(f"owner >= 0 && owner !== active && id !== '{first}'")
    other.click(second)
    other.settle()
    state = other.state()
    assert {other.owner(first), other.owner(second)} == {state["active"]}
    assert state["rev"] == 2
    pick_row(other, 7)


def test_the_app_theme_reaches_the_map(app, visit):
    """In the dark theme the map's ground is dark."""
    dark = visit(app, color_scheme="dark").map()
    frame = next(f for f in dark.page.frames if "st_folium" in f.url)
    assert frame.evaluate("document.documentElement.dataset.twTheme") == "dark"


def test_an_acknowledged_edit_survives_kill_9(own_app, visit):
    """The server dies without warning; the same address shows the edit after a restart."""
    own_app.start()
    there = visit(own_app).map()
    unit = there.clickable("owner >= 0 && owner !== active")
    there.click(unit)
    there.settle()
    owner, rev, address = there.owner(unit), there.state()["rev"], there.page.url
    assert re.search(r"scenario=\w+", address)
    own_app.kill()
    own_app.start()
    again = visit(own_app)
    again.page.goto(address)
    again.page.wait_for_function("window.territoryMap && territoryMap.state().rev >= 0")
    assert again.owner(unit) == owner
    assert again.state()["rev"] == rev


HOSTILE = [
    "<script>window.hit = parent.hit = 1</script>",
    "<img src=x onerror='parent.hit=1'>",
    "${parent.hit = 1}",
    "{{ 7 * 7 }}{% raw %}",
    "\"'`;parent.hit=1//",
    "‮ שלום RTL",
    "</script></style><svg onload=parent.hit=1>",
    "[x](javascript:parent.hit=1) :red[y] $z$",
]


EVERY_PLACE = """() => {
    const { editor } = territoryMap;
    const { renderer, chrome } = editor;
    return [...renderer.hits.values()].flat().map(([x, y]) => {
        const point = editor.map.layerPointToContainerPoint(renderer._bounds.min.add([x, y]));
        editor.hoverAt(point);
        return chrome.placeCard.element.querySelector("b").textContent;
    });
}"""
"""Names on the cards of every home or account on screen."""


def hostile_scenario(server, monkeypatch) -> str:
    """A scenario in the server's store in which every text is an attack; returns its id."""
    monkeypatch.setenv("TERRITORY_DATA_DIR", str(server.data))
    n = len(HOSTILE)
    board = chessboard(n, n, potential=np.arange(1.0, n * n + 1))
    ids = np.array([f"{HOSTILE[i % n]} {i}" for i in range(n * n)], object)
    words = pd.DataFrame({"city": [HOSTILE[i % n] for i in range(n * n)]}, index=ids)
    attributes = board.attributes.set_axis(ids, axis=0).join(words)
    units = Units(
        ids, board.geometry, attributes, board.graph, notes=(f"approximate {HOSTILE[0]}",)
    )
    frame = pd.DataFrame({"name": HOSTILE, "home_zip": ids[: n * n : n + 1]})
    team = Team(frame.set_axis(pd.Index(HOSTILE, name="rep_id")))
    customers = {"name": HOSTILE, "segment": HOSTILE, "unit_id": ids[:n], "revenue": 5.0}
    accounts = Accounts(pd.DataFrame(customers).set_axis(pd.Index(HOSTILE, name="account_id")))
    plan = Plan.from_alignment(units, {u: HOSTILE[i // n] for i, u in enumerate(ids)}, team)
    project = Project(HOSTILE[1], units, team, accounts)
    store = Store()
    scenario = store.create(project, plan, name=HOSTILE[6])
    store.close()
    return scenario


def test_hostile_names_stay_names(own_app, visit, monkeypatch):
    """Names full of markup, templates, quotes and right-to-left text are shown everywhere and
    run nowhere, in the page or in the map's frame."""
    scenario = hostile_scenario(own_app, monkeypatch)
    own_app.start()
    there = visit(own_app).map(f"/map?scenario={scenario}")
    frame = next(f for f in there.page.frames if "st_folium" in f.url)
    assert frame.locator("details[open]").count() == 1
    for unit in [there.clickable(f"owner === {k}") for k in range(len(HOSTILE))]:
        there.click(unit)
        assert frame.locator(".tw-card .tw-title").inner_text().strip()
    there.settle()
    there.page.keyboard.press("v")
    for k in range(len(HOSTILE)):
        there.page.keyboard.press(str(k + 1))
        there.settle()
    there.page.locator(".st-key-undo").first.hover()
    frame.get_by_role("button", name="What the map shows").click()
    cards = frame.locator(".tw-card")
    for kind in ("Homes of", "Accounts as dots"):
        frame.locator(".tw-display").get_by_text(kind).click()
        frame.wait_for_function("territoryMap.editor.renderer.hits.size > 0")
        named = there.page.evaluate(EVERY_PLACE)
        assert sorted(named) == sorted(HOSTILE), kind
        assert cards.nth(1).locator("*").count() <= 12
        frame.locator(".tw-display").get_by_text(kind).click()
    there.page.wait_for_timeout(500)
    assert there.errors == []
    assert there.page.evaluate("window.hit === undefined")
    assert frame.evaluate("window.hit === undefined")
    assert frame.locator("script:has-text('parent.hit')").count() == 0
    shown = frame.locator(".tw-rows").inner_text()
    assert HOSTILE[0] in shown and HOSTILE[3] in shown


@pytest.mark.parametrize("size", [(1280, 720), (1440, 900)], ids=["laptop", "desktop"])
def test_the_first_visit_shows_the_whole_region(app, visit, size):
    """Once the frame has its height, all of New England is in view, whatever the window."""
    there = visit(app, viewport={"width": size[0], "height": size[1]}).map()
    frame = next(f for f in there.page.frames if f != there.page.main_frame)
    seen, held = frame.evaluate(
        """() => {
            const map = Object.values(window).find((v) => v instanceof L.Map);
            const box = map.getContainer().getBoundingClientRect();
            const { x, y } = map.getSize();
            const all = L.latLngBounds([40.99, -73.73], [47.46, -66.95]);
            return [map.getBounds().contains(all), x === box.width && y === box.height];
        }"""
    )
    assert seen and held
