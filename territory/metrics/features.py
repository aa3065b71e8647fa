"""What a model may learn from: facts of places, nothing that follows from own sales."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from territory.metrics.facts import FACTS, census_facts, fact_label
from territory.model import Units, measure

__all__ = ["Features", "blocks_of", "features_of"]

OUTCOME = re.compile(
    r"(^|_)(sales|revenue|amount|turnover|margin|profit|spend|accounts?|customers?|prospects?|"
    r"workload|hours|visits?|calls?|orders?|quota|goal|pipeline|deals?|potential|penetration|"
    r"growth|won|lost|target|territory|rep|lat|lon|latitude|longitude|id)(_|$)",
    re.IGNORECASE,
)
"""Words in a column's name that say it follows from own sales, or where a place is."""

LEVELS = 5
"""Space is halved this often into blocks, where no counties are known: 32 of them."""
COUNTIES = 10


@dataclass(frozen=True, eq=False)
class Features:
    """``table`` (n, features) of numbers, gaps as NaN; ``labels`` what each is in words."""

    table: NDArray[np.float64]
    labels: tuple[str, ...]


def features_of(units: Units) -> Features:
    """Density, size of the area, Census facts of US ZIPs and every number that the user brings.

    Left out are columns that follow from own sales (accounts, customers, workload, potential …),
    coordinates, and those that are the same everywhere.
    """
    attributes, facts = units.attributes, census_facts(units)
    columns: dict[str, NDArray[np.float64]] = {}
    if "population" in attributes:
        people = attributes["population"].to_numpy(dtype=float, na_value=np.nan)
        columns["people per km²"] = people / np.maximum(units.area_km2, 1e-3)
    columns["area"] = np.asarray(units.area_km2)
    for name in attributes:
        if pd.api.types.is_numeric_dtype(attributes[name]) and not OUTCOME.search(str(name)):
            label = fact_label(str(name)) if name in FACTS else measure(str(name)).label.lower()
            columns.setdefault(label, attributes[name].to_numpy(dtype=float, na_value=np.nan))
    for name in facts:
        if name != "population_density" and pd.api.types.is_numeric_dtype(facts[name]):
            columns.setdefault(fact_label(name), facts[name].to_numpy(float))
    kept = {label: values for label, values in columns.items() if _says_something(values)}
    table = np.column_stack(list(kept.values())) if kept else np.empty((units.n, 0))
    return Features(np.where(np.isfinite(table), table, np.nan), tuple(kept))


def _says_something(values: NDArray[np.float64]) -> bool:
    known = values[np.isfinite(values)]
    return len(known) > 1 and bool(np.ptp(known) > 0)


def blocks_of(units: Units) -> tuple[NDArray[np.int64], str]:
    """(n,) the block each unit lies in, and what a block is in words.

    Counties where a column says them and there are at least ten; else space is halved again and
    again at the median, across its longer side, so that each block has about as many units.
    """
    attributes = units.attributes
    if "county" in attributes:
        by = [attributes[c].astype(str) for c in ("state", "county") if c in attributes]
        codes = attributes.groupby(by, sort=True).ngroup().to_numpy()
        if codes.max(initial=-1) + 1 >= COUNTIES:
            return codes.astype(np.int64), "counties"
    return _halved(units.xy), "areas"


def _halved(xy: NDArray[np.float64]) -> NDArray[np.int64]:
    """(n,) blocks of neighbouring points, all of about the same number."""
    out = np.zeros(len(xy), np.int64)
    for _ in range(LEVELS):
        following = out * 2
        for block in np.unique(out):
            mine = np.flatnonzero(out == block)
            side = int(np.ptp(xy[mine, 1]) > np.ptp(xy[mine, 0]))
            order = mine[np.argsort(xy[mine, side], kind="stable")]
            following[order[len(order) // 2 :]] += 1
        out = following
    return np.unique(out, return_inverse=True)[1].astype(np.int64)
