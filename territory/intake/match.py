"""Which unit each row of a table belongs to: by its id, else by what the id's surroundings are."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, cast

import numpy as np
import pandas as pd

from territory.errors import InputError, Problem
from territory.intake.ids import clean_ids, id_problems
from territory.intake.report import Report
from territory.intake.zips import are_zips, census, explain, fold, postal

_LISTED = 10_000
"""Unknown ids spelt out: a table of another region has nothing else."""

FOLDED = "ZIP without an area of its own (PO box, one organisation) put into the one around it"
SUMMED = "row of a unit that occurs again added to the first"


Swap = Literal["auto", "yes", "no"]
"""Are latitude and longitude swapped? "auto" finds out."""

SWAPS: dict[str, Swap] = {"auto": "auto", "swap": "yes", "keep": "no"}
"""The words of the command line for it."""


@dataclass(frozen=True)
class Choices:
    """What the user decided where reading would have to guess; the safe answer is the default."""

    duplicates: Literal["refuse", "sum"] = "refuse"
    """Rows with the same id: a fault, or added up."""
    unknown: Literal["refuse", "keep"] = "refuse"
    """Rows of no unit: a fault that forbids a plan, or kept in the totals as "unmapped"."""
    census: bool = False
    """Join Census facts to US ZIPs, also those that nobody named."""
    swap: Swap = "auto"
    """Whether boundaries have latitude where longitude belongs."""
    crs: str = ""
    """The projection of boundaries whose file names none, such as EPSG:25832."""

    @classmethod
    def of(
        cls, duplicates: str, unknown: str, coordinates: str = "auto", crs: str | None = None
    ) -> Choices:
        """From the words of the command line; InputError names those there are."""
        for option, word, words in (
            ("--duplicates", duplicates, ("refuse", "sum")),
            ("--unknown", unknown, ("refuse", "keep")),
            ("--coordinates", coordinates, tuple(SWAPS)),
        ):
            if word not in words:
                said = f"{option} {word!r} is not one of: {', '.join(words)}"
                raise InputError(Problem(said, remedy=f"Use {option} {words[0]}"))
        return cls(
            cast(Any, duplicates), cast(Any, unknown), swap=SWAPS[coordinates], crs=crs or ""
        )


class Matched(NamedTuple):
    """A row each: its unit (or the id as written), whether it is in one, whether it counts."""

    ids: np.ndarray
    mapped: np.ndarray
    unmapped: np.ndarray


def match_rows(
    column: pd.Series,
    name: str,
    known: Collection[str],
    rows: np.ndarray,
    report: Report,
    *,
    file: str,
    choices: Choices | None = None,
    unknown: str = "is no unit of these boundaries",
) -> Matched:
    """Match rows to units; missing, repeated and unknown ids are problems of the report.

    Parameters
    ----------
    column, name
        The ids as read, and what their column is called.
    known
        The units.
    rows, file
        Where the rows come from.
    choices
        What becomes of repeated and unknown ids.
    unknown
        What is said of an unknown id.
    """
    choices = choices or Choices()
    written, ids = place_ids(column, name, known, report)
    faults, good = id_problems(written, name, file, rows)
    if choices.duplicates == "sum":
        again = ~good & (written != "")
        report.repaired(SUMMED, int(again.sum()), name, written[again][:3])
        faults, good = [f for f in faults if f.value is None], written != ""
    inside = pd.Series(ids).isin(known).to_numpy()
    strangers = np.flatnonzero(~inside & good)
    lost = unknown_ids(ids, strangers, name, file, rows, unknown)
    if choices.unknown == "keep":
        report.block(faults)
        report.problems += lost
        report.notes += unmapped_note(file, len(strangers))
    else:
        report.block(sorted([*faults, *lost], key=lambda p: p.row or 0))
    return Matched(ids, inside & good, ~inside & good)


def unmapped_note(file: str, count: int) -> list[str]:
    """What the reader of totals should know, if there is anything."""
    if not count:
        return []
    return [f'{file}: {count:,} row(s) lie in no area; they stay in the totals as "unmapped".']


def place_ids(
    column: pd.Series, name: str, known: Collection[str], report: Report
) -> tuple[np.ndarray, np.ndarray]:
    """Ids with what spreadsheets lose put back, before and after PO boxes are folded."""
    known = frozenset(known)
    column = column.reset_index(drop=True)
    ids = clean_ids(column, name, report, known)
    lost = pd.Series(~pd.Series(ids).isin(known).to_numpy() & (ids != ""))
    if not lost.any() or not are_zips(known, 0.8):
        return ids, ids
    # Codes of PO boxes lose their zeros, too.
    codes = known | set(postal().index) | set(census().index)
    written = ids.copy()
    written[lost] = clean_ids(pd.Series(ids[lost]), name, report, codes)
    folded = fold(written, known)
    examples = [f"{a} → {b}" for a, b in zip(written, folded.ids, strict=True) if a != b]
    report.repaired(FOLDED, int(folded.changed.sum()), name, list(dict.fromkeys(examples))[:3])
    return written, folded.ids


def unknown_ids(
    ids: np.ndarray,
    where: np.ndarray,
    column: str,
    file: str,
    rows: np.ndarray,
    message: str = "is no unit of these boundaries",
) -> list[Problem]:
    """Ids that are no unit of the region, by row, with what is known of them."""
    where = where[:_LISTED]
    zips = len(where) > 0 and pd.Series(ids[where]).str.fullmatch(r"\d{5}").to_numpy(bool).any()
    told = {str(c): explain(str(c)) if zips else "" for c in dict.fromkeys(ids[where])}
    return [
        Problem(
            f"{str(ids[i])!r} {message}{told[str(ids[i])]}",
            file,
            int(rows[i]),
            column,
            str(ids[i])[:80],
            'Correct it, remove the row, keep it as "unmapped" (More tables and options; --unknown '
            "keep), or use boundaries that hold it.",
        )
        for i in where
    ]
