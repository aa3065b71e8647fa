"""Homes and accounts as the map fetches them."""

from __future__ import annotations

import gzip
import json

import numpy as np
import pandas as pd

from territory.mapview.cache import accounts_file, homes_file
from territory.mapview.places import encode_accounts, encode_figures, encode_homes
from territory.model import Accounts, Team


def read(content: bytes) -> dict:
    """What the browser reads."""
    return json.loads(gzip.decompress(content))


def customers(**columns: object) -> Accounts:
    """Accounts A, B, C, …"""
    count = len(next(iter(columns.values())))  # type: ignore[arg-type]
    index = pd.Index([chr(65 + i) for i in range(count)], name="account_id")
    return Accounts(pd.DataFrame(columns, index=index))


def test_accounts_come_unit_by_unit_the_largest_first(board):
    """Counts follow the order of the units; strangers and unknown revenues break nothing."""
    accounts = customers(
        name=["small", "elsewhere", "large", "unknown", "nowhere"],
        unit_id=["03", "99", "03", "00", ""],
        revenue=[1.0, 5.0, 9.4, np.nan, 1.0],
        segment=["b", "a", "a", "", "a"],
    )
    found = read(encode_accounts(accounts, board))
    assert found["counts"] == [1, 0, 0, 2] + [0] * 8
    assert found["name"] == ["unknown", "large", "small"]
    assert found["revenue"] == [None, 9, 1]
    assert [found["segments"][c] for c in found["segment"]] == ["", "a", "b"]


def test_homes_stand_where_their_coordinates_say_else_in_their_unit(board):
    """A rep without a home is left out; one outside of every unit keeps its coordinates."""
    team = Team(
        pd.DataFrame(
            {
                "name": ["Ann", "", "Cy", "Dee"],
                "home_zip": ["05", "", "", ""],
                "home_lat": [np.nan, 42.05, np.nan, 10.0],
                "home_lon": [np.nan, -71.95, np.nan, 10.0],
            },
            index=pd.Index(["a", "b", "c", "d"], name="rep_id"),
        )
    )
    found = read(encode_homes(team, board))
    assert found["rep"] == ["a", "b", "d"]
    assert found["name"] == ["Ann", "b", "Dee"]
    assert found["unit"] == ["05", "00", ""]
    np.testing.assert_allclose(found["lonlat"][0], board.lonlat[5], atol=1e-5)
    assert found["lonlat"][1:] == [[-71.95, 42.05], [10.0, 10.0]]


def test_files_have_names_of_their_own_and_follow_the_content(board, tmp_path):
    """The same accounts are one file; one changed name makes another, that nobody can guess."""
    (tmp_path / "served").mkdir()
    one = customers(name=["x"], unit_id=["00"])
    same, other = customers(name=["x"], unit_id=["00"]), customers(name=["y"], unit_id=["00"])
    path = accounts_file(one, board, tmp_path)
    assert accounts_file(same, board, tmp_path) == path
    assert accounts_file(other, board, tmp_path) != path
    assert read(path.read_bytes())["name"] == ["x"]
    team = Team(pd.DataFrame({"name": ["Ann"]}, index=pd.Index(["a"], name="rep_id")))
    home = homes_file(team, board, tmp_path)
    assert len(home.stem) == 40 and "_" not in home.name
    assert one.fingerprint not in home.stem + path.stem


def test_figures_are_short_and_gaps_are_null() -> None:
    """Four digits; no NaN in JSON."""
    content = encode_figures({"white_space": np.array([1234567.0, np.nan, -2.0])})
    assert json.loads(gzip.decompress(content)) == {"white_space": [1235000.0, None, -2.0]}
