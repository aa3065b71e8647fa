"""Names and messages that would like to be more than text."""

from __future__ import annotations

import pytest

from territory.ui.text import escape, plain

HOSTILE = [
    "*a*", "<b>", "$x$", "[l](u)", ":red[x]", ":material/home:", "a_b", "`c`", "~~s~~", "&lt;b&gt;",
    "===", "1. one", "- li", "![](http://h.example/a.png)", "a | b", "^1", "x@y", "it's", "\\*",
]  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_user_text_loses_its_power_over_markdown(name: str) -> None:
    """Each sign that Markdown might read is escaped, nothing is dropped."""
    shown = plain(name)
    kept, i = "", 0
    while i < len(shown):
        escaped = shown[i] == "\\"
        i += escaped
        assert escaped or shown[i].isalnum() or shown[i] in " ;/'", shown
        kept += shown[i]
        i += 1
    assert kept == name


def test_lines_stay_lines_and_structure_goes() -> None:
    """A blank line, an indent or a heading in a name starts nothing."""
    assert plain("a\n\n    b\r\n# c") == "a  \nb  \n\\# c"


def test_plotly_reads_no_tag() -> None:
    """Labels of charts show angle brackets."""
    assert escape("<a href='x'>&</a>") == "&lt;a href='x'&gt;&amp;&lt;/a&gt;"
