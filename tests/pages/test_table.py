"""Table: the whole job with widgets that a keyboard reaches."""

from __future__ import annotations

import re

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from territory.model.operations import lock_units, rename_territory
from tests.pages.conftest import OpenPage, healthy, texts, workspace


def press(app: AppTest, key: str) -> AppTest:
    """Click a button and see that the page stands."""
    app.button(key).click().run()
    healthy(app)
    return app


def choose(app: AppTest, rows: list[int]) -> AppTest:
    """Choose rows as the browser would."""
    key = re.search(r"unit-rows-[0-9a-f]{8}", app.dataframe[0].proto.id)[0]  # type: ignore[index]
    app.session_state[key] = {"selection": {"rows": rows, "columns": [], "cells": []}}
    app.run()
    healthy(app)
    return app


def units_shown(app: AppTest) -> list[str]:
    """Ids in the table of units."""
    return app.dataframe[0].value["id"].tolist()


def test_shows_some_and_says_how_many_there_are(open_page: OpenPage) -> None:
    """300 rows of 1,846, all of them counted."""
    app = open_page("table")
    assert len(units_shown(app)) == 300
    assert "1,846 ZIPs found" in texts(app).replace("\\", "")


def test_choose_rows_and_assign(open_page: OpenPage) -> None:
    """Two rows go to another territory as one undo entry, then undo."""
    app = open_page("table")
    here = workspace(app)
    before = here.plan
    app.selectbox("table-territory").set_value("R01").run()
    ids = units_shown(app)[:2]
    choose(app, [0, 1])
    assert "2 ZIPs chosen" in texts(app)
    app.selectbox("table-target").set_value("R02")
    press(app, "table-assign")
    assert {here.plan.to_mapping()[u] for u in ids} == {"R02"}
    assert here.rev == 1
    assert here.history.undo_label == "2 ZIPs to Morgan Whitlock"
    assert not set(ids) & set(units_shown(app))
    press(app, "undo")
    assert np.array_equal(here.plan.alignment, before.alignment)


def test_search_and_take_all_found(open_page: OpenPage) -> None:
    """Words find id and city; all found go, also those that are not shown."""
    app = open_page("table")
    here = workspace(app)
    app.text_input("table-search").set_value("worcester 016").run()
    found = units_shown(app)
    assert "01609" in found and all(u.startswith("016") for u in found)
    app.checkbox[0].check().run()
    press(app, "table-unassign")
    assert here.plan.unassigned == len(found)
    app.text_input("table-search").set_value("").run()
    app.selectbox("table-territory").set_value(" ").run()
    assert sorted(units_shown(app)) == sorted(found)


def test_a_pasted_list(open_page: OpenPage) -> None:
    """Known ids are found whatever stands between them, unknown ones named."""
    app = open_page("table")
    app.text_area("table-paste").set_value("01609, 01610;02118\n99999").run()
    assert sorted(units_shown(app)) == ["01609", "01610", "02118"]
    assert "1 not in this region: 99999" in texts(app)
    app.checkbox[0].check().run()
    press(app, "table-lock")
    assert workspace(app).plan.locks.units == {"01609", "01610", "02118"}
    app.text_area("table-paste").set_value("").run()
    app.selectbox("table-locks").set_value("Locked").run()
    assert sorted(units_shown(app)) == ["01609", "01610", "02118"]


def test_locked_units_are_refused_with_their_names(open_page: OpenPage) -> None:
    """Nothing changes, the page says what is in the way; after Unlock it goes."""
    app = open_page("table")
    here = workspace(app)
    here.change("Lock", lock_units(here.plan, ["01609"]))
    app.text_area("table-paste").set_value("01609 01610").run()
    app.checkbox[0].check().run()
    press(app, "table-unassign")
    assert here.rev == 1 and "Locked: 01609" in texts(app).replace("\\", "")
    press(app, "table-unlock")
    press(app, "table-unassign")
    assert here.plan.unassigned == 2


def test_nothing_found_says_so(open_page: OpenPage) -> None:
    """An empty answer is no empty page."""
    app = open_page("table")
    app.text_input("table-search").set_value("no such place").run()
    assert "No ZIPs match" in texts(app)


