"""The Data page's form: files, what their columns mean, and what to do where it is unclear."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd
import streamlit as st

from territory.errors import InputError
from territory.intake import Files
from territory.intake.boundaries import is_table
from territory.intake.boundaries import kind as kind_of
from territory.intake.child import read_apart
from territory.intake.mapping import FIELDS, label_of, layout_key, preview, propose_columns
from territory.intake.match import Choices, Swap
from territory.intake.source import Source, open_source
from territory.intake.tables import first_rows
from territory.ui import layouts
from territory.ui.text import plain

__all__ = ["Draft", "ask", "is_local"]

BOUNDARIES = ["geojson", "json", "topojson", "gpkg", "parquet", "geoparquet", "zip", "fgb", "kml"]
TABLES = ["csv", "tsv", "txt", "xlsx", "parquet"]
ENCODINGS = ["found out", "utf-8", "cp1252", "latin-1", "utf-16", "mac_roman"]
NOTHING = "–"
ORDERS: Mapping[str, Swap] = {
    "Find out which comes first": "auto",
    "Latitude first: turn them": "yes",
    "Longitude first, as usual": "no",
}

WHAT: Mapping[str, tuple[str, str]] = {
    "boundaries": (
        "Boundaries of the units, or a table of ZIPs",
        "GeoJSON, TopoJSON, GeoPackage, GeoParquet, FlatGeobuf, KML or a zipped shapefile; one "
        "area a unit. A table of US ZIPs will do: areas are then built around Census points.",
    ),
    "team": ("Team (optional)", "One row a rep: rep_id, name, home_zip, quota …"),
    "accounts": (
        "Accounts (optional)",
        "An id and a ZIP, coordinates or address an account. Exports of Salesforce and HubSpot "
        "are taken as they come.",
    ),
    "alignment": (
        "Who owns what today (optional)",
        "Two columns: unit_id and territory_id (or rep).",
    ),
    "attributes": ("Measures a unit", "A unit id and any numeric columns."),
    "sales": ("Sales history", "unit_id (or account_id), period, amount."),
    "quotas": ("Quotas", "rep_id and quota, where the team's table has none."),
    "competition": ("Competition", "unit_id and competitors: how many, or their share."),
    "travel_times": (
        "Travel times",
        "from, to and minutes, one row a way; or a square table with ids on both sides.",
    ),
}
"""Kind of table → its label and help."""


@dataclass(frozen=True)
class Draft:
    """What the form holds: kind → file, and how to read them."""

    sources: Mapping[str, Source]
    territories: int
    choices: Choices

    @property
    def files(self) -> Files:
        """For the reader; boundaries must be there."""
        return Files(**self.sources)

    @property
    def paths(self) -> dict[str, str]:
        """Those read from this machine, which can be read again."""
        return {k: str(s.path) for k, s in self.sources.items() if s.path is not None}


def is_local() -> bool:
    """Whether only this machine reaches the server: then its files are its user's own."""
    return st.config.get_option("server.address") in ("localhost", "127.0.0.1", "::1")


def ask() -> Draft:
    """Draw the form."""
    sources: dict[str, Source] = {}
    for kind in ("boundaries", "team", "accounts", "alignment"):
        _file(kind, sources)
    with st.expander("More tables and options"):
        for kind in ("attributes", "sales", "quotas", "competition", "travel_times"):
            _file(kind, sources)
        id_column = st.text_input(
            "Column with the unit id",
            key="id-column",
            help="Only where it can't be told by its name (zip, ZCTA5CE20, GEOID20 …).",
        ).strip()
        territories = st.number_input(
            "Number of territories",
            1,
            2000,
            12,
            key="territories",
            help="Where neither a team nor an alignment says how many there are.",
        )
        choices = _choices()
    if is_local():
        with st.expander("Read from this machine instead of uploading"):
            st.caption("For large files, and for files that are to be read again later.")
            for kind, (label, _) in WHAT.items():
                _path(kind, label, sources)
    for kind, source in sources.items():
        if kind != "boundaries" or is_table(source):
            sources[kind] = _columns(kind, source)
    if "boundaries" not in sources and "alignment" in sources:
        # Whoever says who owns what has named the ZIPs of the region.
        sources["boundaries"] = sources["alignment"]
    if id_column and "boundaries" in sources:
        source = sources["boundaries"]
        sources["boundaries"] = replace(source, columns={**source.columns, "unit_id": id_column})
    return Draft(sources, int(territories), choices)


