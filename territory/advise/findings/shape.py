"""Territories in pieces, stretched over the map, or cut by water."""

from __future__ import annotations

from territory.advise.findings.context import Context
from territory.advise.findings.finding import Action, Finding, Watch, graded
from territory.advise.findings.said import Number, Said
from territory.metrics import noncontiguous, piece_count
from territory.metrics.compactness import sprawl
from territory.metrics.contiguity import beyond_water, loose_share

__all__ = ["cut_by_water", "fragmented", "over_broad"]


def fragmented(context: Context) -> list[Finding]:
    """Territories that do not hang together."""
    pieces = piece_count(context.case)
    torn = pieces[pieces > 1].sort_values(ascending=False)
    if torn.empty:
        return []
    loose = loose_share(context.case)
    share = context.share_of(torn.index)
    numbers = {
        "count": Number(len(torn), "count", "metrics.noncontiguous"),
        "most": Number(float(torn.iloc[0]), "count", "metrics.piece_count"),
        "loose": Number(loose, "share", "metrics.contiguity.loose_share"),
    }
    one = len(torn) == 1
    said = (
        "{count} {territories} {verb} not one connected piece: {name} lies in {most}. What lies "
        "apart is {loose} of the whole."
    )
    names = {
        "territories": context.count(len(torn), "territory", "territories"),
        "verb": "is" if one else "are",
        "name": context.names[torn.index[0]],
    }
    return [
        Finding(
            kind="fragmented",
            severity=graded(1.0 + loose / 0.02, 2.0, 1.0, share),
            said=Said(said, numbers, names),
            share=share,
            lines=context.lines(torn, "{name}: {value} pieces", "count", "metrics.piece_count"),
            territories=tuple(torn.index),
            action=Action("Join the pieces", "replan", "Map"),
            watch=Watch("Territories in pieces", noncontiguous, "count", "metrics.noncontiguous"),
        )
    ]


def over_broad(context: Context) -> list[Finding]:
    """Territories whose weight lies much farther apart than their area would ask for."""
    spread, limit = sprawl(context.case), context.advice.sprawl
    wide = spread[spread > limit].sort_values(ascending=False)
    if wide.empty:
        return []
    share = context.share_of(wide.index)
    numbers = {
        "worst": Number(float(wide.iloc[0]), "number", "metrics.compactness.sprawl"),
        "limit": Number(limit, "number", "settings.advice.sprawl"),
    }
    said = (
        "{names} {verb} stretched: what counts lies up to {worst} times as far from the middle as "
        "in a round {territory} of the same area ({limit} times is the most that goes well)."
    )
    names = {
        "names": context.listed(wide.index),
        "verb": "is" if len(wide) == 1 else "are",
        "territory": context.settings.word("territory"),
    }
    words = "{name}: {value} times as far from its middle"
    return [
        Finding(
            kind="over_broad",
            severity=graded(float(wide.iloc[0]), limit, 1.0, share),
            said=Said(said, numbers, names),
            share=share,
            lines=context.lines(wide, words, "number", "metrics.compactness.sprawl"),
            territories=tuple(wide.index),
            action=Action("Draw them rounder", "replan", "Balance"),
            watch=Watch(
                "Most stretched",
                lambda c: float(sprawl(c).max()),
                "number",
                "metrics.compactness.sprawl",
            ),
        )
    ]


def cut_by_water(context: Context) -> list[Finding]:
    """Territories a good part of which can only be reached by ferry."""
    over, limit = beyond_water(context.case), context.advice.water
    cut = over[over > limit].sort_values(ascending=False)
    if cut.empty:
        return []
    share = float((over * context.weight)[cut.index].sum())
    numbers = {
        "worst": Number(float(cut.iloc[0]), "share", "metrics.contiguity.beyond_water"),
        "limit": Number(limit, "share", "settings.advice.water"),
    }
    said = (
        "{names} {verb} parted by water: up to {worst} of it is only reached by ferry, where "
        "{limit} would be fine."
    )
    names = {"names": context.listed(cut.index), "verb": "is" if len(cut) == 1 else "are"}
    source = "metrics.contiguity.beyond_water"
    return [
        Finding(
            kind="cut_by_water",
            severity=graded(float(cut.iloc[0]), limit, 0.0, share),
            said=Said(said, numbers, names),
            share=share,
            lines=context.lines(cut, "{name}: {value} across the water", "share", source),
            territories=tuple(cut.index),
            action=Action("Forbid ferries on the Balance page and run again", "", "Balance"),
            watch=Watch(
                "Largest part by ferry", lambda c: float(beyond_water(c).max()), "share", source
            ),
        )
    ]
