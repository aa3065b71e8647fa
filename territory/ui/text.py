"""Text of users and files on its way to something that reads markup."""

from __future__ import annotations

__all__ = ["escape", "plain"]

SPECIALS = frozenset("\\`*_{}[]()<>#+-.!|$:~&=^@")
"""What Markdown, and Streamlit's additions to it, give a meaning."""


def plain(text: str) -> str:
    """A user's text for Markdown: shown letter by letter, whatever it contains.

    Line breaks stay; blank lines and indents, which Markdown reads as structure, go.
    """
    lines = (line.strip() for line in str(text).splitlines())
    escaped = ("".join(f"\\{c}" if c in SPECIALS else c for c in line) for line in lines)
    return "  \n".join(line for line in escaped if line)


def escape(text: str) -> str:
    """A user's text for Plotly, which reads a subset of HTML in labels and titles."""
    return str(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
