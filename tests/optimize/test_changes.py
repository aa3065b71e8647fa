"""Each block of moves with the effect it really has, and any part of a proposal is a valid plan."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from territory.errors import PlanError
from territory.metrics import Case, deviation, max_deviation, moved_share, relabelled, rms_radius_km
from territory.model import Accounts, Locks, Plan, Project, Sales, Team, pieces
from territory.optimize import MoveGroup, accept, propose, reasons
from tests.optimize.instances import board, cells

WEIGHTS = {"potential": 0.6, "workload": 0.4}


def plan_of(text: str, columns: int, **given: object) -> Plan:
    """A plan drawn as rows of letters, south first; "." is unassigned."""
    rows = text.split()
    units = board(len(rows), columns)
    owner = {u: c.replace(".", "") for u, c in zip(units.ids, "".join(rows), strict=True)}
    return Plan.from_alignment(units, owner, **given)


def redrawn(plan: Plan, text: str) -> Plan:
    """The same territories, drawn anew."""
    letters = "".join(text.split())
    return plan.with_alignment([plan.position_of(None if c == "." else c) for c in letters])


@cache
def pair() -> tuple[Plan, Plan]:
    """A random region before and after a proposal from scratch, under the same territories."""
    units = cells(160, 4)
    before = propose(units, territories=6, measures={"workload": 1.0}, seed=3).plan
    after = propose(units, territories=6, measures=WEIGHTS, seed=5, tolerance=0.08).plan
    return before, relabelled(after, before, "potential")


def left_out(after: Plan, before: Plan, group: MoveGroup) -> Plan:
    """Oracle: the proposal with one block back where it was."""
    label = after.alignment.copy()
    label[group.units] = before.alignment[group.units]
    return after.with_alignment(label)


def test_every_moved_unit_is_in_one_group() -> None:
    """Groups are connected, of one pair of territories, and cover exactly what moves."""
    before, after = pair()
    changes = reasons(before, after, measures=WEIGHTS)
    moved = np.flatnonzero(before.alignment != after.alignment)
    assert sorted(np.concatenate([g.units for g in changes.groups])) == moved.tolist()
    graph = before.units.graph
    for position, group in enumerate(changes.groups):
        assert (changes.group_of[group.units] == position).all()
        inside = np.full(before.units.n, -1)
        inside[group.units] = 0
        assert pieces(graph, inside, 1)[0] == 1
        assert {before.territory_ids[t] for t in before.alignment[group.units]} == {group.source}
        assert {after.territory_ids[t] for t in after.alignment[group.units]} == {group.target}
    rest = np.flatnonzero(changes.group_of < 0)
    assert (before.alignment[rest] == after.alignment[rest]).all()


def test_effects_are_those_of_leaving_the_group_out() -> None:
    """Deviation, radius, pieces and disruption agree with metrics of the plan without the group."""
    before, after = pair()
    changes = reasons(before, after, measures=WEIGHTS)
    full = Case(after, WEIGHTS)
    names = after.territories["name"]
    for group in changes.groups:
        without = left_out(after, before, group)
        case = Case(without, WEIGHTS)
        for e in group.effects:
            assert e.before == pytest.approx(deviation(case, e.measure)[e.territory_id])
            assert e.after == pytest.approx(deviation(full, e.measure)[e.territory_id])
        for measure, both in group.max_deviation.items():
            expected = (max_deviation(case, measure), max_deviation(full, measure))
            assert both == pytest.approx(expected)
        assert group.radius_km == pytest.approx((rms_radius_km(case), rms_radius_km(full)))
        weight = before.units.values("potential")
        assert group.disruption == pytest.approx(weight[group.units].sum() / weight.sum())
        count = pieces(before.units.graph, without.alignment, 6)
        whole = pieces(before.units.graph, after.alignment, 6)
        assert set(group.joins) == set(names[whole < count])
    assert changes.disruption == pytest.approx(moved_share(after, before, "potential"))


def test_homes_revenue_and_named_accounts() -> None:
    """Travel from home, revenue that changes hands, and accounts that stay with their rep."""
    before = plan_of("AABB AABB", 4)
    after = redrawn(before, "AAAB AAAB")
    reps = before.territories.assign(rep_id=["R1", "R2"])
    before, after = (Plan(p.units, reps, p.alignment, named_accounts={"x": "R2"})
                     for p in (before, after))  # fmt: skip
    team = Team(pd.DataFrame({"home_zip": ["a0", "a3"]}, index=["R1", "R2"]))
    table = {"unit_id": ["a2", "a6", "a6"], "revenue": [100.0, 40.0, 7.0], "potential": 0.25}
    accounts = Accounts(pd.DataFrame(table, index=["v", "x", "y"]))
    changes = reasons(before, after, accounts=accounts, team=team)
    (group,) = changes.groups
    assert group.title("square", "squares") == "2 squares (a2 and a6), B → A"
    assert group.revenue == changes.revenue == 107.0
    assert group.revenue_at_risk == pytest.approx((0.13 * 107, 0.18 * 107))
    project = Project("p", before.units, team, accounts)
    for plan, side in ((before, 0), (after, 1)):
        found = deviation(Case(plan, {}, project=project), "potential")
        told = {e.territory_id: (e.before, e.after)[side] for e in group.effects}
        assert told == pytest.approx(found.to_dict())
    step = np.diff(before.units.xy[:4, 0]).mean() / 1e3
    assert group.away_km is not None and group.away_km[0] < group.away_km[1]
    assert group.away_km[1] == pytest.approx(2 * step, rel=0.2)
    assert group.home_km is not None and group.home_km[0] < group.home_km[1]


def test_revenue_from_the_last_year_of_sales() -> None:
    """Without accounts the last four periods count; a unit that had nobody disturbs nobody."""
    before = plan_of("AAB.", 4)
    after = redrawn(before, "AABB")
    periods = ["2024Q1", "2024Q2", "2024Q3", "2024Q4", "2025Q1"]
    sales = Sales(pd.DataFrame({"unit_id": "a1", "period": periods, "amount": 10.0}))
    (group,) = reasons(before, after, sales=sales).groups
    assert (group.source, group.source_name, group.away_km) == (None, "unassigned", None)
    assert (group.revenue, group.disruption) == (0.0, 0.0)
    (group,) = reasons(before, redrawn(before, "ABB."), sales=sales).groups
    assert group.revenue == 40.0
    assert reasons(before, after).revenue is None


@pytest.mark.parametrize(
    ("was", "now", "kind", "said"),
    [
        ("AAAAAB", "AAABBB", "balance", "Brings A from +67 % to +0 % and B from −67 % to +0 %, "),
        ("AAABBB", "AAAABB", "none", "On its own it gains nothing that can be measured; "),
        ("ABABBB", "AAABBB", "balance", "keeps B and A each in one piece"),
    ],
)
def test_the_sentence_follows_from_the_figures(was: str, now: str, kind: str, said: str) -> None:
    """What is improved is named with its figures; where nothing is, that is said."""
    before = plan_of(was, 6)
    group = reasons(before, redrawn(before, now)).groups[0]
    assert group.kind == kind
    assert said in group.why


def test_places_come_from_the_attributes() -> None:
    """The city with the most weight names the block; a county where there is no city."""
    before = plan_of("AAAB", 4)
    towns = pd.DataFrame({"City": ["Ely", "Bath", "Bath", ""]}, index=before.units.ids)
    for frame, place in (
        (towns, "around Bath"),
        (towns.assign(City="Ely"), "in Ely"),
        (towns.rename(columns={"City": "COUNTY"}), "around Bath"),
        (towns.assign(City=""), "a0, a1 and a2"),
    ):
        units = before.units.with_attributes(frame)
        plan = Plan(units, before.territories, before.alignment)
        (group,) = reasons(plan, redrawn(plan, "BBBB")).groups
        assert group.place == place


def test_plans_that_cannot_be_compared() -> None:
    """Other units or a missing territory are said in words; a further territory is fine."""
    before = plan_of("AABB", 4)
    with pytest.raises(PlanError, match="different regions"):
        reasons(before, plan_of("AABB ABAB", 4))
    with pytest.raises(PlanError, match="Territory B is missing"):
        reasons(before, plan_of("AAAA", 4))
    wider = plan_of("ACBB", 4)
    (group,) = reasons(before, wider).groups
    assert (group.source, group.target) == ("A", "C")
    taken = accept(before, wider, [group.key])
    assert taken.plan.to_mapping() == wider.to_mapping()
    assert accept(before, wider, []).plan.to_mapping() == before.to_mapping()


def test_all_is_the_proposal_and_none_is_the_present_plan() -> None:
    """Both ends of the choice are exact."""
    before, after = pair()
    keys = reasons(before, after).keys
    whole, nothing = accept(before, after, keys), accept(before, after, [])
    assert whole.exact and (whole.plan.alignment == after.alignment).all()
    assert nothing.exact and (nothing.plan.alignment == before.alignment).all()
    with pytest.raises(PlanError, match="no block of moves 'z'"):
        accept(before, after, ["z"])


@settings(max_examples=60, deadline=None)
@given(data=st.data(), prefer=st.sampled_from(["fewest", "along", "left"]))
def test_any_choice_is_a_valid_plan(data: st.DataObject, prefer: str) -> None:
    """No territory gets more pieces than before or in the proposal; what differs is told."""
    before, after = pair()
    keys = reasons(before, after).keys
    chosen = data.draw(st.sets(st.sampled_from(keys)))
    locked = data.draw(st.sets(st.sampled_from([str(u) for u in before.units.ids]), max_size=2))
    closed = data.draw(st.sets(st.sampled_from(before.territory_ids), max_size=1))
    before = before.with_locks(Locks.of(locked, closed))
    got = accept(before, after, chosen, prefer=prefer)  # type: ignore[arg-type]
    graph, label = before.units.graph, got.plan.alignment
    most = np.maximum(pieces(graph, before.alignment, 6), pieces(graph, after.alignment, 6))
    assert (pieces(graph, label, 6) <= np.maximum(most, 1)).all()
    stays = label == before.alignment
    assert (stays | (label == after.alignment)).all()
    assert stays[before.locked_units].all()
    shut = [before.position_of(t) for t in closed]
    assert stays[np.isin(label, shut)].all()
    assert got.taken == (chosen | set(got.along)) - set(got.left) - set(got.locked)
    assert not (got.left if prefer == "along" and not (locked or closed) else ())
    assert not (got.along if prefer == "left" else ())
    assert bool(got.torn) == bool(got.along or got.left)


def test_what_must_come_along_or_be_left() -> None:
    """A block that only another one connects: both are taken or none, and it is said which."""
    before = plan_of("AABBB CCCCC CCCCC", 5)
    after = redrawn(before, "AAABB CCACC CCCCC")
    changes = reasons(before, after)
    key = {g.source: g.key for g in changes.groups}
    assert accept(before, after, [key["B"]]).exact
    along = accept(before, after, [key["C"]], prefer="along")
    assert (along.along, along.left, along.torn) == ((key["B"],), (), ("A",))
    assert (along.plan.alignment == after.alignment).all()
    assert along.text(changes) == (
        "This choice alone would leave A in pieces. 1 unit (a2), B → A: comes along."
    )
    left = accept(before, after, [key["C"]], prefer="left")
    assert (left.along, left.left) == ((), (key["C"],))
    assert (left.plan.alignment == before.alignment).all()
    # The bridge is locked, so it can't come along, whatever is preferred.
    shut = accept(before.with_locks(Locks.of(["a2"])), after, [key["C"]], prefer="along")
    assert shut.left == (key["C"],)


def test_what_turns_out_to_be_needless_is_given_back() -> None:
    """Of two blocks next to a loose end only the one that connects it comes along."""
    before = plan_of("AABBB CCCCC DDCCC", 5)
    after = redrawn(before, "AAABB CCAAC DDCCC")
    changes = reasons(before, after)
    far = next(g.key for g in changes.groups if g.source == "C")
    got = accept(before, after, [far], prefer="along")
    assert [g.source for g in changes.groups if g.key in got.along] == ["B"]


def test_a_whole_chain_comes_along_and_no_dead_end() -> None:
    """What connects over two blocks is taken; a block that leads nowhere is not."""
    before = plan_of("AABDE BBBDF BBBDF", 5)
    after = redrawn(before, "AAAAA BBBAA BBBDF")
    changes = reasons(before, after)
    key = {g.source: g.key for g in changes.groups}
    assert set(key) == {"B", "D", "E", "F"}
    got = accept(before, after, [key["E"]], prefer="along")
    assert set(got.along) == {key["B"], key["D"]}
    assert pieces(before.units.graph, got.plan.alignment, before.k).max() == 1


def test_locked_blocks_are_told_apart() -> None:
    """A block with a locked unit is never taken, and the text says so."""
    before = plan_of("AABB", 4).with_locks(Locks.of(["a2"]))
    after = redrawn(before, "AAAB")
    changes = reasons(before, after)
    got = accept(before, after, changes.keys)
    assert got.locked == changes.keys and got.taken == frozenset()
    assert got.text(changes) == "1 unit (a2), B → A: is locked and stays."
