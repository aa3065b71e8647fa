"""The engine beside k-means and METIS on real ZIP areas, every figure by the same functions.

    python benchmarks/engine.py [--instances sample:24,CO:10,NY:25] [--tolerances 0.05,0.01]
                                [--seeds 5] [--hints]

An instance is sample, CO, NY, TX, NE (fourteen states) or US, and a number of territories. The
areas are built at first use (extra `sample`, npm) and kept in the user's cache folder.

Prints the median of the seeds: seconds (compiled code loaded beforehand), largest deviation, runs
inside the tolerance, territories in pieces, weighted root-mean-square radius, share of neighbour
pairs that are cut, and mean Polsby–Popper. Ratios are against METIS where it is installed
(`pip install pymetis`), else against k-means. `--hints` times the list of moves and swaps instead.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from instances import load
from numpy.typing import NDArray

from territory.metrics import Case, report
from territory.model import Plan, Units, noncontiguous
from territory.optimize import propose
from territory.optimize.hints import hints
from territory.optimize.warmup import ensure_warm

COLUMNS = ("instance", "method", "s", "max deviation", "inside", "in pieces",
           "radius km (ratio)", "cut edges (ratio)", "Polsby–Popper (ratio)")  # fmt: skip

Method = Callable[[Units, str, int, float, int], NDArray[np.integer]]


@dataclass(frozen=True)
class Row:
    """One run, or the medians of several."""

    seconds: float
    deviation: float
    inside: float
    pieces: float
    radius: float
    cut: float
    polsby_popper: float


def ours(units: Units, measure: str, k: int, tolerance: float, seed: int) -> NDArray[np.integer]:
    """This project's engine."""
    result = propose(units, territories=k, measures={measure: 1.0}, tolerance=tolerance, seed=seed)
    return result.plan.alignment


def kmeans(units: Units, measure: str, k: int, tolerance: float, seed: int) -> NDArray[np.integer]:
    """scikit-learn's k-means, weighted by the measure; it has no notion of tolerance."""
    from sklearn.cluster import KMeans

    model = KMeans(n_clusters=k, n_init=1, random_state=seed)
    labels: NDArray[np.integer] = model.fit(
        units.xy / 1e3, sample_weight=units.values(measure)
    ).labels_
    return labels


def metis(units: Units, measure: str, k: int, tolerance: float, seed: int) -> NDArray[np.integer]:
    """METIS k-way with its option for contiguous parts; fewest cut edges, no distances."""
    import pymetis

    weight = units.values(measure)
    options = pymetis.Options(ufactor=round(1000 * tolerance), seed=seed, contig=True)
    _, labels = pymetis.part_graph(
        k,
        adjacency=pymetis.CSRAdjacency(units.graph.indptr, units.graph.indices),
        vweights=np.rint(weight / weight.sum() * 1e7).astype(np.int64),
        recursive=False,
        options=options,
    )
    return np.asarray(labels)


def measured(
    method: Method, units: Units, measure: str, k: int, tolerance: float, seed: int
) -> Row:
    """Run a method once and measure its plan."""
    began = time.perf_counter()
    labels = method(units, measure, k, tolerance, seed)
    seconds = time.perf_counter() - began
    plan = Plan.blank(units, k).with_alignment(labels)
    figures = report(Case(plan, {measure: 1.0}, tolerance))
    deviation = figures["max_deviation"][measure]
    return Row(
        seconds,
        deviation,
        float(deviation <= tolerance + 1e-9),
        len(noncontiguous(units.graph, plan.alignment, plan.k)),
        figures["rms_radius_km"],
        figures["cut_edges"],
        figures["polsby_popper_mean"],
    )


def medians(rows: list[Row]) -> Row:
    """Column by column."""
    return Row(*(statistics.median(column) for column in zip(*map(vars_of, rows), strict=True)))


def vars_of(row: Row) -> tuple[float, ...]:
    """The figures in order."""
    return tuple(vars(row).values())


def methods() -> dict[str, Method]:
    """What can run here; METIS only where it is installed."""
    found: dict[str, Method] = {"this engine": ours, "k-means": kmeans}
    try:
        import pymetis  # noqa: F401
    except ImportError:
        print("METIS is left out: pip install pymetis", file=sys.stderr)
    else:
        found["METIS"] = metis
    return found


def compare(name: str, k: int, tolerance: float, seeds: int, measure: str) -> None:
    """One instance, a line a method."""
    units = load(name)
    propose(units, territories=k, measures={measure: 1.0}, restarts=1, time_limit=0.01)
    rows = {
        method: [measured(run, units, measure, k, tolerance, s) for s in range(1, seeds + 1)]
        for method, run in methods().items()
    }
    table = {method: medians(found) for method, found in rows.items()}
    base = table.get("METIS", table["k-means"])
    for method, row in table.items():
        inside = sum(r.inside for r in rows[method])
        print(
            f"| {name} {units.n:,}:{k} ±{tolerance:.0%} | {method} | {row.seconds:.2f} "
            f"| {row.deviation:.2%} | {inside:.0f} of {seeds} | {row.pieces:.0f} "
            f"| {row.radius:.1f} ({row.radius / base.radius:.2f}) "
            f"| {row.cut:.3f} ({row.cut / base.cut:.2f}) "
            f"| {row.polsby_popper:.3f} ({row.polsby_popper / base.polsby_popper:.2f}) |",
            flush=True,
        )


def time_hints(name: str, k: int, measure: str) -> None:
    """The median of 20 calls on a k-means plan made whole by the engine's first chunks."""
    units = load(name)
    start = propose(units, territories=k, measures={measure: 1.0}, restarts=1, time_limit=0.01)
    took = []
    for _ in range(21):
        began = time.perf_counter()
        found = hints(start.plan, {measure: 1.0}, 0.05)
        took.append(time.perf_counter() - began)
    swaps = sum(len(hint.steps) == 2 for hint in found)
    print(
        f"| {name} {units.n:,}:{k} | {len(found) - swaps} moves, {swaps} swaps "
        f"| {1e3 * statistics.median(took):.1f} ms |",
        flush=True,
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--instances", default="sample:24")
    parser.add_argument("--tolerances", default="0.05")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--measure", default="potential")
    parser.add_argument("--hints", action="store_true")
    args = parser.parse_args()
    ensure_warm()
    chosen = [(name, int(k)) for name, k in (i.split(":") for i in args.instances.split(","))]
    if args.hints:
        print("| instance | found | time |\n|---|---|---|")
        for name, k in chosen:
            time_hints(name, k, args.measure)
        return
    print(f"| {' | '.join(COLUMNS)} |\n|{'---|' * len(COLUMNS)}")
    for name, k in chosen:
        for tolerance in map(float, args.tolerances.split(",")):
            compare(name, k, tolerance, args.seeds, args.measure)


if __name__ == "__main__":
    main()
