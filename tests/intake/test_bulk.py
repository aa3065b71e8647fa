"""Long tables of accounts, summed by DuckDB: the same figures as one by one, the same words."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from territory.errors import Cancelled, InputError
from territory.intake.accounts import read_accounts, read_accounts_report
from territory.intake.bulk import sum_accounts
from territory.intake.project import Files, read_project
from territory.intake.units import read_units
from tests.intake.files import csv, geojson, squares

IDS = ["01001", "01002", "01003"]


@pytest.fixture(scope="module")
def units():
    return read_units(geojson(squares(IDS)))


ROWS = (
    'id;Billing Zip;revenue;name\na;1001;"$1,200.50";"x; y"\nb;01002-7777;(0);z\n'
    "c;1004; 7 ;\nd;01003;;q\ne;10001;3;r\n"
)


def test_the_same_sums_as_one_by_one(units):
    """Delimiters, quotes, money, lost zeros, ZIP+4, PO boxes: equal to the careful reader."""
    sums = sum_accounts(csv(ROWS), units)
    single = read_accounts(csv(ROWS), units).per_unit(units)
    pd.testing.assert_frame_equal(
        sums.frame, single[["accounts", "revenue"]], check_names=False, check_dtype=False
    )
    revenue = next(t for t in sums.report.totals if t.measure == "revenue")
    assert (revenue.before, revenue.unmapped) == (1210.5, 3)
    assert sums.report.usable_rows == 4 and "New York" in sums.report.problems[0].message


def test_decimal_commas_and_parquet(units, tmp_path):
    """A German file, and columns of numbers that are no text."""
    german = csv("id;zip;revenue\na;01001;1.234,50\nb;01002;3,5\n")
    assert sum_accounts(german, units).frame["revenue"].tolist() == [1234.5, 3.5, 0]
    path = tmp_path / "a[1]*.parquet"
    pd.DataFrame({"id": [1, 2], "zip": [1001, 1003], "revenue": [0.5, 2]}).to_parquet(path)
    assert sum_accounts(path, units).frame["revenue"].tolist() == [0.5, 0, 2]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("id,zip,revenue\na,01001,1\nb,01002,abc\n", r"row 3.*'abc' is no number"),
        ("id,zip,revenue\na,01001,1\nb,01002,-4\n", r"row 3.*'-4' is negative"),
        ("id,zip,revenue\na,01001,inf\n", r"row 2.*'inf'"),
        ("id,zip,revenue\na,01001,1\na,01002,2\n", r"1 account.*again.*'a'"),
        ("id,zip,revenue\na,01001,1\n,01002,2\n", r"1 account.*no id"),
        ("id,zip,revenue\na,01001,1\nb,01002,2,3\n", r"cells|quotes"),
        ("id,revenue\na,1\n", r"zip \(or unit_id\)"),
        ("id,zip\na,90210\n", r"none of the 1 accounts"),
    ],
)
def test_faults_are_named(units, text, words):
    """File, row and remedy; nothing of the temporary folder."""
    with pytest.raises(InputError, match=words) as refused:
        sum_accounts(csv(text, "acc.csv"), units)
    assert "acc.csv" in str(refused.value) and "/tmp" not in str(refused.value)
    assert refused.value.problems[0].remedy


def test_progress_and_cancel(units, tmp_path):
    """Whoever waits is told how far it is, and may stop it."""
    path = tmp_path / "long.csv"
    body = "".join(f"{i},0100{1 + i % 3},{i % 100}\n" for i in range(300_000))
    path.write_text("id,zip,revenue\n" + body)
    seen: list[float] = []
    sums = sum_accounts(path, units, progress=seen.append)
    assert sums.frame["accounts"].sum() == 300_000
    assert all(0 <= share <= 1 for share in seen)
    with pytest.raises(Cancelled):
        sum_accounts(path, units, cancel=lambda: True)


def test_long_files_take_this_way(tmp_path, monkeypatch):
    """A project with a long file of accounts has their measures, and keeps none of them."""
    monkeypatch.setattr("territory.intake.bulk.BULK_BYTES", 10)
    accounts = csv("id,zip,revenue\na,01001,5\nb,01001,6\nc,90210,1\n", "acc.csv")
    project, _, report = read_project(Files(geojson(squares(IDS)), accounts=accounts))
    assert project.accounts is None and report.accounts == 3
    assert project.units.values("revenue").tolist() == [11, 0, 0]
    assert project.units.values("accounts").tolist() == [2, 0, 0]
    assert project.units.unmapped == {"revenue": 1, "accounts": 1}
    assert np.isfinite(project.units.values("revenue")).all()


def test_zips_find_the_county_that_holds_them():
    """Where units are no ZIPs: one by one and in bulk alike; a ZIP elsewhere stays unmapped."""
    counties = read_units(geojson(squares(["Berkshire", "Hampden", "Worcester"], "area_id")))
    # Dudley and Quinebaug lie in the first square, Douglas in the third.
    upload = csv("id,zip,revenue\na,01571,1\nb,6262,2\nc,01516,4\nd,90210,8\n")
    one_by_one, report = read_accounts_report(upload, counties)
    assert one_by_one.frame["unit_id"].tolist() == ["Berkshire", "Berkshire", "Worcester", ""]
    assert report.totals[0].unmapped == 8
    assert sum_accounts(upload, counties).frame["revenue"].tolist() == [3, 0, 4]
