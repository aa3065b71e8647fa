"""US ZIPs offline: kinds, Census facts, folding, and areas where none come."""

from __future__ import annotations

import re

import numpy as np
import pytest
import shapely

from territory.errors import InputError
from territory.intake.match import Choices
from territory.intake.units import read_units, read_units_report
from territory.intake.zips import are_zips, census, explain, fold
from territory.model.graph import components
from tests.intake.files import csv, geojson, squares

IDS = ["01001", "01002", "01003"]


def test_census_knows_every_area():
    """All 33,791 areas of the Census have a point, land and people."""
    assert len(census()) == 33791
    assert census()[["lat", "lon", "land_km2"]].notna().all(axis=None)
    assert 325e6 < census()["population"].sum() < 340e6


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        (["01001", "02110", "90210"], True),
        (["10115", "80331", "50667", "20095", "70173", "60311"], False),  # Germany's cities
        (["8000", "1050"], False),
        (["SW1A 1AA"], False),
        ([], False),
    ],
)
def test_what_is_a_zip(codes, expected):
    """Most codes in use means ZIPs; other countries' five digits don't."""
    assert are_zips(codes, 0.8) is expected


def test_codes_without_an_area_are_folded():
    """A PO box goes to the area around it; an area elsewhere and a made-up code stay."""
    found = fold(np.array(["01004", "01001", "10001", "99999", ""], dtype=object), IDS)
    assert found.ids.tolist()[1:] == ["01001", "10001", "99999", ""]
    assert found.ids[0] in ("01002", "01003") and found.changed.tolist() == [True] + [False] * 4
    far = fold(np.array(["01004"], dtype=object), ["90210", "90211"])
    assert far.ids[0] == "01004" and not far.changed.any()


@pytest.mark.parametrize(
    ("code", "words"),
    [("10001", "New York, NY, outside"), ("01004", "PO-box ZIP of Amherst, MA"), ("00000", "")],
)
def test_unknown_codes_are_explained(code, words):
    """What a stranger is, in words; nothing is said of what nobody knows."""
    assert words in explain(code) if words else explain(code) == ""


def test_numbers_of_po_boxes_stay():
    """A PO box that lost its zero adds to the unit around it, counted as two repairs."""
    table = csv("zip,sales,median_income\n01001,1,100\n01002,2,200\n01003,3,300\n1004,4,500\n")
    units, report = read_units_report(geojson(squares(IDS)), attributes=table)
    assert units is not None and not report.blocking
    assert units.values("sales").sum() == 10
    assert max(units.values("median_income")) < 500, "a median is averaged, never added"
    assert [r.count for r in report.repairs] == [1, 1]
    assert "PO box" in report.repairs[1].message


def test_rows_of_no_area_by_choice():
    """Refused with row and reason, or kept in the totals as unmapped."""
    table = csv("zip,sales\n01001,1\n01002,2\n01003,3\n10001,40\n", "s.csv")
    with pytest.raises(InputError, match=r"row 5.*10001.*New York"):
        read_units(geojson(squares(IDS)), attributes=table)
    units, report = read_units_report(
        geojson(squares(IDS)), attributes=table, choices=Choices(unknown="keep")
    )
    assert units is not None and not report.blocking
    assert units.unmapped == {"sales": 40}
    assert units.values("sales").sum() + units.unmapped["sales"] == 46
    assert any("unmapped" in note for note in units.notes)


def test_units_without_a_shape_stay_in_the_whole():
    """An area that can't be drawn is listed; its measure is unmapped, not lost."""
    frame = squares(IDS, sales=[1.0, 2.0, 4.0])
    frame.loc[2, "geometry"] = None
    units, report = read_units_report(geojson(frame))
    assert units is not None and units.n == 2 and units.unmapped == {"sales": 4.0}
    assert report.totals[0].before == 7 == report.totals[0].after + report.totals[0].unmapped


def test_areas_for_zips_that_come_alone():
    """ZIPs in a table get connected areas of about their size, and are called approximate."""
    ids = census().index[census()["state"] == "CT"]
    table = csv("zip,potential\n" + "".join(f"{int(z)},1\n" for z in ids))
    units = read_units(table)
    assert set(units.ids) == set(ids)
    assert components(units.graph).max() == 0
    assert shapely.is_valid(units.geometry.values).all()
    land = census().loc[units.ids, "land_km2"].to_numpy()
    assert np.corrcoef(np.log(units.area_km2), np.log(land))[0, 1] > 0.8
    assert units.area_km2.sum() == pytest.approx(12_900, rel=0.06), "Connecticut and no more"
    assert any("census.gov" in note for note in units.notes)


def test_areas_in_alaska_hawaii_and_puerto_rico():
    """Beyond the lower 48, the 180th meridian included."""
    ids = ["99546", "99547", "99501", "96813", "96720", "00901"]
    units = read_units(csv("zip,a\n" + "".join(f"{z},1\n" for z in ids)))
    assert units.n == 6 and (units.area_km2 > 0).all() and (units.area_km2 < 700_000).all()


def test_points_of_any_country():
    """A table with coordinates is enough; a row without is listed."""
    table = csv("plz,lat,lon,n\n10115,52.53,13.38,1\n80331,48.14,11.57,2\n50667,50.94,6.96,3\n"
                "20095,,,4\n20097,53.55,10.01,5\n70173,48.78,9.18,6\n")  # fmt: skip
    units, report = read_units_report(table, id_column="plz")
    assert units is not None and units.n == 5
    assert [p.row for p in report.problems] == [5]


def test_census_facts_without_a_file():
    """Population may be asked for though no file has it; also everything at once."""
    units = read_units(geojson(squares(IDS)), measures=["population"])
    assert units.values("population").tolist() == census().loc[IDS, "population"].tolist()
    more, _ = read_units_report(geojson(squares(IDS)), choices=Choices(census=True))
    assert more is not None and {"households", "median_income"} <= set(more.measure_names)
    with pytest.raises(InputError, match="population"):
        read_units(geojson(squares(["A", "B", "C"])), measures=["population"])


def test_boundaries_of_another_year_are_noted():
    """ZIPs that the Census of 2020 has no area for are named."""
    ids = [*IDS, "01005", "01007", "01004"]
    _, report = read_units_report(geojson(squares(ids)), strict=True)
    assert any("01004" in note and "older or newer" in note for note in report.notes)


@pytest.mark.parametrize(
    ("cell", "unit", "message"),
    [
        ("1.001E3", "01001", "1.001E3"),
        ("1001.0", "01001", "decimal"),
        ("01001-0001", "01001", r"ZIP\+4"),
        ("10011234", "01001", r"ZIP\+4"),
    ],
)
def test_what_spreadsheets_do_to_codes(cell, unit, message):
    """Each kind of damage is undone and counted."""
    units, report = read_units_report(csv(f"zip,a\n{cell},1\n01002,1\n01003,1\n01005,1\n"))
    assert units is not None and unit in units.ids
    assert any(r.count == 1 and re.search(message, r.message) for r in report.repairs)


def test_shortened_codes_are_doubted():
    """1E5 is no ZIP; 2.11E+03 may have been 2113, and the reader is told."""
    _, report = read_units_report(csv("zip,a\n1E5,1\n2.11E+03,1\n01003,1\n01005,1\n01002,1\n"))
    assert [p.row for p in report.problems] == [2]
    assert any("2.11E+03" in note for note in report.notes)
