"""Every figure on a board of twelve squares, recomputed by hand."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import replace
from types import ModuleType

import numpy as np
import pandas as pd
import pytest

from territory import metrics as m
from territory.errors import PlanError
from territory.metrics import compactness, people
from territory.metrics.balance import coefficient_of_variation, gini
from territory.model import Accounts, Plan, Project, Sales, Team, Units
from tests.conftest import chessboard


def case(plan: Plan, **kwargs: object) -> m.Case:
    """The plan under potential."""
    return m.Case(plan, {"potential": 1.0}, **kwargs)  # type: ignore[arg-type]


def test_deviation_is_against_each_territorys_own_target(halves: Plan) -> None:
    """East has 45 of 78, West 33; targets are 39 each, then 3 : 1."""
    assert m.deviation(case(halves), "potential").tolist() == pytest.approx([6 / 39, -6 / 39])
    uneven = replace(halves, territories=halves.territories.assign(target=[0.75, 0.25]))
    expected = [45 / 58.5 - 1, 33 / 19.5 - 1]
    assert m.deviation(case(uneven), "potential").tolist() == pytest.approx(expected)


def test_unassigned_units_leave_the_target_where_it_was(halves: Plan) -> None:
    """Taking a unit away shows as a deficit, not as a smaller target."""
    after = halves.move(["03"], None)
    assert m.deviation(case(after), "potential")["East"] == pytest.approx(41 / 39 - 1)


def test_max_deviation_and_share_within(halves: Plan) -> None:
    """±15.4 % in both: outside 15 %, inside 16 %."""
    assert m.max_deviation(case(halves)) == pytest.approx(6 / 39)
    assert m.within_tolerance(case(halves, tolerance=0.15)) == 0
    assert m.within_tolerance(case(halves, tolerance=0.16)) == 1


def test_the_worst_of_several_measures_counts(halves: Plan) -> None:
    """Both measures are looked at; the sign survives."""
    both = m.Case(halves, {"units": 0.9, "potential": 0.1}, 0.05)
    assert m.max_deviation(both, "units") == 0
    assert m.worst_deviation(both).tolist() == pytest.approx([6 / 39, -6 / 39])


def test_spread_figures(halves: Plan) -> None:
    """Two totals 45 and 33: σ = 6, mean 39; Gini = 6 / 78."""
    assert coefficient_of_variation(case(halves)) == pytest.approx(6 / 39)
    assert gini(case(halves)) == pytest.approx(12 / (2 * 2 * 39))
    assert m.balance_index(case(halves)).tolist() == pytest.approx([100 * 45 / 39, 100 * 33 / 39])
    assert m.top_share(case(halves), 1) == pytest.approx(45 / 78)


def test_pieces_and_unassigned(halves: Plan) -> None:
    """A West unit inside the East is a second piece."""
    split = halves.move(["07"], "West")
    assert m.noncontiguous(case(split)) == 1
    assert m.piece_count(case(split)).tolist() == [1, 2]
    assert m.overview(case(split.move(["00"], None)))["unassigned"] == 1


def test_polsby_popper_of_a_rectangle(board: Units, halves: Plan) -> None:
    """Halves are rectangles of 2 × 3 units: 4πA / P² from their own sides."""
    width, height = 2 * 8.26, 3 * 11.12
    expected = 4 * np.pi * width * height / (2 * (width + height)) ** 2
    assert m.polsby_popper(case(halves)).tolist() == pytest.approx([expected] * 2, rel=0.01)
    assert np.isnan(m.polsby_popper(case(Plan.blank(board, 1)))["T01"])


def test_other_shapes_are_shares(halves: Plan) -> None:
    """Hull and circle ratios lie between 0 and 1; a rectangle is its own hull."""
    assert compactness.convex_hull_ratio(case(halves)).tolist() == pytest.approx([1, 1], abs=0.02)
    assert ((compactness.reock(case(halves)) > 0) & (compactness.reock(case(halves)) < 1)).all()


def test_radius_is_weighted(board: Units) -> None:
    """Two units: √(w₁w₂)/(w₁+w₂) times their distance."""
    pair = chessboard(1, 2, potential=[1.0, 3.0])
    plan = Plan.from_alignment(pair, {"00": "A", "01": "A"})
    apart = np.hypot(*(pair.xy[1] - pair.xy[0])) / 1000
    assert m.rms_radius_km(case(plan)) == pytest.approx(np.sqrt(3) / 4 * apart)
    assert m.radius_km(case(plan))["A"] == pytest.approx(np.sqrt(3) / 4 * apart)


def test_cut_edges_count_each_border_once(halves: Plan) -> None:
    """Three of the board's 17 borders lie between the halves."""
    assert m.cut_edges(case(halves)) == pytest.approx(3 / 17)


