"""The whole way of a newcomer: start, balance, compare, download; and files that can't be used."""

from __future__ import annotations

import io
import os
import re
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from territory.export.excel import SHEETS
from tests.pages.test_data import PLAN, TEAM, boxes

BOSTON = Path(
    os.environ.get(
        "TERRITORY_BOSTON",
        Path(__file__).parents[3] / "shared" / "data" / "boston_zcta_2020.topojson",
    )
)
"""Real ZCTAs, where somebody has put them beside the checkout."""
IDLE = "[data-testid=stApp][data-test-script-state=notRunning]"


@pytest.fixture
def there(own_app, visit):
    """The app on a fresh store, one visitor."""
    own_app.start()
    return visit(own_app)


def button(visit, key):
    """A button by its stable key; one with a tooltip has a hidden twin for touch screens."""
    return visit.page.locator(f".st-key-{key} button").first


def press(visit, key):
    """Click a button once the page has come to rest.

    While a page is still being drawn a button can be replaced between press and release, and the
    browser then makes no click of them.
    """
    visit.page.wait_for_selector(IDLE)
    visit.page.wait_for_timeout(300)
    button(visit, key).click()


def balance_and_show(visit):
    """From any page: run Balance as it stands, apply the proposal, go to the map."""
    page = visit.page
    page.get_by_role("link", name="Balance", exact=True).click()
    button(visit, "run-balance").wait_for()
    press(visit, "run-balance")
    page.wait_for_selector(".st-key-apply-proposal", timeout=120_000)
    press(visit, "apply-proposal")
    page.get_by_text("Applied. Undo takes it back in one step.").wait_for()
    page.get_by_role("link", name="Map", exact=True).click()


def upload(visit, key, name, content):
    """Drop a file once the page has come to rest, and wait until it is there."""
    visit.page.wait_for_selector(IDLE)
    visit.page.wait_for_timeout(500)
    visit.page.locator(f".st-key-{key} input[type=file]").set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    )
    visit.page.locator(f".st-key-{key}").get_by_text(name).first.wait_for()


def sees(visit, text):
    """Is this text on screen?"""
    return visit.page.get_by_text(text).first.is_visible()


def test_balance_then_download_the_workbook(there):
    """Run shows progress and a proposal, Apply changes the plan, the workbook carries it."""
    page = there.goto("/balance").page
    press(there, "run-balance")
    page.wait_for_selector(".st-key-apply-proposal", timeout=120_000)
    assert sees(there, "Every territory within ±5 %")
    press(there, "apply-proposal")
    page.get_by_text("Applied. Undo takes it back in one step.").wait_for()
    assert sees(there, "all 24 within ±15 %")

    page.get_by_role("link", name="Handover").first.click()
    with page.expect_download() as downloading:
        press(there, "download-xlsx")
    download = downloading.value
    assert download.suggested_filename == "territory-plan.xlsx"
    content = io.BytesIO(download.path().read_bytes())
    book = openpyxl.load_workbook(content, data_only=True)
    assert tuple(book.sheetnames) == SHEETS
    assert book["Units"].max_row > 1846
    assert not there.foreign and not there.errors


def test_a_point_of_the_chart_becomes_the_proposal(there):
    """Other plans are a chart; a click shows one; its moves can be left out and pointed out."""
    page = there.goto("/balance").page
    button(there, "run-balance").wait_for()
    page.wait_for_selector(IDLE)
    page.locator(".st-key-trades summary").first.click()
    press(there, "run-frontier")
    point = page.locator(".st-key-frontier .points path").nth(2)
    point.wait_for(timeout=120_000)
    page.wait_for_selector(IDLE)
    page.wait_for_timeout(500)
    point.scroll_into_view_if_needed()
    box = point.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_selector(".st-key-apply-proposal", timeout=60_000)
    press(there, "take-none")
    nothing = page.get_by_text(re.compile(r"^0 ZIPs change hands")).first
    nothing.wait_for()
    press(there, "take-all")
    nothing.wait_for(state="detached")
    page.wait_for_selector(IDLE)
    page.locator("[class*=st-key-pin-] button").first.click()
    page.locator("[class*=st-key-pin-] button[kind=primary]").first.wait_for()
    assert not there.foreign and not there.errors


def test_cancel_shows_the_best_so_far_or_stops(there):
    """Cancel answers: there is a proposal or words, and the plan is unchanged."""
    page = there.goto("/balance").page
    press(there, "run-balance")
    page.wait_for_selector(".st-key-cancel-run button, .st-key-apply-proposal", timeout=60_000)
    if button(there, "cancel-run").count():
        button(there, "cancel-run").click()
    # An alert within a folded form is there all the time.
    answers = ".st-key-apply-proposal:visible, [data-testid=stAlert]:visible"
    page.wait_for_selector(answers, timeout=60_000)
    assert sees(there, "19 of 24 outside ±15 %")


