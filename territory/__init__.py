"""Sales territory design: read, redraw, balance, measure and hand over.

Everything named here loads on first use, so that ``import territory`` stays cheap::

    import territory as t

    units = t.read_units("zips.gpkg", id_column="zip")
    plan = t.propose(units, territories=24, measures={"potential": 1.0}, seed=1).plan
    t.scorecard(plan)
    t.export.workbook(plan, "plan.xlsx")
"""

from __future__ import annotations

import importlib
from typing import Any

__version__ = "0.1.0"

_HOME = {
    "Accounts": "territory.model",
    "Graph": "territory.model",
    "InputError": "territory.errors",
    "Locks": "territory.model",
    "Limit": "territory.model",
    "METRICS": "territory.metrics",
    "Plan": "territory.model",
    "PlanError": "territory.errors",
    "Project": "territory.model",
    "Proposal": "territory.optimize",
    "Rules": "territory.model",
    "Team": "territory.model",
    "TerritoryError": "territory.errors",
    "Units": "territory.model",
    "load_sample": "territory.intake",
    "propose": "territory.optimize",
    "read_accounts": "territory.intake",
    "read_alignment": "territory.intake",
    "read_team": "territory.intake",
    "read_units": "territory.intake",
    "scorecard": "territory.metrics",
}
_MODULES = ("export", "metrics", "model")

__all__ = [*sorted(_HOME), *_MODULES]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(importlib.import_module(_HOME[name]), name)
    if name in _MODULES:
        return importlib.import_module(f"territory.{name}")
    raise AttributeError(f"module 'territory' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
