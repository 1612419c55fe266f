"""Dossiers: one enterprise as a document to print and as a workbook to count in. Words and figures come in finished.

The PDF names the font STSong-Light without carrying it: every Chinese reader of PDFs has one of that family, so no font
file needs to be shipped (ReportLab user guide, "Asian font support").
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from reportlab.graphics.shapes import Drawing, Line, PolyLine, String
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import CondPageBreak, LongTable, Paragraph, SimpleDocTemplate, Spacer, TableStyle

from dashboard.exports.workbook import Sheet, workbook
from dashboard.figures.theme import LIGHT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dashboard.exports.workbook import Cell

FONT = "STSong-Light"
MARGIN = 46.0  # points
WIDE = A4[0] - 2 * MARGIN
TALL = 120.0
ROOM = 110.0  # points below a heading: itself, the column heads, and a few rows or the drawing's best part
pdfmetrics.registerFont(UnicodeCIDFont(FONT))


@dataclass(frozen=True)
class Part:
    """One table of a dossier: its title, heads with units, rows, and how the columns share the page's width."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    shares: Sequence[float]
    none: str  # what stands there when there are no rows


@dataclass(frozen=True)
class Dossier:
    """A whole dossier in one language; `pages` is the foot's text with {page} and {pages} in it."""

    title: str
    name: str
    sentence: str
    cover: Sequence[tuple[str, str]]
    parts: Sequence[Part]
    history_title: str
    history: Sequence[tuple[date, float]]  # week, index 0-100, oldest first
    floors: Mapping[str, tuple[str, float]]  # grade: its word and its threshold
    pages: str


def workbook_of(dossier: Dossier) -> bytes:
    """Return the dossier as an XLSX file: the cover with the sentence, then a sheet for each table, and the weeks."""
    week, index = dossier.history_title, dossier.title
    sheets = [Sheet(part.title, part.heads, part.rows) for part in dossier.parts]
    if dossier.history:
        sheets.append(Sheet(dossier.history_title, (week, index), [(day, value) for day, value in dossier.history]))
    return workbook(dossier.name, [*dossier.cover, ("", dossier.sentence)], sheets)


def document(dossier: Dossier) -> bytes:
    """Return the dossier as a PDF file on A4, every page numbered and naming the generation."""
    held = io.BytesIO()
    page = SimpleDocTemplate(
        held, pagesize=A4, leftMargin=MARGIN, rightMargin=MARGIN, topMargin=MARGIN, bottomMargin=MARGIN,
        title=f"{dossier.name} · {dossier.title}",
    )  # fmt: skip
    story: list[Any] = [
        _text(dossier.title, 10, LIGHT.dim),
        _text(dossier.name, 20, LIGHT.ink),
        Spacer(1, 8),
        _text(dossier.sentence, 12, LIGHT.ink),
        Spacer(1, 10),
        _cover(dossier.cover),
    ]
    if dossier.history:
        story += [CondPageBreak(TALL + 40), *_titled(dossier.history_title), _history(dossier)]
    for part in dossier.parts:
        story += [*_titled(part.title), _table(part) if part.rows else _text(part.none, 9, LIGHT.dim)]
    page.build(story, canvasmaker=partial(_Numbered, foot=dossier.pages))
    return held.getvalue()


class _Numbered(Canvas):  # type: ignore[misc] # ReportLab ships no types
    """A canvas that knows how many pages there are before it writes any foot."""

    def __init__(self, *given: Any, foot: str, **named: Any) -> None:  # noqa: ANN401 - ReportLab's own arguments
        super().__init__(*given, **named)
        self._foot = foot
        self._kept: list[dict[str, Any]] = []

    def showPage(self) -> None:  # noqa: N802 - ReportLab's name
        """Keep the page instead of writing it."""
        self._kept.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        """Write all pages, each with its foot."""
        for page in self._kept:
            self.__dict__.update(page)
            self.setFont(FONT, 8)
            self.setFillColor(HexColor(LIGHT.dim))
            self.drawString(
                MARGIN,
                MARGIN * 0.6,
                self._foot.replace(" · ", " | ").format(page=self._pageNumber, pages=len(self._kept)),
            )
            super().showPage()
        super().save()


