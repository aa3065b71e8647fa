"""Pictures of every page, taken from the running app, so that they never lie.

python docs/screenshots.py                      # the pictures of README and docs/
python docs/screenshots.py --only map tools     # some of them; tools: each tool of the map
python docs/screenshots.py --all --out FOLDER   # both sizes, light and dark, to look at
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Locator, Page, sync_playwright
from tool_pictures import shoot_tools

ROOT = Path(__file__).resolve().parents[1]
PAGES = {
    "start": "",
    "data": "data",
    "map": "map",
    "table": "table",
    "balance": "balance",
    "performance": "performance",
    "market": "market",
    "scenarios": "scenarios",
    "advisor": "advisor",
    "handover": "handover",
    "settings": "settings",
}
COLOURS = 200
SIZES = {"1440": (1440, 900), "1280": (1280, 720)}
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        return int(probe.getsockname()[1])


def serve(port: int, folder: str) -> subprocess.Popen[bytes]:
    """The app on a port, with a store of its own; returns when it answers."""
    server = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={port}"],
        cwd=ROOT,
        env={**os.environ, "TERRITORY_DATA_DIR": folder},
        stdout=subprocess.DEVNULL,
    )
    for _ in range(120):
        try:
            with urllib.request.urlopen(f"http://localhost:{port}/_stcore/health", timeout=1):
                return server
        except OSError:
            time.sleep(0.5)
    server.terminate()
    raise SystemExit("The app did not start.")


def settle(page: Page) -> None:
    """Wait until the script has run, the map is painted and animations have ended."""
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')
    if page.url.split("?")[0].endswith("/map"):
        page.wait_for_function("() => window.territoryMap && window.territoryMap.state().n > 0")
    page.wait_for_timeout(1500)


def save(page: Page | Locator, path: Path) -> None:
    """A picture of few colours: a third of the bytes, and nobody sees it."""
    page.screenshot(path=str(path))
    with Image.open(path) as picture:
        few = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    few.save(path, optimize=True)


def compared(page: Page, where: str) -> Page:
    """The page where a balanced copy stands beside the plan it was copied from."""
    page.goto(f"{where}/scenarios")
    settle(page)
    page.locator("[data-testid=stPopover] button").first.click()
    page.locator("[class*=st-key-copy-] button:visible").first.click()
    settle(page)
    page.get_by_role("link", name="Balance", exact=True).click()
    settle(page)
    page.locator(".st-key-run-balance button").click()
    page.wait_for_selector(".st-key-apply-proposal", timeout=120_000)
    settle(page)
    page.locator(".st-key-apply-proposal button").first.click()
    settle(page)
    page.get_by_role("link", name="Scenarios", exact=True).click()
    settle(page)
    page.locator("[class*=st-key-pick-] label").first.click()
    settle(page)
    page.get_by_role("radio", name="Compare").click()
    settle(page)
    page.set_viewport_size({"width": 1440, "height": 1640})
    settle(page)
    return page


def shoot(browser: Browser, port: int, out: Path, size: str, theme: str, only: list[str]) -> None:
    """One picture a page."""
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=theme,  # type: ignore[arg-type]
    )
    page = context.new_page()
    for name in [name for name in only if name in PAGES]:
        page.goto(f"http://localhost:{port}/{PAGES[name]}")
        settle(page)
        save(page, out / f"{name}-{size}-{theme}.png")
    if "balance" in only:
        page.goto(f"http://localhost:{port}/balance")
        settle(page)
        page.locator(".st-key-run-balance button").click()
        page.wait_for_selector(".st-key-apply-proposal", timeout=120_000)
        settle(page)
        save(page, out / f"proposal-{size}-{theme}.png")
    if "compare" in only:
        save(compared(page, f"http://localhost:{port}"), out / f"compare-{size}-{theme}.png")
    if "tools" in only:
        where = f"http://localhost:{port}"
        shoot_tools(page, where, lambda page, name: save(page, out / f"{name}-{theme}.png"))
    context.close()


def main() -> None:
    """Serve, shoot, stop."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "images")
    parser.add_argument("--all", action="store_true", help="both sizes, light and dark")
    parser.add_argument("--only", nargs="*", default=[*PAGES, "compare", "tools"])
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    browser_path = shutil.which("chromium") or shutil.which("google-chrome")
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        server = serve(port, folder)
        try:
            with sync_playwright() as play:
                browser = play.chromium.launch(executable_path=browser_path, args=ARGUMENTS)
                for size in SIZES if options.all else ["1440"]:
                    for theme in ["light", "dark"] if options.all else ["light"]:
                        shoot(browser, port, options.out, size, theme, options.only)
                browser.close()
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main()
