"""What if: a shock on demand or team, the plan under it, and the smallest repair beside it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from territory.advise.questions import kinds_of
from territory.metrics import HEADLINES, overview
from territory.model import Workspace, measure
from territory.model.figures import difference, figure, share
from territory.ui import session
from territory.ui.case import case_of, weights_of
from territory.ui.pictures import plan_picture
from territory.ui.progress_view import watch_job
from territory.ui.runs import Halted, Job, Tell
from territory.ui.text import plain

if TYPE_CHECKING:
    from territory.optimize.stress import Shock, Stressed

__all__ = ["stress_test"]

PLACES = ("state", "region", "province", "county", "city")


def stress_test(here: Workspace) -> None:
    """Ask, run beside the page, show plan and repair side by side."""
    from territory.optimize.stress import Stressed

    left, right = st.columns([1, 2], gap="large")
    with left:
        _ask(here)
    job = here.stress
    with right:
        if not isinstance(job, Job):
            st.info(
                "What if demand falls in one industry, a rep leaves or two come? The plan is "
                "looked at again, and the engine finds the smallest change that makes it fair.",
                icon=":material/thunderstorm:",
            )
        elif not job.finished:
            watch_job(job, "Looking for the smallest repair …", "stop-stress")
        elif isinstance(job.result, Stressed):
            _show(here, job.result)
        else:
            st.error(plain(job.fault), icon=":material/error:")


def _ask(here: Workspace) -> None:
    """Which shock; the button is off until it is complete."""
    words = {
        "demand": "Demand changes",
        "competition": "A competitor enters",
        "leaves": f"A {here.project.settings.word('rep')} leaves",
        "joins": "More come",
    }
    kind = st.segmented_control(
        "What if",
        list(words),
        default="demand",
        required=True,
        format_func=words.__getitem__,
        key="stress-kind",
    )
    shock = _shock(here, str(kind))
    job = here.stress
    if st.button(
        "Try it",
        type="primary",
        key="run-stress",
        icon=":material/play_arrow:",
        disabled=shock is None or (isinstance(job, Job) and not job.finished),
    ):
        assert shock is not None  # the button is off without one
        here.stress = _begin(here, shock)
        st.rerun()


def _shock(here: Workspace, kind: str) -> Shock | None:
    """The shock as asked for; None while something is missing."""
    from territory.optimize.stress import Demand, Joins, Leaves

    plan = here.plan
    if kind == "leaves":
        names = plan.territories["name"]
        gone = st.selectbox(
            "Who", plan.territory_ids, format_func=names.__getitem__, key="stress-rep"
        )
        return Leaves(gone) if gone else None
    if kind == "joins":
        return Joins(int(st.number_input("How many", 1, 20, 2, key="stress-count")))
    rival = kind == "competition"
    names = [n for n in plan.units.measure_names if measure(n).additive and n != "area_km2"]
    usual = [n for n in (("potential", "sales") if rival else weights_of(here)) if n in names]
    chosen = st.multiselect(
        "What it takes away" if rival else "What changes",
        names,
        usual,
        format_func=lambda n: measure(n).label,
        key=f"stress-measures-{kind}",
    )
    by, value = _where(here, rival)
    if rival:
        percent = -st.slider("How much of it", 1, 90, 25, format="%d %%", key="stress-taken")
    else:
        percent = st.slider("By how much", -90, 200, -20, format="%+d %%", key="stress-change")
    return Demand(percent / 100, tuple(chosen), by, value) if chosen and percent else None


def _where(here: Workspace, rival: bool) -> tuple[str, str]:
    """Everywhere, in a place, or for a kind of customer; a competitor enters a place."""
    attributes = here.plan.units.attributes
    values = {
        name: sorted(attributes[name].dropna().astype(str).unique())
        for name in PLACES
        if name in attributes
    }
    if not rival:
        values |= kinds_of(here.project.accounts)
    options = [*values] if rival and values else ["", *values]
    by = st.selectbox(
        "Where" if rival else "Where or for whom",
        options,
        format_func=lambda n: n or "everywhere",
        key=f"stress-by-{rival}",
    )
    if not by:
        return "", ""
    return by, str(st.selectbox(f"Which {by}", values[by], key=f"stress-{by}-{rival}"))


def _begin(here: Workspace, shock: Shock) -> Job[Stressed]:
    plan, project, weights = here.plan, here.project, weights_of(here)
    settings = project.settings

    def work(tell: Tell, halted: Halted) -> Stressed:
        from territory.optimize.stress import stressed

        return stressed(
            plan,
            project,
            shock,
            weights,
            tolerance=settings.tolerance,
            seed=settings.seed,
            progress=tell,
            cancel=halted,
        )

    job: Job[Stressed] = Job()
    return job.begin(work)


def _show(here: Workspace, result: Stressed) -> None:
    """Before and after the repair, and a way to keep it."""
    settings = here.project.settings
    words = str(result.shock)
    names = here.plan.territories["name"]
    for territory in here.plan.territory_ids:
        words = words.replace(
            f"rep of {territory} ", f"{settings.word('rep')} of {names[territory]} "
        )
    st.subheader(f"If {plain(words)}", anchor=False)
    cases = [case_of(here, here.plan), case_of(here, result.before), case_of(here, result.after)]
    values = [overview(case, HEADLINES) for case in cases]
    first, second = st.columns(2)
    with first:
        plan_picture(result.before, box=(360, 330), caption="The plan as it is, under it")
    with second:
        plan_picture(result.after, box=(360, 330), caption="The smallest repair")
    st.write(f"The repair moves **{share(result.moved, 1)}**.")
    for case in result.proposal.infeasible[:3]:
        st.warning(plain(str(case["reason"])))
    rows = [
        {
            "": metric.label,
            "Today": figure(values[0][metric.name], metric.format, settings),
            "Under it": figure(values[1][metric.name], metric.format, settings),
            "Repaired": figure(values[2][metric.name], metric.format, settings),
            "Repair against under it": difference(
                values[2][metric.name] - values[1][metric.name], metric.format, settings
            ),
        }
        for metric in HEADLINES
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True, width="stretch")

    def keep() -> None:
        shelf = session.store().scenarios
        name = f"{here.scenario_name}, if {words}"[:80]
        session.open_scenario(shelf.duplicate(here.scenario_id, name, here.author))
        now = session.workspace()
        now.change(f"Repair: {words}", replace(result.after, units=now.plan.units))
        now.notify("info", "The repair is a scenario of its own now, and open.")

    st.button(
        "Keep the repair as a scenario",
        key="keep-stress",
        icon=":material/difference:",
        on_click=lambda: session.act(keep),
    )
