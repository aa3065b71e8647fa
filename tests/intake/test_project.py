"""A project from several files: what each adds, and what is refused."""

from __future__ import annotations

import pytest

from territory.errors import InputError
from territory.intake.project import Files, read_project
from territory.intake.refresh import update_project
from tests.intake.files import csv, geojson, squares

ACCOUNTS = csv("account_id,zip,revenue\nA,01001,10\nB,01001,5\nC,01002,7\n", "accounts.csv")


def test_accounts_bring_measures():
    """How many accounts a unit has and what they buy can be balanced without further columns."""
    files = Files(geojson(squares(["01001", "01002"])), accounts=ACCOUNTS)
    project, _, _ = read_project(files, measures=["accounts", "revenue"])
    assert project.units.values("accounts").tolist() == [2, 1]
    assert project.units.values("revenue").tolist() == [15, 7]


def test_owners_are_reps_by_id_or_by_name():
    """So that accounts and plan agree on who has what; a stranger stays as written."""
    accounts = csv("Acct #,zip,owner\nA,01001,R1\nB,01001,ANN LEE\nC,01002,Zoe\n", "accounts.csv")
    team = csv("rep_id,name\nR1,Ann Lee\nR2,Bo\n", "team.csv")
    owners = csv("zip,rep\n01001,Ann Lee\n01002,Zoe\n", "owners.csv")
    areas = geojson(squares(["01001", "01002"]))
    project, plan, report = read_project(
        Files(areas, accounts=accounts, team=team, alignment=owners)
    )
    assert project.accounts is not None
    assert project.accounts.frame["owner"].tolist() == ["R1", "R1", "Zoe"]
    assert plan.to_mapping() == {"01001": "R1", "01002": "Zoe"}
    assert any("not in the team" in note and "Zoe" in note for note in report.notes)
    near = csv("zip,rep\n01001,An Lee\n", "owners.csv")
    _, _, report = read_project(Files(areas, team=team, alignment=near))
    assert any("An Lee (meant: Ann Lee?)" in note for note in report.notes)
    later, _ = update_project(project, accounts=accounts)
    assert later.accounts is not None and later.accounts.frame["owner"].tolist()[1] == "R1"


def test_the_list_of_who_owns_what_may_be_the_region():
    """Its ZIPs are the units; its owners are the plan, and no fact about a unit."""
    owners = csv("ZIP,Rep,beds\n1001,Ann,4\n1002,Bo,5\n", "owners.csv")
    project, plan, _ = read_project(Files(owners, alignment=owners))
    assert plan.to_mapping() == {"01001": "Ann", "01002": "Bo"}
    assert "Rep" not in project.units.attributes and "beds" in project.units.attributes


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


def test_repairs_of_every_table_are_in_the_report():
    """Team, quotas and sales are repaired like boundaries and accounts: counted, with the file."""
    project, _, report = read_project(
        Files(
            geojson(squares(["01001", "01002"])),
            team=csv('rep_id,home_zip,capacity_hours\nR1,1001,"1,600"\n', "team.csv"),
            quotas=csv("rep_id,quota\nR1,$5\n", "quotas.csv"),
            sales=csv("zip,period,amount\n1001,2025,(7)\n", "sales.csv"),
        )
    )
    assert project.team is not None and project.team.frame.loc["R1", "quota"] == 5
    assert {"team.csv", "quotas.csv", "sales.csv"} <= {repair.file for repair in report.repairs}
