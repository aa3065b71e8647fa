"""What is chosen, locked, found and hinted at on the map, in a real browser."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from territory.model import Accounts, Plan, Project, Team
from territory.store import Store
from tests.browser.conftest import ROOT
from tests.browser.test_map import HOSTILE
from tests.browser.test_tools import frame, point
from tests.conftest import chessboard


@pytest.fixture
def board(own_app, visit, monkeypatch):
    """Five by five units of 1 each; West (rep W) has columns 0 to 2, East (rep E) 3 and 4.

    Unit 12, in the middle, has two accounts of 0.5 each, one with a hostile name.
    """
    monkeypatch.setenv("TERRITORY_DATA_DIR", str(own_app.data))
    units = chessboard(
        5, 5, potential=[1.0] * 25, accounts=[2.0 if i == 12 else 0.0 for i in range(25)]
    )
    owner = {u: "W" if i % 5 < 3 else "E" for i, u in enumerate(units.ids)}
    team = Team(pd.DataFrame({"name": ["East", "West"]}, index=["E", "W"]))
    frame = {"name": ["Finchmoor School", HOSTILE[0]], "unit_id": ["12", "12"], "potential": 0.5}
    accounts = Accounts(pd.DataFrame(frame, index=["A1", "A2"]))
    plan = Plan.from_alignment(units, owner, team)
    plan = replace(plan, territories=plan.territories.assign(target=0.5))
    store = Store()
    scenario = store.create(Project("Board", units, team, accounts), plan, name="B")
    store.close()
    own_app.start()
    return visit(own_app).map(f"/map?scenario={scenario}")  # positions: East 0, West 1


def choose(there, *units: str) -> None:
    """Select units with the pointer."""
    there.page.keyboard.press("v")
    there.click(units[0])
    there.page.keyboard.down("Shift")
    for unit in units[1:]:
        there.click(unit)
    there.page.keyboard.up("Shift")
    assert len(there.state()["selected"]) == len(units)


def card(there):
    """The card of the selection."""
    return frame(there).locator(".tw-picked")


def press(there, name: str) -> None:
    """Press a button of the map by its words and wait for the answer."""
    frame(there).get_by_role("button", name=name, exact=True).first.click()
    there.settle()


def test_a_selection_becomes_a_territory_and_two_change_places(board):
    """New territory: named, active, one undo entry. Swap: only for two owners, both effects shown
    before anything changes, both ways in one entry."""
    choose(board, "00", "01")
    assert "2 ZIPs selected" in card(board).inner_text()
    assert card(board).get_by_role("button", name="Swap").is_hidden()
    press(board, "New territory")
    board.page.keyboard.type(HOSTILE[0])
    board.page.keyboard.press("Enter")
    board.settle()
    state = board.state()
    assert state["view"][:3] == [2, 2, 1] and (state["rev"], state["active"]) == (1, 2)
    assert state["selected"] == [] and card(board).is_hidden()
    board.page.keyboard.press("c")
    assert HOSTILE[0] in frame(board).locator(".tw-active").inner_text()
    board.page.keyboard.press("Control+z")
    board.settle()
    start = board.state()
    choose(board, "02", "23")
    swap = card(board).get_by_role("button", name="Swap")
    swap.hover()
    assert card(board).locator(".tw-effect-head b").all_inner_texts() == ["West", "East"]
    assert board.state()["view"] == start["view"]
    swap.click()
    board.settle()
    after = board.state()
    assert (after["view"][2], after["view"][23]) == (0, 1)
    assert after["rev"] == start["rev"] + 1 and after["selected"] == []
    board.page.keyboard.press("Control+z")
    board.settle()
    assert board.state()["view"] == start["view"]
    assert board.errors == [] and board.page.evaluate("window.hit === undefined")


def test_locks_of_units_territories_and_accounts(board):
    """The lock card shuts and opens everything; a locked account counts with its rep in the map's
    own figures and in the panel while its unit moves."""
    board.page.keyboard.press("k")
    locks = frame(board).locator(".tw-locks")
    assert "Nothing is locked" in locks.inner_text()
    press(board, "Lock East")
    assert "10 ZIPs locked · 1 whole territory" in locks.inner_text()
    press(board, "Invert")
    assert "15 ZIPs locked" in locks.inner_text()
    press(board, "Unlock all")
    board.page.keyboard.press("Escape")
    assert locks.is_hidden()
    choose(board, "12")
    press(board, "Lock 2 accounts")
    assert "2 locked accounts" in card(board).inner_text()
    board.page.keyboard.press("1")
    board.page.keyboard.press("c")
    board.click("12")
    board.settle()
    live = frame(board).locator(".tw-live .tw-fact").first.inner_text()
    panel = board.text(".st-key-map-panel .active-card")
    # East has 11 units, but the unit it got is worth nothing to it: 10 of 12.5.
    assert "−20 %" in live.replace("-", "−") and "-20 %" in panel.replace("−", "-")
    choose(board, "12")
    press(board, "Unlock 2 accounts")
    board.page.wait_for_function(
        "document.querySelector('.st-key-map-panel .active-card').innerText.includes('12 %')"
    )
    board.page.keyboard.press("Control+z")
    board.settle()


def test_holes_and_accounts_are_found(board):
    """A territory inside another and a free unit inside one are holes, one at the edge is none;
    an account is found by its name, which stays a name."""
    for key, unit in (("1", "06"), ("1", "10")):
        board.page.keyboard.press(key)
        board.page.keyboard.press("c")
        board.click(unit)
        board.settle()
    board.page.keyboard.press("e")
    board.click("16")
    board.settle()
    board.page.keyboard.press("h")
    bar = frame(board).locator(".tw-bar")
    assert "Hole 1 / 2 · 1 ZIP" in bar.inner_text()
    bar.get_by_role("button", name="Next").click()
    assert "Hole 2 / 2" in bar.inner_text()
    marked = frame(board).evaluate("[...territoryMap.editor.scene.found]")
    assert marked == [16]
    board.page.keyboard.press("/")
    results = frame(board).locator(".tw-results")
    for name in ("finchmoor", "<script>"):
        frame(board).locator(".tw-find input").fill(name)
        results.get_by_text("account").wait_for()
        assert results.locator("button").count() == 1
    assert HOSTILE[0] in results.inner_text()
    board.page.keyboard.press("Enter")
    assert board.state()["selected"] == [12]
    assert board.errors == [] and board.page.evaluate("window.hit === undefined")


def test_a_hint_on_the_map_is_shown_and_taken(board):
    """Its effect on both sides while pointed at; one press is one undo entry; off stays off."""
    script = """() => {
        const { editor } = territoryMap;
        editor.sync.hints = [[[12, 0]], [[2, 0], [23, 1]]];
        editor.chrome.hints.show();
    }"""
    frame(board).evaluate(script)
    marks = frame(board).locator(".tw-hint")
    assert marks.count() == 2
    assert marks.first.get_attribute("aria-label") == "Give 12 to East, now West"
    start = board.state()
    marks.first.hover()
    shown = frame(board).locator(".tw-card:visible")
    assert "West" in shown.inner_text() and "→" in shown.inner_text()
    assert board.state()["view"] == start["view"]
    marks.nth(1).click()
    board.settle()
    after = board.state()
    assert (after["view"][2], after["view"][23]) == (0, 1)
    assert after["rev"] == start["rev"] + 1
    board.page.keyboard.press("Control+z")
    board.settle()
    frame(board).evaluate(script)
    marks.first.focus()
    board.page.keyboard.press("Enter")
    board.settle()
    assert board.owner("12") == 0
    frame(board).evaluate(script.replace("[[12, 0]], ", ""))
    frame(board).locator(".tw-hint-chip button").click()
    assert marks.count() == 0
    board.page.keyboard.press("Control+z")
    board.settle()
    assert marks.count() == 0


def test_pending_gestures_follow_a_changed_list_of_territories(board):
    """What is under way follows its territory to its new number; one that is gone takes it along.

    The browser's side alone: messages are caught before they leave.
    """
    script = """() => {
        const sent = [];
        const sync = new TerritoryWorkbench.Sync(4, (message) => sent.push(message));
        const bytes = (list) =>
            btoa(String.fromCharCode(...new Uint8Array(Int16Array.from(list).buffer)));
        const look = (id, ids) => ({
            id, territories: ids.map((t) => [t, t, "", "#000"]), baseline: bytes([0, 0, 0, 0]),
            locked: [], lockedTerritories: [], words: {},
        });
        const patch = { v: 1, plan: "p", client: "", ack: 0, active: 1, rejects: [] };
        sync.receive({ ...patch, rev: 0, pick: 0, alignment: bytes([0, 1, 2, 0]),
            look: look("one", ["A", "B", "C"]) });
        const give = (to, i) => { sync.begin("click", to); sync.preview([i]); sync.commit(); };
        give(2, 0);
        give(0, 1);
        sync.swap(new Set([2]), 1, new Set([1]), 2, false);
        sync.begin("brush", 2);
        sync.preview([3]);
        const news = sync.receive({ ...patch, rev: 1, pick: 1, active: 0,
            alignment: bytes([-1, 0, 1, -1]), look: look("two", ["B", "C"]) });
        const left = sync.pending.map(({ kind, to, back }) => [kind, to, back ?? null]);
        sync.transmit();
        const last = sent[sent.length - 1];
        return [left, sync.draft.to, [...sync.view], news.renumbered.lost, last.look,
            last.ops.map((op) => op.to)];
    }"""
    left, draft, view, lost, look, sent = frame(board).evaluate(script)
    # The first gesture was to C, which is number 1 now; the second to A, which is gone.
    assert left == [["click", 1, None], ["swap", 0, 1]]
    assert (draft, lost, look, sent) == (1, 1, "two", [1, 0])
    assert view == [1, 1, 0, 1]


def test_the_group_brush_paints_whole_groups(board):
    """A drag with the group tool takes every group on its way, as one entry."""
    script = """() => {
        const { editor } = territoryMap;
        const key = (i) => String(Math.floor(i / 5));
        const rows = { label: "row", key };
        editor.groups.all = [rows];
        editor.groups.current = rows;
    }"""
    frame(board).evaluate(script)
    board.page.keyboard.press("2")
    board.page.keyboard.press("g")
    before = board.state()
    board.page.mouse.move(*point(board, "03"))
    board.page.mouse.down()
    board.page.mouse.move(*point(board, "13"), steps=8)
    board.page.mouse.up()
    board.settle()
    state = board.state()
    assert state["view"][:15] == [1] * 15 and state["view"][15:] == before["view"][15:]
    assert state["rev"] == before["rev"] + 1


def test_a_remount_loses_nothing(board):
    """The map's frame is loaded anew in the middle of everything: plan, view and tools are back."""
    board.page.keyboard.press("1")
    board.click("02")
    board.settle()
    board.page.mouse.wheel(0, -300)
    board.page.wait_for_timeout(500)
    before = board.state()
    frame(board).evaluate("territoryMap.old = true; location.reload()")
    board.page.wait_for_function(
        "window.territoryMap && !territoryMap.old && territoryMap.state().rev >= 0"
    )
    board.settle()
    after = board.state()
    assert after["view"] == before["view"] and after["zoom"] == before["zoom"]
    board.click("07")
    board.settle()
    assert board.owner("07") == board.state()["active"]
    assert board.errors == []


FAULT = """
import territory.mapview.protocol as protocol

sound = protocol.apply

def apply(plan, ops, *rest):
    if any(op.kind == "erase" for op in ops):
        raise RuntimeError("a fault that nobody thought of")
    return sound(plan, ops, *rest)

protocol.apply = apply
"""


def test_an_exception_in_an_operation_leaves_the_map_alive(own_app, visit, monkeypatch):
    """A fault on the server: the unit goes back, the map says so, and the next click works."""
    (own_app.data / "sitecustomize.py").write_text(FAULT)
    monkeypatch.setenv("PYTHONPATH", f"{own_app.data}:{ROOT}")
    there = visit(own_app.start()).map()
    there.page.keyboard.press("e")
    unit = there.clickable("owner >= 0 && owner !== active")
    owner = there.owner(unit)
    there.click(unit)
    there.settle()
    assert there.owner(unit) == owner and there.state()["rev"] == 0
    assert "could not be done" in frame(there).locator(".tw-notice").inner_text()
    there.page.keyboard.press("c")
    there.click(unit)
    there.settle()
    assert there.owner(unit) == there.state()["active"]
    assert there.errors == [] and "nobody thought of" in own_app.log()
