"""White space listed, places in quadrants, the market in a few figures: by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from territory import metrics as m
from territory.metrics.market_summary import market_summary
from territory.metrics.openings import white_space_list
from territory.metrics.quadrants import quadrants
from territory.metrics.segment_table import account_segments, scope_of
from territory.model import Accounts, Filters, Plan, Project, Team
from tests.conftest import chessboard


@pytest.fixture
def case() -> m.Case:
    """Six units, three of them A's, two B's, one nobody's; B's rep has half the hours."""
    units = chessboard(
        1, 6, potential=[10.0, 50, 20, 40, 30, 5], sales=[9.0, 10, 25, 4, 0, 0],
        workload_hours=[1.0, 1, 1, 10, 10, 1], competitors=[0.0, 1, 0, 4, 4, 0],
        kind=["in", "in", "in", "out", "out", "out"],
    )  # fmt: skip
    frame = pd.DataFrame(
        {
            "unit_id": ["01", "01", "01", "01", "04", "03"],
            "name": ["Big", "Sold out", "Next", "Least", "", "Far"],
            "status": ["prospect", "customer", "customer", "prospect", "prospect", "customer"],
            "potential": [20.0, 30, 12, 1, 8, 5],
            "revenue": [0.0, 30, 2, 0, 0, 1],
        },
        index=list("abcdef"),
    )
    team = Team(pd.DataFrame({"capacity_hours": [10.0, 10.0]}, index=["A", "B"]))
    owner = dict(zip(units.ids, ["A", "A", "A", "B", "B", ""], strict=True))
    plan = Plan.from_alignment(units, owner, team)
    return m.Case(plan, project=Project("p", units, team, Accounts(frame)))


def test_most_to_win_comes_first(case: m.Case) -> None:
    """Gaps 40, 36, 30, 5, 1; the unit that buys more than thought is no white space."""
    found = white_space_list(case)
    assert found is not None
    assert found["white_space"].to_dict() == {"01": 40, "03": 36, "04": 30, "05": 5, "00": 1}
    assert found["territory"].tolist() == [0, 1, 1, -1, 0]
    assert found["coverage"].tolist() == [1, 0.5, 0.5, 0, 1]
    assert white_space_list(case, count=2)["white_space"].tolist() == [40, 36]  # type: ignore[index]


def test_whom_to_call_there(case: m.Case) -> None:
    """Three by what is left to win, not by what they buy; an account without a name by its id."""
    accounts = white_space_list(case)["accounts"]  # type: ignore[index]
    assert accounts["01"] == "Big (prospect), Next, Least (prospect)"
    assert accounts["04"] == "e (prospect)" and accounts["05"] == ""


def test_only_where_nobody_buys_or_nobody_goes(case: m.Case) -> None:
    """By customers, and by the hours there are."""
    alone = white_space_list(case, only="no customers")
    assert alone is not None and alone.index.tolist() == ["04", "05", "00"]
    thin = white_space_list(case, only="low coverage")
    assert thin is not None and thin.index.tolist() == ["03", "04", "05"]


def test_quadrants_by_hand() -> None:
    """Medians 25 and 25 %; on the line is above it."""
    table = pd.DataFrame(
        {"potential": [10.0, 20, 30, 40], "penetration": [0.4, 0.1, 0.1, 0.4]}, index=list("abcd")
    )
    found = quadrants(table)
    assert found is not None and (found.potential, found.penetration) == (25, 0.25)
    assert found.table["quadrant"].to_dict() == {
        "a": "Maintain", "b": "Review", "c": "Grow", "d": "Defend",
    }  # fmt: skip
    assert found.members("Grow").index.tolist() == ["c"]
    assert quadrants(table[["potential"]]) is None
    assert quadrants(table.assign(penetration=np.nan)) is None


def test_the_market_in_a_few_figures(case: m.Case) -> None:
    """With the unit that nobody has; without it where one territory is looked at."""
    found = market_summary(case)
    assert (found.potential, found.sales, found.white_space) == (155, 48, 107)
    assert found.leader == 0 and found.leader_share == pytest.approx(80 / 150)
    assert found.rivalry == pytest.approx(9 / 12) and found.outnumbered == 1
    # The best tenth of six units is one: 40 of 112.
    assert found.concentration == pytest.approx(40 / 112)
    one = market_summary(case, scope_of(case, Filters(territories=("B",))))
    assert (one.potential, one.sales, one.leader) == (70, 4, 1)


def test_accounts_follow_the_units_that_are_looked_at(case: m.Case) -> None:
    """Filters on places narrow the accounts in them, too."""
    inner = scope_of(case, Filters(units={"kind": ("in",)}))
    assert inner.accounts.tolist() == [True] * 4 + [False] * 2 and not inner.by_account
    table = account_segments(case, "status", inner)
    assert table is not None and table["accounts"].to_dict() == {"customer": 2, "prospect": 2}
    ground = scope_of(case, Filters(territories=("B",)))
    assert ground.accounts_shown(case).tolist() == [False] * 4 + [True] * 2
