"""The set of files that a project is made of."""

from __future__ import annotations

from dataclasses import dataclass

from territory.intake.source import SourceLike


@dataclass(frozen=True)
class Files:
    """What a user brought; only boundaries are needed."""

    boundaries: SourceLike
    attributes: SourceLike | None = None
    accounts: SourceLike | None = None
    team: SourceLike | None = None
    sales: SourceLike | None = None
    alignment: SourceLike | None = None
    quotas: SourceLike | None = None
    competition: SourceLike | None = None
    travel_times: SourceLike | None = None
