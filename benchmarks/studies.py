"""What else has goals: homes, re-planning, several measures, bounds, gestures, memory.

Each study prints a table of its own; `python benchmarks/engine.py --studies homes --only CO:10`.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from goals import Check
from instances import load

from territory.metrics import Case, report
from territory.model import Plan, Team, Units
from territory.optimize import propose
from territory.optimize.bounds import certify
from territory.optimize.hints import hints

Chosen = list[tuple[str, int]]
MEASURES = {"potential": 1.0}
TOLERANCE = 0.05
HOME_SEED, DRIFT_SEED = 11, 13
PATIENCE = 60.0
"""Seconds that a bound may take."""


def head(*columns: str) -> None:
    """The first two lines of a table."""
    print(f"| {' | '.join(columns)} |\n|{'---|' * len(columns)}", flush=True)


def line(*cells: object) -> None:
    """A further line."""
    print(f"| {' | '.join(map(str, cells))} |", flush=True)


def homes_for(units: Units, k: int) -> Team:
    """A rep for each territory, living in a unit drawn by its weight."""
    rng = np.random.default_rng(HOME_SEED)
    weight = units.values("potential")
    where = rng.choice(units.n, k, replace=False, p=weight / weight.sum())
    index = [f"R{r:04d}" for r in range(k)]
    return Team(pd.DataFrame({"home_zip": np.asarray(units.ids)[where]}, index=index))


def home_goal(k: int) -> float:
    """Largest gap to the bound on travel from homes."""
    return next(gap for most, gap in ((25, 3.0), (60, 3.5), (150, 6.0), (10**9, 12.0)) if k <= most)


def homes(chosen: Chosen, seeds: int) -> None:
    """Travel from the reps' homes and how far it is from what no plan can undercut."""
    head(
        "instance", "s", "CPU s", "inside", "in pieces", "km", "bound km", "bound s", "gap", "goal"
    )
    for name, k in chosen:
        units = load(name)
        team, found = homes_for(units, k), []
        for seed in range(1, seeds + 1):
            cpu = time.process_time()
            plan = propose(
                units, team=team, homes=True, measures=MEASURES, tolerance=TOLERANCE, seed=seed
            )
            found.append((plan, time.process_time() - cpu))
        proofs = [certify(p, team=team, time_limit=PATIENCE) for p, _ in found]
        bounds = [proof.bound or {} for proof in proofs]
        gap = 100 * middle([b["gap"] if b.get("gap") is not None else np.inf for b in bounds])
        line(
            f"{name} {units.n:,}:{k} homes",
            f"{middle([p.seconds for p, _ in found]):.2f}",
            f"{middle([cpu for _, cpu in found]):.2f}",
            f"{sum(p.within_tolerance for p, _ in found)} of {seeds}",
            max(p.noncontiguous for p, _ in found),
            f"{middle([b['value'] for b in bounds]):.2f}",
            f"{middle([b['bound'] for b in bounds]):.2f}",
            f"{middle([b['seconds'] for b in bounds]):.1f}",
            f"{gap:.2f} %",
            Check("gap %", gap, home_goal(k)),
        )


def bounds(chosen: Chosen, seeds: int) -> None:
    """Free centres: how far a plan may be from the best possible."""
    head("instance", "plan s", "km", "bound km", "bound s", "gap", "goal")
    for name, k in chosen:
        units = load(name)
        found = [
            propose(units, territories=k, measures=MEASURES, tolerance=TOLERANCE, seed=s)
            for s in range(1, seeds + 1)
        ]
        proofs = [certify(p, time_limit=PATIENCE).bound for p in found]
        known = [b for b in proofs if b is not None]
        if not known:
            line(f"{name} {units.n:,}:{k}", "", "", "no bound at this size", "", "", "")
            continue
        gap = 100 * middle([b["gap"] if b["gap"] is not None else np.inf for b in known])
        line(
            f"{name} {units.n:,}:{k}",
            f"{middle([p.seconds for p in found]):.2f}",
            f"{middle([b['value'] for b in known]):.2f}",
            f"{middle([b['bound'] for b in known]):.2f}",
            f"{middle([b['seconds'] for b in known]):.1f}",
            f"{gap:.2f} %",
            Check("gap %", gap, 2.0) if (name, k) == ("CO", 10) else "",
        )


def drifted(units: Units) -> Units:
    """The same region a year later: every weight times a log-normal factor, σ = 0.25."""
    rng = np.random.default_rng(DRIFT_SEED)
    table = units.attributes.copy()
    table["potential"] = units.values("potential") * rng.lognormal(0, 0.25, units.n)
    return units.with_attributes(table)


