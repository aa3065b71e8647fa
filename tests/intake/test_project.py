"""A project from several files: what each adds, and what is refused."""

from __future__ import annotations

import pytest

from territory.errors import InputError
from territory.intake.project import Files, read_project
from tests.intake.files import csv, geojson, squares

ACCOUNTS = csv("account_id,zip,revenue\nA,01001,10\nB,01001,5\nC,01002,7\n", "accounts.csv")


def test_accounts_bring_measures():
    """How many accounts a unit has and what they buy can be balanced without further columns."""
    files = Files(geojson(squares(["01001", "01002"])), accounts=ACCOUNTS)
    project, _, _ = read_project(files, measures=["accounts", "revenue"])
    assert project.units.values("accounts").tolist() == [2, 1]
    assert project.units.values("revenue").tolist() == [15, 7]


def test_a_column_of_the_boundaries_comes_first_and_is_checked():
    """Where both have it, the region's own numbers count, and its bad cells are named."""
    files = Files(geojson(squares(["01001", "01002"], revenue=["1", "x"])), accounts=ACCOUNTS)
    with pytest.raises(InputError, match="row 2, column revenue: 'x' is not a number"):
        read_project(files, measures=["revenue"])


def test_without_accounts_their_measures_are_unknown():
    """The message names what there is."""
    with pytest.raises(InputError, match=r"no column 'accounts'.*units, area_km2"):
        read_project(Files(geojson(squares(["01001", "01002"]))), measures=["accounts"])


@pytest.mark.parametrize(
    ("column", "ids", "word"),
    [
        ("zip", ["01001", "01002", "01003"], "ZIPs"),
        ("GEOID", ["25001", "25003", "25005"], "areas"),
        ("ZCTA5CE20", ["01001", "01002", "01003"], "ZIPs"),
        ("PLZ", ["x1", "x2", "x3"], "PLZ"),
        ("postcode", ["LS1", "LS2", "LS3"], "postcodes"),
        ("county_fips", ["25001", "25003", "25005"], "counties"),
        ("code", ["a", "b", "c"], "areas"),
    ],
)
def test_units_are_called_what_they_are(column, ids, word):
    """By the name of their id; nobody's postcodes are called ZIPs."""
    assert read_project(Files(geojson(squares(ids, column))))[0].settings.word("units") == word
