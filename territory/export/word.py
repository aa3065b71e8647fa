"""Documents as Word files (DOCX), the same every time."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from territory.advise.document import Block, Document, Heading, Picture, Table, Text
from territory.export.archive import packed, unpacked
from territory.export.grid import ACCENT, CREATED, INK, LINE, QUIET, SOFT
from territory.export.legible import CELL, fit
from territory.export.pdf import Pictures

if TYPE_CHECKING:
    from docx.document import Document as Word

__all__ = ["docx_bytes"]

TWIPS = 9640
"""Width between the margins of A4, in twentieths of a point."""


def docx_bytes(document: Document, pictures: Pictures) -> bytes:
    """A document as DOCX.

    Parameters
    ----------
    document
        What it says.
    pictures
        Draws the maps.
    """
    import docx

    word = docx.Document()
    _styles(word)
    _about(word, document)
    word.add_paragraph(fit(document.title), "Title")
    word.add_paragraph(fit(document.subtitle), "Subtitle")
    for block in document.blocks:
        _set(word, block, pictures)
    foot = word.sections[0].footer.paragraphs[0]
    foot.text = fit(document.foot or document.title)
    out = io.BytesIO()
    word.save(out)
    # The library stamps every part with the time of day.
    return packed(unpacked(out.getvalue()))


def _about(word: Word, document: Document) -> None:
    from docx.shared import Mm

    about = word.core_properties
    about.title, about.author = fit(document.title)[:255], "Territory Workbench"
    about.created = about.modified = CREATED
    about.last_modified_by, about.comments = "", ""
    page = word.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(20)
    page.top_margin = page.bottom_margin = Mm(18)


def _styles(word: Word) -> None:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    def dress(name: str, size: float, colour: str, bold: bool, before: float, after: float) -> Any:
        style: Any = word.styles[name]
        style.font.name, style.font.size, style.font.bold = "Calibri", Pt(size), bold
        style.font.italic = False
        style.font.color.rgb = RGBColor.from_string(colour[1:])
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for kind in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{kind}"), None)
        fonts.set(qn("w:hAnsi"), "Calibri")
        style.paragraph_format.space_before = Pt(before)
        style.paragraph_format.space_after = Pt(after)
        return style

    dress("Normal", 10.5, INK, False, 0, 5)
    title = dress("Title", 22, ACCENT, True, 0, 2)
    line = title.element.pPr.find(qn("w:pBdr"))
    if line is not None:
        title.element.pPr.remove(line)
    dress("Subtitle", 10.5, QUIET, False, 0, 10)
    dress("Heading 1", 14, INK, True, 14, 4)
    dress("Heading 2", 11.5, INK, True, 8, 2)
    dress("List Bullet", 10.5, INK, False, 0, 3)
    dress("Caption", 9, QUIET, False, 2, 8)
    dress("Footer", 8.5, QUIET, False, 0, 0)
    for name, size, bold in (("Lead", 12.0, False), ("Question", 10.5, True), ("Gap", 10.5, False)):
        style: Any = word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = word.styles["Normal"]
        style.font.size, style.font.bold = Pt(size), bold
        style.paragraph_format.keep_with_next = bold
    shade = f'<w:shd xmlns:w="{_NS}" w:val="clear" w:color="auto" w:fill="{SOFT[1:]}"/>'
    from docx.oxml.parser import parse_xml

    gap: Any = word.styles["Gap"]
    gap.element.get_or_add_pPr().append(parse_xml(shade))


_NS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_STYLE = {"lead": "Lead", "bullet": "List Bullet", "question": "Question", "gap": "Gap"}


def _set(word: Word, block: Block, pictures: Pictures) -> None:
    if isinstance(block, Heading):
        word.add_paragraph(fit(block.text), f"Heading {min(block.level, 2)}")
    elif isinstance(block, Text):
        lead = "☐  " if block.kind == "step" else ""
        word.add_paragraph(lead + fit(block.text), _STYLE.get(block.kind, "Normal"))
    elif isinstance(block, Table):
        _table(word, block)
    elif isinstance(block, Picture):
        _picture(word, block, pictures)


def _picture(word: Word, block: Picture, pictures: Pictures) -> None:
    from docx.shared import Mm

    png = pictures(block.owner)
    if png is None:
        return
    from PIL import Image

    with Image.open(io.BytesIO(png)) as image:
        wide, high = image.size
    scale = min(170 / wide, 118 / high)
    word.add_picture(io.BytesIO(png), Mm(wide * scale), Mm(high * scale))
    word.paragraphs[-1].paragraph_format.keep_with_next = True
    if block.words:
        word.add_paragraph(fit(block.words), "Caption")


def _table(word: Word, table: Table) -> None:
    """Written as XML at once: cell by cell takes the library a second a page."""
    from docx.oxml.parser import parse_xml

    weights = table.widths or tuple(1.0 for _ in table.columns)
    widths = [round(TWIPS * w / sum(weights)) for w in weights]
    grid = "".join(f'<w:gridCol w:w="{w}"/>' for w in widths)
    edge = f'w:val="single" w:sz="4" w:space="0" w:color="{LINE[1:]}"'
    rows = [_row(table, widths, table.columns, head=True)]
    rows += [_row(table, widths, row) for row in table.rows]
    xml = (
        f'<w:tbl xmlns:w="{_NS}"><w:tblPr><w:tblW w:w="{TWIPS}" w:type="dxa"/>'
        f"<w:tblBorders><w:bottom {edge}/><w:insideH {edge}/></w:tblBorders>"
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="70" w:type="dxa"/>'
        '<w:right w:w="70" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )
    body: Any = word.element.body
    body.insert(len(body) - 1, parse_xml(xml))
    word.add_paragraph("").paragraph_format.space_after = 0


def _row(table: Table, widths: list[int], cells: tuple[str, ...], head: bool = False) -> str:
    fill = f'<w:shd w:val="clear" w:color="auto" w:fill="{ACCENT[1:]}"/>' if head else ""
    ink = "FFFFFF" if head else INK[1:]
    bold = "<w:b/>" if head else ""
    out = []
    for i, text in enumerate(cells):
        side = '<w:jc w:val="right"/>' if i in table.numeric else ""
        words = escape(fit(text, CELL)).replace("\n", " ")
        out.append(
            f'<w:tc><w:tcPr><w:tcW w:w="{widths[i]}" w:type="dxa"/>{fill}</w:tcPr><w:p><w:pPr>'
            f'<w:spacing w:before="20" w:after="20"/>{side}</w:pPr><w:r><w:rPr>{bold}'
            f'<w:color w:val="{ink}"/><w:sz w:val="17"/></w:rPr>'
            f'<w:t xml:space="preserve">{words}</w:t></w:r></w:p></w:tc>'
        )
    repeat = "<w:trPr><w:cantSplit/>" + ("<w:tblHeader/>" if head else "") + "</w:trPr>"
    return f"<w:tr>{repeat}{''.join(out)}</w:tr>"
