"""The ending chooses the format; what can't be written is said in words."""

from __future__ import annotations

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest

from territory.errors import InputError, LockError
from territory.export import check_plan_path, write_plan
from territory.export.plan_files import read_back
from territory.model import Locks


def test_each_ending(halves, tmp_path):
    """Each format can be read back by an ordinary reader."""
    for ending in ("csv", "xlsx", "geojson", "gpkg", "CSV"):
        write_plan(tmp_path / f"plan.{ending}", halves, baseline=halves)
    assert len(pd.read_csv(tmp_path / "plan.csv", dtype=str)) == 12
    assert (tmp_path / "plan.CSV").read_bytes() == (tmp_path / "plan.csv").read_bytes()
    assert openpyxl.load_workbook(tmp_path / "plan.xlsx").sheetnames[0] == "Summary"
    for ending in ("geojson", "gpkg"):
        assert len(gpd.read_file(tmp_path / f"plan.{ending}")) == 12


@pytest.mark.parametrize("name", ["plan.pdf", "plan"])
def test_unknown_ending(name):
    """Another ending is refused before any work, naming those that work."""
    with pytest.raises(InputError, match=r"Remedy: end the name with one of \.csv, \.xlsx"):
        check_plan_path(name)


def test_missing_folder(halves, tmp_path):
    """A folder that is not there is named."""
    with pytest.raises(InputError, match="make the folder 'nowhere' first"):
        write_plan(tmp_path / "nowhere" / "plan.csv", halves)


def test_failed_write_keeps_the_old_file(halves, tmp_path, monkeypatch):
    """When the disk is full the file of before is still there, and no draft beside it."""
    path = tmp_path / "plan.csv"
    path.write_text("old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("territory.export.files.os.fdopen", full)
    with pytest.raises(InputError, match=r"plan\.csv: the file can't be written: No space left"):
        write_plan(path, halves)
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["plan.csv"]


def test_an_edited_plan_comes_back(halves, tmp_path):
    """Changed, emptied and unchanged units; the territories stay as they were."""
    rows = {**halves.to_mapping(), "00": "East", "01": ""}
    (tmp_path / "edited.csv").write_text(
        "unit_id,territory_id\n" + "".join(f"{u},{t}\n" for u, t in rows.items())
    )
    back = read_back(halves, tmp_path / "edited.csv")
    assert back.to_mapping() == rows and back.territories.equals(halves.territories)


def test_an_edited_plan_keeps_locks_and_known_territories(halves, tmp_path):
    """A locked unit stays, and a territory that nobody has is refused with the way out."""
    path = tmp_path / "edited.csv"
    path.write_text("unit_id,territory_id\n00,East\n")
    locked = halves.with_locks(Locks(units=frozenset({"00"})))
    with pytest.raises(LockError, match="00"):
        read_back(locked, path)
    path.write_text("unit_id,territory_id\n00,Easter\n")
    with pytest.raises(InputError, match=r"no territory 'Easter'.*sheet Territories"):
        read_back(halves, path)
