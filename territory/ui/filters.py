"""Filters that the panels of several pages share: one slim bar, what is chosen, how to clear it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import streamlit as st

from territory.metrics import Case
from territory.metrics.scope import Scope
from territory.metrics.segment_table import scope_of
from territory.metrics.segments import (
    BUSINESS,
    CLASS,
    CLIMATE,
    URBANICITY,
    account_kinds,
    account_labels,
    unit_kinds,
    unit_labels,
)
from territory.model import Filters, Workspace
from territory.model.figures import unit_words
from territory.ui import session
from territory.ui.case import current_case
from territory.ui.text import plain

__all__ = ["filter_bar"]

PREFIX = "filter-"
FIRST = {
    "accounts": (CLASS, "segment", "industry", "status", BUSINESS),
    "units": (URBANICITY, CLIMATE),
}
"""Kinds with a field of their own; any other is chosen from a list first."""
NAMED = 3
"""Values that a badge names before it counts."""


def filter_bar(here: Workspace) -> Scope:
    """Draw the bar; returns what is left of units, accounts, territories and periods."""
    case = current_case(here)
    scope = scope_of(case, here.filters)
    kinds = {"accounts": account_kinds(case), "units": unit_kinds(case)}
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="filter-bar"):
        count = len(here.filters.chosen())
        label = f"Filters · {count}" if count else "Filters"
        with st.popover(label, icon=":material/filter_list:", key="filters", width="content"):
            _fields(here, case, kinds)
        for text in _badges(here, kinds):
            st.badge(text, color="blue")
        if count:
            st.button("Clear", key="clear-filters", type="tertiary", on_click=_clear)
        st.space("stretch")
        st.caption(_left(here, case, scope), width="content")
    return scope


def _badges(here: Workspace, kinds: Mapping[str, Mapping[str, str]]) -> list[str]:
    """One text a filter: "Industry: Healthcare, Retail"."""
    words, names = here.project.settings.word, here.plan.territories["name"]
    out = []
    for side, kind, values in here.filters.chosen():
        if side == "territories":
            label = words("territory" if len(values) == 1 else "territories").capitalize()
        else:
            label = "Periods" if side == "periods" else kinds[side].get(kind, kind)
        texts = [str(names.get(v, v)) if side == "territories" else v for v in values]
        shown = ", ".join(texts) if len(texts) <= NAMED else f"{len(texts)} chosen"
        out.append(plain(f"{label}: {shown}"))
    return out


def _left(here: Workspace, case: Case, scope: Scope) -> str:
    """How much of the data passes."""
    settings = here.project.settings
    units = int(scope.units_shown(case).sum())
    every = unit_words(here.plan.units.n, settings)
    parts = [plain(every if units == here.plan.units.n else f"{units:,} of {every}")]
    if len(scope.accounts):
        accounts = int(scope.accounts_shown(case).sum())
        total = f"{len(scope.accounts):,} accounts"
        parts.insert(0, total if accounts == len(scope.accounts) else f"{accounts:,} of {total}")
    return " · ".join(parts)


def _fields(here: Workspace, case: Case, kinds: Mapping[str, Mapping[str, str]]) -> None:
    """The fields of the popover; what is not there in this project has no field."""
    words, names = here.project.settings.word, here.plan.territories["name"]
    left, right = st.columns(2, gap="medium")
    with left:
        for kind in FIRST["accounts"]:
            _field(here, case, "accounts", kind, kinds)
    with right:
        _list("territories", "", words("territories").capitalize(), list(names.index),
              here.filters.territories, dict(names))  # fmt: skip
        if here.project.sales is not None:
            periods = list(here.project.sales.periods)
            _list("periods", "", "Periods", periods, here.filters.periods)
        for kind in FIRST["units"]:
            _field(here, case, "units", kind, kinds)
        more = [
            (side, kind)
            for side, found in kinds.items()
            for kind in found
            if kind not in FIRST[side]
        ]
        if not more:
            return
        side, kind = st.selectbox(
            "Any other attribute",
            more,
            index=None,
            format_func=lambda one: f"{kinds[one[0]][one[1]]} ({_of(here, one[0])})",
            key=f"{PREFIX}more",
        ) or ("", "")
        if side:
            _field(here, case, side, kind, kinds)


def _of(here: Workspace, side: str) -> str:
    return "accounts" if side == "accounts" else here.project.settings.word("units")


def _field(
    here: Workspace, case: Case, side: str, kind: str, kinds: Mapping[str, Mapping[str, str]]
) -> None:
    """Values of a kind to choose from."""
    if kind not in kinds[side]:
        return
    labels = account_labels(case, kind) if side == "accounts" else unit_labels(case, kind)
    if labels is not None:
        wanted: Mapping[str, tuple[str, ...]] = getattr(here.filters, side)
        _list(side, kind, kinds[side][kind], list(labels.names), wanted.get(kind, ()))


def _list(
    side: str,
    kind: str,
    label: str,
    options: list[str],
    chosen: Sequence[str],
    names: Mapping[str, str] | None = None,
) -> None:
    """A field with several values; what is chosen goes into the workspace at once."""
    key = f"{PREFIX}{side}-{kind}"
    st.multiselect(
        plain(label),
        options,
        default=[value for value in chosen if value in options],
        format_func=lambda value: str((names or {}).get(value, value)),
        placeholder="All",
        key=key,
        on_change=partial(_take, side, kind, key),
    )


def _take(side: str, kind: str, key: str) -> None:
    """What the field says becomes the filter."""
    here = session.workspace()
    here.filters = here.filters.choose(side, kind, map(str, st.session_state[key]))


def _clear() -> None:
    """No filter, and empty fields."""
    session.workspace().filters = Filters()
    for key in [key for key in st.session_state if str(key).startswith(PREFIX)]:
        del st.session_state[key]
