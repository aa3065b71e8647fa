"""A real browser against the real app, with the world outside shut off.

``serve`` starts the app on a free port with a data folder of its own; ``visit`` opens a page in
Chromium that counts runs, bytes and every attempt to reach another host.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest

pytest.importorskip("playwright.sync_api", reason="browser tests need: pip install playwright")

from playwright.sync_api import Browser, Frame, Page, WebSocket, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]
READY = "window.territoryMap && window.territoryMap.state().rev >= 0"
HINTS = "window.territoryMap.editor.sync.hints !== null"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here drives a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


def find_browser() -> str | None:
    """Chromium or Chrome on this machine."""
    asked = os.environ.get("TERRITORY_CHROMIUM")
    return asked or next((path for name in NAMES if (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests; each test gets a fresh profile in it."""
    path = find_browser()
    if path is None:
        reason = "No Chromium or Chrome found: install one (Debian: apt install chromium)."
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        return int(probe.getsockname()[1])


@dataclass
class Server:
    """The app as a process."""

    data: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Address of the start page, without a slash at the end."""
        return f"http://localhost:{self.port}"

    def command(self) -> list[str]:
        """How to run it, without its options."""
        return [sys.executable, "-m", "streamlit", "run", "app.py"]

    def start(self) -> Server:
        """Start and wait until it answers."""
        command = self.command()
        command += [f"--server.port={self.port}", "--server.fileWatcherType=none"]
        environment = {**os.environ, "TERRITORY_DATA_DIR": str(self.data)}
        with (self.data / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=log, stderr=log
            )
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=2):
                    return self
            except OSError:
                time.sleep(0.2)
        raise RuntimeError(f"The app did not start: {self.log()}")

    def kill(self) -> None:
        """As a power cut would: no chance to save anything."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL if os.name != "nt" else signal.SIGTERM)
        self.process.wait(timeout=10)

    def stop(self) -> None:
        """End it if it still runs."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self.kill()

    def log(self) -> str:
        """What it printed."""
        return (self.data / "server.log").read_text(errors="replace")


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for the tests that leave it as it was."""
    server = Server(tmp_path_factory.mktemp("data")).start()
    yield server
    server.stop()


@pytest.fixture
def own_app(tmp_path: Path) -> Iterator[Server]:
    """A server for one test, to be killed or filled with odd things; not started yet."""
    server = Server(tmp_path)
    yield server
    server.stop()


@dataclass
class Visit:
    """A page and what went over the wire."""

    page: Page
    base: str
    foreign: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    received: int = 0
    runs: int = 0

    def watch(self, socket: WebSocket) -> None:
        """Count what the server sends."""
        socket.on("framereceived", self._frame)

    def _frame(self, payload: str | bytes) -> None:
        from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

        self.received += len(payload)
        if isinstance(payload, bytes):
            message = ForwardMsg.FromString(payload)
            self.runs += message.WhichOneof("type") == "new_session"

    @property
    def frame(self) -> Frame:
        """The map's frame."""
        return next(f for f in self.page.frames if "st_folium" in f.url)

    def allowed(self, url: str) -> bool:
        """Is this ours? What is not is remembered."""
        host = urlsplit(url)
        ours = host.scheme in ("data", "blob") or host.hostname == "localhost"
        if not ours:
            self.foreign.append(url)
        return ours

    def goto(self, path: str) -> Visit:
        """Open a page of the app."""
        self.page.goto(self.base + path)
        return self

    def map(self, path: str = "/map") -> Visit:
        """Open the map and wait until it shows the plan."""
        self.goto(path)
        self.page.wait_for_function(READY, timeout=60_000)
        # While the engine loads, the map asks again for hints: each time a run that is no edit.
        self.page.wait_for_function(HINTS, timeout=60_000)
        self.settle()
        return self

    def settle(self) -> None:
        """Wait until every gesture is acknowledged and the page has come to rest."""
        self.page.wait_for_function("window.territoryMap.state().pending === 0", timeout=20_000)
        self.page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
        self.page.wait_for_timeout(350)

    def state(self) -> dict:
        """What the map says of itself."""
        return self.page.evaluate("window.territoryMap.state()")

    def owner(self, unit_id: str) -> int:
        """Territory position of a unit, as shown."""
        script = "id => territoryMap.state().view[territoryMap.ids.indexOf(id)]"
        return int(self.page.evaluate(script, unit_id))

    def clickable(self, wanted: str) -> str:
        """A unit with a point that a pointer can reach, for which a JavaScript test holds.

        ``wanted`` is an expression in ``id``, ``owner`` and ``active``.
        """
        found = self.page.evaluate(
            f"""() => {{
                const {{ view, active }} = territoryMap.state();
                const {{ ids, pointOf }} = territoryMap;
                return ids.find((id, i) => {{
                    const owner = view[i];
                    return ({wanted}) && pointOf(id);
                }});
            }}"""
        )
        assert found, f"no unit on screen for which {wanted}"
        return str(found)

    def click(self, unit_id: str, **options: object) -> None:
        """Click a unit."""
        point = self.page.evaluate("id => territoryMap.pointOf(id)", unit_id)
        self.page.mouse.move(point["x"], point["y"])
        self.page.mouse.click(point["x"], point["y"], **options)  # type: ignore[arg-type]

    def text(self, selector: str) -> str:
        """Words of the first element that matches."""
        return self.page.locator(selector).first.inner_text()


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Callable[..., Visit]]:
    """Open pages of a server; each call is a visitor of its own."""
    contexts = []

    def open_page(server: Server, **options: object) -> Visit:
        size = options.pop("viewport", {"width": 1280, "height": 720})
        context = chromium.new_context(viewport=size, **options)  # type: ignore[arg-type]
        contexts.append(context)
        one = Visit(context.new_page(), server.url)

        def only_ours(route) -> None:  # type: ignore[no-untyped-def]
            if one.allowed(route.request.url):
                route.continue_()
            else:
                route.abort()

        context.route("**/*", only_ours)
        one.page.on("websocket", one.watch)
        one.page.on("pageerror", lambda error: one.errors.append(str(error)))
        return one

    yield open_page
    for context in contexts:
        context.close()
