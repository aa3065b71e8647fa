"""Everything that a plan hands over, as a list of files: PARTS says what there is and for whom."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any, Literal

from territory.advise.brief import brief
from territory.advise.document import Document
from territory.advise.gaps import gaps
from territory.advise.handed import Handed, default_start
from territory.advise.review import review_pack
from territory.advise.training import ROLES, Role, course
from territory.advise.transition import transition_plan
from territory.errors import PlanError
from territory.export import crm
from territory.export.archive import Names
from territory.export.calendar import ics_bytes
from territory.export.catalogue import EXPORTS
from territory.export.excel import workbook_bytes
from territory.export.legible import fit
from territory.export.pdf import pdf_bytes
from territory.export.picture import Maps
from territory.export.tables import case_for, rep_names
from territory.export.text import table_csv
from territory.export.visits import visits_csv, visits_ics
from territory.export.word import docx_bytes
from territory.model import Plan, Project
from territory.optimize.visit_result import VisitPlan
from territory.optimize.visit_round import round_of
from territory.optimize.visits import visit_plan

__all__ = ["FORMATS", "PARTS", "Format", "Item", "Kit", "Part", "parts_for"]

Format = Literal["docx", "pdf"]
FORMATS: tuple[Format, ...] = ("docx", "pdf")
FOLDERS: dict[Role, str] = {
    "reps": "For reps",
    "managers": "For managers",
    "operations": "For sales operations",
}
"""Recipient → folder."""


@dataclass(frozen=True)
class Item:
    """One file: where it goes, and how its content is made."""

    path: str
    make: Callable[[], bytes]


@dataclass(frozen=True, eq=False)
class Kit:
    """A plan with all that its files share: pictures are drawn once.

    Parameters
    ----------
    project, plan, baseline
        What is handed over, and what it is compared with.
    start
        The first day; None for the quarter after the last sales, or none where there are none.
    formats
        Of documents: "docx", "pdf" or both.
    run
        The engine's record of how the plan was made, as plain values.
    """

    project: Project
    plan: Plan
    baseline: Plan | None = None
    start: date | None = None
    formats: tuple[Format, ...] = FORMATS
    run: Mapping[str, Any] | None = None
    _drawn: dict[str, bytes | None] = field(default_factory=dict)
    _visits: dict[str, VisitPlan] = field(default_factory=dict)

    @cached_property
    def handed(self) -> Handed:
        """The plan as the documents see it."""
        case = case_for(self.project, self.plan, self.baseline)
        return Handed(case, self.project, self.start or default_start(self.project))

    @cached_property
    def maps(self) -> Maps:
        """The plan's pictures."""
        reps = rep_names(self.project, self.plan)
        both = zip(reps, self.plan.territories["name"], strict=True)
        return Maps(self.plan, tuple(str(rep or name) for rep, name in both), self.baseline)

    def picture(self, owner: str) -> bytes | None:
        """The map of an owner, or of the whole plan for ""; the last owner's is kept."""
        if not owner:
            return self.maps.whole
        if owner not in self._drawn:
            self._drawn.clear()
            self._drawn[owner] = self.maps.of(self.handed.territories_of(owner))
        return self._drawn[owner]

    @cached_property
    def stems(self) -> dict[str, str]:
        """Owner → the name of their folder; no two alike."""
        names, called = Names(), self.handed.name
        return {
            owner: names.fresh(f"{owner} {called(owner)}" if called(owner) != owner else owner)
            for owner in self.handed.owners
        }

    def workbook(self) -> bytes:
        """The workbook, with the record of the run."""
        return workbook_bytes(self.project, self.plan, self.baseline, self.run)

    def visits(self, owner: str) -> VisitPlan:
        """A quarter of a rep's visits from the first day; the last one asked for is kept."""
        if owner not in self._visits:
            start = self.handed.start
            # The plan begins on a Monday.
            monday = start + timedelta(days=-start.weekday() % 7) if start else None
            self._visits.clear()
            self._visits[owner] = visit_plan(self.project, self.plan, owner, start=monday)
        return self._visits[owner]

    def written(self, document: Document, folder: str, name: str = "") -> Iterator[Item]:
        """A document in every format asked for."""
        for kind in self.formats:
            write = docx_bytes if kind == "docx" else pdf_bytes
            yield Item(
                f"{folder}/{name or document.name}.{kind}",
                lambda write=write: write(document, self.picture),  # type: ignore[misc]
            )

    def items(self, parts: Collection[str]) -> Iterator[Item]:
        """The files of some of PARTS, in the order of PARTS, and a list of them for people.

        Raises
        ------
        PlanError
            If a part does not exist, or the calendar is asked for without a start date.
        """
        strange = [name for name in parts if name not in PARTS]
        if strange:
            raise PlanError(
                f"There is no {strange[0]!r} to hand over: choose of {', '.join(PARTS)}."
            )
        if "ics" in parts and self.handed.start is None:
            raise PlanError(
                "The calendar needs a start date, and there is no sales history to take one from: "
                "choose the first day of the plan."
            )
        for name, part in PARTS.items():
            if name in parts:
                yield from part.files(self)

    def about(self, parts: Collection[str]) -> bytes:
        """README.txt: what is in the folder, and what the documents don't know."""
        lines = [fit(self.project.name), ""]
        lines += [f"{PARTS[p].label}: {PARTS[p].about}" for p in PARTS if p in parts]
        missing = [text.text for text in gaps(self.handed)]
        lines += ["", "What is missing:", *(f"- {fit(m)}" for m in missing)] if missing else []
        if {"salesforce", "hubspot", "assignments"} & set(parts):
            lines += ["", "Before you upload to a CRM:"]
            lines += [f"- {note}" for note in crm.notes_for(self.handed)]
        return ("\r\n".join(lines) + "\r\n").encode("utf-8", "replace")


