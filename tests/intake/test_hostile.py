"""Files that mean harm, or were harmed: each is one clear message, none takes the process down."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing
from io import BytesIO

import numpy as np
import pytest

from territory.errors import InputError
from territory.intake.source import open_source
from territory.intake.tables import read_table
from territory.intake.units import read_units
from tests.intake.files import archive, changed, csv, geojson, shapefile, squares, topojson, xlsx

SHEET = "xl/worksheets/sheet1.xml"
HEAD = (
    '<?xml version="1.0"?><worksheet '
    'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
)


def sheet(body: str) -> bytes:
    return f"{HEAD}{body}</worksheet>".encode()


def row(number: int, *cells: str) -> str:
    inner = "".join(f'<c r="{cell}" t="inlineStr"><is><t>x</t></is></c>' for cell in cells)
    return f'<row r="{number}">{inner}</row>'


def dimension_bomb() -> tuple[str, bytes]:
    """A few kB with one cell in the last column of the last row."""
    body = f"<sheetData>{row(1, 'A1')}{row(1048576, 'XFD1048576')}</sheetData>"
    return changed(
        xlsx([["zip"]], "bomb.xlsx"), SHEET, sheet('<dimension ref="A1:XFD1048576"/>' + body)
    )


def wide_bomb() -> tuple[str, bytes]:
    """Rows whose only cell is in the last column."""
    rows = "".join(row(i, f"XFD{i}") for i in range(1, 5000))
    return changed(xlsx([["zip"]], "wide.xlsx"), SHEET, sheet(f"<sheetData>{rows}</sheetData>"))


def zip_bomb() -> tuple[str, bytes]:
    """A sheet of 400 MB that packs into less than one."""
    return changed(xlsx([["zip"]], "big.xlsx"), SHEET, b" " * 400_000_000)


def billion_laughs() -> tuple[str, bytes]:
    """Entities that double thirty times."""
    entities = '<!ENTITY a0 "ha">' + "".join(
        f'<!ENTITY a{i} "&a{i - 1};&a{i - 1};">' for i in range(1, 31)
    )
    text = f'<?xml version="1.0"?><!DOCTYPE x [{entities}]>' + sheet(
        '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&a30;</t></is></c></row></sheetData>'
    ).decode().removeprefix('<?xml version="1.0"?>')
    return changed(xlsx([["zip"]], "laughs.xlsx"), SHEET, text.encode())


def truncated_workbook() -> tuple[str, bytes]:
    return "cut.xlsx", xlsx([["zip"], ["01001"]])[1][:-400]


def old_workbook() -> tuple[str, bytes]:
    return "old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (dimension_bomb, "beyond row"),
        (wide_bomb, "beyond column"),
        (zip_bomb, "zip bomb"),
        (billion_laughs, "entities"),
        (truncated_workbook, "damaged"),
        (old_workbook, r"\.xls"),
    ],
)
def test_workbooks(make, words):
    """Each is refused with the file's name and what to do, and the process lives on."""
    name, content = make()
    with pytest.raises(InputError, match=words) as refused:
        read_table((name, content))
    problem = refused.value.problems[0]
    assert len(refused.value.problems) == 1
    assert problem.file == name and problem.remedy


def vrt() -> tuple[str, bytes]:
    return "zips.geojson", (
        b'<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>/etc/passwd</SrcDataSource>'
        b"</OGRVRTLayer></OGRVRTDataSource>"
    )


def pipeline() -> tuple[str, bytes]:
    """A GDALG file: JSON that runs a GDAL pipeline."""
    command = {"type": "gdal_streamed_alg", "command_line": "gdal vector pipeline ! read /etc/x"}
    return "zips.geojson", json.dumps(command).encode()


def remote_json() -> tuple[str, bytes]:
    return "zips.geojson", b'"/vsicurl/http://127.0.0.1:9/zips.geojson"'


def kml_with_link() -> tuple[str, bytes]:
    return "zips.kml", (
        b'<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        b'<kml xmlns="http://www.opengis.net/kml/2.2"><Document>&x;</Document></kml>'
    )


def truncated_geojson() -> tuple[str, bytes]:
    name, content = geojson(squares(["01001", "01002"]))
    return name, content[:-40]


