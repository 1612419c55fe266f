"""In which phases each finding can be written down: people, determination, measures, repayment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.vocabulary import OPEN_PHASES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dashboard.models.cases import CaseFile

PEOPLE = frozenset(OPEN_PHASES)
DETERMINATION = frozenset({"investigation", "assessment", "determination"})
REWRITING = DETERMINATION | {"disposal"}
"""A determination that is there already may be mended while it is being acted upon."""
REPAYMENT = frozenset({"determination", "disposal", "aftercare"})
MILD = frozenset(OPEN_PHASES[1:])
HARD = frozenset({"disposal", "aftercare"})
MEASURES: Mapping[str, frozenset[str]] = {
    "warning_talk": MILD,
    "rectification_order": MILD,
    "penalty": HARD,
    "police_transfer": HARD,
}
"""A talk or an order to rectify needs no determination: it may be what makes one needless."""


def is_open_in(case: CaseFile, phases: frozenset[str]) -> bool:
    """Tell whether something that belongs to these phases can be written now: never while the case is suspended."""
    return case.suspended_on is None and case.phase in phases


def measures_now(case: CaseFile) -> list[str]:
    """Return the kinds of measures that can be taken in a case as it stands, in the vocabulary's order."""
    return [kind for kind, phases in MEASURES.items() if is_open_in(case, phases)]
