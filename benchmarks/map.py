"""How fast the map is in a real browser, beside the goals.

    python benchmarks/map.py [--edits 40] [--baseline]

Click → repaint is the time from the release of the button to the end of the frame that shows the
new colour: up to 16.7 ms of it are waiting for that frame, the click handler is our part of it.
Gesture → figures is the time until the panel beside the map has the server's numbers.
``--baseline`` measures the same click on a plain folium GeoJson map that is built anew each run.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

import psutil
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.browser.conftest import FLAGS, Server, Visit, find_browser  # noqa: E402

GOALS = {
    "first paint, cold (s)": "4",
    "click handler p95 (ms)": "",
    "click → repaint p50 (ms)": "",
    "click → repaint p95 (ms)": "16",
    "brush frame p95 (ms)": "20",
    "brush handler p95 (ms)": "2",
    "gesture → figures p50 (ms)": "200",
    "gesture → figures p95 (ms)": "400",
    "zoom redraw p50 (ms)": "50",
    "bytes down an edit": "10 000",
    "runs an edit": "1",
    "runs on pan and zoom": "0",
    "server CPU an edit (ms)": "150",
    "foreign hosts": "0",
    "heap grown by the edits (MB)": "",
}
TIMER = """() => {
    window.__click = [];
    window.__handler = [];
    const at = (name) => window.addEventListener(name, () => {
        const start = performance.now();
        window.addEventListener(name, () => window.__handler.push(performance.now() - start),
            { once: true });
        requestAnimationFrame(() => {
            const channel = new MessageChannel();
            channel.port1.onmessage = () => window.__click.push(performance.now() - start);
            channel.port2.postMessage(0);
        });
    }, true);
    at("pointerup");
}"""
FRAMES = """() => new Promise((done) => {
    const times = []; let last = performance.now();
    const tick = (now) => {
        times.push(now - last); last = now;
        window.__stop ? done(times.slice(1)) : requestAnimationFrame(tick);
    };
    window.__stop = false;
    requestAnimationFrame(tick);
})"""
CARD = "document.querySelector('.st-key-map-panel .active-card')"


def p(values: list[float], share: float) -> float:
    """A percentile, by the nearest rank."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, round(share * (len(ranked) - 1)))] if ranked else 0.0


def open_map(browser: Browser, server: Server) -> tuple[Visit, float]:
    """A visitor on the map, and how long the first sight took."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    one = Visit(context.new_page(), server.url)

    def only_ours(route) -> None:  # type: ignore[no-untyped-def]
        if urlsplit(route.request.url).hostname == "localhost":
            route.continue_()
        else:
            one.foreign.append(route.request.url)
            route.abort()

    context.route("**/*", only_ours)
    one.page.on("websocket", one.watch)
    start = time.perf_counter()
    one.map()
    return one, time.perf_counter() - start - 0.35  # settle() waits that long


def cpu(server: Server) -> float:
    """CPU seconds of the server so far."""
    assert server.process is not None
    used = psutil.Process(server.process.pid).cpu_times()
    return float(used.user + used.system)


def heap(one: Visit) -> float:
    """JavaScript heap in MB after a collection."""
    session = one.page.context.new_cdp_session(one.page)
    session.send("HeapProfiler.collectGarbage")
    used = session.send("Runtime.getHeapUsage")["usedSize"]
    session.detach()
    return float(used) / 1e6


def clicks(one: Visit, server: Server, edits: int) -> dict[str, float]:
    """Single clicks, each waited for."""
    frame = next(f for f in one.page.frames if "st_folium" in f.url)
    frame.evaluate(TIMER)
    one.click(one.clickable("owner >= 0 && owner !== active"))
    one.settle()
    frame.evaluate("window.__click.length = 0")
    before_heap, before_cpu, before_bytes = heap(one), cpu(server), one.received
    runs, figures = one.runs, []
    for _ in range(edits):
        unit = one.clickable("owner >= 0 && owner !== active")
        point = one.page.evaluate("id => territoryMap.pointOf(id)", unit)
        old = one.page.evaluate(f"{CARD}.innerText")
        one.page.mouse.move(point["x"], point["y"])
        one.page.wait_for_timeout(60)
        start = time.perf_counter()
        one.page.mouse.click(point["x"], point["y"])
        one.page.wait_for_function(f"old => {CARD}?.innerText !== old", arg=old, polling=4)
        figures.append(1e3 * (time.perf_counter() - start))
        one.settle()
    paint, handler = frame.evaluate("[window.__click, window.__handler.slice(1)]")
    return {
        "click handler p95 (ms)": p(handler, 0.95),
        "click → repaint p50 (ms)": p(paint, 0.5),
        "click → repaint p95 (ms)": p(paint, 0.95),
        "gesture → figures p50 (ms)": p(figures, 0.5),
        "gesture → figures p95 (ms)": p(figures, 0.95),
        "bytes down an edit": (one.received - before_bytes) / edits,
        "runs an edit": (one.runs - runs) / edits,
        "server CPU an edit (ms)": 1e3 * (cpu(server) - before_cpu) / edits,
        "heap grown by the edits (MB)": heap(one) - before_heap,
    }


def strokes(one: Visit) -> dict[str, float]:
    """Long strokes with the brush across the land."""
    frame = next(f for f in one.page.frames if "st_folium" in f.url)
    frame.evaluate("territoryMap.editor.stat.move.length = 0")
    one.page.keyboard.press("b")
    frames: list[float] = []
    for y in (380, 450, 520):
        frame.evaluate(f"() => {{ window.__frames = ({FRAMES})(); }}")
        one.page.mouse.move(380, y)
        one.page.mouse.down()
        one.page.mouse.move(700, y + 60, steps=90)
        one.page.mouse.up()
        frame.evaluate("window.__stop = true")
        frames += frame.evaluate("window.__frames")
        one.settle()
    one.page.keyboard.press("c")
    moves = frame.evaluate("territoryMap.editor.stat.move")
    return {"brush frame p95 (ms)": p(frames, 0.95), "brush handler p95 (ms)": p(moves, 0.95)}


def zooms(one: Visit) -> dict[str, float]:
    """Wheel in and out, and a drag."""
    frame = next(f for f in one.page.frames if "st_folium" in f.url)
    frame.evaluate("territoryMap.editor.renderer.stat.full.length = 0")
    runs = one.runs
    one.page.mouse.move(600, 450)
    for delta in (-300, -300, 300, -300, 300, 300):
        one.page.mouse.wheel(0, delta)
        one.page.wait_for_timeout(700)
    one.page.mouse.down()
    one.page.mouse.move(700, 500, steps=8)
    one.page.mouse.up()
    one.page.wait_for_timeout(500)
    full = frame.evaluate("territoryMap.editor.renderer.stat.full")
    return {
        "zoom redraw p50 (ms)": statistics.median(full),
        "runs on pan and zoom": float(one.runs - runs),
    }


PLAIN = """
import folium, json, sys
sys.path.insert(0, {root!r})
import streamlit as st
import streamlit.components.v1 as components
from streamlit_folium import st_folium
from territory.intake import load_sample
from territory.mapview.plugin import LEAFLET

