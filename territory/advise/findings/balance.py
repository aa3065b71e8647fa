"""Territories that are not what they should be: too large or too small for their target."""

from __future__ import annotations

from functools import partial

import pandas as pd

from territory.advise.findings.context import Context
from territory.advise.findings.finding import Action, Finding, Watch, graded
from territory.advise.findings.said import Number, Said
from territory.metrics import Case, deviation, outside
from territory.model import measure

__all__ = ["off_target"]

SOURCE = "metrics.deviation"


def off_target(context: Context) -> list[Finding]:
    """One finding for each measure in use that territories are outside the amber band in."""
    out = []
    for name in context.case.measures:
        band = context.settings.amber
        off = deviation(context.case, name)
        beyond = off[off.abs() > band + 1e-9]
        if not beyond.empty:
            out.append(_finding(context, name, beyond, band))
    return out


def _finding(context: Context, name: str, off: pd.Series, band: float) -> Finding:
    off = off.reindex(off.abs().sort_values(ascending=False).index)
    share = context.share_of(off.index)
    numbers = {
        "count": Number(len(off), "count", "metrics.outside"),
        "all": Number(context.plan.k, "count", "plan.k"),
        "band": Number(band, "share", "settings.amber"),
        "first": Number(float(off.iloc[0]), "deviation", SOURCE),
    }
    words = {
        "measure": measure(name).label.lower(),
        "territories": context.count(len(off), "territory", "territories"),
        "verb": "is" if len(off) == 1 else "are",
        "name": context.names[off.index[0]],
    }
    said = (
        "{count} of {all} {territories} {verb} more than {band} off the target for {measure}; "
        "{name} is farthest, {first}."
    )

    def counted(case: Case, of: str) -> float:
        return float(outside(case, of))

    return Finding(
        kind="off_target",
        severity=graded(float(off.abs().iloc[0]), band, 0.0, share),
        said=Said(said, numbers, words),
        share=share,
        lines=context.lines(off, "{name}: {value}", "deviation", SOURCE),
        territories=tuple(off.index),
        about=name,
        action=Action("Let the engine even them out", "replan", "Balance"),
        watch=Watch(
            f"Outside the band in {measure(name).label.lower()}",
            partial(counted, of=name),
            "count",
            "metrics.outside",
        ),
    )
