"""Travel and working time: every assumption behind hours and ways, with its unit."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import streamlit as st

from territory.errors import TerritoryError
from territory.intake.road_server import checked_address
from territory.metrics.capacity import as_of
from territory.model import Settings, Travel, Workspace
from territory.model.assumptions import TRAVEL_LIMITS
from territory.model.figures import MILES
from territory.ui import session
from territory.ui.fields import percent
from territory.ui.text import plain

__all__ = ["travel_form"]

CAPACITY = {"field": "time with customers and driving", "all": "all working time"}
KINDS = {"osrm": "OSRM", "valhalla": "Valhalla"}


def travel_form(here: Workspace) -> None:
    """The form; saved, every figure on hours is counted anew."""
    settings = here.project.settings
    with st.form("travel", border=True):
        st.subheader("Travel and working time", anchor=False)
        given = _time(here) | _roads(settings)
        saved = st.form_submit_button("Save", type="primary", key="save-travel")
    if not saved:
        return
    try:
        given["server"] = checked_address(given["server"]) if given["server"].strip() else ""
        travel = replace(settings.travel, **given)
    except TerritoryError as error:
        st.error(plain(str(error)))
        return
    session.save_settings(replace(settings, travel=travel))
    here.notify("info", "Saved.")
    st.rerun()


def _number(
    label: str,
    name: str,
    travel: Travel,
    unit: str,
    *,
    step: float,
    scale: float = 1.0,
    help: str | None = None,
) -> float:
    """A field for one assumption, shown in the user's unit."""
    low, high = TRAVEL_LIMITS[name]
    shown = st.number_input(
        f"{label}, {unit}" if unit else label,
        low * scale,
        high * scale,
        float(getattr(travel, name)) * scale,
        step=step,
        format="%.2f" if step < 0.1 else "%.1f" if step < 1 else "%.0f",
        key=f"travel-{name}",
        help=help,
    )
    return float(min(high, max(low, shown / scale)))


def _time(here: Workspace) -> dict[str, Any]:
    """How reps spend their time."""
    travel, word = here.project.settings.travel, here.project.settings.word("rep")
    given: dict[str, Any] = {
        "capacity_is": st.segmented_control(
            f"Capacity hours of a {word} are",
            list(CAPACITY),
            default=travel.capacity_is,
            required=True,
            format_func=CAPACITY.__getitem__,
            key="travel-capacity",
        ),
        "field_share": percent(
            "Working time spent in the field",
            *(10, 100),
            travel.field_share,
            key="travel-field",
            sign="",
            help="With customers and on the way to them; the rest is office.",
        ),
    }
    with st.grid(2, gap="small"):
        given["hours_per_day"] = _number("Working day", "hours_per_day", travel, "hours", step=0.5)
        given["minutes_per_visit"] = _number(
            "Usual visit",
            "minutes_per_visit",
            travel,
            "minutes",
            step=5.0,
            help="Where no account says how long it takes.",
        )
        given["ramp_months"] = _number(
            "Ramp of new people",
            "ramp_months",
            travel,
            "months",
            step=1.0,
            help="Months until somebody new has all hours; growing evenly until then.",
        )
        begin = as_of(here.project)
        known = date.fromisoformat(travel.as_of) if travel.as_of else None
        day = st.date_input(
            "Capacity counts for a year from",
            known,
            key="travel-as-of",
            help=f"Empty: {begin or 'the end of the sales history, once there is one'}.",
        )
    given["as_of"] = day.isoformat() if isinstance(day, date) else ""
    return given


def _roads(settings: Settings) -> dict[str, Any]:
    """How they get about."""
    travel, miles = settings.travel, settings.distance == "mi"
    speed: dict[str, Any] = {"unit": "mph", "scale": MILES} if miles else {"unit": "km/h"}
    given: dict[str, Any] = {}
    with st.grid(2, gap="small"):
        given["circuity"] = _number(
            "Road over straight distance",
            "circuity",
            travel,
            "",
            step=0.05,
            help="0: as usual in each US state, 1.22 to 1.42; 1.3 elsewhere.",
        )
        given["city_kmh"] = _number("Speed in cities", "city_kmh", travel, step=5.0, **speed)
        given["country_kmh"] = _number(
            "Speed in the country", "country_kmh", travel, step=5.0, **speed
        )
        given["highway_kmh"] = _number(
            "Speed on longer ways", "highway_kmh", travel, step=5.0, **speed
        )
        given["cycle_weeks"] = _number(
            "Visits planned ahead for", "cycle_weeks", travel, "weeks", step=1.0,
            help="What lies together in these weeks is visited together.",
        )  # fmt: skip
        given["overnight_hours"] = _number(
            "Night away beyond a way of", "overnight_hours", travel, "hours", step=0.5
        )
        given["trip_days"] = _number("Days of such a trip", "trip_days", travel, "", step=1.0)
        given["night_hours"] = _number(
            "A night away costs", "night_hours", travel, "hours", step=0.5
        )
        given["server"] = st.text_input(
            "Road server (optional)",
            travel.server,
            max_chars=200,
            placeholder="http://localhost:5000",
            key="travel-server",
            help="Address of an OSRM or Valhalla server. Nothing is sent until you ask it.",
        )
        given["server_kind"] = st.segmented_control(
            "Kind of server",
            list(KINDS),
            default=travel.server_kind,
            required=True,
            format_func=KINDS.__getitem__,
            key="travel-server-kind",
        )
    return given
