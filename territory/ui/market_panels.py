"""The charts of the Market page, one function each; where data is missing they say which."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from territory.metrics import driver_words, territory_drivers, unit_drivers
from territory.metrics.market_summary import market_summary
from territory.metrics.potential import COMPONENTS
from territory.metrics.quadrants import QUADRANTS, quadrants
from territory.model.figures import share, signed
from territory.ui.charts import before_after, show
from territory.ui.follow_map import pick_territory
from territory.ui.market_charts import multiples, quadrant_chart, won_and_open
from territory.ui.market_view import Panel, missing
from territory.ui.text import plain

__all__ = ["drivers", "drivers_of", "headline", "quadrant", "ranking", "rivals"]

SHOWN = 24
"""Bars of a ranking; its data has every place."""
POINTS = 400
"""Points of the quadrant: the places with most potential."""
NO_POTENTIAL = (
    "Potential can be ranked once something says what places could buy: a column potential, or "
    "population, income and shops for the buying-power index. US ZIPs have Census facts offline."
)
NO_SALES = (
    "What is won of the potential needs sales: a column sales, accounts with revenue, or a sales "
    "history."
)


def headline(panel: Panel) -> None:
    """Four findings about the whole."""
    found = market_summary(panel.case, panel.scope, panel.potential)
    settings = panel.settings
    leader = ""
    if found.leader >= 0:
        name = plain(str(panel.case.plan.territories["name"].iloc[found.leader]))
        leader = f"{name} has {share(found.leader_share)} of it"
    apart, units = found.concentration, settings.word("units")
    open_text = f"{share(apart)} of it in a tenth of the {units}" if apart == apart else ""
    growth = f"sales {signed(found.growth)} in a year" if found.growth == found.growth else ""
    outnumbered = (
        f"more rivals than customers in {found.outnumbered} of "
        f"{int(panel.scope.territories.sum())} {settings.word('territories')}"
    )
    cards = (
        ("Potential a year", panel.money(found.potential), leader),
        ("Won so far", share(found.penetration), growth),
        ("White space", panel.money(found.white_space), open_text),
        ("Rival presence", share(found.rivalry), outnumbered),
    )
    for column, (label, value, text) in zip(st.columns(4), cards, strict=True):
        with column, st.container(border=True, height="stretch"):
            known = value != "–"
            st.metric(label, value if known else "not known")
            st.caption(plain(text) if text and known else "")


def ranking(panel: Panel) -> None:
    """Which places have most potential, and how much of it is won."""
    if not panel.known:
        missing(NO_POTENTIAL, "Load more columns")
        return
    every = panel.places
    table = every.head(SHOWN)
    names, texts = panel.names(table), panel.texts(table)
    first = table.iloc[0]
    part = share(first["share"], 0 if first["share"] > 0.02 else 1)
    title = f"{names[0]} has {part} of the potential"
    won = table.get("sales")
    figure = won_and_open(
        title, names, panel.ids(table), won, table["potential"], texts, panel.axis
    )
    data = every.join(_parts(panel)) if panel.by_unit else every
    show(figure, "chart-potential", data=data.reset_index(), pick=panel.pick)
    if len(every) > SHOWN:
        st.caption(f"The {SHOWN} with most potential of {len(every):,} {plain(panel.many)}.")
    if won is None:
        st.caption(plain(NO_SALES))


def _parts(panel: Panel) -> pd.DataFrame:
    """Each part of the index of each unit, as multiples of the average unit."""
    if panel.potential is None or panel.potential.index is None:
        return pd.DataFrame(index=panel.places.index)
    return unit_drivers(panel.potential.index).add_suffix("_times_average")


def drivers_of(panel: Panel, table: pd.DataFrame) -> list[str]:
    """What drives the potential of each unit, in words; empty where nothing tells."""
    if panel.learned is not None:
        return [panel.learned.why(i) for i in panel.case.plan.units.positions(table.index)]
    if panel.potential is None or panel.potential.index is None:
        return [""] * len(table)
    parts = unit_drivers(panel.potential.index)
    return driver_words(parts.loc[table.index], panel.potential.index)


def quadrant(panel: Panel) -> None:
    """Penetration against potential, and what to do in each corner."""
    found = quadrants(panel.places.head(POINTS))
    if found is None:
        missing(NO_POTENTIAL if not panel.known else NO_SALES, "Load more tables")
        return
    grow = len(found.members("Grow"))
    title = (
        f"{grow} {panel.many if grow != 1 else panel.one}: much potential, little of it won"
        if grow
        else "Where there is much to win, much is won"
    )
    table = panel.places.loc[found.table.index]
    figure = quadrant_chart(
        title, found, panel.names(table), panel.ids(table), panel.texts(table), panel.axis
    )
    data = found.table.assign(name=panel.names(table)).reset_index()
    show(figure, "chart-quadrant", data=data, pick=panel.pick)
    lines = [f"**{one.name}** ({len(found.members(one.name))}): {one.advice}" for one in QUADRANTS]
    st.caption("  \n".join(lines))
    st.caption(
        f"The dotted lines are the middle of the {plain(panel.many)}: half of them have more."
    )


def drivers(panel: Panel) -> None:
    """What makes the potential of the active territory high or low."""
    parts = territory_drivers(panel.case)
    index = panel.potential.index if panel.potential is not None else None
    if parts is None or parts.empty or index is None:
        missing(
            "What drives potential is told by income, shops and people: columns such as "
            "median_income, households, establishments and population.",
            "Load more columns",
        )
        return
    active, settings = min(panel.here.active, len(parts) - 1), panel.settings
    row, name = parts.iloc[active], str(panel.case.plan.territories["name"].iloc[active])
    words = driver_words(parts.iloc[[active]], index)[0]
    labels = [f"{COMPONENTS[p]} ({100 * w:.0f} % of the index)" for p, w in index.weights.items()]
    figure = multiples(f"{name}: {words.lower()}", row, labels, settings.word("territory"))
    names = list(panel.case.plan.territories["name"])
    show(figure, "chart-drivers", data=parts.assign(name=names).reset_index())


def rivals(panel: Panel) -> None:
    """Where competitors outnumber own customers."""
    settings, table = panel.settings, panel.territories
    if "rivalry" not in table or not table["rivalry"].notna().any():
        missing(
            f"Who else is there needs a count of competitors by {settings.word('unit')}: a column "
            "competitors, or a table of them.",
            "Load competitors",
        )
        return
    table = table.dropna(subset="rivalry").sort_values("rivalry", ascending=False).head(SHOWN)
    names = [str(name) for name in table["name"]]
    title = f"Rivals crowd {names[0]} most: {share(table['rivalry'].iloc[0])} of suppliers"
    figure = before_after(
        title, names, table["rivalry"], None, "competitors / (competitors + own customers)",
        form=".0%", line=(0.5, "as many as you"),
    )  # fmt: skip
    # The bars know their row in the table; a click wants the territory.
    for trace in figure.data:
        ids = [str(panel.case.plan.position_of(t)) for t in table.index]
        trace.customdata = [[ids[int(c[0])], c[1]] for c in trace.customdata]
    show(figure, "chart-rivals", data=table.reset_index(), pick=pick_territory)
