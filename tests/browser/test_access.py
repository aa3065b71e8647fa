"""Every page, dialog and panel under axe-core, light and dark: nothing serious or critical."""

from __future__ import annotations

from importlib.resources import files

import pytest
from playwright.sync_api import Frame, Page

from territory.ui.navigation import PAGES
from tests.browser.conftest import Visit

pytest.importorskip("axe_playwright_python", reason="needs: pip install axe-playwright-python")

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
GRAVE = ("serious", "critical")
TITLES = [page.title for page in PAGES if page.title != "Map"]
BALANCE_READY = 120_000


def findings(where: Page | Frame) -> list[str]:
    """What axe finds grave in a page or frame, one line each."""
    if not where.evaluate("Boolean(window.axe)"):
        where.evaluate(AXE)
    # What is being drawn anew is faded for a moment, and is looked at in its final colours only.
    script = """axe.run({exclude: ['[data-stale="true"]']},
        {iframes: false, resultTypes: ['violations']})"""
    return [
        f"{found['id']}: {node['html'][:200]} at {node['target']}"
        for found in where.evaluate(script)["violations"]
        if found["impact"] in GRAVE
        for node in found["nodes"]
    ]


def rest(page: Page) -> None:
    """Wait until the page is drawn; transitions of colour would be found as lack of contrast."""
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
    page.wait_for_timeout(700)
    page.wait_for_function("""!document.querySelector('[data-stale="true"]')""")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_page_shuts_anybody_out(app, visit, theme):
    """All pages but the map, as they open and with what they can unfold."""
    there: Visit = visit(app, color_scheme=theme).goto("/")
    page, grave = there.page, {}
    page.wait_for_selector("h1")
    for name in TITLES:
        page.get_by_role("link", name=name, exact=True).first.click()
        page.get_by_role("heading", level=1).first.wait_for()
        rest(page)
        if name == "Table":
            page.get_by_role("tab").last.click()
            rest(page)
        if name == "Balance":
            page.locator(".st-key-run-balance button").click()
            page.wait_for_selector(".st-key-apply-proposal", timeout=BALANCE_READY)
            rest(page)
        grave[name] = findings(page)
    assert {name: found for name, found in grave.items() if found} == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_map_shuts_nobody_out(app, visit, theme):
    """The page around it, the map with every panel open, and the dialog over it."""
    there = visit(app, color_scheme=theme).map()
    page, frame = there.page, there.frame
    assert findings(page) == []
    page.keyboard.press("v")
    there.click(there.clickable("owner >= 0 && owner !== active"))
    frame.locator("details").first.evaluate("panel => { panel.open = true; }")
    for name in ("Find", "What the map shows", "Keys and tools"):
        frame.get_by_role("button", name=name, exact=True).click()
        page.wait_for_timeout(300)
        assert findings(frame) == []
    page.locator(".st-key-manage-territories button").click()
    page.get_by_role("dialog").wait_for()
    rest(page)
    assert findings(page) == []
