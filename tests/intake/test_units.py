"""Boundaries of every format, repaired and reported."""

from __future__ import annotations

import io
import os
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from territory.errors import InputError
from territory.intake.match import Choices
from territory.intake.units import read_units, read_units_report
from territory.model.graph import components
from tests.intake.files import csv, geojson, shapefile, squares, topojson

BOSTON = Path(
    os.environ.get("TERRITORY_BOSTON", "")
    or Path(__file__).parents[2] / ".." / "shared" / "data" / "boston_zcta_2020.topojson"
)
IDS = ["01001", "01002", "01003"]


def written(frame: gpd.GeoDataFrame, driver: str, name: str, folder: Path) -> tuple[str, bytes]:
    frame.to_file(folder / name, driver=driver)
    return name, (folder / name).read_bytes()


@pytest.mark.parametrize(
    ("driver", "name"),
    [("GeoJSON", "z.geojson"), ("GPKG", "z.gpkg"), ("FlatGeobuf", "z.fgb"), ("KML", "z.kml")],
)
def test_gdal_formats(driver, name, tmp_path):
    """Each format GDAL reads gives the same units, as an upload and as a path."""
    # KML keeps one text column, called Name.
    upload = written(squares(IDS, "Name"), driver, name, tmp_path)
    for source in (upload, tmp_path / name):
        units = read_units(source, id_column="Name")
        # FlatGeobuf sorts its features in space.
        assert sorted(units.ids) == IDS
        assert units.graph.n == 3 and len(units.graph.pairs()) == 2


def test_geoparquet():
    """GeoParquet in a projection of its own comes back in degrees."""
    out = io.BytesIO()
    squares(IDS, potential=[1.0, 2.0, 3.0]).to_crs(5070).to_parquet(out)
    units = read_units(("zips.parquet", out.getvalue()), measures=["potential"])
    assert units.geometry.crs.to_epsg() == 4326
    assert units.values("potential").tolist() == [1, 2, 3]
    assert units.lonlat[0] == pytest.approx([-71.95, 42.05], abs=0.01)


def test_zipped_shapefile(tmp_path):
    """A shapefile in a folder of an archive, with a space in its name, is read with its .prj."""
    units = read_units(shapefile(squares(IDS).to_crs(26986), tmp_path))
    assert units.ids.tolist() == IDS
    assert units.lonlat[0] == pytest.approx([-71.95, 42.05], abs=0.01)


def test_shapefile_without_projection(tmp_path):
    """Metres without a .prj can't be placed: the message asks for it."""
    upload = shapefile(squares(IDS).to_crs(26986), tmp_path, leave_out=[".prj"])
    with pytest.raises(InputError, match=r"zips.zip.*projection.*\.prj"):
        read_units(upload)


def test_degrees_without_projection(tmp_path):
    """Coordinates that fit are taken for longitude and latitude, and a note says so."""
    units = read_units(shapefile(squares(IDS), tmp_path, leave_out=[".prj"]))
    assert "longitude and latitude" in units.notes[0]


def test_topojson():
    """TopoJSON is read with shared arcs as shared borders."""
    units = read_units(topojson())
    assert units.id_name == "ZCTA5CE20"
    assert units.graph.pairs().tolist() == [[0, 1]]
    assert units.graph.border_km[0] == pytest.approx(11.1, abs=0.1)


def test_swapped_coordinates_are_turned():
    """Latitude before longitude is noticed, repaired and reported."""
    frame = squares(IDS)
    frame.geometry = frame.geometry.transform(lambda c: c[:, ::-1])
    units, report = read_units_report(geojson(frame))
    assert units.lonlat[0] == pytest.approx([-71.95, 42.05], abs=0.01)
    assert any("swapped" in repair.message for repair in report.repairs)


def far_away(shift: float = 80.0):
    """The squares in Bavaria, where coordinates make sense both ways round."""
    frame = squares(["a1", "a2", "a3"], "area_id")
    frame.geometry = frame.geometry.translate(shift + 3.6, 6)
    return frame


