"""Handover: a checklist and the files."""

from __future__ import annotations

import io
import time
import zipfile
from dataclasses import replace

from territory.export import EXPORTS
from territory.export.kit import PARTS
from tests.pages.conftest import OpenPage, healthy, texts, workspace


def test_every_export_has_a_button_and_makes_bytes(open_page: OpenPage) -> None:
    """One button an export, the workbook first; pressing makes a file of the right kind."""
    app = open_page("handover")
    buttons = app.get("download_button")
    assert [b.proto.label for b in buttons] == [e.label for e in EXPORTS.values()]
    here = workspace(app)
    made = {name: e.make(here.project, here.plan, here.baseline) for name, e in EXPORTS.items()}
    assert made["xlsx"][:2] == b"PK"
    assert made["csv"].startswith(b"unit_id,territory_id")


def test_the_checklist_names_what_is_not_ready(open_page: OpenPage) -> None:
    """19 territories are outside the band; after taking a unit away it is left over."""
    app = open_page("handover")
    labels = [link.proto.label for link in app.get("page_link")]
    assert "**19 territories outside ±15 %**" in labels and "All ZIPs are assigned" in labels
    here = workspace(app)
    here.change("1 ZIP to nobody", here.plan.move([here.plan.units.ids[0]], None))
    app.run()
    assert "**1 ZIP left over**" in [link.proto.label for link in app.get("page_link")]


def test_the_checklist_says_what_is_ready(open_page: OpenPage) -> None:
    """With a band that holds every territory nothing is left to mend."""
    app = open_page("handover")
    here = workspace(app)
    here.project = replace(here.project, settings=replace(here.project.settings, amber=9.0))
    app.run()
    labels = [link.proto.label for link in app.get("page_link")]
    assert "All within ±900 %" in labels
    bad = [label for label in labels if label.startswith("**")]
    assert bad == ["**This scenario is not approved: draft**"]


def test_one_button_makes_everything_chosen(open_page: OpenPage) -> None:
    """Recipients choose the parts; the zip holds what was chosen, and can be downloaded."""
    app = open_page("handover")
    parts = next(p for p in app.get("button_group") if p.key.startswith("handover-parts"))
    assert set(parts.value) == {name for name, part in PARTS.items() if not part.slow}
    parts.set_value(["csv", "assignments"]).run()
    app.button(key="make-handover").click().run()
    parcel = workspace(app).handover.parcel
    for _ in range(200):
        if parcel.finished:
            break
        time.sleep(0.1)
    app.run()
    with zipfile.ZipFile(io.BytesIO(parcel.result)) as archive:
        assert [n.rsplit("/")[-1] for n in archive.namelist()] == [
            "README.txt", "assignments.csv", "territory-plan.csv"
        ]  # fmt: skip
    labels = [b.proto.label for b in app.get("download_button")]
    assert any(label.startswith("Download the handover") for label in labels)


def test_the_preview_is_the_brief(open_page: OpenPage) -> None:
    """The first rep's brief stands there as it will be, with what is missing."""
    app = open_page("handover")
    seen = texts(app)
    assert "Blake Castillo" in seen and "At a glance" in seen and "First 30, 60 and 90 days" in seen
    app.selectbox(key="preview-owner").set_value("R02").run()
    assert "Morgan Whitlock" in texts(app)


def test_no_team_no_accounts_no_sales(open_page: OpenPage) -> None:
    """The page says what is missing, and the calendar waits for a first day."""
    app = open_page("handover")
    here = workspace(app)
    here.project = replace(here.project, team=None, accounts=None, sales=None)
    app.run()
    healthy(app)
    labels = [link.proto.label for link in app.get("page_link")]
    assert "**No team is loaded: nobody owns anything**" in labels
    assert "No accounts: briefs list no customers" in labels
