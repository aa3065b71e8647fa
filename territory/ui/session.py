"""The one thing of ours in ``st.session_state``: the workspace, and how a session gets it."""

from __future__ import annotations

import getpass
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Literal

import streamlit as st

from territory.errors import StoreError, TerritoryError
from territory.intake.sample import load_sample
from territory.model import Conflict, Plan, Project, Settings, Workspace
from territory.store import Saved, Store
from territory.ui.navigation import PAGES

__all__ = [
    "act",
    "begin",
    "open_project",
    "open_sample",
    "open_scenario",
    "refresh",
    "save_project",
    "save_settings",
    "step",
    "store",
    "workspace",
]

KEY = "workspace"
PARAMETER = "scenario"
SHARED = "share"
"""In the address instead of the scenario: a link that shows and can change nothing."""

TAKEN_BACK = "This link was taken back or is incomplete. Ask for a new one."
LOOKING = "You are looking at a plan that somebody shared with you: nothing can be changed here."

log = logging.getLogger(__name__)


@st.cache_resource(show_spinner=False)
def store() -> Store:
    """The store of this installation, shared by all sessions."""
    return Store()


@st.cache_resource(show_spinner=False)
def _sample() -> tuple[Project, Plan]:
    """The sample region; immutable, so every session may hold the same one."""
    return load_sample()


@st.cache_resource(show_spinner=False)
def _warm_engine() -> object:
    """Compile the engine in a process of its own, once a server, so that nobody waits for it."""
    from territory.optimize.warmup import is_warm, warm_in_subprocess

    return None if is_warm() else warm_in_subprocess()


def workspace() -> Workspace:
    """What this session works on. ``begin`` must have run."""
    if KEY not in st.session_state:
        _start_at_the_router()
    return st.session_state[KEY]


def _start_at_the_router() -> None:
    """Run app.py after all.

    When the first address that a fresh server is asked for is a page's own, Streamlit runs that
    file alone, because the folder is called pages. Its first ``st.navigation`` ends that habit.
    """
    st.navigation([st.Page(p.path, title=p.title, default=p.default) for p in PAGES])
    st.rerun()


def begin(page: str) -> None:
    """At the top of every run: the scenario of the address, else the last one, else the sample.

    ``page`` goes into the timeline with what is changed there.
    """
    _warm_engine()
    asked, token = st.query_params.get(PARAMETER), st.query_params.get(SHARED)
    here: Workspace | None = st.session_state.get(KEY)
    if token and (here is None or here.share != token):
        here = _shared(token)
    if here is None:
        with st.spinner("Opening your work …"):
            here = _first(asked)
    elif asked and asked != here.scenario_id and not here.share:
        here = _opened(asked) or here
    here.author, here.source = here.author or _who(), page
    st.session_state[KEY] = here
    refresh()
    # Going to another page clears the address, so it is written again on every run.
    if here.share:
        st.query_params[SHARED] = here.share
    elif st.query_params.get(PARAMETER) != here.scenario_id:
        st.query_params[PARAMETER] = here.scenario_id


def refresh() -> None:
    """Go on from what another window or person did to this scenario, if anybody did.

    Called before anything is changed, so that two windows on one scenario take turns instead of
    refusing each other.
    """
    here = workspace()
    if here.share and store().talk.shared(here.share) is None:
        raise StoreError(TAKEN_BACK)
    if store().rev(here.scenario_id) == here.rev:
        return
    fresh = store().open(here.scenario_id, looking=bool(here.share)).workspace()
    fresh.active, fresh.map = here.active_in(fresh.plan), here.map
    fresh.proposal, fresh.intake, fresh.asking = here.proposal, here.intake, here.asking
    fresh.advice, fresh.lesson = here.advice, here.lesson
    fresh.notices, fresh.filters = here.notices, here.filters
    fresh.author, fresh.source, fresh.compared = here.author, here.source, here.compared
    if here.share:
        fresh.share, fresh.read_only, fresh.journal = here.share, here.read_only, None
    fresh.notify("info", "Brought up to date: this scenario was changed in another window.")
    st.session_state[KEY] = fresh


def _who() -> str:
    """Who works here: the person who logged in, else the user of this computer."""
    name = st.user.get("name") or st.user.get("email")
    if name:
        return str(name)
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a server's account may have no name
        return ""


def _shared(token: str) -> Workspace:
    """The scenario that a read-only link shows.

    Raises
    ------
    StoreError
        If the link leads nowhere (any more).
    """
    scenario_id = store().talk.shared(token)
    if scenario_id is None:
        raise StoreError(TAKEN_BACK)
    here = store().open(scenario_id, looking=True).workspace()
    here.share, here.read_only, here.journal = token, LOOKING, None
    return here


