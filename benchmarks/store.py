"""What saving costs: one gesture at 2,000 and 33,000 units, and opening a long history.

Run: python benchmarks/store.py [--gestures 300]

Writes into a temporary folder. The figures depend on how fast the disk confirms a write
(``synchronous=FULL``), so that alone is measured first.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from territory.model import Graph, Plan, Project, Units, Workspace
from territory.store import Store

SIZES = ((2_000, 24, 20.0), (33_000, 500, 60.0))
"""Units, territories, goal in ms for the 95th percentile of a gesture."""
OPEN_GOAL_S = 3.0
OPEN_REVISIONS = 200


def region(n: int, corners: int = 40) -> Units:
    """A made-up region of n round areas with as many corners as simplified ZIPs have."""
    side = int(np.ceil(np.sqrt(n)))
    row, column = np.divmod(np.arange(n), side)
    points = shapely.points(-100 + column * 0.05, 30 + row * 0.05)
    areas = shapely.buffer(points, 0.024, quad_segs=corners // 4)
    at = np.full(side * side, -1)
    at[:n] = np.arange(n)
    at = at.reshape(side, side)
    east = np.c_[at[:, :-1].ravel(), at[:, 1:].ravel()]
    south = np.c_[at[:-1].ravel(), at[1:].ravel()]
    pairs = np.r_[east, south]
    pairs = pairs[(pairs >= 0).all(axis=1)]
    rng = np.random.default_rng(1)
    measures = pd.DataFrame({name: rng.lognormal(8, 1, n) for name in ("potential", "sales")})
    measures["city"] = [f"City {i % 700}" for i in range(n)]
    ids = np.array([f"{i:05d}" for i in range(n)])
    return Units(ids, gpd.GeoSeries(areas, crs=4326), measures, Graph.from_pairs(n, pairs))


def stroke(plan: Plan, rng: np.random.Generator) -> Plan:
    """A gesture of 1 to 30 neighbouring units, as a brush makes it."""
    first = int(rng.integers(plan.units.n - 30))
    units = np.arange(first, first + int(rng.integers(1, 31)))
    return plan.move_positions(units, int(rng.integers(plan.k)))


def gestures(workspace: Workspace, count: int) -> list[float]:
    """Milliseconds that saving took, for strokes and every eighth time an undo."""
    rng, spent = np.random.default_rng(2), []
    for i in range(count):
        plan = stroke(workspace.plan, rng)
        start = time.perf_counter()
        if i % 8 == 7:
            workspace.undo()
        else:
            workspace.change("Brush", plan, {"client": i})
        spent.append(1e3 * (time.perf_counter() - start))
    return spent


def opening(path: Path, scenario_id: str) -> tuple[float, int]:
    """Seconds a new process needs to open a scenario (imports apart), and its changes."""
    code = (
        "import sys, time, geopandas\n"
        "from territory.store import Store\n"
        "start = time.perf_counter()\n"
        "saved = Store(sys.argv[1]).open(sys.argv[2])\n"
        "print(time.perf_counter() - start, len(saved.history.past))\n"
    )
    command = [sys.executable, "-c", code, str(path), scenario_id]
    out = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return float(out[0]), int(out[1])


def confirmations(folder: Path, count: int = 100) -> float:
    """Milliseconds the disk needs to confirm 4 kB, median."""
    spent = []
    with (folder / "probe").open("wb", buffering=0) as file:
        for _ in range(count):
            start = time.perf_counter()
            file.write(b"x" * 4096)
            os.fsync(file.fileno())
            spent.append(1e3 * (time.perf_counter() - start))
    return statistics.median(spent)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gestures", type=int, default=300)
    count = parser.parse_args().gestures
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print(f"disk confirms a write in {confirmations(folder):.2f} ms\n")
        print(
            "| units | k | create s | save p50 ms | p95 ms | goal | 200 revisions open s | goal |"
        )
        print("|--:|--:|--:|--:|--:|--:|--:|--:|")
        for n, k, goal in SIZES:
            units = region(n)
            plan = Plan.blank(units, k).with_alignment(np.arange(n) * k // n)
            path = folder / f"{n}.sqlite"
            store = Store(path)
            start = time.perf_counter()
            scenario_id = store.create(Project("Benchmark", units), plan)
            created = time.perf_counter() - start
            spent = gestures(store.open(scenario_id).workspace(), count)
            p50, p95 = np.percentile(spent, [50, 95])
            long = store.create(Project("Long history", units), plan)
            workspace = store.open(long).workspace()
            rng = np.random.default_rng(3)
            for i in range(OPEN_REVISIONS):
                workspace.change(f"Brush {i}", stroke(workspace.plan, rng))
            store.close()
            seconds, steps = opening(path, long)
            print(
                f"| {n:,} | {k} | {created:.2f} | {p50:.1f} | {p95:.1f} | ≤ {goal:.0f} "
                f"| {seconds:.2f} ({steps} steps) | ≤ {OPEN_GOAL_S:.0f} |"
            )


if __name__ == "__main__":
    main()
