"""Without a mouse: the order of the focus, and the whole job at the table by keys alone."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit

FOCUS = """() => {
    let at = document.activeElement;
    while (at && at.tagName === "IFRAME") at = at.contentDocument.activeElement;
    const keyed = at.closest("[class*=st-key-]");
    const key = keyed ? [...keyed.classList].find((name) => name.startsWith("st-key-")) : "";
    const look = getComputedStyle(at);
    return {
        name: at.getAttribute("aria-label") || at.innerText || "",
        key: key.replace("st-key-", ""),
        tag: at.tagName,
        ring: look.outlineStyle !== "none" || look.boxShadow !== "none",
        own: Boolean(at.closest(".tw-ui")),
    };
}"""
MOST_TABS = 70


def focus(page: Page) -> dict:
    """What has the focus, in the page or in the map's frame."""
    return page.evaluate(FOCUS)


def tab_to(page: Page, key: str, tag: str = "", keys: str = "Tab") -> None:
    """Press Tab until something under this st-key has the focus."""
    for _ in range(MOST_TABS):
        page.keyboard.press(keys)
        now = focus(page)
        if now["key"].startswith(key) and tag in ("", now["tag"]):
            return
    raise AssertionError(f"{key} can't be reached with {keys}")


def rest(page: Page) -> None:
    """Wait until the page has come to rest."""
    page.wait_for_timeout(300)
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
    page.wait_for_timeout(200)


def test_focus_goes_through_the_map_in_reading_order(app, visit):
    """Tools, options, legend, zoom, then the panel beside; each shows that it has the focus."""
    there: Visit = visit(app).map()
    seen = []
    while not (seen and seen[-1]["key"] == "manage-territories"):
        there.page.keyboard.press("Tab")
        seen.append(focus(there.page))
        assert len(seen) < MOST_TABS
    assert all(one["ring"] and one["name"].strip() for one in seen)
    order = [one["name"].strip() for one in seen]
    wanted = ["Select and inspect", "Brush", "Undo", "Find", "From", "Legend", "Zoom in"]
    places = [order.index(name) for name in wanted]
    assert places == sorted(places)
    assert all(one["own"] for one in seen[:-1])
    there.page.keyboard.press("Escape")


def test_the_whole_job_by_keyboard(own_app, visit):
    """Find units, choose rows, assign, take it back, lock: nothing needs a pointer."""
    own_app.start()
    there = visit(own_app).goto("/table")
    page = there.page
    page.wait_for_selector(".st-key-table-search")
    rest(page)
    tab_to(page, "table-search")
    page.keyboard.type("Worcester")
    page.keyboard.press("Enter")
    rest(page)
    tab_to(page, "unit-rows-", "CANVAS")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+Space")
    rest(page)
    expect(page.get_by_text("1 ZIP chosen").first).to_be_visible()
    tab_to(page, "table-target")
    page.keyboard.type("Morgan")
    page.get_by_role("option", name="Morgan Whitlock").wait_for()
    page.keyboard.press("Enter")
    rest(page)
    tab_to(page, "table-assign")
    page.keyboard.press("Enter")
    rest(page)
    expect(page.get_by_text("to Morgan Whitlock. Undo takes it back.").first).to_be_visible()
    tab_to(page, "table-undo")
    page.keyboard.press("Enter")
    rest(page)
    redo = page.locator(".st-key-redo button").first
    expect(redo).to_be_enabled()
    tab_to(page, "table-lock", keys="Shift+Tab")
    page.keyboard.press("Space")
    rest(page)
    expect(page.get_by_text("Lock 1 ZIP. Undo takes it back.").first).to_be_visible()
    expect(redo).to_be_disabled()
    assert not there.errors