@pytest.mark.parametrize(
    ("key", "label"),
    [
        ("territory-lock", "Lock Blake Castillo"),
        ("territory-delete", "Delete Blake Castillo"),
        ("lock-all", "Lock all"),
        ("invert-locks", "Invert locks"),
    ],
)
def test_one_press_is_one_undo_entry(open_page: OpenPage, key: str, label: str) -> None:
    """What undo says is what was done, and it brings everything back."""
    app = open_page("table")
    here = workspace(app)
    before = here.plan
    press(app, key)
    assert (here.rev, here.history.undo_label) == (1, label)
    assert here.plan is not before
    press(app, "territory-undo")
    assert here.plan is before


def test_add_rename_give_merge(open_page: OpenPage) -> None:
    """A territory's life, each step one entry."""
    app = open_page("table")
    here = workspace(app)
    app.text_input("territory-new").set_value(" Cape <b> ")
    press(app, "territory-add")
    assert here.plan.territories.iloc[-1]["name"] == "Cape <b>"
    assert here.active == 24 and app.selectbox("territory-choice").value == "T01"
    assert app.text_input("territory-new").value == ""
    app.text_input("territory-name-T01-Cape <b>").set_value("Cape")
    press(app, "territory-rename")
    app.selectbox("territory-rep-T01-").set_value("R03")
    press(app, "territory-give")
    app.selectbox("territory-other-T01").set_value("R01")
    press(app, "territory-merge")
    assert [e.label for e in (*here.history.past[1:], here.history.present)] == [
        "Add Cape <b>",
        "Rename Cape <b> to Cape",
        "Give Cape to Dana Okafor (R03)",
        "Merge Blake Castillo into Cape",
    ]
    assert here.plan.k == 24 and "R01" not in here.plan.territory_ids
    assert here.plan.territory_ids[here.active] == "T01"


@pytest.mark.slow
def test_split_in_two(open_page: OpenPage) -> None:
    """The engine halves the chosen territory; the new half is the active one."""
    app = open_page("table")
    here = workspace(app)
    press(app, "territory-split")
    assert here.plan.k == 25
    assert here.history.undo_label == "Split Blake Castillo"
    assert here.plan.territories["name"].iloc[here.active] == "Blake Castillo 2"


def test_faults_are_said(open_page: OpenPage) -> None:
    """An empty name and a merge with nothing: words, no change."""
    app = open_page("table")
    press(app, "territory-add")
    assert "Give the territory a name" in texts(app)
    press(app, "territory-merge")
    assert "Choose what to merge" in texts(app)
    assert workspace(app).rev == 0


def test_hostile_names_are_shown_letter_by_letter(open_page: OpenPage) -> None:
    """A name that is a picture for Markdown stays text in every notice."""
    app = open_page("table")
    here = workspace(app)
    here.change("x", rename_territory(here.plan, "R01", "![x](http://evil/x.png)"))
    app.run()
    press(app, "territory-lock")
    app.text_area("table-paste").set_value("01609").run()
    app.checkbox[0].check().run()
    app.selectbox("table-target").set_value("R01")
    press(app, "table-assign")
    assert any("is locked" in e.value for e in app.error)
    assert "![x](http" not in texts(app)


def test_an_account_is_locked_with_its_rep(open_page: OpenPage) -> None:
    """Found by name, locked as one undo entry, and it keeps its rep while its unit moves."""
    app = open_page("table")
    here = workspace(app)
    app.text_input("account-search").set_value("finchmoor 01001").run()
    found = app.dataframe[-1].value
    assert found["Account"].tolist() == ["Finchmoor Day School"]
    owner = found["Rep"].iloc[0]
    key = re.search(r"account-rows-[0-9a-f]{8}", app.dataframe[-1].proto.id)[0]  # type: ignore[index]
    app.session_state[key] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    app.run()
    press(app, "account-lock")
    assert here.plan.locks.accounts == {"A00001"}
    assert here.history.undo_label == "Lock 1 account"
    here.change("away", here.plan.move(["01001"], "R02"))
    app.checkbox("account-locked").set_value(True).run()
    healthy(app)
    kept = app.dataframe[-1].value
    assert kept["Rep"].tolist() == [owner] and kept["Locked"].tolist() == [True]
    app.session_state[key] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    app.run()
    press(app, "account-unlock")
    assert not here.plan.locks.accounts and not here.plan.named_accounts
