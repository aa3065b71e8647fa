"""Documents as files: every script legible or visibly replaced, safe names, the same every time."""

from __future__ import annotations

import io
import re
import zipfile

import docx
import pytest
from PIL import Image

from territory.advise.brief import brief
from territory.advise.document import Document, Fact, Heading, Picture, Table, say
from territory.export.archive import Names, safe_name
from territory.export.kit import Kit
from territory.export.legible import CELL, MISSING, fit, spoken, visual
from territory.export.pdf import _Page, pdf_bytes
from territory.export.word import docx_bytes
from tests.advise.handover import handed
from tests.export.conftest import HOSTILE

SCRIPTS = (
    "Zoë Łukasz Ødegård", "Ελένη Παπαδοπούλου", "Екатерина", "שרה לוי", "فاطمة الزهراء",
    "张伟", "김민준", "สมชาย", "अनिल", "🚀 Rocket 👩\u200d🚀", "Ⅷ ½ € ™", "a\u0301e\u0300",
)  # fmt: skip


def document(*names: str) -> Document:
    """Every kind of block, with these names in each."""
    blocks = []
    for name in names:
        blocks += [
            Heading(name),
            say("{who} has {n}.", who=name, n=Fact("12", "plan")),
            *(
                say("{who}", kind, who=name)
                for kind in ("lead", "bullet", "step", "question", "gap")
            ),
            Table((name, "n"), ((name, "1"), (name, "2")), "plan", frozenset({1})),
        ]
    return Document("doc", names[0], "sub", (*blocks, Picture("R1", names[0])), foot=names[0])


def drawn(owner: str) -> bytes | None:
    """A small red picture."""
    out = io.BytesIO()
    Image.new("RGB", (40, 20), "red").save(out, "PNG")
    return out.getvalue() if owner else None


@pytest.mark.parametrize("names", [SCRIPTS, HOSTILE], ids=["scripts", "hostile"])
def test_word_holds_every_letter(names):
    """Every script, emoji and hostile name is in the Word file as it was written."""
    content = docx_bytes(document(*names), drawn)
    word = docx.Document(io.BytesIO(content))
    seen = "\n".join(p.text for p in word.paragraphs)
    cells = [c.text for t in word.tables for row in t.rows for c in row.cells]
    for name in names:
        assert " ".join(fit(name).split()) in " ".join(seen.split())
        assert " ".join(fit(name, CELL).split()) in [" ".join(c.split()) for c in cells]
    assert len(word.inline_shapes) == 1


@pytest.mark.parametrize("names", [SCRIPTS, HOSTILE], ids=["scripts", "hostile"])
def test_pdf_takes_every_name(names):
    """No name stops the PDF, and the same document gives the same bytes."""
    content = pdf_bytes(document(*names), drawn)
    assert content.startswith(b"%PDF") and content == pdf_bytes(document(*names), drawn)


def test_word_is_the_same_every_time():
    """No time of day in the file."""
    assert docx_bytes(document("Ann"), drawn) == docx_bytes(document("Ann"), drawn)


def test_letters_without_a_font_are_replaced_where_it_is_seen():
    """Each letter has a font, or a visible stand-in: an emoji its name, others a box."""
    page = _Page()
    bare = {name: letters for name, letters in page.fonts.items() if "Territory" in name[:9]}
    page.fonts = dict(list(bare.items())[:2])
    shown = page.markup("Łódź 张 🚀")
    assert "Łódź" in shown and MISSING in shown and "[rocket]" in shown and page.lost
    assert spoken("\u200d") == "" and spoken("张") == MISSING
    page.lost = False
    assert page.markup("שרה") and not page.lost


def test_markup_is_text():
    """What looks like reportlab's markup is shown as it is written."""
    assert _Page().markup("<b>&amp;</b>") == "&lt;b&gt;&amp;amp;&lt;/b&gt;"


def test_right_to_left_names_are_drawn_in_order():
    """Hebrew is turned around, numbers in it are not; Arabic letters are joined."""
    assert visual("Ann שרה 12 (לוי) has") == "Ann (יול)\u00a012\u00a0הרש has"
    joined = visual("فاطمة")
    assert joined[-1] == "\ufed3" and joined != "فاطمة"[::-1]
    assert visual("plain 12 text") == "plain 12 text"


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("CON", "_CON"), ("com1.txt", "_com1.txt"), ("a/b\\c:d", "a_b_c_d"), ("..", "_"),
        ("ends. ", "ends"), ("", "_"), ("=HYPERLINK(1)", "=HYPERLINK(1)"), ("x\u202efdp", "xfdp"),
        ("Łukasz 张伟", "Łukasz 张伟"),
    ],
)  # fmt: skip
def test_file_names_are_safe_everywhere(name, safe):
    """No path, no reserved name, nothing that hides how it ends."""
    assert safe_name(name) == safe


def test_file_names_are_unique_and_short():
    """Names that differ in case or accents only, and very long ones, get a number."""
    names = Names()
    given = [names.fresh(n) for n in ("Ann", "ANN", "ann", "é", "e\u0301", "x" * 300, "x" * 300)]
    assert given[:3] == ["Ann", "ANN (2)", "ann (3)"]
    assert len({n.casefold() for n in given}) == 7 and max(map(len, given)) < 90


def test_the_brief_has_its_own_map():
    """The owner's picture is a real one, another for each owner, and in both formats."""
    case = handed()
    kit = Kit(case.project, case.plan, case.case.baseline, case.start)
    pictures = [kit.picture(owner) for owner in (*case.owners, "")]
    assert len(set(pictures)) == 4
    for png in pictures:
        with Image.open(io.BytesIO(png)) as image:
            assert image.width > 300 and len(image.convert("RGB").getcolors(1 << 20)) > 5
    content = docx_bytes(brief(case, "R2"), kit.picture)
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        media = [n for n in parts.namelist() if n.startswith("word/media")]
        assert parts.read(media[0]) == pictures[1]
        # No file of the library's template keeps a clock in it.
        assert re.search(b"2000-01-01", parts.read("docProps/core.xml"))
