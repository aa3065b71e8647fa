"""Territories in pieces, stretched over the map, or cut by water."""

from __future__ import annotations

from territory.advise.findings.context import Context
from territory.advise.findings.finding import Action, Finding, Watch, graded
from territory.advise.findings.said import Number, Said
from territory.advise.findings.threshold import Threshold, beyond
from territory.metrics import noncontiguous, piece_count
from territory.metrics.compactness import sprawl
from territory.metrics.contiguity import beyond_water, loose_share
from territory.metrics.travel import travel_share

__all__ = ["cut_by_water", "fragmented", "much_driving", "over_broad"]


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
    return beyond(
        context,
        "over_broad",
        sprawl(context.case),
        Threshold("sprawl", normal=1.0, form="number", source="metrics.compactness.sprawl"),
        "{names} {verb} stretched: what counts lies up to {worst} times as far from the middle as "
        "in a round {territory} of the same area ({limit} times is the most that goes well).",
        "{name}: {value} times as far from its middle",
        Action("Draw them rounder", "replan", "Balance"),
        "Most stretched",
        sprawl,
    )


def much_driving(context: Context) -> list[Finding]:
    """Reps who spend too much of their hours in the field at the wheel."""
    return beyond(
        context,
        "road",
        travel_share(context.case),
        Threshold("road", normal=0.0, form="share", source="metrics.travel.travel_share"),
        "{names} {have} far to drive: up to {worst} of the hours in the field are spent at the "
        "wheel, where {limit} is the most that goes well.",
        "{name}: {value} of the hours in the field",
        Action("Draw them closer to home, or let the {rep} stay the night", "replan", "Balance"),
        "Largest share at the wheel",
        travel_share,
    )


def cut_by_water(context: Context) -> list[Finding]:
    """Territories a good part of which can only be reached by ferry."""
    source = "metrics.contiguity.beyond_water"
    return beyond(
        context,
        "cut_by_water",
        beyond_water(context.case),
        Threshold("water", normal=0.0, form="share", source=source),
        "{names} {verb} parted by water: up to {worst} of a {territory} is only reached by ferry, "
        "where {limit} would be fine.",
        "{name}: {value} across the water",
        Action("Run again without ferries", page="Balance"),
        "Largest part by ferry",
        beyond_water,
    )