def test_the_order_of_coordinates_is_offered():
    """What fits both ways is read as usual, with a word; the choice turns it, and is then quiet."""
    frame = far_away()
    swapped = frame.copy()
    swapped.geometry = frame.geometry.transform(lambda c: c[:, ::-1])
    units, report = read_units_report(geojson(swapped))
    assert "48.0° E" in report.offers[0] and units.lonlat[0, 0] == pytest.approx(48.05, abs=0.1)
    assert "--coordinates" in report.to_text() and report.to_json()["offers"] == report.offers
    units, report = read_units_report(geojson(swapped), choices=Choices(swap="yes"))
    assert units.lonlat[0] == pytest.approx([11.65, 48.05], abs=0.01) and not report.offers
    assert read_units_report(geojson(frame), choices=Choices(swap="no"))[1].offers == []
    with pytest.raises(InputError, match="--coordinates"):
        Choices.of("sum", "keep", "sideways")


def test_a_file_may_say_itself_which_comes_first():
    """By coordinates beside the shapes, or by the area that its projection is meant for."""
    frame = far_away()
    middle = frame.geometry.to_crs(3857).centroid.to_crs(4326)
    frame["lat"], frame["lon"] = middle.y, middle.x
    assert read_units_report(geojson(frame))[1].offers == []
    swapped = frame.copy()
    swapped.geometry = frame.geometry.transform(lambda c: c[:, ::-1])
    units, report = read_units_report(geojson(swapped))
    assert units.lonlat[0] == pytest.approx([11.65, 48.05], abs=0.01)
    assert any("swapped" in r.message for r in report.repairs) and report.offers
    british = far_away(69.0).set_crs(4277, allow_override=True)
    british.geometry = british.geometry.translate(0, 4).transform(lambda c: c[:, ::-1])
    out = io.BytesIO()
    british.to_parquet(out)
    assert read_units(("gb.parquet", out.getvalue())).lonlat[0, 1] == pytest.approx(52, abs=0.2)


def test_geometry_is_repaired_and_counted():
    """A bow tie is made valid, a collection keeps its areas, empty and flat shapes are listed."""
    frame = squares(["01001", "01002", "01003", "01004", "01005"])
    shapes = frame.geometry.tolist()
    shapes[0] = shapely.Polygon([(-72, 42), (-71.9, 42.1), (-71.9, 42), (-72, 42.1)])
    shapes[1] = shapely.GeometryCollection([shapes[1], shapely.Point(-71.85, 42.05)])
    shapes[2] = None
    shapes[3] = shapely.LineString([(-71.7, 42), (-71.6, 42)])
    frame.geometry = gpd.GeoSeries(shapes, crs=4326)
    units, report = read_units_report(geojson(frame))
    assert units.ids.tolist() == ["01001", "01002", "01005"]
    assert units.geometry.is_valid.all()
    assert {r.message: r.count for r in report.repairs} == {
        "invalid outline repaired": 1,
        "collection reduced to its areas": 1,
    }
    assert [p.row for p in report.problems] == [3, 4]
    assert report.usable_rows == 3
    assert any("2 row(s)" in note for note in units.notes)


