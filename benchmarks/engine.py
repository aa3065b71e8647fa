"""The engine on the sample beside k-means and METIS, every figure by the same functions.

    python benchmarks/engine.py [--territories 24] [--tolerance 0.05] [--seeds 5]

Prints the median of the seeds: seconds (compiled code loaded beforehand), largest deviation,
territories in pieces, weighted root-mean-square radius, share of neighbour pairs that are cut, and
mean Polsby–Popper. Ratios are against METIS where it is installed (`pip install pymetis`), else
against k-means.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from territory.intake import load_sample
from territory.metrics import Case, report
from territory.model import Plan, Units, noncontiguous
from territory.optimize import propose
from territory.optimize.warmup import ensure_warm

Method = Callable[[Units, str, int, float, int], NDArray[np.integer]]


@dataclass(frozen=True)
class Row:
    """One run, or the medians of several."""

    seconds: float
    deviation: float
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


def measured(method: Method, units: Units, args: argparse.Namespace, seed: int) -> Row:
    """Run a method once and measure its plan."""
    began = time.perf_counter()
    labels = method(units, args.measure, args.territories, args.tolerance, seed)
    seconds = time.perf_counter() - began
    plan = Plan.blank(units, args.territories).with_alignment(labels)
    figures = report(Case(plan, {args.measure: 1.0}, args.tolerance))
    return Row(
        seconds,
        figures["max_deviation"][args.measure],
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


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--territories", type=int, default=24)
    parser.add_argument("--tolerance", type=float, default=0.05)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--measure", default="potential")
    args = parser.parse_args()
    units = load_sample()[0].units
    ensure_warm()
    propose(units, territories=args.territories, restarts=1, time_limit=0.01)
    print(f"{units.n:,} units, {args.territories} territories by {args.measure}, "
          f"±{args.tolerance:.0%}, median of {args.seeds} seeds\n")  # fmt: skip
    table = {
        name: medians([measured(method, units, args, s) for s in range(1, args.seeds + 1)])
        for name, method in methods().items()
    }
    base = table.get("METIS", table["k-means"])
    print("| method | s | max deviation | in pieces | radius km (ratio) | cut edges (ratio) | "
          "Polsby–Popper (ratio) |\n|---|---|---|---|---|---|---|")  # fmt: skip
    for name, row in table.items():
        print(
            f"| {name} | {row.seconds:.2f} | {row.deviation:.1%} | {row.pieces:.0f} "
            f"| {row.radius:.1f} ({row.radius / base.radius:.2f}) "
            f"| {row.cut:.3f} ({row.cut / base.cut:.2f}) "
            f"| {row.polsby_popper:.3f} ({row.polsby_popper / base.polsby_popper:.2f}) |"
        )


if __name__ == "__main__":
    main()
