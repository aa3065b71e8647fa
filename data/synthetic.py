"""The invented company of the sample: reps, accounts, sales and a current alignment. All seeded.

Nothing here is real but the places. The current alignment grew the way such things do: homes
chosen long ago, territories that stop at county and state lines, and one rep who got the big city.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from synthetic_sales import invent_history

from territory.model import Graph, pieces

SEED = 20260101
ACCOUNTS = 5_900
CAPACITY_HOURS = 1_600
GOAL_GROWTH = 1.08  # the company's goal for the coming year against the last one

# name, home ZIP, reach (a larger one took more land), industries known well, segments, start
REPS = (
    ("Blake Castillo", "02118", 1.42, "Healthcare; Education", "A; B", "2012-03-05"),
    ("Morgan Whitlock", "01701", 1.00, "Technology; Professional services", "A; B", "2016-09-12"),
    ("Dana Okafor", "02169", 0.80, "Hospitality; Retail", "B; C", "2019-01-14"),
    ("Elliot Brandt", "01852", 0.90, "Manufacturing", "A; B", "2014-06-02"),
    ("Naomi Feldt", "01970", 0.80, "Retail; Hospitality", "B; C", "2021-04-19"),
    ("Rosa Pereira", "02740", 1.00, "Manufacturing; Retail", "B; C", "2017-02-06"),
    ("Hannah Sato", "02601", 1.00, "Hospitality", "B; C", "2018-05-21"),
    ("Marcus Dumont", "01604", 1.00, "Manufacturing; Healthcare", "A; B", "2013-10-07"),
    ("Lucia Ferrante", "01109", 1.00, "Education; Healthcare", "A; B; C", "2020-08-17"),
    ("Owen Halloran", "01201", 0.90, "Hospitality; Education", "B; C", "2022-02-28"),
    ("Nadia Kovac", "02903", 1.15, "Healthcare; Public sector", "A; B", "2015-11-30"),
    ("Grace Ibarra", "06105", 1.10, "Professional services; Public sector", "A; B", "2012-08-20"),
    ("Simon Janssen", "06511", 0.90, "Education; Healthcare", "A; B", "2019-07-08"),
    ("Camille Rossi", "06902", 1.00, "Professional services; Retail", "A; B", "2016-01-11"),
    ("Ravi Menon", "06810", 0.80, "Construction; Retail", "B; C", "2023-03-13"),
    ("Joan Ekberg", "06360", 0.90, "Manufacturing; Hospitality", "B; C", "2018-10-01"),
    ("Peter Grieve", "03103", 1.05, "Manufacturing; Technology", "A; B; C", "2014-04-14"),
    ("Alice Farrow", "03801", 0.80, "Technology; Hospitality", "B; C", "2021-09-06"),
    ("Noel Tremblay", "03766", 0.90, "Education; Healthcare", "A; B; C", "2017-06-26"),
    ("Sage Novak", "05401", 1.05, "Public sector; Hospitality", "A; B; C", "2015-03-23"),
    ("Emery Vale", "05701", 1.00, "Construction; Hospitality", "B; C", "2024-01-08"),
    ("Kit Lindqvist", "04101", 1.05, "Hospitality; Retail", "A; B; C", "2013-05-13"),
    ("Iris Zhang", "04401", 1.10, "Construction; Education", "B; C", "2020-03-02"),
    ("Jonah Quist", "04330", 0.95, "Public sector; Construction", "B; C", "2022-10-24"),
)
MANAGERS = {"MA": "Evelyn Marsh", "RI": "Evelyn Marsh", "CT": "Tomas Aldana",
            "NH": "Ruth Bergstrom", "VT": "Ruth Bergstrom", "ME": "Ruth Bergstrom"}  # fmt: skip

INDUSTRIES = {
    "Healthcare": ("Dental Group", "Family Practice", "Medical Center", "Physical Therapy"),
    "Education": ("Academy", "Learning Center", "College", "Day School"),
    "Hospitality": ("Inn", "Bistro", "Hotel", "Catering", "Brewing"),
    "Retail": ("Market", "Outfitters", "Hardware", "Books", "Furniture"),
    "Manufacturing": ("Precision", "Tool & Die", "Plastics", "Instruments", "Woodworks"),
    "Technology": ("Systems", "Software", "Robotics", "Analytics"),
    "Professional services": ("Partners", "Law Group", "Accounting", "Consulting"),
    "Construction": ("Builders", "Roofing", "Electric", "Millwork"),
    "Public sector": ("Water District", "Housing Authority", "Public Library", "Transit"),
}
INDUSTRY_SHARE = (0.16, 0.08, 0.15, 0.17, 0.12, 0.08, 0.12, 0.09, 0.03)
FIRST = (
    "Alder Ash Birch Bram Briar Cald Cedar Clover Dun Elder Ever Fair Fen Finch Glen Hal Hazel "
    "Heron Kel Lark Lin Maple Mar Nor Oak Pem Pine Quill Rav Rowan Sel Swift Tarn Thorn Ver Win "
    "Wren Yar"
)
SECOND = (
    "bourne brook by combe crest dale field ford gate haven holm ley march mere moor ridge stead "
    "well wick worth"
)

# per segment: share, mean potential ($), chance to be a customer, visits a year, minutes a visit
SEGMENTS = {
    "A": (0.08, 110_000, 0.75, 18, 75),
    "B": (0.27, 32_000, 0.62, 9, 60),
    "C": (0.65, 9_000, 0.52, 4, 40),
}


@dataclass(frozen=True)
class Company:
    """The synthetic part of the sample, one table a file."""

    units: gpd.GeoDataFrame
    accounts: pd.DataFrame
    team: pd.DataFrame
    history: pd.DataFrame
    alignment: pd.DataFrame


def invent(units: gpd.GeoDataFrame, graph: Graph) -> Company:
    """Make up a company that sells in these units (projected, with potential and point)."""
    rng = np.random.default_rng(SEED)
    homes = _home_positions(units)
    owner = grow(units, graph, homes, np.array([r[2] for r in REPS[: len(homes)]]))
    rep_ids = np.array([f"R{i + 1:02d}" for i in range(len(homes))], dtype=object)
    accounts = invent_accounts(units, rng)
    accounts["owner"] = rep_ids[owner][units.index.get_indexer(accounts.pop("position"))]
    per_unit = accounts.groupby("unit_id")
    units = units.copy()
    zips = pd.Index(units["zip"])
    units["workload_hours"] = (
        per_unit["workload_hours"].sum().reindex(zips).fillna(0).round(1).values
    )
    units["sales"] = per_unit["revenue"].sum().reindex(zips).fillna(0).astype(int).values
    units["accounts"] = per_unit.size().reindex(zips).fillna(0).astype(int).values
    customers = accounts[accounts["status"] == "customer"].groupby("unit_id").size()
    units["customers"] = customers.reindex(zips).fillna(0).astype(int).values
    rivals = np.sqrt(units["potential"] / units["potential"].mean())
    units["competitors"] = rng.poisson(1.3 * rivals)
    history = invent_history(accounts)
    team = invent_team(units, homes, owner, rep_ids)
    alignment = pd.DataFrame({"unit_id": units["zip"], "territory_id": rep_ids[owner]})
    return Company(units, accounts, team, history, alignment)


def _home_positions(units: gpd.GeoDataFrame) -> NDArray[np.int64]:
    """Units the reps live in; in another region, its busiest ones, spread out."""
    where = {z: i for i, z in enumerate(units["zip"])}
    if all(rep[1] in where for rep in REPS):
        return np.array([where[rep[1]] for rep in REPS])
    xy = _points(units)
    pull = np.sqrt(units["potential"].to_numpy())
    chosen: list[int] = []
    for _ in REPS:
        chosen.append(int(np.argmax(pull)))
        away = np.hypot(*(xy - xy[chosen[-1]]).T)
        pull = pull * np.clip(away / 60_000, 0, 1)
    return np.array(chosen)


def _points(units: gpd.GeoDataFrame) -> NDArray[np.float64]:
    points = gpd.GeoSeries.from_xy(units["lon"], units["lat"], crs=4326).to_crs(units.crs)
    return np.c_[points.x, points.y]


def grow(
    units: gpd.GeoDataFrame, graph: Graph, homes: NDArray[np.int64], reach: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Territories grown from homes over neighbours, so each is one piece; nearest claim first.

    Crossing a county line costs double and a state line three times the way.
    """
    xy = _points(units)
    county = (units["state"] + units["county"]).to_numpy()
    state = units["state"].to_numpy()
    owner = np.full(len(units), -1)
    claims = [(0.0, int(home), rep) for rep, home in enumerate(homes)]
    while claims:
        cost, unit, rep = heapq.heappop(claims)
        if owner[unit] >= 0:
            continue
        owner[unit] = rep
        for other in graph.neighbours(unit):
            if owner[other] < 0:
                line = 1 if county[unit] == county[other] else 2
                line = line if state[unit] == state[other] else 3
                way = float(np.hypot(*(xy[unit] - xy[other]))) * line / reach[rep]
                heapq.heappush(claims, (cost + way, int(other), rep))
    return owner


