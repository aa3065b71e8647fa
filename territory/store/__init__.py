"""Saved work: every change is on disk before it is acknowledged."""

from territory.store.journal import Journal
from territory.store.scenarios import ScenarioInfo, Status
from territory.store.sqlite import default_path
from territory.store.store import Saved, Store
from territory.store.talk import About, ChangeRequest, Comment, Talk
from territory.store.timeline import Event

__all__ = [
    "About",
    "ChangeRequest",
    "Comment",
    "Event",
    "Journal",
    "Saved",
    "ScenarioInfo",
    "Status",
    "Store",
    "Talk",
    "default_path",
]
