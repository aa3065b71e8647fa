"""The workbook: numbers equal ours, formulas compute them, and no text becomes a formula."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import numpy as np
import openpyxl
import pandas as pd
import pytest

from territory.errors import InputError
from territory.export import workbook, workbook_bytes
from territory.export.excel import SHEETS
from territory.export.territory_sheet import plain_ids
from territory.intake import read_alignment
from territory.metrics import METRICS, Case, deviation, rep_workload, utilisation
from territory.model import Accounts, Plan, Project, Settings, Team
from tests.advise.handover import handed
from tests.conftest import chessboard
from tests.export.conftest import HOSTILE, sheet_rows, written

FIGURES = {"Hand-overs": 20, "Adjustments": 5, "Settings & record": -1, "Glossary": -1}
"""At least so many numbers are compared on a sheet, 50 where nothing is said."""
OWN_FORMULAS = ("=SUM(", "=SUMIFS(", "=COUNTIFS(", "=SUMPRODUCT(", "=IF(", "=AVERAGE(", "=MIN(",
                "=MAX(", "=Territories!", "=J", "=E")  # fmt: skip


def opened(content: bytes, *, values: bool = True) -> openpyxl.Workbook:
    """The workbook with stored values, or with formulas."""
    return openpyxl.load_workbook(io.BytesIO(content), data_only=values)


def column(book: openpyxl.Workbook, sheet: str, label: str, count: int) -> list[object]:
    """The first values of a column."""
    return [row[label] for row in sheet_rows(book, sheet)[:count]]


@pytest.fixture(scope="module")
def sample_bytes(sample) -> bytes:
    """The sample's workbook, which several tests look into."""
    project, plan = sample
    return workbook_bytes(project, plan, plan)


def test_sheets_and_stored_totals(sample, tmp_path):
    """A reader that calculates nothing sees every total as Python has it."""
    project, plan = sample
    workbook(plan, tmp_path / "plan.xlsx", project, plan)
    book = written(tmp_path / "plan.xlsx")
    assert book.sheetnames == list(SHEETS)
    for label, name in (("Potential", "potential"), ("Sales", "sales"), ("ZIPs", "units")):
        np.testing.assert_allclose(column(book, "Territories", label, 24), plan.totals(name))
    case = Case(plan, project=project)
    shown = column(book, "Territories", "Potential against target", 24)
    np.testing.assert_allclose(shown, deviation(case, "potential"))
    shown = column(book, "Territories", "Utilisation", 24)
    np.testing.assert_allclose(shown, utilisation(case))
    assert sheet_rows(book, "Territories")[24]["Potential"] == plan.totals("potential").sum()
    assert len(sheet_rows(book, "Units")) == 1846
    assert sheet_rows(book, "Units")[0]["ZIP"] == "01001"
    assert len(sheet_rows(book, "Accounts")) == len(project.accounts)


def test_every_metric_is_on_the_summary(sample_bytes):
    """The Summary shows each line of METRICS."""
    book = opened(sample_bytes)
    shown = {cell.value for cell in book["Summary"]["A"]}
    assert {metric.label for metric in METRICS} <= shown


@pytest.mark.slow
def test_libreoffice_agrees(sample, recalculate):
    """With all stored values dropped, LibreOffice computes the same numbers, and no error."""
    project, plan = sample
    content = workbook_bytes(project, plan.move_positions(np.arange(40), -1), plan)
    stored, computed = opened(content), recalculate(content)
    for name in SHEETS:
        compared = 0
        for before, after in zip(
            stored[name].iter_rows(), computed[name].iter_rows(), strict=False
        ):
            for a, b in zip(before, after, strict=False):
                if isinstance(a.value, int | float):
                    assert b.value == pytest.approx(a.value, rel=1e-9, abs=1e-6), (name, a)
                    compared += 1
                else:
                    assert (b.value or "") == (a.value or ""), (name, a.coordinate)
        assert compared > FIGURES.get(name, 50), name