@dataclass(frozen=True)
class Part:
    """One thing to hand over: its name on screen, what it is good for, for whom, its files.

    ``slow`` ones are only made when somebody asks for them by name.
    """

    label: str
    about: str
    readers: tuple[Role, ...]
    files: Callable[[Kit], Iterator[Item]]
    slow: bool = False


def parts_for(readers: Collection[str]) -> list[str]:
    """The parts that somebody among the readers needs."""
    return [name for name, part in PARTS.items() if set(part.readers) & set(readers)]


def _briefs(kit: Kit) -> Iterator[Item]:
    folder = FOLDERS["reps"]
    for owner, stem in kit.stems.items():
        # Made when its turn comes: five hundred briefs at once would fill the memory.
        for kind in kit.formats:
            write = docx_bytes if kind == "docx" else pdf_bytes
            yield Item(
                f"{folder}/{stem}/Brief.{kind}",
                lambda owner=owner, write=write: write(  # type: ignore[misc]
                    brief(kit.handed, owner), kit.picture
                ),
            )
        if kit.handed.accounts is not None:
            yield Item(f"{folder}/{stem}/Accounts.csv", lambda owner=owner: _own(kit, owner))  # type: ignore[misc]
        if kit.handed.start is not None:
            yield Item(
                f"{folder}/{stem}/Check-ins.ics",
                lambda owner=owner: ics_bytes(kit.handed, owner),  # type: ignore[misc]
            )


def _own(kit: Kit, owner: str) -> bytes:
    """All accounts of one owner, the most important first."""
    table = kit.handed.mine(owner)
    shown = ["name", "unit_id", "segment", "industry", "status", "revenue", "potential"]
    out = table[shown].copy()
    out.insert(0, "account_id", table.index.astype(str))
    out["comes_from"] = [
        kit.handed.name(str(b)) if h else ""
        for b, h in zip(table["owner_before"], table["handed"], strict=True)
    ]
    return table_csv(out)


def _visits(kit: Kit) -> Iterator[Item]:
    """A quarter of visits for each rep with somebody to visit, beside the brief."""
    for owner, stem in kit.stems.items():
        if kit.handed.is_rep(owner) and _visited(kit, owner):
            for name, write in (("Visits.csv", visits_csv), ("Visits.ics", visits_ics)):
                yield Item(
                    f"{FOLDERS['reps']}/{stem}/{name}",
                    lambda owner=owner, write=write: write(kit.visits(owner)),  # type: ignore[misc]
                )


def _visited(kit: Kit, owner: str) -> bool:
    """Has this rep anybody to visit? Who has not gets no plan, and everybody else gets theirs."""
    try:
        round_of(kit.project, kit.plan, owner)
    except PlanError:
        return False
    return True


