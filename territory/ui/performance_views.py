"""The views of the Performance page, one line each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from territory.model import Workspace
from territory.ui.even_view import even_view
from territory.ui.quotas_view import quotas_view
from territory.ui.results_view import results_view
from territory.ui.seasons_view import seasons_view
from territory.ui.visits_view import visits_view
from territory.ui.workload_view import workload_view

__all__ = ["VIEWS", "View"]


@dataclass(frozen=True)
class View:
    """One view: its name in keys and addresses, what the button says, and what draws it."""

    name: str
    label: str
    icon: str
    draw: Callable[[Workspace], None]


VIEWS: tuple[View, ...] = (
    View("results", "Results", ":material/monitoring:", results_view),
    View("even", "How even", ":material/balance:", even_view),
    View("workload", "Workload", ":material/schedule:", workload_view),
    View("visits", "Visits", ":material/route:", visits_view),
    View("quotas", "Quotas", ":material/flag:", quotas_view),
    View("seasons", "Seasons", ":material/calendar_month:", seasons_view),
)
"""In the order of the buttons. Each is drawn only while it is chosen."""
