"""What the desks' work leaves behind: old drafts, receipts of sent forms, and files that no row names."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from dashboard.files.store import tidy_kept
from dashboard.models.casework import CaseAttachment
from dashboard.models.desks import CommandReceipt, FormDraft

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy.orm import Session

DRAFTS_KEPT = timedelta(days=30)
RECEIPTS_KEPT = timedelta(days=30)
ORPHANS_KEPT = timedelta(days=1)


def tidy_desks(session: Session, now: datetime) -> int:
    """Delete drafts and receipts of long ago and return how many rows went; commits."""
    drafts = delete(FormDraft).where(FormDraft.kept_at < now - DRAFTS_KEPT).returning(FormDraft.form)
    receipts = delete(CommandReceipt).where(CommandReceipt.done_at < now - RECEIPTS_KEPT).returning(CommandReceipt.key)
    gone = len(session.scalars(drafts).all()) + len(session.scalars(receipts).all())
    session.commit()
    return gone


def tidy_files(session: Session, var_dir: Path, now: datetime) -> int:
    """Delete kept files that no attachment names for longer than a day and return how many went.

    The files of attachments that were taken out stay: their rows name them.
    """
    named = set(session.scalars(select(CaseAttachment.sha256).distinct()))
    return tidy_kept(var_dir, ORPHANS_KEPT, now, named.__contains__)
