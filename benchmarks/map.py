"""How fast the map is in a real browser, beside the goals.

    python benchmarks/map.py [--sizes 282:12,1846:24,6000:60,33780:250] [--edits 40] [--no-plain]

Sizes are units:territories. Up to the sample's 1,846 units they are the sample or a part of it;
beyond, the ZIP areas of the United States, built by data/build_sample.py into the user's cache
folder on first use (needs the extra ``sample`` and npm).

Click → repaint is the time from the release of the button to the end of the frame that shows the
new colour: up to 16.7 ms of it are waiting for that frame, the click handler is our part of it.
Gesture → figures is the time until the panel beside the map has the server's numbers, saved. Up to
2,000 units the same click is measured on a plain folium GeoJson map that is built in each run.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import mapdrive  # noqa: E402
import scenarios  # noqa: E402

from territory.store import Store  # noqa: E402
from tests.browser.conftest import FLAGS, Server, find_browser  # noqa: E402

SIZES = (2_000, 6_000, 10**9)
"""Largest number of units of each column of goals."""
GOALS: dict[str, tuple[float | None, float | None, float | None]] = {
    "first paint, cold (s)": (4, 5, 7),
    "first paint, next visitor (s)": (None, None, None),
    "click handler p95 (ms)": (None, None, None),
    "click → repaint p50 (ms)": (None, None, None),
    "click → repaint p95 (ms)": (16, 16, 25),
    "brush frame p95 (ms)": (20, 20, 25),
    "brush handler p95 (ms)": (2, 2, 4),
    "gesture → figures p50 (ms)": (200, 250, 300),
    "gesture → figures p95 (ms)": (400, 450, 500),
    "zoom redraw p50 (ms)": (50, 120, 250),
    "zoom redraw, longest (ms)": (None, None, None),
    "bytes down an edit": (10_000, 12_000, 20_000),
    "runs an edit": (1, 1, 1),
    "runs on pan and zoom": (0, 0, 0),
    "server CPU an edit (ms)": (150, 170, 190),
    "foreign hosts": (0, 0, 0),
    "heap grown by 200 strokes (MB)": (None, None, None),
}
PLAIN_LIMIT = 2_000
STROKES = 200
PLAIN_EDITS = 4


class PlainServer(Server):
    """The plain map as an app of its own."""

    def command(self) -> list[str]:
        """Streamlit on plain_map.py."""
        return [sys.executable, "-m", "streamlit", "run", "benchmarks/plain_map.py"]


def save(folder: Path, size: int, k: int) -> tuple[str, int]:
    """A scenario of this size in a new store; its id and its number of units."""
    project, plan = scenarios.scenario(size, k)
    store = Store(folder / "workbench.sqlite")
    scenario = store.create(project, plan, name="Benchmark")
    store.close()
    return scenario, plan.units.n


def measure(browser: Browser, folder: Path, scenario: str, edits: int) -> dict[str, float]:
    """Every figure of one instance, on a server of its own."""
    server = Server(folder).start()
    try:
        one = mapdrive.watch(browser, server)
        found = {"first paint, cold (s)": mapdrive.first_sight(one, f"/map?scenario={scenario}")}
        found |= mapdrive.clicks(one, server, edits)
        found |= mapdrive.strokes(one) | mapdrive.zooms(one)
        found |= mapdrive.heap_after(one, STROKES)
        found["foreign hosts"] = float(len(one.foreign))
        one.page.context.close()
        other = mapdrive.watch(browser, server)
        found["first paint, next visitor (s)"] = mapdrive.first_sight(
            other, f"/map?scenario={scenario}"
        )
        other.page.context.close()
    finally:
        server.stop()
    return found


def plain(browser: Browser, folder: Path, scenario: str) -> dict[str, float]:
    """The figures of the plain map on the same scenario."""
    server = PlainServer(folder).start()
    try:
        return mapdrive.plain_clicks(browser, server, scenario, PLAIN_EDITS)
    finally:
        server.stop()


def table(columns: list[tuple[str, int, dict[str, float], dict[str, float]]]) -> str:
    """Markdown: one row a figure; each instance beside its goal and, if measured, the plain map."""
    head, rule = ["", ""], ["", "---"]
    for title, _, _, old in columns:
        head += [title, "goal", *(["plain map"] if old else [])]
        rule += ["---:", "---:", *(["---:"] if old else [])]
    lines = [" | ".join(head).strip() + " |", "|".join(rule) + "|"]
    for name, goals in GOALS.items():
        cells = ["", name]
        for _, n, found, old in columns:
            goal = goals[next(i for i, most in enumerate(SIZES) if n <= most)]
            missed = goal is not None and found[name] > goal
            value = _number(found[name])
            cells += [f"**{value}**" if missed else value, "" if goal is None else _number(goal)]
            cells += [_number(old[name]) if name in old else ""] if old else []
        lines.append(" | ".join(cells).strip() + " |")
    return "\n".join(lines)


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:,.1f}"


def main() -> None:
    """Measure and print one table; what misses its goal is bold."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--sizes", default="282:12,1846:24,6000:60,33780:250")
    parser.add_argument("--edits", type=int, default=40)
    parser.add_argument("--no-plain", action="store_true")
    asked = parser.parse_args()
    path = find_browser()
    if path is None:
        sys.exit("No Chromium or Chrome found.")
    columns = []
    with sync_playwright() as playwright:
        for pair in asked.sizes.split(","):
            size, k = (int(part) for part in pair.split(":"))
            with tempfile.TemporaryDirectory() as name:
                folder = Path(name)
                scenario, n = save(folder, size, k)
                browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
                found = measure(browser, folder, scenario, asked.edits)
                old = {}
                if n <= PLAIN_LIMIT and not asked.no_plain:
                    old = plain(browser, folder, scenario)
                browser.close()
            columns.append((f"{n:,} units, {k} territories", n, found, old))
            print(columns[-1], file=sys.stderr)
    print(table(columns))


if __name__ == "__main__":
    main()
