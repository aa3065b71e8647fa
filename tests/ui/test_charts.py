"""Charts show a user's text and never read it."""

from __future__ import annotations

import pandas as pd
import pytest

from territory.ui import charts

HOSTILE = "<a href='http://h.example'>%{x}</a>"


@pytest.fixture(autouse=True)
def light(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a browser there is no theme to ask for."""
    monkeypatch.setattr(charts, "is_dark", lambda: False)


def test_no_text_of_a_user_reaches_plotly_unescaped() -> None:
    """Names, titles, axes and references in all charts."""
    now = pd.Series([1.0, 2.0])
    table = pd.DataFrame([[1.0, 2.0]], index=[HOSTILE], columns=["2025Q1", "2025Q2"])
    figures = [
        charts.deviation_bars(HOSTILE, [HOSTILE, "b"], now, now, 0.1, [HOSTILE, "b"]),
        charts.before_after(HOSTILE, [HOSTILE, "b"], now, now, HOSTILE, line=(1.0, HOSTILE)),
        charts.lines(HOSTILE, table, HOSTILE),
    ]
    for figure in figures:
        assert "<a " not in figure.to_json().replace("\\u003c", "<")
        for trace in figure.data:
            assert "%{x}</a" not in trace.hovertemplate.replace("&lt;", "<")


def test_bars_are_sorted_with_their_names() -> None:
    """The largest is drawn last, which is on top; each bar keeps its name and old value."""
    figure = charts.before_after(
        "t", ["a", "b", "c"], pd.Series([3.0, 1.0, 2.0]), pd.Series([30.0, 10.0, 20.0]), "h"
    )
    before, now = figure.data
    assert list(now.x) == [1.0, 2.0, 3.0] and list(before.x) == [10.0, 20.0, 30.0]
    assert [list(c) for c in now.customdata] == [[1, "b"], [2, "c"], [0, "a"]]
