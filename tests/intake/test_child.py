"""Reading in a process apart: limits, cancel, and the same answers as without."""

from __future__ import annotations

import io

import pandas as pd
import pytest

from territory.errors import Cancelled, InputError
from territory.intake.child import Reading, read_apart
from territory.intake.files import Files
from territory.intake.source import Source
from tests.intake.files import csv, geojson, squares

IDS = ["01001", "01002", "01003"]


def test_a_project_comes_back_whole():
    """Units, team, named accounts and report, and every stage was told."""
    stages: list[str] = []
    project, plan, report = read_apart(
        "read_project",
        files=Files(
            geojson(squares(IDS, sales=[1, 2, 3])),
            accounts=csv("id,zip,named_to\na,01001,R1\n"),
            team=csv("rep_id\nR1\n"),
        ),
        tell=stages.append,
    )
    assert list(project.units.ids) == IDS and dict(plan.named_accounts) == {"a": "R1"}
    assert report.usable_rows == 3
    assert set(stages) <= {"Starting the reader", "Reading the areas and finding neighbours",
                           "Reading the tables"}  # fmt: skip


def test_problems_come_back_as_they_are():
    """The same words as from the reader itself."""
    with pytest.raises(InputError) as refused:
        read_apart("inspect", units=csv("zip,potential\n01001\n", "short.csv"))
    (problem,) = refused.value.problems
    assert (problem.file, problem.row) == ("short.csv", 2) and problem.remedy


@pytest.mark.parametrize(
    ("limits", "words"), [({"seconds": 0.0}, "too long"), ({"memory": 1000}, "too much memory")]
)
def test_limits(limits, words):
    """A reader that exceeds its time or memory is ended, in words that name the file."""
    reading = Reading("inspect", {"units": geojson(squares(IDS))}, **limits)
    with pytest.raises(InputError, match=words) as refused:
        reading.result()
    assert "zips.geojson" in str(refused.value)


def test_a_reader_that_dies_costs_a_message(monkeypatch):
    """Killed from outside, as by a crash in a library."""
    reading = Reading("inspect", {"units": geojson(squares(IDS))})
    reading._process.kill()
    with pytest.raises(InputError, match="makes the reader fail"):
        reading.result()


def test_cancel():
    """Whoever stops it gets no result, and nothing stays behind."""
    with pytest.raises(Cancelled):
        read_apart("inspect", units=geojson(squares(IDS)), cancel=lambda: True)


def test_first_rows_are_read_apart_too():
    """What the page shows before anything is taken: of Parquet, plain columns as text."""
    frame = pd.DataFrame({"zip": ["01001"] * 300, "n": range(300), "list": [[1]] * 300})
    out = io.BytesIO()
    frame.to_parquet(out)
    head = read_apart("first_rows", source=Source("a.parquet", upload=out.getvalue()))
    assert head.shape == (200, 2) and head["n"].iloc[-1] == "199"
    broken = Source("a.parquet", upload=out.getvalue()[:-300] + out.getvalue()[-280:])
    with pytest.raises(InputError, match=r"a\.parquet.*Parquet file is damaged"):
        read_apart("first_rows", source=broken)
