"""The demo's papers: one short PDF for each kind of attachment, kept once and attached to many cases."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen import canvas

from dashboard.i18n import words_for
from dashboard.i18n.case_terms import ATTACHMENT_WORDS

if TYPE_CHECKING:
    from collections.abc import Callable

FONT = "STSong-Light"
NOTE = "演示材料，内容均为虚构。"


@dataclass(frozen=True)
class Paper:
    """One kept file, as a row of case_attachment tells it."""

    name: str
    media_type: str
    bytes: int
    sha256: str


def papers(keep: Callable[[bytes], str]) -> dict[str, Paper]:
    """Make and keep a paper of every kind of attachment; `keep` stores content and returns its SHA-256."""
    words, made = words_for("zh_CN"), {}
    for kind, message in ATTACHMENT_WORDS.items():
        content = _pdf(words(message))
        made[kind] = Paper(f"{words(message)}.pdf", "application/pdf", len(content), keep(content))
    return made


def _pdf(title: str) -> bytes:
    if FONT not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    out = BytesIO()
    page = canvas.Canvas(out, pagesize=A4, invariant=1)  # the same bytes every time, so that it is kept once
    page.setTitle(title)
    page.setFont(FONT, 22)
    page.drawCentredString(A4[0] / 2, A4[1] - 120, title)
    page.setFont(FONT, 12)
    page.drawCentredString(A4[0] / 2, A4[1] - 160, NOTE)
    page.showPage()
    page.save()
    return out.getvalue()
