"""A folder that files are dropped into: read again when they change."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from territory.cli_watch import files_in, watch
from territory.errors import InputError
from tests.intake.files import geojson, squares
from tests.test_cli import refused


@pytest.fixture
def drop(tmp_path: Path) -> Path:
    """Three squares, a team, an export of accounts."""
    (tmp_path / "zips_2026.geojson").write_bytes(geojson(squares(["01001", "01002", "01003"]))[1])
    (tmp_path / "sales team.csv").write_text("rep_id,quota\nR1,5\n")
    (tmp_path / "Account export.csv").write_text("id,zip,revenue\na,01001,5\n")
    (tmp_path / "~$notes.xlsx").write_bytes(b"lock")
    (tmp_path / "readme.md").write_text("hello")
    return tmp_path


def test_files_are_told_apart_by_name(drop: Path) -> None:
    """Boundaries by their kind, tables by the words in their names, the rest left alone."""
    (drop / "sales team.csv").rename(drop / "team.csv")
    files = files_in(drop)
    assert [Path(str(p)).name for p in (files.boundaries, files.team, files.accounts)] == [
        "zips_2026.geojson",
        "team.csv",
        "Account export.csv",
    ]
    assert files.sales is None


def test_changes_are_told(
    drop: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """First the report, then what a changed file changes, then a fault, which ends nothing."""
    (drop / "sales team.csv").rename(drop / "team.csv")
    steps = iter(
        [
            lambda: (drop / "Account export.csv").write_text("id,zip,revenue\na,1001,6\nb,01002,1"),
            lambda: None,
            lambda: (drop / "team.csv").write_text("rep_id,quota\nR1,much\n"),
            lambda: None,
        ]
    )
    monkeypatch.setattr("territory.cli_watch.sleep", lambda _: next(steps)())
    watch(drop, as_json=True, rounds=5)
    first, second, third = map(json.loads, capsys.readouterr().out.splitlines())
    assert first["accounts"] == 1 and first["changes"] == []
    accounts = next(c for c in second["changes"] if c["table"] == "accounts")
    assert (accounts["new"], accounts["changed"], accounts["gone"]) == (1, 1, 0)
    assert third["problems"][0]["row"] == 2 and third["problems"][0]["file"] == "team.csv"


def test_what_cannot_be_watched(tmp_path: Path) -> None:
    """No folder, an empty one, or nothing to check at all."""
    with pytest.raises(InputError, match="no such folder"):
        files_in(tmp_path / "none")
    with pytest.raises(InputError, match="no boundaries"):
        files_in(tmp_path)
    assert "either a file of units or --watch" in refused("check")
    assert "--duplicates" in refused("check", "x.csv", "--duplicates", "maybe")
