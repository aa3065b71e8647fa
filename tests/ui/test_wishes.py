"""What may be asked of the engine, and what is said about it beforehand."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pandas as pd
import pytest

from territory.model import History, Locks, Plan, Project, Rules, Settings, Units, Workspace
from territory.ui.concerns import concerns
from territory.ui.diff_map import clicked_group
from territory.ui.frontier_chart import chosen_point, frontier_chart
from territory.ui.made_with import record_in_words
from territory.ui.move_list import effects_in_words
from territory.ui.proof import proof_in_words
from territory.ui.proposal_view import nearest_tolerance
from territory.ui.rules_form import barriers_in, group_columns, rules_of
from territory.ui.wish_form import in_words
from territory.ui.wishes import PRESETS, Wish, first_wish
from tests.conftest import chessboard


def room(plan: Plan, settings: Settings | None = None) -> Workspace:
    """A workspace without people."""
    project = Project("Board", plan.units, settings=settings or Settings())
    return Workspace(project, History.start(plan), plan)


def settled(name: str, here: Workspace) -> Wish | str:
    """What a preset stands for here."""
    return next(p for p in PRESETS if p.name == name).settle(here)


def test_presets_fit_the_data(halves: Plan, board: Units) -> None:
    """Without hours there is no fair workload; without a plan nothing to keep and a clean sheet."""
    here, empty = room(halves), room(Plan.blank(board, 2))
    assert isinstance(settled("fair-workload", here), str)
    kept = settled("keep-relationships", here)
    assert isinstance(kept, Wish) and kept.max_disruption == pytest.approx(0.1)
    assert isinstance(settled("keep-relationships", empty), str)
    fair = [settled("fair-potential", h) for h in (here, empty)]
    assert [w.start for w in fair if isinstance(w, Wish)] == ["current", "balanced"]
    travel = settled("shortest-travel", here)
    assert isinstance(travel, Wish) and not travel.homes


def test_the_page_opens_with_what_was_asked_before(halves: Plan) -> None:
    """The first preset on the first visit; own settings are no preset."""
    assert first_wish(room(halves)).preset == "fair-potential"
    own = Settings(weights={"potential": 3.0, "units": 1.0}, tolerance=0.2)
    wish = first_wish(room(halves, own))
    assert wish.weights == {"potential": 0.75, "units": 0.25} and wish.preset == ""


def test_the_cap_that_was_answered_on_the_start_page_holds(halves: Plan, board: Units) -> None:
    """It opens the page where there is a present plan; on a clean sheet there is nothing to cap."""
    own = Settings(weights={"units": 1.0}, max_disruption=0.2)
    assert first_wish(room(halves, own)).max_disruption == 0.2
    assert first_wish(room(Plan.blank(board, 2), own)).max_disruption is None


def test_the_wish_in_words(halves: Plan) -> None:
    """Measures, tolerance, cap and rules are all said."""
    here = room(halves)
    wish = replace(first_wish(here), max_disruption=0.25, together="county", homes=True)
    words = in_words(here, wish)
    for part in ("**potential**", "±5 %", "25 %", "homes", "rules"):
        assert part in words


def test_contradictions_come_with_a_way_out(halves: Plan) -> None:
    """Locks against a clean sheet, a cap below what must change, a number that makes no sense."""
    here = room(halves.with_locks(Locks.of(units=["00"])))
    sheet = replace(first_wish(here), start="balanced")
    (found,) = concerns(here, sheet)
    assert found.stops and found.ways[0][1].start == "current"
    free = room(halves)
    assert concerns(free, replace(first_wish(free), tolerance=0.3)) == []
    tight = replace(first_wish(free), tolerance=0.01, max_disruption=0.0)
    (found,) = concerns(free, tight)
    assert not found.stops and "must change hands" in found.text
    assert [w.tolerance > 0.01 or bool(w.max_disruption) for _, w in found.ways] == [True, True]
    (found,) = concerns(free, replace(first_wish(free), tolerance=0.0))
    assert found.stops and not found.ways


def test_rules_reach_the_engine_only_where_there_are_any() -> None:
    """Counties of several units are groups; names that differ everywhere, and numbers, are not."""
    board = chessboard(2, 2, potential=[1.0, 2.0, 3.0, 4.0])
    words = pd.DataFrame({"county": list("aabb"), "city": list("wxyz")}, index=board.ids)
    units = board.with_attributes(words)
    assert group_columns(units) == ["county"]
    bare = Wish({"potential": 1.0}, 0.05, "current", False, None, 1)
    assert rules_of(units, bare) is None
    rules = rules_of(units, replace(bare, together="county", limits={"potential": (2.0, None)}))
    assert isinstance(rules, Rules) and set(rules.together) == {"a", "b"}
    assert rules.limits[0].least == 2.0 and rules.limits[0].most is None
    vetoed = rules_of(units, replace(bare, ferries=False, max_km=80.0, max_minutes=90.0))
    assert vetoed is not None and not vetoed.ferries and vetoed.max_km == 80.0
    assert vetoed.max_minutes == 90.0
    pairs, wrong = barriers_in("00 01\n01, 00\nnowhere 01\n\n00 00", units)
    assert pairs == (("00", "01"), ("01", "00")) and wrong == ["nowhere 01", "00 00"]
    asked = rules_of(units, replace(bare, barriers=pairs, shortest=True))
    assert asked is not None and asked.barriers == frozenset(pairs) and asked.shortest


def trade(label: str, off: float) -> SimpleNamespace:
    """A point of the frontier."""
    return SimpleNamespace(disruption=0.1, max_deviation=off, travel_km=20.0, labels=(label,))


def test_a_click_on_the_chart_is_a_plan() -> None:
    """The points are drawn in their order; a click gives its plan, taken back it gives none."""
    found = SimpleNamespace(points=(trade("a", 0.05), trade("b", 0.2)), now=(2.7, 0.0, 18.0))
    figure = frontier_chart(found, Settings(distance="mi"))  # type: ignore[arg-type]
    assert list(figure.data[0].y) == [0.05, 0.2]
    assert figure.data[0].marker.color[0] == pytest.approx(12.43, abs=0.01)
    assert "270 %" in figure.layout.annotations[0].text
    event = {"selection": {"points": [{"point_index": 1, "customdata": ["k", "words"]}]}}
    none: dict[str, object] = {"selection": {"points": []}}
    assert chosen_point(event, found) is found.points[1]  # type: ignore[arg-type]
    assert chosen_point(none, found) is None  # type: ignore[arg-type]
    assert [clicked_group(e) for e in (event, none, None)] == ["k", "", ""]


def test_figures_are_said_plainly() -> None:
    """Proof, effects, the record and the nearest tolerance, in the user's own units."""
    proof = SimpleNamespace(kind="free centres", measure="potential", value=30.0, plan=40.0)
    said = proof_in_words(proof, Settings(distance="mi"))  # type: ignore[arg-type]
    assert "18.6 mi" in said and "at most 25 %" in said
    effect = SimpleNamespace(measure="potential", name="<b>Ann", before=0.2, after=0.1)
    group = SimpleNamespace(
        effects=(effect,), kind="travel", share=0.05, home_km=None, radius_km=(30.0, 28.0)
    )
    group.revenue = 2e6
    words = effects_in_words(group, Settings())  # type: ignore[arg-type]
    assert words.startswith("<b>Ann +20 % → +10 %") and "2 km shorter" in words and "$2 M" in words
    near = SimpleNamespace(max_deviation={"potential": 0.1101, "units": 0.02})
    assert nearest_tolerance(near) == 0.12  # type: ignore[arg-type]
    record = SimpleNamespace(
        parameters={"measures": {"potential": 1.0}, "max_disruption": 0.1},
        inputs={"current": "abc"},
        seed=7,
        seconds=0.71,
        versions={"territory": "0.1.0"},
    )
    told = record_in_words(record)  # type: ignore[arg-type]
    assert all(part in told for part in ("Potential", "present plan", "10 %", "seed 7", "0.7 s"))
