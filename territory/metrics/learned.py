"""Potential learned from own sales, and whether it may be trusted more than the index.

The model learns how much is sold for each point of the index, given what a place is like: gradient
boosted trees on the rate sales / index, weighted by the index, under Poisson loss. Where a place
says nothing the rate is the same everywhere, which is the index itself.

Both are judged on places they have not seen: whole counties (or blocks of space) are left out in
turn, since neighbours resemble each other and a random split would flatter the model.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from territory.metrics.case import Case
from territory.metrics.features import Features, blocks_of, features_of
from territory.metrics.potential import Potential, potential_of, unit_sales

__all__ = ["Learned", "Task", "learn", "learned_potential", "task_of"]

FOLDS = 5
SEED = 1
ENOUGH_SOLD, ENOUGH_BLOCKS = 100, 10
"""Units with sales, and blocks they must lie in: below that, errors say nothing."""
REPEATS = 2
NOTABLE = 0.03
"""Effects on a unit below this share are not worth a word."""

Step = Callable[[int, int, str], None]


@dataclass(frozen=True, eq=False)
class Task:
    """What there is to learn from; ``reason`` says why nothing can be learned, else is empty.

    ``sold`` (n,) own sales of a year; ``base`` (n,) the estimate to beat and ``base_name`` what it
    is called; ``blocks`` (n,) the block of each unit, a ``block_word`` each.
    """

    reason: str
    sold: NDArray[np.float64]
    base: NDArray[np.float64]
    base_name: str
    features: Features
    blocks: NDArray[np.int64]
    block_word: str

    @property
    def key(self) -> str:
        """SHA-256 of the content, as hex: the same data is learned from once."""
        digest = hashlib.sha256("\0".join((self.base_name, *self.features.labels)).encode())
        for array in (self.sold, self.base, self.features.table, self.blocks):
            digest.update(np.ascontiguousarray(array).tobytes())
        return digest.hexdigest()


@dataclass(frozen=True, eq=False)
class Learned:
    """What came of it.

    ``values`` (n,) the estimate, adding up to what ``base`` does. ``errors`` has a row for the
    base and the model: ``missed``, the sum of all misses over the sum of all sales, and
    ``explained``, the share of the differences between units that is explained; both out of
    sample. ``gain`` is by how much the model misses less, ``doubt`` its standard error over blocks.
    ``drivers`` is how much more the model misses when one feature is shuffled, largest first;
    ``effects`` (n, features) what each feature does to each unit, as a share.
    """

    values: NDArray[np.float64]
    base_name: str
    errors: pd.DataFrame
    gain: float
    doubt: float
    drivers: pd.Series
    effects: NDArray[np.float32]
    features: Features = field(repr=False)
    blocks: int = 0
    block_word: str = "counties"

    @property
    def better(self) -> bool:
        """Does it miss less than the base, by more than chance between blocks would explain?"""
        return self.gain > max(self.doubt, 0.0)

    def why(self, unit: int) -> str:
        """The two features that move a unit's estimate most: "more graduates (+18 %)"."""
        effects, table = self.effects[unit], self.features.table
        order = [j for j in np.argsort(-np.abs(effects))[:2] if abs(effects[j]) >= NOTABLE]
        words = []
        for j in order:
            value, middle = table[unit, j], float(np.nanmedian(table[:, j]))
            how = "high" if value >= middle else "low" if value < middle else "unknown"
            sign = "+" if effects[j] > 0 else "−"
            share = abs(100 * float(effects[j]))
            words.append(f"{self.features.labels[j]} {how} ({sign}{share:.0f} %)")
        return ", ".join(words) or "much like an average place"


def task_of(case: Case) -> Task:
    """What can be learned from this project, or why nothing can."""
    units = case.plan.units
    sold = unit_sales(case)
    estimate = potential_of(case, learned=False)
    features = features_of(units)
    blocks, word = blocks_of(units)
    base = np.ones(units.n) if estimate is None else estimate.values
    name = {"own": "the potential in your data", "index": "the index"}.get(
        estimate.kind if estimate else "", "the same for every unit"
    )
    known = np.zeros(units.n) if sold is None else np.clip(sold, 0, None)
    return Task(_why_not(known, blocks, word, features), known, base, name, features, blocks, word)


def _why_not(
    sold: NDArray[np.float64], blocks: NDArray[np.int64], word: str, features: Features
) -> str:
    """Why nothing can be learned, in words; empty where it can."""
    count, places = int((sold > 0).sum()), len(np.unique(blocks[sold > 0]))
    if not count:
        return "There are no sales to learn from."
    if count < ENOUGH_SOLD or places < ENOUGH_BLOCKS:
        return (
            f"Too few places have sales to learn from: {count:,} in {places} {word}; at least "
            f"{ENOUGH_SOLD} in {ENOUGH_BLOCKS} are needed."
        )
    if not len(features.labels):
        return "Nothing says what the places are like: load columns such as income or shops."
    return ""


def learn(task: Task, tell: Step = lambda step, steps, words: None) -> Learned:
    """Fit, and judge against the base on blocks that were left out. Same task, same answer.

    Parameters
    ----------
    task
        With no ``reason`` against it.
    tell
        Told which step of how many is under way, in words.
    """
    import sklearn.ensemble  # noqa: F401  only libraries that are loaded can be limited
    from threadpoolctl import threadpool_limits

    # One thread: on so little data more of them mostly wait for each other.
    with threadpool_limits(1):
        return _learn(task, tell)