def test_points_become_approximate_areas():
    """A layer of points gets cells, labelled as approximate."""
    frame = squares([f"0100{i}" for i in range(9)])
    frame.geometry = gpd.GeoSeries(
        shapely.points(-72 + np.arange(9) % 3 / 10, 42 + np.arange(9) // 3 / 10), crs=4326
    )
    units = read_units(geojson(frame))
    assert (units.area_km2 > 1).all()
    assert components(units.graph).max() == 0
    assert any("Approximate" in note for note in units.notes)
    assert units.geometry.iloc[4].contains(shapely.Point(-71.9, 42.1))


@pytest.mark.parametrize(
    ("ids", "repair"),
    [
        ([1001, 1002, 1003], "lost leading zeros restored"),
        ([1001.0, 1002.0, 1003.0], "decimal code read as whole"),
        (["1001.0", "1002.0", "01003"], "decimal code read as whole"),
        (["01001-1234", "010021234", "01003"], "ZIP+4 cut to 5 digits"),
    ],
)
def test_zips_that_spreadsheets_spoiled(ids, repair):
    """Numbers, decimals and ZIP+4 come back as five digits, and the repair is counted."""
    units, report = read_units_report(geojson(squares(ids)))
    assert units.ids.tolist() == IDS
    assert repair in [r.message for r in report.repairs]


@pytest.mark.parametrize("name", ["zip", "postcode"])
def test_danish_codes_are_left_alone(name):
    """Postcodes of four digits are whole where there are no ZIPs, whatever the column's name."""
    frame = squares(["2100", "2200"], name)
    frame.geometry = frame.geometry.translate(84, 13)
    assert read_units(geojson(frame)).ids.tolist() == ["2100", "2200"]


def test_codes_with_letters_are_left_alone():
    """1E5 is a number among numbers, but a name among names."""
    assert read_units(geojson(squares(["1E5", "AB1"], "unit_id"))).ids.tolist() == ["1E5", "AB1"]


def test_unit_codes_of_four_digits():
    """A general name says nothing about the length of its codes."""
    assert read_units(geojson(squares(["2100", "2200"], "unit_id"))).ids.tolist() == [
        "2100",
        "2200",
    ]


def test_two_possible_ids():
    """Two columns that could be the id are named, and one can be chosen."""
    frame = squares(IDS, GEOID20=["a", "b", "c"])
    with pytest.raises(InputError, match=r"zip, GEOID20.*--id-column"):
        read_units(geojson(frame))
    assert read_units(geojson(frame), id_column="geoid20").ids.tolist() == ["a", "b", "c"]


def test_no_known_id():
    """Without a known name the columns that would do are named; an unknown choice is refused."""
    frame = squares(IDS, "stadt")
    with pytest.raises(InputError, match=r"stadt.*--id-column"):
        read_units(geojson(frame))
    with pytest.raises(InputError, match="no column 'nope'"):
        read_units(geojson(frame), id_column="nope")


def test_only_the_unique_column_counts():
    """A second known name that repeats is no rival."""
    assert read_units(geojson(squares(IDS, fips=["1", "1", "2"]))).id_name == "zip"


def test_duplicate_and_missing_ids_are_refused_with_rows():
    """Both kinds of fault come in one message, with their rows."""
    with pytest.raises(InputError) as refused:
        read_units(geojson(squares(["01001", "01001", None])))
    assert [(p.row, p.column) for p in refused.value.problems] == [(2, "zip"), (3, "zip")]
    assert "first in row 1" in str(refused.value)


def test_attributes_are_joined_by_id():
    """Lost zeros in the table don't matter; a unit without a row is noted."""
    table = csv('ZIP,Potential,city\n1002,"1,200",Amherst\n1001,$30,Agawam\n')
    units = read_units(geojson(squares(IDS)), attributes=table)
    assert units.attributes.loc["01001", "potential"] == 30
    assert units.values("potential")[1] == 1200
    assert any("1 of 3 units" in note for note in units.notes)


def test_attributes_with_unknown_and_duplicate_ids():
    """Unknown and repeated ids in the table are refused, each with its row."""
    table = csv("zip,potential\n01001,1\n99999,2\n01001,3\n")
    with pytest.raises(InputError) as refused:
        read_units(geojson(squares(IDS)), attributes=table)
    assert [p.row for p in refused.value.problems] == [3, 4]
    assert refused.value.problems[0].value == "99999"


@pytest.mark.parametrize("cell", ["abc", "NaN", "inf", "-5", ""])
def test_bad_measure_in_use(cell):
    """A measure in use is refused with file, row, column and value; unused it is not."""
    table = csv(f"zip,potential,other\n01001,1,1\n01002,{cell},2\n01003,3,3\n", "attrs.csv")
    with pytest.raises(InputError) as refused:
        read_units(geojson(squares(IDS)), attributes=table, measures=["potential"])
    problem = refused.value.problems[0]
    assert (problem.file, problem.row, problem.column) == ("attrs.csv", 3, "potential")
    assert problem.remedy
    assert "attrs.csv, row 3, column potential" in str(refused.value)
    units = read_units(geojson(squares(IDS)), attributes=table, measures=["other"])
    assert units.values("other").tolist() == [1, 2, 3]


def test_bad_measure_in_the_boundary_file():
    """The row is the number of the feature."""
    upload = geojson(squares(IDS, potential=[1.0, -2.0, None]))
    with pytest.raises(InputError) as refused:
        read_units(upload, measures=["potential"])
    assert [p.row for p in refused.value.problems] == [2, 3]


def test_measure_in_use_needs_every_unit():
    """A unit without a row has no value in a measure in use."""
    table = csv("zip,potential\n01001,1\n01002,2\n")
    with pytest.raises(InputError, match=r"1 unit.*no row.*potential.*'01003'"):
        read_units(geojson(squares(IDS)), attributes=table, measures=["potential"])


def test_measure_of_words():
    """A column of names chosen as a measure is one message, not one a row."""
    with pytest.raises(InputError, match="no numbers") as refused:
        read_units(geojson(squares(IDS, city=["A", "B", "C"])), measures=["city"])
    assert len(refused.value.problems) == 1


def test_unknown_measure():
    """A measure that is not there is refused with those that are."""
    with pytest.raises(InputError, match=r"'profit'.*units, area_km2, potential"):
        read_units(geojson(squares(IDS, potential=[1, 2, 3])), measures=["profit"])


@pytest.mark.skipif(not BOSTON.exists(), reason="the real ZCTAs are no part of the project")
def test_real_zctas():
    """Real areas with invalid rings and gaps load whole, connected, and link nobody far apart."""
    units, report = read_units_report(BOSTON, id_column="ZCTA5CE20")
    assert units.n == report.usable_rows == 761
    assert units.geometry.is_valid.all()
    assert components(units.graph).max() == 0
    assert report.mean_degree > 4.5
    assert report.components == 2
    shapes = units.projected.values
    pairs = units.graph.pairs()
    land = ~units.graph.ferry[units.graph.rows < units.graph.indices]
    apart = shapely.distance(shapes[pairs[:, 0]], shapes[pairs[:, 1]])
    assert apart[land].max() <= 1000


KML = """<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>
<Folder><Placemark><name>North</name><ExtendedData>{data}</ExtendedData>
<MultiGeometry><Polygon><outerBoundaryIs><LinearRing><coordinates>
-72,42,0 -71.9,42,0 -71.9,42.1,0 -72,42.1,0 -72,42,0</coordinates></LinearRing></outerBoundaryIs>
</Polygon></MultiGeometry></Placemark></Folder>
<Folder><Placemark><name>South</name><Polygon><outerBoundaryIs><LinearRing><coordinates>
-71.9,42 -71.8,42 -71.8,42.1 -71.9,42.1 -71.9,42</coordinates></LinearRing></outerBoundaryIs>
<innerBoundaryIs><LinearRing><coordinates>-71.86,42.04 -71.84,42.04 -71.84,42.06 -71.86,42.04
</coordinates></LinearRing></innerBoundaryIs></Polygon></Placemark></Folder></Document></kml>"""


def test_kml_keeps_its_columns_and_folders():
    """Data of both kinds is read; drawn areas without an id are known by their names."""
    data = '<Data name="potential"><value>5</value></Data><SimpleData name="x">y</SimpleData>'
    units = read_units(("drawn.kml", KML.format(data=data).encode()))
    assert units.ids.tolist() == ["North", "South"] and units.id_name == "name"
    assert units.attributes["x"].tolist()[0] == "y"
    assert units.area_km2[1] < units.area_km2[0] and len(units.graph.pairs()) == 1
    data = '<SimpleData name="plz">01067</SimpleData><SimpleData name="area_code">7</SimpleData>'
    with pytest.raises(InputError, match="row 2, column plz: the id is missing"):
        read_units(("z.kml", KML.format(data=data).encode()), id_column="plz")
    with pytest.raises(InputError, match="damaged"):
        read_units(("z.kml", KML[:-20].encode()))
    with pytest.raises(InputError, match="no numbers"):
        read_units(("z.kml", KML.replace("-72,42,0", "a,b,c").encode()))


def test_a_projection_is_asked_for_and_taken(tmp_path):
    """Metres without a .prj: the way out is named, works, and a wrong one is told."""
    upload = shapefile(squares(IDS).to_crs(26986), tmp_path, leave_out=(".prj",))
    with pytest.raises(InputError, match=r"EPSG code .*--crs"):
        read_units(upload)
    for code in ("26986", "epsg:26986"):
        units, report = read_units_report(upload, choices=Choices(crs=code))
        assert units.lonlat[0] == pytest.approx([-71.95, 42.05], abs=0.01)
    with pytest.raises(InputError, match="'nowhere' is no projection"):
        read_units_report(upload, choices=Choices(crs="nowhere"))
    _, report = read_units_report(geojson(squares(IDS)), choices=Choices(crs="26986"))
    assert any("was not used" in note for note in report.notes)