components.declare_component("leaflet", path=str(LEAFLET))

class Offline(folium.Map):
    default_js = [("leaflet", "../app.leaflet/leaflet.js")]
    default_css = [("leaflet_css", "../app.leaflet/leaflet.css")]

load = st.cache_resource(load_sample)
project, plan = load()
if "owner" not in st.session_state:
    st.session_state.owner = plan.alignment.copy()
colours = plan.territories["colour"].tolist()
frame = project.units.geometry.to_frame("geometry")
frame["colour"] = [colours[t] for t in st.session_state.owner]
canvas = Offline(location=[44, -71], zoom_start=7, tiles=None)
folium.GeoJson(
    frame.to_json(),
    style_function=lambda f: {{"fillColor": f["properties"]["colour"], "weight": 0.5}},
).add_to(canvas)
out = st_folium(canvas, key="map", height=700, width=1000, returned_objects=["last_clicked"])
if out and out["last_clicked"] != st.session_state.get("last"):
    st.session_state.last = out["last_clicked"]
    import shapely
    where = shapely.Point(out["last_clicked"]["lng"], out["last_clicked"]["lat"])
    st.session_state.owner[project.units.geometry.contains(where).to_numpy()] = 0
    st.session_state.edits = st.session_state.get("edits", 0) + 1
    st.rerun()
st.markdown(f'<b id="edits">{{st.session_state.get("edits", 0)}}</b>', unsafe_allow_html=True)
"""


class PlainServer(Server):
    """The plain map as an app of its own."""

    def command(self) -> list[str]:
        """Streamlit on a script in the data folder."""
        path = self.data / "app.py"
        path.write_text(PLAIN.format(root=str(ROOT)), encoding="utf-8")
        return [sys.executable, "-m", "streamlit", "run", str(path)]


def baseline(browser: Browser, edits: int = 4) -> dict[str, float]:
    """A click on a folium GeoJson map that is rebuilt in every run."""
    with tempfile.TemporaryDirectory() as folder:
        server = PlainServer(Path(folder))
        server.start()
        one = Visit(browser.new_page(viewport={"width": 1440, "height": 900}), server.url)
        one.page.goto(server.url)
        one.page.frame_locator("iframe").locator("path.leaflet-interactive").first.wait_for()
        one.page.wait_for_timeout(3000)
        took, used = [], cpu(server)
        for k in range(edits):
            start = time.perf_counter()
            one.page.mouse.click(500 + 25 * k, 430)
            one.page.wait_for_function(
                "k => document.querySelector('#edits')?.innerText == k", arg=k + 1, timeout=90_000
            )
            took.append(1e3 * (time.perf_counter() - start))
            one.page.wait_for_timeout(2500)
        result = {
            "gesture → figures p50 (ms)": p(took, 0.5),
            "server CPU an edit (ms)": 1e3 * (cpu(server) - used) / edits,
        }
        server.stop()
        return result


def main() -> None:
    """Measure and print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--edits", type=int, default=40)
    parser.add_argument("--baseline", action="store_true")
    asked = parser.parse_args()
    path = find_browser()
    if path is None:
        sys.exit("No Chromium or Chrome found.")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        server = Server(Path(folder)).start()
        try:
            one, first = open_map(browser, server)
            found = {"first paint, cold (s)": first, **clicks(one, server, asked.edits)}
            found |= strokes(one) | zooms(one) | {"foreign hosts": float(len(one.foreign))}
            units = one.state()["n"]
        finally:
            server.stop()
        plain = baseline(browser) if asked.baseline else {}
        browser.close()
    head = f"{units:,} units"
    print(f"| | {head} | goal | plain st_folium |\n|---|---:|---:|---:|")
    for name, goal in GOALS.items():
        old = f"{plain[name]:,.0f}" if name in plain else ""
        print(f"| {name} | {found[name]:,.1f} | {goal} | {old} |")


if __name__ == "__main__":
    main()
