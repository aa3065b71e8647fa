"""What is not ready yet before a plan goes out, each with the page that mends it."""

from __future__ import annotations

from dataclasses import dataclass

from territory.advise.handed import Handed
from territory.metrics import noncontiguous, outside
from territory.model import Workspace
from territory.model.figures import share, unit_words
from territory.ui import session
from territory.ui.shelf import STATUS

__all__ = ["Check", "checks_of"]


@dataclass(frozen=True)
class Check:
    """One line of the checklist; ``page`` mends it. What is optional only leaves things out."""

    ready: bool
    good: str
    bad: str
    page: str
    optional: bool = False

    @property
    def text(self) -> str:
        """What the line says now."""
        return self.good if self.ready else self.bad


def checks_of(here: Workspace, handed: Handed) -> list[Check]:
    """The checklist, most important first."""
    return [*_plan(handed), *_people(handed), *_scenario(here), *_data(here, handed)]


def _plan(handed: Handed) -> list[Check]:
    settings, case, word = handed.project.settings, handed.case, handed.word
    pieces, loose, off = int(noncontiguous(case)), handed.plan.unassigned, outside(case)
    band = f"±{share(settings.amber)}"
    return [
        Check(
            not loose,
            f"All {word('units')} are assigned",
            f"{unit_words(loose, settings)} left over",
            "Map",
        ),
        Check(
            not pieces,
            f"Every {word('territory')} is one piece",
            f"{pieces} {word('territories')} in pieces",
            "Map",
        ),
        Check(
            not off, f"All within {band}", f"{off} {word('territories')} outside {band}", "Balance"
        ),
    ]


def _people(handed: Handed) -> list[Check]:
    team, word = handed.project.team, handed.word
    if team is None:
        bad = "No team is loaded: nobody owns anything"
        return [Check(False, f"The {word('reps')} are known", bad, "Data")]
    nobody = int((handed.plan.territories["rep_id"] == "").sum())
    known = Check(
        not nobody,
        f"The {word('reps')} are known",
        f"{handed.number(nobody, 'territory', '').shown} without a {word('rep')}",
        "Map",
    )
    mine = [rep for rep in team.ids if rep in handed.owners]
    without = int(team.frame.loc[mine, "quota"].isna().sum())
    quota = Check(
        not without,
        f"Every {word('rep')} has a quota",
        f"{handed.number(without, 'rep', '').shown} without a quota",
        "Performance",
    )
    return [known, quota]


def _scenario(here: Workspace) -> list[Check]:
    """Whether somebody has approved this plan."""
    found = [i for i in session.store().scenarios.list() if i.id == here.scenario_id]
    status = found[0].status if found else "draft"
    name = STATUS[status][0].lower()
    bad = f"This scenario is not approved: {name}"
    return [Check(status == "approved", "This scenario is approved", bad, "Scenarios")]


def _data(here: Workspace, handed: Handed) -> list[Check]:
    """What only leaves pages of the documents empty."""
    project = handed.project
    return [
        Check(
            project.accounts is not None,
            "Accounts are loaded",
            "No accounts: briefs list no customers",
            "Data",
            optional=True,
        ),
        Check(
            project.sales is not None,
            "Sales are loaded",
            "No sales: no results, no start date",
            "Data",
            optional=True,
        ),
    ]
