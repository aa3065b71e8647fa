"""The process that reads for ``Reading``: ``python -m territory.intake.child_main FOLDER``.

The folder holds ``request``; ``stage`` and ``answer`` are written to it.
"""

from __future__ import annotations

import importlib
import pickle
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from territory.errors import InputError, Problem, TerritoryError


def limit(memory: int, seconds: int) -> None:
    """Cap address space and processor time, where the system can; the parent watches as well."""
    try:
        import resource
    except ImportError:
        return  # Windows
    # Libraries reserve far more addresses than they use; two processors burn time twice as fast.
    for what, most in ((resource.RLIMIT_AS, 3 * memory), (resource.RLIMIT_CPU, 2 * seconds)):
        try:
            resource.setrlimit(what, (most, most))
        except (ValueError, OSError):
            continue  # macOS refuses some.


def answer(verb: str, arguments: dict[str, Any], tell: Callable[[str], None]) -> tuple[str, Any]:
    """("value", what was read) or ("problems", why not)."""
    from territory import intake
    from territory.intake.refresh import update_project
    from territory.intake.tables import first_rows

    verbs: dict[str, Callable[..., Any]] = {
        "first_rows": first_rows,
        "inspect": intake.inspect,
        "read_project": intake.read_project,
        "update_project": update_project,
    }
    try:
        return "value", verbs[verb](**arguments, tell=tell)
    except InputError as error:
        return "problems", list(error.problems)
    except TerritoryError as error:
        return "problems", [Problem(str(error))]
    except MemoryError:
        said = "the file needs too much memory; it was not read"
        return "problems", [Problem(said, remedy="Leave out the areas and columns you don't need.")]


def main() -> None:
    """Read what is asked for and leave the answer."""
    folder = Path(sys.argv[1])
    # Teaches pickle what a plan holds.
    importlib.import_module("territory.intake.child")
    verb, arguments, memory, seconds = pickle.loads((folder / "request").read_bytes())
    limit(memory, seconds)

    def tell(stage: str) -> None:
        (folder / "stage.new").write_text(stage, encoding="utf-8")
        (folder / "stage.new").replace(folder / "stage")

    found = answer(verb, arguments, tell)
    (folder / "answer.new").write_bytes(pickle.dumps(found))
    (folder / "answer.new").replace(folder / "answer")


if __name__ == "__main__":
    main()
