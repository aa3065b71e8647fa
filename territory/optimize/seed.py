"""First centres: weighted recursive bisection, or scikit-learn's k-means."""

from __future__ import annotations

from typing import Literal

import numpy as np

from territory.optimize.arrays import Floats, Ints

Start = Literal["balanced", "kmeans"]


def bisect(xy: Floats, weight: Floats, target: Floats, tilt: float = 0.0) -> Ints:
    """Cut the map in two along its longer side, by weight, and again until every part is one.

    Parameters
    ----------
    xy
        (n, 2) points in km.
    weight
        (n,) not negative, not all zero.
    target
        (k,) weight wanted in each territory, in proportion. k ≤ n.
    tilt
        Turns every cut by this angle (radians), for a different start.

    Returns
    -------
    (n,) territory of each unit; none is empty. O(n log n log k). Not contiguous in general.
    """
    label = np.zeros(len(xy), np.int64)
    turn = np.array([[np.cos(tilt), -np.sin(tilt)], [np.sin(tilt), np.cos(tilt)]])
    todo = [(np.arange(len(xy)), np.arange(len(target)))]
    while todo:
        units, parts = todo.pop()
        if len(parts) == 1:
            label[units] = parts[0]
            continue
        left = parts[: len(parts) // 2]
        share = target[left].sum() / target[parts].sum()
        along = xy[units] @ (turn @ _long_axis(xy[units], weight[units]))
        order = units[np.argsort(along, kind="stable")]
        running = np.cumsum(weight[order])
        cut = int(np.searchsorted(running, running[-1] * share))
        cut = min(max(cut, len(left)), len(units) - (len(parts) - len(left)))
        todo += [(order[:cut], left), (order[cut:], parts[len(left) :])]
    return label


def _long_axis(xy: Floats, weight: Floats) -> Floats:
    """Unit vector of the direction in which the points spread most."""
    if len(xy) < 3 or weight.sum() <= 0:
        weight = np.ones(len(xy))
    centred = xy - np.average(xy, axis=0, weights=weight)
    axis: Floats = np.linalg.eigh((centred * weight[:, None]).T @ centred)[1][:, -1]
    return axis


def kmeans(xy: Floats, weight: Floats, k: int, seed: int) -> Ints:
    """scikit-learn's weighted k-means, as it comes: compact, but it knows nothing of balance."""
    from sklearn.cluster import KMeans

    model = KMeans(n_clusters=k, n_init=1, random_state=seed % 2**32)
    return model.fit(xy, sample_weight=weight).labels_.astype(np.int64)


def centres_of(xy: Floats, mass: Floats, label: Ints, k: int) -> Floats:
    """(k, 2) centre of mass of each territory; NaN for an empty one."""
    total = np.bincount(label, mass, k)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.column_stack([np.bincount(label, mass * xy[:, d], k) / total for d in (0, 1)])


def fill_empty(xy: Floats, weight: Floats, label: Ints, target: Floats, lock: Ints) -> None:
    """Give every empty territory half of the one that is fullest for its target, in place.

    Locked units stay. With at least as many units as territories a donor always exists, unless
    locks hold too many units together; then the territory stays empty.
    """
    k = len(target)
    for t in np.flatnonzero(np.bincount(label, minlength=k) == 0):
        fullness = np.bincount(label, weight, k) / target + 1e-9 * np.bincount(label, minlength=k)
        free = np.bincount(label[lock < 0], minlength=k)
        fullness[(free == 0) | (np.bincount(label, minlength=k) < 2)] = -1.0
        donor = int(np.argmax(fullness))
        if fullness[donor] < 0:
            return
        units = np.flatnonzero((label == donor) & (lock < 0))
        if len(units) == 1:
            label[units] = t
            continue
        side = bisect(xy[units], weight[units], np.ones(2))
        # Whoever holds locked units keeps the half that is nearer to them: the first one will do.
        label[units[side == 1]] = t