def picture() -> tuple[str, bytes]:
    return "zips.gpkg", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4


def database() -> tuple[str, bytes]:
    return "zips.gpkg", b"SQLite format 3\0" + b"\0" * 4000


def parquet_stub() -> tuple[str, bytes]:
    return "zips.parquet", b"PAR1" + b"\0" * 100 + b"PAR1"


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (vrt, "XML or a web page"),
        (pipeline, "neither GeoJSON nor TopoJSON"),
        (remote_json, "table or text"),
        (kml_with_link, "other documents"),
        (truncated_geojson, "can't be read"),
        (picture, "no boundary file"),
        (database, "can't be read"),
        (parquet_stub, "damaged"),
        (lambda: ("zips.geojson", b""), "0 bytes"),
        (lambda: ("zips.geojson", b'{"type":"FeatureCollection","features":[]}'), "no areas"),
        (lambda: ("zips.geojson", b"zip,potential\n01001,1\n"), "table"),
        (lambda: ("zips.shp", b"\0\0\x27\x0a" + b"\0" * 96), "zip"),
    ],
)
def test_boundaries(make, words):
    """Each is refused in words that name the file and tell nothing of the server."""
    name, content = make()
    with pytest.raises(InputError, match=words) as refused:
        read_units((name, content))
    text = str(refused.value)
    assert name in text
    assert "/etc" not in text and "vsi" not in text and "/tmp" not in text


def test_geopackage_with_an_endless_view(tmp_path):
    """A layer that is a view may compute for ever: it is not opened."""
    path = tmp_path / "z.gpkg"
    squares(["01001"]).to_file(path, driver="GPKG", layer="zips")
    with closing(sqlite3.connect(path)) as database:
        database.execute(
            "CREATE VIEW trap AS WITH RECURSIVE t(i) AS (SELECT 1 UNION ALL SELECT i FROM t) "
            "SELECT i AS fid, i AS zip, NULL AS geom FROM t"
        )
        database.execute("UPDATE gpkg_contents SET table_name = 'trap'")
        database.commit()
    with pytest.raises(InputError, match="no layer"):
        read_units(path)


def test_only_a_few_drivers_are_registered():
    """Importing the reader leaves GDAL nothing but the allow-list, and prints nothing."""
    code = "import territory.intake.units, territory.intake.gdal as g; print(g.strangers())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("set()\n", "")


def nested() -> tuple[str, bytes]:
    return archive({"inner.zip": archive({"a.shp": b"x"})[1]})


def slip() -> tuple[str, bytes]:
    return archive({"../../evil.shp": b"x", "../../evil.dbf": b"x"})


def absolute() -> tuple[str, bytes]:
    return archive({"/etc/evil.shp": b"x", "/etc/evil.dbf": b"x"})


def windows_slip() -> tuple[str, bytes]:
    return archive({"..\\evil.shp": b"x"})


def shape_bomb() -> tuple[str, bytes]:
    return archive({"a.shp": b"\0" * 300_000_000, "a.dbf": b""})


def two_layers() -> tuple[str, bytes]:
    return archive({"a.shp": b"x", "b.shp": b"x"})


def many_members() -> tuple[str, bytes]:
    return archive({f"{i}.txt": b"" for i in range(6000)})


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (nested, "another archive"),
        (slip, "leads out"),
        (absolute, "leads out"),
        (windows_slip, "leads out"),
        (shape_bomb, "zip bomb"),
        (two_layers, "2 shapefiles"),
        (many_members, "6,000 files"),
        (lambda: archive({"read.me": b"hello"}), "no shapefile"),
        (lambda: archive({"a.shp": b"x"}), r"\.dbf"),
        (lambda: archive({"a.shp": b"x", "a.dbf": b"x"}), "can't be read"),
    ],
)
def test_archives(make, words):
    """What an archive may do to the disk is known before it is unpacked."""
    with pytest.raises(InputError, match=words):
        read_units(make())


