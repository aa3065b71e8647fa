"""The quarterly review pack: the plan against what came of it."""

from __future__ import annotations

import numpy as np

from territory.advise.adjustments import adjustments
from territory.advise.document import Block, Document, Fact, Heading, Picture, Table, say
from territory.advise.findings import Context, findings
from territory.advise.gaps import gaps
from territory.advise.handed import Handed, when
from territory.metrics import METRICS, Case, overview, worst_deviation
from territory.metrics.capacity import end_of_sales
from territory.metrics.performance import performance
from territory.model import measure
from territory.model.figures import amount, deviation, difference, figure, share
from territory.optimize.words import listed

__all__ = ["review_pack"]

MOST = 8
"""Findings and adjustments that a meeting gets through."""
MOST_UNITS = 6_000
"""Looking for single changes takes longer than a document should from here on."""


def review_pack(handed: Handed) -> Document:
    """Metrics against the plan, results by territory, what drifted, what to talk about."""
    blocks: list[Block] = [
        *_figures(handed),
        Picture(words="The plan today"),
        *_territories(handed),
        *_results(handed),
        *_advice(handed),
        *_talk(handed),
    ]
    missing = gaps(handed)
    if missing:
        blocks += [Heading("What this pack does not know"), *missing]
    last = end_of_sales(handed.project)
    until = f"sales up to {when(last, 0)}" if last else "no sales loaded"
    return Document(
        "Quarterly review",
        "Quarterly review of territories",
        f"{handed.project.name} · {until}",
        tuple(blocks),
    )


def _figures(handed: Handed) -> list[Block]:
    """Every figure of METRICS, now and in the baseline."""
    case, settings = handed.case, handed.project.settings
    now = overview(case)
    base = case.baseline
    then = overview(Case(base, case.measures, case.tolerance, None, case.project)) if base else {}
    rows = []
    for metric in METRICS:
        value, was = now[metric.name], then.get(metric.name, float("nan"))
        if not np.isfinite(value):
            continue
        rows.append(
            (
                metric.label,
                figure(value, metric.format, settings),
                figure(was, metric.format, settings),
                difference(value - was, metric.format, settings),
                _verdict(metric.better, value - was),
            )
        )
    head = ("Figure", "Now", "Baseline", "Change", "")
    return [
        Heading("The plan in figures"),
        Table(head, tuple(rows), "METRICS", frozenset({1, 2, 3}), (3, 1.2, 1.2, 1.2, 1.2)),
    ]


def _verdict(better: str, change: float) -> str:
    if not better or not np.isfinite(change):
        return ""
    if abs(change) < 1e-9:
        return "unchanged"
    return "better" if (change < 0) == (better == "low") else "worse"


def _territories(handed: Handed) -> list[Block]:
    case, settings = handed.case, handed.project.settings
    off = worst_deviation(case)
    totals = {name: case.totals(name) for name in handed.measures}
    order = np.argsort(-np.nan_to_num(np.abs(off.to_numpy(float))), kind="stable")
    rows = tuple(
        (
            str(handed.plan.territories["name"].iloc[t]),
            *(amount(float(totals[name][t]), name, settings) for name in handed.measures),
            deviation(float(off.iloc[t])),
        )
        for t in order
    )
    if not rows:
        return [
            say(
                "This plan has no {territories} yet.", "gap", territories=handed.word("territories")
            )
        ]
    labels = [measure(name).label for name in handed.measures]
    head = (handed.title("territory"), *labels, "Off")
    return [
        Heading("Territories, the farthest from an even share first"),
        Table(
            head, rows, "METRICS", frozenset(range(1, len(head))), (2.4, *[1.2] * len(labels), 1)
        ),
    ]


def _results(handed: Handed) -> list[Block]:
    """The latest year against the one before and the quota, the least growth first."""
    settings = handed.project.settings
    if handed.project.sales is None or not handed.plan.k:
        return []
    found = performance(handed.case)
    window = found.window
    table = found.table.sort_values("growth", kind="stable")
    names = handed.plan.territories["name"].astype(str)
    money = [
        (window.words_before or "Before", "sales_before"),
        (window.words or "Last", "sales"),
        ("Quota", "quota"),
    ]
    rows = tuple(
        (
            str(names[territory]),
            *(amount(float(row[name]), "sales", settings) for _, name in money),
            deviation(float(row["growth"])),
            share(float(row["attainment"])),
        )
        for territory, row in table.iterrows()
    )
    blocks: list[Block] = [Heading("Results")]
    total = found.total
    if np.isfinite(float(total["growth"])):
        blocks.append(
            say(
                "Sales were {new} in {now}, {growth} against {before}.",
                "lead",
                new=Fact(amount(float(total["sales"]), "sales", settings), "performance: sales"),
                now=Fact(window.words, "performance: window"),
                growth=Fact(deviation(float(total["growth"])), "performance: growth"),
                before=Fact(window.words_before, "performance: window"),
            )
        )
    blocks += [say("{what}", "gap", what=text) for text in dict.fromkeys(found.missing.values())]
    head = (handed.title("territory"), *(label for label, _ in money), "Growth", "Reached")
    return [
        *blocks,
        Table(
            head, rows, "performance", frozenset(range(1, len(head))), (2.6, 1.2, 1.2, 1.2, 1, 1)
        ),
    ]


def _advice(handed: Handed) -> list[Block]:
    """What the advisor finds, drift included, and the single changes that help most."""
    if not handed.plan.k:
        return []
    context = Context(handed.project, handed.plan, handed.case.baseline)
    settings = handed.project.settings
    blocks: list[Block] = [Heading("What was found")]
    found = findings(context)
    blocks += [
        say("{what}", "bullet", what=Fact(one.said.text(settings), f"finding: {one.kind}"))
        for one in found[:MOST]
    ]
    if not found:
        blocks.append(say("Nothing is beyond its limit."))
    if handed.plan.units.n > MOST_UNITS:
        return [*blocks, say("Single changes for a region this large are on the page Advisor.")]
    changes = adjustments(context)
    if changes:
        rows = tuple(
            (
                one.title,
                share(one.effect.deviation[0]),
                share(one.effect.deviation[1]),
                share(one.effect.disruption, 1),
            )
            for one in changes[:MOST]
        )
        head = ("Change", "Largest deviation", "After", "Changes hands")
        blocks += [
            Heading("Suggested adjustments, best first"),
            Table(head, rows, "effects", frozenset({1, 2, 3}), (4, 1.4, 1, 1.3)),
        ]
    return blocks


def _talk(handed: Handed) -> list[Block]:
    """Questions for the meeting, each from a number above."""
    off = worst_deviation(handed.case)
    far = off[off.abs() > handed.case.tolerance + 1e-9]
    blocks: list[Block] = [Heading("To talk about")]
    if len(far):
        order = far.abs().sort_values(ascending=False, kind="stable").index
        names = handed.plan.territories["name"].astype(str)
        blocks.append(
            say(
                "{who} left the band: mend it, or accept it with a reason?",
                "step",
                who=listed([names[t] for t in order], 4),
            )
        )
    blocks.append(say("Who joined, left or changed hours since the plan began?", "step"))
    blocks.append(say("Which requests are open, and which accounts were never spoken to?", "step"))
    blocks.append(
        say(
            "Is another change worth it? The next one should wait until {day} unless a "
            "{territory} is in trouble.",
            "step",
            day=Fact(when(handed.start, 180), "start date + 180 days"),
            territory=handed.word("territory"),
        )
    )
    return blocks
