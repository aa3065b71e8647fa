"""The pages, in the order of the work."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["PAGES", "PageEntry", "path_of"]


@dataclass(frozen=True)
class PageEntry:
    """One screen: file under the app's folder, title in the menu, icon, what it is for."""

    path: str
    title: str
    icon: str
    help: str
    default: bool = False


PAGES: tuple[PageEntry, ...] = (
    PageEntry(
        "pages/start.py", "Start", ":material/home:", "Where things stand and what is next.", True
    ),
    PageEntry(
        "pages/data.py", "Data", ":material/upload_file:", "Load a region, a team, an alignment."
    ),
    PageEntry("pages/map.py", "Map", ":material/map:", "See who owns what and redraw it."),
    PageEntry(
        "pages/table.py",
        "Table",
        ":material/table_rows:",
        "The map's work without a mouse: find, choose, assign.",
    ),
    PageEntry(
        "pages/balance.py", "Balance", ":material/balance:", "Let the engine even territories out."
    ),
    PageEntry(
        "pages/performance.py",
        "Performance",
        ":material/bar_chart:",
        "Potential, sales and workload per rep, before and after.",
    ),
    PageEntry(
        "pages/market.py",
        "Market",
        ":material/storefront:",
        "Where the potential is and how much of it is won.",
    ),
    PageEntry(
        "pages/scenarios.py",
        "Scenarios",
        ":material/difference:",
        "Keep, compare, discuss and approve plans.",
    ),
    PageEntry(
        "pages/advisor.py",
        "Advisor",
        ":material/lightbulb:",
        "What is not as it should be, and what would help.",
    ),
    PageEntry(
        "pages/handover.py", "Handover", ":material/download:", "Download the plan for others."
    ),
    PageEntry(
        "pages/settings.py", "Settings", ":material/settings:", "Words, kilometres or miles, store."
    ),
)


def path_of(title: str) -> str:
    """The file of a page, for links: ``st.page_link(path_of("Map"))``."""
    return next(p.path for p in PAGES if p.title == title)
