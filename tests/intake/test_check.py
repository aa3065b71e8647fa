"""``territory check``: problems are listed, the unusable is refused."""

from __future__ import annotations

import json

import pytest

from territory.errors import InputError
from territory.intake.check import inspect
from territory.intake.match import Choices
from territory.intake.units import read_units
from territory.intake.validate import validate_measures
from tests.intake.files import csv, geojson, squares, topojson


def test_clean_boundaries():
    """What was understood is in the JSON, and the text says the same."""
    report = inspect(geojson(squares(["01001", "01002", "01003"], potential=[1, 2, 3])))
    answer = json.loads(json.dumps(report.to_json()))
    assert (answer["rows"], answer["usable_rows"], answer["id_column"]) == (3, 3, "zip")
    assert answer["repairs"] == answer["problems"] == []
    assert (answer["components"], answer["ferries"]) == (1, 0)
    assert answer["mean_degree"] == pytest.approx(4 / 3, abs=0.01)
    assert "3 of 3 rows usable" in report.to_text()


def test_row_problems_are_listed():
    """Repeated ids and bad cells are problems, not errors; their rows are not usable."""
    frame = squares(["01001", "01001", "01003", "01004"], potential=["1", "2", "abc", "4"])
    report = inspect(geojson(frame))
    assert [(p.row, p.column) for p in report.problems] == [(2, "zip"), (3, "potential")]
    assert report.usable_rows == 2


def test_bare_table():
    """A table of ZIPs is checked on areas built for it; repairs are counted."""
    report = inspect(csv("zip,potential\n1001,5\n1002,-1\n01003,x\n"))
    assert report.usable_rows == 1
    assert [r.count for r in report.repairs] == [2]
    assert [p.row for p in report.problems] == [3, 4]
    assert report.components is not None
    assert any("Approximate ZIP areas" in note for note in report.notes)


def test_bare_table_of_other_ids():
    """Ids that are no US ZIPs are checked all the same, but have no neighbours."""
    report = inspect(csv("postcode,potential\nSW1A 1AA,5\nM1 1AE,6\n"))
    assert report.usable_rows == 2 and report.mean_degree is None
    assert report.measures == ("units", "potential")
    with pytest.raises(InputError, match="no US ZIPs"):
        read_units(csv("postcode,potential\nSW1A 1AA,5\nM1 1AE,6\n"))


def test_totals_reconcile():
    """What a file holds = what is in units + unmapped + refused, to the cent."""
    attributes = csv(
        "zip,potential\n01001,10.10\n01004,0.20\n99999,3.30\n01001,4\n,5\n01002,7\n", "a.csv"
    )
    report = inspect(geojson(squares(["01001", "01002", "01003"])), attributes=attributes)
    (total,) = report.to_json()["totals"]
    assert (total["file"], total["measure"]) == ("a.csv", "potential")
    assert total["before"] == pytest.approx(29.6, abs=1e-9)
    assert total["after"] == pytest.approx(17.3, abs=1e-9)
    assert total["unmapped"] == pytest.approx(3.3) and total["refused"] == pytest.approx(9)
    assert total["before"] == pytest.approx(sum(total[k] for k in ("after", "unmapped", "refused")))
    summed = inspect(
        geojson(squares(["01001", "01002", "01003"])),
        attributes=attributes,
        choices=Choices(duplicates="sum", unknown="keep"),
    )
    assert summed.totals[0].after == pytest.approx(21.3)
    assert [p.row for p in summed.blocking if p.row] == [6]


def test_tables_beside_boundaries():
    """Faults of attributes, accounts and team come in one report, each with its file."""
    report = inspect(
        geojson(squares(["01001", "01002"])),
        attributes=csv("zip,potential\n01001,1\n77777,2\n", "attrs.csv"),
        accounts=csv("account_id,zip\na,01001\nb,77777\n", "accounts.csv"),
        team=csv("rep_id,quota\nR1,x\n", "team.csv"),
    )
    assert {(p.file, p.row) for p in report.problems if p.row} == {
        ("attrs.csv", 3),
        ("accounts.csv", 3),
        ("team.csv", 2),
    }
    assert report.usable_rows == 2
    assert report.accounts == 2
    short = inspect(
        geojson(squares(["01001", "01002"])),
        attributes=csv("zip,potential\n1001,1\n1002,2\n", "attrs.csv"),
    )
    assert [r.file for r in short.repairs] == ["attrs.csv"]
    assert "attrs.csv: 2 × lost leading zeros" in short.to_text()


def test_nothing_usable_is_refused():
    """Without one usable row there is nothing to report on."""
    with pytest.raises(InputError):
        inspect(csv("zip,name\n,a\n,b\n"))
    with pytest.raises(InputError, match="known name"):
        inspect(csv("a,b\n1,1\n1,1\n"))
    with pytest.raises(InputError, match="columns are"):
        inspect(topojson(), team=csv("name\nAnn\n"))


def test_measures_of_units_at_hand():
    """Measures are checked again when they are chosen later than read."""
    units = read_units(geojson(squares(["01001", "01002"], sales=[1.0, -1.0])))
    validate_measures(units, ["units", "area_km2"])
    with pytest.raises(InputError, match="row 2, column sales"):
        validate_measures(units, ["sales"], file="zips.geojson")
    with pytest.raises(InputError, match="'nothing'"):
        validate_measures(units, ["nothing"])
