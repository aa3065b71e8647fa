"""What drawing the panels costs the server once everything is loaded: Performance and Market.

Run: python benchmarks/pages.py [--units 33000] [--territories 500] [--accounts 200000]

A made-up region with accounts, a team and twelve quarters of sales by account; each view is drawn
once cold and then some times warm, as every click draws it. Wall and CPU seconds of one run of the
script, without the browser.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from store import region

from territory.model import Accounts, Plan, Project, Sales, Team

GOAL_S = 0.5
ROOT = Path(__file__).parents[1]
QUARTERS = [f"{year}Q{q}" for year in (2023, 2024, 2025) for q in (1, 2, 3, 4)]
PERFORMANCE = ("results", "even", "workload", "quotas", "seasons")


def company(n: int, k: int, count: int) -> tuple[Project, Plan]:
    """A project of that size and its plan."""
    rng = np.random.default_rng(3)
    units = region(n, corners=12)
    owner = (np.arange(n) * k // n).astype(np.int64)
    at = rng.integers(0, n, count)
    ids = [f"A{i:06d}" for i in range(count)]
    customer = rng.random(count) < 0.6
    revenue = np.where(customer, rng.lognormal(8, 1, count), 0).round(2)
    accounts = pd.DataFrame(
        {
            "name": [f"Account {i}" for i in range(count)],
            "unit_id": units.ids[at],
            "segment": rng.choice(["A", "B", "C"], count),
            "industry": rng.choice([f"Industry {i}" for i in range(9)], count),
            "status": np.where(customer, "customer", "prospect"),
            "revenue": revenue,
            "potential": (revenue * 2 + 500).round(2),
            "workload_hours": rng.uniform(2, 20, count).round(1),
            "visits_per_year": rng.integers(1, 12, count).astype(float),
            "minutes_per_visit": 45.0,
        },
        index=pd.Index(ids, name="account_id"),
    )
    buys = np.flatnonzero(customer)
    part = np.array([0.2, 0.25, 0.22, 0.33] * 3) * np.repeat([0.9, 0.95, 1.0], 4)
    history = pd.DataFrame(
        {
            "account_id": np.repeat(np.array(ids, object)[buys], len(QUARTERS)),
            "unit_id": np.repeat(units.ids[at[buys]], len(QUARTERS)),
            "period": np.tile(QUARTERS, len(buys)),
            "amount": (revenue[buys, None] * part).ravel().round(2),
        }
    )
    hours = np.bincount(at, accounts["workload_hours"], n)
    units = units.with_attributes(
        pd.DataFrame(
            {
                "workload_hours": hours,
                "sales": np.bincount(at, revenue, n),
                "accounts": np.bincount(at, minlength=n).astype(float),
                "competitors": rng.poisson(1.0, n).astype(float),
                "population": rng.integers(100, 20_000, n).astype(float),
            },
            index=pd.Index(units.ids),
        )
    )
    reps = [f"R{i:03d}" for i in range(k)]
    team = pd.DataFrame(
        {
            "name": [f"Rep {i}" for i in range(k)],
            "home_zip": units.ids[np.searchsorted(owner, np.arange(k))],
            "capacity_hours": hours.sum() / k,
            "quota": revenue.sum() / k,
            "manager": [f"Manager {i % 40}" for i in range(k)],
        },
        index=pd.Index(reps, name="rep_id"),
    )
    project = Project(
        f"{n:,} units", units, Team(team), Accounts(accounts), Sales(history), source="upload"
    )
    aligned = {u: reps[t] for u, t in zip(units.ids, owner, strict=True)}
    return project, Plan.from_alignment(units, aligned, project.team)


def timed(draw: object, times: int) -> tuple[float, float]:
    """Medians of wall and CPU seconds; the first run, which loads the view, is left out."""
    walls, cpus = [], []
    for _ in range(times + 1):
        wall, cpu = time.perf_counter(), time.process_time()
        draw()  # type: ignore[operator]
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    return statistics.median(walls[1:]), statistics.median(cpus[1:])


def main() -> None:
    """Read the arguments, draw every view, print a table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--units", type=int, default=33_000)
    parser.add_argument("--territories", type=int, default=500)
    parser.add_argument("--accounts", type=int, default=200_000)
    parser.add_argument("--times", type=int, default=5)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TERRITORY_DATA_DIR"] = folder
        run(args.units, args.territories, args.accounts, args.times)


def run(n: int, k: int, count: int, times: int) -> None:
    """Draw every view of both pages on a project of this size."""
    from streamlit.testing.v1 import AppTest

    import territory.optimize.warmup as warmup

    warmup.is_warm = lambda: True  # compiling in the background would be measured too
    project, plan = company(n, k, count)
    moved = plan.move_positions(np.arange(n // 50), k - 1)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=600).run()
    here = app.session_state["workspace"]
    here.project, here.baseline = project, plan
    here.history = replace(here.history, present=replace(here.history.present, plan=moved))
    print(f"{n:,} units, {k} territories, {count:,} accounts, {len(QUARTERS)} quarters;", end=" ")
    print(f"load {os.getloadavg()[0]:.1f}; goal {GOAL_S} s a rerun\n")
    start = time.perf_counter()
    app.switch_page("pages/performance.py").run()
    print(f"The first run, which brings the tables together: {time.perf_counter() - start:.2f} s\n")
    print("| page | view | s | CPU s | goal |\n|---|---|---|---|---|")
    for view in PERFORMANCE:
        app.segmented_control("performance-view").set_value(view)
        report(app, project.name, "Performance", view, times)
    app.switch_page("pages/market.py").run()
    report(app, project.name, "Market", "", times)


def report(app: object, project: str, page: str, view: str, times: int) -> None:
    """Draw and print a row; stop at a page that failed."""
    wall, cpu = timed(app.run, times)  # type: ignore[attr-defined]
    if app.exception:  # type: ignore[attr-defined]
        raise SystemExit(app.exception[0].message)  # type: ignore[attr-defined]
    if not any(project in text.value for text in app.markdown):  # type: ignore[attr-defined]
        raise SystemExit("The page shows another project than the one to be measured.")
    mark = "✓" if cpu <= GOAL_S else "✗"
    print(f"| {page} | {view} | {wall:.2f} | {cpu:.2f} | {mark} |", flush=True)


if __name__ == "__main__":
    main()
