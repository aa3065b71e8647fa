"""What is learned from sales: better where places differ, honest where they do not."""

from __future__ import annotations

import numpy as np
import pytest

from territory import metrics as m
from territory.metrics.features import blocks_of, features_of
from territory.metrics.learned import Learned, learn, learned_potential, task_of
from territory.model import Market, Plan, Project, Settings, Units
from tests.conftest import chessboard


def region(rng: np.random.Generator, *, matters: bool) -> Units:
    """400 places; where ``matters``, those with much schooling buy three times as much."""
    people = rng.lognormal(8, 1, 400)
    schooling = rng.random(400)
    pull = np.where(schooling > 0.6, 3.0, 1.0) if matters else 1.0
    sold = 2 * people * pull * rng.lognormal(0, 0.3, 400)
    return chessboard(20, 20, population=people, schooling=schooling, noise=rng.random(400),
                      sales=sold, accounts=sold / 10)  # fmt: skip


def case(units: Units, **market: object) -> m.Case:
    """A project with a market of its own settings."""
    settings = Settings(market=Market(**market))  # type: ignore[arg-type]
    return m.Case(Plan.blank(units, 2), project=Project("p", units, settings=settings))


@pytest.fixture(scope="module")
def schooled() -> tuple[m.Case, Learned]:
    """What was learned where schooling matters."""
    here = case(region(np.random.default_rng(5), matters=True), total=1e6)
    return here, learn(task_of(here))


def test_it_beats_the_index_where_something_else_matters(
    schooled: tuple[m.Case, Learned],
) -> None:
    """Out of sample, by more than doubt; the driver is named; what noise says is nothing."""
    here, found = schooled
    assert found.better and found.gain > 3 * found.doubt
    assert found.errors.index.tolist() == ["the index", "learned"]
    assert found.errors.loc["learned", "missed"] < 0.75 * found.errors.loc["the index", "missed"]
    assert found.drivers.index[0] == "schooling" and found.drivers["noise"] < 0.02
    estimate = learned_potential(here, found)
    assert estimate.kind == "learned" and estimate.values.sum() == pytest.approx(1e6)


def test_places_say_why(schooled: tuple[m.Case, Learned]) -> None:
    """A place with much schooling is high because of it."""
    here, found = schooled
    schooling = here.plan.units.values("schooling")
    top = int(np.argmax(schooling))
    assert found.why(top).startswith("schooling high (+")
    assert found.effects[top, found.features.labels.index("schooling")] > 1


def test_the_same_data_gives_the_same_estimate(schooled: tuple[m.Case, Learned]) -> None:
    """To the last bit."""
    here, found = schooled
    again = learn(task_of(here))
    assert (again.values == found.values).all() and again.gain == found.gain
    assert task_of(here).key == task_of(case(here.plan.units, total=1e6)).key


def test_it_is_not_used_where_the_index_says_it_all() -> None:
    """Sales follow people and chance: nothing to gain."""
    found = learn(task_of(case(region(np.random.default_rng(6), matters=False))))
    assert not found.better


def test_nothing_that_follows_from_sales_is_learned_from() -> None:
    """Accounts are no feature; constants say nothing."""
    units = region(np.random.default_rng(1), matters=True)
    labels = features_of(units).labels
    assert "schooling" in labels and not {"accounts", "sales"} & set(labels)
    assert "area" in labels and "alike" not in features_of(chessboard(1, 4, alike=[1.0] * 4)).labels


def test_too_little_to_learn_from_is_said() -> None:
    """No sales; a few; many in one corner."""
    few = np.zeros(400)
    assert task_of(case(chessboard(20, 20, population=1.0))).reason.startswith("There are no sales")
    few[:30] = 1
    said = task_of(case(chessboard(20, 20, sales=few))).reason
    assert said.startswith("Too few places have sales to learn from: 30 in ")
    assert task_of(case(chessboard(20, 20, sales=1.0, x=np.arange(400.0)))).reason == ""


def test_blocks_lie_together() -> None:
    """32 blocks of about as many units; counties where there are enough."""
    units = chessboard(20, 20)
    blocks, word = blocks_of(units)
    assert word == "areas" and np.bincount(blocks).tolist() == pytest.approx([12.5] * 32, abs=0.5)
    spread = [np.ptp(units.xy[blocks == b], axis=0).max() for b in range(32)]
    assert max(spread) < 0.4 * np.ptp(units.xy, axis=0).max()
    named = chessboard(20, 20, county=[f"c{i // 20}" for i in range(400)])
    assert blocks_of(named)[1] == "counties" and len(np.unique(blocks_of(named)[0])) == 20
