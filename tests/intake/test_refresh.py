"""Files read again: what is new, changed and gone, and updates by id."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from territory.errors import InputError
from territory.intake.files import Files
from territory.intake.project import read_project
from territory.intake.refresh import compare, differences, update_project
from tests.intake.files import csv, geojson, squares

IDS = ["01001", "01002", "01003"]


def project(accounts: str = "id,zip,revenue\na,01001,1\nb,01002,2\n"):
    files = Files(geojson(squares(IDS)), accounts=csv(accounts), team=csv("rep_id,quota\nR1,5\n"))
    return read_project(files)[0]


def test_new_changed_gone():
    """Counted by id; a gap equals a gap, and the order of rows is nothing."""
    old = pd.DataFrame({"x": [1.0, np.nan, 3]}, index=["a", "b", "c"])
    new = pd.DataFrame({"x": [4.0, np.nan, 9]}, index=["c", "b", "d"])
    found = compare("things", old, new)
    assert (found.new, found.changed, found.gone) == (1, 1, 1)
    assert found.examples == ("+ d", "≠ c", "− a") and found.any
    assert not compare("things", old, old[::-1]).any


def test_accounts_are_updated_by_id():
    """New, changed and gone accounts; the sums of units follow."""
    before = project()
    after, report = update_project(before, accounts=csv("id,zip,revenue\nb,01002,5\nc,01003,7\n"))
    found = {d.what: d for d in differences(before, after)}
    assert (found["accounts"].new, found["accounts"].changed, found["accounts"].gone) == (1, 1, 1)
    assert after.units.values("revenue").tolist() == [0, 5, 7]
    assert found["reps"].any is False and report.accounts == 2
    assert before.units.values("revenue").tolist() == [1, 2, 0], "the old project is as it was"


def test_measures_of_the_boundaries_stay():
    """What the boundary file says is not overwritten by sums of accounts."""
    files = Files(geojson(squares(IDS, revenue=[10.0, 20, 30])), accounts=csv("id,zip\na,01001\n"))
    before = read_project(files)[0]
    after, _ = update_project(before, accounts=csv("id,zip,revenue\na,01001,5\n"))
    assert after.units.values("revenue").tolist() == [10, 20, 30]


def test_a_bad_update_changes_nothing():
    """The fault is named; the project is the one it was."""
    before = project()
    with pytest.raises(InputError, match="row 2"):
        update_project(before, accounts=csv("id,zip,revenue\na,01001,abc\n"))
    assert before.accounts is not None and len(before.accounts) == 2


def test_team_and_sales():
    """Each table is compared on its own."""
    before = project()
    after, _ = update_project(
        before, team=csv("rep_id,quota\nR2,5\n"), sales=csv("zip,period,amount\n01001,2025Q1,3\n")
    )
    found = {d.what: (d.new, d.changed, d.gone) for d in differences(before, after)}
    assert found["reps"] == (1, 0, 1) and found["sales"] == (1, 0, 0)
