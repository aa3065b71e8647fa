"""The engine and what it is measured against; each turns a region into labels (n,)."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray

from territory.model import Units
from territory.optimize import propose

Labels = NDArray[np.integer]
Method = Callable[[Units, str, int, float, int], Labels]
"""Units, measure, territories, tolerance, seed → labels. RuntimeError where it finds no plan."""

SMALL = 10_000
"""Units up to which GerryChain is asked for a plan; beyond, it takes many minutes."""

ATTEMPTS = 5_000
"""Trees that GerryChain may draw for one cut before it counts as having found nothing."""


def ours(units: Units, measure: str, k: int, tolerance: float, seed: int) -> Labels:
    """This project's engine as the app calls it."""
    result = propose(units, territories=k, measures={measure: 1.0}, tolerance=tolerance, seed=seed)
    return result.plan.alignment


def kmeans(units: Units, measure: str, k: int, tolerance: float, seed: int) -> Labels:
    """scikit-learn's k-means, weighted by the measure; it has no notion of tolerance."""
    from sklearn.cluster import KMeans

    model = KMeans(n_clusters=k, n_init=1, random_state=seed)
    labels: Labels = model.fit(units.xy / 1e3, sample_weight=units.values(measure)).labels_
    return labels


def metis(units: Units, measure: str, k: int, tolerance: float, seed: int) -> Labels:
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


def gerrychain(units: Units, measure: str, k: int, tolerance: float, seed: int) -> Labels:
    """GerryChain's recursive spanning-tree partition; RuntimeError where it gets stuck."""
    import networkx
    from gerrychain import Graph
    from gerrychain.partition import recursive_tree_part
    from gerrychain.tree import bipartition_tree

    weight = units.values(measure)
    plain = networkx.Graph()
    plain.add_nodes_from((i, {"weight": float(w)}) for i, w in enumerate(weight))
    plain.add_edges_from(units.graph.pairs().tolist())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = recursive_tree_part(
            Graph.from_networkx(plain),
            range(k),
            float(weight.sum() / k),
            "weight",
            tolerance,
            bipartition_tree_fn=partial(bipartition_tree, max_attempts=ATTEMPTS),
            rng=seed,
        )
    return np.array([found[i] for i in range(units.n)])


def available(units: int, tolerance: float) -> dict[str, Method]:
    """What can run here on a region of so many units; a package that is missing is named."""
    found: dict[str, Method] = {"this engine": ours, "METIS": metis, "k-means": kmeans}
    if units <= SMALL and tolerance >= 0.05:
        found["GerryChain tree"] = gerrychain
    for method, package in (("METIS", "pymetis"), ("GerryChain tree", "gerrychain")):
        try:
            __import__(package)
        except ImportError:
            if found.pop(method, None):
                print(f"{method} is left out: pip install {package}", file=sys.stderr)
    return found
