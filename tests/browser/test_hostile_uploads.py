"""Hostile files on the Data page: words for each, the server answering all the while."""

from __future__ import annotations

import threading
import time
import urllib.request
from pathlib import Path

import pytest

from tests.browser.test_flow import IDLE, press, upload
from tests.intake.test_hostile import (
    billion_laughs,
    dimension_bomb,
    shape_bomb,
    slip,
    vrt,
    zip_bomb,
)

AREAS = (vrt, slip, shape_bomb)
TABLES = (dimension_bomb, zip_bomb, billion_laughs)
WITHIN_MS = 30_000
"""Far beyond the ten seconds that people are promised: the machine of a test may be busy."""


class Pulse:
    """Asks the server how it is, five times a second, as long as it is beating."""

    def __init__(self, url: str) -> None:
        self.answers: list[bytes] = []
        self.faults: list[str] = []
        self._url, self._ended = f"{url}/_stcore/health", threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True)

    def _beat(self) -> None:
        while not self._ended.is_set():
            try:
                with urllib.request.urlopen(self._url, timeout=10) as response:
                    self.answers.append(response.read())
            except OSError as fault:
                self.faults.append(repr(fault))
            time.sleep(0.2)

    def __enter__(self) -> Pulse:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()


@pytest.mark.slow
def test_hostile_files_are_answered_and_the_server_lives(app, visit):
    """Bombs, links and slips: each is named with what to do, the open plan stays as it is."""
    there = visit(app).goto("/data")
    page = there.page
    page.wait_for_selector(".st-key-read-files")
    page.wait_for_selector(IDLE)
    page.wait_for_timeout(500)
    before = there.text(".st-key-state-strip")
    with Pulse(app.url) as pulse:
        for make in (*AREAS, *TABLES):
            given, content = make()
            name = make.__name__ + Path(given).suffix
            table = make in TABLES
            upload(there, "upload-accounts" if table else "upload-boundaries", name, content)
            if not table:
                press(there, "read-files")
            said = page.locator("[data-testid=stAlert]").filter(has_text=name)
            said.first.wait_for(timeout=WITHIN_MS)
            words = said.first.inner_text()
            assert "Remedy" in words
            assert not any(secret in words for secret in ("/etc", "/tmp", "Traceback"))
        page.wait_for_selector(IDLE)
    assert len(pulse.answers) > 20 and set(pulse.answers) == {b"ok"}
    assert pulse.faults == []
    assert there.text(".st-key-state-strip") == before
    assert page.locator("[data-testid=stException]").count() == 0
