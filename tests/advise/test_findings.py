"""The advisor names every fault that is there and none that is not, and every figure is traced."""

from __future__ import annotations

import importlib
import re
from dataclasses import fields, replace
from math import isfinite
from pathlib import Path

import pytest

from territory.advise.findings import FINDINGS, Context, Number, findings, questions
from territory.advise.findings.said import Said
from territory.model import Advice, Plan, Project, Settings
from tests.advise.world import CHOSEN, FAULTS, Fault, gone, healthy_context, hours, with_team

DIGITS = re.compile(r"\d[\d,]*(?:\.\d+)?")


@pytest.fixture(scope="module")
def healthy(sample: tuple[Project, Plan]) -> Context:
    """The sample made fair, everything that a finding needs at hand."""
    return healthy_context(*sample)


def kinds(context: Context) -> set[str]:
    return {finding.kind for finding in findings(context)}


def test_nothing_is_wrong_with_a_healthy_plan(healthy: Context) -> None:
    """A fair plan on complete data brings no finding at all."""
    assert [f.said.text(healthy.settings) for f in findings(healthy)] == []


@pytest.mark.parametrize("fault", FAULTS, ids=[f"{i}-{f.kind}" for i, f in enumerate(FAULTS)])
def test_a_planted_fault_is_found_and_nothing_else(healthy: Context, fault: Fault) -> None:
    """Just beyond the limit it is the only finding and names its territory; just short none is."""
    context = fault.beyond(healthy)
    (found,) = findings(context)
    assert found.kind == fault.kind
    if fault.territories is not None:
        assert found.territories == fault.territories
    assert found.share > 0 and found.said.numbers
    for said in (found.said, *found.lines):
        traced(said, context)
        for number in said.numbers.values():
            source_of(number)
    assert kinds(fault.short(healthy)) == set()


def test_who_is_still_to_come_has_no_months_in_the_job(healthy: Context) -> None:
    """A first day after the day that capacity counts from is not told as less than no months."""
    coming = with_team(healthy, start_date="2026-01-15")
    (found,) = [f for f in findings(coming) if f.kind == "ramp"]
    assert found.numbers["least"].value == 0


def test_every_kind_is_planted() -> None:
    """A kind of finding without a planted fault is not finished."""
    assert {fault.kind for fault in FAULTS} == {kind.key for kind in FINDINGS}


def test_several_faults_at_once(healthy: Context) -> None:
    """Each is named; the ranking is severity times share."""
    context = with_team(hours(1.5)(healthy), start_date="2025-12-01")
    found = findings(gone(context))
    # Everybody is new, so nobody has a whole year's hours; who left has none to fill.
    assert {"vacancy", "ramp", "overloaded"} <= {f.kind for f in found}
    assert [f.rank for f in found] == sorted((f.rank for f in found), reverse=True)
    (heavy,) = (f for f in found if f.kind == "overloaded")
    assert CHOSEN not in heavy.territories


def traced(said: Said, context: Context) -> None:
    """The template has no digit; every figure on screen is one of the numbers, and finite."""
    assert not DIGITS.search(said.template), said.template
    wanted = set(re.findall(r"{(\w+)}", said.template))
    assert wanted <= set(said.numbers) | set(said.names)
    assert set(said.numbers) <= wanted, "a number that no word explains"
    bare = Said(said.template, said.numbers, dict.fromkeys(said.names, ""))
    written = [t for n in said.figures(context.settings).values() for t in DIGITS.findall(n)]
    assert sorted(DIGITS.findall(bare.text(context.settings))) == sorted(written)
    assert all(isfinite(n.value) for n in said.numbers.values())


def source_of(number: Number) -> object:
    """What a number's source names; AttributeError where there is no such thing."""
    first, _, rest = number.source.partition(".")
    if first == "settings":
        return _follow(Settings(), rest)
    if first in ("plan", "project"):
        return rest
    module, _, name = number.source.rpartition(".")
    found = importlib.import_module(f"territory.{module}")
    return getattr(found, name)


def _follow(value: object, path: str) -> object:
    for name in path.split("."):
        value = getattr(value, name)
    return value


def test_no_finding_on_data_that_is_not_there(healthy: Context) -> None:
    """Without team, accounts, sales and earlier data no kind that needs them speaks; it asks."""
    bare = Project("bare", healthy.project.units)
    reps = healthy.plan.territories.assign(rep_id="")
    plan = replace(healthy.plan, territories=reps)
    context = Context(bare, plan, None)
    silent = [kind for kind in FINDINGS if kind.lacks(context)]
    assert {k.key for k in silent} >= {
        "overloaded", "underused", "team_size", "vacancy", "ramp", "overlap", "far_named",
        "mismatch", "unfair_quota", "concentration", "key_disruption", "drift", "churn", "rivals",
    }  # fmt: skip
    assert findings(context) == []
    asked = questions(context)
    assert {label for q in asked for label in q.unlocks} == {k.label for k in silent}
    assert all(q.words.endswith(("?", ".")) and q.page for q in asked)


def test_an_empty_plan_asks_for_territories(board) -> None:
    """Nothing assigned: no finding, and the first question is where the territories are."""
    for plan in (Plan.blank(board, 0), Plan.blank(board, 3)):
        context = Context(Project("x", board), plan)
        assert findings(context) == []
        assert questions(context)[0].need == "plan"


def test_a_name_is_never_read_as_a_template(healthy: Context) -> None:
    """Braces, digits and markup in a rep's name come out as they are."""
    name = "{worst} <b>${x}</b> 100 %"
    plan = replace(
        healthy.plan,
        territories=healthy.plan.territories.assign(
            name=[name if t == CHOSEN else "x" for t in healthy.plan.territory_ids]
        ),
    )
    (found,) = findings(hours(1.2)(replace(healthy, plan=plan, baseline=plan)))
    assert found.said.text(healthy.settings).startswith(f"{name} has more work than hours")


def test_figures_that_differ_look_different() -> None:
    """A figure just beyond its limit is written with the digit that shows it."""
    numbers = {"a": Number(1.101, "share", "x"), "b": Number(1.10, "share", "x")}
    assert (
        Said("{a}, not {b}", numbers).text(Settings())
        == "110.1\N{NO-BREAK SPACE}%, not 110.0\N{NO-BREAK SPACE}%"
    )


def test_a_dismissal_holds_for_what_was_seen(healthy: Context) -> None:
    """The key is the same for the same fault, and another one for other territories."""
    (first,) = findings(hours(1.2)(healthy))
    (again,) = findings(hours(1.3)(healthy))
    assert first.key == again.key and CHOSEN in first.key
    (other,) = findings(gone(healthy))
    assert other.key != first.key


def test_the_limits_are_documented() -> None:
    """docs/advice.md explains every limit and names its default."""
    text = (Path(__file__).parents[2] / "docs" / "advice.md").read_text(encoding="utf-8")
    for field in fields(Advice):
        assert f"`{field.name}`" in text, field.name
    for kind in FINDINGS:
        assert f"**{kind.label}**" in text, kind.label
