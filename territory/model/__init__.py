"""What a plan is. Immutable, no input or output; only Workspace changes."""

from territory.model.conflict import Conflict
from territory.model.graph import (
    Graph,
    components,
    noncontiguous,
    pieces,
    stray,
    would_orphan,
)
from territory.model.history import Entry, History
from territory.model.locks import Locks
from territory.model.measures import Measure, measure
from territory.model.named import account_reps, lock_accounts, named_offset, unlock_accounts
from territory.model.people import Accounts, Sales, Team
from territory.model.plan import UNASSIGNED, Plan
from territory.model.project import DEFAULT_WORDS, Project, Settings
from territory.model.units import Units, in_metres, metric_crs
from territory.model.workspace import Change, Workspace

__all__ = [
    "DEFAULT_WORDS",
    "UNASSIGNED",
    "Accounts",
    "Change",
    "Conflict",
    "Entry",
    "Graph",
    "History",
    "Locks",
    "Measure",
    "Plan",
    "Project",
    "Sales",
    "Settings",
    "Team",
    "Units",
    "Workspace",
    "account_reps",
    "components",
    "in_metres",
    "lock_accounts",
    "measure",
    "metric_crs",
    "named_offset",
    "noncontiguous",
    "pieces",
    "stray",
    "unlock_accounts",
    "would_orphan",
]
