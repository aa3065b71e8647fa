"""Reps, accounts and sales from tables."""

from __future__ import annotations

import numpy as np
import pytest

from territory.errors import InputError
from territory.intake.accounts import read_accounts, read_accounts_report
from territory.intake.sales import read_sales
from territory.intake.team import read_team
from territory.intake.units import read_units
from tests.intake.files import csv, geojson, squares, xlsx


@pytest.fixture(scope="module")
def units():
    """Three ZIPs in a row."""
    return read_units(geojson(squares(["01001", "01002", "01003"])))


def test_team_under_common_names():
    """Column names vary in case, spaces and words; odd names stay unchanged."""
    team = read_team(
        csv('Rep ID,Full Name,Home ZIP,Capacity,Quota,Car\nR1,<b>NA</b>,1001,"1,600",$5,red\n')
    )
    row = team.frame.loc["R1"]
    assert row["name"] == "<b>NA</b>"
    assert row["home_zip"] == "01001"
    assert (row["capacity_hours"], row["quota"]) == (1600, 5)
    assert row["Car"] == "red"


def test_team_needs_only_ids():
    """All but rep_id is optional."""
    team = read_team(csv("rep_id\n1\n2\n"))
    assert team.ids == ("1", "2")
    assert team.capacities is None


def test_ids_of_reps_stay_as_typed():
    """Rep numbers are no ZIPs: nothing is padded."""
    assert read_team(csv("rep_id\n123\n12345\n1E5\n")).ids == ("123", "12345", "1E5")


def test_team_faults_with_rows():
    """A repeated id, a missing id and a word for a number are named together."""
    with pytest.raises(InputError) as refused:
        read_team(csv("rep_id,quota\nR1,1\nR1,2\n,3\nR2,lots\nR3,-1\n"))
    assert sorted(p.row for p in refused.value.problems) == [3, 4, 5, 6]
    with pytest.raises(InputError, match=r"rep_id.*columns are: name"):
        read_team(csv("name\nAnn\n"))


def test_accounts_by_zip_then_by_coordinates(units):
    """ZIPs are repaired; without a known one the coordinates decide; the rest is unplaced."""
    accounts = read_accounts(
        csv(
            "Account ID,Account Name,Billing Zip/Postal Code,lat,lon,Annual Revenue\n"
            'a,A,1001,,,"$1,000"\n'
            "b,B,,42.05,-71.85,5\n"
            "c,C,99999,,,\n"
            "d,D,01003-1234,,,7\n"
        ),
        units,
    )
    assert accounts.frame["unit_id"].tolist() == ["01001", "01002", "", "01003"]
    assert accounts.frame["revenue"].tolist()[:2] == [1000, 5]
    assert np.isnan(accounts.frame.at["c", "revenue"])
    assert any("1 accounts lie in no unit" in note for note in accounts.frame.attrs["notes"])


def test_unplaced_accounts_are_problems_with_rows(units):
    """The report names the row of each account that has no unit."""
    _, report = read_accounts_report(csv("account_id,zip\na,01001\nb,99999\nc,\n"), units)
    assert [p.row for p in report.problems] == [3, 4]
    assert report.usable_rows == 1
    assert not report.blocking


def test_account_faults(units):
    """Repeated ids and bad numbers are refused; a file of another region is, too."""
    with pytest.raises(InputError) as refused:
        read_accounts(csv("account_id,zip,revenue\na,01001,x\na,01001,1\n"), units)
    assert sorted(p.row for p in refused.value.problems) == [2, 3]
    with pytest.raises(InputError, match="none of the 1 accounts"):
        read_accounts(csv("account_id,zip\na,99999\n"), units)
    with pytest.raises(InputError, match="where the accounts are"):
        read_accounts(csv("account_id,name\na,A\n"), units)


def test_workload_from_visits(units):
    """Hours are visits × minutes / 60 where the table has none."""
    accounts = read_accounts(
        xlsx([["account_id", "zip", "Visits per Year", "Minutes per Visit"], ["a", 1001, 12, 30]]),
        units,
    )
    assert accounts.frame["workload_hours"].tolist() == [6]


def test_sales(units):
    """Sales may be negative (returns); unknown units are refused with their row."""
    sales = read_sales(csv("zip,quarter,amount\n1001,2025Q1,10\n1001,2025Q2,-3\n"), units)
    assert sales.frame["unit_id"].tolist() == ["01001", "01001"]
    assert sales.frame["amount"].tolist() == [10, -3]
    with pytest.raises(InputError, match="row 2, column zip: '99999'"):
        read_sales(csv("zip,quarter,amount\n99999,2025Q1,10\n"), units)
    with pytest.raises(InputError, match="no column period"):
        read_sales(csv("zip,amount\n01001,10\n"), units)


