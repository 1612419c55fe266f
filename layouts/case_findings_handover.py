"""Case page: the hand-over package, to print and to send on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import dcc, html

from layouts.panels import panel

if TYPE_CHECKING:
    from dashboard.i18n import Words

PANEL = "case--handover"
DOCUMENT = "case--handover-document"
PACKAGE = "case--handover-package"
DOWNLOAD = "case--handover-download"


def panel_of(words: Words) -> html.Section:
    """Return the panel; it stays hidden from those who may not take a case out of the house."""
    body = [
        dcc.Download(id=DOWNLOAD),
        html.P(
            words("The whole file: facts, people, determination, measures, repayment, evidence and attachments"),
            className="is-dim",
        ),
        html.Div(
            [
                html.Button(words("Print version (PDF)"), id=DOCUMENT, className="button"),
                html.Button(words("Package with attachments (ZIP)"), id=PACKAGE, className="button"),
            ],
            className="case-findings__buttons",
        ),
    ]
    return panel(words("Hand-over package"), html.Div(body, id=PANEL, hidden=True), area="case-findings__handover")
