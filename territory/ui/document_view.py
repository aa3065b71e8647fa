"""A document on screen, as it will be on paper."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import pandas as pd
import streamlit as st

from territory.advise.document import Block, Document, Heading, Picture, Table, Text
from territory.ui.pictures import in_page
from territory.ui.text import plain

__all__ = ["show_document"]

ROW = 35
"""Pixels of a row of a table."""
SHORT = 10
"""Rows that are shown without scrolling."""


def show_document(document: Document, picture: Callable[[str], bytes | None], key: str) -> None:
    """Title, sentences, tables and maps; every name letter by letter."""
    st.markdown(f"#### {plain(document.title)}")
    st.caption(plain(document.subtitle))
    for number, block in enumerate(_joined(document.blocks)):
        if isinstance(block, str):
            st.markdown(block)
        elif isinstance(block, Table):
            _table(block, f"{key}-{number}")
        else:
            png = picture(block.owner)
            if png is not None:
                st.image(in_page(png), caption=plain(block.words), alt=block.words or "Map")


def _joined(blocks: Iterable[Block]) -> Iterator[str | Table | Picture]:
    """Sentences that follow each other as one Markdown text; tables and pictures as they are."""
    lines: list[str] = []
    for block in blocks:
        if isinstance(block, Text | Heading):
            lines.append(_line(block))
            continue
        if lines:
            yield "\n\n".join(lines)
        lines = []
        yield block
    if lines:
        yield "\n\n".join(lines)


def _line(block: Text | Heading) -> str:
    if isinstance(block, Heading):
        return f"{'#' * (block.level + 4)} {plain(block.text)}"
    text = plain(block.text)
    return {
        "bullet": f"- {text}",
        "step": f"- :material/check_box_outline_blank: {text}",
        "question": f"**{text}**",
        "gap": f":material/info: {text}",
    }.get(block.kind, text)


def _table(table: Table, key: str) -> None:
    """Rows as text: they were written as people read them."""
    heads = [head or " " * (i + 1) for i, head in enumerate(table.columns)]
    frame = pd.DataFrame(list(table.rows), columns=heads)
    sides = {
        head: st.column_config.TextColumn(alignment="right")
        for i, head in enumerate(heads)
        if i in table.numeric
    }
    st.dataframe(
        frame, hide_index=True, width="stretch", key=key, column_config=sides,
        height="content" if len(frame) <= SHORT else SHORT * ROW,
    )  # fmt: skip
