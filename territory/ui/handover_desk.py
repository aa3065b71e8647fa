"""The handover on screen: who gets what, the zip on its way, and an edited workbook coming back."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import streamlit as st

from territory.advise.brief import brief
from territory.advise.handed import default_start
from territory.advise.review import review_pack
from territory.advise.transition import transition_plan
from territory.export.bundle import bundle
from territory.export.kit import PARTS, Format, Kit, parts_for
from territory.model import Workspace
from territory.ui.document_view import show_document
from territory.ui.made_with import last_record
from territory.ui.progress_view import watch_job
from territory.ui.runs import Halted, Job, Tell
from territory.ui.text import plain

__all__ = ["Choice", "ask", "kit_of", "preview", "send"]

READERS = {"reps": "Reps", "managers": "Managers", "operations": "Sales operations"}
FORMATS: dict[Format, str] = {"docx": "Word", "pdf": "PDF"}


@dataclass(frozen=True)
class Choice:
    """What was chosen on the page."""

    parts: tuple[str, ...]
    formats: tuple[Format, ...]
    start: date | None


@dataclass(eq=False)
class Parcel(Job[bytes]):
    """A zip on its way, and what it is of."""

    asked: tuple[Hashable, ...] = ()


@dataclass(eq=False)
class Desk:
    """Lives as long as the session; never saved."""

    kit: Kit
    parcel: Parcel | None = None


def kit_of(here: Workspace, choice: Choice | None = None) -> Kit:
    """The plan as it is now, ready to be written; pictures are kept while it stays the same."""
    desk = here.handover
    start = choice.start if choice else None
    formats = choice.formats if choice else ("docx", "pdf")
    if not isinstance(desk, Desk) or not _same(desk.kit, here):
        found = last_record(here)
        run = None if found is None else found[0].to_json()
        kit = Kit(here.project, here.plan, here.baseline, start, formats, run)
        parcel = desk.parcel if isinstance(desk, Desk) else None
        here.handover = desk = Desk(kit, parcel)
    elif (desk.kit.start, desk.kit.formats) != (start, formats) and choice is not None:
        desk.kit = replace(desk.kit, start=start, formats=formats)
    return desk.kit


def _same(kit: Kit, here: Workspace) -> bool:
    return kit.project is here.project and kit.plan is here.plan and kit.baseline is here.baseline


def ask(here: Workspace) -> Choice:
    """For whom, in which format, from when; each part may be left out."""
    word = here.project.settings.word
    names = READERS | {"reps": word("reps")[:1].upper() + word("reps")[1:]}
    readers = st.pills(
        "For whom", list(READERS), selection_mode="multi", default=list(READERS),
        format_func=names.__getitem__, key="handover-readers",
    )  # fmt: skip
    offered = parts_for(readers)
    slow = [p for p in offered if PARTS[p].slow]
    parts = st.pills(
        "What", offered, selection_mode="multi", default=[p for p in offered if p not in slow],
        format_func=lambda p: PARTS[p].label, wrap=True, key=f"handover-parts-{'-'.join(readers)}",
        help="  \n".join(f"**{PARTS[p].label}**: {PARTS[p].about}" for p in offered),
    )  # fmt: skip
    left, right = st.columns(2)
    formats = left.pills(
        "Documents as", list(FORMATS), selection_mode="multi", default=list(FORMATS),
        format_func=FORMATS.__getitem__, key="handover-formats",
    )  # fmt: skip
    start = right.date_input(
        "First day", default_start(here.project), key="handover-start",
        help="Hand-overs, check-ins and reviews count from here. Proposed is the quarter after "
        "the last sales.",
    )  # fmt: skip
    day = start if isinstance(start, date) else None
    return Choice(tuple(parts), tuple(formats) or ("docx", "pdf"), day)


def send(here: Workspace, choice: Choice) -> None:
    """One button: the zip is made beside the page, with progress and a way to stop."""
    kit = kit_of(here, choice)
    desk: Any = here.handover
    # A calendar needs days; everything else can be made without them.
    parts = tuple(p for p in choice.parts if p != "ics" or choice.start)
    if len(parts) < len(choice.parts):
        st.caption("The calendar is left out until there is a first day.")
    asked = (id(kit.plan), id(kit.project), id(kit.baseline), parts, choice)
    parcel = desk.parcel
    busy = parcel is not None and not parcel.finished
    ready = parcel is not None and parcel.result is not None and parcel.asked == asked
    pressed = st.button(
        "Prepare the handover",
        type="secondary" if ready else "primary", key="make-handover", width="stretch",
        icon=":material/inventory_2:", disabled=busy or not parts,
    )  # fmt: skip
    if pressed:
        desk.parcel = parcel = Parcel(asked=asked)

        def work(tell: Tell, halted: Halted) -> bytes:
            return bundle(kit, parts, tell, halted)

        parcel.begin(work)
        st.rerun()
    if parcel is None:
        return
    if not parcel.finished:
        watch_job(parcel, _now(parcel), "stop-handover")
    elif parcel.result is None:
        st.warning(plain(parcel.fault), icon=":material/info:")
    else:
        if parcel.asked != asked:
            st.caption("The plan or the choice above has changed since this was prepared.")
        st.download_button(
            f"Download the handover ({len(parcel.result) / 1e6:.1f} MB)", parcel.result,
            "territory-handover.zip", "application/zip", key="download-handover",
            icon=":material/download:", width="stretch", on_click="ignore",
            type="primary" if ready else "secondary",
        )  # fmt: skip


def _now(parcel: Parcel) -> str:
    state = parcel.progress
    return "Getting ready …" if state is None else f"{plain(state.message)} ·"


def preview(here: Workspace, choice: Choice) -> None:
    """One document as it will be."""
    kit = kit_of(here, choice)
    handed = kit.handed
    kinds = {"brief": "Brief", "transition": "Transition plan", "review": "Review pack"}
    if not handed.owners:
        st.info("There are no territories yet, so nobody gets a brief.", icon=":material/info:")
        return
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    kind = left.segmented_control(
        "Preview", list(kinds), format_func=kinds.__getitem__, default="brief", required=True,
        key="preview-kind",
    )  # fmt: skip
    with st.spinner("Writing …"), st.container(border=True, height=720, key="preview"):
        if kind == "brief":
            owner = right.selectbox(
                "Whose", handed.owners, format_func=handed.name, key="preview-owner"
            )
            show_document(brief(handed, owner), kit.picture, f"brief-{owner}")
        elif kind == "transition":
            show_document(transition_plan(handed), kit.picture, "transition")
        else:
            show_document(review_pack(handed), kit.picture, "review")
