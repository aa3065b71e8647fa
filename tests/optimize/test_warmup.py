"""Compiled kernels: told about, stored, found again."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from territory.optimize import Progress, cache, warmup


def test_the_first_run_says_why_it_waits(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without compiled kernels the user is told, the kernels are run, and the stamp is set."""
    monkeypatch.setattr(warmup, "stamp", lambda: tmp_path / "ready")
    seen: list[Progress] = []
    assert not warmup.is_warm()
    warmup.ensure_warm(seen.append)
    assert [state.message for state in seen] == [warmup.PREPARING]
    assert warmup.is_warm()
    warmup.ensure_warm(seen.append)
    assert len(seen) == 1


def test_every_kernel_file_counts_for_the_cache() -> None:
    """A module with kernels that the fingerprint leaves out would run stale code."""
    folder = Path(cache.__file__).parent
    with_kernels = {p.name for p in folder.glob("*.py") if "@kernel" in p.read_text("utf-8")}
    assert with_kernels <= set(cache.KERNEL_FILES)


def test_warming_compiles_every_signature_a_run_needs() -> None:
    """After warm-up no proposal adds a signature: nothing is compiled on a user's first press."""
    script = """
from territory.optimize.warmup import warm
warm()
from territory.optimize import anneal, mergesplit, lloyd, repair, propose
kernels = [anneal.anneal, mergesplit.merge_and_split, lloyd.settle_prices, repair.regrow,
           repair.release_strays]
before = [len(k.signatures) for k in kernels]
from tests.optimize.instances import cells
from territory.model import Locks
units = cells(80, 1)
plan = propose(units, territories=4, measures={"potential": 1, "workload": 1}).plan
propose(units, current=plan, locks=Locks.of(["a1"]), measures={"potential": 1})
after = [len(k.signatures) for k in kernels]
assert before == after == [1] * len(kernels), (before, after)
"""
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_asking_needs_no_compiler() -> None:
    """`is_warm` and the types of a run load without numba."""
    script = (
        "import sys; from territory.optimize import Progress; "
        "from territory.optimize.warmup import is_warm; is_warm(); "
        "sys.exit('numba' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
