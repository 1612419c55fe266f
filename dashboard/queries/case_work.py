"""The daily work on one case, as its page lists it: tasks, comments, attachments, evidence and its chain of custody."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select

from dashboard.models.accounts import UserAccount
from dashboard.models.casework import CaseAttachment, CaseComment, CaseCustody, CaseEvidence, CaseMention, CaseTask

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy.orm import Session

NEVER = date.max
MOST_COMMENTS = 200
"""The newest comments that a page shows; more than anybody reads at once."""


@dataclass(frozen=True)
class Comment:
    """A comment with the names of whom it names, and whether the viewer is one who has not read it."""

    row: CaseComment
    names: tuple[str, ...]
    unread: bool


@dataclass(frozen=True)
class Piece:
    """A piece of evidence with its chain of custody, oldest first."""

    row: CaseEvidence
    chain: tuple[CaseCustody, ...]


@dataclass(frozen=True)
class Work:
    """All of it, with the names of the people in it by id."""

    tasks: Sequence[CaseTask]
    comments: Sequence[Comment]
    attachments: Sequence[CaseAttachment]
    evidence: Sequence[Piece]
    people: dict[int, str]

    def task(self, number: int) -> CaseTask | None:
        """Return a task of the case by its number; None for what is none."""
        return next((one for one in self.tasks if one.id == number), None)


def work_on(session: Session, case_id: int, viewer_id: int) -> Work:
    """Return the work on a case that the viewer sees.

    Open tasks come first, the earliest due before; the newest comments first, MOST_COMMENTS at most; files that were
    taken out last.
    """
    tasks = session.scalars(select(CaseTask).where(CaseTask.case_id == case_id)).all()
    files = session.scalars(select(CaseAttachment).where(CaseAttachment.case_id == case_id)).all()
    comments, evidence = _comments(session, case_id, viewer_id), _evidence(session, case_id)
    people = {one for task in tasks for one in (task.owner_id, task.made_by, task.ended_by)}
    people |= {comment.row.made_by for comment in comments}
    people |= {one for file in files for one in (file.added_by, file.removed_by)}
    people |= {entry.by for piece in evidence for entry in piece.chain}
    return Work(
        tasks=sorted(tasks, key=lambda one: (one.state != "open", one.due_on or NEVER, one.id)),
        comments=comments,
        attachments=sorted(files, key=lambda one: (one.removed_at is not None, -one.id)),
        evidence=evidence,
        people=_names(session, people),
    )


def _comments(session: Session, case_id: int, viewer_id: int) -> list[Comment]:
    newest = select(CaseComment).where(CaseComment.case_id == case_id).order_by(CaseComment.id.desc())
    rows = session.scalars(newest.limit(MOST_COMMENTS)).all()
    named = select(CaseMention, UserAccount.name).join(UserAccount, UserAccount.id == CaseMention.user_id)
    names, unread = defaultdict(list), set()
    for mention, name in session.execute(named.where(CaseMention.comment_id.in_([row.id for row in rows]))):
        names[mention.comment_id].append(name)
        if mention.user_id == viewer_id and mention.read_at is None:
            unread.add(mention.comment_id)
    return [Comment(row, tuple(sorted(names[row.id])), row.id in unread) for row in rows]


def _evidence(session: Session, case_id: int) -> list[Piece]:
    rows = session.scalars(select(CaseEvidence).where(CaseEvidence.case_id == case_id).order_by(CaseEvidence.id)).all()
    chains = defaultdict(list)
    wanted = CaseCustody.evidence_id.in_([row.id for row in rows])
    for entry in session.scalars(select(CaseCustody).where(wanted).order_by(CaseCustody.position)):
        chains[entry.evidence_id].append(entry)
    return [Piece(row, tuple(chains[row.id])) for row in rows]


def _names(session: Session, people: Iterable[int | None]) -> dict[int, str]:
    wanted = UserAccount.id.in_(sorted(one for one in people if one is not None))
    found = session.execute(select(UserAccount.id, UserAccount.unit, UserAccount.name).where(wanted))
    return {number: " ".join(part for part in (unit, name) if part) for number, unit, name in found}
