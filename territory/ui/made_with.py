"""How the plan on screen was made by the engine, and the way to make it again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from territory.model import Plan, Workspace, measure
from territory.optimize.record import RunRecord, made_from
from territory.ui import session
from territory.ui.proposals import repeat
from territory.ui.study import study_of
from territory.ui.text import plain
from territory.ui.wishes import STARTS

__all__ = ["last_record", "made_with", "record_in_words"]


def made_with(here: Workspace) -> None:
    """Folded away: the record of the engine's last run that this plan goes back to."""
    found = last_record(here)
    if found is None:
        return
    record, label, later = found
    with st.expander("How this plan was made", icon=":material/history_edu:", key="made-with"):
        since = "" if not later else f" {later} {'change' if later == 1 else 'changes'} since."
        st.markdown(f"**{plain(label)}.** {record_in_words(record)}{since}")
        versions = record.other_versions()
        if versions:
            named = ", ".join(f"{k} {then} → {now}" for k, (then, now) in versions.items())
            st.caption(f"Made with other versions, so details may differ: {plain(named)}.")
        st.button(
            "Make it again",
            key="make-again",
            icon=":material/replay:",
            disabled=study_of(here).running or before_of(here, record) is None,
            help="Runs the engine with the same data, settings and seed.",
            on_click=lambda: session.act(lambda: _again(record)),
        )


def last_record(here: Workspace) -> tuple[RunRecord, str, int] | None:
    """Record and label of the last run in the present plan's past, and how many changes since."""
    labels = [entry.label for entry in (*here.history.past, here.history.present)]
    events = session.store().timeline.of(here.scenario_id)
    for event in events:
        if event.run is not None and event.label in labels:
            later = labels[::-1].index(event.label)
            return RunRecord.from_json(event.run), event.label, later
    return None


def record_in_words(record: RunRecord) -> str:
    """ "Potential ±5 %, from the present plan, seed 1, 0.7 s, engine 0.1.0.", in Markdown."""
    asked: Mapping[str, Any] = record.parameters
    named = [plain(measure(name).label) for name in asked.get("measures") or {}]
    start = "current" if record.inputs.get("current") else str(asked.get("start") or "balanced")
    parts = [f"Made with {' and '.join(named)}", f"from {STARTS[start][0].lower()}"]
    if asked.get("max_disruption") is not None:
        parts.append(f"at most {100 * asked['max_disruption']:.0f} % changing hands")
    parts.append(f"seed {record.seed}")
    parts.append(f"in {record.seconds:.1f} s with version {plain(record.versions['territory'])}")
    return f"{', '.join(parts)}."


def before_of(here: Workspace, record: RunRecord) -> Plan | None:
    """The plan that the run began with, as far as undo reaches; any plan for a clean sheet."""
    wanted = record.inputs.get("current")
    if wanted is None:
        return here.plan
    plans = [here.plan, *(entry.plan for entry in reversed(here.history.past))]
    for plan in plans:
        if made_from(plan.units, None, plan, None)["current"] == wanted:
            return plan
    return None


def _again(record: RunRecord) -> None:
    """Run it again; the result is shown beside the present plan."""
    here = session.workspace()
    before = before_of(here, record)
    if before is not None:
        study = study_of(here)
        study.show(repeat(here, study.wish, record, before))
