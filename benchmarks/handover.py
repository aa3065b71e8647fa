"""How long a handover takes: the sample's whole kit, 500 briefs, and 100,000 accounts in Excel.

``python benchmarks/handover.py`` prints a table; ``--only sample`` (accounts, reps) runs one. Each
case runs in a process of its own, so that its memory is its own.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time

import numpy as np
import pandas as pd

GOALS = {
    "sample": "≤ 60 s",
    "accounts": "≤ 15 s, ≤ 200 MB above what was there",
    "reps": "none set",
}


def sample() -> str:
    """Everything PARTS has for the sample against a balanced plan, slow parts left out."""
    from territory.export.bundle import bundle
    from territory.export.kit import PARTS, Kit
    from territory.intake import load_sample
    from territory.optimize import propose

    project, plan = load_sample()
    made = propose(project.units, team=project.team, current=plan, seed=1, time_limit=20).plan
    new = plan.with_alignment(made.alignment)
    parts = [name for name, part in PARTS.items() if not part.slow]
    kit = Kit(project, new, plan)
    content, figures = measured(lambda: bundle(kit, parts))
    files = len(list(kit.items(parts))) + 1
    return f"{files} files, {len(content) / 1e6:.1f} MB; {figures}"


def accounts() -> str:
    """A workbook with 100,000 accounts."""
    from dataclasses import replace

    from territory.export import workbook_bytes
    from territory.intake import load_sample
    from territory.model import Accounts

    project, plan = load_sample()
    assert project.accounts is not None
    rng = np.random.default_rng(1)
    frame = project.accounts.frame.iloc[rng.integers(0, len(project.accounts), 100_000)]
    frame = frame.set_axis([f"A{i:06d}" for i in range(len(frame))], axis=0)
    large = replace(project, accounts=Accounts(frame))
    workbook_bytes(project, plan, plan)  # Imports and the picture are not what is measured.
    content, figures = measured(lambda: workbook_bytes(large, plan, plan))
    return f"{len(content) / 1e6:.1f} MB; {figures}"


def reps() -> str:
    """Briefs of 500 reps over the sample, PDF only."""
    from dataclasses import replace

    from territory.export.bundle import bundle
    from territory.export.kit import Kit
    from territory.intake import load_sample
    from territory.model import Plan, Team

    project, plan = load_sample()
    ids = [f"R{i:03d}" for i in range(500)]
    team = Team(pd.DataFrame({"name": [f"Rep {i}" for i in range(500)]}, index=ids))
    xy = plan.units.xy
    order = np.lexsort((xy[:, 1], np.round(xy[:, 0] / 20_000)))
    owner = np.empty(plan.units.n, np.int64)
    owner[order] = np.arange(plan.units.n) * 500 // plan.units.n
    many = Plan.for_team(plan.units, team).with_alignment(owner)
    kit = Kit(replace(project, team=team), many, None, formats=("pdf",))
    content, figures = measured(lambda: bundle(kit, ["briefs"]))
    return f"{len(content) / 1e6:.1f} MB; {figures}"


def measured(work):  # type: ignore[no-untyped-def]
    """The result, and in words: seconds, processor seconds, the most memory above the start."""
    import threading

    import psutil

    me = psutil.Process()
    before = most = me.memory_info().rss
    done = threading.Event()

    def watch() -> None:
        nonlocal most
        while not done.wait(0.02):
            most = max(most, me.memory_info().rss)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    began, cpu = time.perf_counter(), time.process_time()
    result = work()
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    done.set()
    watcher.join()
    return result, f"{seconds:.1f} s, {cpu:.1f} s of processor, +{(most - before) / 1e6:.0f} MB"


def main() -> None:
    """One row a case."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=list(GOALS))
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.here:
        print({"sample": sample, "accounts": accounts, "reps": reps}[chosen.only]())
        return
    print("| case | goal | measured |\n|---|---|---|")
    for name in [chosen.only] if chosen.only else GOALS:
        done = subprocess.run(
            [sys.executable, __file__, "--only", name, "--here"], capture_output=True, text=True
        )
        found = done.stdout.strip().splitlines()[-1] if done.returncode == 0 else done.stderr[-300:]
        print(f"| {name} | {GOALS[name]} | {found} |", flush=True)


if __name__ == "__main__":
    main()
