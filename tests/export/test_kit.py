"""The whole handover: every file, for whom, in one zip, with progress and a way to stop."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import replace

import icalendar
import numpy as np
import pandas as pd
import pytest

from territory.errors import Cancelled, PlanError
from territory.export.bundle import bundle, write_folder
from territory.export.calendar import ics_bytes
from territory.export.crm import (
    assignments_csv,
    hubspot_csv,
    notes_for,
    salesforce_csv,
    territory2_csv,
    transition_csv,
)
from territory.export.kit import PARTS, Kit, parts_for
from territory.model import Accounts, Plan, Project, Team
from tests.advise.handover import handed

QUICK = [name for name in PARTS if name not in ("gpkg", "shapefile", "geojson", "outlines")]


def kit_of(case, **more) -> Kit:
    """The kit of a handed-over plan."""
    return Kit(case.project, case.plan, case.case.baseline, case.start, **more)


def rows(content: bytes) -> list[list[str]]:
    """A CSV file's rows."""
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def test_everything_in_one_zip():
    """Each part brings its files; a brief for each owner in both formats; progress to the end."""
    told: list[tuple[int, int]] = []
    kit = kit_of(handed())
    content = bundle(kit, QUICK, lambda state: told.append((state.step, state.steps)))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        assert archive.testzip() is None
        about = archive.read("README.txt").decode()
    assert [n for n in names if "Brief.docx" in n] == [
        f"For reps/{who}/Brief.docx" for who in ("R1 Ann", "R2 Bo", "R3 Cy")
    ]
    assert len(names) == len(set(names)) == told[-1][1] + 1
    assert told[0][0] == 0 and told[-1][0] == told[-1][1]
    assert "Salesforce needs its own user ids" in about
    assert content == bundle(kit_of(handed()), QUICK)


def test_it_can_be_stopped():
    """The next file after Stop is not made."""
    asked = iter([False, True])
    with pytest.raises(Cancelled):
        bundle(kit_of(handed()), ["csv", "people", "kml"], halted=lambda: next(asked))


def test_a_folder_holds_the_same(tmp_path):
    """Written to a folder: the same files, with the same content."""
    kit = kit_of(handed(), formats=("pdf",))
    parts = ["transition", "csv", "salesforce"]
    written = write_folder(kit, parts, tmp_path / "out")
    with zipfile.ZipFile(io.BytesIO(bundle(kit, parts))) as archive:
        assert archive.namelist() == written
        for name in written:
            assert (tmp_path / "out" / name).read_bytes() == archive.read(name)


def test_unknown_parts_and_a_calendar_without_a_start_are_refused():
    """One clear sentence each, before anything is made."""
    with pytest.raises(PlanError, match=r"no 'pptx' .* choose of workbook"):
        bundle(kit_of(handed()), ["pptx"])
    with pytest.raises(PlanError, match="needs a start date"):
        bundle(kit_of(handed(sales=None, start=None)), ["ics"])


def test_every_reader_gets_something():
    """Recipients choose the parts that are for them."""
    assert "briefs" in parts_for(["reps"]) and "salesforce" not in parts_for(["reps"])
    assert set(parts_for(["reps", "managers", "operations"])) == set(PARTS)
    assert parts_for([]) == []


def test_salesforce_holds_only_owner_changes():
    """Id and OwnerId of what changes hands, with Salesforce's own ids where the team has them."""
    case = handed()
    assert rows(salesforce_csv(case)) == [
        ["Id", "OwnerId"],
        *([a, "R2"] for a in ("A1", "A7", "A2", "A3", "A8")),
    ]
    frame = case.project.team.frame.assign(salesforce_id=["005A", "005B", "005C"])
    known = handed(team=Team(frame))
    assert {r[1] for r in rows(salesforce_csv(known))[1:]} == {"005B"}
    assert not any("salesforce_id" in note for note in notes_for(known))


def test_hubspot_knows_owners_by_mail():
    """The owner's address where the team has one, else the name."""
    case = handed()
    assert rows(hubspot_csv(case))[1] == ["A1", "Firm 1", "Bo"]
    known = handed(team=Team(case.project.team.frame.assign(email=["a@x", "b@x", "c@x"])))
    assert rows(hubspot_csv(known))[1][2] == "b@x"


def test_without_a_baseline_the_accounts_own_owner_counts():
    """An account whose file says Ann, in Bo's territory, is a change; one of Bo's is none."""
    frame = handed().project.accounts.frame.assign(owner=["Ann", *["R2"] * 8])
    case = handed(accounts=Accounts(frame), baseline=None)
    assert [r[0] for r in rows(salesforce_csv(case))[1:]] == ["A5"]


def test_territories_and_assignments_list_every_account():
    """Each account once, with its territory; those that nobody has are left out of the first."""
    case = handed(plan=handed().plan.move(["00"], None))
    assert len(rows(territory2_csv(case))) == 1 + 8
    assert rows(territory2_csv(case))[1][1:] == ["R2", "Territory2Manual"]
    table = {r[0]: r for r in rows(assignments_csv(case))[1:]}
    assert table["A0"][3:] == ["", "", "R1", "Ann"] and len(table) == 9


