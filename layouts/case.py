"""Case page: one case, who has it, what the next step lacks, and everything that is in its file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import dcc, html

from layouts import case_findings, case_joins, case_orders, case_steps, case_work
from layouts.case_forms import SEEN
from layouts.panels import loading

if TYPE_CHECKING:
    from dashboard.i18n import Words

HEAD = "case--head"
PARTS = (case_steps, case_orders, case_findings, case_work, case_joins)


def layout(words: Words) -> html.Div:
    """Return the skeleton."""
    return html.Div(
        [
            dcc.Store(id=SEEN),
            html.Section(html.Div(loading(words), id=HEAD), className="panel case__head"),
            *(part for module in PARTS for part in module.parts(words)),
        ],
        className="case",
    )
