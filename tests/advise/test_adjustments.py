"""Suggestions are measured, ranked, and ranked anew when one was taken; the assessment follows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from territory.advise.adjustments import adjustments
from territory.advise.assessment import as_text, assessment
from territory.advise.effects import CHANGE, TRAVEL, effect_of
from territory.advise.findings import Context, findings
from territory.advise.outlook import Outlook, look_ahead
from territory.advise.unit_moves import applicable, standing
from territory.metrics import max_deviation, moved_share, outside, utilisation
from territory.metrics.disruption import REVENUE_AT_RISK, changed_accounts
from territory.metrics.people import hours_share_beyond
from territory.model import Locks, Plan, Project
from tests.advise.world import key_moved, named_far, team_hours, with_team


@pytest.fixture(scope="module")
def now(sample: tuple[Project, Plan]) -> Context:
    """The sample as it is."""
    project, plan = sample
    return Context(project, plan, plan)


@pytest.fixture(scope="module")
def outlook(now: Context) -> Outlook:
    """What the engine would do about it."""
    return look_ahead(now)


def test_effects_are_those_of_the_metrics(now: Context, outlook: Outlook) -> None:
    """Before and after are what the metrics say of both plans; what is at risk is what moves."""
    remedy = outlook.remedies["replan"]
    after = now.on(remedy.plan)
    effect = effect_of(now, after)
    assert effect.deviation == (max_deviation(now.case), max_deviation(after.case))
    assert effect.outside == (outside(now.case), outside(after.case))
    assert effect.disruption == moved_share(after.plan, now.plan, "potential")
    accounts = now.project.accounts
    moved = changed_accounts(after.plan, now.plan, accounts)
    revenue = accounts.frame["revenue"][moved].sum()
    assert effect.revenue_at_risk == pytest.approx([revenue * r for r in REVENUE_AT_RISK])
    fall = sum(before - after for before, after in (
        effect.uneven, effect.unserved, effect.loose, effect.unassigned,
        (hours_share_beyond(now.case), hours_share_beyond(after.case)),
    ))  # fmt: skip
    fall += sum(
        TRAVEL * (1 - after / before) for before, after in (effect.radius_km, effect.driving)
    )
    changed = max(effect.disruption, revenue / accounts.frame["revenue"].sum())
    assert effect.worth == pytest.approx(fall - CHANGE * changed)


def test_ranked_and_never_worse(now: Context, outlook: Outlook) -> None:
    """Best first, each worth something; units and accounts, single steps and the whole."""
    found = adjustments(now, outlook)
    worth = [a.effect.worth for a in found]
    assert worth == sorted(worth, reverse=True) and min(worth) > 0
    assert {a.sort for a in found} == {"units", "accounts"}
    assert {a.key.partition("|")[0] for a in found} >= {"replan", "workload", "block", "move"}
    for one in found:
        for text in (one.title, one.why.text(now.settings)):
            assert text and "nan" not in text
        changed = (one.plan.alignment != now.plan.alignment).any()
        assert changed or one.plan.named_accounts != now.plan.named_accounts
        # Only what gets another owner is named.
        assert set(one.units) <= set(now.plan.units.ids[one.plan.alignment != now.plan.alignment])


def test_the_rest_is_measured_anew_after_one_is_taken(now: Context, outlook: Outlook) -> None:
    """The same outlook against the new plan: other effects, and what was done is gone."""
    found = adjustments(now, outlook)
    first = next(a for a in found if a.key.startswith("block|"))
    then = now.on(first.plan)
    again = {a.key: a for a in adjustments(then, outlook)}
    assert first.key not in again
    assert again["replan"].effect.disruption < next(
        a.effect.disruption for a in found if a.key == "replan"
    )
    whole = again["replan"].plan
    assert np.array_equal(whole.alignment, outlook.remedies["replan"].plan.alignment)
    assert adjustments(now.on(whole), outlook) is not None
    assert "replan" not in {a.key for a in adjustments(now.on(whole), outlook)}


def test_locks_hold(now: Context) -> None:
    """What is locked is in no suggestion."""
    held = now.plan.territory_ids[0]
    plan = now.plan.with_locks(Locks.of(territories=[held]))
    context = now.on(plan)
    found = adjustments(context, look_ahead(context, wanted=["replan"]))
    assert found
    for one in found:
        if one.sort == "units":
            assert np.array_equal(one.plan.alignment == 0, plan.alignment == 0)


def test_more_hands_where_work_is_too_much_for_all(now: Context) -> None:
    """The new ones have mean hours in the reckoning, and own nothing until they are hired."""
    context = team_hours(1.4)(now)
    context = replace(context, project=replace(context.project, settings=now.settings))
    outlook = look_ahead(context, wanted=["workload", "add"])
    remedy = outlook.remedies["add"]
    assert remedy.reps >= 1 and remedy.plan.k == context.plan.k + remedy.reps
    before = utilisation(context.case).max()
    after = context.on(remedy.plan, remedy.project)
    assert utilisation(after.case).notna().all() and utilisation(after.case).max() < before
    (one,) = (a for a in adjustments(context, outlook) if a.sort == "headcount")
    fresh = one.plan.territories[~one.plan.territories.index.isin(context.plan.territory_ids)]
    assert (fresh["rep_id"] == "").all() and len(fresh) == remedy.reps
    (size,) = (f for f in findings(context) if f.kind == "team_size")
    assert size.effect(context.case, after.case) is not None
    # Worked out for one plan only.
    assert standing(now.on(one.plan), outlook, "add") is None


def test_one_fewer_where_there_is_little_to_do(now: Context) -> None:
    """The rep with least to do goes, the others take over; nobody is added."""
    context = team_hours(0.5)(now)
    outlook = look_ahead(context, wanted=["workload", "add", "remove"])
    assert "add" not in outlook.remedies
    gone = set(context.plan.territory_ids) - set(outlook.remedies["remove"].plan.territory_ids)
    assert gone == {utilisation(context.case).idxmin()}
    assert applicable(context, outlook.remedies["remove"]).unassigned == 0


def test_far_accounts_go_to_the_rep_on_the_spot(now: Context) -> None:
    """Suggested one by one and as a remedy; then nobody is far any more."""
    context = named_far(1.5)(now)
    outlook = look_ahead(context, wanted=["release"])
    (far,) = (f for f in findings(context) if f.kind == "far_named")
    remedy = standing(context, outlook, far.action.remedy)
    assert remedy is not None
    assert not remedy.plan.named_accounts
    assert "far_named" not in {f.kind for f in findings(context.on(remedy.plan))}
    (account,) = context.plan.named_accounts
    assert f"release|{account}" in {a.key for a in adjustments(context)}


def test_key_accounts_keep_their_rep(now: Context) -> None:
    """The remedy names those that would change to the rep they had."""
    context = key_moved(1)(now)
    (key,) = (f for f in findings(context) if f.kind == "key_disruption")
    remedy = standing(context, look_ahead(context, wanted=["keep_key"]), key.action.remedy)
    assert remedy is not None
    after = context.on(remedy.plan)
    assert "key_disruption" not in {f.kind for f in findings(after)}
    said = key.effect(context.case, after.case)
    assert said is not None and said.numbers["after"].value == 0


def test_no_remedy_is_offered_that_does_no_good(now: Context, outlook: Outlook) -> None:
    """The effect of a plan that makes a figure worse is none; quotas by potential do good."""
    (unfair,) = (f for f in findings(now) if f.kind == "unfair_quota")
    replan = outlook.remedies["replan"]
    assert unfair.effect(now.case, now.on(replan.plan).case) is None
    quotas = outlook.remedies["quotas"]
    said = unfair.effect(now.case, now.on(quotas.plan, quotas.project).case)
    assert said is not None and abs(said.numbers["after"].value) < 0.05
    assert "quotas" not in {a.key for a in adjustments(now, outlook)}


def test_a_cancelled_outlook_keeps_what_was_found(now: Context) -> None:
    """Cancelled at once there is nothing, and nothing breaks."""
    assert dict(look_ahead(now, cancel=lambda: True).remedies) == {}
    assert adjustments(now, look_ahead(now, cancel=lambda: True))


def test_nothing_to_suggest_for_an_empty_plan(board) -> None:
    """No territories, or no units in them: no suggestion and no assessment."""
    for plan in (Plan.blank(board, 0), Plan.blank(board, 3)):
        context = Context(Project("x", board), plan)
        assert adjustments(context) == [] and assessment(context) == []


def test_the_assessment_in_words(now: Context, outlook: Outlook) -> None:
    """Its figures are the metrics'; without hours it says so instead of guessing."""
    fair, efficient, agile = assessment(now, outlook)
    assert not fair.good and not efficient.good and agile.good
    inside = fair.said[0].numbers["inside"].value
    assert inside == now.plan.k - outside(now.case, "potential")
    assert any("moved" in said.numbers for said in agile.said)
    text = as_text(now, "Title", [fair, efficient, agile], findings(now))
    assert text.startswith("Title\n") and "What weighs most:" in text and "{" not in text
    bare = Context(Project("x", now.project.units), now.plan)
    answers = [v.answer for v in assessment(bare)]
    assert answers[2] == "Hard to say"
    assert "nan" not in as_text(bare, "x", assessment(bare), [])


def test_an_even_plan_is_fair(now: Context, outlook: Outlook) -> None:
    """The re-plan with quotas by potential: fair."""
    quotas = outlook.remedies["quotas"]
    plan = outlook.remedies["replan"].plan
    context = now.on(plan, quotas.project)
    even = with_team(context, quota=context.plan.totals("potential"))
    assert assessment(even)[0].answer == "Fair"