def test_a_territory_without_a_rep_takes_nobody_elses_accounts():
    """Accounts stay where they lie; a named one with its rep, in whichever territory that is."""
    plan = handed().plan
    for reps in (["R1", "R1", ""], ["", "R1", "R1"]):
        owned = plan.territories.assign(rep_id=reps)
        case = handed(plan=replace(plan, territories=owned, named_accounts={"A1": "R1"}))
        found = {r[0]: r[1] for r in rows(territory2_csv(case))[1:]}
        assert (found["A0"], found["A4"], found["A5"]) == ("R1", "R2", "R3")
        assert found["A1"] == "R2"  # which is its rep's too


def test_the_transition_table_says_when_and_how_long():
    """Wave, day and the end of the compensation hold of each account."""
    table = {r[0]: r for r in rows(transition_csv(handed()))[1:]}
    assert table["A7"][4:6] == ["New business", "1 January 2026"] and table["A7"][7] == ""
    assert table["A1"][5] == "12 February 2026" and table["A1"][7] == "1 April 2026"
    assert table["A8"][5] == "when the deal is closed"


def test_the_calendar_is_sound_and_repeats_exactly():
    """Readable by another program; ids and stamps from the plan; one owner's is a part of it."""
    case = handed()
    content = ics_bytes(case)
    assert content == ics_bytes(handed())
    events = icalendar.Calendar.from_ical(content).walk("VEVENT")
    ids = [str(e["uid"]) for e in events]
    assert len(set(ids)) == len(ids) > 15
    assert {e["dtstamp"].dt.date() for e in events} == {case.start}
    assert all(str(e["description"]).count("- ") >= 2 for e in events)
    own = icalendar.Calendar.from_ical(ics_bytes(case, "R3")).walk("VEVENT")
    assert {str(e["uid"]) for e in own} < set(ids) and len(own) == 7


@pytest.mark.parametrize("name", list(PARTS))
def test_every_part_takes_hostile_names(name, hostile):
    """Hostile ids, names, accounts and cities: every file is made, and nothing is a formula."""
    project, plan, baseline = hostile
    kit = Kit(project, plan, baseline, handed().start, ("pdf",))
    items = list(kit.items([name]))
    chosen = items if name != "briefs" else items[:3]
    for item in chosen:
        content = item.make()
        assert content and all(part not in ("", "..") for part in item.path.split("/"))
        if item.path.endswith(".csv") and name not in ("csv",):
            cells = [cell for row in rows(content) for cell in row]
            assert not any(cell.startswith(("=", "+", "@", "\t", "\r")) for cell in cells)
    assert len({i.path.casefold() for i in items}) == len(items)


def test_five_hundred_reps_come_one_by_one(board):
    """Nothing of a brief is made before its turn, so that many reps do not fill the memory."""
    ids = [f"R{i:03d}" for i in range(500)]
    team = Team(pd.DataFrame({"name": ["Kim"] * 500}, index=ids))
    plan = Plan.for_team(board, team).with_alignment(np.arange(12))
    items = list(Kit(Project("p", board, team), plan, formats=("pdf",)).items(["briefs"]))
    assert len(items) == 500 and len({i.path for i in items}) == 500
    assert items[499].make().startswith(b"%PDF")  # A rep without units gets a brief that says so.


def test_duplicate_names_get_their_own_folders():
    """Two reps of one name: two folders, told apart by their ids."""
    case = handed()
    frame = case.project.team.frame.assign(name=["Kim", "Kim", "Cy"])
    case = handed(team=replace(case.project.team, frame=frame))
    folders = {i.path.split("/")[1] for i in kit_of(case).items(["briefs"])}
    assert folders == {"R1 Kim (R1)", "R2 Kim (R2)", "R3 Cy"}


def test_visits_are_made_only_when_asked_for():
    """A quarter of calls for each rep who has any, as table and calendar; from a Monday on."""
    frame = handed().project.accounts.frame.assign(visits_per_year=12, minutes_per_visit=30)
    team = handed().project.team.frame.assign(home_zip=["00", "01", "03"], capacity_hours=500.0)
    kit = kit_of(handed(accounts=Accounts(frame), team=Team(team)))
    assert PARTS["visits"].slow
    made = {item.path: item.make() for item in kit.items(["visits"])}
    assert [p.rsplit("/")[1] for p in made] == [
        "R1 Ann",
        "R1 Ann",
        "R2 Bo",
        "R2 Bo",
        "R3 Cy",
        "R3 Cy",
    ]
    assert b"2026-01-19,1,A0" in made["For reps/R1 Ann/Visits.csv"]  # a week from 5 January on
    events = icalendar.Calendar.from_ical(made["For reps/R2 Bo/Visits.ics"]).walk("VEVENT")
    assert len(events) > 12
