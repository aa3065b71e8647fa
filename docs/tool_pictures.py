"""What is done on the map before each tool's picture is taken, on the sample."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Frame, Locator, Page

__all__ = ["TOOLS", "shoot_tools"]

SIZE = (1180, 700)
CITY = "01609"  # in the middle of Massachusetts


def at(page: Page, unit: str) -> tuple[float, float]:
    """A point inside a unit."""
    point = page.evaluate("id => territoryMap.pointOf(id)", unit)
    return point["x"], point["y"]


def press_and_drag(page: Page, way: list[tuple[float, float]]) -> None:
    """Hold the button along some points; it stays down."""
    x, y = at(page, CITY)
    page.mouse.move(x, y)
    page.mouse.down()
    for dx, dy in way:
        page.mouse.move(x + dx, y + dy, steps=8)


def click(page: Page, _frame: Frame) -> None:
    """A unit just given away, the pointer on the next one."""
    page.mouse.click(*at(page, CITY))
    page.mouse.move(*at(page, "01520"))


def brush(page: Page, _frame: Frame) -> None:
    """A stroke under way with its figures."""
    page.keyboard.press("b")
    page.keyboard.press("]")
    press_and_drag(page, [(40, -25), (90, -20)])


def lasso(page: Page, _frame: Frame) -> None:
    """A free shape under way."""
    page.keyboard.press("l")
    press_and_drag(page, [(60, -60), (130, -30), (140, 40), (60, 70), (10, 30)])


def select(page: Page, _frame: Frame) -> None:
    """A box's units and what giving them away would do."""
    page.keyboard.press("v")
    page.keyboard.down("Shift")
    press_and_drag(page, [(110, 90)])
    page.mouse.up()
    page.keyboard.up("Shift")


def group(page: Page, _frame: Frame) -> None:
    """The county under the pointer."""
    page.keyboard.press("g")
    page.mouse.move(*at(page, CITY))


def drag(page: Page, frame: Frame) -> None:
    """A selection on its way to another territory."""
    select(page, frame)
    page.keyboard.press("d")
    press_and_drag(page, [(30, 80), (60, 190)])


def erase(page: Page, _frame: Frame) -> None:
    """A stroke that leaves units to nobody."""
    page.keyboard.press("e")
    press_and_drag(page, [(50, 20), (80, -30)])


def find(page: Page, _frame: Frame) -> None:
    """What a word finds."""
    page.keyboard.press("/")
    page.wait_for_timeout(300)
    page.keyboard.type("Worcester", delay=20)


def locks(page: Page, frame: Frame) -> None:
    """A locked territory, hatched."""
    select(page, frame)
    frame.get_by_role("button", name="Lock", exact=True).first.click()


def colours(page: Page, frame: Frame) -> None:
    """Potential as colour, homes of reps."""
    frame.get_by_role("button", name="What the map shows").click()
    frame.get_by_label("Colour by").select_option("is:potential")
    frame.get_by_role("button", name="Homes of reps").click()


def hints(page: Page, frame: Frame) -> None:
    """What the best next move would do."""
    frame.locator(".tw-hint-marks button").first.hover()


TOOLS: dict[str, Callable[[Page, Frame], None]] = {
    act.__name__: act
    for act in (click, brush, lasso, select, group, drag, erase, find, locks, colours, hints)
}


def open_map(page: Page) -> Frame:
    """The map as it opens, nearer to the city."""
    page.get_by_role("link", name="Settings").first.click()
    page.wait_for_function("!window.territoryMap")
    page.evaluate("sessionStorage.clear()")  # what was chosen for the last picture
    page.get_by_role("link", name="Map", exact=True).first.click()
    page.wait_for_function("window.territoryMap && territoryMap.state().rev >= 0")
    page.wait_for_timeout(2000)
    frame = next(f for f in page.frames if "st_folium" in f.url)
    frame.evaluate(f"territoryMap.editor.view.zoomTo([territoryMap.ids.indexOf('{CITY}')])")
    frame.evaluate("territoryMap.editor.map.setZoom(9.25, {animate: false})")
    page.wait_for_timeout(600)
    return frame


def shoot_tools(page: Page, address: str, save: Callable[[Locator, str], None]) -> None:
    """One picture a tool; ``save`` takes the map and the picture's name."""
    page.set_viewport_size({"width": SIZE[0], "height": SIZE[1]})
    page.goto(f"{address}/map")
    page.wait_for_function("window.territoryMap && territoryMap.state().rev >= 0")
    for name, act in TOOLS.items():
        frame = open_map(page)
        act(page, frame)
        page.wait_for_timeout(800)
        save(page.locator("iframe").first, f"tool-{name}")
        page.keyboard.press("Escape")
        page.mouse.up()
        if page.evaluate("territoryMap.state().rev % 2"):
            page.keyboard.press("Control+z")  # each picture starts from the sample as it is
        page.wait_for_timeout(800)
