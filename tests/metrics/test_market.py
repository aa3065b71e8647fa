"""The market by unit and territory, recomputed by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from territory import metrics as m
from territory.metrics import market
from territory.metrics.facts import census_facts
from territory.metrics.map_figures import map_figures
from territory.metrics.potential import market_weights
from territory.model import Accounts, Market, Plan, Project, Sales, Settings, Units
from tests.conftest import chessboard

SAMPLE = Path(__file__).parents[2] / "data" / "sample"


def settings(**market_settings: object) -> Settings:
    return Settings(market=Market(**market_settings))  # type: ignore[arg-type]


def town(**columns: object) -> Units:
    """Four units in a row."""
    return chessboard(1, 4, **columns)


def split(units: Units) -> Plan:
    """Two units each."""
    return Plan.from_alignment(units, dict(zip(units.ids, "AABB", strict=True)))


def case(plan: Plan, **parts: object) -> m.Case:
    return m.Case(plan, project=Project("p", plan.units, **parts))  # type: ignore[arg-type]


def test_one_territory_from_the_raw_files(sample: tuple[Project, Plan]) -> None:
    """Camille Rossi's market, added up from the sample's files without our readers."""
    ground = pd.read_csv(SAMPLE / "alignment.csv", dtype=str).query("territory_id == 'R14'")
    mine = set(ground["unit_id"])
    units = gpd.read_parquet(SAMPLE / "units.parquet")
    units = units[units["zip"].isin(mine)]
    accounts = pd.read_csv(SAMPLE / "accounts.csv", dtype={"unit_id": str})
    accounts = accounts[accounts["unit_id"].isin(mine)]
    history = pd.read_csv(SAMPLE / "history.csv", dtype={"unit_id": str})
    history = history[history["unit_id"].isin(mine)]
    year = history.groupby(history["period"].str[:4])["amount"].sum()
    customers = int((accounts["status"] == "customer").sum())
    area = units.geometry.to_crs(5070).area.sum() / 1e6

    project, plan = sample
    row = m.market_table(m.Case(plan, project=project)).loc["R14"]

    assert row["potential"] == pytest.approx(units["potential"].sum())
    assert row["sales"] == pytest.approx(units["sales"].sum()) == accounts["revenue"].sum()
    assert row["penetration"] == pytest.approx(units["sales"].sum() / units["potential"].sum())
    assert row["white_space"] == pytest.approx(units["potential"].sum() - units["sales"].sum())
    assert (row["customers"], row["prospects"]) == (customers, len(accounts) - customers)
    assert row["customers_per_100_km2"] == pytest.approx(100 * customers / area)
    rivals = units["competitors"].sum()
    assert row["rivalry"] == pytest.approx(rivals / (rivals + customers))
    assert row["growth"] == pytest.approx(year["2025"] / year["2024"] - 1)


def test_the_index_from_the_raw_files(sample: tuple[Project, Plan]) -> None:
    """One ZIP's share of the market: 0.5 income + 0.3 establishments + 0.2 people."""
    raw = gpd.read_parquet(SAMPLE / "units.parquet").set_index("zip")
    known = raw["median_income"]
    county = known.groupby([raw["state"], raw["county"]]).transform("median")
    income = raw["households"] * known.fillna(county).fillna(known.median())
    parts = [income, raw["establishments"], raw["population"]]
    byhand = sum(w * (p / p.sum())["06902"] for w, p in zip((0.5, 0.3, 0.2), parts, strict=True))

    project, plan = sample
    index = m.buying_power(plan.units, market_weights(project.settings.market))
    assert index is not None and index.missing == ()
    assert index.share[plan.units.position["06902"]] == pytest.approx(byhand)
    assert index.share.sum() == pytest.approx(1)


def test_weights_of_what_is_missing_go_to_the_rest() -> None:
    """Without retail, income and population keep their proportion 5 : 2."""
    units = town(population=[1, 1, 1, 1], median_income=[10.0, 10.0, 10.0, 70.0])
    index = m.buying_power(units, market_weights(Market()))
    assert index is not None and index.missing == ("retail",)
    assert index.weights == pytest.approx({"income": 5 / 7, "population": 2 / 7})
    assert index.share.tolist() == pytest.approx([5 / 70 + 2 / 28] * 3 + [35 / 70 + 2 / 28])


