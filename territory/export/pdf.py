"""Documents as PDF, readable in every script and the same every time."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING, Any

from territory.advise.document import Block, Document, Heading, Picture, Table, Text
from territory.export.grid import ACCENT, INK, LINE, QUIET, SOFT
from territory.export.legible import CELL, MISSING, fit, font_file, spoken, system_fonts, visual

if TYPE_CHECKING:
    from reportlab.lib.styles import ParagraphStyle

__all__ = ["Pictures", "pdf_bytes"]

Pictures = Callable[[str], bytes | None]
"""Owner, or "" for the whole plan → PNG; None where there is nothing to draw."""

BODY, BOLD = "Territory", "Territory-Bold"
LEFT, WIDTH = 62.7, 469.9
"""Points of the left margin and between the margins of an A4 page."""
NOTE = (
    f"{MISSING} stands for a letter that no font on the machine has that made this file; the Word "
    "file holds every letter."
)


def pdf_bytes(document: Document, pictures: Pictures) -> bytes:
    """A document as PDF.

    Parameters
    ----------
    document
        What it says.
    pictures
        Draws the maps.
    """
    from reportlab.platypus import Paragraph, SimpleDocTemplate

    page = _Page()
    flow: list[Any] = [
        Paragraph(page.markup(document.title), page.styles["title"]),
        Paragraph(page.markup(document.subtitle), page.styles["subtitle"]),
    ]
    for block in document.blocks:
        flow += page.set(block, pictures)
    if page.lost:
        flow.append(Paragraph(escape(NOTE), page.styles["gap"]))
    out = io.BytesIO()
    template = SimpleDocTemplate(
        out,
        pagesize=(595.3, 841.9),
        leftMargin=56.7,
        rightMargin=56.7,
        topMargin=51,
        bottomMargin=54,
        title=fit(document.title),
        author="Territory Workbench",
        invariant=1,
    )
    foot = document.foot or document.title
    template.build(
        flow,
        onFirstPage=lambda canvas, _: page.footer(canvas, foot),
        onLaterPages=lambda canvas, _: page.footer(canvas, foot),
    )
    return out.getvalue()


@lru_cache(maxsize=1)
def fonts() -> dict[str, set[int]]:
    """Name → letters of every font at hand, registered with reportlab; the usual ones first."""
    from reportlab import rl_config
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFError, TTFont

    # Pictures as bytes and not as letters: a fifth smaller, and quicker.
    rl_config.useA85 = 0
    found: dict[str, set[int]] = {}
    files = [(BODY, font_file()), (BOLD, font_file(bold=True))]
    files += [(f"Territory-{path.stem}", path) for path in system_fonts()]
    for name, path in files:
        try:
            font = TTFont(name, str(path))
        except (TTFError, OSError):
            if name in (BODY, BOLD):
                raise
            continue  # A font of the machine that can't be embedded is as good as none.
        pdfmetrics.registerFont(font)
        found[name] = set(font.face.charToGlyph)
    pdfmetrics.registerFontFamily(BODY, normal=BODY, bold=BOLD, italic=BODY, boldItalic=BOLD)
    return found


class _Page:
    """Styles, and how text and blocks are set with them."""

    def __init__(self) -> None:
        from reportlab.lib.colors import HexColor
        from reportlab.lib.styles import ParagraphStyle

        self.fonts = fonts()
        self.lost = False
        colour = {name: HexColor(name) for name in (ACCENT, INK, QUIET, LINE, SOFT)}
        self.colour = colour

        def style(name: str, size: float, **more: object) -> ParagraphStyle:
            base: dict[str, object] = {
                "fontName": BODY,
                "bulletFontName": BODY,
                "fontSize": size,
                "leading": size * 1.42,
                "textColor": colour[INK],
            }
            return ParagraphStyle(name, **(base | more))

        self.styles: dict[str, ParagraphStyle] = {
            "title": style("title", 20, fontName=BOLD, textColor=colour[ACCENT], spaceAfter=2),
            "subtitle": style("subtitle", 9.5, textColor=colour[QUIET], spaceAfter=10),
            "h1": style("h1", 13, fontName=BOLD, spaceBefore=14, spaceAfter=4),
            "h2": style("h2", 10.5, fontName=BOLD, spaceBefore=8, spaceAfter=2),
            "paragraph": style("paragraph", 9.5, spaceAfter=5),
            "lead": style("lead", 11, spaceAfter=7),
            "bullet": style("bullet", 9.5, leftIndent=12, bulletIndent=2, spaceAfter=3),
            "step": style("step", 9.5, leftIndent=16, bulletIndent=1, spaceAfter=3),
            "question": style("question", 9.5, fontName=BOLD, spaceBefore=5, keepWithNext=1),
            "gap": style(
                "gap",
                9.5,
                backColor=colour[SOFT],
                borderPadding=5,
                spaceBefore=6,
                spaceAfter=8,
                leftIndent=5,
                rightIndent=5,
            ),
            "caption": style("caption", 8, textColor=colour[QUIET], spaceAfter=6),
            "cell": style("cell", 8, leading=10),
            "number": style("number", 8, leading=10, alignment=2),
            "head": style("head", 8, leading=10, fontName=BOLD, textColor=HexColor("#FFFFFF")),
            "headnumber": style(
                "headnumber",
                8,
                leading=10,
                fontName=BOLD,
                alignment=2,
                textColor=HexColor("#FFFFFF"),
            ),
        }

    def markup(self, text: str, bold: bool = False) -> str:
        """Text for reportlab, each letter in a font that has it."""
        ready = visual(fit(text))
        first = BOLD if bold else BODY
        runs: list[tuple[str, str]] = []
        for letter in ready:
            name, shown = self._font_of(letter, first)
            if runs and runs[-1][0] == name:
                runs[-1] = (name, runs[-1][1] + shown)
            else:
                runs.append((name, shown))
        return "".join(
            escape(shown) if name == first else f'<font name="{name}">{escape(shown)}</font>'
            for name, shown in runs
        ).replace("\n", "<br/>")

    def _font_of(self, letter: str, first: str) -> tuple[str, str]:
        code = ord(letter)
        if letter == "\n" or code in self.fonts[first]:
            return first, letter
        for name, letters in self.fonts.items():
            if code in letters:
                return name, letter
        shown = spoken(letter)
        self.lost |= MISSING in shown
        return first, shown

    def set(self, block: Block, pictures: Pictures) -> list[Any]:
        """A block as what reportlab flows onto pages."""
        from reportlab.platypus import CondPageBreak, Paragraph

        if isinstance(block, Heading):
            style = self.styles[f"h{min(block.level, 2)}"]
            # Never alone at the foot of a page; a table may begin there and go on overleaf.
            room = CondPageBreak(120 if block.level == 1 else 60)
            return [room, Paragraph(self.markup(block.text, bold=True), style)]
        if isinstance(block, Text):
            mark = {"bullet": "•", "step": "☐"}.get(block.kind)
            bold = block.kind == "question"
            style = self.styles[block.kind]
            return [Paragraph(self.markup(block.text, bold), style, bulletText=mark)]
        return self._table(block) if isinstance(block, Table) else self._picture(block, pictures)

    def _table(self, table: Table) -> list[Any]:
        from reportlab.platypus import LongTable, Paragraph, Spacer, TableStyle

        def cell(text: str, i: int, head: bool = False) -> Any:
            style = "head" if head else "cell"
            if i in table.numeric:
                style = "headnumber" if head else "number"
            return Paragraph(self.markup(fit(text, CELL), bold=head), self.styles[style])

        rows = [[cell(text, i, head=True) for i, text in enumerate(table.columns)]]
        rows += [[cell(text, i) for i, text in enumerate(row)] for row in table.rows]
        weights = table.widths or tuple(1.0 for _ in table.columns)
        widths = [WIDTH * w / sum(weights) for w in weights]
        look = TableStyle(
            [
                ("BACKGROUND", (0, 0), (-1, 0), self.colour[ACCENT]),
                ("LINEBELOW", (0, 1), (-1, -1), 0.4, self.colour[LINE]),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("TOPPADDING", (0, 0), (-1, -1), 2.5),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
                ("LEFTPADDING", (0, 0), (-1, -1), 4),
                ("RIGHTPADDING", (0, 0), (-1, -1), 4),
            ]
        )
        return [LongTable(rows, colWidths=widths, repeatRows=1, style=look), Spacer(1, 6)]

    def _picture(self, block: Picture, pictures: Pictures) -> list[Any]:
        from reportlab.lib.utils import ImageReader
        from reportlab.platypus import Image, Paragraph

        png = pictures(block.owner)
        if png is None:
            return []
        wide, high = ImageReader(io.BytesIO(png)).getSize()
        scale = min(WIDTH / wide, 330 / high)
        out: list[Any] = [Image(io.BytesIO(png), wide * scale, high * scale)]
        if block.words:
            out.append(Paragraph(self.markup(block.words), self.styles["caption"]))
        return out

    def footer(self, canvas: Any, foot: str) -> None:
        """What and which page, at the bottom of each."""
        from reportlab.platypus import Paragraph

        words = Paragraph(self.markup(foot[:110]), self.styles["caption"])
        words.wrap(WIDTH - 60, 20)
        words.drawOn(canvas, LEFT, 28)
        canvas.setFont(BODY, 8)
        canvas.setFillColor(self.colour[QUIET])
        canvas.drawRightString(LEFT + WIDTH, 30, str(canvas.getPageNumber()))
