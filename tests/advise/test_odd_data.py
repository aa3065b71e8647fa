"""Whatever is missing, empty or contradictory: no fault, and no figure that is none."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from territory.advise.adjustments import adjustments
from territory.advise.assessment import as_text, assessment
from territory.advise.findings import Context, findings, questions
from territory.model import Accounts, Earlier, Locks, Plan, Project, Sales, Settings, Team, Units
from tests.conftest import chessboard

NO_FIGURE = re.compile(r"\b(nan|inf|None)\b|–\s*%|[{}]")


def some(rng: np.random.Generator, **columns: object) -> dict[str, object]:
    """Each column with a chance of two in three."""
    return {name: column for name, column in columns.items() if rng.random() < 0.67}


def odd_units(rng: np.random.Generator) -> Units:
    """Measures with gaps, zeros everywhere, or not there."""
    potential = [rng.random(12), np.zeros(12), np.where(rng.random(12) < 0.3, np.nan, 1.0)]
    hours = [100 * rng.random(12), np.zeros(12)]
    return chessboard(
        *(3, 4),
        **some(
            rng,
            potential=potential[rng.integers(3)],
            workload_hours=hours[rng.integers(2)],
            sales=rng.random(12),
            competitors=rng.integers(0, 3, 12).astype(float),
        ),
    )


def odd_team(rng: np.random.Generator, units: Units, k: int) -> Team:
    """Reps without hours, with a quota of 0, born nowhere, beginning never; one too many or few."""
    ids = [f"R{i}" for i in range(max(1, k + int(rng.integers(-1, 2))))]
    n = len(ids)
    columns = some(
        rng,
        capacity_hours=rng.choice([100.0, 0.0, np.nan], n),
        quota=rng.choice([100.0, 0.0, np.nan], n),
        home_zip=rng.choice([*units.ids, ""], n),
        segments=rng.choice(["A", "B; A", ""], n),
        start_date=rng.choice(["2025-12-01", "nonsense", "", "2030-01-01"], n),
    )
    return Team(pd.DataFrame(columns, index=ids))


def odd_accounts(rng: np.random.Generator, units: Units) -> Accounts:
    """In no unit, of no segment, without revenue, of unknown owners; perhaps none at all."""
    m = int(rng.integers(0, 8))
    return Accounts(
        pd.DataFrame(
            {
                "unit_id": rng.choice([*units.ids, "elsewhere", ""], m),
                "segment": rng.choice(["A", "B", ""], m),
                "revenue": rng.choice([0.0, 5.0, np.nan], m),
                "potential": rng.choice([0.0, 5.0, np.nan], m),
                "owner": rng.choice(["R0", "R1", "nobody", ""], m),
                "status": rng.choice(["customer", "prospect", ""], m),
            },
            index=[f"a{i}" for i in range(m)],
        )
    )


def odd_sales(rng: np.random.Generator, units: Units) -> Sales:
    """One period to nine, some of them without a sale."""
    periods = [f"{y}Q{q}" for y in (2023, 2024, 2025) for q in (1, 2, 3, 4)]
    periods = periods[: int(rng.integers(1, 10))]
    rows = [(u, p, float(rng.integers(0, 9))) for u in units.ids for p in periods]
    return Sales(pd.DataFrame(rows, columns=["unit_id", "period", "amount"]))


def odd_context(seed: int) -> Context:
    """A plan with whatever may be wrong with it."""
    rng = np.random.default_rng(seed)
    units, k = odd_units(rng), int(rng.integers(1, 5))
    reps = [str(rng.choice([f"R{i}", "", "R0"])) for i in range(k)]
    blank = Plan.blank(units, ids=[f"T{i}" for i in range(k)], rep_ids=reps)
    plan = blank.with_alignment(rng.integers(-1, k, 12)).with_locks(
        Locks.of(territories=["T0"] if rng.random() < 0.3 else [])
    )
    parts = some(rng, team=odd_team(rng, units, k), accounts=odd_accounts(rng, units),
                 sales=odd_sales(rng, units), earlier=Earlier(units.attributes * rng.random()),
                 earlier_accounts=odd_accounts(rng, units))  # fmt: skip
    if rng.random() < 0.5:
        plan = replace(plan, named_accounts={"a0": "R0", "gone": "R1"})
    weights = {m: 1.0 for m in units.measure_names[2:3] if rng.random() < 0.5}
    project = Project("odd", units, settings=Settings(weights=weights), **parts)
    baseline = None if rng.random() < 0.5 else blank.with_alignment(rng.integers(-1, k, 12))
    return Context(project, plan, baseline)


@pytest.mark.parametrize("seed", range(24))
def test_every_sentence_is_whole(seed: int) -> None:
    """Findings, suggestions and the assessment of an odd plan can all be read out."""
    context = odd_context(seed)
    settings, found = context.settings, findings(context)
    told = [as_text(context, "odd", assessment(context), found)]
    told += [line.text(settings) for f in found for line in f.lines]
    told += [f"{a.title} {a.why.text(settings)}" for a in adjustments(context)]
    told += [question.words for question in questions(context)]
    assert not [text for text in told if NO_FIGURE.search(text)]
    assert all(np.isfinite(f.rank) for f in found)
