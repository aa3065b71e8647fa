"""``territory advise``: findings with their numbers as text and JSON, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from territory import cli
from territory.errors import InputError
from tests.pages.test_data import PLAN, TEAM, boxes


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Six squares, two reps, an alignment."""
    (tmp_path / "squares.geojson").write_bytes(boxes())
    (tmp_path / "team.csv").write_bytes(TEAM)
    (tmp_path / "plan.csv").write_bytes(PLAN)
    (tmp_path / "less.csv").write_bytes(b"unit_id,territory_id\n01000,R1\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> str:
    """What the command prints."""
    done = CliRunner().invoke(
        cli.app, ["advise", "squares.geojson", *arguments], catch_exceptions=False
    )
    assert done.exit_code == 0, done.output
    return done.stdout


def test_in_words(files: Path) -> None:
    """The answers, what weighs most and what is not known, as the page says them."""
    text = run("--plan", "less.csv", "--team", "team.csv")
    assert "Is it fair?" in text and "What weighs most:" in text and "Not known:" in text
    assert "belong to nobody" in text and "{" not in text and "nan" not in text


def test_as_json(files: Path) -> None:
    """One object; each figure with the metric it comes from."""
    told = json.loads(run("--plan", "less.csv", "--team", "team.csv", "--json"))
    (loose,) = (f for f in told["findings"] if f["kind"] == "unassigned")
    assert loose["numbers"]["count"] == {"value": 5, "source": "plan.unassigned"}
    assert len(loose["units"]) == 5 and told["questions"]


def test_a_tolerance_that_is_none(files: Path) -> None:
    """Refused in words."""
    with pytest.raises(InputError, match="between 0 and 1"):
        run("--plan", "plan.csv", "--tolerance", "15")
