"""Road times from the user's own server: asked for, looked at, taken over or forgotten."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import streamlit as st

from territory.intake.road_server import fetch_times, ways_to_ask
from territory.metrics import Case, formula_error, hours_of
from territory.model import Project, TravelTimes, Workspace
from territory.model.figures import share
from territory.optimize import Progress
from territory.ui import session
from territory.ui.progress_view import watch_job
from territory.ui.runs import Halted, Job, Tell
from territory.ui.text import plain

__all__ = ["road_times"]


@dataclass(eq=False)
class RoadJob(Job[TravelTimes]):
    """A server being asked."""


def road_times(here: Workspace) -> None:
    """What is known of the roads, and a button that asks the server of the settings."""
    known, server = here.project.travel_times, here.project.settings.travel.server
    if known is not None and len(known):
        st.write(_known(here.project))
        st.button(
            "Forget these times",
            key="forget-roads",
            icon=":material/delete:",
            help="The formula counts again.",
            on_click=lambda: session.act(lambda: _save(here, None)),
        )
    if not server or here.share:
        return
    job = here.roads
    if isinstance(job, RoadJob) and not job.finished:
        watch_job(job, "Asking the road server …", "stop-roads")
        return
    if st.button(
        "Ask the road server",
        key="ask-roads",
        icon=":material/alt_route:",
        help=f"Sends the points of homes and {here.project.settings.word('units')} to this address "
        "and nothing else; brings back driving times.",
    ):
        here.roads = _begin(here)
        st.rerun()
    if isinstance(job, RoadJob):
        _outcome(here, job)


def _known(project: Project) -> str:
    times, off = project.travel_times, formula_error(project)
    assert times is not None
    words = f"{len(times):,} travel times are in use."
    if off is not None:
        words += f" The formula would be off by {share(off.typical)} on them (median)."
    return words


def _begin(here: Workspace) -> RoadJob:
    """Ask in a thread for the ways from each home."""
    project, plan = here.project, here.plan
    homes = hours_of(Case(plan, project=project)).base

    def work(tell: Tell, halted: Halted) -> TravelTimes:
        ways = ways_to_ask(project.units, homes, plan.alignment.astype(np.int64))
        return fetch_times(
            project.units,
            ways,
            project.settings.travel,
            progress=lambda step, steps: tell(Progress(step, steps, "Asking the road server")),
            cancel=halted,
        )

    job = RoadJob()
    job.begin(work)
    return job


def _outcome(here: Workspace, job: RoadJob) -> None:
    if job.result is None:
        st.error(plain(job.fault), icon=":material/error:")
        return
    found = replace(here.project, travel_times=job.result)
    off = formula_error(found)
    st.success(plain(" ".join(job.result.frame.attrs.get("notes", ()))), icon=":material/check:")
    if off is not None:
        side = "longer" if off.bias > 0 else "shorter"
        st.write(
            f"On these {off.ways:,} ways the formula is {share(abs(off.bias))} {side} on the whole "
            f"and off by {share(off.typical)} (medians)."
        )
    st.button(
        "Use these times",
        type="primary",
        key="use-roads",
        on_click=lambda: session.act(lambda: _save(here, job.result)),
    )


def _save(here: Workspace, times: TravelTimes | None) -> None:
    here.roads = None
    session.save_project(replace(here.project, travel_times=times))