def _file(kind: str, sources: dict[str, Source]) -> None:
    label, hint = WHAT[kind]
    types = [*BOUNDARIES, "csv", "tsv", "xlsx"] if kind == "boundaries" else TABLES
    given = st.file_uploader(label, type=types, key=f"upload-{kind}", help=hint)
    if given is not None:
        sources[kind] = Source(name=given.name.rsplit("/", 1)[-1], upload=given.getvalue())


def _path(kind: str, label: str, sources: dict[str, Source]) -> None:
    text = st.text_input(label, key=f"path-{kind}", placeholder="/folder/file.zip").strip()
    if not text:
        return
    try:
        sources[kind] = open_source(Path(text.strip('"')).expanduser())
    except InputError as error:
        st.error(plain(str(error)))


def _choices() -> Choices:
    summed = st.checkbox(
        "Add up rows of the same unit",
        key="sum-duplicates",
        help="Otherwise a unit that occurs twice in a table is refused.",
    )
    kept = st.checkbox(
        "Keep rows of no area in the totals, as “unmapped”",
        key="keep-unknown",
        help="Otherwise a row whose ZIP is not among the areas is refused.",
    )
    census = st.checkbox(
        "Add Census facts of US ZIPs (population, households, income …)",
        key="add-census",
        help="Census ACS 2018–2022, from this installation; no network needed.",
    )
    order = st.selectbox(
        "Coordinates of the boundaries",
        ORDERS,
        key="coordinate-order",
        help="GeoJSON and shapefiles have longitude first. Some programs write latitude first.",
    )
    crs = st.text_input(
        "Projection of the boundaries",
        key="projection",
        placeholder="EPSG:25832",
        help="Only where the file names none, such as a shapefile without its .prj.",
    )
    same, outside = "sum" if summed else "refuse", "keep" if kept else "refuse"
    return Choices(same, outside, census, ORDERS[order], crs.strip())  # type: ignore[arg-type]


def _columns(kind: str, source: Source) -> Source:
    """The file with what its columns mean: remembered or proposed, and corrected here."""
    trouble = st.container()
    with st.expander(f"Columns of {plain(source.name)}"):
        spoken = st.selectbox("Text encoding", ENCODINGS, key=f"encoding-{kind}")
        source = replace(source, encoding="" if spoken == ENCODINGS[0] else spoken)
        try:
            head = _head(source)
        except InputError as error:
            trouble.error(plain(str(error)), icon=":material/error:")
            return source
        layout = layout_key(head.columns)
        known = layouts.recall(kind, layout)
        guess = {f: c for f, c in known.items() if c == "" or c in head}
        guess = guess or propose_columns(head, kind)
        st.caption("Which column is what; the next file with this header is read the same way")
        chosen = _selectors(kind, layout, guess, list(map(str, head.columns)))
        st.caption("First rows as they will be read")
        st.dataframe(preview(head, chosen).rename(columns=label_of), hide_index=True)
    if chosen != guess:
        layouts.remember(kind, layout, chosen)
    return replace(source, columns=chosen)


def _selectors(kind: str, layout: str, guess: Mapping[str, str], have: list[str]) -> dict[str, str]:
    """One choice a field, in three columns."""
    chosen: dict[str, str] = {}
    places = st.columns(3)
    options = [NOTHING, *have]
    for i, field in enumerate(FIELDS[kind]):
        at = guess.get(field, "")
        picked = places[i % 3].selectbox(
            label_of(field),
            options,
            index=options.index(at) if at in have else 0,
            key=f"column-{kind}-{field}-{layout[:8]}",
        )
        chosen[field] = "" if picked == NOTHING else picked
    return {f: c for f, c in chosen.items() if c or f in guess}


def _head(source: Source) -> pd.DataFrame:
    """The first rows; read once for each content, apart where a parser could be made to fail."""
    if source.path is not None:
        about = source.path.stat()
        content = f"{source.path}:{about.st_mtime_ns}:{about.st_size}"
    else:
        content = hashlib.sha256(source.data).hexdigest()
    return _first_rows(f"{source.name}:{source.encoding}:{content}", source)


@st.cache_data(max_entries=64, show_spinner="Reading the first rows …")
def _first_rows(content: str, _source: Source) -> pd.DataFrame:
    if kind_of(_source) == "parquet":
        rows: pd.DataFrame = read_apart("first_rows", source=_source)
        return rows
    return first_rows(_source)
