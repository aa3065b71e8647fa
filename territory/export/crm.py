"""Files that CRM systems take: who owns which account from now on."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from territory.advise.handed import Handed, when
from territory.advise.transition import HELD, HOLD_DAYS, WAVES, waves_of
from territory.export.text import csv_plain, guarded
from territory.metrics.joins import account_territories

__all__ = [
    "assignments_csv",
    "hubspot_csv",
    "notes_for",
    "salesforce_csv",
    "territory2_csv",
    "transition_csv",
]

SALESFORCE_IDS = ("salesforce_id", "salesforce_user_id", "ownerid", "crm_id", "user_id")
HUBSPOT_IDS = ("hubspot_owner_id", "hubspot_id", "email", "crm_id", "user_id")
TERRITORY_IDS = ("territory2_id", "salesforce_territory_id")


def salesforce_csv(handed: Handed) -> bytes:
    """``Id,OwnerId`` of every account whose owner changes, for Data Loader's update."""
    table = _changes(handed)
    people = _people(handed, SALESFORCE_IDS)
    rows = ((a, people.get(o, o)) for a, o in zip(table.index, table["owner_now"], strict=True))
    return _file([("Id", "OwnerId"), *rows])


def territory2_csv(handed: Handed) -> bytes:
    """``ObjectId,Territory2Id,AssociationCause`` of every account in a territory."""
    table = handed.accounts
    if table is None:
        return _file([("ObjectId", "Territory2Id", "AssociationCause")])
    plan = handed.plan
    column = next((c for c in TERRITORY_IDS if c in plan.territories), None)
    ids = map(str, plan.territories[column]) if column else plan.territory_ids
    names = [*ids, ""]
    assert handed.project.accounts is not None  # there is a table of them
    owner = account_territories(plan, handed.project.accounts)
    goes = (names[t] for t in owner)
    of_account = dict(zip(handed.project.accounts.frame.index, goes, strict=True))
    rows = [(a, of_account[a], "Territory2Manual") for a in table.index if of_account[a]]
    return _file([("ObjectId", "Territory2Id", "AssociationCause"), *rows])


def hubspot_csv(handed: Handed) -> bytes:
    """Record ID, name and owner of every company whose owner changes, for HubSpot's import."""
    table = _changes(handed)
    people = _people(handed, HUBSPOT_IDS)
    rows = (
        (a, n, people.get(o, handed.name(o)))
        for a, n, o in zip(table.index, table["name"], table["owner_now"], strict=True)
    )
    return _file([("Record ID", "Company name", "Company owner"), *rows])


def assignments_csv(handed: Handed) -> bytes:
    """Every account with unit, territory and owner, now and before."""
    head = ("account_id", "name", "unit_id", "owner_id", "owner", "owner_id_before", "owner_before")
    table = handed.accounts
    if table is None:
        return _file([head])
    columns = (
        table.index,
        table["name"],
        table["unit_id"],
        table["owner_now"],
        table["owner_before"],
    )
    rows = (
        (a, n, u, o, handed.name(o) if o else "", b, handed.name(b) if b else "")
        for a, n, u, o, b in zip(*columns, strict=True)
    )
    return _file([head, *rows])


def transition_csv(handed: Handed) -> bytes:
    """Every account that changes hands: wave, day, from, to, and until when both are paid."""
    head = ("account_id", "name", "from", "to", "wave", "begins", "revenue", "both_credited_until")
    table = waves_of(handed)
    rows = []
    for account, row in zip(table.index, table.to_dict("records"), strict=True):
        wave = None if row["wave"] < 0 else WAVES[int(row["wave"])]
        begins = when(handed.start, wave.days) if wave else "when the deal is closed"
        paid = when(handed.start, HOLD_DAYS) if row["revenue"] > 0 else ""
        rows.append(
            (
                account,
                row["name"],
                handed.name(str(row["owner_before"])),
                handed.name(str(row["owner_now"])),
                wave.name if wave else HELD,
                begins,
                row["revenue"],
                paid,
            )
        )
    return _file([head, *rows])


def notes_for(handed: Handed) -> list[str]:
    """What to know before these files are uploaded."""
    out = []
    team = handed.project.team
    if handed.accounts is None:
        return ["No accounts are loaded, so the CRM files have no rows."]
    out.append(f"{len(_changes(handed)):,} accounts change their owner.")
    if team is None:
        out.append("No team is loaded: owners are territories, which a CRM does not know.")
    elif not any(c in team.frame for c in SALESFORCE_IDS):
        out.append(
            "Salesforce needs its own user ids as OwnerId: add a column salesforce_id to the team; "
            "until then the ids of the team stand there."
        )
    if team is not None and not any(c in team.frame for c in HUBSPOT_IDS):
        out.append(
            "HubSpot finds owners by e-mail: add a column email to the team; until then names "
            "stand there."
        )
    ids = pd.Series(handed.accounts.index.astype(str))
    if not ids.str.fullmatch("001[A-Za-z0-9]{12,15}").all():
        out.append("Account ids are not all Salesforce ids (001…): check them before you upload.")
    out.append("Cells that a spreadsheet would take for a formula have an apostrophe before them.")
    return out


def _changes(handed: Handed) -> pd.DataFrame:
    """Accounts whose owner changes: against the baseline, else against the accounts' own owner."""
    table = handed.accounts
    if table is None:
        return pd.DataFrame({"name": [], "owner_now": []})
    owned = table["owner_now"] != ""
    if handed.case.baseline is not None:
        return table[owned & (table["owner_now"] != table["owner_before"])]
    known = {handed.name(o): o for o in handed.owners}
    was = table["owner"].map(lambda o: known.get(o, o))
    return table[owned & (table["owner_now"] != was)]


def _people(handed: Handed, columns: tuple[str, ...]) -> dict[str, str]:
    """Owner → what the CRM calls them; empty where the team does not say."""
    team = handed.project.team
    column = next((c for c in columns if team is not None and c in team.frame), None)
    if team is None or column is None:
        return {}
    return {r: str(v) for r, v in team.frame[column].items() if str(v) not in ("", "nan")}


def _file(rows: Iterable[Iterable[object]]) -> bytes:
    """CSV without a byte order mark, which Data Loader would take for part of the first name."""
    return csv_plain([guarded(cell) for cell in row] for row in rows)
