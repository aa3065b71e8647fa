"""What the flags of the rules mean, and how a wrong one is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest

from territory.cli_rules import (
    RuleFlags,
    each_tolerance,
    judged,
    limits,
    parse_tolerance,
    whole_numbers,
)
from territory.errors import InputError
from territory.model import Accounts, Limit, Project
from tests.optimize.instances import board

PROJECT = Project("p", board(2, 3))


def test_tolerances() -> None:
    """One for all, one for some, and what is left gets the usual one."""
    assert parse_tolerance(None) == (0.05, {})
    assert parse_tolerance(["0.1", "a=b=0.2"]) == (0.1, {"a=b": 0.2})
    assert each_tolerance({"x": 1, "y": 2}, 0.05, {"y": 0.1}) == {"x": 0.05, "y": 0.1}


def test_limits_and_numbers() -> None:
    """Of every territory or of one; ids may hold a colon or an equals sign."""
    assert limits(["units=3", "T:1:sales=4.5"], "--max") == [
        Limit("units", None, 3.0),
        Limit("sales", None, 4.5, "T:1"),
    ]
    assert limits(["units=3"], "--min") == [Limit("units", 3.0)]
    assert whole_numbers(["North=4", "a=b=2"]) == {"North": 4, "a=b": 2}


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: parse_tolerance(["x=5"]), "not between 0 and 1"),
        (lambda: parse_tolerance(["=0.1"]), "not between 0 and 1"),
        (lambda: parse_tolerance(["few"]), "not between 0 and 1"),
        (lambda: parse_tolerance(["0.1", "0.2"]), "given twice"),
        (lambda: parse_tolerance(["x=0.1", "x=0.2"]), "given twice"),
        (lambda: each_tolerance({"x": 1}, 0.05, {"y": 0.1}), "'y' does not count"),
        (lambda: limits(["units"], "--max"), "--max 'units' is not NAME=VALUE"),
        (lambda: limits(["units=few"], "--min"), "--min 'units=few' is not NAME=VALUE"),
        (lambda: whole_numbers(["North"]), "is not REGION=NUMBER"),
        (lambda: whole_numbers(["North=2.5"]), "is not REGION=NUMBER"),
        (lambda: RuleFlags(together_accounts=["family"]).rules(PROJECT), "needs the accounts"),
    ],
)
def test_wrong_flags_are_refused(call: Callable[[], object], words: str) -> None:
    """In words that say how to write it."""
    with pytest.raises(InputError, match=words):
        call()


def test_account_families_become_groups() -> None:
    """Units with accounts of one family stay together; a family in one unit asks for nothing."""
    frame = pd.DataFrame(
        {"unit_id": ["a0", "a1", "a2", "a2"], "family": ["F", "F", "G", ""]}, index=list("wxyz")
    )
    project = replace(PROJECT, accounts=Accounts(frame))
    rules = RuleFlags(together_accounts=["family"]).rules(project)
    assert rules.together == {"F": frozenset({"a0", "a1"})}


def test_a_tolerance_each_is_judged_each() -> None:
    """Inside means inside the own one."""
    figures = {"max_deviation": {"x": 0.08, "y": 0.04}, "within_tolerance": False}
    assert judged(dict(figures), {"x": 0.1, "y": 0.05})["within_tolerance"] is True
    assert judged(dict(figures), {"x": 0.1, "y": 0.03})["within_tolerance"] is False
    assert "tolerances" not in judged(dict(figures), {"x": 0.1, "y": 0.1})
