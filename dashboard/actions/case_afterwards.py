"""What an outcome leads to: the list entry that the definition's rule writes, and its end when the case is reopened."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import or_, select, update

from dashboard.access.audit import queue_up, record
from dashboard.models.exemptions import Exemption

if TYPE_CHECKING:
    from dashboard.access.audit import Detail
    from dashboard.actions.casework import Held
    from dashboard.workflow.definition import Afterwards


def follow_outcome(held: Held, outcome: str) -> dict[str, Detail]:
    """Write the list entry that an outcome leads to and return what the step's audit entry tells of it; no commit.

    It is the definition that lists the enterprise, not the officer: exemption:write is not asked for. Nothing is
    written where the outcome leads to none, no enterprise is registered, or it stands on that list already.
    """
    rules = [rule for rule in held.workflow.afterwards if rule.outcome == outcome]
    if not rules or not held.case.uscc:
        return {}
    (rule,) = rules
    queue_up(held.session)  # of two that end at once, the second sees what the first has entered
    standing = _standing(held, rule)
    if standing is not None:
        return {"listed": rule.list, "exemption": standing, "listed_before": True}
    return {"listed": rule.list, "exemption": _enter(held, rule)}


def undo_outcome(held: Held) -> dict[str, Detail]:
    """End the list entries that this case's closing wrote and return what the audit entry tells of it; no commit.

    A reopened case says that its outcome does not hold: warnings of the enterprise come again.
    """
    if not held.case.uscc:
        return {}
    mine = (
        Exemption.uscc == held.case.uscc,
        Exemption.reason.endswith(_mark(held), autoescape=True),
        Exemption.withdrawn_at.is_(None),
        Exemption.ends_on >= held.when.on,
    )
    values = {"version": Exemption.version + 1, "withdrawn_at": held.when.at, "withdrawn_by": held.viewer.id}
    ended = held.session.scalars(update(Exemption).where(*mine).values(**values).returning(Exemption.id)).all()
    for number in ended:
        _tell(held, "exemption:withdrawn", exemption=number, reason=held.case.number)
    return {"unlisted": ", ".join(str(number) for number in ended)} if ended else {}


def _enter(held: Held, rule: Afterwards) -> int:
    case, today = held.case, held.when.on
    entry = Exemption(
        uscc=case.uscc,
        region_code=case.region_code,
        kind=rule.list,
        risk_type=case.risk_type,
        reason=f"{rule.reason}{_mark(held)}",
        begins_on=today,
        ends_on=today + timedelta(days=rule.days),
        created_at=held.when.at,
        created_by=held.viewer.id,
    )
    held.session.add(entry)
    held.session.flush()
    given = {"kind": rule.list, "risk_type": case.risk_type, "ends_on": entry.ends_on.isoformat()}
    _tell(held, "exemption:added", reason=entry.reason, case=case.number, **given)
    return entry.id


def _mark(held: Held) -> str:
    """How an entry's reason names the case whose closing wrote it."""
    return f": {held.case.number}"


def _standing(held: Held, rule: Afterwards) -> int | None:
    """Return the entry in force that already holds back what the rule would, if any."""
    same = or_(Exemption.risk_type == "", Exemption.risk_type == held.case.risk_type)
    query = select(Exemption.id).where(
        Exemption.uscc == held.case.uscc,
        Exemption.kind == rule.list,
        same,
        Exemption.withdrawn_at.is_(None),
        Exemption.ends_on >= held.when.on,
    )
    return held.session.scalars(query.order_by(Exemption.id).limit(1)).one_or_none()


def _tell(held: Held, action: str, **details: Detail) -> None:
    record(held.session, held.when.at, held.viewer.actor, action, f"enterprise:{held.case.uscc}", **details)
