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
    return [b.label for b in app.button if str(b.key).startswith("hint-")]


def switched_on(open_page) -> AppTest:
    """The map with its hints."""
    app = open_page("map")
    app.toggle("show-hints").set_value(True).run()
    healthy(app)
    return app


@pytest.mark.slow
def test_three_moves_and_apply_is_one_undo_entry(open_page, ready) -> None:
    """Apply makes the move it stands beside, and other moves follow."""
    app = switched_on(open_page)
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
    app = switched_on(open_page)
    here = workspace(app)
    move = hint_panel.best_moves(here)[0]
    here.change("elsewhere", here.plan.move(move.unit_ids, None))
    app.button("hint-0").click().run()
    healthy(app)
    assert here.rev == 1


@pytest.mark.slow
def test_names_in_moves_are_text(open_page, ready) -> None:
    """A name that is a picture for Markdown is shown letter by letter."""
    app = switched_on(open_page)
    here = workspace(app)
    names = [f"![x](http://x/y.png){i}" for i in range(here.plan.k)]
    move = hint_panel.best_moves(here)[0]
    here.change("x", replace(here.plan, territories=here.plan.territories.assign(name=names)))
    app.run()
    healthy(app)
    assert move.unit_ids[0] in shown(app)[0]
    assert "![x](" not in "".join(shown(app))


def test_an_engine_that_is_not_compiled_is_not_waited_for(open_page, monkeypatch) -> None:
    """No hints, no button, and nothing of the engine is loaded."""
    monkeypatch.setattr("territory.optimize.warmup.is_warm", lambda: False)
    monkeypatch.setattr(hint_panel, "best_moves", lambda here: pytest.fail("waited"))
    monkeypatch.setattr("territory.optimize.warmup.warm_in_subprocess", lambda: None)
    app = open_page("map")
    assert shown(app) == []
    assert not [t for t in app.toggle if t.key == "show-hints"]


def test_the_engine_is_loaded_beside_the_page(open_page, monkeypatch) -> None:
    """Opening the map starts it; nothing is asked of it before the switch is on."""
    started = []
    monkeypatch.setattr(hint_panel._loaded, "is_set", lambda: False)
    monkeypatch.setattr(hint_panel, "_load_beside", started.append)
    monkeypatch.setattr(hint_panel, "best_moves", lambda here: pytest.fail("waited"))
    app = open_page("map")
    assert len(started) == 1
    assert shown(app) == []
