"""From a chart of the Market page to the unit on the map."""

from __future__ import annotations

from tests.browser.conftest import READY


def test_a_bar_leads_to_its_unit_on_the_map(app, visit):
    """Click the longest bar, follow the link: the map has come to that unit and marks it, once."""
    there = visit(app).goto("/market")
    page = there.page
    page.get_by_text("ZIPs", exact=True).first.click()
    bars = page.locator(".st-key-chart-potential .barlayer .point path")
    page.get_by_text("06902 Stamford has").wait_for()
    bars.last.click(force=True)
    page.get_by_text("06902 in Camille Rossi").wait_for()
    page.get_by_role("link", name="Show on the map").click()
    page.wait_for_function(READY, timeout=60_000)
    found = "[...territoryMap.editor.scene.found].map((i) => territoryMap.ids[i])"
    page.wait_for_function(f"{found}.includes('06902')")
    assert page.evaluate("territoryMap.pointOf('06902')") is not None
    assert there.state()["active"] == 13
