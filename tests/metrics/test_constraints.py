"""The rules' catalogue, and what is written about it."""

from __future__ import annotations

from pathlib import Path

from territory.metrics import CONSTRAINTS, Asked
from territory.model import Plan, Rules
from tests.optimize.instances import board

TEXT = (Path(__file__).parents[2] / "docs" / "rules.md").read_text(encoding="utf-8")


def test_the_table_tells_how_each_rule_is_treated() -> None:
    """Every rule has a line in docs/rules.md that begins with its treatment."""
    rows = [[c.strip() for c in line.split("|")[1:3]] for line in TEXT.splitlines() if "|" in line]
    written = {row[0]: row[1].split(",")[0] for row in rows if len(row) == 2}
    assert {rule.label: rule.treatment for rule in CONSTRAINTS}.items() <= written.items()


def test_each_rule_is_named_once_and_asks_for_nothing_by_itself() -> None:
    """Without rules, team or baseline a sound plan keeps all of them."""
    assert len({rule.key for rule in CONSTRAINTS}) == len(CONSTRAINTS)
    units = board(2, 4)
    plan = Plan.blank(units, 2).with_alignment([0, 0, 1, 1, 0, 0, 1, 1])
    for rule in CONSTRAINTS:
        assert rule.check(plan, Asked()) == []
    assert not Rules() and Rules(stay=2.0)


def test_a_barrier_counts_as_a_cut() -> None:
    """One piece on the map, two by the links that are left."""
    units = board(1, 4)
    plan = Plan.blank(units, 2).with_alignment([0, 0, 1, 1])
    asked = Asked(Rules(barriers=frozenset({("a1", "a0")})))
    (found,) = [v for rule in CONSTRAINTS for v in rule.check(plan, asked)]
    assert found.territory_id == "T01"
    assert found.reason == "it lies in 2 pieces by the links that are left"
