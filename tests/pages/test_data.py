"""Data: what is loaded, own files, and files that can't be used."""

from __future__ import annotations

import json
from pathlib import Path

from territory.model import noncontiguous
from territory.store import Store
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


PLACE = "ZIP or other id"
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


def test_columns_are_corrected_and_remembered(open_page: OpenPage) -> None:
    """What the user says a column means is used, and proposed for the next file like it."""
    accounts = ("acc.csv", b"id,zip,where\na,99999,01001\nb,99999,01004\n", "text/csv")
    app = open_page("data")
    app.file_uploader("upload-boundaries").set_value(("squares.geojson", boxes(), "text/json"))
    app.file_uploader("upload-accounts").set_value(accounts)
    app.run()
    box = next(b for b in app.selectbox if b.label == PLACE)
    assert box.value == "zip"
    box.set_value("where").run()
    healthy(app)
    app.button("read-files").click().run()
    healthy(app)
    here = workspace(app)
    assert here.project.accounts is not None
    assert here.project.accounts.frame["unit_id"].tolist() == ["01001", "01004"]
    again = open_page("data")
    again.file_uploader("upload-accounts").set_value(accounts)
    again.run()
    assert next(b for b in again.selectbox if b.label == PLACE).value == "where"


def test_accounts_are_updated_after_a_yes(open_page: OpenPage) -> None:
    """New, changed and gone are shown first; the alignment stays, the old scenario too."""
    app = open_page("data")
    before = workspace(app)
    accounts = ("acc.csv", b"account_id,zip,revenue\nnew1,01001,10\n", "text/csv")
    app.file_uploader("upload-accounts").set_value(accounts)
    app.run().button("update-data").click().run()
    healthy(app)
    table = next(d.value for d in app.dataframe if "Gone" in d.value).set_index("Table")
    assert table.loc["accounts", "New"] == 1 and table.loc["accounts", "Gone"] > 5000
    assert workspace(app).scenario_id == before.scenario_id
    app.button("take-over").click().run()
    healthy(app)
    here = workspace(app)
    assert here.scenario_id != before.scenario_id and len(here.project.accounts) == 1
    assert here.plan.to_mapping() == before.plan.to_mapping()
    # What there was is kept, so that the advisor sees what has drifted.
    assert here.project.earlier_accounts.fingerprint == before.project.accounts.fingerprint
    app.switch_page("pages/advisor.py").run()
    healthy(app)
    assert "Customers lost" in texts(app)


def test_files_of_this_machine_are_read_again(open_page: OpenPage, tmp_path: Path) -> None:
    """Paths are remembered with the project; one button shows what changed in them."""
    zips, team = tmp_path / "zips.geojson", tmp_path / "team.csv"
    zips.write_bytes(boxes())
    team.write_bytes(TEAM)
    app = open_page("data")
    app.text_input("path-boundaries").set_value(str(zips))
    app.text_input("path-team").set_value(str(team))
    app.run().button("read-files").click().run()
    healthy(app)
    assert set(workspace(app).project.settings.files) == {"boundaries", "team"}
    team.write_bytes(TEAM + b"R3,Cy,500\n")
    app.run().button("refresh-files").click().run()
    healthy(app)
    table = next(d.value for d in app.dataframe if "Gone" in d.value).set_index("Table")
    assert table.loc["reps", "New"] == 1 and table.loc["units", "Changed"] == 0
    app.button("take-over").click().run()
    healthy(app)
    assert len(workspace(app).project.team or ()) == 3


def test_a_ferry_is_closed_and_opened(open_page: OpenPage) -> None:
    """For the whole project: contiguity follows at once, and it can be taken back."""
    app = open_page("data")
    before = workspace(app)

    def choose(row: int) -> None:
        key = f"ferries-{workspace(app).project.units.fingerprint[:8]}"
        app.session_state[key] = {"selection": {"rows": [row], "columns": [], "cells": []}}
        app.run()

    table = next(d.value for d in app.dataframe if "Counts" in d.value)
    assert table["Counts"].tolist() == ["yes"] * 3
    row = next(i for i, line in table.iterrows() if "02807" in str(line["From"]))
    choose(row)
    app.button("close-ferries").click().run()
    healthy(app)
    plan = workspace(app).plan
    apart = noncontiguous(plan.units.graph, plan.alignment, plan.k)
    owner = plan.alignment[plan.units.position["02807"]]
    assert apart.tolist() == [owner] and plan.territories["name"].iloc[owner] in texts(app)
    assert "1 closed" in next(e.label for e in app.expander if "Ferries" in e.label)
    assert len(workspace(app).history.past) == len(before.history.past)
    reopened = Store().open(before.scenario_id)
    assert reopened.project.units.closed == (("02807", "02813"),)
    choose(row)
    app.button("open-ferries").click().run()
    healthy(app)
    assert workspace(app).project.units.fingerprint == before.project.units.fingerprint


def test_who_owns_what_is_enough_for_a_region(open_page: OpenPage) -> None:
    """Accounts alone open no region, and the page says what would; the list of owners does."""
    app = open_page("data")
    app.file_uploader("upload-team").set_value(("team.csv", TEAM, "text/csv"))
    accounts = b"Acct #,zip\nA,01001\n"
    app.file_uploader("upload-accounts").set_value(("accounts.csv", accounts, "text/csv")).run()
    assert app.button("read-files").disabled and "list of who owns what" in texts(app)
    owners = b"zip,rep\n1001,Ann\n1002,Bo\n"
    app.file_uploader("upload-alignment").set_value(("owners.csv", owners, "text/csv")).run()
    app.button("read-files").click().run()
    healthy(app)
    assert workspace(app).plan.to_mapping() == {"01001": "R1", "01002": "R2"}
