"""The usual finding: territories whose figure is above what the settings allow."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from territory.advise.findings.context import Context
from territory.advise.findings.finding import Action, Finding, Watch, graded
from territory.advise.findings.said import Number, Said
from territory.metrics import Case
from territory.model import measure

__all__ = ["Threshold", "beyond"]


@dataclass(frozen=True)
class Threshold:
    """A setting of Advice, what would be normal, how figures are written, and their metric."""

    setting: str
    normal: float
    form: str
    source: str


def beyond(
    context: Context,
    kind: str,
    values: pd.Series,
    threshold: Threshold,
    said: str,
    line: str,
    action: Action,
    watched: str,
    metric: Callable[[Case], pd.Series],
    *,
    about: str = "",
    watch: Watch | None = None,
    numbers: Mapping[str, Number] | None = None,
    names: Mapping[str, str] | None = None,
) -> list[Finding]:
    """One finding for all territories whose |figure| is above the threshold; none where none is.

    Parameters
    ----------
    said
        The sentence, with {names}, {verb} (is or are), {have} (has or have), {territory}, {rep},
        {measure}, {worst} and {limit}, and what ``numbers`` and ``names`` add.
    line
        The words for one territory, with {name} and {value}.
    watched, metric
        What the remedy should bring down: the largest |figure| of any territory; or ``watch``.
    """
    limit = float(getattr(context.advice, threshold.setting))
    over = values[values.abs() > limit]
    over = over.reindex(over.abs().sort_values(ascending=False, kind="stable").index)
    if over.empty:
        return []
    worst, share = float(over.iloc[0]), context.share_of(over.index)
    one = len(over) == 1
    word = context.settings.word
    figures = {
        "worst": Number(worst, threshold.form, threshold.source),
        "limit": Number(
            limit,
            "share" if threshold.form == "deviation" else threshold.form,
            f"settings.advice.{threshold.setting}",
        ),
    }
    words = {
        "names": context.listed(over.index),
        "first": context.names[over.index[0]],
        "verb": "is" if one else "are",
        "have": "has" if one else "have",
        "territory": word("territory"),
        "rep": word("rep"),
        "measure": measure(context.case.main).label.lower(),
    }
    return [
        Finding(
            kind=kind,
            severity=graded(abs(worst), limit, threshold.normal, share),
            said=Said(said, {**figures, **(numbers or {})}, {**words, **(names or {})}),
            share=share,
            lines=context.lines(over, line, threshold.form, threshold.source),
            territories=tuple(over.index),
            about=about,
            action=action,
            watch=watch
            or Watch(
                watched, lambda c: float(metric(c).abs().max()), threshold.form, threshold.source
            ),
        )
    ]
