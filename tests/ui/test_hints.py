"""Hints for the map: shown when the engine is ready, never waited for."""

from __future__ import annotations

import pytest

from territory.mapview.gestures import apply
from territory.mapview.messages import Op
from territory.ui import hints
from tests.pages.conftest import healthy, workspace
from tests.pages.conftest import open_page as open_page


@pytest.mark.slow
def test_three_moves_by_position(open_page, monkeypatch) -> None:
    """What the map would send for a hint is what the engine meant by it."""
    app = open_page("map")
    healthy(app)
    here = workspace(app)
    moves = hints.best_moves(here)
    monkeypatch.setattr(hints._loaded, "is_set", lambda: True)
    monkeypatch.setattr("territory.optimize.warmup.is_warm", lambda: True)
    told = hints.hints_for_map(here)["hints"]
    assert told is not None and len(told) == len(moves) == 3
    for steps, move in zip(told, moves, strict=True):
        ops = [Op(n, "hint", to, (unit,)) for n, (unit, to) in enumerate(steps, 1)]
        after, refused = apply(here.plan, ops)
        assert refused == []
        assert (after.alignment == move.apply(here.plan).alignment).all()


def test_an_engine_that_is_not_compiled_is_not_waited_for(open_page, monkeypatch) -> None:
    """No word of hints, and nothing of the engine is loaded."""
    monkeypatch.setattr("territory.optimize.warmup.is_warm", lambda: False)
    monkeypatch.setattr("territory.optimize.warmup.warm_in_subprocess", lambda: None)
    monkeypatch.setattr(hints, "best_moves", lambda here: pytest.fail("waited"))
    app = open_page("map")
    assert hints.hints_for_map(workspace(app)) == {}


def test_the_engine_is_loaded_beside_the_page(open_page, monkeypatch) -> None:
    """The map is told to ask again; nothing is computed in the run that draws it."""
    started: list[object] = []
    monkeypatch.setattr("territory.optimize.warmup.is_warm", lambda: True)
    monkeypatch.setattr(hints._loaded, "is_set", lambda: False)
    monkeypatch.setattr(hints, "_load_beside", started.append)
    monkeypatch.setattr(hints, "best_moves", lambda here: pytest.fail("waited"))
    app = open_page("map")
    healthy(app)
    assert len(started) == 1
    assert hints.hints_for_map(workspace(app)) == {"hints": None}
