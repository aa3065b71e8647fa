"""Numbers as scripts give them: NumPy's, text, None; refused in words or understood."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from territory.errors import InputError
from territory.model import Plan
from territory.optimize import propose
from tests.optimize.instances import board, request


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"territories": "3"}, "territories '3' is no whole number"),
        ({"territories": 2.5}, "territories 2.5 is no whole number"),
        ({"territories": 3, "tolerance": "0.05"}, "tolerance '0.05' is no number"),
        ({"territories": 3, "tolerance": None}, "tolerance None is no number"),
        ({"territories": 3, "measures": ["potential"]}, "have no weights"),
        ({"territories": 3, "measures": "potential"}, "have no weights"),
        ({"territories": 3, "measures": {"potential": "1"}}, "weight of measure 'potential'"),
    ],
)
def test_what_is_asked_for(given: dict[str, object], words: str) -> None:
    """Each message says which argument is wrong."""
    with pytest.raises(InputError, match=words):
        request(board(3, 4), **given)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"seed": None}, "seed None is no whole number"),
        ({"seed": 1.5}, "seed 1.5 is no whole number"),
        ({"restarts": 0}, "0 restarts make no plan"),
        ({"restarts": -1}, "-1 restarts make no plan"),
        ({"restarts": "2"}, "restarts '2' is no whole number"),
        ({"time_limit": "9"}, "time limit '9' is no number"),
        ({"time_limit": -1.0}, "time limit of -1.0 makes no sense"),
        ({"time_limit": float("nan")}, "time limit of nan makes no sense"),
        ({"start": "foo"}, "no start 'foo'"),
    ],
)
def test_how_it_is_searched(given: dict[str, object], words: str) -> None:
    """Refused before anything is computed."""
    with pytest.raises(InputError, match=words):
        propose(board(3, 4), territories=2, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", [np.int8, np.int32, np.uint64, float])
def test_numbers_of_numpy_are_numbers(kind: type) -> None:
    """The same plan as with plain ones; small integers don't overflow."""
    plain = propose(board(4, 5), territories=4, seed=7, restarts=1)
    odd = propose(board(4, 5), territories=kind(4), seed=kind(7), restarts=kind(1))
    assert np.array_equal(plain.plan.alignment, odd.plan.alignment)


def test_a_plan_of_another_region_is_refused() -> None:
    """Positions mean nothing elsewhere, even where the number of units is the same."""
    here = board(3, 4)
    names = np.array([f"b{i}" for i in range(12)], dtype=object)
    there = replace(here, ids=names, attributes=here.attributes.set_axis(names))
    other = Plan.blank(there, 2).with_alignment(np.arange(12) // 6)
    with pytest.raises(InputError, match="other units"):
        request(here, current=other)