def _first(asked: str | None) -> Workspace:
    """The workspace of a new session."""
    last = store().scenarios.last_id()
    wanted = [s for s in (asked, last) if s]
    trouble = ""
    for scenario_id in dict.fromkeys(wanted):
        try:
            return _from_saved(store().open(scenario_id), trouble)
        except TerritoryError as error:
            log.warning("Scenario could not be opened: %s", error)
            trouble = str(error)
    fresh = _new(*_sample(), name="Current alignment")
    if trouble:
        fresh.notify("warning", f"{trouble} The sample is open instead.")
    return fresh


def _opened(scenario_id: str) -> Workspace | None:
    """Another scenario for this session; None, with a notice, where it can't be had."""
    try:
        return _from_saved(store().open(scenario_id))
    except TerritoryError as error:
        workspace().notify("warning", str(error))
        return None


def _from_saved(saved: Saved, trouble: str = "") -> Workspace:
    """A workspace from the store, with the banner that says from when it is."""
    here = saved.workspace()
    if saved.changes:
        count = "1 change" if saved.changes == 1 else f"{saved.changes} changes"
        here.recovered = f"Recovered your work, saved {_when(saved.saved_at)}: {count} so far."
    if trouble:
        here.notify("warning", f"{trouble} Your last scenario is open instead.")
    return here


def _when(moment: datetime | None) -> str:
    """ "at 14:02", or with the date when it was not today."""
    if moment is None:
        return "earlier"
    local = moment.astimezone()
    today = local.date() == datetime.now().astimezone().date()
    return local.strftime("at %H:%M" if today else "on %d %b %Y at %H:%M")


def _new(project: Project, plan: Plan, name: str) -> Workspace:
    """A new scenario in the store, open."""
    return store().open(store().create(project, plan, name=name)).workspace()


def _switch(here: Workspace) -> None:
    old: Workspace | None = st.session_state.get(KEY)
    here.author = old.author if old is not None else _who()
    here.compared = old.compared if old is not None else ()
    here.filters = old.filters if old is not None else here.filters
    st.session_state[KEY] = here
    if SHARED in st.query_params:
        del st.query_params[SHARED]
    st.query_params[PARAMETER] = here.scenario_id


def _refuse_visitors() -> None:
    """Who came by a read-only link makes nothing, and reaches nothing but what it shows."""
    here: Workspace | None = st.session_state.get(KEY)
    if here is not None and here.share:
        raise StoreError(here.read_only)


def open_project(project: Project, plan: Plan, name: str) -> None:
    """Start a scenario on other data; the one that was open stays saved."""
    _refuse_visitors()
    _switch(_new(project, plan, name))


def open_sample() -> None:
    """Start again on the sample; the scenario that was open stays saved."""
    _refuse_visitors()
    project, plan = _sample()
    _switch(_new(project, plan, "Current alignment"))


def open_scenario(scenario_id: str) -> None:
    """Open a saved scenario; a notice says why when it can't be had."""
    _refuse_visitors()
    here = _opened(scenario_id)
    if here is not None:
        _switch(here)


def save_project(project: Project) -> None:
    """Other data for this project, with the same units; all its scenarios go on with it."""
    here = workspace()
    _refuse_visitors()
    store().save_project(here.scenario_id, project, here.project.settings)
    open_scenario(here.scenario_id)


def save_settings(settings: Settings) -> None:
    """Change how this project is shown, and keep it."""
    here = workspace()
    _refuse_visitors()
    now = store().save_settings(here.scenario_id, settings, here.project.settings)
    here.project = replace(here.project, settings=now)


def act(do: Callable[[], None]) -> None:
    """Run a change from a widget callback; a fault becomes a notice, never a traceback.

    What somebody else changed a moment ago stays, unless the change concerns the same units: then
    both versions are shown, and one press takes the other.
    """
    seen = workspace()
    try:
        refresh()
        here = workspace()
        theirs = here.plan
        do()
        if here is not seen and here is workspace():
            here.conflict = Conflict.between(seen.plan, theirs, here.plan) or here.conflict
    except TerritoryError as error:
        # It may quote a user's names, and notices are Markdown.
        workspace().notify("error", str(error))


def step(kind: Literal["undo", "redo"]) -> None:
    """Undo or redo what is on screen; what came from another window meanwhile is shown first."""
    seen = workspace()

    def do() -> None:
        here = workspace()
        if here is seen:
            here.undo() if kind == "undo" else here.redo()
        else:
            here.notify("warning", f"Look at what changed before you {kind}; then press it again.")

    act(do)
