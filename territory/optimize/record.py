"""The run record: what a proposal was made from, small enough to keep and enough to repeat it."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Mapping
from dataclasses import dataclass, fields
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

import territory
from territory.errors import InputError
from territory.metrics.roads import Roads
from territory.model import Limit, Locks, Plan, Rules, Team, Units

if TYPE_CHECKING:
    from territory.optimize.result import Proposal, StoppedBy

__all__ = ["RunRecord", "made_from", "record_of"]

PACKAGES = ("numpy", "scipy", "numba")
"""Whose arithmetic a plan depends on."""


@dataclass(frozen=True)
class RunRecord:
    """How a proposal came about, as plain values.

    Parameters
    ----------
    inputs
        "units", "team", "current", "offset", "roads" → SHA-256 of what was given; None where
        nothing was.
    parameters
        Every other argument of `propose`, as JSON can hold it.
    seed
        Among the parameters too; here for readers.
    versions
        Of this package, Python, and the packages whose arithmetic a plan depends on.
    seconds, stopped_by, restarts
        How the run went.
    """

    inputs: Mapping[str, str | None]
    parameters: Mapping[str, Any]
    seed: int
    versions: Mapping[str, str]
    seconds: float
    stopped_by: StoppedBy
    restarts: int

    def to_json(self) -> dict[str, Any]:
        """Plain values for JSON, and for the store."""
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        return {name: dict(v) if isinstance(v, Mapping) else v for name, v in values.items()}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> RunRecord:
        """The record again; InputError if something is missing."""
        try:
            return cls(**{f.name: values[f.name] for f in fields(cls)})
        except KeyError as missing:
            raise InputError(f"This run record has no {missing.args[0]!r}.") from None

    def other_versions(self) -> dict[str, tuple[str, str]]:
        """Package → version then and now, where they differ: a plan may differ in details."""
        now = _versions()
        both = {name: (then, now.get(name, "")) for name, then in self.versions.items()}
        return {name: pair for name, pair in both.items() if pair[0] != pair[1]}


def record_of(
    proposal: Proposal,
    units: Units,
    *,
    team: Team | None,
    current: Plan | None,
    offset: NDArray[np.float64] | None,
    roads: Roads | None = None,
    **parameters: Any,
) -> RunRecord:
    """The record of a run; ``parameters`` are the other arguments of `propose`."""
    plain = {name: _plain(value) for name, value in parameters.items()}
    return RunRecord(
        inputs=made_from(units, team, current, offset, roads),
        parameters=plain,
        seed=proposal.seed,
        versions=_versions(),
        seconds=proposal.seconds,
        stopped_by=proposal.stopped_by,
        restarts=proposal.restarts,
    )


def made_from(
    units: Units,
    team: Team | None,
    current: Plan | None,
    offset: NDArray[np.float64] | None,
    roads: Roads | None = None,
) -> dict[str, str | None]:
    """Fingerprints of the inputs of a run."""
    return {
        "units": units.fingerprint,
        "team": None if team is None else _digest(team.frame.to_csv()),
        "current": None if current is None else _of_plan(current),
        "offset": None if offset is None else _digest(repr(np.asarray(offset, float).tolist())),
        "roads": None if roads is None else roads.fingerprint,
    }


def _of_plan(plan: Plan) -> str:
    """SHA-256 of territories, alignment, locks and named accounts."""
    frame = plan.territories[["rep_id", "target"]].to_csv()
    named = sorted(plan.named_accounts.items())
    return _digest(repr((frame, plan.alignment.tolist(), _plain(plan.locks), named)))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _versions() -> dict[str, str]:
    out = {"territory": territory.__version__, "python": platform.python_version()}
    for name in PACKAGES:
        try:
            out[name] = version(name)
        except PackageNotFoundError:  # frozen into an application without its metadata
            out[name] = "unknown"
    return out


def _plain(value: Any) -> Any:
    """As JSON holds it; sets are sorted, so that equal runs have equal records."""
    if isinstance(value, Locks | Rules | Limit):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(_plain(inner) for inner in value)
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, np.generic):
        return value.item()
    return value