@pytest.mark.slow
def test_edited_unit_moves_the_totals(sample, sample_bytes, recalculate):
    """Another Territory ID on the sheet Units changes total, deviation and the rep's name."""
    _, plan = sample
    book = opened(sample_bytes, values=False)
    assert book["Units"]["B2"].value == "R09"
    book["Units"]["B2"] = "R01"
    out = io.BytesIO()
    book.save(out)
    computed = recalculate(out.getvalue())
    moved = plan.move(["01001"], "R01")
    shown = column(computed, "Territories", "Potential", 24)
    np.testing.assert_allclose(shown, moved.totals("potential"))
    assert sheet_rows(computed, "Units")[0]["Rep"] == "Blake Castillo"


@pytest.mark.slow
def test_ids_that_look_alike_are_told_apart(recalculate):
    """Ids that SUMIFS confuses (wildcards, comparisons, 01 and 1) still get their own totals."""
    ids = ["01", "1", "T*", "TT", ">0", "a", "A", "~", "=1", "Jan 5", "TRUE", ""]
    units = chessboard(1, 24, potential=np.arange(24.0) ** 2)
    plan = Plan.blank(units, ids=ids[:-1]).with_alignment(np.arange(24) % 11)
    assert not plain_ids(plan.territory_ids)
    computed = recalculate(workbook_bytes(None, plan))
    shown = column(computed, "Territories", "Potential", 11)
    np.testing.assert_allclose(shown, plan.totals("potential"))


@pytest.mark.parametrize("ids", [["R01", "R02"], ["ME-3", "NH_12"]])
def test_usual_ids_get_usual_formulas(ids):
    """Ordinary ids are summed with SUMIFS, which people know."""
    assert plain_ids(ids)


def test_no_text_becomes_a_formula(hostile):
    """Hostile ids, names, cities and accounts are stored as text on every sheet."""
    book = opened(workbook_bytes(*hostile), values=False)
    texts = 0
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.hyperlink is None
                if cell.data_type == "f":
                    assert str(cell.value).startswith(OWN_FORMULAS), cell.value
                    assert not any(text in str(cell.value) for text in HOSTILE if len(text) > 2)
                texts += cell.data_type == "s"
    assert texts > 300
    assert [c.data_type for c in book["Units"]["A"][1:]] == ["s"] * len(hostile[1].units.ids)
    assert book["Summary"]["A1"].value == "=1+1"
    assert book["Summary"]["A1"].data_type == "s"


@pytest.mark.slow
def test_hostile_text_survives_recalculation(hostile, recalculate):
    """LibreOffice leaves hostile text as it is, and totals right."""
    _, plan, _ = hostile
    computed = recalculate(workbook_bytes(*hostile))
    assert computed["Units"]["A2"].value == "=1+1"
    shown = column(computed, "Territories", "Potential", plan.k)
    np.testing.assert_allclose(shown, plan.totals("potential"))


def test_hostile_settings(board):
    """A currency or word from the settings can't become a number format or a formula."""
    settings = Settings(words={"unit": "=1+1", "rep": "@x\ud800"}, currency='"[Red]0;')
    plan = Plan.blank(board, 2).with_alignment(np.zeros(12, int))
    book = opened(workbook_bytes(Project("p", board, settings=settings), plan), values=False)
    assert book["Units"]["A1"].value == "=1+1"
    assert book["Units"]["A1"].data_type == "s"
    potential = next(c for c in book["Units"][1] if c.value == "Potential")
    assert book["Units"].cell(2, potential.column).number_format.startswith('"[Red]0;"#')


def test_unassigned_units_have_a_row(halves):
    """What nobody has stands in a row of its own, and the total is the whole region's."""
    book = opened(workbook_bytes(None, halves.move(["00", "01"], None)))
    *_, last, total = sheet_rows(book, "Territories")
    assert (last["Territory"], last["Potential"]) == ("Unassigned", 3)
    assert total["Potential"] == 78
    assert sheet_rows(book, "Units")[0]["Territory ID"] is None


