"""Charts show a user's text and never read it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from territory.metrics.forecast import Forecast
from territory.metrics.quadrants import Quadrants
from territory.metrics.quota_test import Fairness
from territory.ui import charts, market_charts, sales_charts

HOSTILE = "<a href='http://h.example'>%{x}</a>"


@pytest.fixture(autouse=True)
def light(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a browser there is no theme to ask for."""
    monkeypatch.setattr(charts, "is_dark", lambda: False)


def test_no_text_of_a_user_reaches_plotly_unescaped() -> None:
    """Names, titles, axes and references in all charts."""
    now = pd.Series([1.0, 2.0])
    table = pd.DataFrame([[1.0, 2.0]], index=[HOSTILE], columns=["2025Q1", HOSTILE])
    figures = [
        charts.deviation_bars(HOSTILE, [HOSTILE, "b"], now, now, 0.1, [HOSTILE, "b"]),
        charts.before_after(HOSTILE, [HOSTILE, "b"], now, now, HOSTILE, line=(1.0, HOSTILE)),
        charts.lines(HOSTILE, table, HOSTILE),
    ]
    for figure in figures:
        assert "<a " not in figure.to_json().replace("\\u003c", "<")
        for trace in figure.data:
            assert "%{x}</a" not in trace.hovertemplate.replace("&lt;", "<")


def test_no_text_of_a_user_reaches_charts_of_sales_unescaped() -> None:
    """Names of territories and segments, periods and titles."""
    names, two = [HOSTILE, "b"], pd.Series([1.0, 2.0], index=[HOSTILE, "b"])
    table = pd.DataFrame({"potential": two, "attainment": two})
    fair = Fairness(table, 0.1, 0.5, 0.1, 0.8, 2)
    coming = Forecast(("2026Q1",), np.ones(1), np.zeros(1), np.full(1, 2.0), "damped trend")
    figures = [
        sales_charts.won_and_lost(HOSTILE, names, two, two),
        sales_charts.history_chart(HOSTILE, two, two, two, HOSTILE),
        sales_charts.coming_quarters(HOSTILE, names, np.ones(2), np.ones(2), coming, HOSTILE),
        sales_charts.season_map(HOSTILE, names, np.ones((2, 4))),
        sales_charts.fairness_chart(HOSTILE, names, fair, fair, HOSTILE),
    ]
    for figure in figures:
        assert "<a " not in figure.to_json().replace("\\u003c", "<")
        for trace in figure.data:
            assert "%{x}</a" not in (trace.hovertemplate or "").replace("&lt;", "<")


def test_many_bars_are_both_ends_and_long_titles_two_lines() -> None:
    """Of 500 the 20 highest and lowest, said so; gaps count as 0; names keep their bars."""
    values = pd.Series(np.arange(500.0))
    figure = charts.before_after("t", [f"n{i}" for i in range(500)], values, None, "h")
    assert list(figure.data[0].x) == [*range(20), *range(480, 500)]
    assert figure.data[0].customdata[-1][1] == "n499"
    assert "20 highest and the 20 lowest of 500" in figure.layout.title.subtitle.text
    order, note = charts.ends(np.array([2.0, np.nan, 1.0]))
    assert order.tolist() == [1, 2, 0] and note == ""
    title = charts.blank("a word " * 20, 100).layout.title.text
    assert (
        title.count("<br>") == 1 and title.replace("<br>", " ").strip() == ("a word " * 20).strip()
    )


def test_bars_are_sorted_with_their_names() -> None:
    """The largest is drawn last, which is on top; each bar keeps its name and old value."""
    figure = charts.before_after(
        "t", ["a", "b", "c"], pd.Series([3.0, 1.0, 2.0]), pd.Series([30.0, 10.0, 20.0]), "h"
    )
    before, now = figure.data
    assert list(now.x) == [1.0, 2.0, 3.0] and list(before.x) == [10.0, 20.0, 30.0]
    assert [list(c) for c in now.customdata] == [[1, "b"], [2, "c"], [0, "a"]]


def test_names_in_the_quadrants_never_lie_on_each_other():
    """Of two neighbours one is named above and one below, a third not at all."""
    level = [0.30, 0.301, 0.302, 0.8]
    table = pd.DataFrame({"potential": [9.0, 8.0, 10.0, 1.0], "penetration": level})
    table["quadrant"] = ["Grow", "Grow", "Defend", "Maintain"]
    found = Quadrants(table, 5.0, 0.5)
    said = market_charts.quadrant_chart("", found, list("abcd"), list("abcd"), [""] * 4, "$")
    drawn = {
        text: place
        for trace in said.data
        for text, place in zip(trace.text, trace.textposition, strict=True)
        if text
    }
    assert drawn == {"c": "top left", "a": "bottom left"}
