"""The moves of a proposal, block by block: each with its reason, each to be taken or left."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from territory.model import Settings, Workspace, measure
from territory.model.figures import amount, distance, share, signed
from territory.ui import session
from territory.ui.fields import fill, seed
from territory.ui.study import Study, study_of
from territory.ui.text import plain

if TYPE_CHECKING:
    from territory.optimize import Changes, MoveGroup

__all__ = ["LISTED", "effects_in_words", "move_list"]

LISTED = 30
"""Blocks shown one by one; what is left comes as one line, taken or left together."""


def move_list(here: Workspace, study: Study, changes: Changes) -> None:
    """All, none, or a tick for each; pressing the pin shows a block on the map."""
    settings, groups = here.project.settings, changes.groups
    taken = len(groups) - len(study.left_out)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{taken} of {len(groups)} moves**", width="stretch")
        for label, key, every in (("All", "take-all", True), ("None", "take-none", False)):
            st.button(
                label, key=key, type="tertiary", on_click=_take_every, args=(changes.keys, every)
            )
    with st.container(height=430, border=False, gap="small"):
        for number, group in enumerate(groups[:LISTED], 1):
            _row(study, settings, number, group)
        rest = groups[LISTED:]
        if rest:
            keys = tuple(group.key for group in rest)
            seed("move-rest", not set(keys) <= study.left_out)
            st.checkbox(
                f"{len(rest)} smaller moves, {share(sum(g.share for g in rest), 1)} together",
                key="move-rest",
                on_change=_follow,
                args=("move-rest", keys),
            )


def _row(study: Study, settings: Settings, number: int, group: MoveGroup) -> None:
    """A tick with the title, the reason, what comes of it in grey, and a pin."""
    key = f"move-{group.key}"
    units = (settings.word("unit"), settings.word("units"))
    seed(key, group.key not in study.left_out)
    with st.container(horizontal=True, gap="small"):
        with st.container(gap="xxsmall"):
            st.checkbox(
                f"**{number}. {plain(group.title(*units))}**",
                key=key,
                on_change=_follow,
                args=(key, (group.key,)),
            )
            st.caption(f"{plain(group.why)} :gray[{plain(effects_in_words(group, settings))}]")
        st.button(
            "",
            key=f"pin-{group.key}",
            icon=":material/location_on:",
            type="primary" if study.group == group.key else "tertiary",
            help="Show it on the map",
            on_click=_pin,
            args=(group.key,),
        )


def effects_in_words(group: MoveGroup, settings: Settings) -> str:
    """What a block costs and gains on its own, in a few words."""
    main = group.effects[0].measure if group.effects else ""
    # Where balance is the reason, the sentence has these figures already.
    parts = [
        f"{effect.name} {signed(effect.before)} → {signed(effect.after)}"
        for effect in group.effects
        if effect.measure == main and group.kind != "balance"
    ]
    parts.append(f"{share(group.share, 1)} of the {measure(main).label.lower()}")
    before, after = group.home_km or group.radius_km
    if abs(after - before) >= 0.05:
        word = "longer" if after > before else "shorter"
        parts.append(f"ways {distance(abs(after - before), settings)} {word}")
    if group.revenue:
        parts.append(f"{amount(group.revenue, 'revenue', settings)} revenue changes hands")
    return " · ".join(parts)


def _follow(key: str, groups: tuple[str, ...]) -> None:
    """A tick was set or taken away."""
    study = study_of(session.workspace())
    change = study.left_out.difference_update if st.session_state[key] else study.left_out.update
    change(groups)


def _take_every(groups: tuple[str, ...], every: bool) -> None:
    study = study_of(session.workspace())
    study.left_out = set() if every else set(groups)
    for group in groups[:LISTED]:
        fill(f"move-{group}", every)
    fill("move-rest", every)


def _pin(group: str) -> None:
    study = study_of(session.workspace())
    study.group = "" if study.group == group else group
