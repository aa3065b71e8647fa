"""Tables of travel times: rows or a square, units or ZIPs, with the report of every other table."""

from __future__ import annotations

import pytest

from territory.errors import InputError
from territory.intake.check import inspect
from territory.intake.files import Files
from territory.intake.mapping import propose_columns
from territory.intake.project import read_project
from territory.intake.refresh import differences, update_project
from territory.intake.tables import read_table
from territory.intake.travel_times import read_travel_times, read_travel_times_report
from territory.intake.units import read_units
from tests.intake.files import csv, geojson, squares, xlsx

AREAS = geojson(squares(["01001", "01002", "01003"]))
ROWS = "From ZIP,To ZIP,Minutes\n1001,01002,20\n01002,1001,22.5\n01001,01003-1234,41\n"


def ways(times) -> dict[tuple[str, str], float]:
    frame = times.frame
    pairs = zip(frame["from_id"], frame["to_id"], strict=True)
    return dict(zip(pairs, frame["minutes"], strict=True))


def test_rows_of_from_to_minutes():
    """Zeros come back, ZIP+4 is cut, there and back are two ways; Excel says the same."""
    wanted = {("01001", "01002"): 20, ("01002", "01001"): 22.5, ("01001", "01003"): 41}
    for upload in (csv(ROWS), xlsx([line.split(",") for line in ROWS.splitlines()])):
        times, report = read_travel_times_report(upload, read_units(AREAS))
        assert ways(times) == wanted and report.usable_rows == 3
        assert {r.message for r in report.repairs} >= {"lost leading zeros restored"}
    table = read_table(csv(ROWS))
    assert propose_columns(table, "travel_times") == {
        "from_id": "From ZIP",
        "to_id": "To ZIP",
        "travel_minutes": "Minutes",
    }


def test_a_square_and_other_clocks():
    """Ids on both sides; seconds and hours become minutes, which is told."""
    units = read_units(AREAS)
    square = csv("zip,1001,1002,1003\n1001,0,20,\n1002,21,0,9\n")
    assert ways(read_travel_times(square, units)) == {
        ("01001", "01001"): 0,
        ("01002", "01001"): 21,
        ("01001", "01002"): 20,
        ("01002", "01002"): 0,
        ("01002", "01003"): 9,
    }
    times, report = read_travel_times_report(
        csv("origin,destination,duration_seconds\n01001,01002,90\n"), units
    )
    assert ways(times) == {("01001", "01002"): 1.5}
    assert "turned into minutes" in str(report.repairs[0])


def test_zips_in_other_areas():
    """Where units are no ZIPs, a ZIP is in the area that holds it; several are averaged."""
    units = read_units(geojson(squares(["Berkshire", "Hampden", "Worcester"], "area_id")))
    # 01571 Dudley and 06262 Quinebaug lie in the first square, 01516 Douglas in the third.
    table = csv("from,to,minutes\n01571,01516,30\n06262,1516,20\n", "t.csv")
    times, report = read_travel_times_report(table, units)
    (pair,) = ways(times)
    assert pair == ("Berkshire", "Worcester") and ways(times)[pair] == 25
    assert any("averaged" in str(r) for r in report.repairs)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("01001,01002,x", "row 2, column minutes: 'x' is not a number"),
        ("01001,01002,-4", "row 2.*negative"),
        ("01001,01002,", "row 2.*missing"),
        ("01001,,5", "row 2, column to: the id is missing"),
        ("01001,01002,9000", "more than a day"),
        ("01001,01002,5\n1001,1002,6\n01001,01002,7", "row 4.*occurs again with another time"),
        ("99999,88888,5", "none of the 1 ways"),
    ],
)
def test_bad_rows(row, words):
    """Each is named by row and column, with what to do."""
    with pytest.raises(InputError, match=words) as refused:
        read_travel_times(csv(f"from,to,minutes\n{row}\n", "t.csv"), read_units(AREAS))
    assert refused.value.problems[0].remedy


def test_ways_elsewhere_are_listed_and_left_out():
    """A matrix of the whole country serves a part of it."""
    table = csv("from,to,minutes\n01001,01002,5\n01001,90210,2800\n90210,,3\n", "t.csv")
    times, report = read_travel_times_report(table, read_units(AREAS))
    assert len(times) == 1
    assert {p.row for p in report.problems} == {3, 4}
    with pytest.raises(InputError, match="no column from"):
        read_travel_times(csv("a,b,c\n1,2,3\n"), read_units(AREAS))


def test_the_same_way_twice():
    """Left out with a word where both say the same."""
    table = csv("from,to,minutes\n01001,01002,5\n1001,1002,5\n01001,01002,5\n", "t.csv")
    times, report = read_travel_times_report(table, read_units(AREAS))
    said = {r.message: r.count for r in report.repairs}
    assert len(times) == 1 and said["way that occurs again left out"] == 1
    assert said["way between the same areas averaged"] == 1


def test_with_the_project():
    """Read with the rest, checked, and read again with what changed."""
    project, _, _ = read_project(Files(AREAS, travel_times=csv(ROWS)))
    assert project.travel_times is not None and len(project.travel_times) == 3
    report = inspect(AREAS, travel_times=csv(ROWS + "01003,01002,zz\n", "t.csv"))
    assert report.to_json()["travel_times"] == 3 and "travel times: 3" in report.to_text()
    assert [(p.file, p.row) for p in report.problems] == [("t.csv", 5)]
    later, _ = update_project(project, travel_times=csv("from,to,minutes\n01001,01002,30\n"))
    found = {d.what: (d.new, d.changed, d.gone) for d in differences(project, later)}
    assert found["travel times"] == (0, 1, 2)
