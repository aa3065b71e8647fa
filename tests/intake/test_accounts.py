"""Accounts as CRM systems export them: recognised, placed, named, reconciled."""

from __future__ import annotations

import pytest

from territory.intake.accounts import read_accounts, read_accounts_report
from territory.intake.project import Files, read_project
from territory.intake.units import read_units
from tests.intake.files import csv, geojson, squares

IDS = ["01001", "01002", "01003"]


@pytest.fixture(scope="module")
def units():
    return read_units(geojson(squares(IDS)))


SALESFORCE = (
    '"Account ID","Account Name","Billing Street","Billing City","Billing State/Province",'
    '"Billing Zip/Postal Code","Type","Industry","Annual Revenue","Account Owner",'
    '"Parent Account"\n'
    '"0015g00000AbCdEFGH","Acme, Inc.","1 Main St","Agawam","MA","01001","Customer","Retail",'
    '"$1,200.50","Ann Lee","Acme Group"\n'
    '"0015g00000aBcDEFGH","Müller","","Amherst","Massachusetts","","Prospect","","","Bo Ray",""\n'
    "\n"
    '"Grand Totals (2 records)"\n'
    '"My Accounts"\n'
    '"Copyright (c) 2000-2026 salesforce.com, inc. All rights reserved."\n'
    '"Confidential Information - Do Not Distribute"\n'
)


def test_salesforce_report_as_it_comes(units):
    """The print below the table is no data; ids keep their case; a town places an account."""
    accounts, report = read_accounts_report(csv(SALESFORCE, "report.csv", "cp1252"), units)
    frame = accounts.frame
    assert list(frame.index) == ["0015g00000AbCdEFGH", "0015g00000aBcDEFGH"]
    assert frame["unit_id"].tolist() == ["01001", "01002"]
    assert frame["revenue"].iloc[0] == 1200.5 and frame["family"].iloc[0] == "Acme Group"
    assert frame["name"].iloc[1] == "Müller" and frame["owner"].tolist() == ["Ann Lee", "Bo Ray"]
    assert not report.problems
    assert any("Salesforce" in note for note in report.notes)
    assert any("of its town" in repair.message for repair in report.repairs)


def test_hubspot_export_as_it_comes(units):
    """Its own names of columns, and accounts that lie elsewhere, listed with their place."""
    text = (
        "Record ID,Company name,Company owner,Postal Code,City,State/Region,Lifecycle Stage,"
        "Annual Revenue,Industry\n"
        "901,Acme,Ann,1003,Amherst,MA,Customer,5000,RETAIL\n"
        "902,Zeta,Bo,10001,New York,NY,Lead,,\n"
    )
    accounts, report = read_accounts_report(csv(text, "hubspot.csv"), units)
    assert accounts.frame["unit_id"].tolist() == ["01003", ""]
    assert accounts.frame["status"].tolist() == ["Customer", "Lead"]
    assert any("HubSpot" in note for note in report.notes)
    assert [(p.row, "New York" in p.message) for p in report.problems] == [(3, True)]
    revenue = next(t for t in report.totals if t.measure == "accounts")
    assert (revenue.before, revenue.after, revenue.unmapped) == (2, 1, 1)


@pytest.mark.parametrize(
    ("address", "unit"),
    [
        ("36 Main St, Agawam, MA 01001", "01001"),
        ("36 Main St, Agawam, MA 01001-1234, USA", "01001"),
        ("01002 Long Road", ""),
        ("PO Box 5, Amherst MA 01004", "01003"),
        ("nowhere in particular", ""),
    ],
)
def test_placing_by_address(units, address, unit):
    """The ZIP at the end of an address counts, a house number does not."""
    text = f'id,address\na,"{address}"\nb,"1 High St, Amherst, MA 01003"\n'
    accounts = read_accounts(csv(text), units)
    assert accounts.frame["unit_id"].tolist() == [unit, "01003"]


def test_swapped_coordinates_are_turned(units):
    """Longitude under the name of latitude: turned back and said so; a few strays are not."""
    lines = "".join(f"a{i},{-71.95 + i / 10},42.05\n" for i in range(3))
    accounts, report = read_accounts_report(csv(f"id,lat,lon\n{lines}"), units)
    assert accounts.frame["unit_id"].tolist() == IDS
    assert any("swapped" in repair.message for repair in report.repairs)
    strays = "".join(f"s{i},10.5,10.5\n" for i in range(20))
    few = csv(f"id,lat,lon\n{strays}a,42.05,-71.95\nb,-71.95,42.05\nc,-71.85,42.05\n")
    assert (read_accounts(few, units).frame["unit_id"] != "").sum() == 1
    turned = "b,-71.95,42.05\n" + "".join(f"c{i},-71.85,42.05\n" for i in range(3))
    said = read_accounts_report(csv(f"id,lat,lon\n{strays}a,42.05,-71.95\n{turned}"), units)[
        1
    ].offers
    assert "1 accounts lie" in said[0] and "4 would" in said[0] and "Columns of" in said[0]
    mixed = csv("id,lat,lon\na,42.05,-71.95\nb,-71.95,42.05\n")
    assert read_accounts(mixed, units).frame["unit_id"].tolist() == ["01001", ""]


def test_accounts_without_ids_are_known_by_name(units):
    """A report without ids is usable where names are unique."""
    accounts, report = read_accounts_report(csv("Account Name,zip\nA,01001\nB,01002\n"), units)
    assert list(accounts.frame.index) == ["A", "B"]
    assert any("by its name" in repair.message for repair in report.repairs)


def test_named_accounts_belong_to_their_rep():
    """By rep id, by name, or by a flag and the owner; unknown reps are noted."""
    text = (
        "account_id,zip,owner,named_to,named_account,revenue\n"
        "a,01001,R1,,yes,10\nb,01002,R1,Bo,,20\nc,01003,R1,,,30\nd,01003,R1,Zed,,40\n"
    )
    files = Files(
        geojson(squares(IDS)),
        accounts=csv(text, "acc.csv"),
        team=csv("rep_id,name\nR1,Ann\nR2,Bo\n", "team.csv"),
    )
    project, plan, report = read_project(files)
    assert dict(plan.named_accounts) == {"a": "R1", "b": "R2"}
    assert any("Zed" in note for note in report.notes)
    assert project.units.values("revenue").sum() == 100


def test_accounts_outside_stay_in_the_whole():
    """Revenue in units + unmapped = revenue of the file."""
    text = "id,zip,revenue\na,01001,10.25\nb,90210,5.5\nc,,1\n"
    project, _, report = read_project(Files(geojson(squares(IDS)), accounts=csv(text)))
    assert project.units.unmapped == {"revenue": 6.5, "accounts": 2}
    assert project.units.values("revenue").sum() + 6.5 == 16.75
    total = next(t for t in report.totals if t.measure == "revenue")
    assert total.before == total.after + total.unmapped + total.refused


def test_columns_named_by_the_user(units):
    """What the user says a column means wins over its name; a column that is gone is refused."""
    from dataclasses import replace

    from territory.errors import InputError
    from territory.intake.source import open_source

    text = csv("id,zip,where,money\na,99999,01002,7\n")
    told = replace(open_source(text), columns={"unit_id": "where", "revenue": "money"})
    frame = read_accounts(told, units).frame
    assert (frame["unit_id"].iloc[0], frame["revenue"].iloc[0]) == ("01002", 7)
    gone = replace(told, columns={"unit_id": "elsewhere"})
    with pytest.raises(InputError, match="elsewhere"):
        read_accounts(gone, units)
