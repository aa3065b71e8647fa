"""What a plan is. Immutable, no input or output; only Workspace changes."""

from territory.model.assumptions import Advice, Market, QuotaPolicy, Travel
from territory.model.carry import carried
from territory.model.conflict import Conflict
from territory.model.ferries import Ferry, close_ferry, ferries, open_ferry, with_closed
from territory.model.filters import Filters
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
from territory.model.named import (
    account_positions,
    account_reps,
    lock_accounts,
    named_offset,
    named_shift,
    unlock_accounts,
)
from territory.model.people import Accounts, Earlier, Sales, Team, TravelTimes
from territory.model.plan import UNASSIGNED, Plan
from territory.model.project import Project
from territory.model.rules import Limit, Rules, families, grouped, open_graph
from territory.model.settings import DEFAULT_WORDS, Settings, fits
from territory.model.units import Units, in_metres, metric_crs
from territory.model.workspace import Change, Workspace

__all__ = [
    "DEFAULT_WORDS",
    "UNASSIGNED",
    "Accounts",
    "Advice",
    "Change",
    "Conflict",
    "Earlier",
    "Entry",
    "Ferry",
    "Filters",
    "Graph",
    "History",
    "Limit",
    "Locks",
    "Market",
    "Measure",
    "Plan",
    "Project",
    "QuotaPolicy",
    "Rules",
    "Sales",
    "Settings",
    "Team",
    "Travel",
    "TravelTimes",
    "Units",
    "Workspace",
    "account_positions",
    "account_reps",
    "carried",
    "close_ferry",
    "components",
    "families",
    "ferries",
    "fits",
    "grouped",
    "in_metres",
    "lock_accounts",
    "measure",
    "metric_crs",
    "named_offset",
    "named_shift",
    "noncontiguous",
    "open_ferry",
    "open_graph",
    "pieces",
    "stray",
    "unlock_accounts",
    "with_closed",
    "would_orphan",
]
