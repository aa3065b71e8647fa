"""Zip files that are the same every time, with names that every system takes."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable

__all__ = ["Names", "add", "packed", "safe_name", "unpacked"]

DATE = (2000, 1, 1, 0, 0, 0)
LONGEST = 80
"""Characters of a name: paths on Windows are cut at 260."""
RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(\..*)?", re.I)
_UNFIT = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f]+')


def packed(files: Iterable[tuple[str, bytes]]) -> bytes:
    """Files by path as a zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files:
            add(archive, name, content)
    return out.getvalue()


def add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    """One file, without the time of day; what is packed already is stored as it is."""
    entry = zipfile.ZipInfo(name, DATE)
    tight = name.endswith((".docx", ".xlsx", ".zip", ".png"))
    entry.compress_type = zipfile.ZIP_STORED if tight else zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    archive.writestr(entry, content)


def unpacked(content: bytes) -> list[tuple[str, bytes]]:
    """The files of a zip of ours."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [(name, archive.read(name)) for name in archive.namelist()]


def safe_name(name: str) -> str:
    """A user's text as the name of a file: no path, nothing that Windows keeps for itself."""
    text = unicodedata.normalize("NFC", str(name).encode("utf-8", "replace").decode())
    # Formats and surrogates can turn a name around on screen: invoice-fdp.exe.
    text = "".join(c for c in text if unicodedata.category(c)[0] != "C" or c == "\u200d")
    text = _UNFIT.sub("_", text).strip(" .")
    while len(text.encode()) > 2 * LONGEST or len(text) > LONGEST:
        text = text[:-1]
    text = text.strip(" .") or "_"
    return f"_{text}" if RESERVED.fullmatch(text) else text


class Names:
    """Names that were given out, so that no two files differ in case or accents only."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def fresh(self, name: str) -> str:
        """``safe_name``, with a number behind it where it was given out before."""
        base = safe_name(name)
        out, n = base, 2
        while unicodedata.normalize("NFKC", out).casefold() in self._taken:
            out, n = f"{base} ({n})", n + 1
        self._taken.add(unicodedata.normalize("NFKC", out).casefold())
        return out
