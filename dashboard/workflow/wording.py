"""How an audit entry on a case is told: who did it, and each column's value before and after, in words.

Read by the action that tells a late form what has changed and by the query that shows the whole log, so that both say
the same. Everything is a value of a Sentence: no language has been chosen yet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.errors import Sentence
from dashboard.i18n import N_, NOTHING
from dashboard.i18n.case_terms import (
    CLOCK_WORDS,
    FIELD_WORDS,
    MEASURE_WORDS,
    ORDER_STATE_WORDS,
    OUTCOME_WORDS,
    PEOPLE_WORDS,
    PHASE_WORDS,
    TASK_STATE_WORDS,
)
from dashboard.i18n.names import Name
from dashboard.i18n.terms import RISK_TYPE_WORDS
from dashboard.models.accounts import UserAccount
from geo.views import region_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from dashboard.workflow.definition import Workflow

LONGEST_TOLD = 80  # characters of one value
ACTOR_WORDS = {"scheduler": N_("The scheduler"), "console": N_("The console")}
"""Who acts without an account."""
_CODES: dict[str, Mapping[str, str]] = {
    "risk_type": RISK_TYPE_WORDS,
    "outcome": OUTCOME_WORDS,
    "state": ORDER_STATE_WORDS | TASK_STATE_WORDS,
    "phase": PHASE_WORDS,
    "clock": CLOCK_WORDS,
    "role": PEOPLE_WORDS,
    "kind": MEASURE_WORDS,
}
_REGIONS, _PEOPLE = frozenset({"handler_code", "region_code", "escalated_to", "places"}), frozenset({"owner_id"})


def actor_told(session: Session, actor: str) -> object:
    """Return who an audit entry's actor is: a person's unit and name, or what acts by itself."""
    kind, _, number = actor.partition(":")
    if kind == "user":
        return person_told(session, int(number or 0))
    return Sentence(ACTOR_WORDS[actor]) if actor in ACTOR_WORDS else actor


def person_told(session: Session, user_id: int) -> str:
    """Return a person's unit and name; a dash for an account that there is not."""
    account = session.get(UserAccount, user_id)
    return " ".join(part for part in (account.unit, account.name) if part) if account else NOTHING


def change_told(session: Session, workflow: Workflow, name: str, before: object, after: object) -> Sentence:
    """Return one column's change, such as "Stage: Intake → Verification"."""
    return Sentence(
        N_("%(field)s: %(before)s → %(after)s"),
        {
            "field": Sentence(FIELD_WORDS.get(name, name)),
            "before": shown(session, workflow, name, before),
            "after": shown(session, workflow, name, after),
        },
    )


def shown(session: Session, workflow: Workflow, name: str, value: object) -> object:
    """Return a column's value as a sentence can tell it: a code's word, a region's or a person's name, else text."""
    if value is None or value in ("", []):
        return NOTHING
    if name == "stage":
        known = {stage.code: stage.name for stage in workflow.stages}
        return known.get(str(value)) or Sentence(PHASE_WORDS.get(str(value), str(value)))
    if name in _CODES and value in _CODES[name]:
        return Sentence(_CODES[name][str(value)])
    if name in _REGIONS:
        return _regions(value)
    if name in _PEOPLE:
        return person_told(session, int(str(value)))
    return _plain(value)


def _regions(value: object) -> object:
    if isinstance(value, list):
        return tuple(_regions(code) for code in value)
    return Name(zh=region_name(str(value), "zh_CN"), en=region_name(str(value), "en"))


def _plain(value: object) -> str:
    """Return a value without words of its own; a long text is cut, because a toast is no page."""
    if isinstance(value, float):
        return f"{value:,.2f}".removesuffix(".00")
    text = "、".join(str(one) for one in value) if isinstance(value, list) else str(value)
    return text if len(text) <= LONGEST_TOLD else text[:LONGEST_TOLD] + "…"
