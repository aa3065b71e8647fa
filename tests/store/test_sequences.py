"""Any sequence of changes, undo, redo and restarts ends where memory alone would."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from territory.model import History, Locks, Plan, Project
from territory.store import Store
from tests.store.conftest import region
from tests.store.same import same_history

UNITS = region(4)
START = Plan.blank(UNITS, 3)
PROJECT = Project("Grid", UNITS)

steps = st.one_of(
    st.tuples(st.just("move"), st.integers(0, 15), st.integers(-1, 2)),
    st.tuples(st.just("lock"), st.integers(0, 15), st.integers(0, 2)),
    st.tuples(st.just("rename"), st.integers(0, 2), st.text(max_size=5)),
    st.tuples(st.just("fill"), st.integers(-1, 2), st.just(0)),
    st.tuples(st.sampled_from(["undo", "redo", "restart"]), st.just(0), st.just(0)),
)


def changed(plan: Plan, kind: str, a: int, b: object) -> Plan:
    """A plan after one step; locks do not stop it here, they are data like any other."""
    if kind == "lock":
        return plan.with_locks(Locks.of([str(UNITS.ids[a])], [plan.territory_ids[int(str(b))]]))
    if kind == "rename":
        names = list(plan.territories["name"])
        names[a] = str(b)
        return replace(plan, territories=plan.territories.assign(name=names))
    alignment = plan.alignment.copy()
    if kind == "fill":
        alignment[:] = a
    else:
        alignment[a] = int(str(b))
    return plan.with_alignment(alignment)


@settings(max_examples=40, deadline=None)
@given(st.lists(steps, max_size=70))
def test_store_equals_memory(script: list[tuple[str, int, object]]) -> None:
    """After every script the reopened history, revision and acks equal a model in memory."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "workbench.sqlite"
        store = Store(path)
        scenario_id = store.create(PROJECT, START)
        workspace = store.open(scenario_id).workspace()
        model, rev = History.start(START), 0
        for kind, a, b in script:
            if kind == "restart":
                store.close()
                store = Store(path)
                workspace = store.open(scenario_id).workspace()
                continue
            if kind in ("undo", "redo"):
                if not (model.can_undo if kind == "undo" else model.can_redo):
                    continue
                model = model.undo() if kind == "undo" else model.redo()
                workspace.undo({"c": rev}) if kind == "undo" else workspace.redo({"c": rev})
            else:
                plan = changed(model.present.plan, kind, a, b)
                model = model.push(kind, plan)
                workspace.change(kind, plan, {"c": rev})
            rev += 1
        saved = store.open(scenario_id)
        store.close()
        assert same_history(saved.history, model)
        assert same_history(workspace.history, model)
        assert saved.rev == rev
        assert saved.acks == ({"c": rev - 1} if rev else {})
