"""``territory export``: a nightly job's handover, and what it refuses."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from territory import cli
from territory.errors import InputError
from tests.pages.test_data import PLAN, TEAM, boxes

ACCOUNTS = b"account_id,name,unit_id,revenue,status\nA1,Firm,a,5,customer\nA2,Shop,b,0,prospect\n"


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Six squares, two reps, an alignment, and an older one."""
    (tmp_path / "squares.geojson").write_bytes(boxes())
    (tmp_path / "team.csv").write_bytes(TEAM)
    (tmp_path / "plan.csv").write_bytes(PLAN)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> dict[str, object]:
    """The command in this process; the JSON it prints."""
    done = CliRunner().invoke(
        cli.app, ["export", "squares.geojson", *arguments, "--json"], catch_exceptions=False
    )
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout.strip().splitlines()[-1])


def refused(*arguments: str) -> str:
    """What it says about bad input, which ``main`` prints before exit 2."""
    with pytest.raises(InputError) as fault:
        CliRunner().invoke(
            cli.app, ["export", "squares.geojson", *arguments], catch_exceptions=False
        )
    return str(fault.value)


def test_a_zip_for_a_nightly_job(files):
    """Briefs, transition plan, calendar and CRM files from plain files, with a start date."""
    result = run("--plan", "plan.csv", "--team", "team.csv", "--out", "out.zip", "--formats", "pdf",
                 "--what", "briefs,transition,ics,salesforce", "--start", "2026-01-05")  # fmt: skip
    with zipfile.ZipFile(files / "out.zip") as archive:
        names = archive.namelist()
    assert len([n for n in names if n.endswith("Brief.pdf")]) == 2
    assert "For managers/Check-ins.ics" in names
    assert result["start"] == "2026-01-05" and result["files"] == ["out.zip"]
    assert any("No accounts are loaded" in line for line in result["missing"])


def test_one_thing_into_one_file(files):
    """A single part may be named by its own ending."""
    run("--plan", "plan.csv", "--out", "plan.kml", "--what", "kml")
    assert (files / "plan.kml").read_bytes().startswith(b"<?xml")


def test_a_folder(files):
    """Without an ending it is a folder; the usual parts, without a calendar nobody can date."""
    result = run("--plan", "plan.csv", "--team", "team.csv", "--out", "out", "--formats", "docx",
                 "--what", "csv,review")  # fmt: skip
    assert sorted(p.name for p in (files / "out").rglob("*") if p.is_file()) == [
        "Quarterly review.docx", "README.txt", "territory-plan.csv"
    ]  # fmt: skip
    assert result["start"] is None


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--out", "x.zip", "--what", "slides"), "nothing to export. Remedy: choose of workbook"),
        (("--out", "x.zip", "--start", "soon"), "is not a day"),
        (("--out", "x.zip", "--formats", "odt"), "is no format"),
        (("--out", "x.kml", "--what", "csv"), "does not fit --what csv"),
        (
            ("--out", "x.pdf", "--what", "review", "--formats", "docx"),
            "fit --formats docx",
        ),
        (("--out", "x.csv", "--what", "salesforce"), "name a folder or a .zip"),
        (("--out", "gone/x.zip"), "folder of this file does not exist"),
        (("--out", "x.zip", "--tolerance", "7"), "is not between 0 and 1"),
    ],
)
def test_bad_arguments_are_one_clear_sentence(files, arguments, words):
    """Refused before anything is read or written."""
    before = sorted(files.iterdir())
    assert words in refused("--plan", "plan.csv", *arguments)
    assert sorted(files.iterdir()) == before
