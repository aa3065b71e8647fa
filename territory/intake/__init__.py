"""Files → model. Reports every problem at once, with file, row, column and remedy.

Names load on first use, so that reading a table does not import GDAL.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from territory.intake.accounts import read_accounts
    from territory.intake.check import inspect
    from territory.intake.pairs import read_barriers, read_excluded
    from territory.intake.plans import read_alignment, read_locks
    from territory.intake.project import Files, read_project
    from territory.intake.report import Repair, Report
    from territory.intake.sales import read_sales
    from territory.intake.sample import load_sample
    from territory.intake.tables import read_table
    from territory.intake.team import read_team
    from territory.intake.travel_times import read_travel_times
    from territory.intake.units import read_units, read_units_report
    from territory.intake.validate import validate_measures

_HOME = {
    "Files": "project",
    "Repair": "report",
    "Report": "report",
    "inspect": "check",
    "load_sample": "sample",
    "read_accounts": "accounts",
    "read_alignment": "plans",
    "read_barriers": "pairs",
    "read_excluded": "pairs",
    "read_locks": "plans",
    "read_project": "project",
    "read_sales": "sales",
    "read_table": "tables",
    "read_team": "team",
    "read_travel_times": "travel_times",
    "read_units": "units",
    "read_units_report": "units",
    "validate_measures": "validate",
}

__all__ = [
    "Files",
    "Repair",
    "Report",
    "inspect",
    "load_sample",
    "read_accounts",
    "read_alignment",
    "read_barriers",
    "read_excluded",
    "read_locks",
    "read_project",
    "read_sales",
    "read_table",
    "read_team",
    "read_travel_times",
    "read_units",
    "read_units_report",
    "validate_measures",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'territory.intake' has no attribute {name!r}")
    return getattr(importlib.import_module(f"territory.intake.{_HOME[name]}"), name)