@pytest.mark.parametrize(
    "weights", [{}, {"income": 0}, {"income": float("nan")}, {"income": "x"}, {"income": -1}]
)
def test_nonsense_weights_are_the_usual_ones(weights: dict[str, object]) -> None:
    """Whatever a store holds, weights are sound and add up to 1."""
    found = market_weights(Market(weights))  # type: ignore[arg-type]
    assert found == {"income": 0.5, "retail": 0.3, "population": 0.2}


def test_which_estimate_is_in_use() -> None:
    """The setting decides; what the data does not allow falls to the next."""
    facts = {"population": [1.0, 1, 1, 1], "potential": [10.0, 20, 30, 40]}
    plan = split(town(**facts))
    kinds = {
        model: m.potential_of(case(plan, settings=settings(model=model))).kind  # type: ignore[union-attr]
        for model in ("auto", "own", "index", "learned")
    }
    assert kinds == {"auto": "own", "own": "own", "index": "index", "learned": "own"}
    taken = split(town(**facts, potential_estimate=[4.0, 3, 2, 1]))
    assert m.potential_of(case(taken)).kind == "learned"  # type: ignore[union-attr]
    assert m.potential_of(case(split(town()))) is None


def test_size_of_the_market() -> None:
    """Set, else the own potential's sum, else what the best tenth buys, else points."""
    people = {"population": [50.0, 30, 15, 5]}
    plan = split(town(**people))

    def total(of: Plan, **chosen: object) -> tuple[float, bool]:
        found = m.potential_of(case(of, settings=settings(model="index", **chosen)))
        assert found is not None
        return found.values.sum(), found.money

    assert total(plan, total=1e6) == (pytest.approx(1e6), True)
    assert total(split(town(**people, potential=[1.0, 2, 3, 4]))) == (pytest.approx(10), True)
    # Sales over share: 10, 20, 40 and 100; nine tenths of the market are reached at 40.
    sold = split(town(**people, sales=[5.0, 6, 6, 5]))
    assert total(sold) == (pytest.approx(40), True)
    assert total(plan) == (pytest.approx(100_000), False)


def test_penetration_and_white_space_add_up() -> None:
    """A: 3 of 30 sold, B: 7 of 70; unassigned ground is nobody's."""
    units = town(potential=[10.0, 20, 30, 40], sales=[1.0, 2, 3, 4])
    plan = split(units)
    assert m.penetration(case(plan)).tolist() == pytest.approx([0.1, 0.1])
    assert m.white_space(case(plan)).tolist() == [27, 63]
    assert m.potential_spread(case(plan)) == pytest.approx(20 / 50)
    less = case(plan.move(["03"], None))
    assert m.overview(less)["white_space"] == 54
    assert m.white_space(less)["B"] == 27


def test_named_accounts_count_with_their_rep() -> None:
    """A customer in A that belongs to B's rep takes potential, sales and itself along."""
    units = town(potential=[10.0, 20, 30, 40], sales=[5.0, 5, 5, 5])
    frame = pd.DataFrame(
        {"unit_id": ["00", "02"], "status": "customer", "revenue": [4.0, 1], "potential": [8.0, 1]},
        index=["x", "y"],
    )
    plan = split(units)
    plan = replace(
        plan,
        territories=plan.territories.assign(rep_id=["a", "b"]),
        named_accounts={"x": "b"},
    )
    table = m.market_table(case(plan, accounts=Accounts(frame)))
    assert table["potential"].tolist() == [22, 78]
    assert table["sales"].tolist() == [6, 14]
    assert table["customers"].tolist() == [0, 2]


def test_growth_compares_like_with_like() -> None:
    """A year against a year, a quarter with that of a year ago; a season with no other one."""

    def sold(**periods: float) -> m.Case:
        rows = [{"unit_id": "00", "period": p, "amount": v} for p, v in periods.items()]
        return case(split(town()), sales=Sales(pd.DataFrame(rows)))

    years = {f"{y}Q{q}": v for y, v in (("2024", 10.0), ("2025", 12.0)) for q in (1, 2, 3, 4)}
    growth = m.market_table(sold(**years))["growth"]
    assert growth["A"] == pytest.approx(0.2) and growth.isna()["B"]
    short = m.market_table(sold(**{"2024Q2": 10.0, "2025Q1": 9.0, "2025Q2": 15.0}))
    assert short.at["A", "growth"] == pytest.approx(0.5)
    assert "growth" not in m.market_table(sold(**{"2025Q1": 10.0, "2025Q2": 15.0}))
    assert "growth" not in m.market_table(sold(**{"2025Q1": 10.0}))
    assert "growth" not in m.market_table(case(split(town())))


