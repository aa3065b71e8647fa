"""Account exports of common systems, as they come."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from territory.intake.names import column_of, key
from territory.intake.report import Report

_SALESFORCE = frozenset(
    {
        "accountid", "accountname", "accountowner", "accountsite", "billingstreet", "billingcity",
        "billingstate", "billingstateprovince", "billingpostalcode", "billingzippostalcode",
        "billingcountry", "billingstateprovincetextonly", "shippingzippostalcode", "ownerid",
        "annualrevenue", "lastactivity", "lastmodifieddate", "parentaccount", "accountnumber",
    }
)  # fmt: skip
_HUBSPOT = frozenset(
    {
        "recordid", "companyname", "companyowner", "companydomainname", "lifecyclestage",
        "stateregion", "postalcode", "streetaddress", "countryregion", "createdate", "hsobjectid",
        "hubspotownerid", "numberofemployees", "annualrevenue", "leadstatus", "timezone",
    }
)  # fmt: skip
_ENOUGH = 4


def recognise(columns: Iterable[object]) -> str:
    """ "Salesforce", "HubSpot" or "" by the names of columns that nobody else has together."""
    keys = {key(name) for name in columns}
    salesforce, hubspot = len(keys & _SALESFORCE), len(keys & _HUBSPOT)
    if max(salesforce, hubspot) < _ENOUGH:
        return ""
    return "Salesforce" if salesforce >= hubspot else "HubSpot"


def without_footer(rows: list[list[str]]) -> tuple[list[list[str]], int]:
    """The rows of a Salesforce report without the lines printed below it, and how many these were.

    They are short of cells, which would make the table ragged: "Grand Totals", the report's name,
    the copyright, who made it.
    """
    tail = [i for i in range(max(len(rows) - 12, 0), len(rows)) if any(rows[i])]
    if not any("salesforce.com, inc" in " ".join(rows[i]).lower() for i in tail):
        return rows, 0
    width = len(rows[0])
    end = len(rows)
    # From below: lines with one cell filled, or none, are print; the first full one is data.
    while end > 1:
        filled = [cell for cell in rows[end - 1] if cell.strip()]
        if len(rows[end - 1]) == width and len(filled) > 1 and "Grand Total" not in filled[0]:
            break
        end -= 1
    return rows[:end], len(rows) - end


def with_ids(table: pd.DataFrame, report: Report) -> pd.DataFrame:
    """The table with a column ``account_id`` made of names, where it has none and they are unique.

    Reports of CRM systems leave the id out more often than not.
    """
    if column_of(table, "account_id") is not None:
        return table
    name = column_of(table, "name")
    if name is None or not table[name].is_unique or table[name].eq("").any():
        return table
    report.repaired("account without an id is known by its name", len(table), name)
    out = table.copy()
    out["account_id"] = np.asarray(table[name])
    out.attrs = table.attrs
    return out
