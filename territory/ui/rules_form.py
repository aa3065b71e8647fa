"""Rules that a plan must keep to: limits, groups that stay together, distance, ferries."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import streamlit as st

from territory.model import Limit, Rules, Units, Workspace, grouped, measure
from territory.model.figures import MILES
from territory.ui.fields import fill, seed
from territory.ui.text import plain
from territory.ui.wishes import Wish

__all__ = ["barriers_in", "fill_rules", "group_columns", "rules_fields", "rules_of"]

LEAST, MOST, TOGETHER, FAR, FERRIES = "least", "most", "together", "max-km", "ferries"
SHORTEST, BARRIERS, DRIVE = "shortest", "barriers", "max-minutes"
FREE = "Nothing"
MOST_GROUPS = 0.5
"""Columns with more different values than this share of the units are no groups."""


def rules_of(units: Units, wish: Wish) -> Rules | None:
    """The wish's rules as the engine takes them; None where there are none.

    Raises
    ------
    PlanError
        If the groups' column is not in this region.
    """
    limits = tuple(
        Limit(name, least=low, most=high)
        for name, (low, high) in wish.limits.items()
        if name in units.measure_names
    )
    rules = Rules(
        limits=limits,
        together=grouped(units, wish.together) if wish.together else {},
        ferries=wish.ferries,
        max_km=wish.max_km,
        max_minutes=wish.max_minutes,
        shortest=wish.shortest,
        barriers=frozenset(wish.barriers),
    )
    return rules if rules else None


def barriers_in(text: str, units: Units) -> tuple[tuple[tuple[str, str], ...], list[str]]:
    """Pairs of units from a pair a line, and the lines that are none."""
    pairs: list[tuple[str, str]] = []
    wrong: list[str] = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        ends = line.replace(",", " ").replace(";", " ").split()
        if len(ends) == 2 and ends[0] != ends[1] and all(end in units.position for end in ends):
            pairs.append((ends[0], ends[1]))
        else:
            wrong.append(line)
    return tuple(dict.fromkeys(pairs)), wrong


def group_columns(units: Units) -> list[str]:
    """Columns of words whose values stand for several units each, such as counties."""
    out = []
    for name in units.attributes.columns:
        column = units.attributes[name]
        if pd.api.types.is_numeric_dtype(column):
            continue
        if 1 < column.nunique() <= MOST_GROUPS * units.n:
            out.append(str(name))
    return out


def fill_rules(here: Workspace, wish: Wish) -> None:
    """Put the wish's rules into the fields."""
    scale = MILES if here.project.settings.distance == "mi" else 1.0
    low, high = wish.limits.get(wish.main, (None, None))
    fill(LEAST, low)
    fill(MOST, high)
    fill(TOGETHER, wish.together or FREE)
    fill(FAR, None if wish.max_km is None else wish.max_km * scale)
    fill(DRIVE, wish.max_minutes)
    fill(FERRIES, wish.ferries)
    fill(SHORTEST, wish.shortest)
    fill(BARRIERS, "\n".join(" ".join(pair) for pair in wish.barriers))


def rules_fields(here: Workspace, wish: Wish) -> Wish:
    """The fields; the wish with what they say."""
    settings, units = here.project.settings, here.project.units
    territory, word = plain(settings.word("territory")), plain(settings.word("units"))
    label = plain(measure(wish.main).label.lower())
    for key in (LEAST, MOST, FAR, DRIVE):
        seed(key, None)
    seed(FERRIES, wish.ferries)
    seed(SHORTEST, wish.shortest)
    seed(BARRIERS, "\n".join(" ".join(pair) for pair in wish.barriers))
    low, high = st.columns(2)
    with low:
        least = st.number_input(f"Least {label}", min_value=0.0, key=LEAST, placeholder="no limit")
    with high:
        most = st.number_input(
            f"Most {label}",
            min_value=0.0,
            key=MOST,
            placeholder="no limit",
            help=f"What one {territory} may hold, whatever its target.",
        )
    columns = [FREE, *group_columns(units)]
    seed(TOGETHER, wish.together or FREE)
    if st.session_state[TOGETHER] not in columns:
        fill(TOGETHER, FREE)
    together = st.selectbox(
        "Keep together",
        columns,
        format_func=lambda name: name if name == FREE else f"{word} of one {name}",
        key=TOGETHER,
        help=f"Such {word} end up in one {territory}, whatever else.",
    )
    far, drive = _from_home(here) if here.project.team is not None else (None, None)
    ferries = True
    if units.graph.ferry.any():
        ferries = st.toggle("May reach across water by ferry", key=FERRIES)
    shortest = st.toggle(
        "Shortest travel, whatever the shapes",
        key=SHORTEST,
        help="About one percent less travel, for more ragged borders.",
    )
    barriers, wrong = barriers_in(
        st.text_area(
            "Not neighbours, whatever the map says",
            key=BARRIERS,
            height=68,
            placeholder="A pair a line, such as a river without a bridge: 01001 01002",
        ),
        units,
    )
    if wrong:
        st.warning(f"No pair of {word} here: {plain('; '.join(wrong[:3]))}")
    limited = least is not None or most is not None
    return replace(
        wish,
        limits={wish.main: (least, most)} if limited else {},
        together="" if together == FREE else together,
        max_km=far,
        max_minutes=drive,
        ferries=ferries,
        shortest=shortest,
        barriers=barriers,
    )


def _from_home(here: Workspace) -> tuple[float | None, float | None]:
    """The farthest in kilometres and the longest drive in minutes; None where there is no limit."""
    settings = here.project.settings
    rep = plain(settings.word("rep"))
    nearby, driven = st.columns(2, vertical_alignment="bottom")
    with nearby:
        far = st.number_input(
            f"Farthest from a {rep}'s home ({settings.distance})",
            min_value=1.0,
            key=FAR,
            placeholder="no limit",
            help="In a straight line.",
        )
    own = here.project.travel_times is not None
    known = "by your travel times; where they say nothing," if own else "without traffic;"
    with driven:
        drive = st.number_input(
            "Longest drive from home (minutes)",
            min_value=1.0,
            step=5.0,
            format="%g",
            key=DRIVE,
            placeholder="no limit",
            help=f"One way, {known} estimated from distance and the speeds in Settings.",
        )
    scale = MILES if settings.distance == "mi" else 1.0
    return None if far is None else far / scale, drive
