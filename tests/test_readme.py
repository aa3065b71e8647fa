"""What README promises is run, not only read."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from territory.cli import app

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """Fenced code of one language."""
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


@pytest.mark.slow
def test_the_library_example_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten lines from units to a workbook."""
    (example,) = blocks("python")
    assert len(example.splitlines()) <= 10
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").symlink_to(ROOT / "data")
    names: dict[str, object] = {}
    exec(example, names)
    result = names["result"]
    assert result.noncontiguous == 0  # type: ignore[attr-defined]
    assert max(result.max_deviation.values()) <= 0.05  # type: ignore[attr-defined]
    assert (tmp_path / "plan.xlsx").read_bytes()[:2] == b"PK"


@pytest.mark.slow
def test_the_commands_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each line of the command-line section but the one that serves."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").symlink_to(ROOT / "data")
    lines = [line for block in blocks("bash") for line in block.splitlines()]
    commands = [line for line in lines if line.startswith("territory ")]
    assert len(commands) == 6
    for line in commands:
        words = shlex.split(line)[1:]
        done = CliRunner().invoke(app, ["app", "--help"] if words[0] == "app" else words)
        assert done.exit_code == 0, (line, done.output)


def test_ci_runs_the_test_command_to_the_letter() -> None:
    """What CI runs is what README tells a newcomer to run."""
    (command,) = [
        line for block in blocks("bash") for line in block.splitlines() if "pytest" in line
    ]
    assert command in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_every_file_it_names_is_there() -> None:
    """Links and pictures lead somewhere."""
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / target).exists(), target
