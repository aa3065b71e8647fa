"""What benchmarks/map.py does in the browser, and the clocks it reads there."""

from __future__ import annotations

import statistics
import time

import psutil
from playwright.sync_api import Browser

from tests.browser.conftest import Server, Visit

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
STROKES = """async (count) => {
    const { editor } = territoryMap;
    const { linkOf, link, n } = editor.region;
    for (let j = 0; j < count; j++) {
        const unit = (37 * j) % n;
        const near = [unit, ...link.slice(linkOf[unit], linkOf[unit + 1])];
        editor.give("brush", near, j % editor.sync.look.territories.length);
        while (editor.sync.pending.length) await new Promise((done) => setTimeout(done, 20));
    }
}"""
PATH_POINT = """(share) => {
    const paths = [...document.querySelectorAll("path.leaflet-interactive")];
    for (const path of paths.slice(Math.floor(share * paths.length))) {
        const box = path.getBoundingClientRect();
        const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
        if (box.width > 6 && document.elementFromPoint(x, y) === path) return { x, y };
    }
}"""
CARD = "document.querySelector('.st-key-map-panel .active-card')"
OTHERS = "owner >= 0 && owner !== active"
READY = "window.territoryMap && window.territoryMap.state().rev >= 0"


def p(values: list[float], share: float) -> float:
    """A percentile, by the nearest rank."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, round(share * (len(ranked) - 1)))] if ranked else 0.0


def watch(browser: Browser, server: Server) -> Visit:
    """A visitor whose bytes and attempts to reach another host are counted."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    one = Visit(context.new_page(), server.url)
    context.on("request", lambda request: one.allowed(request.url))
    one.page.on("websocket", one.watch)
    return one


def first_sight(one: Visit, path: str) -> float:
    """Seconds until the map shows the plan."""
    start = time.perf_counter()
    one.goto(path)
    one.page.wait_for_function(READY, timeout=120_000, polling=20)
    took = time.perf_counter() - start
    one.settle()
    return took


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
    one.frame.evaluate(TIMER)
    for _ in range(3):
        one.click(one.clickable(OTHERS))
        one.settle()
    one.frame.evaluate("window.__click.length = window.__handler.length = 0")
    before_cpu, before_bytes = cpu(server), one.received
    runs, figures = one.runs, []
    for _ in range(edits):
        unit = one.clickable(OTHERS)
        point = one.page.evaluate("id => territoryMap.pointOf(id)", unit)
        old = one.page.evaluate(f"{CARD}.innerText")
        one.page.mouse.move(point["x"], point["y"])
        one.page.wait_for_timeout(60)
        start = time.perf_counter()
        one.page.mouse.click(point["x"], point["y"])
        one.page.wait_for_function(f"old => {CARD}?.innerText !== old", arg=old, polling=4)
        figures.append(1e3 * (time.perf_counter() - start))
        one.settle()
    paint, handler = one.frame.evaluate("[window.__click, window.__handler]")
    return {
        "click handler p95 (ms)": p(handler, 0.95),
        "click → repaint p50 (ms)": p(paint, 0.5),
        "click → repaint p95 (ms)": p(paint, 0.95),
        "gesture → figures p50 (ms)": p(figures, 0.5),
        "gesture → figures p95 (ms)": p(figures, 0.95),
        "bytes down an edit": (one.received - before_bytes) / edits,
        "runs an edit": (one.runs - runs) / edits,
        "server CPU an edit (ms)": 1e3 * (cpu(server) - before_cpu) / edits,
    }


def strokes(one: Visit) -> dict[str, float]:
    """Long strokes with the brush across the land."""
    one.frame.evaluate("territoryMap.editor.stat.move.length = 0")
    one.page.keyboard.press("b")
    frames: list[float] = []
    for y in (380, 450, 520):
        one.frame.evaluate(f"() => {{ window.__frames = ({FRAMES})(); }}")
        one.page.mouse.move(380, y)
        one.page.mouse.down()
        one.page.mouse.move(700, y + 60, steps=90)
        one.page.mouse.up()
        one.frame.evaluate("window.__stop = true")
        frames += one.frame.evaluate("window.__frames")
        one.settle()
    one.page.keyboard.press("c")
    moves = one.frame.evaluate("territoryMap.editor.stat.move")
    return {"brush frame p95 (ms)": p(frames, 0.95), "brush handler p95 (ms)": p(moves, 0.95)}


def heap_after(one: Visit, edits: int) -> dict[str, float]:
    """What many strokes leave behind in the browser, each of them answered."""
    one.frame.evaluate(STROKES, 20)
    one.settle()
    before = heap(one)
    one.frame.evaluate(STROKES, edits)
    one.settle()
    return {"heap grown by 200 strokes (MB)": heap(one) - before}


def zooms(one: Visit) -> dict[str, float]:
    """Wheel in and out, and a drag."""
    one.frame.evaluate("territoryMap.editor.renderer.stat.full.length = 0")
    runs = one.runs
    one.page.mouse.move(600, 450)
    for delta in (-300, -300, 300, -300, 300, 300):
        one.page.mouse.wheel(0, delta)
        one.page.wait_for_timeout(700)
    one.page.mouse.down()
    one.page.mouse.move(700, 500, steps=8)
    one.page.mouse.up()
    one.page.wait_for_timeout(500)
    full = one.frame.evaluate("territoryMap.editor.renderer.stat.full")
    return {
        "zoom redraw p50 (ms)": statistics.median(full),
        "zoom redraw, longest (ms)": max(full),
        "runs on pan and zoom": float(one.runs - runs),
    }


def plain_clicks(browser: Browser, server: Server, scenario: str, edits: int) -> dict[str, float]:
    """The same click on a folium GeoJson map."""
    one = watch(browser, server)
    start = time.perf_counter()
    one.goto(f"/?scenario={scenario}")
    one.page.frame_locator("iframe").locator("path.leaflet-interactive").first.wait_for(
        timeout=120_000
    )
    first = time.perf_counter() - start
    one.page.wait_for_timeout(4000)
    took, used, received = [], cpu(server), one.received
    for k in range(edits):
        box = one.page.locator("iframe").bounding_box()
        point = one.page.frames[-1].evaluate(PATH_POINT, 0.5 + 0.05 * k)
        assert box is not None
        start = time.perf_counter()
        one.page.mouse.click(box["x"] + point["x"], box["y"] + point["y"])
        one.page.wait_for_function(
            "k => document.querySelector('#edits')?.innerText == k", arg=k + 1, timeout=90_000
        )
        took.append(1e3 * (time.perf_counter() - start))
        one.page.wait_for_timeout(3000)
    one.page.context.close()
    return {
        "first paint, cold (s)": first,
        "gesture → figures p50 (ms)": p(took, 0.5),
        "gesture → figures p95 (ms)": p(took, 0.95),
        "bytes down an edit": (one.received - received) / edits,
        "server CPU an edit (ms)": 1e3 * (cpu(server) - used) / edits,
    }
