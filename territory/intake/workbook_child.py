"""Read one workbook in a process that may die: ``python -m territory.intake.workbook_child``.

A few kilobytes of .xlsx can claim 17 billion cells. This process limits its own memory and time,
so that such a file costs a second and a message, not the server. It imports nothing of the
package, to start quickly.

Arguments: the workbook, the most rows and the most columns. Prints one JSON object:
``{"sheet": name, "others": [names], "rows": [[text, …], …]}`` or ``{"error": words}``.
"""

import json
import sys
from datetime import date, datetime, time
from typing import Any

MEMORY = 1_500_000_000
SECONDS = 9


def limit() -> None:
    """Cap memory and processor time, where the system can."""
    try:
        import resource
    except ImportError:
        return  # Windows: the parent watches instead.
    for what, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, SECONDS)):
        try:
            resource.setrlimit(what, (most, most))
        except (ValueError, OSError):
            continue  # macOS refuses some; the parent watches as well.


def text(value: object) -> str:
    """A cell as a person would type it: 1001, not 1001.0; 2025-03-31, not a timestamp."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)


UNITS = "Units"


def _ours(sheets: list[Any]) -> bool:
    """Is this a workbook that was handed over from here?"""
    return {"Summary", "Territories", UNITS} <= {sheet.title for sheet in sheets}


def read(path: str, most_rows: int, most_columns: int) -> dict[str, object]:
    """The cells of the first visible sheet that holds a table, as text.

    A sheet with one column of words is a cover; it is read only where there is no other. In a
    workbook that we wrote, the sheet of the units is the one that people edit.
    """
    import openpyxl

    best: dict[str, object] = {}
    with open(path, "rb") as file:  # noqa: PTH123 - one module less to import
        book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
        visible = [s for s in book.worksheets if s.sheet_state == "visible"]
        asked = [s for s in visible if s.title == UNITS] if _ours(visible) else visible
        for sheet in asked:
            sheet.reset_dimensions()  # What the file says of its size is not to be trusted.
            rows: list[list[str]] = []
            for row in sheet.iter_rows(max_row=most_rows + 1, values_only=True):
                if len(row) > most_columns:
                    return {"error": f"it has cells beyond column {most_columns:,}"}
                rows.append([text(value) for value in row])
                if len(rows) > most_rows:
                    return {"error": f"it has cells beyond row {most_rows:,}"}
            wide = sum(1 for row in rows if sum(map(bool, row)) > 1)
            if any(map(any, rows)) and (wide > 1 or not best):
                others = [s.title for s in visible if s is not sheet]
                best = {"sheet": sheet.title, "others": others, "rows": rows}
            if wide > 1:
                break
    return best or {"error": "it has no visible sheet with anything in it"}


def main() -> None:
    """Answer in JSON, whatever happens."""
    limit()
    try:
        answer = read(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
    except MemoryError:
        answer = {"error": "it needs too much memory"}
    except Exception as error:
        # Whatever a hostile file provokes inside the parser means the same to the user.
        answer = {"error": "it is damaged or no .xlsx workbook", "detail": repr(error)[:200]}
    # UTF-8 whatever the console speaks.
    sys.stdout.buffer.write(json.dumps(answer).encode())


if __name__ == "__main__":
    main()
