"""Charts and the small map follow each other; only a browser can click them."""

from __future__ import annotations

from collections.abc import Callable

from tests.browser.conftest import Server, Visit

MAP = ".st-key-results-map"


def test_a_bar_moves_the_map_and_the_map_moves_the_charts(
    own_app: Server, visit: Callable[..., Visit]
) -> None:
    """A click on a bar names that territory beside the map, and in the chart of its history."""
    own_app.start()
    one = visit(own_app, viewport={"width": 1440, "height": 900}).goto("/performance")
    page = one.page
    page.wait_for_selector(f"{MAP} .js-plotly-plot", timeout=60_000)
    page.wait_for_selector(".st-key-chart-sales .js-plotly-plot")

    def beside(name: str) -> None:
        page.wait_for_function(
            """([map, name]) => [map + '-beside', '.st-key-chart-sales .gtitle'].every(
                (place) => document.querySelector(place).textContent.includes(name)
            )""",
            arg=[MAP, name],
            timeout=20_000,
        )
        # While the view is drawn anew, the map of before still stands beside the new one.
        page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
        page.wait_for_function(f"document.querySelectorAll('{MAP} .js-plotly-plot').length === 1")
        page.wait_for_timeout(350)

    page.wait_for_selector(".st-key-chart-attainment .js-plotly-plot")
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
    page.wait_for_timeout(700)
    # The last bar of the chart stands on top: who reached most of the quota.
    page.locator(".st-key-chart-attainment .bars .point path").nth(22).click(force=True)
    beside("Nadia Kovac")
    box = page.locator(f"{MAP} .js-plotly-plot").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 0.75 * box["width"], box["y"] + 0.3 * box["height"])
    beside("Iris Zhang")  # the north of Maine
    page.get_by_role("link", name="Show on the map").click()
    page.wait_for_selector(".st-key-map-panel", timeout=60_000)
    page.wait_for_function(
        "document.querySelector('.st-key-map-panel').innerText.includes('Iris Zhang')"
    )
    assert one.errors == [] and one.foreign == []
