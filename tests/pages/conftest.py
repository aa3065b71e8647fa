"""A way to run one page of the app without a browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from territory.model import Workspace

ROOT = Path(__file__).parents[2]
OpenPage = Callable[..., AppTest]


@pytest.fixture
def open_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenPage]:
    """Open the app at a page, on a store of its own that starts empty."""
    monkeypatch.setenv("TERRITORY_DATA_DIR", str(tmp_path))
    # Compiling in the background would only slow the tests down.
    monkeypatch.setattr("territory.optimize.warmup.is_warm", lambda: True)
    st.cache_resource.clear()

    def opened(page: str = "start", **query: str) -> AppTest:
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
        for name, value in query.items():
            app.query_params[name] = value
        app.run()
        if page != "start":
            app.switch_page(f"pages/{page}.py").run()
        healthy(app)
        return app

    yield opened
    st.cache_resource.clear()


def healthy(app: AppTest) -> None:
    """Nothing was raised, and nothing on screen is a number gone wrong."""
    assert not app.exception, app.exception[0].message
    texts = [e.value for kind in ("markdown", "caption", "title", "metric") for e in app.get(kind)]
    for text in texts:
        assert not {"nan", "inf", "None"} & set(str(text).replace("%", " ").split()), text


def workspace(app: AppTest) -> Workspace:
    """What the session works on."""
    return app.session_state["workspace"]


def texts(app: AppTest) -> str:
    """Everything a reader sees as text."""
    kinds = ("title", "header", "subheader", "markdown", "caption", "info", "warning", "error")
    return "\n".join(str(e.value) for kind in (*kinds, "success") for e in app.get(kind))
