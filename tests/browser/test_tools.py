"""The map's tools in a real browser: shapes, groups, drags, selections, modifiers and finders."""

from __future__ import annotations

import numpy as np
import pytest

from territory.model import Plan, Project, would_orphan
from territory.store import Store
from tests.browser.test_map import HOSTILE, hostile_scenario, press
from tests.conftest import chessboard

INK = """() => {
    const canvas = territoryMap.editor.renderer.canvas.top;
    const { width } = canvas.getBoundingClientRect();
    const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
    return width && data.filter((value, i) => i % 4 === 3 && value).length;
}"""
"""Painted pixels of the layer above the map; none where it has no size on screen."""
FOREIGN = "owner >= 0 && owner !== active"


@pytest.fixture
def there(app, visit):
    """A visitor on the map of the shared server."""
    return visit(app).map()


@pytest.fixture
def small(own_app, visit, monkeypatch):
    """A visitor on five by five units: West has columns 0 to 2, East 3 and 4."""
    monkeypatch.setenv("TERRITORY_DATA_DIR", str(own_app.data))
    units = chessboard(5, 5, potential=[1.0] * 25)
    owner = {u: "West" if i % 5 < 3 else "East" for i, u in enumerate(units.ids)}
    store = Store()
    scenario = store.create(Project("Board", units), Plan.from_alignment(units, owner), name="B")
    store.close()
    own_app.start()
    return visit(own_app).map(f"/map?scenario={scenario}")  # positions: East 0, West 1


def frame(there):
    """The map's own frame."""
    return next(f for f in there.page.frames if "st_folium" in f.url)


def point(there, unit: str) -> tuple[float, float]:
    """Where a unit can be hit."""
    found = there.page.evaluate("id => territoryMap.pointOf(id)", unit)
    return found["x"], found["y"]


def shape(there, corners: list[tuple[float, float]], key: str = "") -> None:
    """Drag the pointer through some points, with a key held."""
    mouse, keyboard = there.page.mouse, there.page.keyboard
    if key:
        keyboard.down(key)
    mouse.move(*corners[0])
    mouse.down()
    for corner in corners[1:]:
        mouse.move(*corner, steps=6)
    mouse.up()
    if key:
        keyboard.up(key)


def around(there, unit: str, reach: int = 35) -> list[tuple[float, float]]:
    """A square around a unit, as corners to draw through."""
    x, y = point(there, unit)
    signs = ((-1, -1), (1, -1), (1, 1), (-1, 1))
    return [(x + a * reach, y + b * reach) for a, b in signs]


def moved(before: dict, after: dict) -> list[int]:
    """Positions of the units that changed hands."""
    return [i for i, t in enumerate(after["view"]) if t != before["view"][i]]


def test_a_lasso_is_one_undo_entry(there):
    """What it holds goes to the active territory; one undo brings all of it back."""
    there.page.keyboard.press("l")
    before = there.state()
    unit = there.clickable(FOREIGN)
    shape(there, around(there, unit))
    there.settle()
    after = there.state()
    assert len(moved(before, after)) > 1
    assert {after["view"][i] for i in moved(before, after)} == {before["active"]}
    assert after["rev"] == before["rev"] + 1
    there.page.keyboard.press("Control+z")
    there.settle()
    assert there.state()["view"] == before["view"]


def test_a_lasso_holds_what_a_polygon_holds(there):
    """Its triangles give the same units as a test of each representative point."""
    there.page.keyboard.press("v")
    shape(there, around(there, there.clickable(FOREIGN), 60), "Control")
    script = """() => {
        const { region, scene } = territoryMap.editor;
        const corners = [[0, 0], [9, 2], [7, 8], [3, 5], [1, 9]];
        const [x0, y0, x1, y1] = region.bounds;
        const at = ([a, b]) => [x0 + (a / 10) * (x1 - x0), y0 + (b / 10) * (y1 - y0)];
        const held = new Set();
        const lasso = new TerritoryWorkbench.Lasso(region, at(corners[0]));
        for (const corner of corners.slice(1)) lasso.add(at(corner));
        const path = new Path2D();
        lasso.outline.forEach(([x, y], j) => (j ? path.lineTo(x, y) : path.moveTo(x, y)));
        const pen = document.createElement("canvas").getContext("2d");
        for (let i = 0; i < region.n; i++)
            if (pen.isPointInPath(path, region.inside[2 * i], region.inside[2 * i + 1], "evenodd"))
                held.add(i);
        const differ = [...held].filter((i) => !lasso.held.has(i));
        return [held.size, lasso.held.size, differ.length, scene.selection.size];
    }"""
    held, same, differ, selected = frame(there).evaluate(script)
    assert held > 100
    assert abs(same - held) <= 1 and differ <= 1
    assert selected > 1


