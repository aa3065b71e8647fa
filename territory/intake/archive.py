"""Zip archives from strangers: measured before anything is unpacked."""

from __future__ import annotations

import io
import lzma
import struct
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from territory.intake.source import Source

_MEMBERS = 5_000
_TOTAL = 1_000_000_000
_RATIO = 200
_SMALL = 20_000_000
"""Bytes below which a high ratio harms nobody: empty sheets and flat coasts pack well."""

DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)
"""All that reading a broken archive may raise."""

_NESTED = {".zip", ".gz", ".tgz", ".tar", ".bz2", ".xz", ".7z", ".rar", ".zst", ".kmz"}


def members(source: Source, *, largest: int = _TOTAL) -> list[zipfile.ZipInfo]:
    """The files of an archive, once it is sure that they may be unpacked.

    Raises
    ------
    InputError
        If the archive is damaged, encrypted, holds paths that leave it, other archives, too many
        files, or would grow beyond measure.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
            found = [m for m in archive.infolist() if not m.is_dir()]
    except DAMAGED as error:
        raise source.refuse("the archive is damaged", "Zip or download it again.") from error
    total = sum(m.file_size for m in found)
    if len(found) > _MEMBERS:
        raise source.refuse(f"the archive holds {len(found):,} files (at most {_MEMBERS:,})")
    if total > largest or (total > _SMALL and total > _RATIO * len(source.data)):
        raise source.refuse(
            f"the archive would unpack to {total / 1e6:,.0f} MB from {len(source.data) / 1e6:.1f}",
            "This looks like a zip bomb; export the data again.",
        )
    for member in found:
        path = PurePosixPath(member.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or ":" in member.filename:
            raise source.refuse(
                f"the archive holds a path that leads out of it: {member.filename[:80]!r}",
                "Zip the files again, without folders.",
            )
        if path.suffix.lower() in _NESTED:
            raise source.refuse(
                f"the archive holds another archive: {path.name[:80]!r}",
                "Unpack that one and zip its files alone.",
            )
        if member.flag_bits & 1:
            raise source.refuse("the archive is encrypted", "Zip it without a password.")
    return found


def unpack_shapefile(source: Source, folder: Path) -> Path:
    """Unpack the only shapefile of an archive into a folder of ours; return the .shp.

    Names inside the archive never become paths: the parts are written as ``layer.*``.
    """
    found = [m for m in members(source) if not _hidden(m.filename)]
    shapes = [m for m in found if m.filename.lower().endswith(".shp")]
    if len(shapes) != 1:
        names = ", ".join(PurePosixPath(m.filename).name for m in shapes[:5])
        what = f"{len(shapes)} shapefiles ({names})" if shapes else "no shapefile (.shp)"
        raise source.refuse(f"the archive holds {what}", "Zip one shapefile: .shp .shx .dbf .prj")
    stem = shapes[0].filename[:-4].lower()
    parts = {m.filename.lower().removeprefix(stem): m for m in found}
    if ".dbf" not in parts:
        raise source.refuse(
            "the shapefile comes without its .dbf, which holds the ids",
            "Zip all parts together: .shp .shx .dbf .prj",
        )
    try:
        with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
            for suffix in (".shp", ".shx", ".dbf", ".prj", ".cpg"):
                if suffix in parts:
                    (folder / f"layer{suffix}").write_bytes(archive.read(parts[suffix]))
    except DAMAGED as error:
        raise source.refuse("the archive is damaged", "Zip or download it again.") from error
    return folder / "layer.shp"


def _hidden(name: str) -> bool:
    """Whether a file is litter that macOS adds to archives."""
    return name.startswith("__MACOSX/") or PurePosixPath(name).name.startswith(".")
