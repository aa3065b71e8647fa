"""A plan on its way: three reps, nine accounts, and what changed."""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np
import pandas as pd

from territory.advise.handed import Handed
from territory.metrics import Case
from territory.model import Accounts, Plan, Project, Sales, Team, Units
from tests.conftest import chessboard

START = date(2026, 1, 1)


@cache
def board() -> Units:
    """Three rows of four units with potential 1 … 12, each a town of its own."""
    units = chessboard(3, 4, potential=np.arange(1.0, 13.0), population=np.ones(12))
    towns = {"city": [f"Town {i}" for i in range(12)]}
    return units.with_attributes(pd.DataFrame(towns, index=units.ids))


def handed(**changes: object) -> Handed:
    """Ann gives her second column to Bo; Cy keeps his. ``changes`` replace parts of the project."""
    units = board()
    team = Team(
        pd.DataFrame(
            {
                "name": ["Ann", "Bo", "Cy"],
                "quota": [100.0, 200.0, np.nan],
                "manager": ["Max", "Max", ""],
                "skills": ["Retail", "Health; Retail", ""],
            },
            index=["R1", "R2", "R3"],
        )
    )
    accounts = Accounts(
        pd.DataFrame(
            {
                "name": [f"Firm {i}" for i in range(9)],
                "unit_id": ["00", "01", "05", "09", "02", "03", "06", "01", "05"],
                "segment": ["A", "A", "B", "C", "A", "B", "C", "B", "C"],
                "industry": ["Retail", "Retail", "Health", "Retail", *["Health"] * 5],
                "status": [*["customer"] * 6, "prospect", "prospect", "customer"],
                "revenue": [9.0, 8.0, 7.0, 6.0, 5.0, 4.0, 0.0, 0.0, 3.0],
                "potential": [10.0, 20.0, 7.0, 6.0, 50.0, 4.0, 30.0, 40.0, 3.0],
                "open_deals": ["", "", "", "", "", "", "", "", "yes"],
            },
            index=[f"A{i}" for i in range(9)],
        )
    )
    periods = [f"{year}Q{q}" for year in (2024, 2025) for q in (1, 2, 3, 4)]
    sales = Sales(
        pd.DataFrame(
            {
                "unit_id": np.repeat(units.ids, len(periods)),
                "period": periods * 12,
                "amount": np.tile([10.0, 10.0, 10.0, 20.0], 24),
            }
        )
    )
    before = Plan.for_team(units, team).with_alignment(np.tile([0, 0, 1, 2], 3))
    after = before.with_alignment(np.tile([0, 1, 1, 2], 3))
    parts: dict[str, object] = {
        "name": "Board", "units": units, "team": team, "accounts": accounts, "sales": sales,
        "plan": after, "baseline": before, "start": START,
    } | changes  # fmt: skip
    plan, base, start = (parts.pop(k) for k in ("plan", "baseline", "start"))
    project = Project(**parts)  # type: ignore[arg-type]
    return Handed(Case(plan, {"potential": 1.0}, 0.15, base, project), project, start)  # type: ignore[arg-type]
