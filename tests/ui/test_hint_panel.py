"""Hints beside the map: shown when the engine is ready, made with one press."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from territory.ui import hint_panel
from tests.pages.conftest import healthy, workspace
from tests.pages.conftest import open_page as open_page


@pytest.fixture
def ready(monkeypatch: pytest.MonkeyPatch) -> None:
    """The kernels are in memory."""
    monkeypatch.setattr(hint_panel._loaded, "is_set", lambda: True)


def shown(app: AppTest) -> list[str]:
    """The moves as the panel says them."""
    return [e.value for e in app.get("html") if "→" in e.value and "active-card" not in e.value]


@pytest.mark.slow
def test_three_moves_and_apply_is_one_undo_entry(open_page, ready) -> None:
    """Apply makes the move it stands beside, and other moves follow."""
    app = open_page("map")
    here = workspace(app)
    before = here.plan
    moves = hint_panel.best_moves(here)
    assert len(shown(app)) == len(moves) == 3
    assert moves[0].unit_ids[0] in shown(app)[0]
    app.button("hint-0").click().run()
    healthy(app)
    assert np.array_equal(here.plan.alignment, moves[0].apply(before).alignment)
    assert here.history.undo_label.startswith(("Move ", "Swap "))
    assert shown(app)[0] != hint_panel._words(moves[0])
    app.button("undo").click().run()
    assert here.plan is before


@pytest.mark.slow
def test_a_move_from_a_plan_that_is_no_more_is_not_made(open_page, ready) -> None:
    """Another window moved the unit: nothing happens but words."""
    app = open_page("map")
    here = workspace(app)
    move = hint_panel.best_moves(here)[0]
    here.change("elsewhere", here.plan.move(move.unit_ids, None))
    app.button("hint-0").click().run()
    healthy(app)
    assert here.rev == 1


@pytest.mark.slow
def test_names_in_moves_are_text(open_page, ready) -> None:
    """A name full of markup is escaped."""
    app = open_page("map")
    here = workspace(app)
    names = [f"<img src=x>{i}" for i in range(here.plan.k)]
    move = hint_panel.best_moves(here)[0]
    here.change("x", replace(here.plan, territories=here.plan.territories.assign(name=names)))
    app.run()
    healthy(app)
    assert move.unit_ids[0] in shown(app)[0]
    assert "<img" not in "".join(shown(app))


def test_an_engine_that_is_not_compiled_is_not_waited_for(open_page, monkeypatch) -> None:
    """No hints, no button, and nothing of the engine is loaded."""
    monkeypatch.setattr("territory.optimize.warmup.is_warm", lambda: False)
    monkeypatch.setattr(hint_panel, "best_moves", lambda here: pytest.fail("waited"))
    monkeypatch.setattr("territory.optimize.warmup.warm_in_subprocess", lambda: None)
    app = open_page("map")
    assert shown(app) == []
    assert not [b for b in app.button if b.key == "show-hints"]


def test_while_the_engine_loads_a_button_stands_there(open_page, monkeypatch) -> None:
    """It is loaded beside the page; the page itself does not wait."""
    started = []
    monkeypatch.setattr(hint_panel._loaded, "is_set", lambda: False)
    monkeypatch.setattr(hint_panel, "_load_beside", started.append)
    app = open_page("map")
    assert len(started) == 1
    assert app.button("show-hints").label == "Show moves that help"
