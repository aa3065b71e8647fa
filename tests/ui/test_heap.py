"""Modules are set aside once, not at every run, and garbage is still collected afterwards."""

from __future__ import annotations

import gc
import sys
import types
import weakref

import pytest

from territory.ui import heap


@pytest.fixture(autouse=True)
def thawed(monkeypatch):
    """No test leaves the heap frozen."""
    monkeypatch.setattr(heap, "_known", 0)
    yield
    gc.unfreeze()


class Knot:
    """Something that only the collector can free."""

    def __init__(self) -> None:
        self.me = self


def test_only_many_new_modules_are_worth_it(monkeypatch):
    """The first call freezes, the next does not, forty modules later it does again."""
    before = gc.get_freeze_count()
    assert heap.set_modules_aside()
    assert gc.get_freeze_count() > before + 1000
    assert not heap.set_modules_aside()
    for number in range(heap.MANY):
        name = f"made_up_{number}"
        monkeypatch.setitem(sys.modules, name, types.ModuleType(name))
    assert heap.set_modules_aside()
    assert not heap.set_modules_aside()


def test_garbage_made_before_and_after_is_freed():
    """Freezing keeps modules, not what a session has thrown away."""
    knot = Knot()
    early = weakref.ref(knot)
    del knot
    assert heap.set_modules_aside()
    assert early() is None
    knot = Knot()
    late = weakref.ref(knot)
    del knot
    gc.collect()
    assert late() is None
