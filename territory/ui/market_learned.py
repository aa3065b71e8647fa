"""Learning potential from own sales: started by hand, judged out of sample, taken over by hand."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd
import streamlit as st

from territory.errors import TerritoryError
from territory.metrics import Case, Potential
from territory.metrics.learned import Learned, Task, learn, learned_potential, task_of
from territory.metrics.potential import ESTIMATE
from territory.model import Workspace
from territory.model.figures import share
from territory.ui import session
from territory.ui.charts import before_after, show
from territory.ui.progress_view import watch_job
from territory.ui.runs import Halted, Job, Tell
from territory.ui.text import plain

__all__ = ["in_use", "learned_panel"]

DRIVERS = 8


@dataclass(eq=False)
class Lesson:
    """What was learned in this session, and from which data: other data makes it void."""

    made_of: tuple[object, ...]
    task: Task
    job: Job[Learned] | None = None

    @property
    def found(self) -> Learned | None:
        """What came of it, if anything yet."""
        return self.job.result if self.job is not None else None


def _lesson(here: Workspace, case: Case) -> Lesson:
    """The lesson on this data, kept with the workspace."""
    project = here.project
    made_of = (project.units, project.accounts, project.sales, project.settings.market)
    known = here.lesson
    # By name, not by type: Streamlit may have loaded the module anew since.
    before = getattr(known, "made_of", ())
    if len(before) != len(made_of) or any(a is not b for a, b in zip(before, made_of, strict=True)):
        here.lesson = Lesson(made_of, task_of(case))
    return here.lesson  # type: ignore[return-value]


def in_use(
    here: Workspace, case: Case, estimate: Potential | None
) -> tuple[Potential | None, Learned | None]:
    """The estimate that this page shows, and what was learned where that is it."""
    if here.project.settings.market.model not in ("auto", "learned"):
        return estimate, None
    found = _lesson(here, case).found
    if found is None or not found.better:
        return estimate, None
    return learned_potential(case, found), found


def learned_panel(here: Workspace, case: Case) -> None:
    """Offer to learn, show how it goes, say what came of it and which estimate is in use."""
    lesson = _lesson(here, case)
    taken = ESTIMATE in here.plan.units.attributes
    with st.container(border=True, key="learned"):
        if lesson.task.reason:
            st.caption(plain(f"Nothing is learned from sales. {lesson.task.reason}"))
        elif lesson.job is None:
            _offer(here, lesson, taken)
        elif not lesson.job.finished:
            watch_job(lesson.job, "Learning from your sales …", "stop-learning")
        elif lesson.job.result is None:
            st.caption(plain(lesson.job.fault))
            _offer(here, lesson, taken)
        else:
            _verdict(here, lesson.job.result, taken)


def _offer(here: Workspace, lesson: Lesson, taken: bool) -> None:
    """What is in use now, and the button that compares it."""
    text = (
        "A learned estimate was taken over into the project."
        if taken
        else f"Would a model learned from your own sales do better than {lesson.task.base_name}?"
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(plain(text), width="stretch")
        st.button(
            "Learn from my sales",
            key="learn",
            icon=":material/model_training:",
            on_click=lambda: _begin(lesson),
            help="Whole counties are left out in turn and predicted from the others; what was "
            "learned is used only if it misses less than what you have.",
        )
        _forget_button(here, taken)


def _begin(lesson: Lesson) -> None:
    """Start in a thread; each step looks whether somebody stopped it."""
    from territory.optimize import Progress

    def work(tell: Tell, halted: Halted) -> Learned:
        def step(done: int, steps: int, words: str) -> None:
            if halted():
                raise TerritoryError("Stopped: nothing was learned.")
            tell(Progress(done, steps, words))

        return learn(lesson.task, step)

    job: Job[Learned] = Job()
    lesson.job = job.begin(work)


def _verdict(here: Workspace, found: Learned, taken: bool) -> None:
    """The errors side by side, what follows from them, and what drives sales."""
    missed = found.errors["missed"]
    base = found.base_name
    wanted = here.project.settings.market.model in ("auto", "learned")
    if not found.better:
        use = f"That is no more than its own uncertainty: {base} stays in use."
    elif wanted:
        use = "That is more than its own uncertainty, so what was learned is in use on this page."
    else:
        use = f"That is more than its own uncertainty, but {base} was chosen."
    st.markdown(
        plain(
            f"In {found.block_word} it had not seen, what was learned misses "
            f"{share(missed['learned'], 1)} of the sales, {base} {share(missed[base], 1)} "
            f"(difference {100 * found.gain:.1f} ± {100 * found.doubt:.1f} points). {use}"
        )
    )
    with st.container(horizontal=True):
        if found.better:
            st.button(
                "Take it over as a measure",
                key="take-learned",
                icon=":material/move_to_inbox:",
                disabled=bool(here.read_only),
                on_click=lambda: session.act(lambda: _take_over(here, found)),
                help="Becomes the measure potential_estimate: the map can colour by it, the "
                "engine can balance it, and every page counts with it.",
            )
        _forget_button(here, taken)
    with st.expander("Errors and drivers"):
        _details(found)


def _details(found: Learned) -> None:
    """Both errors in a table, the drivers in a chart."""
    left, right = st.columns([2, 3], gap="large")
    with left:
        table = pd.DataFrame(
            {
                "Estimate": [name.capitalize() for name in found.errors.index],
                "Misses": [share(v, 1) for v in found.errors["missed"]],
                "Explains": [share(v, 1) for v in found.errors["explained"]],
            }
        )
        st.dataframe(table, hide_index=True, width="stretch")
        st.caption(
            f"Misses: the sum of all misses over the sum of all sales. Explains: the share of the "
            f"differences between places. {found.blocks} {found.block_word}, each predicted from "
            "others."
        )
    with right:
        top = found.drivers.head(DRIVERS)
        names = [str(name) for name in top.index]
        title = f"What helps most: {names[0]}"
        values = pd.Series(top.to_numpy())
        axis = "how much more is missed without it, of all sales"
        figure = before_after(title, names, values, None, axis, form=".1%")
        show(
            figure, "chart-learned", data=found.drivers.rename("missed").reset_index(name="missed")
        )


def _forget_button(here: Workspace, taken: bool) -> None:
    if taken:
        st.button(
            "Drop the learned measure",
            key="drop-learned",
            type="tertiary",
            disabled=bool(here.read_only),
            on_click=lambda: session.act(lambda: _drop(here)),
        )


def _take_over(here: Workspace, found: Learned) -> None:
    """The estimate becomes a measure of the project."""
    units = here.project.units
    column = pd.DataFrame({ESTIMATE: found.values.round(2)}, index=units.attributes.index)
    session.save_project(replace(here.project, units=units.with_attributes(column)))


def _drop(here: Workspace) -> None:
    """Without it again."""
    units = here.project.units
    left = units.attributes.drop(columns=[ESTIMATE])
    session.save_project(replace(here.project, units=replace(units, attributes=left)))
