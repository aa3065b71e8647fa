"""What the command line prints: figures on stdout, everything for people on stderr."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from territory.optimize import Progress


def say(text: str) -> None:
    """A line for a person, on stderr so that stdout stays clean."""
    print(text, file=sys.stderr)


def nearest(case: dict[str, Any]) -> str:
    """The nearest tolerance in words, if any helps."""
    share = case["nearest_tolerance"]
    return "" if share is None else f" Nearest tolerance: {share:.1%}."


def print_json(report: dict[str, Any]) -> None:
    print(json.dumps(report, allow_nan=False))


def show_progress() -> Callable[[Progress], None]:
    """Progress on stderr: one line that rewrites itself on a terminal, else a line a stage."""
    terminal = sys.stderr.isatty()
    last = ""

    def show(state: Progress) -> None:
        nonlocal last
        line = f"{state.message} ({state.step}/{state.steps})"
        if terminal:
            print(f"\r{line:<60}", end="", file=sys.stderr, flush=True)
            if state.step >= state.steps:
                print(file=sys.stderr)
        elif state.message != last:
            say(state.message)
        last = state.message

    return show


def finish(figures: dict[str, Any], started: float, as_json: bool) -> None:
    """Print the figures, as JSON or in words."""
    figures["seconds_total"] = time.perf_counter() - started
    if as_json:
        print_json(figures)
        return
    inside = "within" if figures["within_tolerance"] else "NOT within"
    worst = ", ".join(
        f"{name} {'–' if value is None else f'{value:.1%}'}"
        for name, value in figures["max_deviation"].items()
    )
    print(
        f"{figures['territories']} territories over {figures['units']} units, "
        f"{inside} ±{figures['tolerance']:.0%} (largest deviation: {worst}), "
        f"{figures['noncontiguous']} in pieces, {figures['unassigned']} units unassigned."
    )
    for name, value in figures["disruption"].items():
        print(f"{value:.1%} of {name} changes hands.")
    for case in figures["infeasible"]:
        print(f"{case['territory_id']}: {case['reason']}.{nearest(case)}")
    for found in figures.get("violations", []):
        where = f"{found['territory_id']}: " if found["territory_id"] else ""
        print(f"Not kept ({found['constraint']}): {where}{found['reason']}.")
