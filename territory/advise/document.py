"""A document before any file format: headings, sentences with their facts, tables, pictures.

Sentences are templates over facts. A fact knows where its number comes from, so that every number
in a document can be traced to a metric or to a column of the user's data.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

__all__ = ["Block", "Document", "Fact", "Heading", "Picture", "Table", "Text", "say"]

Kind = Literal["paragraph", "lead", "bullet", "step", "question", "gap"]


@dataclass(frozen=True)
class Fact:
    """A number as it is written, and where it comes from: a metric, or a table and column."""

    shown: str
    source: str


@dataclass(frozen=True)
class Text:
    """A sentence or two.

    ``kind`` is how it is set: "gap" says what is missing and what would fill it. ``words`` are
    names and words of the user's, ``facts`` everything with a number.
    """

    template: str
    kind: Kind = "paragraph"
    facts: Mapping[str, Fact] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The sentence as it is read."""
        shown = {name: fact.shown for name, fact in self.facts.items()}
        return self.template.format_map({**self.words, **shown})


@dataclass(frozen=True)
class Heading:
    """A heading; level 1 begins a section."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class Table:
    """Rows of text; ``numeric`` columns stand at the right, ``widths`` are relative."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    source: str
    numeric: frozenset[int] = frozenset()
    widths: tuple[float, ...] = ()


@dataclass(frozen=True)
class Picture:
    """The map of the whole plan, or of one owner's territories."""

    owner: str = ""
    words: str = ""


Block = Text | Heading | Table | Picture


@dataclass(frozen=True)
class Document:
    """One document. ``name`` is its file's, without an ending; ``foot`` stands on every page."""

    name: str
    title: str
    subtitle: str
    blocks: tuple[Block, ...]
    foot: str = ""

    @property
    def texts(self) -> Sequence[Text]:
        """Every sentence, in order."""
        return [block for block in self.blocks if isinstance(block, Text)]


def say(template: str, kind: Kind = "paragraph", **parts: Fact | str) -> Text:
    """A sentence from its template: facts for numbers, text for names and words."""
    facts = {name: part for name, part in parts.items() if isinstance(part, Fact)}
    words = {name: part for name, part in parts.items() if isinstance(part, str)}
    return Text(template, kind, facts, words)
