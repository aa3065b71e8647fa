"""Results: what each territory sold, against last year, its quota and its hours."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import streamlit as st

from territory.advise.quotas import planned
from territory.metrics import Case
from territory.metrics.ledger import ledger_of
from territory.metrics.performance import Performance, performance, sold_by_period
from territory.metrics.scope import Scope
from territory.metrics.segment_table import scope_of
from territory.model import Settings, Workspace
from territory.model.figures import amount, share, signed
from territory.ui import session
from territory.ui.case import case_of, current_case
from territory.ui.charts import before_after, deviation_bars, show
from territory.ui.follow_map import follow_map, pick_territory
from territory.ui.navigation import path_of
from territory.ui.sales_charts import history_chart, won_and_lost
from territory.ui.text import plain

__all__ = ["compared", "results_view"]


@st.fragment
def results_view(_: Workspace) -> None:
    """Five charts and the map beside them; a click on either points a territory out in both."""
    here = session.workspace()
    now = current_case(here)
    scope = scope_of(now, here.filters)
    then = case_of(here, here.baseline) if compared(here) else None
    charts, beside = st.columns([3, 1], gap="large")
    with beside:
        follow_map(here, "results-map")
    with charts:
        before = performance(then, scope) if then else None
        panel = Panel(here, performance(now, scope), before, np.flatnonzero(scope.territories))
        panel.summary()
        for first, second in ((panel.growth, panel.attainment), (panel.customers, panel.hourly)):
            left, right = st.columns(2, gap="large")
            with left:
                first()
            with right:
                second()
        _history(here, now, then, scope)


def compared(here: Workspace) -> bool:
    """Are there figures of the baseline to stand beside those of the plan?"""
    same = here.baseline.territory_ids == here.plan.territory_ids
    return same and bool((here.plan.alignment != here.baseline.alignment).any())


def _said(figures: pd.Series, window: str, settings: Settings) -> str:
    """The year in a sentence."""
    parts = [f"**{amount(figures['sales'], 'sales', settings)}** sold in {window}"]
    if np.isfinite(figures["growth"]):
        parts.append(f"{signed(figures['growth'], 1)} on the year before")
    if np.isfinite(figures["attainment"]):
        parts.append(f"{share(figures['attainment'])} of quota")
    if np.isfinite(figures["sales_per_rep"]):
        parts.append(
            f"{amount(figures['sales_per_rep'], 'sales', settings)} a {settings.word('rep')}"
        )
    if np.isfinite(figures["new_customers"]):
        parts.append(f"{figures['new_customers']:,.0f} new customers")
    if np.isfinite(figures["churn"]):
        parts.append(f"{figures['lost_customers']:,.0f} lost ({share(figures['churn'], 1)})")
    return ", ".join(parts)


@dataclass(frozen=True, eq=False)
class Panel:
    """The territories that are shown, with their figures now and in the baseline."""

    here: Workspace
    now: Performance
    before: Performance | None
    shown: np.ndarray

    @property
    def names(self) -> list[str]:
        """Names of the territories that are shown."""
        return list(self.here.plan.territories["name"].iloc[self.shown])

    def of(self, column: str) -> tuple[pd.Series, pd.Series | None]:
        """A figure now and before, for what is shown."""
        old = None if self.before is None else self.before.table[column].iloc[self.shown]
        return self.now.table[column].iloc[self.shown], old

    def pick(self, place: str) -> None:
        """A bar was clicked."""
        if place.isdigit() and int(place) < len(self.shown):
            pick_territory(str(self.shown[int(place)]))

    def table(self, *columns: str) -> pd.DataFrame:
        """What a chart offers as a file."""
        out = self.now.table[list(columns)].iloc[self.shown].copy()
        if self.before is not None:
            out[f"{columns[0]} in the baseline"] = self.before.table[columns[0]]
        out.insert(0, "territory", self.names)
        return out

    def lacks(self, column: str) -> bool:
        """Say what would fill a chart that can't be drawn."""
        values, _ = self.of(column)
        if values.notna().any():
            return False
        reason = self.now.missing.get(column, "There is nothing to show here yet.")
        st.info(plain(reason), icon=":material/info:")
        st.page_link(path_of("Data"), label="Load data", icon=":material/upload_file:")
        return True

    def summary(self) -> None:
        """The year of all that is shown, and what is not counted."""
        if np.isfinite(self.now.total["sales"]):
            text = _said(self.now.total, self.now.window.words, self.here.project.settings)
            st.markdown(text.replace("$", "\\$"))
        for note in self.now.notes:
            st.caption(plain(note))

    def growth(self) -> None:
        """Against the same quarters a year before."""
        if self.lacks("growth"):
            return
        values, old = self.of("growth")
        settings, window = self.here.project.settings, self.now.window
        fell = int((values < 0).sum())
        words = settings.word("territory" if fell == 1 else "territories")
        finding = f"Sales {signed(self.now.total['growth'], 1)} on {window.words_before}; "
        finding += f"{fell} {words} sold less" if fell else "nobody sold less"
        texts = [f"{signed(v, 1)} on {window.words_before}" for v in values]
        figure = deviation_bars(finding, self.names, values, old, 0.0, texts, more_is_good=True)
        data = self.table("growth", "sales", "sales_before")
        show(figure, "chart-growth", data=data, pick=self.pick)

    def attainment(self) -> None:
        """Sales against quota."""
        if self.lacks("attainment"):
            return
        values, old = self.of("attainment")
        reached, known = int((values >= 1).sum()), int(values.notna().sum())
        finding = f"{reached} of {known} sold in {self.now.window.words} what is asked of them now"
        line = (1.0, "quota")
        figure = before_after(
            finding, self.names, values, old, "sales / quota", form=".0%", line=line
        )
        data = self.table("attainment", "sales", "quota")
        show(figure, "chart-attainment", data=data, pick=self.pick)

    def customers(self) -> None:
        """Won and lost; only won where the history does not say who bought."""
        if self.lacks("new_customers"):
            return
        won, _ = self.of("new_customers")
        lost, _ = self.of("lost_customers")
        gained, gone = won.sum(), lost.sum()
        finding = f"{gained:,.0f} new customers"
        finding += f", {gone:,.0f} lost" if lost.notna().any() else ""
        figure = won_and_lost(finding, self.names, won, lost.fillna(0))
        columns = ("new_customers", "lost_customers", "customers", "churn")
        show(figure, "chart-customers", data=self.table(*columns), pick=self.pick)
        if "churn" in self.now.missing:
            st.caption(plain(self.now.missing["churn"]))

    def hourly(self) -> None:
        """Productivity."""
        if self.lacks("sales_per_hour"):
            return
        settings = self.here.project.settings
        values, old = self.of("sales_per_hour")
        best, least = values.idxmax(), values.idxmin()
        name = self.here.plan.territories["name"]
        finding = (
            f"An hour brings {amount(values[best], 'sales', settings)} with {name[best]}, "
            f"{amount(values[least], 'sales', settings)} with {name[least]}"
        )
        axis = f"sales per hour of work, {settings.currency}"
        figure = before_after(finding, self.names, values, old, axis)
        data = self.table("sales_per_hour", "sales", "workload_hours")
        show(figure, "chart-productivity", data=data, pick=self.pick)


