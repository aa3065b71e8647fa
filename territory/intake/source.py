"""What a user hands us: a path or an upload. Looked at before anything parses it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from territory.errors import InputError, Problem

LARGEST = 1 << 30
"""Bytes: larger files are refused before they are read."""


@dataclass(frozen=True)
class Source:
    """A file by its name; the bytes are read once, when first asked for.

    ``encoding`` is what the user says the text is in; ``columns`` (field of ours → column of
    theirs) is what they said the columns mean. Both are found out where nothing is said.
    """

    name: str
    path: Path | None = None
    upload: bytes | None = None
    encoding: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def data(self) -> bytes:
        """The content."""
        if self.upload is not None:
            return self.upload
        assert self.path is not None
        try:
            return self.path.read_bytes()
        except OSError as error:
            raise self.refuse(f"the file can't be opened: {error.strerror or error}") from error

    def head(self, most: int) -> bytes:
        """The first bytes, without reading the rest of a file on the disk."""
        if self.path is None or "data" in self.__dict__:
            return self.data[:most]
        try:
            with self.path.open("rb") as file:
                return file.read(most)
        except OSError as error:
            raise self.refuse(f"the file can't be opened: {error.strerror or error}") from error

    @property
    def suffix(self) -> str:
        """The ending of the name, lower case, with its dot."""
        return Path(self.name).suffix.lower()

    def refuse(self, message: str, remedy: str | None = None) -> InputError:
        """The error that says so and names the file."""
        return InputError(Problem(message, self.name, remedy=remedy))


SourceLike = str | os.PathLike[str] | tuple[str, bytes] | Source
"""A path, or the name and the bytes of an upload, or either opened."""


def open_source(source: SourceLike) -> Source:
    """Check that there is a file with something in it.

    Raises
    ------
    InputError
        If it does not exist, is a folder, is empty, or is too large.
    """
    if isinstance(source, Source):
        return source
    if isinstance(source, tuple):
        # The name is shown and its ending read; it never becomes a path.
        found = Source(name=str(source[0]).replace("\\", "/").rsplit("/", 1)[-1], upload=source[1])
        size = len(source[1])
    else:
        path = Path(source)
        found = Source(name=path.name or str(source), path=path)
        try:
            if not path.exists():
                raise found.refuse(f"there is no such file: {source}", "Check the path.")
            if not path.is_file():
                raise found.refuse("this is no file", "Name the file itself; zip a shapefile.")
            size = path.stat().st_size
        except (OSError, ValueError) as error:
            raise found.refuse(f"the file can't be opened: {error}", "Check the path.") from error
    if size == 0:
        raise found.refuse("the file is empty (0 bytes)", "Export or download it again.")
    if size > LARGEST:
        raise found.refuse(
            f"the file is too large ({size / 1e9:.1f} GB; at most {LARGEST / 1e9:.1f})",
            "Leave out the areas and columns you don't need.",
        )
    return found