def invent_accounts(units: gpd.GeoDataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Customers and prospects, more where the potential is; what they buy and need in hours."""
    potential = units["potential"].to_numpy()
    count = rng.poisson(potential / potential.sum() * ACCOUNTS)
    at = np.repeat(np.arange(len(units)), count)
    n = len(at)
    share, mean, chance, visits, minutes = (
        np.array(c) for c in zip(*SEGMENTS.values(), strict=True)
    )
    segment = rng.choice(len(SEGMENTS), n, p=share)
    worth = mean[segment] * rng.lognormal(-0.245, 0.7, n)  # the shift keeps the mean
    # What the accounts of a ZIP could buy stays below what the whole ZIP could.
    together = np.bincount(at, worth, len(units))
    worth *= np.minimum(1, 0.85 * potential / np.maximum(together, 1))[at]
    worth = np.maximum(worth.round(-1), 100)
    customer = rng.random(n) < chance[segment]
    revenue = np.where(customer, worth * rng.beta(4, 3.5, n), 0).round()
    calls = np.where(customer, visits[segment], np.ceil(visits[segment] / 2)).astype(int)
    way = _minutes_between(units["land_area_km2"].to_numpy(), count, units["population"].to_numpy())
    hours = calls * (minutes[segment] + way[at]) / 60
    industry = rng.choice(list(INDUSTRIES), n, p=INDUSTRY_SHARE)
    since = np.where(customer, rng.integers(2008, 2026, n).astype(str), "")
    return pd.DataFrame(
        {
            "account_id": [f"A{i + 1:05d}" for i in range(n)],
            "name": company_names(industry, rng),
            "unit_id": units["zip"].to_numpy()[at],
            "segment": np.array(list(SEGMENTS))[segment],
            "industry": industry,
            "status": np.where(customer, "customer", "prospect"),
            "revenue": revenue.astype(int),
            "potential": worth.astype(int),
            "visits_per_year": calls,
            "minutes_per_visit": minutes[segment],
            "workload_hours": hours.round(1),
            "customer_since": since,
            "position": at,
        }
    )


def _minutes_between(
    area_km2: NDArray[np.float64], stops: NDArray[np.int64], people: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Driving minutes from one account to the next within a unit.

    0.7124·√(A/n) km as the crow flies (Beardwood, Halton & Hammersley 1959), 1.3 × by road, at
    25 km/h in the city and up to 65 km/h in the country.
    """
    speed = np.clip(65 - 12 * np.log10(1 + people / np.maximum(area_km2, 0.1)), 25, 65)
    gap_km = 1.3 * 0.7124 * np.sqrt(np.maximum(area_km2, 0.1) / np.maximum(stops, 1))
    return np.clip(8 + gap_km / speed * 60, 8, 45)


def company_names(industry: NDArray[np.str_], rng: np.random.Generator) -> list[str]:
    """A different invented name for each account: a made-up place and a line of business."""
    first, second = FIRST.split(), SECOND.split()
    taken: set[str] = set()
    names = []
    for line in industry:
        while True:
            place = first[rng.integers(len(first))] + second[rng.integers(len(second))]
            kinds = INDUSTRIES[str(line)]
            name = f"{place} {kinds[rng.integers(len(kinds))]}"
            if name not in taken:
                break
        taken.add(name)
        names.append(name)
    return names


def invent_team(
    units: gpd.GeoDataFrame,
    homes: NDArray[np.int64],
    owner: NDArray[np.int64],
    rep_ids: NDArray[np.object_],
) -> pd.DataFrame:
    """The reps. Quotas add up to the goal: 60 % by last year's sales, the rest in equal parts."""
    sales = np.bincount(owner, units["sales"], len(homes))
    goal = round(sales.sum() * GOAL_GROWTH, -4)
    quota = (goal * (0.6 * sales / sales.sum() + 0.4 / len(homes))).round(-3)
    quota[np.argmax(quota)] += goal - quota.sum()
    home = units.iloc[homes]
    reps = REPS[: len(homes)]
    return pd.DataFrame(
        {
            "rep_id": rep_ids,
            "name": [rep[0] for rep in reps],
            "home_zip": home["zip"].to_numpy(),
            "home_lat": home["lat"].to_numpy(),
            "home_lon": home["lon"].to_numpy(),
            "capacity_hours": CAPACITY_HOURS,
            "quota": quota.astype(int),
            "skills": [rep[3] for rep in reps],
            "segments": [rep[4] for rep in reps],
            "start_date": [rep[5] for rep in reps],
            "manager": [MANAGERS.get(state, "Evelyn Marsh") for state in home["state"]],
        }
    )


def summary(company: Company, graph: Graph) -> str:
    """What the current alignment looks like, for the person who runs the build."""
    units, team = company.units, company.team
    owner = pd.Categorical(company.alignment["territory_id"], categories=team["rep_id"]).codes
    total = units[["potential", "sales", "workload_hours", "accounts"]].groupby(owner).sum()
    total.index = team["name"]
    total["quota"] = team["quota"].to_numpy()
    total["zips"] = np.bincount(owner)
    total["pieces"] = pieces(graph, owner.astype(np.int32), len(team))
    total["utilisation"] = total["workload_hours"] / team["capacity_hours"].to_numpy()
    ratio = {c: round(float(total[c].max() / total[c].mean()), 2) for c in total.columns[:5]}
    sums = total.iloc[:, :6].sum().round().to_dict()
    return f"{total.round(2).to_string()}\nmax/mean {ratio}\nsum {sums}"
