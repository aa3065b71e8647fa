"""Handover: a checklist and the files."""

from __future__ import annotations

from dataclasses import replace

from territory.export import EXPORTS
from tests.pages.conftest import OpenPage, workspace


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
    assert "All within ±900 %" in labels and not any(label.startswith("**") for label in labels)
