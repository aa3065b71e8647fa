"""Delimited text: its encoding and its delimiter."""

from __future__ import annotations

import codecs
import re
from collections import Counter

from territory.intake.source import Source

DELIMITERS = ",;\t|"

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decode(source: Source) -> tuple[str, list[str]]:
    """What the user said, else byte-order mark, else strict UTF-8, else Windows' own with a note.

    The note comes with words from the file, so that a wrong guess can be seen.
    """
    data = source.data
    if source.encoding:
        return _as_told(source), []
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            try:
                return data.decode(encoding), []
            except UnicodeDecodeError as error:
                raise source.refuse(
                    f"the text is damaged: it says it is {encoding}, but is not",
                    "Save it as CSV UTF-8.",
                ) from error
    try:
        return data.decode("utf-8"), []
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
        odd = re.findall(r"\w*[^\x00-\x7f][\w\ufffd]*", text[: 1 << 20])[:3]
        shown = f" ({', '.join(word[:30] for word in odd)})" if odd else ""
        note = f"{source.name}: the text is not UTF-8; it was read as Windows-1252{shown}"
        return text, [f"{note}. If names with accents look wrong, name the encoding."]


def _as_told(source: Source) -> str:
    try:
        return source.data.decode(source.encoding)
    except LookupError as error:
        raise source.refuse(
            f"there is no encoding {source.encoding!r}", "Use utf-8, cp1252, latin-1 or utf-16."
        ) from error
    except UnicodeDecodeError as error:
        raise source.refuse(
            f"the text is not {source.encoding}: byte {error.start:,} does not fit",
            "Name another encoding, or none.",
        ) from error


def announced(text: str) -> tuple[str, str]:
    """The delimiter of a first line ``sep=;``, as Excel writes and obeys it, and that line blank.

    It stays as a blank line, so that rows keep their numbers.
    """
    first, end, rest = text.partition("\n")
    said = first.strip().strip('"').lower()
    if end and len(said) == 5 and said.startswith("sep=") and said[4] in DELIMITERS:
        return said[4], end + rest
    if first.rstrip("\r").lower() == "sep=\t":
        return "\t", end + rest
    return "", text


def find_delimiter(text: str) -> str:
    """The allowed delimiter that splits the header most, and the rows below alike."""
    start = [line for line in text[: 1 << 16].splitlines() if line.strip()][:20]
    header = _outside_quotes(start[0])
    counts = {d: header.count(d) for d in DELIMITERS}
    best = max(DELIMITERS, key=lambda d: (counts[d], _agreement(start, d)))
    return best if counts[best] else ","


def _agreement(lines: list[str], delimiter: str) -> int:
    counts = Counter(_outside_quotes(line).count(delimiter) for line in lines)
    return max(counts.values())


def _outside_quotes(line: str) -> str:
    return "".join(line.split('"')[::2])