def _history(here: Workspace, now: Case, then: Case | None, scope: Scope) -> None:
    """The active territory's sales under both plans, and its quota by quarter."""
    sales = here.project.sales
    if sales is None or not len(sales.frame):
        return
    at = min(here.active, here.plan.k - 1)
    name = str(here.plan.territories["name"].iloc[at])
    labels = list(ledger_of(here.plan.units, sales).calendar.labels)
    both = [sold_by_period(case, scope) if case else None for case in (now, then)]
    if both[0] is None:
        return
    sold, before = (None if t is None else pd.Series(t[at, : len(labels)], labels) for t in both)
    assert sold is not None
    everything = performance(now, scope)
    # A quota is for all that a rep sells, so it stands beside nothing less.
    quarters = planned(now) if np.isfinite(everything.total["attainment"]) else None
    coming = None if quarters is None else quarters.iloc[at]
    growth = everything.table["growth"].iloc[at]
    trend = f"{signed(growth, 1)} in a year" if np.isfinite(growth) else f"{len(sold)} periods"
    figure = history_chart(
        f"{name}: sales {trend}", sold, before, coming, f"sales, {here.project.settings.currency}"
    )
    data = pd.DataFrame({"as drawn now": sold, "as in the baseline": before, "quota": coming})
    show(figure, "chart-sales", data=data.reset_index(names="period"))
    st.caption(
        "The same history under both plans: what this territory would have had. Quotas are spread "
        "over the quarters by season."
    )
