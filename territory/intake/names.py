"""How users call their columns. Case, spaces, dashes and underscores never matter."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING

from territory.errors import InputError, Problem
from territory.model.measures import KNOWN_MEASURES

if TYPE_CHECKING:
    import pandas as pd

UNIT_IDS = (
    "unit_id", "unit", "zip", "zip_code", "zipcode", "zip5", "zcta", "zcta5", "zcta5ce20",
    "zcta5ce10", "zcta5ce00", "geoid20", "geoid10", "geoid", "geoidfq20", "postcode", "post_code",
    "postal_code", "postalcode", "plz", "fips", "county_fips", "county_geoid", "fsa", "cap",
    "code_postal", "codigo_postal", "pincode", "area_code", "area_id",
)  # fmt: skip
"""Columns that may identify a unit."""

LAST_RESORT = ("id", "code")
"""Names so general that they identify units only where no better one is."""

ZIPS = ("zip", "zcta", "homezip", "billingzip", "accountzip", "shippingzip", "mailingzip")
"""Keys that such columns begin with hold five digits, whatever a spreadsheet made of them."""

SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "unit_id": (
        *UNIT_IDS, "billing_zip", "billing_postal_code", "billing_zip_postal_code",
        "shipping_zip", "shipping_postal_code", "shipping_zip_postal_code", "mailing_postal_code",
        "mailing_zip_postal_code", "zip_postal_code", "account_zip", "company_zip", "zip_or_postal",
    ),
    "territory_id": (
        "territory_id", "territory", "territory_name", "territory_code", "territory2", "terr",
        "terr_id", "patch", "area", "region", "rep_id", "rep", "rep_name", "salesperson",
        "sales_rep", "assigned_to", "owner", "account_owner",
    ),
    "rep_id": ("rep_id", "rep", "salesperson_id", "employee_id", "user_id", "owner_id", "id"),
    "account_id": (
        "account_id", "account_id_18", "casesafe_id", "account_number", "customer_id",
        "customer_number", "kundennummer", "kunden_nr", "company_id", "record_id", "hs_object_id",
        "client_id", "account", "id",
    ),
    "name": (
        "name", "full_name", "account_name", "company_name", "customer_name", "rep_name",
        "salesperson", "company", "customer", "client", "kunde", "firma", "vertreter",
    ),
    "home_zip": ("home_zip", "home_zip_code", "home_zipcode", "home_postcode", "home_unit",
                 "home_postal_code", "home", "zip", "zip_code", "zipcode", "postcode"),
    "home_lat": ("home_lat", "home_latitude", "lat", "latitude"),
    "home_lon": ("home_lon", "home_lng", "home_long", "home_longitude", "lon", "lng", "longitude"),
    "lat": ("lat", "latitude", "billing_latitude", "shipping_latitude", "intptlat", "intptlat20",
            "intptlat10", "y"),
    "lon": ("lon", "lng", "long", "longitude", "billing_longitude", "shipping_longitude",
            "intptlong", "intptlon", "intptlon20", "intptlon10", "x"),
    "address": (
        "address", "full_address", "street_address", "billing_address", "billing_street",
        "shipping_address", "shipping_street", "street", "address_1", "address_line_1",
    ),
    "city": ("city", "town", "ort", "stadt", "billing_city", "shipping_city", "mailing_city"),
    "state": (
        "state", "st", "state_region", "state_province", "billing_state", "billing_state_province",
        "shipping_state", "shipping_state_province", "province",
    ),
    "family": (
        "family", "parent_account", "parent_account_id", "parent_id", "parent_company",
        "account_family", "ultimate_parent", "parent",
    ),
    "named_to": (
        "named_to", "named_rep", "named_account_owner", "named_account_rep", "key_account_manager",
        "strategic_account_owner",
    ),
    "named_account": ("named_account", "is_named_account", "named", "key_account", "strategic"),
    "capacity_hours": ("capacity_hours", "capacity", "hours", "hours_a_year", "hours_per_year",
                       "annual_hours", "available_hours"),
    "quota": ("quota", "target", "goal", "annual_quota"),
    "skills": ("skills", "skill", "strengths"),
    "segments": ("segments", "focus"),
    "start_date": ("start_date", "start", "hired", "hire_date"),
    "end_date": ("end_date", "leaves", "last_day", "leaving_date", "termination_date"),
    "part_time": ("part_time", "part_time_share", "fte", "employment", "employment_share"),
    "manager": ("manager", "reports_to", "sales_manager"),
    "segment": ("segment", "tier", "account_segment", "customer_segment", "account_tier",
                "class", "account_class", "size", "type", "account_type"),
    "industry": ("industry", "industry_group", "sector", "vertical"),
    "status": ("status", "lifecycle_stage", "account_status", "stage", "type",
               "account_type"),
    "revenue": ("revenue", "annual_sales", "sales", "annual_revenue", "ttm_revenue", "ltm_revenue",
                "ytd_revenue", "ttm_sales", "turnover", "umsatz", "amount"),
    "potential": ("potential", "estimated_potential", "annual_potential", "opportunity",
                  "pipeline"),
    "workload_hours": ("workload_hours", "workload", "hours", "service_hours"),
    "visits": ("visits", "visits_per_year", "visits_a_year", "calls_per_year",
               "calls_a_year", "visits_year", "calls_year"),
    "minutes": ("minutes", "minutes_per_visit", "visit_minutes", "call_minutes"),
    "owner": ("owner", "account_owner", "company_owner", "owner_name", "hubspot_owner_id", "rep",
              "rep_id", "sales_rep", "owner_id"),
    "competitors": ("competitors", "competitor_count", "competition", "competitor_share",
                    "competitor_presence", "rivals"),
    "from_id": ("from_id", "from", "from_zip", "from_unit", "origin", "origin_id", "origin_zip",
                "start_zip", "source", "home_zip"),
    "to_id": ("to_id", "to", "to_zip", "to_unit", "destination", "destination_id",
              "destination_zip", "dest", "dest_zip", "end_zip", "target"),
    "travel_minutes": ("travel_minutes", "minutes", "mins", "min", "travel_time", "drive_time",
                       "drive_minutes", "duration", "duration_min", "duration_minutes",
                       "travel_time_minutes", "travel_time_min", "time"),
    "travel_seconds": ("seconds", "travel_seconds", "duration_seconds", "duration_sec",
                       "duration_s", "secs"),
    "travel_hours": ("hours", "travel_hours", "duration_hours", "drive_hours"),
    "period": ("period", "quarter", "month", "year", "date"),
    "amount": ("amount", "sales", "revenue", "value", "net_sales"),
    "new_customers": ("new_customers", "new_accounts", "acquired", "new_logos", "acquisitions"),
}  # fmt: skip
"""What each field of ours may be called; the first that a table has is taken."""


ABBREVIATIONS: Mapping[str, str] = {
    "acct": "account", "accts": "accounts", "cust": "customer", "terr": "territory",
    "no": "number", "num": "number", "nbr": "number", "nr": "number", "#": "number",
    "hrs": "hours", "hr": "hours", "yr": "year", "mins": "minutes", "est": "estimated",
    "/": "per",
}  # fmt: skip
"""Words that spreadsheets shorten → in full: "Acct #" is the account number."""


def key(name: object) -> str:
    """A name without what people write differently."""
    return re.sub(r"[^0-9a-zà-öø-ÿ]", "", str(name).lower())


_UNIT_KEYS = frozenset(map(key, UNIT_IDS))
_LAST_KEYS = frozenset(map(key, LAST_RESORT))


def in_full(name: object) -> str:
    """The key of a name with its shortened words written out."""
    words = re.findall(r"[0-9a-zà-öø-ÿ]+|[#/]", str(name).lower())
    return key("".join(ABBREVIATIONS.get(word, word) for word in words))


def find(columns: Iterable[object], field: str) -> str | None:
    """The column that holds one of our fields, by the order of its synonyms.

    Names in full win over shortened ones.
    """
    columns = list(columns)
    have = {in_full(c): str(c) for c in reversed(columns)}
    have |= {key(c): str(c) for c in reversed(columns)}
    for name in SYNONYMS.get(field, (field,)):
        if key(name) in have:
            return have[key(name)]
    return None


def column_of(table: pd.DataFrame, field: str, taken: Collection[str] = ()) -> str | None:
    """The column of a table that holds one of our fields: as the user said, else by its name.

    Raises
    ------
    InputError
        If the column that the user named is not there.
    """
    told = table.attrs.get("columns", {})
    if field in told:
        if told[field] and told[field] not in table.columns:
            raise InputError(
                Problem(
                    f"there is no column {told[field]!r} to read as {field}",
                    table.attrs.get("file"),
                    1,
                    remedy="Choose one of: " + ", ".join(map(str, table.columns[:12])),
                )
            )
        return told[field] or None
    spoken_for = {*taken, *(c for c in told.values() if c)}
    return find([c for c in table.columns if c not in spoken_for], field)


UNIT_WORDS: Mapping[str, tuple[str, str]] = {
    "zip": ("ZIP", "ZIPs"),
    "zcta": ("ZIP", "ZIPs"),
    "plz": ("PLZ", "PLZ"),
    "post": ("postcode", "postcodes"),
    "codepostal": ("postcode", "postcodes"),
    "codigopostal": ("postcode", "postcodes"),
    "cap": ("CAP", "CAP"),
    "pincode": ("PIN code", "PIN codes"),
    "fsa": ("FSA", "FSAs"),
    "county": ("county", "counties"),
    "fips": ("county", "counties"),
}
"""How the name of an id begins → what such a unit and several of them are called on screen."""


def unit_words(id_name: str) -> tuple[str, str]:
    """What units with such an id are called, one and several; "area" where the name says nothing.

    These are words on screen only, and can be renamed in Settings.
    """
    name = key(id_name)
    return next((w for start, w in UNIT_WORDS.items() if name.startswith(start)), ("area", "areas"))


def our_measures(columns: Iterable[object], wanted: Collection[str] = ()) -> dict[str, str]:
    """Column → the name of the measure that it is written like: "Workload Hours", "POTENTIAL".

    ``wanted`` are names that the user asks for as they are.
    """
    have = [str(c) for c in columns]
    ours = {key(name): name for name in KNOWN_MEASURES if name not in ("units", "area_km2")}
    return {
        c: ours[key(c)]
        for c in have
        if key(c) in ours
        and ours[key(c)] not in have
        and c not in wanted
        and sum(key(c) == key(other) for other in have) == 1
    }


def id_candidates(columns: Iterable[object]) -> tuple[list[str], list[str]]:
    """Columns with a known name of a unit id, and those with a merely general one."""
    names = [str(c) for c in columns]
    return [c for c in names if key(c) in _UNIT_KEYS], [c for c in names if key(c) in _LAST_KEYS]
