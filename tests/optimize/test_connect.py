"""May a unit leave its territory? Against a plain flood."""

from __future__ import annotations

import numpy as np
import pytest

from territory.optimize.connect import flood_memory, may_leave
from tests.optimize.instances import board, cells, connected_without, instance


@pytest.mark.parametrize("seed", range(6))
def test_may_leave_agrees_with_a_flood(seed: int) -> None:
    """On contiguous random territories the quick test and the full flood never differ."""
    from territory.optimize.start import rough, settled

    part = instance(cells(60, seed), 3)
    label = settled(part, rough(part, "balanced", seed, seed))
    memory = flood_memory(part.n)
    for i in range(part.n):
        assert may_leave(part.net, label, memory, i) == connected_without(part, label, i)


def test_a_ring_is_seen_through_its_far_side() -> None:
    """Neighbours that only meet the long way round count as connected."""
    part = instance(board(5, 5), 2)
    ring = np.zeros(25, np.int64)
    ring[[6, 7, 8, 11, 12, 13, 16, 17, 18]] = 1
    memory = flood_memory(25)
    assert may_leave(part.net, ring, memory, 2)
    assert may_leave(part.net, ring, memory, 12)
    ring[22] = 1  # the ring is open now
    assert not may_leave(part.net, ring, memory, 2)


def test_the_last_unit_stays() -> None:
    """A territory of one unit can't lose it."""
    part = instance(board(2, 2), 2)
    label = np.array([0, 1, 1, 1])
    assert not may_leave(part.net, label, flood_memory(4), 0)
