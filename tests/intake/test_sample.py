"""The sample is whole, valid, believable and unfair."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest
import shapely

from territory.errors import InputError
from territory.intake import sample
from territory.model import components, noncontiguous


@pytest.fixture(scope="module")
def loaded():
    """The sample, read once for all tests."""
    return sample.load_sample()


def test_counts(loaded):
    """New England has 1,846 ZIPs; the company has 24 reps and about 5,800 accounts."""
    project, plan = loaded
    assert project.units.n == 1846
    assert plan.k == len(project.team) == 24
    assert 5_600 <= len(project.accounts) <= 6_000
    assert plan.unassigned == 0
    assert project.source == "sample"


def test_areas_are_a_coverage(loaded):
    """Areas are valid, not empty, and share their borders without gap or overlap."""
    geometry = loaded[0].units.geometry.to_numpy()
    assert shapely.is_valid(geometry).all()
    assert not shapely.is_empty(geometry).any()
    assert shapely.coverage_is_valid(geometry)


def test_region_and_territories_hang_together(loaded):
    """All units form one piece, and so does every current territory."""
    project, plan = loaded
    assert components(project.units.graph).max() == 0
    assert len(noncontiguous(project.units.graph, plan.alignment, plan.k)) == 0


def test_current_alignment_is_unfair(loaded):
    """One rep has about 3.7 times the mean potential, and several have no time for their work."""
    project, plan = loaded
    potential = plan.totals("potential")
    assert 3.6 <= potential.max() / potential.mean() <= 3.8
    hours, capacity = plan.totals("workload_hours"), project.team.capacities
    assert 0.85 <= hours.sum() / capacity.sum() <= 0.98
    assert (hours / capacity > 1.5).sum() >= 3


def test_unit_columns_agree_with_accounts_and_history(loaded):
    """What a unit is said to sell and need is what its accounts and quarters add up to."""
    project, _ = loaded
    units = project.units
    per_unit = project.accounts.per_unit(units)
    np.testing.assert_allclose(units.values("accounts"), per_unit["accounts"])
    np.testing.assert_allclose(units.values("sales"), per_unit["revenue"])
    np.testing.assert_allclose(units.values("workload_hours"), per_unit["workload_hours"])
    assert (units.values("potential") >= units.values("sales")).all()
    history = project.sales.frame
    assert history["period"].nunique() == 12
    last = history[history["period"].str.startswith("2025")]
    per_unit = last.groupby("unit_id")["amount"].sum().reindex(units.ids).fillna(0)
    assert (per_unit.to_numpy() == units.values("sales")).all()
    per_account = last.groupby("account_id")["amount"].sum()
    revenue = project.accounts.frame["revenue"]
    assert (per_account.reindex(revenue.index).fillna(0) == revenue).all()


def test_history_has_what_panels_show(loaded):
    """Growth, seasons that differ between industries, customers who came and who went."""
    project, _ = loaded
    history = project.sales.frame
    year, season = history["period"].str[:4], history["period"].str[4:]
    totals = history.groupby(year)["amount"].sum()
    assert 1.02 < totals["2024"] / totals["2023"] < 1.1 > totals["2025"] / totals["2024"] > 1.02
    industry = history["account_id"].map(project.accounts.frame["industry"])
    peaks = history["amount"].groupby([industry, season]).sum().unstack().idxmax(axis=1)
    assert peaks["Retail"] == "Q4" and peaks["Education"] == "Q3" and peaks["Public sector"] == "Q2"
    buyers = history.groupby(year)["account_id"].agg(set)
    assert len(buyers["2025"] - buyers["2024"]) > 100 < len(buyers["2024"] - buyers["2025"])
    status = project.accounts.frame["status"]
    assert (status[list(buyers["2025"])] == "customer").all()


def test_history_is_what_the_script_makes(loaded):
    """Nobody changed the file by hand."""
    path = Path(__file__).parents[2] / "data" / "synthetic_sales.py"
    spec = importlib.util.spec_from_file_location("synthetic_sales", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    made = module.invent_history(loaded[0].accounts.frame.reset_index())
    stored = loaded[0].sales.frame
    assert list(made.columns) == list(stored.columns)
    for column in made:
        assert made[column].tolist() == stored[column].tolist()


def test_owners_and_quotas(loaded):
    """Accounts belong to the rep whose unit they lie in; quotas add up to the goal of +8 %."""
    project, plan = loaded
    where = plan.to_mapping()
    accounts = project.accounts.frame
    assert (accounts["owner"] == accounts["unit_id"].map(where)).all()
    goal = round(project.units.values("sales").sum() * 1.08, -4)
    assert project.team.frame["quota"].sum() == goal


def test_team_lives_in_its_territory(loaded):
    """Every rep's home ZIP is a unit of the rep's own territory."""
    project, plan = loaded
    homes = project.team.homes(project.units)
    assert (homes >= 0).all()
    assert (plan.alignment[homes] == np.arange(plan.k)).all()


def test_outlines_match_units(loaded):
    """States and counties cover exactly what the units cover."""
    outlines = sample.sample_outlines()
    assert set(outlines["level"]) == {"county", "state"}
    states = outlines[outlines["level"] == "state"]
    assert {"Connecticut", "Maine", "Vermont"} <= set(states["name"])
    whole = shapely.area(loaded[0].units.geometry.to_numpy()).sum()
    for _, level in outlines.groupby("level"):
        assert shapely.area(level.geometry.to_numpy()).sum() == pytest.approx(whole)


def test_sample_is_small():
    """The files stay under 3 MB in all."""
    folder = sample.sample_folder()
    assert sum(path.stat().st_size for path in folder.iterdir()) < 3_000_000


def test_missing_sample_is_explained(monkeypatch, tmp_path):
    """An installation without the sample says so, and what to do."""
    monkeypatch.setattr(sample.territory, "__file__", str(tmp_path / "territory" / "__init__.py"))
    with pytest.raises(InputError, match="Remedy: install the package again"):
        sample.sample_folder()