def _transition(kit: Kit) -> Iterator[Item]:
    folder = FOLDERS["managers"]
    yield from kit.written(transition_plan(kit.handed), folder)
    yield Item(f"{folder}/transition-accounts.csv", lambda: crm.transition_csv(kit.handed))


def _training(kit: Kit) -> Iterator[Item]:
    for role, folder in FOLDERS.items():
        yield from kit.written(course(kit.handed, role), folder, "Training")


def _review(kit: Kit) -> Iterator[Item]:
    yield from kit.written(review_pack(kit.handed), FOLDERS["managers"])


def _calendar(kit: Kit) -> Iterator[Item]:
    yield Item(f"{FOLDERS['managers']}/Check-ins.ics", lambda: ics_bytes(kit.handed))


def _workbook(kit: Kit) -> Iterator[Item]:
    yield Item("Territory plan.xlsx", kit.workbook)


def _salesforce(kit: Kit) -> Iterator[Item]:
    folder = f"{FOLDERS['operations']}/CRM"
    yield Item(f"{folder}/salesforce-owners.csv", lambda: crm.salesforce_csv(kit.handed))
    yield Item(f"{folder}/salesforce-territories.csv", lambda: crm.territory2_csv(kit.handed))


def _hubspot(kit: Kit) -> Iterator[Item]:
    yield Item(
        f"{FOLDERS['operations']}/CRM/hubspot-owners.csv", lambda: crm.hubspot_csv(kit.handed)
    )


def _assignments(kit: Kit) -> Iterator[Item]:
    yield Item(
        f"{FOLDERS['operations']}/CRM/assignments.csv", lambda: crm.assignments_csv(kit.handed)
    )


def _plain(name: str) -> Callable[[Kit], Iterator[Item]]:
    """The files of EXPORTS, as they are."""

    def files(kit: Kit) -> Iterator[Item]:
        export = EXPORTS[name]
        path = f"{FOLDERS['operations']}/Plan/territory-plan{export.suffix}"
        yield Item(path, lambda: export.make(kit.project, kit.plan, kit.baseline))

    return files


_ALL: tuple[Role, ...] = tuple(ROLES)
_OPS: tuple[Role, ...] = ("operations",)

PARTS: dict[str, Part] = {
    "workbook": Part(
        "Workbook",
        "every figure of the plan, to read and to edit in Excel",
        ("managers", "operations"),
        _workbook,
    ),
    "briefs": Part(
        "Briefs", "a document, an account list and a calendar for each rep", ("reps",), _briefs
    ),
    "visits": Part(
        "Visits",
        "a quarter of calls in driving order for each rep; some seconds each",
        ("reps",),
        _visits,
        slow=True,
    ),
    "transition": Part(
        "Transition plan", "waves, meetings and compensation holds", ("managers",), _transition
    ),
    "training": Part(
        "Training", "a short course for each role, made from this plan", _ALL, _training
    ),
    "review": Part(
        "Review pack",
        "the plan against its results, for the quarterly meeting",
        ("managers",),
        _review,
    ),
    "ics": Part(
        "Calendar", "hand-over meetings, check-ins and reviews (.ics)", ("managers",), _calendar
    ),
    "salesforce": Part("Salesforce", "owner changes and territory assignments", _OPS, _salesforce),
    "hubspot": Part("HubSpot", "owner changes", _OPS, _hubspot),
    "assignments": Part(
        "Assignments", "every account with its owner, now and before", _OPS, _assignments
    ),
    "csv": Part("Plan file", "unit_id and territory_id, for the next import", _OPS, _plain("csv")),
    "people": Part("Unit table", "every unit with its figures (CSV)", _OPS, _plain("people")),
    "geojson": Part("Units as GeoJSON", "for web maps", _OPS, _plain("geojson")),
    "outlines": Part("Outlines as GeoJSON", "territories for web maps", _OPS, _plain("outlines")),
    "gpkg": Part("GeoPackage", "units and territories for QGIS", _OPS, _plain("gpkg")),
    "kml": Part("KML", "territories for Google Earth", _OPS, _plain("kml")),
    "shapefile": Part("Shapefile", "territories for older map programs", _OPS, _plain("shapefile")),
}
"""Name → part. Names are stable: the command line and the page use them."""
