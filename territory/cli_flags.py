"""The flags that several commands share: which files, which column, what counts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

UnitsFile = Annotated[Path, typer.Argument(help="Boundary file of the units.", metavar="UNITS")]
Attributes = Annotated[
    Path | None, typer.Option("--attributes", help="Table with more columns a unit.")
]
AccountsFile = Annotated[Path | None, typer.Option("--accounts", help="Table of accounts.")]
TeamFile = Annotated[Path | None, typer.Option("--team", help="Table of reps.")]
TravelFile = Annotated[Path | None, typer.Option("--travel-times", help="Table from, to, minutes.")]
SalesFile = Annotated[
    Path | None, typer.Option("--sales", help="Table of sales by unit and period.")
]
Before = Annotated[Path | None, typer.Option("--baseline", help="PLAN.csv it is compared with.")]
Band = Annotated[
    float, typer.Option("--tolerance", help="The band, as a share: 0.15 for ±15 percent.")
]
IdColumn = Annotated[str | None, typer.Option("--id-column", help="Column with the unit id.")]
Measures = Annotated[
    list[str] | None,
    typer.Option("--measure", help="What counts, NAME or NAME=WEIGHT; repeat for several."),
]
Duplicates = Annotated[
    str, typer.Option("--duplicates", help="Rows of the same unit: refuse or sum.")
]
Unknown = Annotated[
    str, typer.Option("--unknown", help="Rows of no unit: refuse, or keep as unmapped.")
]
Coordinates = Annotated[
    str, typer.Option("--coordinates", help="Latitude first in UNITS: auto, swap or keep.")
]
Crs = Annotated[
    str | None,
    typer.Option("--crs", help="Projection of UNITS where the file names none: EPSG:25832."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout.")]
