"""A project as bytes and back: GeoParquet, Parquet and NumPy's archive; no pickle anywhere.

A region is three parts, so that a new measure does not copy the areas:

========== =================================================================
geometry   GeoParquet: unit_id and its area
attributes Parquet: the measures and labels of each unit
graph      .npz: neighbours, and what a table can't hold (notes, id's name)
========== =================================================================

The tables of TABLES are Parquet. Parts are stored under their SHA-256, so many projects on one
region hold it once.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from math import isfinite
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from territory.errors import PlanError, StoreCorrupt, StoreError
from territory.model import (
    Accounts,
    Earlier,
    Graph,
    Project,
    Sales,
    Settings,
    Team,
    TravelTimes,
    Units,
)

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = [
    "UNIT_PARTS",
    "pack_people",
    "pack_settings",
    "pack_units",
    "unpack_people",
    "unpack_settings",
    "unpack_units",
]

UNIT_PARTS = ("geometry", "attributes", "graph")
UNREADABLE = (KeyError, ValueError, TypeError, OSError, EOFError, zipfile.BadZipFile, PlanError)
"""What damaged bytes make the readers raise, whichever way they are damaged."""
TABLES = {
    "team": Team,
    "accounts": Accounts,
    "sales": Sales,
    "travel_times": TravelTimes,
    "earlier": Earlier,
    "earlier_accounts": Accounts,
}
GRAPH_ARRAYS = ("indptr", "indices", "border_km", "ferry")


def pack_units(units: Units) -> dict[str, bytes]:
    """The parts of a region.

    Raises
    ------
    StoreError
        If a column mixes values that no table can hold together, such as text and numbers.
    """
    import geopandas as gpd

    areas = gpd.GeoDataFrame({"unit_id": units.ids}, geometry=units.geometry.array, crs=4326)
    geometry = io.BytesIO()
    areas.to_parquet(geometry, index=False, compression="zstd")
    graph = io.BytesIO()
    np.savez_compressed(
        graph,
        **{name: getattr(units.graph, name) for name in GRAPH_ARRAYS},
        notes=np.array(units.notes, dtype=str),
        id_name=np.array(units.id_name, dtype=str),
        unmapped_names=np.array(list(units.unmapped), dtype=str),
        unmapped=np.array(list(units.unmapped.values()), dtype=float),
        closed=np.array(units.closed, dtype=str).reshape(-1, 2),
    )
    return {
        "geometry": geometry.getvalue(),
        "attributes": _table_bytes(units.attributes, "attributes"),
        "graph": graph.getvalue(),
    }


def unpack_units(parts: Mapping[str, bytes]) -> Units:
    """The region, equal to the one packed; StoreCorrupt if a part can't be read."""
    import geopandas as gpd
    import pyarrow as pa

    try:
        areas = gpd.read_parquet(io.BytesIO(parts["geometry"]))
        with np.load(io.BytesIO(parts["graph"]), allow_pickle=False) as archive:
            graph = Graph(*(archive[name] for name in GRAPH_ARRAYS))
            notes = tuple(str(note) for note in archive["notes"])
            id_name = str(archive["id_name"])
            unmapped = {}
            if "unmapped" in archive:  # Regions stored before it was known have none.
                names = map(str, archive["unmapped_names"])
                unmapped = dict(zip(names, archive["unmapped"].tolist(), strict=True))
            pairs = archive["closed"].tolist() if "closed" in archive else []
            closed = tuple((str(a), str(b)) for a, b in pairs)
        return Units(
            ids=areas["unit_id"].to_numpy(dtype=object),
            geometry=areas.geometry,
            attributes=_table(parts["attributes"]),
            graph=graph,
            notes=notes,
            id_name=id_name,
            unmapped=unmapped,
            closed=closed,
        )
    except (*UNREADABLE, pa.ArrowException) as error:
        raise StoreCorrupt(f"The stored region can't be read: {error}.") from error


