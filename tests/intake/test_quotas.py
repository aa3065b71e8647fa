"""Tables beside the main ones: quotas, competition, sales by account."""

from __future__ import annotations

import pytest

from territory.errors import InputError
from territory.intake.files import Files
from territory.intake.project import read_project
from tests.intake.files import csv, geojson, squares

AREAS = geojson(squares(["01001", "01002", "01003"]))
TEAM = csv("rep_id,name,quota\nR1,Ann,5\nR2,Bo,\n", "team.csv")


def test_quotas_of_their_own():
    """They fill in and replace the team's; reps without a row keep theirs."""
    quotas = csv('Rep ID,Annual Quota\nR2,"$1,500"\n', "quotas.csv")
    team = read_project(Files(AREAS, team=TEAM, quotas=quotas))[0].team
    assert team is not None and team.frame["quota"].tolist() == [5, 1500]
    assert team.frame["name"].tolist() == ["Ann", "Bo"]
    alone = read_project(Files(AREAS, quotas=quotas))[0].team
    assert alone is not None and alone.ids == ("R2",)


@pytest.mark.parametrize(
    ("table", "words"),
    [("R9,5", "row 2.*'R9' is no rep"), ("R1,abc", "row 2.*'abc'"), ("R1,1\nR1,2", "row 3.*again")],
)
def test_bad_quotas(table, words):
    """Unknown rep, no number, twice: file and row."""
    with pytest.raises(InputError, match=words):
        read_project(Files(AREAS, team=TEAM, quotas=csv(f"rep_id,quota\n{table}\n")))


def test_competition_is_a_measure():
    """Counts by ZIP, PO boxes folded; a unit without a row has none; strangers are refused."""
    table = csv("zip,competitors\n1001,2\n1004,1\n01003,4\n", "rivals.csv")
    project, _, report = read_project(Files(AREAS, competition=table))
    assert project.units.values("competitors").tolist() == [2, 0, 5]
    assert sum(r.count for r in report.repairs) == 3
    with pytest.raises(InputError, match=r"row 2.*10001.*New York"):
        read_project(Files(AREAS, competition=csv("zip,competitors\n10001,2\n")))


def test_sales_by_account():
    """Sales go to the account's unit; what nobody can place is counted in a note."""
    files = Files(
        AREAS,
        accounts=csv("account_id,zip\na,01001\nb,01002\n"),
        sales=csv("account_id,quarter,amount\na,2025Q1,5\nb,2025Q1,6\nzz,2025Q2,7.5\n", "s.csv"),
    )
    project = read_project(files)[0]
    assert project.sales is not None
    assert project.sales.frame["unit_id"].tolist() == ["01001", "01002"]
    assert any("7.50" in note for note in project.notes)
