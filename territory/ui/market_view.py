"""What the panels of the Market page have in common: places, their labels and words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd
import streamlit as st

from territory.metrics import Case, Potential, market_table, market_units
from territory.metrics.learned import Learned
from territory.metrics.scope import Scope
from territory.model import Measure, Settings, Workspace
from territory.model.figures import amount, share, signed
from territory.ui.follow_map import pick_territory, pick_unit
from territory.ui.navigation import path_of
from territory.ui.unit_rows import labels_of

__all__ = ["Panel", "missing"]


@dataclass(frozen=True, eq=False)
class Panel:
    """What the charts of one run share; ``by_unit`` says whether places are units or territories.

    ``potential`` is None where there is nothing to estimate it by; ``learned`` is what it was
    learned by, where that was in this session.
    """

    here: Workspace
    case: Case
    scope: Scope
    potential: Potential | None
    by_unit: bool
    learned: Learned | None = None

    @property
    def settings(self) -> Settings:
        """The project's settings."""
        return self.here.project.settings

    @cached_property
    def places(self) -> pd.DataFrame:
        """One row a place, most potential first where it is known."""
        make = market_units if self.by_unit else market_table
        table = make(self.case, self.scope, self.potential)
        if "potential" in table:
            table = table.sort_values("potential", ascending=False, kind="stable")
        return table

    @cached_property
    def territories(self) -> pd.DataFrame:
        """One row a territory, whatever the places are."""
        return market_table(self.case, self.scope, self.potential)

    @property
    def known(self) -> bool:
        """Is there any potential to speak of?"""
        return "potential" in self.places and bool(self.places["potential"].any())

    @property
    def about(self) -> Measure:
        """How potential is written: money, or points of the index."""
        if self.potential is None or self.potential.money or self.scope.by_account:
            return Measure("potential", "Potential", "", "money")
        return Measure("potential", "Potential", "points", "number")

    @property
    def axis(self) -> str:
        """Title of an axis with potential."""
        money = self.about.format == "money"
        return f"potential a year, {self.settings.currency if money else 'points'}"

    @property
    def in_money(self) -> str:
        """What follows the title of a column with potential: its currency."""
        return f", {self.settings.currency}" if self.about.format == "money" else ""

    @property
    def many(self) -> str:
        """What the places are called."""
        return self.settings.word("units" if self.by_unit else "territories")

    @property
    def one(self) -> str:
        """What a place is called."""
        return self.settings.word("unit" if self.by_unit else "territory")

    def money(self, value: float) -> str:
        """An amount of potential."""
        return amount(value, self.about, self.settings)

    def names(self, table: pd.DataFrame) -> list[str]:
        """Label of each row: the territory's name, or the unit with its town."""
        if self.by_unit:
            return self.unit_names(table.index)
        return [str(name) for name in table["name"]]

    def unit_names(self, unit_ids: pd.Index) -> list[str]:
        """Each unit with its town, where a column of text says one."""
        units = self.case.plan.units
        towns = labels_of(units)[:1]
        if not towns:
            return [str(unit) for unit in unit_ids]
        town = units.attributes[towns[0]].reindex(unit_ids).fillna("")
        return [f"{unit} {name}".strip() for unit, name in town.items()]

    def ids(self, table: pd.DataFrame) -> list[str]:
        """What a click on each row hands on: the unit's id, or the territory's position."""
        if self.by_unit:
            return [str(unit) for unit in table.index]
        return [str(self.case.plan.position_of(t)) for t in table.index]

    def pick(self, chosen: str) -> None:
        """Point out the place that was clicked."""
        (pick_unit if self.by_unit else pick_territory)(chosen)

    def texts(self, table: pd.DataFrame) -> list[str]:
        """What pointing at each row says."""
        out = []
        for row in table.to_dict("records"):
            parts = [f"potential {self.money(row['potential'])}"]
            if "penetration" in row:
                parts.append(f"{share(row['penetration'])} won")
            if row.get("growth") is not None and row["growth"] == row["growth"]:
                parts.append(f"growth {signed(row['growth'])}")
            out.append(", ".join(parts))
        return out


def missing(text: str, label: str, page: str = "Data") -> None:
    """What a panel would show, what it needs, and where that can be had."""
    st.info(text, icon=":material/info:")
    st.page_link(path_of(page), label=label, icon=":material/upload_file:")
