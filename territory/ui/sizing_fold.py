"""How many reps the work wants, and what each number costs; folded away."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import streamlit as st

from territory.model import Settings, Workspace
from territory.model.figures import distance, share
from territory.optimize import Progress
from territory.ui import session
from territory.ui.charts import blank, palette
from territory.ui.progress_view import watch_job
from territory.ui.runs import Job
from territory.ui.study import Study, study_of
from territory.ui.text import plain

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from territory.optimize.headcount import Sizing

__all__ = ["sizing_chart", "sizing_fold"]

WORKLOAD = "workload_hours"
HOURS = 1600.0
"""Hours a year of one rep where the team's are not known."""


def sizing_fold(here: Workspace, study: Study) -> None:
    """A button that tries numbers of territories, the advice and the curve."""
    settings, units = here.project.settings, here.project.units
    title = f"How many {plain(settings.word('reps'))} does the work want?"
    with st.expander(title, icon=":material/groups:", key="headcount"):
        if WORKLOAD not in units.measure_names:
            st.caption(
                f"Your data has no {WORKLOAD}: hours a year for each {plain(settings.word('unit'))}"
                " would answer this."
            )
            return
        job = study.sizing
        if job is not None and not job.finished:
            watch_job(job, "Trying numbers of territories …", "cancel-sizing")
            return
        if job is not None and job.fault:
            st.error(plain(job.fault))
        elif job is not None and job.result is not None:
            st.markdown(f"**{plain(job.result.text())}**")
            st.plotly_chart(
                sizing_chart(job.result, settings),
                width="stretch",
                key="sizing",
                config={"displayModeBar": False},
                alt="How busy reps are, by their number",
            )
        st.caption("The engine draws a quick plan for each number and counts hours and ways.")
        st.button(
            "Try other numbers" if job is None else "Try again",
            key="run-sizing",
            icon=":material/search:",
            disabled=study.running,
            on_click=lambda: session.act(_begin),
        )


def _begin() -> None:
    here = session.workspace()
    project, now = here.project, here.plan.k
    team = project.team
    known = team is not None and bool(team.frame["capacity_hours"].notna().any())

    def work(tell: Callable[[Progress], None], halted: Callable[[], bool]) -> Sizing:
        from territory.optimize import sizing

        return sizing(
            project.units,
            capacity=None if known else HOURS,
            team=team,
            accounts=project.accounts,
            now=now,
            seed=project.settings.seed,
            progress=tell,
            cancel=halted,
        )

    study_of(here).sizing = Job[Any]().begin(work)


def sizing_chart(found: Sizing, settings: Settings) -> go.Figure:
    """How busy reps are, on average and the busiest, by their number."""
    ink = palette()
    figure = blank("Hours against capacity, by number of territories", 300)
    x = [p.territories for p in found.points]
    hover = [
        f"{p.territories} territories: {share(p.utilisation)} used on average, the busiest "
        f"{share(p.busiest)}, radius {distance(p.radius_km, settings)}"
        for p in found.points
    ]
    rows = (("on average", "utilisation", ink["after"]), ("the busiest", "busiest", ink["over"]))
    for name, value, tint in rows:
        figure.add_scatter(
            x=x,
            y=[getattr(p, value) for p in found.points],
            mode="lines+markers",
            name=name,
            line={"color": tint, "width": 2.5},
            customdata=hover,
            hovertemplate="%{customdata}<extra></extra>",
        )
    figure.add_hline(1.0, line_color=ink["text"], line_width=1, line_dash="dot")
    if found.now is not None:
        figure.add_vline(found.now, line_color=ink["fine"], line_width=1.5)
        figure.add_annotation(
            x=found.now, y=0, yref="paper", text="today", showarrow=False, xanchor="left", xshift=4
        )
    figure.update_yaxes(tickformat=".0%", rangemode="tozero")
    return figure
