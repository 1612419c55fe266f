"""White and grey lists: adding an enterprise, with a reason and an end, and withdrawing the entry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import or_, select, update

from dashboard.access.audit import record
from dashboard.access.permissions import Permission
from dashboard.errors import Invalid, NotFound, Stale
from dashboard.i18n import N_
from dashboard.models.accounts import UserAccount
from dashboard.models.exemptions import Exemption
from dashboard.models.revision import bump_revision
from dashboard.vocabulary import EXEMPTION_KINDS, EXEMPTION_REASONS, RISK_TYPES

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from dashboard.access.viewer import Viewer

LONGEST = timedelta(days=366)
TEXT_LONGEST = 400


@dataclass(frozen=True)
class AddExemption:
    """Put an enterprise on a list until `ends_on`, its last day; `risk_type` '' holds warnings of all types back.

    `region_code` is the enterprise's as the register has it, never as a browser says. `reason` is one of
    EXEMPTION_REASONS; `begins_on` is today where the officer sits.
    """

    uscc: str
    region_code: str
    kind: str
    risk_type: str
    reason: str
    text: str
    begins_on: date
    ends_on: date


def add_exemption(session: Session, viewer: Viewer, command: AddExemption, now: datetime) -> int:
    """Write the entry and return its id; commits. It holds warnings back from the next run of the ETL on.

    Adding the same again returns the first one's id. Raises NotAllowed without exemption:write or outside the
    jurisdiction, Invalid for what no entry may be, Stale when the enterprise stands on such a list already.
    """
    viewer.scope(Permission.EXEMPTION_WRITE).require(command.region_code)
    _check(command)
    reason = f"{command.reason}: {command.text.strip()}"
    given = {"kind": command.kind, "risk_type": command.risk_type, "ends_on": command.ends_on.isoformat()}
    # The audit entry comes first: it makes writers queue up, so that two cannot both find no entry in force.
    record(session, now, viewer.actor, "exemption:added", f"enterprise:{command.uscc}", reason=reason, **given)
    standing = _standing(session, command)
    if standing is not None:
        return _as_it_stands(session, viewer, command, standing, reason)
    entry = Exemption(
        uscc=command.uscc,
        region_code=command.region_code,
        kind=command.kind,
        risk_type=command.risk_type,
        reason=reason,
        begins_on=command.begins_on,
        ends_on=command.ends_on,
        created_at=now,
        created_by=viewer.id,
    )
    session.add(entry)
    session.flush()
    bump_revision(session)
    session.commit()
    return entry.id


def withdraw_exemption(
    session: Session, viewer: Viewer, exemption_id: int, version: int, reason: str, now: datetime
) -> None:
    """End an entry now; commits. Warnings come again from the next run of the ETL on.

    Raises NotAllowed without exemption:write, NotFound outside the jurisdiction, Invalid without a reason, Stale when
    the entry has moved on; withdrawing again what one has withdrawn oneself is no error.
    """
    scope = viewer.scope(Permission.EXEMPTION_WRITE)
    entry = session.get(Exemption, exemption_id, populate_existing=True)
    if entry is None or not scope.covers(entry.region_code):
        raise NotFound(f"there is no exemption {exemption_id}")
    if not 0 < len(reason.strip()) <= TEXT_LONGEST:
        raise Invalid.telling(N_("A withdrawal needs a reason of at most %(most)s characters"), most=TEXT_LONGEST)
    here = (Exemption.id == exemption_id, Exemption.version == version, Exemption.withdrawn_at.is_(None))
    ended = update(Exemption).where(*here).values(version=version + 1, withdrawn_at=now, withdrawn_by=viewer.id)
    if not session.scalars(ended.returning(Exemption.id)).all():
        session.rollback()
        _require_own_withdrawal(session, viewer, exemption_id)
        return
    subject = f"enterprise:{entry.uscc}"
    record(session, now, viewer.actor, "exemption:withdrawn", subject, exemption=exemption_id, reason=reason.strip())
    bump_revision(session)
    session.commit()


def _check(command: AddExemption) -> None:
    if command.kind not in EXEMPTION_KINDS or command.risk_type not in ("", *RISK_TYPES):
        raise Invalid(f"no list {command.kind[:20]!r} of {command.risk_type[:20]!r}")
    if command.reason not in EXEMPTION_REASONS or not 0 < len(command.text.strip()) <= TEXT_LONGEST:
        raise Invalid.telling(
            N_("An exemption needs a reason, and a text of at most %(most)s characters"), most=TEXT_LONGEST
        )
    if not command.begins_on <= command.ends_on <= command.begins_on + LONGEST:
        raise Invalid.telling(N_("An exemption ends today at the earliest and within a year"))


def _standing(session: Session, command: AddExemption) -> Exemption | None:
    """Return the entry in force that already holds back what the command would, if any."""
    same = or_(Exemption.risk_type == "", Exemption.risk_type == command.risk_type)
    query = select(Exemption).where(
        Exemption.uscc == command.uscc,
        Exemption.kind == command.kind,
        same,
        Exemption.withdrawn_at.is_(None),
        Exemption.ends_on >= command.begins_on,
    )
    return session.scalars(query.order_by(Exemption.id).limit(1)).one_or_none()


def _as_it_stands(session: Session, viewer: Viewer, command: AddExemption, standing: Exemption, reason: str) -> int:
    mine = (standing.created_by, standing.reason, standing.ends_on, standing.risk_type) == (
        viewer.id,
        reason,
        command.ends_on,
        command.risk_type,
    )
    number, at, ends_on = standing.id, standing.created_at, standing.ends_on
    who = session.get_one(UserAccount, standing.created_by).name
    session.rollback()
    if not mine:
        raise Stale.telling(
            N_("It stands on that list already, until %(ends)s, by %(who)s at %(at)s"), ends=ends_on, who=who, at=at
        )
    return number


def _require_own_withdrawal(session: Session, viewer: Viewer, exemption_id: int) -> None:
    entry = session.get_one(Exemption, exemption_id, populate_existing=True)
    if entry.withdrawn_by == viewer.id:
        return
    if entry.withdrawn_by is None or entry.withdrawn_at is None:
        raise Stale("the exemption has moved on")
    who = session.get_one(UserAccount, entry.withdrawn_by).name
    raise Stale.telling(N_("%(who)s withdrew it at %(at)s"), who=who, at=entry.withdrawn_at)
