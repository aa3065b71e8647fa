"""Templates: filled in as they come, they read back without one warning."""

from __future__ import annotations

import io

import openpyxl
import pytest

from territory.export.templates import TEMPLATES, template
from territory.intake.project import Files, read_project
from tests.conftest import chessboard

UNITS = chessboard(1, 3)


def boundaries() -> tuple[str, bytes]:
    """The chessboard as a file."""
    import geopandas as gpd

    frame = gpd.GeoDataFrame({"unit_id": UNITS.ids}, geometry=UNITS.geometry.array, crs=4326)
    return "areas.geojson", frame.to_json().encode()


def test_all_of_them_together_make_a_project_without_a_warning() -> None:
    """Boundaries and every template as it comes: three accounts, reps, sales; nothing repaired."""
    given = {t.table: (f"{name}.xlsx", template(name, UNITS)) for name, t in TEMPLATES.items()}
    project, plan, report = read_project(Files(boundaries(), **given))
    assert project.accounts is not None and len(project.accounts) == 3
    assert project.team is not None and project.team.ids == ("R01", "R02", "R03")
    assert project.sales is not None and project.sales.periods == ("2026Q1", "2026Q2")
    assert plan.alignment[:3].tolist() == [0, 1, 2]
    assert project.units.values("competitors")[:3].tolist() == [2, 0, 1]
    assert not report.problems and not report.repairs
    assert report.notes == []
    assert not project.team.frame.attrs["notes"]


@pytest.mark.parametrize("name", TEMPLATES)
def test_cells_help_whoever_fills_it_in(name: str) -> None:
    """Ids are text, headers carry notes, choices are lists."""
    sheet = openpyxl.load_workbook(io.BytesIO(template(name, UNITS))).active
    assert sheet is not None
    fields = TEMPLATES[name].fields
    assert [c.value for c in sheet[1]] == [f.name for f in fields]
    assert [bool(c.comment) for c in sheet[1]] == [bool(f.about) for f in fields]
    lists = {
        str(v.sqref): v.formula1 for v in sheet.data_validations.dataValidation if v.type == "list"
    }
    assert len(lists) == sum(bool(f.choices) for f in fields)
    ids = [f.name for f in fields].index(fields[0].name)
    assert sheet.cell(2, ids + 1).number_format == "@"
    assert sheet.max_row == 4