def test_truncated_shapefile(tmp_path):
    """An archive that was cut off in transfer is called damaged."""
    name, content = shapefile(squares(["01001"]), tmp_path)
    with pytest.raises(InputError, match="damaged"):
        read_units((name, content[: len(content) // 2]))


def test_encrypted_archive():
    """A password can't be asked for here."""
    name, content = archive({"a.shp": b"x", "a.dbf": b"x"})
    flagged = bytearray(content)
    with zipfile.ZipFile(BytesIO(content)) as zipped:
        start = zipped.start_dir
    flagged[start + 8] |= 1
    with pytest.raises(InputError, match="encrypted"):
        read_units((name, bytes(flagged)))


def test_paths_are_files_and_nothing_else(tmp_path):
    """GDAL's virtual paths, folders and missing files are no files."""
    for path in ("/vsicurl/http://127.0.0.1:9/z.geojson", tmp_path, tmp_path / "none.geojson"):
        with pytest.raises(InputError, match=r"no such file|no file"):
            read_units(path)
    with pytest.raises(InputError):
        read_units("zips\0.geojson")


@pytest.mark.parametrize(
    "upload",
    [
        csv("<html><body>Login</body></html>"),
        ("t.csv", b"zip,name\n01001,\x00\x01\x02\x03"),
        ("t.csv", b"\xff\xfez"),
        ("t.csv", b"   \n \n"),
        ("t.csv", b"\xef\xbb\xbf"),
        geojson(squares(["01001"])),
        archive({"a.csv": b"zip\n01001"}),
        ("t.parquet", b"PAR1PAR1"),
        csv('zip,name\n01001,"open'),
        csv("zip,name\n"),
    ],
)
def test_tables_that_are_none(upload):
    """Whatever a table turns out to be instead, the message names the file and a remedy."""
    with pytest.raises(InputError) as refused:
        read_table(upload)
    assert refused.value.problems[0].file == upload[0]
    assert refused.value.problems[0].remedy


@pytest.fixture(scope="module")
def intact(tmp_path_factory):
    """One good file of each boundary format."""
    folder = tmp_path_factory.mktemp("intact")
    frame = squares([f"0100{i}" for i in range(4)], potential=[1.0, 2.0, 3.0, 4.0])
    uploads = [geojson(frame), topojson()]
    for driver, name in (("GPKG", "z.gpkg"), ("FlatGeobuf", "z.fgb")):
        frame.to_file(folder / name, driver=driver)
        uploads.append((name, (folder / name).read_bytes()))
    (folder / "shapes").mkdir()
    uploads.append(shapefile(frame, folder / "shapes"))
    out = BytesIO()
    frame.to_parquet(out)
    return [*uploads, ("z.parquet", out.getvalue())]


@pytest.mark.parametrize("seed", range(6))
def test_damaged_files_never_raise_anything_else(intact, seed):
    """Files with bytes changed, lost or added are read, or refused in words."""
    random = np.random.default_rng(seed)
    refused = 0
    for name, content in intact * 10:
        damaged = bytearray(content)
        for _ in range(random.integers(1, 6)):
            at = int(random.integers(len(damaged)))
            damaged[at : at + int(random.integers(0, 9))] = random.bytes(int(random.integers(0, 9)))
        try:
            assert read_units((name, bytes(damaged)), id_column=None).n > 0
        except InputError as error:
            assert name in str(error)
            refused += 1
    assert refused > 0


def test_unclosed_ring_is_closed():
    """Some programs leave the last corner out; the area is clear all the same."""
    ring = [[-72, 42], [-71.9, 42], [-71.9, 42.1], [-72, 42.1]]
    feature = {
        "type": "Feature",
        "properties": {"zip": "01001"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    document = {"type": "FeatureCollection", "features": [feature]}
    units = read_units(("z.geojson", json.dumps(document).encode()))
    assert units.area_km2[0] == pytest.approx(91.8, abs=1)


def test_files_beyond_measure_are_refused_unread(tmp_path, monkeypatch):
    """By their size alone, whether a path or an upload."""
    monkeypatch.setattr("territory.intake.source.LARGEST", 10)
    big = tmp_path / "big.csv"
    big.write_bytes(b"zip,a\n01001,1\n")
    for source in (big, ("big.csv", big.read_bytes())):
        with pytest.raises(InputError, match="too large"):
            open_source(source)
