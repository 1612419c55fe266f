"""Case page: people, determination, measures and repayment; the panels, and which of their forms drafts keep."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layouts import case_findings_handover as handover
from layouts import case_findings_measures as measures
from layouts import case_findings_people as people
from layouts import case_findings_repayment as repayment
from layouts import case_findings_verdict as verdict

if TYPE_CHECKING:
    from dash import html

    from dashboard.i18n import Words

FORMS: dict[str, dict[str, str]] = {
    "person": people.FIELDS,
    "determination": verdict.FIELDS,
    "measure": measures.FIELDS,
    "repayment": repayment.FIELDS,
}
"""Each form's fields by name, with the component whose value each is: what drafts keep."""


def parts(words: Words) -> list[html.Section]:
    """Return the panels of this part of the page."""
    return [module.panel_of(words) for module in (people, verdict, measures, repayment, handover)]
