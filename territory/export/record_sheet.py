"""The sheets Settings & record and Glossary: how this was made, and what the words mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

import territory
from territory.advise.gaps import gaps
from territory.advise.handed import Handed
from territory.export.grid import Column, Look, write_table
from territory.metrics import METRICS
from territory.metrics.customers import key_words
from territory.model import measure

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

__all__ = ["GLOSSARY", "RECORD", "glossary_sheet", "record_sheet"]

RECORD, GLOSSARY = "Settings & record", "Glossary"

WORDS: dict[str, str] = {
    "Unit": "The smallest area that moves as one, such as a ZIP.",
    "Territory": "A set of units with a name and at most one rep.",
    "Rep": "A salesperson: home, hours, skills, quota.",
    "Account": "A customer or prospect; it lies in a unit.",
    "Named account": "An account that belongs to a rep wherever it lies.",
    "Measure": "A number for each unit that adds up, such as potential or hours.",
    "Even share": "What a territory should have: its target share of the whole.",
    "Baseline": "The plan that this one is compared with.",
    "Disruption": "How much gets another rep; a new label for a territory is none.",
    "Band": "How far a territory may be from its even share before it counts as off.",
    "Lock": "What neither a person nor the engine may change.",
    "Potential": "What could be sold in a year.",
    "White space": "Potential that is not sold yet.",
}


def record_sheet(
    sheet: Worksheet, look: Look, handed: Handed, run: Mapping[str, Any] | None = None
) -> None:
    """Everything that decided this plan, as text, so that it can be made again."""
    rows = [*_plan(handed), *_settings(handed), *_run(run), *_missing(handed)]
    columns = [
        Column("About", [r[0] for r in rows], width=24),
        Column("What", [r[1] for r in rows], width=34),
        Column("Value", [r[2] for r in rows], width=90),
    ]
    write_table(sheet, look, columns)
    sheet.freeze_panes(1, 0)


Row = tuple[str, str, str]


def _plan(handed: Handed) -> Iterator[Row]:
    project, plan = handed.project, handed.plan
    yield "Plan", "Project", project.name
    yield "Plan", handed.title("units"), f"{plan.units.n:,}"
    yield "Plan", handed.title("territories"), f"{plan.k:,}"
    yield "Plan", "Unassigned", f"{plan.unassigned:,}"
    yield "Plan", "Named accounts", f"{len(plan.named_accounts):,}"
    locks = plan.locks
    yield ("Plan", "Locked",
           f"{len(locks.units):,} units, {len(locks.territories):,} territories, "
           f"{len(locks.accounts):,} accounts")  # fmt: skip
    yield (
        "Plan",
        "Measures and weights",
        ", ".join(f"{measure(m).label} {w:g}" for m, w in handed.case.measures.items()),
    )
    yield "Plan", "Start", handed.start.isoformat() if handed.start else "not set"
    accounts, sales = project.accounts, project.sales
    yield "Data", "Accounts", f"{len(accounts):,}" if accounts is not None else "none"
    yield "Data", "Periods of sales", ", ".join(map(str, sales.periods)) if sales else "none"
    yield "Data", "Region, fingerprint", plan.units.fingerprint[:16]
    for note in project.notes:
        yield "Data", "Note", str(note)
    column, values = key_words(project)
    if column:
        yield "Data", "Key accounts", f"{column}: {', '.join(map(str, values))}"
    yield "Program", "Territory Workbench", territory.__version__


def _settings(handed: Handed, about: object = None, name: str = "Settings") -> Iterator[Row]:
    """Each field; tables of assumptions one by one. Paths of this machine stay here."""
    settings = handed.project.settings if about is None else about
    for field in fields(settings):  # type: ignore[arg-type]
        value = getattr(settings, field.name)
        if field.name in ("files", "words", "server"):
            continue
        if is_dataclass(value):
            yield from _settings(handed, value, f"Settings: {field.name}")
        else:
            yield name, field.name.replace("_", " "), _written(value)


def _written(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{k} {_written(v)}" for k, v in value.items()) or "none"
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(map(_written, value)) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    return "none" if value in (None, "") else str(value)


def _run(run: Mapping[str, Any] | None) -> Iterator[Row]:
    """The engine's own record, where the engine made this plan."""
    if not run:
        yield "Run", "Engine", "Drawn by hand or imported; no run of the engine is recorded."
        return
    for name, value in run.items():
        yield "Run", str(name).replace("_", " "), _written(value)


def _missing(handed: Handed) -> Iterator[Row]:
    for text in gaps(handed):
        yield "Missing", "", text.text


def glossary_sheet(sheet: Worksheet, look: Look) -> None:
    """The words of this workbook, then every figure and what it says."""
    words = [*WORDS.items(), *((m.label, m.help) for m in METRICS)]
    columns = [
        Column("Word", [w for w, _ in words], width=34),
        Column("What it means", [text for _, text in words], width=130),
    ]
    write_table(sheet, look, columns)
    sheet.freeze_panes(1, 0)
