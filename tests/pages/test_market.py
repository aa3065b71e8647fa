"""Market: findings as titles, what is missing said, filters and settings that take effect."""

from __future__ import annotations

from tests.pages.conftest import OpenPage
from tests.pages.test_performance import titles


def test_titles_state_findings(open_page: OpenPage) -> None:
    """Potential, quadrant, drivers, rivals, segments: a sentence each."""
    app = open_page("market")
    found = titles(app)
    assert found[0].startswith("Blake Castillo has most: potential $37.4 M, 17 % won")
    assert found[1] == "3 territories with much potential and little of it won"
    assert found[2].startswith("Blake Castillo: income 4.1 × the average")
    assert found[3].startswith("Rivals are thickest around Iris Zhang: 64 %")
    assert found[4] == "A holds 80 % of the potential; 38 % of it is won"
    values = {m.label: m.value for m in app.metric}
    assert values == {
        "Potential a year": "$240 M",
        "Won so far": "17 %",
        "White space": "$199 M",
        "Rival presence": "37 %",
    }
