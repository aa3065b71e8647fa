"""What every run begins with: the address, other windows, what is left to say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from territory.ui import session
from tests.pages.conftest import healthy, texts, workspace

ROUTER = """
from territory.ui import session

session.begin()
session.show_notices()
"""
"""app.py without its pages: with them AppTest runs the router only once."""


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    """A session on a store of its own that starts empty."""
    monkeypatch.setenv("TERRITORY_DATA_DIR", str(tmp_path))
    monkeypatch.setattr("territory.optimize.warmup.is_warm", lambda: True)
    st.cache_resource.clear()
    yield AppTest.from_string(ROUTER, default_timeout=120).run()
    st.cache_resource.clear()


def test_another_address_opens_another_scenario(app: AppTest) -> None:
    """Editing the address of an open session switches; a wrong one is explained and undone."""
    here = workspace(app)
    other = session.store().scenarios.duplicate(here.scenario_id, "Other")
    app.query_params["scenario"] = other
    app.run()
    assert workspace(app).scenario_id == other != here.scenario_id
    app.query_params["scenario"] = "no-such-scenario"
    app.run()
    healthy(app)
    assert workspace(app).scenario_id == other
    assert app.query_params["scenario"] in (other, [other])
    assert "no such scenario" in app.warning[0].value


def test_what_was_to_be_said_survives_another_windows_change(app: AppTest) -> None:
    """A notice left before the plan is brought up to date is still shown."""
    mine = workspace(app)
    mine.notify("info", "Keep me")
    other = session.store().open(mine.scenario_id).workspace()
    other.change("b", other.plan.move([mine.plan.units.ids[0]], "R06"))
    app.run()
    assert "Keep me" in texts(app) and "another window" in texts(app)
    assert workspace(app).rev == 1
