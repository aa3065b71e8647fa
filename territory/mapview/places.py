"""Rep homes, accounts and figures as files that the map fetches when somebody asks for them."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from territory.model.people import Accounts, Team
from territory.model.units import Units

__all__ = ["encode_accounts", "encode_figures", "encode_homes"]


def _packed(content: dict[str, object]) -> bytes:
    """gzipped JSON, the same for the same content."""
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return gzip.compress(text.encode(), compresslevel=6, mtime=0)


def encode_homes(team: Team, units: Units) -> bytes:
    """Reps whose home is known: ids, names, longitude and latitude in degrees, home unit or "".

    Coordinates of the team come first; a home unit alone stands at its representative point.
    """
    frame, unit = team.frame, team.homes(units)
    given = frame[["home_lon", "home_lat"]].to_numpy(float)
    known = np.isfinite(given).all(axis=1)
    lonlat = np.where(known[:, None], given, units.lonlat[np.maximum(unit, 0)])
    shown = np.flatnonzero(known | (unit >= 0))
    return _packed(
        {
            "rep": [team.ids[i] for i in shown],
            "name": [team.name(team.ids[i]) for i in shown],
            "lonlat": np.round(lonlat[shown], 6).tolist(),
            "unit": [str(units.ids[u]) if u >= 0 else "" for u in unit[shown]],
        }
    )


def encode_figures(figures: Mapping[str, NDArray[np.float64]]) -> bytes:
    """Values of each unit by the name of the figure, to four digits; None where not known."""
    return _packed(
        {
            name: [float(f"{v:.4g}") if np.isfinite(v) else None for v in values.tolist()]
            for name, values in figures.items()
        }
    )


def encode_accounts(accounts: Accounts, units: Units) -> bytes:
    """Accounts unit by unit, the one with most revenue first: what the map's dots are made of.

    Parameters
    ----------
    accounts, units
        Accounts outside of these units are left out.

    Returns
    -------
    gzipped JSON: ``counts`` (n,) accounts of each unit in the order of ``units``; ``name``,
    ``revenue`` (None where not known) and ``segment`` (codes into ``segments``) of each account.
    """
    frame = accounts.frame
    unit = pd.Index(units.ids).get_indexer(frame["unit_id"])
    revenue = frame["revenue"].to_numpy(float)
    order = np.lexsort((-np.nan_to_num(revenue), unit))
    order = order[unit[order] >= 0]
    codes, segments = pd.factorize(frame["segment"].iloc[order], sort=True)
    known = revenue[order]
    return _packed(
        {
            "counts": np.bincount(unit[order], minlength=units.n).tolist(),
            "name": frame["name"].iloc[order].tolist(),
            "revenue": [round(v) if np.isfinite(v) else None for v in known.tolist()],
            "segment": codes.tolist(),
            "segments": [str(s) for s in segments],
        }
    )
