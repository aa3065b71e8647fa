"""A project as bytes and back."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from territory.errors import StoreCorrupt, StoreError
from territory.model import Market, Project, QuotaPolicy, Settings, Travel, Units
from territory.store import codec


def test_units_come_back_equal(units: Units) -> None:
    """Ids, areas, measures, neighbours, notes and column types survive."""
    again = codec.unpack_units(codec.pack_units(units))
    assert again.fingerprint == units.fingerprint
    assert list(again.ids) == list(units.ids)
    assert (again.notes, again.id_name) == (units.notes, units.id_name)
    pd.testing.assert_frame_equal(again.attributes, units.attributes)
    np.testing.assert_array_equal(again.graph.border_km, units.graph.border_km)


def test_awkward_columns_come_back_equal(units: Units) -> None:
    """Gaps, flags, plain objects and numbers with gaps keep their type and their fingerprint."""
    n = units.n
    extra = pd.DataFrame(
        {
            "gaps": [np.nan, np.inf] + [1.0] * (n - 2),
            "flag": [True] * n,
            "counts": pd.array([None] + [3] * (n - 1), dtype="Int64"),
            "plain": pd.Series([None] + ["00501"] * (n - 1), dtype=object).to_numpy(),
            "geometry": ["a column, not an area"] * n,
            "unit_id": ["another"] * n,
        },
        index=units.ids,
    )
    odd = units.with_attributes(extra)
    again = codec.unpack_units(codec.pack_units(odd))
    assert again.fingerprint == odd.fingerprint
    assert again.attributes.dtypes.to_dict() == odd.attributes.dtypes.to_dict()


def test_new_measure_does_not_copy_areas(units: Units) -> None:
    """Only the table of measures differs, so the areas are stored once."""
    more = units.with_attributes(pd.DataFrame({"extra": np.ones(units.n)}, index=units.ids))
    before, after = codec.pack_units(units), codec.pack_units(more)
    assert [kind for kind in before if before[kind] != after[kind]] == ["attributes"]


def test_people_come_back_equal(project: Project) -> None:
    """Team, accounts, sales and travel times survive; a hostile name is only a name."""
    again = codec.unpack_people(codec.pack_people(project))
    assert set(again) == {"team", "accounts", "sales", "travel_times"}
    for kind, table in again.items():
        pd.testing.assert_frame_equal(table.frame, getattr(project, kind).frame)
    assert again["team"].name("r2") == "=1+1"


def test_absent_tables_stay_absent(units: Units) -> None:
    """A project without people has none after loading."""
    assert codec.unpack_people(codec.pack_people(Project("Bare", units))) == {}


def test_settings_come_back_equal() -> None:
    """Also the tables inside them, and what has no limit."""
    settings = Settings(
        travel=Travel(field_share=0.7, server="http://roads"),
        market=Market({"income": 1.0}, "index"),
        quotas=QuotaPolicy(way="mix", cap=2.0),
        priority=("A", "B"),
        files={"team": "team.csv"},
    )
    assert codec.unpack_settings(json.loads(json.dumps(codec.pack_settings(settings)))) == settings


@pytest.mark.parametrize(
    "forged",
    [
        {"tolerance": "wide"},
        {"green": float("inf")},
        {"words": ["ZIP"]},
        {"priority": [1]},
        {"travel": 3},
        {"travel": {"field_share": 5.0}},
        {"market": {"weights": 1}},
        {"asked": "yes"},
    ],
)
def test_settings_of_another_kind_are_refused(forged: dict[str, object]) -> None:
    """A page that reads a number must never meet a word."""
    with pytest.raises(StoreCorrupt, match=r"setting( \w+)? can't be read"):
        codec.unpack_settings(forged)


def test_settings_of_other_versions_are_understood() -> None:
    """An unknown setting is dropped, a missing one keeps its default."""
    values = codec.pack_settings(Settings(distance="mi", weights={"potential": 0.6}))
    assert codec.unpack_settings(values) == Settings(distance="mi", weights={"potential": 0.6})
    assert codec.unpack_settings({"distance": "mi", "of the future": 1}).currency == "$"


@pytest.mark.parametrize("kind", codec.UNIT_PARTS)
@pytest.mark.parametrize("damage", [b"", b"PAR1 nothing here", b"PK\x03\x04"])
def test_damaged_part_is_named_so(units: Units, kind: str, damage: bytes) -> None:
    """A part that can't be read raises StoreCorrupt, whatever is in it."""
    with pytest.raises(StoreCorrupt):
        codec.unpack_units({**codec.pack_units(units), kind: damage})


def test_mixed_column_is_refused_in_words(units: Units) -> None:
    """A column of text and numbers can't be saved; the message names it."""
    mixed = pd.DataFrame({"mixed": [1, "a"] + [b"x"] * (units.n - 2)}, index=units.ids)
    with pytest.raises(StoreError, match="mixed"):
        codec.pack_units(units.with_attributes(mixed))
