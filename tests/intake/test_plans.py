"""PLAN.csv and lock tables."""

from __future__ import annotations

import pytest

from territory.errors import InputError
from territory.intake.match import Choices
from territory.intake.plans import read_alignment, read_alignment_report, read_locks
from territory.intake.units import read_units
from tests.intake.files import csv, geojson, squares, xlsx


@pytest.fixture(scope="module")
def units():
    """Three ZIPs in a row."""
    return read_units(geojson(squares(["01001", "01002", "01003"])))


def test_plan(units):
    """Ids stay text; an empty territory and an absent unit are unassigned."""
    plan = read_alignment(csv("unit_id,territory_id\n01001,007\n01002,\n"), units)
    assert plan == {"01001": "007"}


def test_plan_under_other_names(units):
    """The unit's own id name, a rep instead of a territory, zeros lost by Excel."""
    plan = read_alignment(xlsx([["Rep", "ZIP", "Population"], ["R1", 1001, 5]]), units)
    assert plan == {"01001": "R1"}


def test_plan_faults(units):
    """Unknown, doubled and missing units are refused together, by row."""
    with pytest.raises(InputError) as refused:
        read_alignment(csv("unit_id,territory_id\n01001,A\n99999,A\n01001,B\n,B\n"), units)
    assert [p.row for p in refused.value.problems] == [3, 4, 5]
    with pytest.raises(InputError, match="no column territory_id"):
        read_alignment(csv("unit_id,x\n01001,1\n"), units)


def test_locks(units):
    """Any of the three columns locks what it names; blank cells lock nothing."""
    locks = read_locks(csv("unit_id,territory_id,account_id\n1001,,\n,T2,\n,,A9\n"), units)
    assert locks.units == {"01001"}
    assert locks.territories == {"T2"}
    assert locks.accounts == {"A9"}


def test_lock_faults(units):
    """An unknown unit is refused by row; a table without the columns is no lock table."""
    with pytest.raises(InputError, match="row 2, column unit_id: '5'"):
        read_locks(csv("unit_id\n5\n"), units)
    with pytest.raises(InputError, match="no column unit_id, territory_id or account_id"):
        read_locks(csv("a,b\n1,2\n"), units)


def test_lists_of_every_zip_of_a_country():
    """PO boxes follow the area around them, whose own row wins; the rest may be left out."""
    units = read_units(geojson(squares(["01001", "01002", "01003"])))
    rows = "unit_id,territory_id\n01004,B\n1002,A\n01059,C\n01003,\n90210,Z\n"
    with pytest.raises(InputError, match=r"row 6.*'90210'"):
        read_alignment(csv(rows), units)
    found, report = read_alignment_report(csv(rows), units, Choices(unknown="keep"))
    assert found["01002"] == "A" and "01003" not in found and "Z" not in found.values()
    assert not report.blocking and [p.row for p in report.problems] == [6]
    assert "1 row(s) are of no area" in report.notes[0] and report.usable_rows == 4
