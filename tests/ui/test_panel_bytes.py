"""What travels with every edit stays small at 33,000 units in 500 territories."""

from __future__ import annotations

import json

import numpy as np
import pyarrow as pa

from territory.mapview.look import look
from territory.mapview.protocol import MapSession, patch, receive
from territory.metrics import Case
from territory.model import History, Plan, Project, Workspace
from territory.ui.map_panel import territory_table
from tests.conftest import chessboard

TABLE, PATCH = 6_000, 500
"""Bytes, without the names; the rest of an edit, some 8 kB, does not depend on the size."""


def whole_country() -> Workspace:
    """180 × 188 squares, given to 500 reps by rows."""
    units = chessboard(180, 188, potential=np.arange(1.0, 180 * 188 + 1))
    names = [f"Representative {t:03d}" for t in range(500)]
    plan = Plan.blank(units, ids=names).with_alignment(np.arange(units.n) * 500 // units.n)
    return Workspace(Project("Country", units), History.start(plan), plan)


def test_the_list_of_territories_is_lean():
    """Numbers take the bytes they need; names are the greater part."""
    here = whole_country()
    table = territory_table(Case(here.plan, {"potential": 1.0}))
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as out:
        out.write_table(table)
    names = sum(len(name) for name in here.plan.territory_ids)
    assert sink.getvalue().size - names < TABLE
    assert table["units"].to_pylist() == np.bincount(here.plan.alignment).tolist()
    assert table["#"].to_pylist()[-1] == 500


def test_an_edit_is_answered_with_its_difference_only():
    """A browser that has the plan and its look gets neither again."""
    here, session = whole_country(), MapSession()
    shown = look(here, {})
    first = patch(here, session, shown)
    op = {"seq": 1, "kind": "brush", "to": 7, "ix": [[4000, 30]]}
    head = {"v": 1, "plan": first["plan"], "client": "c", "rev": 0, "active": 0}
    receive(here, session, {**head, "look": shown["id"], "count": 1, "ops": [op]})
    answer = patch(here, session, look(here, {}))
    assert answer["changes"] == [[4000, 30, 7]]
    assert len(json.dumps(answer)) < PATCH
