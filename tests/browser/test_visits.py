"""Hours and visits as a browser shows them: a bar points out, a week goes into the calendar."""

from __future__ import annotations

import pytest

from tests.browser.test_flow import IDLE, press


@pytest.fixture
def there(own_app, visit):
    """The app on a fresh store, one visitor."""
    own_app.start()
    return visit(own_app)


def view(there, name):
    """Choose a view of the page once it has come to rest, and wait until it is drawn."""
    choice = there.page.locator(".st-key-performance-view button", has_text=name)
    choice.wait_for()
    there.page.wait_for_selector(IDLE)
    there.page.wait_for_timeout(500)
    choice.click()
    there.page.wait_for_timeout(300)
    there.page.wait_for_selector(IDLE)


def test_from_hours_to_a_week_in_the_calendar(there):
    """A click on a bar makes its territory the active one; its rep's week is planned and taken."""
    page = there.goto("/performance").page
    view(there, "Workload")
    bar = page.locator(".st-key-chart-hours .trace.bars").first.locator(".point path").nth(22)
    bar.wait_for()
    box = bar.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.get_by_text("Grace Ibarra: ").first.wait_for()
    view(there, "Visits")
    press(there, "plan-visits")
    page.locator(".st-key-visits-map .js-plotly-plot").wait_for(timeout=60_000)
    assert page.get_by_text("Grace Ibarra has a day for").first.is_visible()
    page.wait_for_selector(IDLE)
    with page.expect_download() as downloading:
        press(there, "visits-ics")
    calendar = downloading.value.path().read_text(encoding="utf-8")
    numbers = page.locator(".st-key-visits-map .point text, .st-key-visits-map .textpoint").count()
    assert calendar.count("BEGIN:VEVENT") == numbers > 10
    assert not there.foreign and not there.errors