def test_relabelling_is_no_disruption(halves: Plan) -> None:
    """Exchanging the labels of both halves moves nothing; moving a unit moves its weight."""
    swapped = halves.with_alignment(1 - halves.alignment)
    assert m.moved_share(swapped, halves, "potential") == 0
    assert m.moved_share(halves.move(["02"], "West"), halves, "potential") == pytest.approx(3 / 78)


def test_with_owners_it_is_the_rep_that_counts(halves: Plan) -> None:
    """With reps known, exchanging the halves moves everything."""
    owned = replace(halves, territories=halves.territories.assign(rep_id=["E", "W"]))
    swapped = owned.with_alignment(1 - owned.alignment)
    assert m.moved_share(swapped, owned, "potential") == 1


def test_first_assignment_is_no_disruption_but_losing_a_rep_is(halves: Plan) -> None:
    """Somebody for nobody is a gain; nobody for somebody is a change."""
    gap = halves.move(["00"], None)
    assert not m.changed_units(halves, gap).any()
    assert m.changed_units(gap, halves).sum() == 1


def test_relabelled_takes_names_of_the_best_match(halves: Plan) -> None:
    """A clean sheet with anonymous territories comes out under East and West."""
    anonymous = Plan.blank(halves.units, 2).with_alignment(1 - halves.alignment)
    named = m.relabelled(anonymous, halves, "potential")
    assert named.to_mapping() == halves.to_mapping()
    with pytest.raises(PlanError, match="3 territories"):
        m.relabelled(Plan.blank(halves.units, 3), halves, "potential")


@pytest.fixture
def staffed(halves: Plan) -> tuple[Plan, Project]:
    """Two reps with hours and quotas; every unit asks for 10 hours and has an account."""
    frame = pd.DataFrame({"capacity_hours": [50.0, 100.0], "quota": [45.0, 66.0]}, index=["E", "W"])
    columns = pd.DataFrame({"workload_hours": 10.0, "accounts": 1}, index=halves.units.ids)
    units = halves.units.with_attributes(columns)
    plan = replace(halves, units=units, territories=halves.territories.assign(rep_id=["E", "W"]))
    return plan, Project("Board", units, Team(frame))


def test_utilisation_and_coverage(staffed: tuple[Plan, Project]) -> None:
    """60 hours each against 50 and 100: 120 % and 60 %; 5 of 6 and 6 of 6 accounts reached."""
    plan, project = staffed
    seen = case(plan, project=project)
    assert m.utilisation(seen).tolist() == pytest.approx([1.2, 0.6])
    assert m.coverage(seen) == pytest.approx((5 + 6) / 12)


def test_quota_fairness(staffed: tuple[Plan, Project]) -> None:
    """Potential / quota is 1 and 0.5: 33 % above and below the mean."""
    plan, project = staffed
    seen = case(plan, project=project)
    assert people.potential_per_quota(seen).tolist() == pytest.approx([1 / 3, -1 / 3])
    assert m.quota_spread(seen) == pytest.approx(1 / 3)


def test_without_a_team_its_figures_are_unknown(halves: Plan) -> None:
    """Unknown is NaN, never zero, and JSON-ready figures stay finite."""
    figures = m.overview(case(halves))
    assert all(np.isnan(figures[n]) for n in ("utilisation", "coverage", "quota_spread"))
    assert np.isnan(figures["disruption"])


def test_named_accounts_reach_the_totals(halves: Plan) -> None:
    """The scorecard counts a named account with its rep."""
    owned = replace(
        halves,
        territories=halves.territories.assign(rep_id=["E", "W"]),
        named_accounts={"far": "W"},
    )
    accounts = Accounts(pd.DataFrame({"unit_id": ["03"], "potential": [4.0]}, index=["far"]))
    project = Project("Board", halves.units, accounts=accounts)
    table = m.scorecard(owned, {"potential": 1.0}, project=project)
    assert table["potential"].tolist() == [41.0, 37.0]


def test_scorecard_has_a_row_a_territory_and_the_headlines(halves: Plan) -> None:
    """Eight headline columns, whatever the data."""
    table = m.scorecard(halves)
    assert list(table.index) == ["East", "West"]
    assert {h.name for h in m.HEADLINES} <= set(table.columns) and len(m.HEADLINES) == 8