def test_a_box_selects_and_shows_what_would_happen_first(there):
    """Nothing changes before the button; then everything selected goes in one revision."""
    there.page.keyboard.press("v")
    before = there.state()
    corners = around(there, there.clickable(FOREIGN))
    shape(there, [corners[0], corners[2]], "Shift")
    chosen = there.state()["selected"]
    assert len(chosen) > 1
    assert there.state()["view"] == before["view"] and there.state()["pending"] == 0
    card = frame(there).locator(".tw-picked")
    assert f"{len(chosen)} ZIPs selected" in card.inner_text()
    assert "→" in card.inner_text() and "potential" in card.inner_text()
    card.locator(".tw-main").click()
    there.settle()
    after = there.state()
    assert {after["view"][i] for i in chosen} == {after["active"]}
    assert after["rev"] == before["rev"] + 1
    assert after["selected"] == [] and card.is_hidden()


def test_a_selection_is_unassigned_and_cleared(there):
    """Delete makes its units nobody's; Escape forgets the selection and changes nothing."""
    there.page.keyboard.press("v")
    unit = there.clickable(FOREIGN)
    there.click(unit)
    there.page.keyboard.press("Escape")
    assert there.state()["selected"] == []
    there.click(unit)
    there.page.keyboard.press("Delete")
    there.settle()
    assert there.owner(unit) == -1
    there.page.keyboard.press("n")
    bar = frame(there).locator(".tw-bar")
    assert "Unassigned 1 / 1" in bar.inner_text()
    assert there.state()["zoom"] > 6
    there.page.keyboard.press("Control+z")
    there.settle()


def test_a_locked_selection_stays_and_says_so(there):
    """Lock from the card; a click on such a unit changes nothing and the map says why."""
    there.page.keyboard.press("v")
    unit = there.clickable(FOREIGN)
    there.click(unit)
    card = frame(there).locator(".tw-picked")
    card.get_by_role("button", name="Lock", exact=True).click()
    there.settle()
    owner = there.owner(unit)
    there.page.keyboard.press("c")
    there.click(unit)
    assert "locked" in frame(there).locator(".tw-notice").inner_text()
    there.settle()
    assert there.owner(unit) == owner
    card.get_by_role("button", name="Unlock").click()
    there.settle()
    there.page.keyboard.press("Escape")
    there.click(unit)
    there.settle()
    assert there.owner(unit) == there.state()["active"]


def test_the_server_refuses_what_the_browser_did_not_know(there):
    """A lock that this map has not heard of: the unit goes back, with the reason."""
    there.page.keyboard.press("v")
    unit = there.clickable(FOREIGN)
    there.click(unit)
    frame(there).locator(".tw-picked").get_by_role("button", name="Lock", exact=True).click()
    there.settle()
    there.page.keyboard.press("Escape")
    owner = there.owner(unit)
    frame(there).evaluate("territoryMap.editor.sync.locked.fill(0)")
    there.page.keyboard.press("c")
    there.click(unit)
    there.settle()
    assert there.owner(unit) == owner
    assert f"{unit}: locked" in frame(there).locator(".tw-notice").inner_text()
    there.page.keyboard.press("Control+z")
    there.settle()