def test_from_own_files_to_the_map(there):
    """Boundaries, accounts, team and alignment are dropped; what was understood is told; the six
    questions are answered from it; the map shows the six squares and who owns them."""
    page = there.goto("/data").page
    upload(there, "upload-boundaries", "squares.geojson", boxes())
    upload(there, "upload-team", "team.csv", TEAM)
    accounts = b"id,zip,revenue,segment\na,1000,10,A\nb,01003,20,B\nc,99999,5,B\n"
    upload(there, "upload-accounts", "accounts.csv", accounts)
    upload(there, "upload-alignment", "plan.csv", PLAN)
    press(there, "read-files")
    page.get_by_text("Read 6 of 6 areas.").wait_for()
    assert sees(there, "What was read") and sees(there, "Where the totals went")
    assert button(there, "problems-accounts").is_visible()
    press(there, "ask-next")
    page.get_by_text("Six questions before you start").wait_for()
    page.wait_for_selector(IDLE)
    said = page.locator("[data-testid=stMarkdownContainer] strong").filter(has_text="2 reps")
    assert "squares" in said.first.inner_text()
    press(there, "use-answers")
    page.get_by_text("What to do next").wait_for()
    page.get_by_role("link", name="Map", exact=True).click()
    page.wait_for_function("window.territoryMap && window.territoryMap.state().n === 6")
    there.settle()
    assert there.state()["view"] == [0, 0, 1, 0, 1, -1]
    assert page.evaluate("window.territoryMap.ids") == [f"0100{i}" for i in range(6)]
    assert not there.foreign and not there.errors


def test_a_wrong_file_leaves_the_plan_alone(there):
    """Words on screen, and the map still has the sample."""
    page = there.goto("/data").page
    upload(there, "upload-boundaries", "broken.geojson", b'{"type": "Feature')
    press(there, "read-files")
    page.locator("[data-testid=stAlert]").filter(has_text="broken.geojson").wait_for()
    assert sees(there, "Your plan is unchanged.")
    there.map()
    assert there.state()["n"] == 1846


@pytest.mark.parametrize(
    "path", ["/", "/data", "/map", "/balance", "/performance", "/handover", "/settings"]
)
def test_every_page_works_as_the_first_one(app, visit, path):
    """Opened directly: content, the scenario in the address, no fault, no foreign host."""
    there = visit(app).goto(path)
    there.page.wait_for_url(re.compile(r"scenario="))
    there.page.wait_for_selector(".st-key-state-strip")
    there.page.wait_for_selector(IDLE)
    assert there.page.locator("[data-testid=stException]").count() == 0
    assert there.page.url.split("?")[0] == app.url + path
    assert not there.foreign and not there.errors


def test_the_map_follows_an_applied_proposal(there):
    """After Apply the map shows another alignment, and undo on the map brings the old one back."""
    page = there.map().page
    before = there.state()["view"]
    balance_and_show(there)
    page.wait_for_function("window.territoryMap && window.territoryMap.state().rev > 0")
    there.settle()
    after = there.state()["view"]
    assert (np.array(before) != np.array(after)).sum() > 200
    press(there, "undo")
    page.wait_for_function("window.territoryMap.state().rev > 1")
    there.settle()
    assert there.state()["view"] == before


@pytest.mark.skipif(not BOSTON.is_file(), reason="the Boston ZCTA file is not on this machine")
def test_real_areas_with_gaps_are_drawn_and_balanced(there):
    """761 real ZCTAs with invalid rings and gaps: read, drawn, twelve even territories."""
    page = there.goto("/data").page
    upload(there, "upload-boundaries", "boston.topojson", BOSTON.read_bytes())
    page.get_by_text("More tables and options").click()
    column = page.locator(".st-key-id-column input")
    column.fill("ZCTA5CE20")
    column.press("Enter")
    page.wait_for_selector(IDLE)
    press(there, "read-files")
    page.get_by_text("Read 761 of 761 areas.").wait_for()
    balance_and_show(there)
    page.wait_for_function("window.territoryMap && window.territoryMap.state().n === 761")
    there.settle()
    owners = np.bincount(there.state()["view"], minlength=12)
    assert owners.min() >= 60 and owners.max() <= 67
    # Somewhere in the middle of the region there is land of ours under the pointer.
    assert there.clickable("owner >= 0")
