"""Versions of the index's model: who proposed and decided which, and the text of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import aliased

from dashboard.access.permissions import Permission
from dashboard.errors import Invalid, NotFound
from dashboard.i18n import N_
from dashboard.models.accounts import UserAccount
from dashboard.models.index_models import ModelVersion
from etl.index.model import Model, load_model, parse_model

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy.orm import Session

    from dashboard.access.viewer import Viewer


@dataclass(frozen=True)
class VersionRow:
    """One version that somebody proposed; `proposer` and `decider` are people's names."""

    version: str
    based_on: str
    note: str
    state: str
    proposed_at: datetime
    proposed_by: int
    proposer: str
    decided_at: datetime | None
    decider: str
    reason: str
    revision: int


def model_versions(session: Session, viewer: Viewer, most: int) -> list[VersionRow]:
    """Return the versions proposed last, newest first; raise NotAllowed for who may not read models."""
    viewer.scope(Permission.MODEL_READ)
    proposer, decider = aliased(UserAccount), aliased(UserAccount)
    found = session.execute(
        select(ModelVersion, proposer.name, decider.name)
        .join(proposer, proposer.id == ModelVersion.proposed_by)
        .outerjoin(decider, decider.id == ModelVersion.decided_by)
        .order_by(ModelVersion.proposed_at.desc(), ModelVersion.version)
        .limit(most)
    )
    return [
        VersionRow(
            version=row.version,
            based_on=row.based_on,
            note=row.note,
            state=row.state,
            proposed_at=row.proposed_at,
            proposed_by=row.proposed_by,
            proposer=by,
            decided_at=row.decided_at,
            decider=decided or "",
            reason=row.reason,
            revision=row.revision,
        )
        for row, by, decided in found
    ]


def version_in_force(session: Session, viewer: Viewer) -> str | None:
    """Return the approved version that was decided last, with which the next run computes; None: the settings' file."""
    viewer.scope(Permission.MODEL_READ)
    return session.scalar(
        select(ModelVersion.version)
        .where(ModelVersion.state == "approved")
        .order_by(ModelVersion.decided_at.desc(), ModelVersion.version.desc())
        .limit(1)
    )


def model_text(session: Session, viewer: Viewer, version: str, shipped: Path) -> str:
    """Return the text of a version: proposed on the screen, or a file beside `shipped`, the settings' own.

    Raise NotFound when it is known no more.
    """
    viewer.scope(Permission.MODEL_READ)
    proposed = session.get(ModelVersion, version)
    if proposed is not None:
        return proposed.text
    for file in (shipped, *sorted(shipped.parent.glob("*.toml"))):
        try:
            if load_model(file).version == version:
                return file.read_text(encoding="utf-8")
        except Invalid:
            continue  # a file of another program version; the one that is asked for may stand beside it
    raise NotFound(N_("There is no such version"))


def model_of(session: Session, viewer: Viewer, version: str, shipped: Path) -> Model:
    """Return a version's model; NotFound when it is known no more, Invalid when this program cannot read it."""
    return parse_model(model_text(session, viewer, version, shipped), shipped.parent)
