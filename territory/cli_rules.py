"""The flags that say what a plan must keep to, and how they become `Rules`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from territory.errors import InputError, Problem

if TYPE_CHECKING:
    from territory.metrics.roads import Roads
    from territory.model import Limit, Project, Rules

Tolerance = Annotated[
    list[str] | None,
    typer.Option("--tolerance", help="Allowed deviation as a share, or NAME=SHARE; repeat."),
]
Least = Annotated[
    list[str] | None,
    typer.Option("--min", help="NAME=VALUE or TERRITORY:NAME=VALUE, at least so much; repeat."),
]
Most = Annotated[
    list[str] | None,
    typer.Option("--max", help="NAME=VALUE or TERRITORY:NAME=VALUE, at most so much; repeat."),
]
Together = Annotated[
    list[str] | None,
    typer.Option("--together", help="Column of the units; equal values stay together; repeat."),
]
TogetherAccounts = Annotated[
    list[str] | None,
    typer.Option("--together-accounts", help="Column of the accounts, such as a family; repeat."),
]
Barriers = Annotated[
    Path | None, typer.Option("--barriers", help="Table unit_a, unit_b of pairs that don't touch.")
]
NoFerries = Annotated[
    bool, typer.Option("--no-ferries", help="No territory hangs together by a ferry.")
]
MaxKm = Annotated[
    float | None, typer.Option("--max-km", help="Largest distance from the rep's home.")
]
MaxMinutes = Annotated[
    float | None,
    typer.Option("--max-minutes", help="Longest drive one way from the rep's home, in minutes."),
]
Shortest = Annotated[
    bool, typer.Option("--shortest", help="Shortest travel alone, whatever the shapes.")
]
Regions = Annotated[
    str | None,
    typer.Option("--regions", help="Column of the units; no territory crosses its values."),
]
RegionTerritories = Annotated[
    list[str] | None,
    typer.Option("--region-territories", help="REGION=NUMBER, else by weight; repeat."),
]
Stay = Annotated[float, typer.Option("--stay", help="Price of changing hands; 1 as usual.")]
Excluded = Annotated[
    Path | None, typer.Option("--excluded", help="Table rep_id, unit_id of pairs to report.")
]
Needs = Annotated[
    str | None, typer.Option("--needs", help="Column of the units with the skill to report on.")
]
Only = Annotated[
    list[str] | None, typer.Option("--only", help="Territory that may change; repeat.")
]
MaxDisruption = Annotated[
    float | None, typer.Option("--max-disruption", help="Share that may change its rep.")
]
DisruptionMeasure = Annotated[
    str | None,
    typer.Option("--disruption-measure", help="What disruption counts, such as accounts."),
]
Locked = Annotated[
    Path | None, typer.Option("--locks", help="Table of units, territories, accounts to keep.")
]


@dataclass(frozen=True)
class RuleFlags:
    """The flags as given."""

    least: list[str] | None = None
    most: list[str] | None = None
    together: list[str] | None = None
    together_accounts: list[str] | None = None
    barriers: Path | None = None
    no_ferries: bool = False
    max_km: float | None = None
    max_minutes: float | None = None
    regions: str | None = None
    region_territories: list[str] | None = None
    stay: float = 1.0
    excluded: Path | None = None
    needs: str | None = None
    shortest: bool = False

    def rules(self, project: Project) -> Rules:
        """What they ask of a plan of this project.

        Raises
        ------
        InputError
            If a flag can't be read, or names what is not there.
        PlanError
            If a column is not there.
        """
        from territory.intake import read_barriers, read_excluded
        from territory.model import Rules, grouped

        units = project.units
        regions, needs = (
            {unit: name for name, members in grouped(units, column).items() for unit in members}
            if column
            else {}
            for column in (self.regions, self.needs)
        )
        return Rules(
            limits=(*limits(self.least, "--min"), *limits(self.most, "--max")),
            together=self._groups(project),
            barriers=read_barriers(self.barriers, units) if self.barriers else frozenset(),
            ferries=not self.no_ferries,
            max_km=self.max_km,
            max_minutes=self.max_minutes,
            regions=regions,
            per_region=whole_numbers(self.region_territories),
            stay=self.stay,
            excluded=read_excluded(self.excluded, units) if self.excluded else frozenset(),
            needs=needs,
            shortest=self.shortest,
        )

    def roads(self, project: Project) -> Roads | None:
        """Where a longest drive is looked up; None where none is asked for."""
        if self.max_minutes is None:
            return None
        from territory.metrics import roads_of

        return roads_of(project)

    def _groups(self, project: Project) -> dict[str, frozenset[str]]:
        from territory.model import families, grouped

        out: dict[str, frozenset[str]] = {}
        for column in self.together or []:
            out |= grouped(project.units, column)
        for column in self.together_accounts or []:
            if project.accounts is None:
                raise InputError(
                    Problem("--together-accounts needs the accounts", remedy="Add --accounts TABLE")
                )
            out |= families(project.accounts, column)
        return out


def parse_tolerance(given: list[str] | None) -> tuple[float, dict[str, float]]:
    """["0.1", "sales=0.05"] → (0.1, {"sales": 0.05}); 0.05 where there is no plain number.

    Raises
    ------
    InputError
        If one is no share between 0 and 1, or given twice.
    """
    plain: list[float] = []
    own: dict[str, float] = {}
    for text in given or []:
        name, equals, share = text.rpartition("=")
        try:
            value = float(share)
        except ValueError:
            value = float("nan")
        if not 0 < value < 1 or (equals and not name):
            raise InputError(
                Problem(
                    f"--tolerance {text} is not between 0 and 1", remedy="Use 0.05 for 5 percent"
                )
            )
        if name in own or (plain and not equals):
            raise InputError(
                Problem(f"--tolerance {text} is given twice", remedy="Give each measure one")
            )
        if equals:
            own[name] = value
        else:
            plain.append(value)
    return (plain or [0.05])[0], own


def each_tolerance(
    weights: Mapping[str, float], plain: float, own: Mapping[str, float]
) -> dict[str, float]:
    """measure → tolerance.

    Raises
    ------
    InputError
        If one is for a measure that does not count.
    """
    strange = [name for name in own if name not in weights]
    if strange:
        raise InputError(
            Problem(
                f"--tolerance {strange[0]}=…, but {strange[0]!r} does not count",
                remedy=f"Add --measure {strange[0]}, or use one of: {', '.join(weights)}",
            )
        )
    return {name: own.get(name, plain) for name in weights}


def limits(given: list[str] | None, flag: str) -> list[Limit]:
    """["accounts=200", "T01:accounts=150"] as limits.

    Raises
    ------
    InputError
        If one can't be read.
    """
    from territory.model import Limit

    out = []
    for text in given or []:
        where, _, number = text.rpartition("=")
        territory, _, name = where.rpartition(":")
        try:
            value = float(number)
        except ValueError:
            name = ""
        if not name:
            raise InputError(
                Problem(
                    f"{flag} {text!r} is not NAME=VALUE or TERRITORY:NAME=VALUE",
                    remedy=f"Write it as in {flag} accounts=200",
                )
            )
        bound = {"least" if flag == "--min" else "most": value}
        out.append(Limit(name, territory=territory or None, **bound))
    return out


def whole_numbers(given: list[str] | None) -> dict[str, int]:
    """["North=4"] → {"North": 4}.

    Raises
    ------
    InputError
        If one can't be read.
    """
    out: dict[str, int] = {}
    for text in given or []:
        name, _, number = text.rpartition("=")
        if not number.isdecimal():
            raise InputError(
                Problem(
                    f"--region-territories {text!r} is not REGION=NUMBER",
                    remedy="Write it as in --region-territories North=4",
                )
            )
        out[name] = int(number)
    return out


def judged(figures: dict[str, Any], allowed: Mapping[str, float]) -> dict[str, Any]:
    """The figures with a tolerance of each measure, where they differ."""
    if len(set(allowed.values())) > 1:
        figures["tolerances"] = dict(allowed)
        figures["within_tolerance"] = all(
            value is not None and value <= allowed[name] + 1e-9
            for name, value in figures["max_deviation"].items()
        )
    return figures
