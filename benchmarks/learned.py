"""Potential learned from sales against the index, on counties that were left out.

    python benchmarks/learned.py

Three markets on the sample's places: as it is (sales follow the sample's potential, so nothing is
to be gained), the same beside an index that counts people only, and one in which places with many
graduates buy three times as much. All seeded: the figures are the same on every run.
"""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from territory.intake import load_sample
from territory.metrics import Case
from territory.metrics.facts import census_facts
from territory.metrics.learned import learn, task_of
from territory.model import Market, Project


def markets(project: Project) -> dict[str, Project]:
    """Name → project."""
    units = project.units
    settings = replace(project.settings, market=Market(model="index"))
    people = replace(project.settings, market=Market({"population": 1.0}, "index"))
    graduates = census_facts(units)["pct_graduates"].to_numpy(float)
    rng = np.random.default_rng(1)
    sold = units.values("sales") * np.where(graduates > 0.5, 3.0, 1.0)
    other = units.attributes.assign(sales=(sold * rng.lognormal(0, 0.1, units.n)).round())
    planted = replace(project, units=replace(units, attributes=other), settings=settings)
    return {
        "sample": replace(project, settings=settings),
        "sample, index of people only": replace(project, settings=people),
        "graduates buy three times as much": planted,
    }


def main() -> None:
    """Print a table in Markdown."""
    project, plan = load_sample()
    print("| market | index misses | learned misses | difference | used | first driver | seconds |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for name, market in markets(project).items():
        here = replace(plan, units=market.units)
        began = time.perf_counter()
        found = learn(task_of(Case(here, project=market)))
        missed = found.errors["missed"]
        print(
            f"| {name} | {missed.iloc[0]:.1%} | {missed.iloc[1]:.1%} | "
            f"{100 * found.gain:.1f} ± {100 * found.doubt:.1f} points | "
            f"{'yes' if found.better else 'no'} | {found.drivers.index[0]} | "
            f"{time.perf_counter() - began:.0f} |"
        )


if __name__ == "__main__":
    main()
