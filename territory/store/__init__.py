"""Saved work: every change is on disk before it is acknowledged."""

from territory.store.journal import Journal
from territory.store.sqlite import default_path
from territory.store.store import Saved, ScenarioInfo, Store

__all__ = ["Journal", "Saved", "ScenarioInfo", "Store", "default_path"]