def pack_people(project: Project) -> dict[str, bytes]:
    """Team, accounts, sales and travel times, those that are there."""
    tables = {kind: getattr(project, kind) for kind in TABLES}
    return {
        kind: _table_bytes(table.frame, kind) for kind, table in tables.items() if table is not None
    }


def unpack_people(parts: Mapping[str, bytes]) -> dict[str, Any]:
    """Arguments of a Project by the name of the table, those that are there."""
    import pyarrow as pa

    try:
        return {kind: make(_table(parts[kind])) for kind, make in TABLES.items() if kind in parts}
    except (*UNREADABLE, pa.ArrowException) as error:
        raise StoreCorrupt(f"A stored table can't be read: {error}.") from error


def pack_settings(settings: Settings) -> dict[str, Any]:
    """Settings as plain values for JSON."""
    return _plain(settings)


def unpack_settings(values: Mapping[str, Any]) -> Settings:
    """Settings; what an older version did not know keeps its default, the unknown is dropped.

    Raises
    ------
    StoreCorrupt
        If a value is of another kind than the setting, or beyond its limits.
    """
    made: Settings = _made(Settings(), values)
    return made


def _plain(of: Any) -> dict[str, Any]:
    """A dataclass as plain values, with those inside it."""

    def value(v: Any) -> Any:
        if is_dataclass(v):
            return _plain(v)
        return dict(v) if isinstance(v, Mapping) else v

    return {f.name: value(getattr(of, f.name)) for f in fields(of)}


def _made(default: Any, values: Mapping[str, Any]) -> Any:
    """The dataclass with these values, each of the kind that its default is of."""
    known = {f.name: getattr(default, f.name) for f in fields(default)}
    given = {name: value for name, value in values.items() if name in known}
    for name, value in given.items():
        if is_dataclass(known[name]):
            if not isinstance(value, Mapping):
                raise StoreCorrupt(f"The stored setting {name} can't be read.")
            given[name] = _made(known[name], value)
        elif not _alike(value, known[name]):
            raise StoreCorrupt(f"The stored setting {name} can't be read: {value!r}.")
    try:
        return replace(default, **given)
    except PlanError as error:
        raise StoreCorrupt(f"A stored setting can't be read: {error}") from error


def _alike(value: Any, known: Any) -> bool:
    """Is a value read from JSON of the same kind as a known one?"""
    if known is None or isinstance(known, float):  # None stands for "no limit": a number.
        number = isinstance(value, int | float) and not isinstance(value, bool)
        return (number and isfinite(value)) or (known is None and value is None)
    if isinstance(known, tuple):
        return isinstance(value, list | tuple) and all(isinstance(v, str) for v in value)
    if isinstance(known, Mapping):
        return isinstance(value, Mapping)
    return type(value) is type(known)


def _table_bytes(frame: pd.DataFrame, kind: str) -> bytes:
    """A table with its index as Parquet."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    out = io.BytesIO()
    try:
        pq.write_table(pa.Table.from_pandas(frame), out, compression="zstd")
    except (pa.ArrowException, ValueError, TypeError) as error:
        raise StoreError(
            f"The {kind} can't be saved: {error}. Give each column one kind of value."
        ) from error
    return out.getvalue()


def _table(content: bytes) -> pd.DataFrame:
    """The table, with the column types it was written from."""
    import pyarrow.parquet as pq

    table = pq.read_table(io.BytesIO(content))
    frame = table.to_pandas()
    # pandas 3 reads all text as its own text type; older files and code mean plain objects.
    plain = [c for c in _object_columns(table) if c in frame]
    return frame.astype(dict.fromkeys(plain, object)) if plain else frame


def _object_columns(table: pa.Table) -> list[str]:
    """Columns that were plain objects when written."""
    columns = (table.schema.pandas_metadata or {}).get("columns", [])
    # The index is listed too; its field name differs where a column is called like it.
    plain = (c for c in columns if c["numpy_type"] == "object")
    return [c["name"] for c in plain if c["name"] == c["field_name"]]