def test_the_group_tool_takes_the_whole_county(there):
    """One click, one revision, every unit of the county and no other."""
    there.page.keyboard.press("g")
    before = there.state()
    unit = there.clickable(FOREIGN)
    script = """id => {
        const { region, sync, groups } = territoryMap.editor;
        const of = (name) => region.words.find((w) => w.name === name).of;
        const [county, state] = [of("county"), of("state")];
        const at = region.position.get(id);
        return region.ids.filter((_, i) => county[i] === county[at] && state[i] === state[at]);
    }"""
    county = frame(there).evaluate(script, unit)
    there.page.mouse.move(*point(there, unit))
    assert frame(there).evaluate(INK) > 0, "the county under the pointer is outlined"
    there.click(unit)
    there.settle()
    after = there.state()
    assert {there.owner(u) for u in county} == {after["active"]}
    ids = there.page.evaluate("territoryMap.ids")
    assert {ids[i] for i in moved(before, after)} <= set(county)
    assert after["rev"] == before["rev"] + 1
    there.page.keyboard.press("Control+z")
    there.settle()


def test_a_drag_drops_a_unit_on_another_territory(there):
    """It follows the pointer, Escape takes it back, dropping gives it to the territory below."""
    there.page.keyboard.press("d")
    before = there.state()
    unit = there.clickable(FOREIGN)
    onto = there.clickable(f"{FOREIGN} && owner !== {there.owner(unit)}")
    target = there.owner(onto)
    for escape in (True, False):
        there.page.mouse.move(*point(there, unit))
        there.page.mouse.down()
        there.page.mouse.move(*point(there, onto), steps=5)
        lit = "() => territoryMap.editor.scene.lit.size"
        assert frame(there).evaluate(lit) == before["view"].count(target)
        if escape:
            there.page.keyboard.press("Escape")
        there.page.mouse.up()
        there.settle()
        assert there.owner(unit) == (before["view"][_at(there, unit)] if escape else target)
    assert there.state()["rev"] == before["rev"] + 1
    there.page.keyboard.press("Control+z")
    there.settle()


def _at(there, unit: str) -> int:
    return there.page.evaluate("id => territoryMap.ids.indexOf(id)", unit)


def test_a_drag_takes_the_whole_selection(small):
    """Pressing on a selected unit moves all that is selected."""
    small.page.keyboard.press("v")
    small.click("02")
    small.page.keyboard.down("Shift")
    small.click("07")
    small.page.keyboard.up("Shift")
    assert small.state()["selected"] == [2, 7]
    small.page.keyboard.press("d")
    shape(small, [point(small, "02"), point(small, "04")])
    small.settle()
    assert small.owner("02") == small.owner("07") == small.owner("04")
    assert small.state()["rev"] == 1


def test_the_source_filter_leaves_everybody_else_alone(small):
    """With "only unassigned" a click on an owned unit does nothing, on a free one it does."""
    small.page.keyboard.press("e")
    small.click("12")
    small.settle()
    frame(small).get_by_label("From").select_option("-1")
    small.page.keyboard.press("c")
    assert small.state()["tool"] == "assign"
    small.page.keyboard.press("1")
    rev = small.state()["rev"]
    small.click("11")
    small.settle()
    assert small.state()["rev"] == rev
    assert "only from unassigned" in frame(small).locator(".tw-notice").inner_text()
    small.click("12")
    small.settle()
    assert small.owner("12") == 0
    assert small.state()["rev"] == rev + 1


def test_stay_connected_refuses_names_and_takes_along(small):
    """A lasso through the middle of East would cut it: refused, named, offered, done as one."""
    small.page.keyboard.press("2")
    small.page.keyboard.press("g")
    frame(small).get_by_role("button", name="Stay connected").click()
    small.page.keyboard.press("l")
    corners = [point(small, u) for u in ("08", "09")]
    (x0, y0), (x1, _) = corners
    box = [(x0 - 12, y0 - 12), (x1 + 12, y0 - 12), (x1 + 12, y0 + 12), (x0 - 12, y0 + 12)]
    before = small.state()
    shape(small, box)
    notice = frame(small).locator(".tw-notice")
    assert "03, 04 off from East" in notice.inner_text()
    assert small.state()["view"] == before["view"] and small.state()["pending"] == 0
    notice.get_by_role("button", name="Take along").click()
    small.settle()
    assert {small.owner(u) for u in ("03", "04", "08", "09")} == {1}
    assert small.owner("13") == 0
    assert small.state()["rev"] == before["rev"] + 1
    small.page.keyboard.press("1")
    small.page.keyboard.press("c")
    small.click("00")
    assert "more pieces" in notice.inner_text()
    small.settle()
    assert small.owner("00") == 1


