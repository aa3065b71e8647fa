"""Any script on paper: a font for every letter, right-to-left names, and what no font can show.

DejaVu Sans comes with matplotlib and covers Latin, Greek, Cyrillic, Hebrew, Arabic, Armenian,
Georgian and many symbols. What it lacks is looked for among the fonts of the machine; a letter that
no font has is replaced where everybody sees it, an emoji by its name.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

__all__ = ["CELL", "MISSING", "SYSTEM_FONTS", "fit", "font_file", "spoken", "visual"]

MISSING = "\u25a1"
"""Stands for a letter that no font here has."""

CELL = 200
"""Letters that a cell of a document shows."""

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
_INVISIBLE = frozenset("\u200b\u200c\u200d\u200e\u200f\u2060\ufe0e\ufe0f\ufeff")

SYSTEM_FONTS = (
    *("msyh.ttc", "malgun.ttf", "YuGothM.ttc", "Nirmala.ttf", "Nirmala.ttc", "leelawui.ttf"),
    *("seguisym.ttf", "Arial Unicode.ttf", "STHeiti Medium.ttc", "Hiragino Sans GB.ttc"),
    *("DroidSansFallbackFull.ttf", "DroidSansFallback.ttf", "wqy-microhei.ttc", "wqy-zenhei.ttc"),
    *("NotoSansDevanagari-Regular.ttf", "NotoSansThai-Regular.ttf", "NotoSansBengali-Regular.ttf"),
    *("NotoSansTamil-Regular.ttf", "NotoSansSymbols2-Regular.ttf", "NotoEmoji-Regular.ttf"),
    *("unifont.ttf", "Symbola.ttf"),
)
"""Fonts with TrueType outlines that systems bring, by the names of their files."""


def fit(text: str, most: int = 2_000) -> str:
    """Text without what no document can hold; a visible mark stands for each character lost.

    Longer text than ``most`` ends in "…": a word of forty thousand letters is wider than any page.
    """
    sound = str(text).encode("utf-8", "replace").decode("utf-8")
    cut = sound if len(sound) <= most else sound[: most - 1] + "…"
    return _CONTROL.sub("\ufffd", cut)


@lru_cache(maxsize=8)
def font_file(bold: bool = False) -> Path:
    """DejaVu Sans, from matplotlib's own data."""
    found = find_spec("matplotlib")
    assert found is not None and found.origin is not None
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return Path(found.origin).parent / "mpl-data" / "fonts" / "ttf" / name


@lru_cache(maxsize=1)
def system_fonts() -> tuple[Path, ...]:
    """Those of SYSTEM_FONTS that this machine has."""
    home = Path.home()
    roots = {
        "win32": [Path("C:/Windows/Fonts")],
        "darwin": [Path("/System/Library/Fonts"), Path("/Library/Fonts")],
    }.get(sys.platform, [Path("/usr/share/fonts"), home / ".local/share/fonts"])
    files = {p.name: p for root in roots if root.is_dir() for p in root.rglob("*.tt[fc]")}
    return tuple(files[name] for name in SYSTEM_FONTS if name in files)


def spoken(letter: str) -> str:
    """What stands for a letter without a font: nothing, its name for a symbol, else a box."""
    if letter in _INVISIBLE or unicodedata.category(letter) in ("Mn", "Cf"):
        return ""
    if unicodedata.category(letter) == "So":
        name = unicodedata.name(letter, "")
        return f"[{name.lower()}]" if name else MISSING
    return MISSING


def visual(text: str) -> str:
    """Text in the order in which it is drawn from left to right.

    A simple case of the Unicode bidirectional algorithm (UAX #9): the line runs from left to
    right, and stretches of Hebrew, Arabic and their like are turned around, numbers within them
    kept. Arabic letters get the shapes that they have beside each other. A stretch is not broken
    over two lines, which would mix up its order.
    """
    if not any(_strong(c) for c in text):
        return text
    if any("\u0600" <= c <= "\u06ff" for c in text):
        import arabic_reshaper

        text = arabic_reshaper.reshape(text)
    out: list[str] = []
    start = 0
    while start < len(text):
        if not _strong(text[start]):
            out.append(text[start])
            start += 1
            continue
        end = start
        for i in range(start, len(text)):
            if _strong(text[i]):
                end = i
            elif unicodedata.bidirectional(text[i]) == "L":
                break
        # A bracket belongs to the stretch that it was opened in.
        while end + 1 < len(text) and text[end + 1] in ")]}" and _open(text[start : end + 1]):
            end += 1
        out.append(_turned(text[start : end + 1]))
        start = end + 1
    return "".join(out)


def _strong(letter: str) -> bool:
    return unicodedata.bidirectional(letter) in ("R", "AL")


def _open(stretch: str) -> bool:
    return sum(map(stretch.count, "([{")) > sum(map(stretch.count, ")]}"))


_MIRROR = str.maketrans("()[]{}<>«»", ")(][}{><»«")


def _turned(stretch: str) -> str:
    """Reversed, its numbers and combining marks kept in order, brackets mirrored."""
    parts = re.findall(r"\d[\d.,]*|.[\u0300-\u036f\u0591-\u05c7\u064b-\u065f]*", stretch, re.S)
    return "".join(p.translate(_MIRROR) for p in reversed(parts)).replace(" ", "\u00a0")
