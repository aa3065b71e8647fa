"""The engine beside METIS, GerryChain and k-means on real ZIP areas, with its goals.

    python benchmarks/engine.py [--only CO:10,NY:25] [--tolerances 0.05,0.01] [--seeds 5]
                                [--studies homes,replan,measures,bounds,gestures,memory]

An instance is CO, NY, TX, NE (fourteen states), US (the lower 48) or sample, and a number of
territories; without ``--only`` all that have goals. The areas are built at first use (extra
`sample`, npm) and kept in the user's cache folder.

Prints the median of the seeds: wall and CPU seconds (compiled code loaded beforehand), largest
deviation, runs inside the tolerance, territories in pieces, weighted root-mean-square radius,
share of neighbour pairs that are cut, mean Polsby–Popper; ratios are against METIS, or k-means
where METIS is not installed. METIS often misses the tolerance: where some of its runs keep it,
only those are compared with ("METIS, inside"). The last column names each goal and whether it is
met. GerryChain is left out beyond 10,000 units.
``--studies`` measures what else has goals, see `studies`.
"""

from __future__ import annotations

import argparse
import platform
import statistics
import time
from dataclasses import dataclass, fields

import goals
import studies
from instances import load
from methods import Method, available

from territory.metrics import Case, report
from territory.model import Plan, Units, noncontiguous
from territory.optimize import propose
from territory.optimize.warmup import ensure_warm

COLUMNS = ("instance", "method", "s", "CPU s", "max deviation", "inside", "in pieces",
           "radius km (ratio)", "cut edges (ratio)", "Polsby–Popper (ratio)", "goals")  # fmt: skip
WIDE = "CO:10,NY:25,NY:60,TX:25,TX:60,NE:150,US:500,US:1000"
MEASURE = "potential"


@dataclass(frozen=True)
class Row:
    """One run, or the medians of several."""

    seconds: float
    cpu: float
    deviation: float
    inside: float
    pieces: float
    radius: float
    cut: float
    polsby_popper: float


def measured(method: Method, units: Units, k: int, tolerance: float, seed: int) -> Row | None:
    """Run a method once and measure its plan; None where it found none."""
    began, cpu = time.perf_counter(), time.process_time()
    try:
        labels = method(units, MEASURE, k, tolerance, seed)
    except RuntimeError:
        return None
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    plan = Plan.blank(units, k).with_alignment(labels)
    figures = report(Case(plan, {MEASURE: 1.0}, tolerance))
    deviation = figures["max_deviation"][MEASURE]
    return Row(
        seconds,
        cpu,
        deviation,
        float(deviation <= tolerance + 1e-9),
        len(noncontiguous(units.graph, plan.alignment, plan.k)),
        figures["rms_radius_km"],
        figures["cut_edges"],
        figures["polsby_popper_mean"],
    )


def medians(rows: list[Row]) -> Row:
    """Column by column."""
    return Row(*(statistics.median(getattr(r, f.name) for r in rows) for f in fields(Row)))


def line(title: str, method: str, rows: list[Row], seeds: int, base: Row, said: str) -> str:
    """A line of the table."""
    if not rows:
        return f"| {title} | {method} | | | found no plan | 0 of {seeds} |" + " |" * 5
    row, inside = medians(rows), sum(r.inside for r in rows)
    return (
        f"| {title} | {method} | {row.seconds:.2f} | {row.cpu:.2f} "
        f"| {row.deviation:.2%} | {inside:.0f} of {seeds} | {row.pieces:.0f} "
        f"| {row.radius:.1f} ({row.radius / base.radius:.2f}) "
        f"| {row.cut:.3f} ({row.cut / base.cut:.2f}) "
        f"| {row.polsby_popper:.3f} ({row.polsby_popper / base.polsby_popper:.2f}) | {said} |"
    )


def compare(name: str, k: int, tolerance: float, seeds: int) -> list[goals.Check]:
    """One instance: a line a method, printed as soon as it is known; returns the goals."""
    units = load(name)
    propose(units, territories=k, measures={MEASURE: 1.0}, restarts=1, time_limit=0.01)
    rows: dict[str, list[Row]] = {}
    for method, run in available(units.n, tolerance).items():
        many = seeds if method != "GerryChain tree" or units.n < 5000 else 1
        found = (measured(run, units, k, tolerance, s) for s in range(1, many + 1))
        rows[method] = [row for row in found if row is not None]
    title = f"{name} {units.n:,}:{k} ±{tolerance:.0%}"
    inside = [r for r in rows.get("METIS", []) if r.inside]
    base = medians(inside or rows.get("METIS") or rows["k-means"])
    said = verdict(name, k, tolerance, rows, base)
    for method, found in rows.items():
        words = " · ".join(map(str, said)) if method == "this engine" else ""
        print(line(title, method, found, seeds, base, words), flush=True)
    if inside and len(inside) < len(rows["METIS"]):
        print(line(title, "METIS, inside", inside, seeds, base, ""), flush=True)
    return said


def verdict(
    name: str, k: int, tolerance: float, rows: dict[str, list[Row]], base: Row
) -> list[goals.Check]:
    """The goals of an instance."""
    found = rows["this engine"]
    mine, tree = medians(found), rows.get("GerryChain tree")
    beside = medians(tree) if tree else None
    return goals.checks(
        name,
        k,
        tolerance,
        seconds=mine.seconds,
        inside=sum(r.inside for r in found) / len(found),
        pieces=max(r.pieces for r in found),
        metis=(mine.radius / base.radius, mine.polsby_popper / base.polsby_popper)
        if "METIS" in rows
        else None,
        tree=(mine.radius / beside.radius, beside.cpu / mine.cpu) if beside else None,
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", default=WIDE, help="instances, such as CO:10,NY:60")
    parser.add_argument("--tolerances", default="0.05,0.01")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--studies", default="", help=", ".join(studies.STUDIES))
    args = parser.parse_args()
    ensure_warm()
    chosen = [(name, int(k)) for name, k in (i.split(":") for i in args.only.split(","))]
    print(f"{platform.processor() or platform.machine()}, Python {platform.python_version()}\n")
    for study in filter(None, args.studies.split(",")):
        studies.STUDIES[study](chosen, args.seeds)
    if args.studies:
        return
    print(f"| {' | '.join(COLUMNS)} |\n|{'---|' * len(COLUMNS)}", flush=True)
    said = []
    for name, k in chosen:
        for tolerance in map(float, args.tolerances.split(",")):
            if tolerance >= 0.05 or k != 1000:
                said += compare(name, k, tolerance, args.seeds)
    print(f"\n{sum(c.met for c in said)} of {len(said)} goals met")


if __name__ == "__main__":
    main()
