"""What was read, what was repaired, and what is wrong with it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from territory.errors import Problem

SPELT_OUT = 100
"""Problems that the text names; the rest are counted. A file can be wrong in every row."""

LISTED = 10_000
"""Problems in the JSON, for the same reason."""


@dataclass(frozen=True)
class Repair:
    """One kind of change that reading made to the data, with how often and examples."""

    message: str
    count: int
    column: str | None = None
    examples: tuple[str, ...] = ()
    file: str = ""

    def __str__(self) -> str:
        where = f" in {self.column}" if self.column else ""
        shown = f" ({', '.join(self.examples)})" if self.examples else ""
        return f"{self.count:,} × {self.message}{where}{shown}"

    def as_dict(self) -> dict[str, object]:
        """The same as plain values."""
        return {
            "message": self.message,
            "count": self.count,
            "column": self.column,
            "examples": list(self.examples),
            "file": self.file,
        }


@dataclass(frozen=True)
class Total:
    """A measure of one file, before and after: before = after + unmapped + refused."""

    file: str
    measure: str
    before: float
    after: float
    unmapped: float = 0.0
    """What lies in no area; it stays in the totals of the whole."""
    refused: float = 0.0
    """What stands in rows that can't be used."""

    def as_dict(self) -> dict[str, object]:
        """The same as plain values."""
        return asdict(self)


@dataclass
class Report:
    """Gathered while reading. ``problems`` are rows that can't be used as they are."""

    file: str = ""
    rows: int = 0
    usable_rows: int = 0
    id_column: str | None = None
    columns: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    repairs: list[Repair] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    blocking: list[Problem] = field(default_factory=list)
    """Those of the problems that a plan must not be made with."""
    notes: list[str] = field(default_factory=list)
    offers: list[str] = field(default_factory=list)
    """What was decided where a person may know better, with the way to decide otherwise."""
    totals: list[Total] = field(default_factory=list)
    mean_degree: float | None = None
    components: int | None = None
    ferries: int | None = None
    accounts: int | None = None
    reps: int | None = None
    travel_times: int | None = None
    seconds_read: float = 0.0
    seconds_adjacency: float = 0.0

    def repaired(
        self,
        message: str,
        count: int,
        column: str | None = None,
        examples: Iterable[str] = (),
    ) -> None:
        """Note a repair, if there was any."""
        if count:
            self.repairs.append(Repair(message, int(count), column, tuple(examples), self.file))

    def offer(self, text: str) -> None:
        """Note a decision that could have been another one."""
        self.offers.append(text)

    def reconcile(
        self, file: str, name: str, values: np.ndarray, mapped: np.ndarray, unmapped: np.ndarray
    ) -> None:
        """Note where the sum of a column went: into units, to "unmapped", or into refused rows.

        Parameters
        ----------
        values
            (m,) the column as read, NaN where there is no number.
        mapped, unmapped
            (m,) which rows are in a unit, and which lie in none but count.
        """
        known = np.where(np.isfinite(values), values, 0.0)
        parts = (mapped | ~mapped, mapped, unmapped & ~mapped, ~mapped & ~unmapped)
        # fsum: a million rows still agree to the cent.
        self.totals.append(Total(file, name, *(math.fsum(known[part]) for part in parts)))

    @property
    def unmapped(self) -> dict[str, float]:
        """Measure → what of it lies in no area, over all files."""
        out: dict[str, float] = {}
        for total in self.totals:
            if total.unmapped:
                out[total.measure] = out.get(total.measure, 0.0) + total.unmapped
        return out

    def block(self, problems: Iterable[Problem]) -> None:
        """Note problems that a plan must not be made with."""
        found = list(problems)
        self.problems += found
        self.blocking += found

    def take(self, other: Report) -> None:
        """Add what happened to another file."""
        self.repairs += other.repairs
        self.problems += other.problems
        self.blocking += other.blocking
        self.notes += other.notes
        self.offers += other.offers
        self.totals += other.totals

    def sort(self) -> None:
        """Bring the problems into the order of the files and their rows."""
        order = {file: i for i, file in enumerate(dict.fromkeys(p.file for p in self.problems))}
        for problems in (self.problems, self.blocking):
            problems.sort(key=lambda p: (order[p.file], p.row is None, p.row or 0))

    def to_json(self) -> dict[str, Any]:
        """Plain values, for ``territory check --json``."""
        return {
            "file": self.file,
            "rows": self.rows,
            "usable_rows": self.usable_rows,
            "id_column": self.id_column,
            "columns": list(self.columns),
            "measures": list(self.measures),
            "repairs": [repair.as_dict() for repair in self.repairs],
            "problems": [problem.as_dict() for problem in self.problems[:LISTED]],
            "problem_count": len(self.problems),
            "notes": list(self.notes),
            "offers": list(self.offers),
            "totals": [total.as_dict() for total in self.totals],
            "mean_degree": self.mean_degree,
            "components": self.components,
            "ferries": self.ferries,
            "accounts": self.accounts,
            "reps": self.reps,
            "travel_times": self.travel_times,
            "seconds_read": round(self.seconds_read, 3),
            "seconds_adjacency": round(self.seconds_adjacency, 3),
        }

    def _placed(self, repair: Repair) -> str:
        other = repair.file not in ("", self.file)
        return f"{repair.file}: {repair}" if other else str(repair)

    def to_text(self) -> str:
        """The same in words."""
        lines = [f"{self.file}: {self.usable_rows:,} of {self.rows:,} rows usable"]
        if self.id_column:
            lines.append(f"  id column: {self.id_column}")
        if self.measures:
            lines.append(f"  measures: {', '.join(self.measures)}")
        if self.mean_degree is not None:
            lines.append(
                f"  neighbours: {self.mean_degree:.2f} a unit, {self.components} component(s) "
                f"before {self.ferries} ferry link(s)"
            )
        for count, what in (
            (self.accounts, "accounts"),
            (self.reps, "reps"),
            (self.travel_times, "travel times"),
        ):
            if count is not None:
                lines.append(f"  {what}: {count:,}")
        for total in self.totals:
            if total.unmapped or total.refused:
                lines.append(
                    f"  {total.measure} of {total.file}: {total.before:,.2f} = {total.after:,.2f} "
                    f"in units + {total.unmapped:,.2f} unmapped + {total.refused:,.2f} refused"
                )
        for title, items in (
            ("repaired", [self._placed(repair) for repair in self.repairs]),
            ("problems", self.problems[:SPELT_OUT]),
            ("notes", self.notes),
            ("please check", self.offers),
        ):
            if items:
                lines.append(f"{title}:")
                lines += [f"  {item}" for item in items]
        if len(self.problems) > SPELT_OUT:
            lines.append(f"  … and {len(self.problems) - SPELT_OUT:,} more problems")
        return "\n".join(lines)


def row_problems(
    message: str,
    where: np.ndarray,
    *,
    file: str,
    rows: np.ndarray,
    column: str | None = None,
    values: np.ndarray | None = None,
    remedy: str | None = None,
) -> list[Problem]:
    """One Problem for each position in ``where``; ``{}`` in the message stands for the value."""
    out = []
    for i in where:
        value = None if values is None else str(values[i])[:80]
        text = message.replace("{}", repr(value)) if value is not None else message
        out.append(Problem(text, file, int(rows[i]), column, value, remedy))
    return out
