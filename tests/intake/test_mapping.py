"""What columns mean: by name, by content, as the user said; and the preview of it."""

from __future__ import annotations

import pandas as pd

from territory.intake.mapping import FIELDS, layout_key, preview, propose_columns
from territory.intake.names import SYNONYMS
from territory.intake.tables import read_table
from tests.intake.files import csv


def test_by_name_then_by_content():
    """Known names first; codes, coordinates and ids are recognised by what they hold."""
    table = read_table(
        csv(
            "Ref,Customer,Standort,Breite,Laenge,Umsatz\n"
            "x1,A,01001,42.06121,-72.61231,5\nx2,B,02110,42.35662,-71.05012,6\n"
            "x3,C,04101,43.66121,-70.25532,7\n"
        )
    )
    found = propose_columns(table, "accounts")
    assert found["unit_id"] == "Standort" and found["name"] == "Customer"
    assert (found["lat"], found["lon"]) == ("Breite", "Laenge")
    assert found["account_id"] == "Ref" and found["revenue"] == "Umsatz"
    streets = read_table(csv("Kunde,PLZ,Weg\nA,01001,Hof 1\nB,02110,Hof 2\n"))
    assert propose_columns(streets, "accounts") == {"name": "Kunde", "unit_id": "PLZ"}


def test_numbers_are_no_zips():
    """Round money and row numbers are not taken for codes or ids."""
    table = read_table(csv("name,money,n\nA,99999,1\nB,88888,2\nC,77777,3\n"))
    found = propose_columns(table, "accounts")
    assert "unit_id" not in found and "account_id" not in found


def test_each_column_is_used_once():
    """A column that means one thing doesn't mean another."""
    for kind in FIELDS:
        table = read_table(csv("id,zip,rep,sales,amount,period\na,01001,R1,1,2,2025Q1\n"))
        found = propose_columns(table, kind)
        assert len(set(found.values())) == len(found)


def test_preview_shows_what_will_be_read():
    """Zeros are back, money is a number, and the order is ours."""
    table = read_table(csv('id,zip,Umsatz\na,1001,"$1,200"\nb,02110-1234,(5)\n'))
    shown = preview(table, {"account_id": "id", "unit_id": "zip", "revenue": "Umsatz", "lat": ""})
    assert shown["unit_id"].tolist() == ["01001", "02110"]
    assert shown["revenue"].tolist() == [1200, -5] and "lat" not in shown


def test_layouts_differ_by_header():
    """Order and names matter; rows don't."""
    assert layout_key(["a", "b"]) != layout_key(["b", "a"]) != layout_key(["ab"])
    assert layout_key(["a", "b"]) == layout_key(("a", "b"))


def test_every_field_has_names():
    """Nothing is asked for that no column could be recognised as."""
    assert {f for fields in FIELDS.values() for f in fields} <= set(SYNONYMS)


def test_a_spreadsheets_short_words_are_understood():
    """ "Acct #" is the account's id, "Calls / Yr" its visits; nothing of it has to be said."""
    header = (
        "Acct #", "Account Name", "City", "St", "Zip Code", "Class", "Type", "TTM Revenue",
        "Est. Potential", "Calls / Yr", "Acct Owner",
    )  # fmt: skip
    table = pd.DataFrame([["x"] * len(header)], columns=list(header))
    assert propose_columns(table, "accounts") == {
        "account_id": "Acct #",
        "name": "Account Name",
        "unit_id": "Zip Code",
        "city": "City",
        "state": "St",
        "segment": "Class",
        "status": "Type",
        "revenue": "TTM Revenue",
        "potential": "Est. Potential",
        "visits": "Calls / Yr",
        "owner": "Acct Owner",
    }
    team = pd.DataFrame([["x"] * 2], columns=["Rep ID", "Hrs / Yr"])
    assert propose_columns(team, "team") == {"rep_id": "Rep ID", "capacity_hours": "Hrs / Yr"}