def _text(text: str, size: float, colour: str, align: int = 0) -> Paragraph:
    # The font has no middle dot in every reader; and only Chinese may break a line between any two characters.
    text = text.replace(" · ", " | ")
    chinese = any(character >= "\u2e80" for character in text)
    style = ParagraphStyle(
        "text",
        fontName=FONT,
        fontSize=size,
        leading=size * 1.4,
        textColor=HexColor(colour),
        wordWrap="CJK" if chinese else None,
        alignment=align,
    )
    return Paragraph(escape(text).replace("\n", "<br/>"), style)


def _titled(title: str) -> list[Any]:
    """Return a heading that is never a page's last line; what it heads may begin on this page and go on over others."""
    style = ParagraphStyle(
        "title", fontName=FONT, fontSize=12, leading=18, spaceBefore=14, spaceAfter=4,
        textColor=HexColor(LIGHT.accent),
    )  # fmt: skip
    return [CondPageBreak(ROOM), Paragraph(escape(title), style)]


def _cover(lines: Sequence[tuple[str, str]]) -> LongTable:
    rows = [[_text(name, 9, LIGHT.dim), _text(value, 9, LIGHT.ink)] for name, value in lines]
    return LongTable(rows, colWidths=[WIDE * 0.22, WIDE * 0.78], splitInRow=1, style=_style(), hAlign="LEFT")


def _table(part: Part) -> LongTable:
    """Return a table that goes on over pages with its heads repeated; a row taller than the page is split."""
    whole = sum(part.shares)
    rows = [[_text(head, 8, LIGHT.dim, _side(part, at)) for at, head in enumerate(part.heads)]]
    rows += [[_text(_written(cell), 8, LIGHT.ink, _side(part, at)) for at, cell in enumerate(row)] for row in part.rows]
    widths = [WIDE * share / whole for share in part.shares]
    return LongTable(rows, colWidths=widths, repeatRows=1, splitInRow=1, style=_style(), hAlign="LEFT")


def _side(part: Part, column: int) -> int:
    """Return ReportLab's alignment of a column: numbers to the right (2), all else to the left (0)."""
    return 2 if any(isinstance(row[column], int | float) for row in part.rows) else 0


def _written(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{cell:,.2f}".replace("-", "−")
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _style() -> TableStyle:
    return TableStyle(
        [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LINEBELOW", (0, 0), (-1, -1), 0.4, HexColor(LIGHT.rule)),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (0, 0), (-1, -1), 10),
            ("TOPPADDING", (0, 0), (-1, -1), 2),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
        ]
    )


def _history(dossier: Dossier) -> Drawing:
    """Draw the index by week against the thresholds, 0-100 upwards."""
    left, wide, tall = 22.0, WIDE - 90, TALL - 18
    drawing = Drawing(WIDE, TALL)
    base = 14.0

    def label(x: float, y: float, text: str, colour: str) -> None:
        drawing.add(String(x, y, text, fontName=FONT, fontSize=7.5, fillColor=HexColor(colour)))

    drawing.add(Line(left, base, left + wide, base, strokeColor=HexColor(LIGHT.rule), strokeWidth=0.6))
    for grade, (word, floor) in dossier.floors.items():
        y = base + tall * floor / 100
        colour = HexColor(getattr(LIGHT, grade))
        drawing.add(Line(left, y, left + wide, y, strokeColor=colour, strokeWidth=0.6, strokeDashArray=[2, 2]))
        label(left + wide + 4, y - 2.5, f"{word} {floor:g}", LIGHT.dim)
    first, last = dossier.history[0][0], dossier.history[-1][0]
    days = max((last - first).days, 1)
    line = [
        place
        for day, value in dossier.history
        for place in (left + wide * (day - first).days / days, base + tall * value / 100)
    ]
    if len(line) > 2:  # noqa: PLR2004 - one point is no line
        drawing.add(PolyLine(line, strokeColor=HexColor(LIGHT.ink), strokeWidth=1.2))
    label(left, 2, first.isoformat(), LIGHT.dim)
    label(left + wide - 40, 2, last.isoformat(), LIGHT.dim)
    label(left + wide - 18, line[-1] + 4, f"{dossier.history[-1][1]:.1f}", LIGHT.ink)
    return drawing
