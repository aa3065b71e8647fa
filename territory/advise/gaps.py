"""What the documents can't say, and what would fill it."""

from __future__ import annotations

from territory.advise.document import Text, say
from territory.advise.handed import Handed

__all__ = ["gaps"]


def gaps(handed: Handed) -> list[Text]:
    """What the documents can't say because the data is not there, and what would fill it."""
    project, plan = handed.project, handed.plan
    out = []
    if handed.case.baseline is None:
        out.append(
            say(
                "There is no earlier plan to compare with, so nothing is known about what "
                "changes. Load today's alignment to see it.",
                "gap",
            )
        )
    if project.team is None:
        out.append(
            say(
                "No team is loaded: the {territories} have no owners yet, and stand here "
                "under their own names. Load the team to name people.",
                "gap",
                territories=handed.word("territories"),
            )
        )
    if project.accounts is None:
        out.append(
            say(
                "No accounts are loaded, so hand-overs are listed by {units} only. Load the "
                "accounts to see each customer.",
                "gap",
                units=handed.word("units"),
            )
        )
    elif not handed.deal_column and not handed.accounts["open_deal"].any():  # type: ignore[index]
        out.append(
            say(
                "Nothing says which accounts have open deals. Add a column open_deals to "
                "the accounts, and these are held until they are closed.",
                "gap",
            )
        )
    if project.sales is None:
        out.append(
            say(
                "There is no sales history: growth, seasons and results are left out. Load "
                "sales by period to add them.",
                "gap",
            )
        )
    if plan.unassigned:
        loose = handed.number(plan.unassigned, "unit", "metric unassigned")
        out.append(
            say(
                "{loose} still belong to nobody and are in no brief. Assign them on the map first.",
                "gap",
                loose=loose,
            )
        )
    if handed.start is None:
        out.append(
            say(
                "No start date is set, so dates are counted from the start. Choose one on "
                "the page Handover.",
                "gap",
            )
        )
    return out
