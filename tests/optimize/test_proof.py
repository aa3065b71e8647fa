"""The certificate in words and numbers that agree with each other."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pandas as pd
import pytest

from territory.model import Team
from territory.optimize import Certificate, Proposal, certificate, propose
from territory.optimize import prove as module
from territory.optimize.bounds import certify
from tests.optimize.instances import cells
from tests.optimize.test_engine import POTENTIAL


@cache
def proposal() -> Proposal:
    """Three territories near homes."""
    return propose(cells(200, 1), team=team(), homes=True, measures=POTENTIAL)


def team() -> Team:
    """Three reps with homes."""
    homes = {"home_zip": ["a3", "a90", "a150"]}
    return Team(pd.DataFrame(homes, index=["P", "Q", "R"]))


def test_homes_are_certified() -> None:
    """The plan has at least the bound, and the gap is what lies between."""
    found = certificate(proposal(), team=team())
    assert found is not None and found.kind == "rep homes"
    assert 0 < found.value <= found.plan
    assert certify(proposal(), team=team()).bound["text"] == found.text()  # type: ignore[index]
    assert found.plan == pytest.approx(found.value * (1 + found.gap))
    assert found.tolerance == 0.05 and found.measure == "potential"
    assert found.to_json()["gap"] == found.gap and set(found.to_json()) >= {"kind", "value", "gap"}


def test_free_centres_are_certified() -> None:
    """Distances in km, so that the gap is one of km as well."""
    found = certificate(proposal(), time_limit=3)
    assert found is not None and found.kind == "free centres"
    assert found.plan == pytest.approx(found.value * (1 + found.gap)) and 0 <= found.gap < 0.3


def test_a_plan_outside_its_tolerance_is_compared_with_its_like() -> None:
    """The sentence says what is compared."""
    result = proposal()
    off = replace(result, tolerance=0.001)
    found = certificate(off, team=team())
    assert found is not None and found.tolerance == result.max_deviation["potential"]


def test_nothing_is_said_where_nothing_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not at once for a large region without homes, unless time is given; nor without a gap."""
    monkeypatch.setattr(module, "QUICK_FREE", 100)
    assert certificate(proposal()) is None
    assert certificate(proposal(), time_limit=2) is not None
    assert certificate(proposal(), team=team()) is not None
    monkeypatch.setattr(module, "certify", lambda p, **given: replace(p, bound=None))
    assert certificate(proposal(), team=team()) is None
    no_gap = {"kind": "free centres", "value": 9.0, "bound": 1.0, "gap": None, "seconds": 0.1}
    monkeypatch.setattr(module, "certify", lambda p, **given: replace(p, bound=no_gap))
    assert certificate(proposal(), team=team()) is None


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (
            "rep homes",
            "No connected plan within ±5 % of workload can have an average distance from the reps' "
            "homes below 38.2 km; this one has 39.5 km, at most 3.4 % more than the best possible.",
        ),
        ("free centres", "can have a typical distance from the middle of the territories below"),
    ],
)
def test_the_sentence(kind: str, expected: str) -> None:
    """Plain words from the numbers, with the relaxation for those who ask."""
    found = Certificate(kind, 38.2, 39.5, 0.034, "workload_hours", 0.05, 0.1)
    assert expected in found.text()
    assert "need not be connected" in found.why()
    best = replace(found, plan=38.2, gap=0.0)
    assert best.text().endswith("this one has 38.2 km, which is the best possible.")
