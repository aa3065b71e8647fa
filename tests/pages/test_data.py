"""Data: what is loaded, own files, and files that can't be used."""

from __future__ import annotations

import json

from tests.pages.conftest import OpenPage, healthy, texts, workspace


def boxes(potential: object = 5.0) -> bytes:
    """A GeoJSON of six squares in two rows, ids with leading zeros."""
    features = []
    for i in range(6):
        x, y = -72 + 0.1 * (i % 3), 42 + 0.1 * (i // 3)
        ring = [[x, y], [x + 0.1, y], [x + 0.1, y + 0.1], [x, y + 0.1], [x, y]]
        features.append(
            {
                "type": "Feature",
                "properties": {"zip": f"0100{i}", "potential": potential if i == 3 else 5.0},
                "geometry": {"type": "Polygon", "coordinates": [ring]},
            }
        )
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


TEAM = b"rep_id,name,capacity_hours\nR1,Ann,1000\nR2,Bo,3000\n"
PLAN = b"unit_id,territory_id\n01000,R1\n01001,R1\n01002,R2\n01003,R1\n01004,R2\n01005,\n"


def test_shows_the_measures_of_the_sample(open_page: OpenPage) -> None:
    """Totals are in words with a unit; a median has no total."""
    app = open_page("data")
    table = app.dataframe[0].value.set_index("Measure")
    assert table.loc["Potential", "Total"] == "$240 M"
    assert table.loc["Median income", "Total"] == "–"


def test_own_files_become_a_new_scenario(open_page: OpenPage) -> None:
    """Boundaries, team and alignment: ids keep their zeros, owners are the reps."""
    app = open_page("data")
    before = workspace(app).scenario_id
    app.file_uploader("upload-boundaries").set_value(("squares.geojson", boxes(), "text/json"))
    app.file_uploader("upload-team").set_value(("team.csv", TEAM, "text/csv"))
    app.file_uploader("upload-alignment").set_value(("plan.csv", PLAN, "text/csv"))
    app.run().button("read-files").click().run()
    healthy(app)
    here = workspace(app)
    assert here.scenario_id != before and here.project.name == "squares"
    assert here.plan.to_mapping() == {
        "01000": "R1",
        "01001": "R1",
        "01002": "R2",
        "01003": "R1",
        "01004": "R2",
        "01005": "",
    }
    assert here.plan.territories["target"].tolist() == [0.25, 0.75]
    assert "Read 6 of 6 areas" in texts(app)


def test_a_wrong_file_is_named_and_the_plan_survives(open_page: OpenPage) -> None:
    """Unknown unit in the alignment: file, row and remedy on screen, nothing lost."""
    app = open_page("data")
    before = workspace(app)
    app.file_uploader("upload-boundaries").set_value(("squares.geojson", boxes(), "text/json"))
    wrong = PLAN + b"99999,R1\n"
    app.file_uploader("upload-alignment").set_value(("plan.csv", wrong, "text/csv"))
    app.run().button("read-files").click().run()
    healthy(app)
    message = app.error[0].value.replace("\\", "")
    assert "plan.csv" in message and "row 8" in message and "99999" in message
    assert workspace(app) is before


def test_rubbish_is_refused_in_words(open_page: OpenPage) -> None:
    """A file that is no map at all."""
    app = open_page("data")
    app.file_uploader("upload-boundaries").set_value(("map.geojson", b"\x00\x01", "text/json"))
    app.run().button("read-files").click().run()
    healthy(app)
    assert "map.geojson" in app.error[0].value.replace("\\", "")
