"""Reading from the Data page: progress, cancel, and the report of what was read."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from territory.errors import InputError, Problem, TerritoryError
from territory.export.problem_rows import problem_list, problem_rows
from territory.intake import Files, Report
from territory.intake.child import Reading
from territory.intake.refresh import Difference, differences, named_anew
from territory.intake.source import Source
from territory.model import Project, Workspace, carried, measure, with_closed
from territory.ui import session
from territory.ui.intake_form import Draft, is_local
from territory.ui.navigation import path_of
from territory.ui.text import plain

__all__ = [
    "UPDATED",
    "Desk",
    "desk",
    "offer_refresh",
    "read",
    "show_notes",
    "show_pending",
    "show_report",
    "update",
]


UPDATED = ("accounts", "team", "sales", "travel_times")
"""Tables that can be read anew for the region that is open."""


NOTES = 3
"""Notes on the data that are shown at once."""


@dataclass
class Desk:
    """What the Data page keeps between two runs: the last report, and what waits for a yes."""

    report: Report | None = None
    sources: Mapping[str, Source] = field(default_factory=dict)
    pending: tuple[Project, Report, list[Difference]] | None = None


def desk() -> Desk:
    """This session's."""
    here = session.workspace()
    if here.intake is None:
        here.intake = Desk()
    return here.intake  # type: ignore[return-value]


def _wait(verb: str, arguments: Mapping[str, Any]) -> Any:
    """Read in a process apart and show how far it is. Another press on the page ends it."""
    started = time.monotonic()
    reading = Reading(verb, arguments)
    whole = st.empty()
    try:
        with whole.container(border=True, key="reading"):
            place = st.empty()
            st.button("Cancel", key="cancel-reading", help="Nothing changes.")
            while reading.running:
                spent = time.monotonic() - started
                place.markdown(f":material/hourglass: {reading.stage} … {spent:.0f} s")
                time.sleep(0.2)
        return reading.result()
    finally:
        # Cancel runs the page anew, which ends this run here.
        reading.stop()
        whole.empty()


def read(draft: Draft) -> None:
    """Read the files of the form and open them as a new scenario."""
    arguments = {
        "files": draft.files,
        "territories": draft.territories,
        "choices": draft.choices,
    }
    try:
        project, plan, report = _wait("read_project", arguments)
        kept = replace(project.settings, files=draft.paths)
        session.open_project(replace(project, settings=kept), plan, "First plan")
    except InputError as error:
        show_problems(error.problems, draft.sources)
    except TerritoryError as error:
        st.error(f"{plain(str(error))}  \nYour plan is unchanged.", icon=":material/error:")
    else:
        _told(report, draft.sources)
        st.rerun()


def _told(report: Report, sources: Mapping[str, Source]) -> None:
    """A line for the page that opens next, and the report for this one."""
    here = session.workspace()
    here.notify("info", f"Read {report.usable_rows:,} of {report.rows:,} areas.")
    if report.problems:
        rows = (
            "1 row has a problem"
            if len(report.problems) == 1
            else (f"{len(report.problems):,} rows have a problem")
        )
        here.notify("warning", f"{rows}; what was read is listed below.")
    desk().report, desk().sources = report, sources


def update(draft: Draft) -> None:
    """Read tables for the region that is loaded; ask before they are taken."""
    here = session.workspace()
    tables = {k: s for k, s in draft.sources.items() if k in UPDATED}
    try:
        project, report = _wait("update_project", {"project": here.project, **tables})
    except InputError as error:
        show_problems(error.problems, draft.sources)
        return
    desk().sources = draft.sources
    desk().pending = (project, report, differences(here.project, project))
    st.rerun()


def offer_refresh() -> None:
    """The files that the project remembers, and the button that reads them again."""
    here = session.workspace()
    files = here.project.settings.files
    if not files or not is_local():
        return
    names = ", ".join(Path(path).name for path in files.values())
    pressed = st.button(
        "Read the files again", key="refresh-files", icon=":material/sync:", help=plain(names)
    )
    if not pressed:
        return
    sources = {kind: Source(Path(path).name, path=Path(path)) for kind, path in files.items()}
    try:
        project, _, report = _wait("read_project", {"files": Files(**sources)})
    except InputError as error:
        show_problems(error.problems, sources)
        return
    units = with_closed(project.units, here.project.units.closed)
    project = replace(project, units=units, settings=here.project.settings)
    desk().sources = sources
    desk().pending = (project, report, differences(here.project, project))
    st.rerun()


