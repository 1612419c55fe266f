"""Versions of the index's model: proposed by one person, approved or rejected by another, never edited.

The model is one for the whole installation: whoever proposes or decides needs a jurisdiction that covers its home.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from dashboard.access.audit import record
from dashboard.access.permissions import Permission
from dashboard.errors import Invalid, NotAllowed, NotFound, Stale
from dashboard.i18n import N_
from dashboard.models.index_models import ModelVersion
from dashboard.models.revision import bump_revision
from etl.index.model import parse_model

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy.orm import Session

    from dashboard.access.viewer import Viewer

VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,39}", re.ASCII)
LONGEST = 500  # characters of a note or a reason
Verdict = Literal["approved", "rejected", "withdrawn"]


@dataclass(frozen=True)
class ProposeModel:
    """A new version: its name, the one that it changes, its whole text (TOML), and why."""

    version: str
    based_on: str
    text: str
    note: str


@dataclass(frozen=True)
class DecideModel:
    """What becomes of a proposed version, and why; `revision` is the one that the viewer saw."""

    version: str
    revision: int
    verdict: Verdict
    reason: str = ""


def propose_model(
    session: Session, viewer: Viewer, command: ProposeModel, shipped: Path, home: str, now: datetime
) -> None:
    """Store a proposed version; commits. Sent twice by the same person, it is stored once.

    `shipped` is the installation's own model file: versions that lie beside it cannot be proposed again. Raise
    NotAllowed without the permission for all of `home`, Invalid for a text that is no model or a name that is taken.
    """
    viewer.scope(Permission.MODEL_PROPOSE).require(home)
    _check(command, shipped)
    known = session.get(ModelVersion, command.version)
    if known is not None:
        if (known.text, known.note, known.proposed_by) == (command.text, command.note.strip(), viewer.id):
            return
        raise Invalid(N_("There is already a version of this name"))
    session.add(
        ModelVersion(
            version=command.version,
            based_on=command.based_on,
            text=command.text,
            note=command.note.strip(),
            state="proposed",
            proposed_at=now,
            proposed_by=viewer.id,
        )
    )
    try:
        session.flush()
    except IntegrityError as error:
        session.rollback()
        raise Invalid(N_("There is already a version of this name")) from error
    _note(session, viewer, now, "model:proposed", command.version, based_on=command.based_on, note=command.note.strip())
    session.commit()


def decide_model(session: Session, viewer: Viewer, command: DecideModel, home: str, now: datetime) -> None:
    """Approve, reject or withdraw a proposed version; commits. The same verdict sent twice is written once.

    Only a second person approves or rejects, only the proposer withdraws: NotAllowed otherwise. Raise Invalid for a
    rejection without a reason, NotFound for an unknown version, Stale when it has been decided meanwhile.
    """
    withdraws = command.verdict == "withdrawn"
    viewer.scope(Permission.MODEL_PROPOSE if withdraws else Permission.MODEL_APPROVE).require(home)
    found = session.get(ModelVersion, command.version, populate_existing=True)
    if found is None:
        raise NotFound(N_("There is no such version"))
    own = found.proposed_by == viewer.id
    if withdraws and not own:
        raise NotAllowed(N_("Only its proposer may withdraw a version"))
    if not withdraws and own:
        raise NotAllowed(N_("A second person decides: nobody approves or rejects their own proposal"))
    reason = command.reason.strip()
    if len(reason) > LONGEST or (command.verdict == "rejected" and not reason):
        raise Invalid(N_("A rejection needs a reason, of at most 500 characters"))
    if (found.state, found.decided_by) == (command.verdict, viewer.id):
        return
    _decide(session, viewer, command, reason, now)
    _note(session, viewer, now, f"model:{command.verdict}", command.version, reason=reason)
    session.commit()


def _check(command: ProposeModel, shipped: Path) -> None:
    if not VERSION.fullmatch(command.version):
        raise Invalid(N_("A version's name has 1 to 40 letters, digits, dots, dashes or underscores"))
    if not 0 < len(command.note.strip()) <= LONGEST:
        raise Invalid(N_("A proposal needs a note that says why, of at most 500 characters"))
    if (shipped.parent / f"{command.version}.toml").exists():
        raise Invalid(N_("There is already a version of this name"))
    if parse_model(command.text, shipped.parent).version != command.version:
        raise Invalid(N_("The text names another version"))


def _decide(session: Session, viewer: Viewer, command: DecideModel, reason: str, now: datetime) -> None:
    """Write the verdict if the version is still the one that the viewer saw, and still undecided."""
    condition = (
        ModelVersion.version == command.version,
        ModelVersion.revision == command.revision,
        ModelVersion.state == "proposed",
    )
    values = {"state": command.verdict, "reason": reason, "decided_at": now, "decided_by": viewer.id}
    changed = session.scalars(
        update(ModelVersion)
        .where(*condition)
        .values(revision=command.revision + 1, **values)
        .returning(ModelVersion.version)
    ).all()
    if not changed:
        session.rollback()
        raise Stale(N_("It has been decided meanwhile; nothing was written"))


def _note(session: Session, viewer: Viewer, now: datetime, action: str, version: str, **details: str) -> None:
    record(session, now, viewer.actor, action, f"model:{version}", **details)
    bump_revision(session)
