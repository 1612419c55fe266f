"""The five-level linkage as rules: where each kind of order may go, which ones hand the case over, who gave it.

Pure but for `given_by`; read by the actions that check it and by the queries that offer it.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select

from dashboard.access.scope import Scope
from dashboard.errors import Sentence
from dashboard.i18n.case_terms import ORDER_WORDS
from dashboard.i18n.marks import N_
from dashboard.models.cases import CaseOrder
from geo.codes import level_of
from geo.divisions import exists, is_artificial

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from dashboard.models.cases import CaseFile
    from dashboard.workflow.definition import Workflow

HAND_OVERS = ("assign_down", "report_up", "transfer")
"""The kinds that give a case to another department, which may refuse it."""
MOVES = (*HAND_OVERS, "return")
"""The kinds that move a case to another department, once they take effect."""
TO_BE_ANSWERED = ("supervise", "escalation")
"""The kinds that are replied to, never refused."""
_CAUSE = re.compile(r"(?P<what>stage|pause|order):(?P<code>[a-z_]{1,20}):(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})", re.ASCII)


def may_go(kind: str, sender: str, receiver: str) -> bool:
    """Tell whether the department of region `sender` may send this kind of order to that of `receiver`.

    Down is into one's own jurisdiction, up is to a level above oneself, sideways is to the same level. Help is asked of
    anybody but those above, who see and press anyway. A return and a supervision order go where the case says.
    """
    if sender == receiver or not exists(receiver) or is_artificial(receiver):
        return False
    down, up = Scope(sender).covers(receiver), Scope(receiver).covers(sender)
    return {
        "assign_down": down,
        "report_up": up,
        "transfer": level_of(sender) == level_of(receiver),
        "assist": not up,
        "return": True,
        "supervise": down,
    }[kind]


def given_by(session: Session, case: CaseFile) -> str | None:
    """Return the region that gave the case to its handler by the newest accepted hand-over; None: nobody did."""
    taken = (CaseOrder.case_id == case.id, CaseOrder.kind.in_(HAND_OVERS), CaseOrder.to_code == case.handler_code)
    newest = select(CaseOrder.from_code).where(*taken, CaseOrder.state.in_(("accepted", "done")))
    return session.scalars(newest.order_by(CaseOrder.id.desc()).limit(1)).one_or_none()


def has_handled(session: Session, case_id: int, region: str) -> bool:
    """Tell whether a region's department has handed the case on, and so sees it for good."""
    gone = (CaseOrder.case_id == case_id, CaseOrder.kind.in_(MOVES), CaseOrder.from_code == region)
    return bool(session.scalars(select(CaseOrder.id).where(*gone, CaseOrder.state.in_(("accepted", "done")))).first())


def stage_late(stage: str, due_on: date) -> str:
    """Return the text of an escalation whose cause is a stage's deadline: a code, told by `causes_told`."""
    return f"stage:{stage}:{due_on.isoformat()}"


def pause_late(stage: str, until_on: date) -> str:
    """Return the text of an escalation whose cause is a suspension that should have ended."""
    return f"pause:{stage}:{until_on.isoformat()}"


def order_late(kind: str, due_on: date) -> str:
    """Return the text of an escalation whose cause is an order without an answer."""
    return f"order:{kind}:{due_on.isoformat()}"


def causes_told(text: str, workflow: Workflow) -> tuple[Sentence, ...]:
    """Return what an escalation's text says: one sentence a cause, in no language yet."""
    return tuple(_cause_told(cause, workflow) for cause in text.split())


def _cause_told(cause: str, workflow: Workflow) -> Sentence:
    coded = _CAUSE.fullmatch(cause)
    if coded is None:
        return Sentence(cause)  # from elsewhere: shown as it is
    code, due_on = coded["code"], date.fromisoformat(coded["day"])
    if coded["what"] == "order":
        word = Sentence(ORDER_WORDS.get(code, code))
        return Sentence(N_("No answer to: %(order)s, wanted by %(due)s"), {"order": word, "due": due_on})
    known = {stage.code: stage.name for stage in workflow.stages}
    if coded["what"] == "pause":
        told = N_("The stage %(stage)s was suspended until %(due)s and has not gone on")
        return Sentence(told, {"stage": known.get(code, code), "due": due_on})
    told = N_("The stage %(stage)s was due on %(due)s and is not finished")
    return Sentence(told, {"stage": known.get(code, code), "due": due_on})