def test_empty_territories_and_empty_plans(board):
    """No units in a territory, no territories at all: a workbook all the same."""
    book = opened(workbook_bytes(None, Plan.blank(board, 3)))
    assert column(book, "Territories", "Potential", 3) == [0, 0, 0]
    book = opened(workbook_bytes(None, Plan.blank(board, 0)))
    assert book["Summary"]["A2"].value == "This plan has no territories yet."


def test_gaps_are_blank(board):
    """A missing or infinite value is a blank cell, not an error."""
    frame = pd.DataFrame({"potential": [np.nan, np.inf, *range(10)]}, index=board.ids)
    plan = Plan.blank(board.with_attributes(frame), 1).with_alignment(np.zeros(12, int))
    book = opened(workbook_bytes(None, plan))
    assert column(book, "Units", "Potential", 3) == [None, None, 0]


def test_zero_measure_has_no_deviation(board):
    """Where there is nothing to share out, the deviation is blank."""
    frame = pd.DataFrame({"potential": np.zeros(12)}, index=board.ids)
    plan = Plan.blank(board.with_attributes(frame), 2).with_alignment(np.arange(12) % 2)
    book = opened(workbook_bytes(None, plan, plan))
    assert column(book, "Territories", "Potential against target", 2) == [None, None]


def test_changes_say_from_whom_to_whom(sample):
    """Each unit that changes its rep is listed with both; the sum is what moved."""
    project, before = sample
    plan = before.move(["01001", "02139"], "R02")
    rows = sheet_rows(opened(workbook_bytes(project, plan, before)), "Changes")
    assert [(r["ZIP"], r["From rep"], r["To rep"]) for r in rows[:2]] == [
        ("02139", "Blake Castillo", "Morgan Whitlock"),
        ("01001", "Lucia Ferrante", "Morgan Whitlock"),
    ]
    moved = before.units.values("potential")[before.units.positions(["01001", "02139"])].sum()
    assert rows[2]["Potential"] == moved


def test_accounts_show_the_rep_before(sample):
    """An account in a unit that moved shows old and new rep."""
    project, before = sample
    plan = before.move(["02139"], "R02")
    rows = sheet_rows(opened(workbook_bytes(project, plan, before)), "Accounts")
    moved = [r for r in rows if r["Handed over"] == "yes"]
    assert {r["ZIP"] for r in moved} == {"02139"}
    assert {(r["Rep"], r["Rep before"]) for r in moved} == {("Morgan Whitlock", "Blake Castillo")}


def test_new_labels_are_no_change(halves):
    """The same split under other names changes nothing for anybody."""
    flipped = {u: {"West": "B", "East": "A"}[t] for u, t in halves.to_mapping().items()}
    book = opened(workbook_bytes(None, Plan.from_alignment(halves.units, flipped), halves))
    assert book["Changes"]["A1"].value == "Nothing changes hands against the baseline."


def test_no_baseline_no_accounts(halves):
    """Without a baseline or accounts their sheets say what is missing."""
    book = opened(workbook_bytes(None, halves))
    assert book["Changes"]["A1"].value == "No baseline to compare with."
    assert book["Accounts"]["A1"].value.startswith("No accounts yet")


@pytest.mark.slow
def test_named_accounts_count_with_their_rep(board, recalculate):
    """A named account's potential is in its rep's total, and the formula says why."""
    team = Team(pd.DataFrame({"name": ["Ann", "Bo"]}, index=["R1", "R2"]))
    one = {"name": ["Key Ltd"], "unit_id": ["00"], "potential": [1.0]}
    accounts = Accounts(pd.DataFrame(one, index=["A1"]))
    plan = Plan.for_team(board, team).with_alignment(np.arange(12) % 2)
    plan = replace(plan, named_accounts={"A1": "R2"})
    computed = recalculate(workbook_bytes(Project("p", board, team, accounts), plan))
    shown = column(computed, "Territories", "Potential", 2)
    assert shown == (plan.totals("potential") + np.array([-1, 1])).tolist()
    assert sheet_rows(computed, "Accounts")[0]["Rep"] == "Bo"


