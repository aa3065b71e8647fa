"""Data: what is loaded, and how to load your own."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from territory.errors import InputError, TerritoryError
from territory.intake import Files, Report, read_project
from territory.model import measure
from territory.ui import session
from territory.ui.format import amount, unit_words
from territory.ui.navigation import path_of
from territory.ui.strip import header
from territory.ui.templates import template_buttons
from territory.ui.text import plain

BOUNDARIES = ["geojson", "json", "topojson", "gpkg", "parquet", "geoparquet", "zip", "fgb", "kml"]
TABLES = ["csv", "tsv", "txt", "xlsx", "parquet"]


def upload(label: str, kinds: list[str], key: str, hint: str) -> tuple[str, bytes] | None:
    """A file the user dropped, as (name, bytes)."""
    given = st.file_uploader(label, type=kinds, key=key, help=hint)
    return None if given is None else (given.name, given.getvalue())


def show_problems(error: InputError) -> None:
    """Every fault at once; the plan that was open is untouched."""
    st.error(f"{plain(str(error))}  \nYour plan is unchanged.", icon=":material/error:")
    if len(error.problems) > 1:
        st.dataframe(pd.DataFrame([p.as_dict() for p in error.problems[:1000]]), hide_index=True)


def load(files: Files, id_column: str, territories: int) -> None:
    """Read the files and open them as a new scenario."""
    try:
        with st.spinner("Reading your files, finding neighbours …"):
            project, plan, report = read_project(
                files, id_column=id_column.strip() or None, territories=territories
            )
            session.open_project(project, plan, "First plan")
    except InputError as error:
        show_problems(error)
    except TerritoryError as error:
        st.error(f"{plain(str(error))}  \nYour plan is unchanged.", icon=":material/error:")
    else:
        show_report(report)
        st.rerun()


def show_report(report: Report) -> None:
    """Leave what was read as notices for the page that opens next."""
    here = session.workspace()
    here.notify("info", f"Read {report.usable_rows:,} of {report.rows:,} areas.")
    for repair in report.repairs:
        here.notify("info", f"Repaired: {repair}")
    for note in report.notes:
        here.notify("warning", note)
    if report.problems:
        listed = "\n".join(str(p) for p in report.problems[:5])
        more = len(report.problems) - 5
        rest = f"\n… and {more} more." if more > 0 else ""
        here.notify("warning", f"Left out:\n{listed}{rest}")


here = header("Data", "What this project is made of. Loading other files never touches saved work.")
project, settings = here.project, here.project.settings
left, right = st.columns([2, 3], gap="large")

with left:
    st.subheader("Load your own", anchor=False)
    boundaries = upload(
        "Boundaries of the units",
        BOUNDARIES,
        "upload-boundaries",
        "GeoJSON, TopoJSON, GeoPackage, GeoParquet or a zipped shapefile; one area a unit.",
    )
    team = upload(
        "Team (optional)", TABLES, "upload-team", "One row a rep: rep_id, name, home_zip, quota …"
    )
    alignment = upload(
        "Who owns what today (optional)",
        TABLES,
        "upload-alignment",
        "Two columns: unit_id and territory_id (or rep).",
    )
    with st.expander("More tables and options"):
        attributes = upload(
            "Measures a unit", TABLES, "upload-attributes", "A unit id and any numeric columns."
        )
        accounts = upload(
            "Accounts", TABLES, "upload-accounts", "An id and a unit (ZIP) an account."
        )
        sales = upload("Sales history", TABLES, "upload-sales", "unit_id, period, amount.")
        id_column = st.text_input(
            "Column with the unit id",
            key="id-column",
            help="Only where it can't be told by its name (zip, ZCTA5CE20, GEOID20 …).",
        )
        territories = st.number_input(
            "Number of territories",
            1,
            2000,
            12,
            key="territories",
            help="Where neither a team nor an alignment says how many there are.",
        )
    template_buttons(project.units)
    pressed = st.button("Read files", type="primary", key="read-files", disabled=boundaries is None)
    st.button(
        "Reset to sample",
        key="reset-sample",
        icon=":material/restart_alt:",
        on_click=lambda: session.act(session.open_sample),
    )
    if pressed and boundaries is not None:
        load(
            Files(boundaries, attributes, accounts, team, sales, alignment),
            id_column,
            int(territories),
        )

with right:
    units = project.units
    st.subheader(f"{plain(project.name)}: {unit_words(units.n, settings)}", anchor=False)
    for note in project.notes:
        st.caption(plain(note))
    rows: list[dict[str, Any]] = []
    for name in units.measure_names:
        values = units.values(name)
        known = pd.Series(values).dropna()
        about = measure(name)
        rows.append(
            {
                "Measure": about.label,
                "Total": amount(float(known.sum()), about, settings) if about.additive else "–",
                "Smallest": amount(float(known.min()), about, settings) if len(known) else "–",
                "Largest": amount(float(known.max()), about, settings) if len(known) else "–",
                "Gaps": int(units.n - len(known)),
            }
        )
    tables = [
        ("Reps", len(project.team) if project.team else None),
        ("Accounts", len(project.accounts) if project.accounts else None),
        ("Periods of sales", len(project.sales.periods) if project.sales else None),
    ]
    with st.grid(4, min_column_width=120, gap="small"):
        st.metric("Territories", here.plan.k, border=True)
        for label, count in tables:
            st.metric(label, f"{count:,}" if count is not None else "none", border=True)
    st.dataframe(pd.DataFrame(rows), hide_index=True, width="stretch")
    st.caption("First rows as they were read")
    st.dataframe(units.attributes.head(8), width="stretch")
    st.page_link(path_of("Map"), label="**See it on the map**", icon=":material/arrow_forward:")