def test_browser_and_server_agree_on_what_is_cut_off(small):
    """For random plans and random strokes both name the same units, or none."""
    random = np.random.default_rng(3)
    graph = chessboard(5, 5).graph
    script = """([labels, moving]) => {
        const { sync, guard } = territoryMap.editor;
        sync.view = Int16Array.from(labels);
        sync.begin("brush", -1);
        sync.preview(moving);
        guard.connected = true;
        const found = guard.refusal(sync.draft);
        sync.draft = null;
        return found ? found.orphans.sort((a, b) => a - b) : [];
    }"""
    some = 0
    for _ in range(60):
        labels = random.integers(-1, 2, 25)
        moving = random.choice(25, random.integers(1, 6), replace=False)
        moving = moving[labels[moving] >= 0]
        theirs = frame(small).evaluate(script, [labels.tolist(), moving.tolist()])
        assert theirs == would_orphan(graph, labels, moving).tolist()
        some += bool(theirs)
    assert some > 10


def test_the_server_checks_connection_again(small):
    """A browser that asks for a cut is refused by the server in the same words."""
    script = """() => {
        const { sync } = territoryMap.editor;
        sync.begin("brush", 1);
        sync.preview([8, 9]);
        sync.commit(true);
    }"""
    frame(small).evaluate(script)
    small.settle()
    assert small.state()["rev"] == 0
    assert small.owner("08") == 0
    assert "03, 04 off from East" in frame(small).locator(".tw-notice").inner_text()


def test_figures_follow_the_stroke_before_the_server_knows(there):
    """While the button is down the map shows active and donor, before → after, by itself."""
    there.page.keyboard.press("b")
    runs = there.runs
    press(there, 60, 40)
    there.page.wait_for_timeout(60)
    live = frame(there).locator(".tw-live")
    names = live.locator(".tw-effect-head b").all_inner_texts()
    assert len(names) >= 2
    assert "→" in live.inner_text() and "Potential" in live.inner_text()
    assert there.runs == runs
    there.page.keyboard.press("Escape")
    assert live.is_hidden()
    there.page.mouse.up()


def test_figures_in_the_map_agree_with_the_panel(own_app, visit):
    """After the gesture the map's own sum is what the server says beside it."""
    there = visit(own_app.start()).map()
    there.click(there.clickable(FOREIGN))
    there.settle()
    row = frame(there).locator(".tw-live .tw-fact").first
    off = row.locator("b").inner_text().replace("−", "-")
    # The panel is drawn a moment after its run has ended.
    same = """off => document.querySelector(".st-key-map-panel .active-card").innerText
        .replaceAll("−", "-").includes(off)"""
    there.page.wait_for_function(same, arg=off, timeout=10_000)
    assert off


def test_a_place_is_found_and_a_list_selected(there):
    """A city by its first letters; a pasted column of ids, with those that are not here named."""
    there.page.keyboard.press("/")
    there.page.keyboard.type("springf")
    assert "Springfield" in frame(there).locator(".tw-results").inner_text()
    zoom = there.state()["zoom"]
    there.page.keyboard.press("Enter")
    assert there.state()["zoom"] != zoom
    assert len(there.state()["selected"]) > 1
    ids = there.page.evaluate("territoryMap.ids.slice(3, 6)")
    there.page.keyboard.press("/")
    paste = """text => {
        const field = document.querySelector(".tw-find input");
        const clipboardData = new DataTransfer();
        clipboardData.setData("text", text);
        field.dispatchEvent(new ClipboardEvent("paste", { clipboardData, cancelable: true }));
    }"""
    frame(there).evaluate(paste, "\n".join([*ids, "<b>no</b>"]))
    assert there.state()["selected"] == [3, 4, 5]
    assert "<b>no</b>" in frame(there).locator(".tw-notice").inner_text()
    assert frame(there).locator(".tw-notice b").count() == 0