def test_attribute_called_like_ours(board):
    """A user's own column "territory" is kept beside ours, under a longer name."""
    frame = pd.DataFrame({"territory": np.arange(12.0), "rep": ["x"] * 12}, index=board.ids)
    plan = Plan.blank(board.with_attributes(frame), 1).with_alignment(np.zeros(12, int))
    row = sheet_rows(opened(workbook_bytes(None, plan)), "Units")[3]
    assert (row["Territory"], row["Territory (attribute)"], row["Rep (attribute)"]) == (
        "T01",
        3,
        "x",
    )


def test_same_plan_same_bytes(sample, sample_bytes):
    """Two workbooks of one plan are identical, byte for byte."""
    project, plan = sample
    again = Plan(plan.units, plan.territories, plan.alignment)  # drawn anew, not remembered
    assert workbook_bytes(project, again, plan) == sample_bytes


def test_large_workbooks_go_through_the_disk(board, monkeypatch):
    """Row by row writing, for many rows, gives the same cells."""
    plan = Plan.blank(board, 2).with_alignment(np.arange(12) % 2)
    usual = opened(workbook_bytes(None, plan, plan))
    monkeypatch.setattr("territory.export.excel.MANY_ROWS", 1)
    frugal = opened(workbook_bytes(None, plan, plan))
    for name in SHEETS:
        assert list(usual[name].values) == list(frugal[name].values)


def test_too_many_rows_are_refused(board, monkeypatch):
    """More rows than a sheet holds: said before anything is written, with a way out."""
    monkeypatch.setattr("territory.export.excel.EXCEL_ROWS", 5)
    with pytest.raises(InputError, match=r"Remedy: write \.csv"):
        workbook_bytes(None, Plan.blank(board, 1))


def test_names_that_xml_forbids(board):
    """Control characters in a rep's name, which formulas repeat, leave the file readable."""
    team = Team(pd.DataFrame({"name": ["bell\x07 null\x00 \ufffe", "Ann"]}, index=["R1", "R2"]))
    plan = Plan.for_team(board, team).with_alignment(np.arange(12) // 6)
    book = opened(workbook_bytes(Project("p", board, team=team), plan))
    shown = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row}
    assert any(text.startswith("bell") and "null" in text for text in shown)


def test_the_summary_speaks_the_users_words(board):
    """Several territories and reps are called what the settings say, not singular plus s."""
    team = Team(pd.DataFrame({"name": ["Ann", "Bo"]}, index=["R1", "R2"]))
    plan = Plan.for_team(board, team).with_alignment(np.arange(12) % 2)
    project = Project("p", board, team)
    words = {"territory": "patch", "territories": "patches", "rep": "man", "reps": "men"}
    project = replace(project, settings=Settings(words=words))
    sheet = opened(workbook_bytes(project, plan))["Summary"]
    assert "of the 2 patches are" in sheet["A2"].value
    assert "2 patches  ·  2 men" in sheet["A3"].value


def test_a_typed_share_moves_the_quota(recalculate):
    """Another quota share, or another team quota, changes quotas and what stands beside them."""
    case = handed()
    content = workbook_bytes(case.project, case.plan, case.case.baseline)
    book = opened(content, values=False)
    rows = list(book["Reps & quotas"].iter_rows(values_only=True))
    head = list(rows[3])
    share, quota = head.index("Quota share") + 1, head.index("Quota") + 1
    assert [r[share - 1] for r in rows[4:6]] == [1 / 3, 2 / 3]
    book["Reps & quotas"].cell(5, share).value = 0.5
    book["Reps & quotas"]["B1"] = 1000
    out = io.BytesIO()
    book.save(out)
    seen = recalculate(out.getvalue())["Reps & quotas"]
    assert [seen.cell(r, quota).value for r in (5, 6)] == pytest.approx([500, 2000 / 3])
    ratio = head.index("Potential per quota") + 1
    assert seen.cell(5, ratio).value == pytest.approx(case.total("R1", "potential") / 500)
    assert seen.cell(5, head.index("Potential") + 1).value == case.total("R1", "potential")


