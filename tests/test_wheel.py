"""The wheel carries the app, so that ``territory app`` works from an install."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.slow
def test_the_wheel_holds_app_pages_theme_and_sample(tmp_path: Path) -> None:
    """Everything the dashboard needs is under territory/_app, and it loads from there."""
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    site = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    app = site / "territory" / "_app"
    for name in ("app.py", "pages/map.py", ".streamlit/config.toml", "data/sample/units.parquet"):
        assert (app / name).is_file(), name
    assert list((site / "territory" / "mapview" / "static").glob("*.js"))
    check = (
        "from territory.launch import app_folder; from territory.intake import load_sample;"
        "project, plan = load_sample(); print(app_folder(), project.units.n, plan.k)"
    )
    done = subprocess.run(
        [sys.executable, "-c", check],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == [str(app), "1846", "24"]