def show_pending() -> None:
    """What would change, and the two ways to go on."""
    waiting = desk().pending
    if waiting is None:
        return
    project, report, found = waiting
    with st.container(border=True, key="pending-data"):
        some = [d for d in found if d.any]
        st.markdown("**What would change**" if some else "**Nothing has changed in these files**")
        st.dataframe(
            pd.DataFrame(
                [
                    {"Table": d.what, "New": d.new, "Changed": d.changed, "Gone": d.gone,
                     "Such as": ", ".join(d.examples)}
                    for d in found
                ]
            ),
            hide_index=True,
        )  # fmt: skip
        with st.container(horizontal=True):
            st.button(
                "Take over",
                key="take-over",
                type="primary",
                disabled=not some,
                on_click=lambda: session.act(lambda: _take_over(project, report)),
                help="Opens a scenario on the new data with today's alignment. The one that is "
                "open stays saved.",
            )
            st.button("Leave it", key="leave-it", on_click=_leave)


def _take_over(project: Project, report: Report) -> None:
    here, sources = session.workspace(), desk().sources
    plan = carried(
        here.plan, project.units, project.team, project.accounts, named_anew(here.project, project)
    )
    session.open_project(
        project.after(here.project, same_plan=_unchanged(here)),
        plan,
        f"{here.scenario_name or 'Plan'}, new data",
    )
    _told(report, sources)


def _unchanged(here: Workspace) -> bool:
    """Is the plan still the one that the last data was loaded for?"""
    return np.array_equal(here.plan.alignment, here.baseline.alignment)


def _leave() -> None:
    desk().pending = None


def show_problems(problems: Sequence[Problem], sources: Mapping[str, Source]) -> None:
    """Every fault at once; the plan that was open is untouched."""
    error = InputError(problems)
    st.error(f"{plain(str(error))}  \nYour plan is unchanged.", icon=":material/error:")
    if len(problems) > 1:
        st.dataframe(_table(problems), hide_index=True)
    _downloads(problems, sources)


def _table(problems: Sequence[Problem]) -> pd.DataFrame:
    frame = pd.DataFrame([p.as_dict() for p in problems[:1000]])
    return frame.rename(columns=str.capitalize)


def _downloads(problems: Sequence[Problem], sources: Mapping[str, Source]) -> None:
    """Each table with a problem column; boundaries as a list."""
    if not problems:
        return
    with st.container(horizontal=True):
        for kind, source in sources.items():
            if not any(p.file == source.name and p.row is not None for p in problems):
                continue
            listed = kind == "boundaries"
            st.download_button(
                f"{plain(source.name)}: rows with a problem",
                problem_list([p for p in problems if p.file == source.name])
                if listed
                else problem_rows(source, problems, source.name),
                file_name=f"problems-{kind}.csv",
                mime="text/csv",
                key=f"problems-{kind}",
                icon=":material/download:",
                on_click="ignore",
            )


def show_notes(notes: Sequence[str]) -> None:
    """What the reader should be told about the data: a few lines, the rest behind a word."""
    for note in notes[:NOTES]:
        st.caption(plain(note))
    if len(notes) > NOTES:
        with st.expander(f"{len(notes) - NOTES} more notes on these files"):
            st.markdown("\n".join(f"- {plain(note)}" for note in notes[NOTES:]))


def _go_on() -> None:
    """From what was read to the six questions or the map."""
    with st.container(horizontal=True, vertical_alignment="center"):
        asked = st.button(
            "Answer six questions",
            key="ask-next",
            type="primary",
            icon=":material/quiz:",
            help="What counts, how fair, who matters most; answered from the data already.",
        )
        st.page_link(path_of("Map"), label="See it on the map", icon=":material/arrow_forward:")
    if asked:
        session.workspace().asking = True
        st.switch_page(path_of("Start"))


def show_report() -> None:
    """What was repaired, what was refused, and where every total went."""
    report = desk().report
    if report is None:
        return
    st.subheader("What was read", anchor=False)
    _go_on()
    if report.repairs:
        st.caption("Repaired")
        st.dataframe(
            pd.DataFrame(
                [
                    {"File": r.file, "How often": r.count, "Repair": r.message,
                     "Column": r.column or "", "Such as": ", ".join(r.examples)}
                    for r in report.repairs
                ]
            ),
            hide_index=True,
        )  # fmt: skip
    if report.problems:
        st.caption("Not used as it is")
        st.dataframe(_table(report.problems), hide_index=True)
        _downloads(report.problems, desk().sources)
    odd = [t for t in report.totals if t.unmapped or t.refused]
    if odd:
        st.caption("Where the totals went")
        st.dataframe(
            pd.DataFrame(
                [
                    {"File": t.file, "Measure": measure(t.measure).label}
                    | {
                        name: f"{value:,.2f}".removesuffix(".00")
                        for name, value in (
                            ("In the file", t.before),
                            ("In areas", t.after),
                            ("Unmapped", t.unmapped),
                            ("Refused", t.refused),
                        )
                    }
                    for t in odd
                ]
            ),
            hide_index=True,
        )  # fmt: skip
    for offer in report.offers:
        st.info(plain(offer), icon=":material/swap_horiz:")
    for note in report.notes:
        if note not in session.workspace().project.notes:
            st.caption(plain(note))