def _learn(task: Task, tell: Step) -> Learned:
    steps = FOLDS + 2
    folds = _folds(task)
    out = np.zeros(len(task.sold))
    plain = np.zeros(len(task.sold))
    shuffled = np.zeros(len(task.features.labels))
    for fold in range(FOLDS):
        tell(fold, steps, "Learning from the other places")
        inside, outside = folds != fold, folds == fold
        model = _fit(task, inside)
        out[outside] = _predict(model, task, outside)
        plain[outside] = task.base[outside] * _ratio(task.sold[inside], task.base[inside])
        shuffled += _missed_when_shuffled(model, task, outside, fold)
    tell(FOLDS, steps, "Learning from all places")
    model = _fit(task, np.ones(len(task.sold), bool))
    values = _predict(model, task, np.ones(len(task.sold), bool))
    values *= task.base.sum() / max(values.sum(), 1e-300)
    tell(FOLDS + 1, steps, "Finding out what drives each place")
    total = task.sold.sum()
    base_miss, model_miss = (np.abs(task.sold - guess) for guess in (plain, out))
    per_block = np.bincount(task.blocks, base_miss - model_miss) / total
    drivers = pd.Series(shuffled / total - model_miss.sum() / total, index=task.features.labels)
    return Learned(
        values,
        task.base_name,
        pd.DataFrame(
            {
                "missed": [base_miss.sum() / total, model_miss.sum() / total],
                "explained": [_explained(task.sold, plain), _explained(task.sold, out)],
            },
            index=pd.Index([task.base_name, "learned"], name="estimate"),
        ),
        float(per_block.sum()),
        float(np.sqrt(len(per_block)) * per_block.std(ddof=1)),
        drivers.sort_values(ascending=False, kind="stable"),
        _effects(model, task),
        task.features,
        len(np.unique(task.blocks)),
        task.block_word,
    )


def _folds(task: Task) -> NDArray[np.int64]:
    """(n,) 0 … 4: whole blocks, the largest first to the fold that has fewest units."""
    sizes = np.bincount(task.blocks)
    load, fold_of = np.zeros(FOLDS), np.zeros(len(sizes), np.int64)
    for block in np.argsort(-sizes, kind="stable"):
        fold_of[block] = int(np.argmin(load))
        load[fold_of[block]] += sizes[block]
    return fold_of[task.blocks]


def _ratio(sold: NDArray[np.float64], base: NDArray[np.float64]) -> float:
    """Sales for each point of the base."""
    return float(sold.sum() / base.sum()) if base.sum() > 0 else 0.0


def _fit(task: Task, rows: NDArray[np.bool_]) -> Any:
    """Trees on the rate sales / base, relative to its mean, weighted by the base."""
    from sklearn.ensemble import HistGradientBoostingRegressor

    rows = rows & (task.base > 0)
    base, sold = task.base[rows], task.sold[rows]
    mean = max(_ratio(sold, base), 1e-300)
    model = HistGradientBoostingRegressor(
        loss="poisson",
        learning_rate=0.06,
        max_iter=100,
        max_leaf_nodes=8,
        min_samples_leaf=max(20, len(base) // 100),
        l2_regularization=1.0,
        early_stopping=False,
        random_state=SEED,
    )
    model.fit(task.features.table[rows], sold / base / mean, sample_weight=base / base.mean())
    model.mean_rate_ = mean
    return model


def _predict(model: Any, task: Task, rows: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Expected sales of some units."""
    rate = model.predict(task.features.table[rows]) * model.mean_rate_
    return np.asarray(rate * task.base[rows], dtype=np.float64)


def _missed_when_shuffled(
    model: Any, task: Task, rows: NDArray[np.bool_], fold: int
) -> NDArray[np.float64]:
    """(features,) sum of misses on held-out rows when one feature is shuffled among them."""
    rng = np.random.default_rng([SEED, fold])
    table, sold, base = task.features.table[rows], task.sold[rows], task.base[rows]
    orders = [rng.permutation(len(table)) for _ in range(REPEATS)]
    out = np.zeros(table.shape[1])
    for j in range(table.shape[1]):
        kept = table[:, j].copy()
        for order in orders:
            table[:, j] = kept[order]
            guess = model.predict(table) * model.mean_rate_ * base
            out[j] += np.abs(sold - guess).sum() / REPEATS
        table[:, j] = kept
    return out


def _explained(sold: NDArray[np.float64], guess: NDArray[np.float64]) -> float:
    """1 − sum of squared misses / sum of squared distances from the mean."""
    spread = ((sold - sold.mean()) ** 2).sum()
    return float(1 - ((sold - guess) ** 2).sum() / spread) if spread > 0 else float("nan")


def _effects(model: Any, task: Task) -> NDArray[np.float32]:
    """(n, features) rate as it is over the rate with one feature at its median, − 1."""
    table = task.features.table.copy()
    rate = model.predict(table)
    out = np.empty(table.shape, np.float32)
    for j in range(table.shape[1]):
        kept = table[:, j].copy()
        table[:, j] = np.nanmedian(kept)
        out[:, j] = rate / model.predict(table) - 1
        table[:, j] = kept
    return out


def learned_potential(case: Case, found: Learned) -> Potential:
    """The learned estimate as the potential of a case."""
    before = potential_of(case, learned=False)
    money = before is not None and before.money
    size = before.size if before is not None else "as many points as there are units"
    why = "A model learned from your own sales."
    index = before.index if before is not None else None
    return Potential(found.values, "learned", why, size, money, index)