def test_sales_by_account(units):
    """A table may say who bought and where; either may be missing, and gaps are filled."""
    accounts = read_accounts(csv("account_id,zip\na,01001\nb,01002\n"), units)
    table = "account_id,zip,quarter,amount,New customers\na,1001,2025Q1,10,1\nb,,2025Q1,5,\n"
    both = read_sales(csv(table), units, accounts)
    assert both.frame["account_id"].tolist() == ["a", "b"]
    assert both.frame["unit_id"].tolist() == ["01001", "01002"]
    assert both.frame["new_customers"].tolist() == [1, 0]
    alone = read_sales(csv("account_id,quarter,amount\nb,2025Q1,10\nx,2025Q1,4\n"), units, accounts)
    assert alone.frame["account_id"].tolist() == ["b"]
    assert alone.frame["unit_id"].tolist() == ["01002"]
    assert "1 row(s) with 4.00 are of accounts" in alone.frame.attrs["notes"][-1]
    plain = read_sales(csv("zip,quarter,amount\n1001,2025Q1,10\n"), units, accounts)
    assert list(plain.frame.columns) == ["unit_id", "period", "amount"]
    with pytest.raises(InputError, match="row 2, column zip: the id is missing"):
        read_sales(csv("account_id,zip,quarter,amount\nx,,2025Q1,10\n"), units, accounts)


def test_lost_homes_are_a_note(units):
    """A home in no unit, or a gap beside homes that are known; silence where nobody has one."""
    team = read_team(csv("rep_id,home_zip\nA,1001\nB,99999\nC,\n", "team.csv"), units)
    told = "team.csv: the home of 2 rep(s) is unknown or outside the region: B, C."
    assert team.frame.attrs["notes"][-1] == told
    assert read_team(csv("rep_id,home_zip\nA,1001\n"), units).frame.attrs["notes"][1:] == ()
    assert read_team(csv("rep_id\nA\n"), units).frame.attrs["notes"] == ()


def test_dates_are_read_as_people_write_them():
    """Month first, unless some day beyond 12 or dots show otherwise; text dates; times cut off."""
    header = "rep_id,start_date,Last Day\n"
    american = read_team(csv(header + "R1,1/2/2026,2026-03-31 00:00:00\nR2,,5 March 2024\n"))
    assert american.frame["start_date"].tolist() == ["2026-01-02", ""]
    assert american.frame["end_date"].tolist() == ["2026-03-31", "2024-03-05"]
    assert any("month first" in note for note in american.frame.attrs["notes"])
    european = read_team(csv(header + "R1,13/2/2026,\nR2,1/2/2026,1.2.2026\n"))
    assert european.frame["start_date"].tolist() == ["2026-02-13", "2026-02-01"]
    assert european.frame["end_date"].tolist() == ["", "2026-02-01"]


def test_what_is_no_date_is_named_with_its_row():
    """A word and the thirtieth of February."""
    with pytest.raises(InputError) as fault:
        read_team(csv("rep_id,start_date\nR1,soon\nR2,2026-02-30\nR3,2026-02-28\n"))
    rows = [(p.row, p.value) for p in fault.value.problems]
    assert rows == [(2, "soon"), (3, "2026-02-30")]


def test_part_time_under_common_names():
    """60 %, 60 and 0.6, called FTE; a word is a problem."""
    team = read_team(csv("rep_id,FTE\nR1,60 %\nR2,60\nR3,0.6\nR4,\n"))
    assert team.frame["part_time"].tolist()[:3] == [0.6, 60.0, 0.6]
    assert np.isnan(team.frame["part_time"].iloc[3])
    with pytest.raises(InputError, match="half"):
        read_team(csv("rep_id,part_time\nR1,half\n"))


def test_the_call_plan_is_read_under_common_names(units):
    """Calls per year and minutes become numbers that every figure finds, with coordinates."""
    table = "account_id,zip,calls_per_year,Visit Minutes,Latitude,Longitude\n"
    found = read_accounts(csv(table + 'A1,01001,"1,200",45,42.1,-72.6\nA2,01002,,30,,\n'), units)
    assert found.frame["visits_per_year"].tolist()[0] == 1200
    assert found.frame["minutes_per_visit"].tolist() == [45, 30]
    assert np.isnan(found.frame["visits_per_year"].iloc[1])
    assert found.frame["lat"].tolist()[0] == 42.1 and found.frame["lon"].tolist()[0] == -72.6
    assert found.frame["workload_hours"].tolist()[0] == 900
