"""Territories made and dissolved over the map, and the whole job with the keyboard alone."""

from __future__ import annotations

import pytest

MOST_TABS = 80
FOCUSED = """() => {
    const e = document.activeElement;
    const box = e.closest('[class*="st-key-"]');
    const key = box ? [...box.classList].find(c => c.startsWith('st-key-')) : '';
    return [key, e.tagName, e.getAttribute('aria-label') || '', e.innerText || ''].join(' | ');
}"""


def tab_to(page, *wanted: str) -> None:
    """Press Tab until what has the focus says all that is wanted."""
    seen = []
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        seen.append(page.evaluate(FOCUSED))
        if all(part in seen[-1] for part in wanted):
            return
    pytest.fail(f"{wanted} was not reached: {seen}")


def ready(visit) -> None:
    """Wait until the script has run."""
    visit.page.wait_for_timeout(400)
    visit.page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
    visit.page.wait_for_timeout(400)


def test_the_whole_job_with_the_keyboard(own_app, visit):
    """From the map to the table, find, choose a row, assign it, and back: no mouse."""
    there = visit(own_app.start()).map()
    before = there.owner("01609")
    page = there.page
    tab_to(page, "| A |", "Table")
    page.keyboard.press("Enter")
    page.wait_for_url("**/table*")
    page.wait_for_selector(".st-key-table-search input")
    ready(there)
    tab_to(page, "st-key-table-search", "INPUT")
    page.keyboard.type("worcester 01609")
    page.keyboard.press("Enter")
    page.get_by_text("1 ZIP found.", exact=True).wait_for()
    ready(there)
    tab_to(page, "st-key-unit-rows", "CANVAS")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+Space")
    page.get_by_text("1 ZIP chosen").wait_for()
    tab_to(page, "st-key-table-target", "INPUT")
    page.keyboard.type("Iris Zhang")
    page.keyboard.press("Enter")
    ready(there)
    tab_to(page, "st-key-table-assign", "BUTTON")
    page.keyboard.press("Enter")
    page.get_by_text("01609 to Iris Zhang. Undo takes it back.").wait_for()
    tab_to(page, "| A |", "Back to the map")
    page.keyboard.press("Enter")
    page.wait_for_url("**/map*")
    page.wait_for_function("window.territoryMap && territoryMap.state().rev === 1")
    assert there.owner("01609") != before
    assert there.errors == []


def press(there, key: str) -> None:
    """Press a button by its key and wait for the answer."""
    there.page.locator(f".st-key-{key} button:visible").first.click()
    ready(there)


def test_territories_come_and_go_over_the_map(own_app, visit):
    """Add and delete in the dialog; the map has the new numbers, edits and undo go on."""
    there = visit(own_app.start()).map()
    page, start = there.page, there.state()["view"]
    press(there, "manage-territories")
    page.locator(".st-key-territory-delete").wait_for()
    press(there, "territory-delete")
    page.locator(".st-key-territory-new input").fill("Cape <b>${1+1}")
    page.keyboard.press("Enter")
    press(there, "territory-add")
    page.keyboard.press("Escape")
    page.wait_for_function("territoryMap.state().rev === 2")
    there.settle()
    state = there.state()
    # The first territory is gone: its units belong to nobody, all others moved up by one.
    assert state["view"] == [owner - 1 for owner in start]
    assert state["active"] == max(start)
    scrolls = "e => e.scrollHeight > e.clientHeight + 1"
    assert not page.locator("[data-testid=stMain]").evaluate(scrolls)
    unit = there.clickable("owner === 0")
    there.click(unit)
    there.settle()
    assert there.owner(unit) == max(start)
    for _ in range(3):
        press(there, "undo")
    there.settle()
    assert there.state()["view"] == start
    assert there.errors == []