def replan(chosen: Chosen, seeds: int) -> None:
    """From a balanced plan, after drift, back into the tolerance with little change."""
    head("instance", "s", "before", "after", "inside", "in pieces", "moved", "goal")
    for name, k in chosen:
        units = load(name)
        first = propose(units, territories=k, measures=MEASURES, tolerance=TOLERANCE, seed=1).plan
        later = drifted(units)
        now = Plan(later, first.territories, first.alignment)
        before = report(Case(now, MEASURES, TOLERANCE))["max_deviation"]["potential"]
        found = [
            propose(later, current=now, measures=MEASURES, tolerance=TOLERANCE, seed=s)
            for s in range(1, seeds + 1)
        ]
        moved = 100 * middle([p.disruption["potential"] for p in found])
        line(
            f"{name} {units.n:,}:{k}",
            f"{middle([p.seconds for p in found]):.2f}",
            f"{before:.1%}",
            f"{middle([p.max_deviation['potential'] for p in found]):.2%}",
            f"{sum(p.within_tolerance for p in found)} of {seeds}",
            max(p.noncontiguous for p in found),
            f"{moved:.2f} %",
            Check("moved %", moved, 5.0),
        )


def measures(chosen: Chosen, seeds: int) -> None:
    """Two measures at ±5 %, three at ±10 %; the third is an invented count of accounts."""
    head("instance", "measures", "s", "max deviation of each seed", "inside", "in pieces", "goal")
    for name, k in chosen:
        units = load(name)
        for names, tolerance in ((("potential", "workload"), 0.05), (THREE, 0.10)):
            found = [
                propose(
                    units,
                    territories=k,
                    measures=dict.fromkeys(names, 1.0),
                    tolerance=tolerance,
                    seed=s,
                )
                for s in range(1, seeds + 1)
            ]
            inside = sum(p.within_tolerance for p in found)
            line(
                f"{name} {units.n:,}:{k}",
                f"{len(names)} ±{tolerance:.0%}",
                f"{middle([p.seconds for p in found]):.2f}",
                ", ".join(f"{max(p.max_deviation.values()):.1%}" for p in found),
                f"{inside} of {seeds}",
                max(p.noncontiguous for p in found),
                Check("inside", inside / seeds, 1.0, at_least=True),
            )


THREE = ("potential", "workload", "accounts")


def gestures(chosen: Chosen, seeds: int) -> None:
    """Hints, and the figures after a move, from a plan at hand."""
    head("instance", "hints found", "hints p50", "hints CPU p50", "goal")
    for name, k in chosen:
        units = load(name)
        plan = propose(units, territories=k, measures=MEASURES, restarts=1, time_limit=0.01).plan
        wall, cpu, found = timed(lambda plan=plan: hints(plan, MEASURES, TOLERANCE), 21)
        swaps = sum(len(hint.steps) == 2 for hint in found)
        took = 1e3 * middle(wall[1:])
        line(
            f"{name} {units.n:,}:{k}",
            f"{len(found) - swaps} moves, {swaps} swaps",
            f"{took:.1f} ms",
            f"{1e3 * middle(cpu[1:]):.1f} ms",
            Check("ms", took, 20.0 if units.n > 5000 else 5.0),
        )


def memory(chosen: Chosen, seeds: int) -> None:
    """Largest resident memory of a process that loads a region and runs on it (Linux)."""
    head("instance", "before the run MB", "most MB", "the run's own MB", "goal")
    for name, k in chosen:
        code = (
            f"import sys; from pathlib import Path; sys.path[:0] = {sys.path[:2]!r}\n"
            "from instances import load\nfrom territory.optimize import propose\n"
            "import territory.optimize.execute\n"
            # ru_maxrss would begin with the peak of the process that started this one
            "status = lambda: Path('/proc/self/status').read_text()\n"
            "peak = lambda: int(status().split('VmHWM:')[1].split()[0]) // 1024\n"
            f"units = load({name!r}); units.xy; units.area_km2\n"
            f"before = peak()\npropose(units, territories={k}, measures={MEASURES!r})\n"
            "print(before, peak())\n"
        )
        here = Path(__file__).parent
        out = subprocess.run(
            [sys.executable, "-c", code], cwd=here, check=True, capture_output=True, text=True
        )
        before, most = map(int, out.stdout.split())
        line(f"{name}:{k}", before, most, most - before, Check("MB", most, 400.0))


def timed(call: Callable[[], list], count: int) -> tuple[list[float], list[float], list]:
    """Wall and CPU seconds of each call, and what the last one returned."""
    wall, cpu, found = [], [], []
    for _ in range(count):
        began, used = time.perf_counter(), time.process_time()
        found = call()
        wall.append(time.perf_counter() - began)
        cpu.append(time.process_time() - used)
    return wall, cpu, found


def middle(values: list[float]) -> float:
    """The median."""
    return float(statistics.median(values))


STUDIES: dict[str, Callable[[Chosen, int], None]] = {
    "homes": homes,
    "replan": replan,
    "measures": measures,
    "bounds": bounds,
    "gestures": gestures,
    "memory": memory,
}
