"""Which forms on findings somebody is offered: as the viewer's standing and the case's stage allow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.workflow.findable import DETERMINATION, MILD, PEOPLE, REPAYMENT, REWRITING, is_open_in, measures_now
from dashboard.workflow.standing import ABOVE, HANDLER

if TYPE_CHECKING:
    from dashboard.queries.findings import Findings


def hidden(found: Findings) -> dict[str, bool]:
    """Return what is hidden: each form by name, and the hand-over package."""
    seen, case = found.seen, found.seen.case
    writing = DETERMINATION if found.determination is None else REWRITING
    takes_back = is_open_in(case, MILD) and any(one.withdrawn_at is None for one in found.measures)
    offered = {
        "person_form": seen.may("person:added") and is_open_in(case, PEOPLE),
        "determination_form": seen.may("determination:written") and is_open_in(case, writing),
        "measure_form": seen.may("measure:taken") and bool(measures_now(case)),
        "withdrawal_form": seen.may("measure:withdrawn") and takes_back,
        "repayment_form": seen.may("repayment:reported") and is_open_in(case, REPAYMENT),
        "handover": seen.standing in {HANDLER, ABOVE},
    }
    return {name: not shown for name, shown in offered.items()}