@pytest.mark.parametrize(
    "columns",
    [
        {},
        {"potential": [0.0, 0, 0, 0], "sales": [0.0, 0, 0, 0], "population": [0, 0, 0, 0]},
        {"potential": [np.nan, 1, np.inf, -5], "sales": [1.0, np.nan, 0, 0]},
        {"population": [0.0, 0, 0, 1], "median_income": [np.nan] * 4},
    ],
)
def test_poor_data_gives_gaps_and_no_infinity(columns: dict[str, object]) -> None:
    """Nothing, zeros, gaps: figures are missing or finite, and no warning is given."""
    units = town(**columns)
    for plan in (split(units), Plan.blank(units, 2), Plan.blank(units, 0)):
        for table in (m.market_table(case(plan)), m.market_units(case(plan))):
            assert not np.isinf(table.select_dtypes("number").to_numpy(float)).any()
        figures = m.overview(case(plan))
        assert not any(np.isinf(value) for value in figures.values())


def test_drivers_name_the_part_that_matters() -> None:
    """Rich and shopless: income pushes, retail holds back."""
    units = town(
        population=[10.0, 10, 10, 10],
        median_income=[90.0, 10, 10, 10],
        establishments=[0.0, 10, 10, 20],
    )
    words = m.market_table(case(split(units)))["driver"]
    assert words["A"] == "Income 1.7 × the average, but retail 0.5 ×"
    assert words["B"] == "Income 0.3 × the average, but retail 1.5 ×"
    index = m.buying_power(units, market_weights(Market()))
    assert index is not None
    assert m.unit_drivers(index)["income"].tolist() == pytest.approx([3, 1 / 3, 1 / 3, 1 / 3])


def test_census_facts_are_for_us_zips_only(sample: tuple[Project, Plan]) -> None:
    """ZIPs without any columns get an index; the same codes elsewhere on the globe do not."""
    units = sample[1].units.take(np.arange(60))
    bare = replace(units, attributes=units.attributes[[]])
    index = m.buying_power(bare, market_weights(Market()))
    assert index is not None and index.missing == ("retail",)
    assert index.sources["population"] == "population (Census)"
    away = bare.geometry.translate(80, 10)
    half = replace(bare, geometry=bare.geometry.where(np.arange(60) < 30, away))
    assert census_facts(half).empty
    moved = replace(bare, geometry=bare.geometry.translate(80, 10))
    assert m.buying_power(moved, market_weights(Market())) is None


def test_customers_are_told_by_status_else_by_revenue() -> None:
    """Words of several programs; without any, who buys is a customer."""
    frame = pd.DataFrame({"status": ["Customer", " active ", "lead", ""], "revenue": 0.0})
    assert market.is_customer(Accounts(frame)).tolist() == [True, True, False, False]
    plain = Accounts(pd.DataFrame({"revenue": [5.0, 0.0, np.nan]}))
    assert market.is_customer(plain).tolist() == [True, False, False]


def test_figures_for_the_map(sample: tuple[Project, Plan]) -> None:
    """White space, penetration and growth of units; the potential where it is no column itself."""
    project, plan = sample
    found = {about.name: values for about, values in map_figures(m.Case(plan, project=project))}
    assert list(found) == ["white_space", "penetration", "growth"]
    at = plan.units.position["06902"]
    worth, sold = (plan.units.values(name)[at] for name in ("potential", "sales"))
    assert found["white_space"][at] == worth - sold
    assert found["penetration"][at] == pytest.approx(100 * sold / worth)
    by_index = replace(project, settings=settings(model="index"))
    assert "market_potential" in [a.name for a, _ in map_figures(m.Case(plan, project=by_index))]
    assert map_figures(case(split(town()))) == []
