"""Real ZIP areas as instances for benchmarks, built once and kept in the user's cache folder.

Areas and people come from the packages that data/build_sample.py uses; workload and accounts are
invented with a fixed seed.
"""

from __future__ import annotations

import subprocess
import sys
import zlib
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import platformdirs

from territory.intake import load_sample
from territory.intake.adjacency import adjacency
from territory.model import Units

STATES = {
    "CO": "CO",
    "NY": "NY",
    "TX": "TX",
    "NE": "CT,DE,MA,MD,ME,NH,NJ,NY,OH,PA,RI,VA,VT,WV",  # fourteen states of the north-east
    "US": "AL,AR,AZ,CA,CO,CT,DC,DE,FL,GA,IA,ID,IL,IN,KS,KY,LA,MA,MD,ME,MI,MN,MO,MS,MT,NC,ND,NE,NH,"
    "NJ,NM,NV,NY,OH,OK,OR,PA,RI,SC,SD,TN,TX,UT,VA,VT,WA,WI,WV,WY",  # the lower 48
    "ALL": "US",  # with Alaska, Hawaii and Puerto Rico
    "SOUTH": "NC,SC,GA,TN,AL",  # these three for tuning, so that the others stay fair
    "IL": "IL",
    "PA": "PA",
}
SEED = 7


def folder() -> Path:
    """Where built areas are kept."""
    return Path(platformdirs.user_cache_dir("territory-benchmarks", False))


def areas_file(name: str) -> Path:
    """GeoParquet with the ZIP areas of some states, built where it is not there yet."""
    path = folder() / f"{name}-{zlib.crc32(STATES[name].encode()):08x}.parquet"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        build = Path(__file__).parents[1] / "data" / "build_sample.py"
        command = [sys.executable, str(build), "--areas-only", "--states", STATES[name]]
        subprocess.run([*command, "--out", str(path)], check=True)
    return path


def load(name: str) -> Units:
    """The sample, or the ZIP areas of some states with `potential` (people) and `workload`."""
    if name == "sample":
        return load_sample()[0].units
    areas = gpd.read_parquet(areas_file(name))
    people = areas["population"].astype(float).fillna(0).to_numpy()
    rng = np.random.default_rng(SEED)
    workload = np.sqrt(people + 50) * rng.lognormal(0, 0.3, len(areas))
    accounts = rng.poisson(people / 2000 + 0.5).astype(float)
    return Units(
        ids=areas["zip"].to_numpy(object),
        geometry=areas.geometry,
        attributes=pd.DataFrame({"potential": people, "workload": workload, "accounts": accounts}),
        graph=adjacency(areas.geometry.to_crs(5070).to_numpy()),
    )
