"""Briefs, transition, training and review: numbers that can be traced, and what is missing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import numpy as np
import pytest

from territory.advise.brief import brief
from territory.advise.checkins import checkins
from territory.advise.document import Document, Table, Text
from territory.advise.enablement import tips
from territory.advise.gaps import gaps
from territory.advise.handed import Handed
from territory.advise.review import review_pack
from territory.advise.training import ROLES, course
from territory.advise.transition import meetings, transition_plan, waves_of
from territory.errors import PlanError
from territory.model import Accounts, Plan, Team
from tests.advise.handover import START, handed


def documents(case: Handed) -> Iterator[Document]:
    """Every document of a plan."""
    yield from (brief(case, owner) for owner in case.owners)
    yield transition_plan(case)
    yield review_pack(case)
    yield from (course(case, role) for role in ROLES)


def words(document: Document) -> str:
    """Everything a reader sees, tables too."""
    tables = [b for b in document.blocks if isinstance(b, Table)]
    cells = [" ".join(row) for t in tables for row in (t.columns, *t.rows)]
    return "\n".join([document.title, *(t.text for t in document.texts), *cells])


@pytest.fixture(scope="module")
def variants() -> list[Document]:
    """Documents of the plan as it is, and with everything missing that may be missing."""
    usual = handed()
    loose = usual.plan.move(["00", "01"], None)
    nobody = Plan.from_alignment(usual.plan.units, usual.plan.to_mapping())
    cases = [
        usual,
        handed(accounts=None),
        handed(sales=None, start=None),
        handed(baseline=None),
        handed(plan=loose),
        handed(team=None, plan=nobody, baseline=nobody),
        handed(team=None, accounts=None, sales=None, plan=nobody, baseline=None, start=None),
        handed(plan=usual.plan.with_alignment(np.zeros(12, int))),
        handed(plan=Plan.blank(usual.plan.units, 0), baseline=None),
    ]
    return [document for case in cases for document in documents(case)]


def test_every_number_has_a_source(variants):
    """No sentence has a digit of its own: each comes with a fact that names where it is from."""
    sentences: list[Text] = []
    for document in variants:
        sentences += document.texts
    assert len(sentences) > 300
    for text in sentences:
        bare = re.sub(r"\{\w+\}", "", text.template)
        assert not re.search(r"\d", bare), bare
        assert all(fact.source for fact in text.facts.values())
        names = [v for k, v in text.words.items() if re.search(r"\d", v)]
        assert all(re.search(r"Firm|Town|R\d|Exercise|days after", n) for n in names), (text, names)


def test_no_document_shows_a_number_gone_wrong(variants):
    """Whatever is missing: no nan, no inf, no None, nothing unfilled."""
    for document in variants:
        seen = words(document)
        assert not re.search(r"\b(nan|inf|None|NaN)\b|\{\w*\}", seen), document.title


def test_documents_say_what_is_missing():
    """Each gap is named in words, with what would fill it."""
    case = handed(accounts=None, sales=None, start=None, baseline=None)
    case = handed(accounts=None, sales=None, start=None, baseline=None,
                  plan=case.plan.move(["00"], None))  # fmt: skip
    said = " ".join(t.text for t in gaps(case))
    for word in ("earlier plan", "No accounts", "no sales history", "1 ZIP still", "No start date"):
        assert word in said, word
    assert "What this brief does not know" in [
        b.text for b in brief(case, "R2").blocks if hasattr(b, "level")
    ]


def test_waves_put_new_business_first_and_hold_open_deals():
    """Prospects, then customers, then key accounts; the open deal is held."""
    waves = waves_of(handed())["wave"].to_dict()
    assert waves == {"A7": 0, "A2": 1, "A3": 1, "A1": 2, "A8": -1}


def test_nobody_meets_twice_a_day_nor_on_a_weekend():
    """Meetings of one person lie on different working days, not before their wave."""
    case = handed(plan=handed().plan.with_alignment(np.tile([1, 2, 0, 0], 3)))
    planned = meetings(case)
    assert len(planned) > 4
    for person in case.owners:
        days = [m.days for m in planned if person in (m.giver, m.taker)]
        assert len(days) == len(set(days))
    assert all((START + timedelta(days=m.days)).weekday() < 5 for m in planned)
    assert all(m.days > 0 for m in planned)  # 1 January is nobody's working day


def test_the_brief_names_whom_to_talk_to():
    """Bo learns what comes from Ann, her meeting day, and his manager."""
    seen = words(brief(handed(), "R2"))
    assert "Ann 5" in seen and "2 January 2026" in seen and "Max, your manager" in seen
    assert "5 accounts worth $24 come to you" in seen
    assert "$200 for the year: 66.7 % of the team's $300" in seen


def test_a_rep_without_quota_or_accounts_is_told():
    """Cy has no quota; a territory without accounts is called open ground."""
    assert "No quota is set for you yet" in words(brief(handed(), "R3"))
    case = handed()
    accounts = case.project.accounts
    some = type(accounts)(accounts.frame[accounts.frame["unit_id"] != "03"])
    assert "There are no accounts in this territory yet" in words(
        brief(handed(accounts=some), "R3")
    )


def test_quotas_of_nothing_are_no_quotas_yet():
    """A column of zeros asks nothing of anybody, and nothing is divided by it."""
    frame = handed().project.team.frame
    case = handed(team=Team(frame.assign(quota=0.0)))
    assert "No quota is set for you yet" in words(brief(case, "R1"))


def test_what_comes_from_nobody_is_introduced_by_nobody():
    """Accounts that nobody had: no colleague to sit down with, no joint visit, no giver."""
    case = handed(baseline=handed().case.baseline.with_alignment(np.full(12, -1)))
    seen = words(brief(case, "R2"))
    assert "Nobody had them before" in seen
    assert "Sit down with" not in seen and "Three contacts each" not in seen
    table = next(b for b in transition_plan(case).blocks
                 if isinstance(b, Table) and b.columns[0] == "Wave")  # fmt: skip
    assert {row[-1] for row in table.rows} == {"0"}


def test_key_accounts_are_counted_as_they_are():
    """One key account has no others beside it."""
    seen = words(brief(handed(), "R1"))
    assert "See Firm 0." in seen and "other key accounts" not in seen


def test_nothing_changes_nothing_to_hand_over():
    """The same plan twice: no waves, no meetings, and the transition plan says so."""
    case = handed(plan=handed().case.baseline)
    assert "Nothing changes hands" in words(transition_plan(case)) and not meetings(case)
    assert "commission" not in words(brief(case, "R1"))


def test_tips_follow_from_the_territory():
    """Season, industry and prospects of this ground; nothing without accounts and sales."""
    seen = " ".join(t.text for t in tips(handed(), "R2"))
    assert "Q4 sells 60 % more" in seen and "2 accounts of 7 buy nothing yet" in seen
    assert tips(handed(accounts=None, sales=None), "R2") == []


def test_skills_are_read_with_commas_too():
    """Who lists Health after a comma is not told to learn it; the nearest colleague is near."""
    frame = handed().project.team.frame
    knows = handed(team=Team(frame.assign(skills=["Retail", "Retail, health", "Health"])))
    assert not any("listed strengths" in t.text for t in tips(knows, "R2"))
    places = frame.assign(skills=["Health", "Retail", "Health"], home_zip=["00", "03", "02"])
    lacks = tips(handed(team=Team(places)), "R2")
    assert any("ride along with Cy" in t.text for t in lacks)


def test_who_has_nothing_left_to_sell_to_is_not_named():
    """Of three accounts one has potential left: it alone stands for all of it."""
    frame = handed().project.accounts.frame
    only = Accounts(frame.assign(potential=frame["revenue"].where(frame.index != "A7", 40.0)))
    seen = " ".join(t.text for t in tips(handed(accounts=only), "R2"))
    assert "Firm 7 alone stands for 100 %" in seen


def test_tips_say_revenue_where_no_potential_is_known():
    """The share of an industry is of what the accounts have."""
    frame = handed().project.accounts.frame.assign(potential=np.nan)
    seen = " ".join(t.text for t in tips(handed(accounts=Accounts(frame)), "R1"))
    assert "of the revenue" in seen and "of the potential" not in seen


def test_check_ins_repeat_exactly_and_need_a_start():
    """Hand-overs, three a person, four reviews; the same keys each time."""
    case = handed()
    found = checkins(case)
    assert found == checkins(handed())
    assert len([c for c in found if c.key.startswith("days/")]) == 3 * 3
    assert len([c for c in found if c.key.startswith("review/")]) == 4
    assert len({c.key for c in found}) == len(found)
    assert all(c.day.weekday() < 5 and c.agenda for c in found)
    with pytest.raises(PlanError, match="start date"):
        checkins(handed(start=None))


def test_courses_ask_what_they_can_answer():
    """Each exercise is answered at the end of its course."""
    for role in ROLES:
        asked = [t for t in course(handed(), role).texts if t.text.startswith("Exercise")]
        again = [t for t in asked if t.kind == "question"]
        assert len(asked) == 2 * len(again) > 0


def test_the_review_counts_growth():
    """Sales of the last year against the one before, by territory."""
    seen = words(review_pack(handed()))
    assert "Sales were $600 in 2025, ±0.0 % against 2024." in seen


def test_the_review_says_what_was_found_and_what_would_help():
    """Findings as sentences and changes with their effect, from the advisor's own numbers."""
    case = handed(plan=handed().plan.with_alignment(np.array([0] * 3 + [1] * 4 + [2] * 5)))
    found = [t for t in review_pack(case).texts if t.kind == "bullet"]
    assert found and all(f.source.startswith("finding: ") for t in found for f in t.facts.values())
    tables = [b for b in review_pack(case).blocks if isinstance(b, Table) and b.source == "effects"]
    assert tables and all(len(row) == 4 for row in tables[0].rows)