def test_scorecard_marks_territories_in_pieces(halves: Plan) -> None:
    """1 where a territory is in pieces, 0 where not: the column adds up to the plan's figure."""
    assert m.scorecard(halves)["noncontiguous"].tolist() == [0, 0]
    split = halves.move(["00"], "East")
    marks = m.scorecard(split)["noncontiguous"]
    assert marks.max() == 1 and marks.sum() == m.noncontiguous(case(split))


def test_report_has_the_documented_types(halves: Plan) -> None:
    """Counts are integers, deviations shares, unknowns null."""
    report = m.report(case(halves, baseline=halves.move(["00"], "East")))
    assert report["noncontiguous"] == 0 and isinstance(report["noncontiguous"], int)
    assert report["max_deviation"] == {"potential": pytest.approx(6 / 39)}
    assert report["disruption"] == {"potential": pytest.approx(1 / 78)}
    assert report["within_tolerance"] is False


def test_sales_are_seen_through_the_plan(halves: Plan) -> None:
    """Each unit's sales go to its owner; the unassigned go nowhere."""
    frame = pd.DataFrame(
        {
            "unit_id": ["00", "03", "00", "03", "zz"],
            "period": ["Q1", "Q1", "Q2", "Q2", "Q2"],
            "amount": [1.0, 2.0, 4.0, 8.0, 16.0],
        }
    )
    table = m.sales_by_period(halves.move(["03"], None), Sales(frame))
    assert table.loc["West"].tolist() == [1, 4] and table.loc["East"].tolist() == [0, 0]


def test_an_empty_plan_has_no_numbers_and_no_faults(board: Units) -> None:
    """No territories: everything is unknown or zero, nothing raises."""
    figures = m.overview(m.Case(Plan.blank(board, 0)))
    assert figures["noncontiguous"] == 0 and figures["unassigned"] == 12


@pytest.mark.parametrize("size", [1e-300, 1e-12, 1e9, 1e300])
def test_radius_does_not_depend_on_the_size_of_numbers(halves: Plan, size: float) -> None:
    """A measure in trillions or trillionths has the radius it has in dollars."""
    attributes = halves.units.attributes.assign(
        potential=halves.units.attributes["potential"] / 78 * size
    )
    scaled = replace(halves, units=replace(halves.units, attributes=attributes))
    assert m.rms_radius_km(case(scaled)) == pytest.approx(m.rms_radius_km(case(halves)))
    np.testing.assert_allclose(m.radius_km(case(scaled)), m.radius_km(case(halves)))


def test_the_best_match_shares_most(halves: Plan) -> None:
    """Where territories are matched by what they share, few moves are little disruption."""
    three = Plan.blank(halves.units, 3).with_alignment(np.arange(12) // 4)
    turned = Plan.blank(halves.units, 3).with_alignment((np.arange(12) // 4 + 1) % 3)
    moved = turned.move(["00"], turned.territory_ids[2])
    assert m.match_territories(moved, three, "units").tolist() == [2, 0, 1]
    assert m.moved_share(moved, three, "units") == pytest.approx(1 / 12)


def test_within_tolerance_is_no_wider_than_said(halves: Plan) -> None:
    """15.4 % is outside 15.3 % and inside 15.4 %, with room for rounding only."""
    exact = 6 / 39
    assert m.report(case(halves, tolerance=exact))["within_tolerance"] is True
    assert m.report(case(halves, tolerance=exact - 1e-6))["within_tolerance"] is False


def test_outside_counts_what_exceeds_the_tolerance(halves: Plan) -> None:
    """Both halves are 15.4 % off in potential and exact in units; the edge itself is inside."""
    both = {"potential": 1.0, "units": 1.0}
    assert m.outside(m.Case(halves, both, 0.15)) == 2
    assert m.outside(m.Case(halves, both, 0.15), "units") == 0
    assert m.outside(m.Case(halves, both, 6 / 39)) == 0


def test_a_rep_of_two_territories_has_the_hours_once(board: Units) -> None:
    """Capacity is split over a rep's territories, not counted in each."""
    plan = Plan.blank(board, 3, rep_ids=["W", "W", "E"]).with_alignment(np.arange(12) // 4)
    team = Team(pd.DataFrame({"capacity_hours": [40.0, 100.0]}, index=["E", "W"]))
    hours = case(plan, project=Project("Board", board, team)).team_column("capacity_hours")
    assert hours is not None and hours.tolist() == [50.0, 50.0, 40.0]


def test_no_module_hides_a_function_of_its_name() -> None:
    """``metrics.white_space`` is the function, whichever modules have been imported since."""
    for module in pkgutil.iter_modules(m.__path__):
        importlib.import_module(f"{m.__name__}.{module.name}")
    assert [name for name in m.__all__ if isinstance(getattr(m, name), ModuleType)] == []