def test_hand_overs_add_up_to_what_changes():
    """Ann gives Bo three units and five accounts; the total row says so too."""
    case = handed()
    rows = sheet_rows(opened(workbook_bytes(case.project, case.plan, case.case.baseline)),
                      "Hand-overs")  # fmt: skip
    assert [(r["From"], r["To"], r["ZIPs"], r["Accounts moved"]) for r in rows[:1]] == [
        ("Ann", "Bo", 3, 5)
    ]
    assert rows[1]["Revenue moved"] == 24.0 and len(rows) == 2


def test_performance_compares_years_and_quota():
    """Sales by period, growth of the last year, and how far the quota was reached."""
    case = handed()
    rows = sheet_rows(opened(workbook_bytes(case.project, case.plan)), "Performance")
    assert rows[1]["2025Q4"] == 120.0 and (rows[1]["Sales 2025"], rows[1]["Growth"]) == (300.0, 0.0)
    assert rows[1]["Reached"] == pytest.approx(300 / 200)
    assert rows[3]["2025Q4"] == 240.0


def test_index_points_are_no_money():
    """Where nothing says what the market is worth, its sheet has points and no currency."""
    units = chessboard(1, 4, population=np.arange(1.0, 5.0))
    plan = Plan.from_alignment(units, dict(zip(units.ids, "AABB", strict=True)))
    sheet = opened(workbook_bytes(Project("p", units), plan))["Market potential"]
    cells = {c.value: c.column for c in sheet[1]}
    found = sheet.cell(2, cells["Potential, points"])
    assert found.value == pytest.approx(70_000) and "$" not in found.number_format


def test_sheets_say_what_is_missing(halves):
    """Without team, sales and accounts each sheet names what would fill it."""
    book = opened(workbook_bytes(None, halves))
    assert book["Reps & quotas"]["A1"].value.startswith("No team yet")
    assert book["Performance"]["A1"].value.startswith("No sales history yet")
    said = {row[2] for row in book["Settings & record"].iter_rows(values_only=True)}
    assert any("No team is loaded" in str(text) for text in said)


def test_the_map_is_a_picture_of_the_plan(halves):
    """The Summary has the map beside its chart; every chart is native."""
    with zipfile.ZipFile(io.BytesIO(workbook_bytes(None, halves))) as parts:
        names = parts.namelist()
        pictures = [n for n in names if n.startswith("xl/media/")]
        assert len(pictures) == 1 and parts.read(pictures[0]).startswith(b"\x89PNG")
    assert any(n.startswith("xl/charts/chart") for n in names)


def test_an_edited_workbook_is_read_as_a_plan(halves, tmp_path):
    """The sheet Units, edited and saved, comes back as the changed plan."""
    book = opened(workbook_bytes(None, halves), values=False)
    book["Units"]["B2"] = "East"
    book.save(tmp_path / "edited.xlsx")
    back = read_alignment(tmp_path / "edited.xlsx", halves.units)
    assert back == {**halves.to_mapping(), "00": "East"}


def test_a_reps_year_on_the_road_is_in_the_workbook(sample, sample_bytes):
    """Hours, nights and distance beside the quota, as the Workload view shows them."""
    project, plan = sample
    year = rep_workload(Case(plan, project=project))
    rows = list(opened(sample_bytes)["Reps & quotas"].iter_rows(values_only=True))
    head = list(rows[3])
    for label, name in (("Hours driving", "driving_hours"), ("Distance driven", "km")):
        shown = [row[head.index(label)] for row in rows[4 : 4 + len(year)]]
        assert shown == pytest.approx(year[name].tolist())
    used = [row[head.index("Hours used, with ways")] for row in rows[4 : 4 + len(year)]]
    assert used == pytest.approx(year["used"].tolist())


def test_the_run_is_on_record(halves):
    """How the engine made the plan stands among the settings, in words and numbers."""
    run = {"seed": 7, "versions": {"numpy": "2"}, "parameters": {"homes": True, "tolerance": 0.05}}
    book = opened(workbook_bytes(None, halves, None, run))
    told = {row[1]: row[2] for row in book["Settings & record"].values if row[0] == "Run"}
    assert told == {"seed": "7", "versions": "numpy 2", "parameters": "homes yes, tolerance 0.05"}