def test_hostile_names_stay_names_in_cards_and_finders(own_app, visit, monkeypatch):
    """Selection card, live figures, search and notices show such names and run none."""
    scenario = hostile_scenario(own_app, monkeypatch)
    own_app.start()
    there = visit(own_app).map(f"/map?scenario={scenario}")
    there.page.keyboard.press("v")
    ends = [there.clickable(f"owner === {k}") for k in (1, 5)]
    (x0, y0), (x1, y1) = (point(there, unit) for unit in ends)
    shape(there, [(x0 - 9, y0 + 9), (max(x0, x1) + 60, y1 - 9)], "Shift")
    card = frame(there).locator(".tw-picked")
    assert HOSTILE[0] in card.inner_text()
    card.locator(".tw-main").click()
    there.settle()
    there.page.keyboard.press("/")
    for name in HOSTILE:
        frame(there).locator(".tw-find input").fill(name)
        assert frame(there).locator(".tw-results button").count() > 0
    there.page.keyboard.press("Enter")
    for key in ("g", "n", "f", "z", "l"):
        there.page.keyboard.press(key)
    shape(there, around(there, there.clickable("owner >= 0")))
    there.settle()
    assert there.errors == [] and there.foreign == []
    assert there.page.evaluate("window.hit === undefined")
    assert frame(there).evaluate("window.hit === undefined")


def test_stray_pieces_are_counted_and_stepped_through(small):
    """F goes to the first, next and previous go round; Z shows the active territory."""
    for unit in ("00", "20"):
        small.page.keyboard.press("1")
        small.click(unit)
        small.settle()
    bar = frame(small).locator(".tw-bar")
    small.page.keyboard.press("f")
    assert "Stray piece 1 / 2" in bar.inner_text()
    bar.get_by_role("button", name="Next").click()
    assert "Stray piece 2 / 2" in bar.inner_text()
    bar.get_by_role("button", name="Previous").click()
    assert "Stray piece 1 / 2" in bar.inner_text()
    near = small.state()["zoom"]
    small.page.keyboard.press("z")
    assert small.state()["zoom"] < near
    small.page.keyboard.press("Escape")
    assert bar.is_hidden()


def test_a_lost_message_is_said_again(small):
    """A gesture whose message never arrives is sent once more and counts once."""
    drop = """() => {
        const { sync } = territoryMap.editor;
        const send = sync.send;
        sync.send = () => (sync.send = send);
    }"""
    frame(small).evaluate(drop)
    small.page.keyboard.press("1")
    small.page.wait_for_timeout(300)
    frame(small).evaluate(drop)
    small.click("00")
    assert small.state()["pending"] == 1
    small.settle()
    assert small.owner("00") == 0
    assert small.state()["rev"] == 1


def heap(there) -> float:
    """Bytes of JavaScript after a collection."""
    session = there.page.context.new_cdp_session(there.page)
    session.send("HeapProfiler.collectGarbage")
    used = session.send("Runtime.getHeapUsage")["usedSize"]
    session.detach()
    return float(used)


def test_two_hundred_strokes_leave_the_heap_flat(small):
    """What a gesture needs is given back; every one of them arrives."""
    stroke = """async (rounds) => {
        const { editor } = territoryMap;
        for (let r = 0; r < rounds; r++) {
            editor.give("brush", [2, 7, 12, 17, 22], r % 2);
            while (editor.sync.pending.length) await new Promise((done) => setTimeout(done, 20));
        }
    }"""
    frame(small).evaluate(stroke, 40)
    small.settle()
    start, rev = heap(small), small.state()["rev"]
    frame(small).evaluate(stroke, 200)
    small.settle()
    assert small.state()["rev"] == rev + 200
    assert heap(small) - start < 3e6
