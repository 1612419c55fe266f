"""The inbox: what waits for a viewer, the department and whom the viewer stands in for, overdue first; the badge."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, false, func, literal, not_, select, union_all

from dashboard.models.desks import InboxSnooze
from dashboard.queries.inbox_sources import sources
from dashboard.workdays import after

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy import ColumnElement, RowMapping, Select, Subquery
    from sqlalchemy.orm import Session

    from dashboard.queries.inbox_desk import Desk

CLOCKS = ("overdue", "near", "running", "none", "stopped")
"""How an item stands to its deadline, in the order of the list."""
NEAR_DAYS = 2
"""Working days before its last one from which on an item is due soon, where its case has no threshold of its own."""
MOST = 300
"""Items that a list shows; the counts tell how many there are."""


@dataclass(frozen=True)
class Asked:
    """Which items: of one group or kind ('' for all); `snoozed` for those put off instead of those that wait."""

    group: str = ""
    kind: str = ""
    snoozed: bool = False


@dataclass(frozen=True)
class Item:
    """One thing that waits. `sort` is a case's stage, an order's kind or a warning's risk type; '' where none.

    `text` is a task's title, what an order or its refusal says, or a comment; `office` the other department of an
    order; `absent` who is away, where it waits for a stand-in; `until_on` until when the viewer has put it off.
    """

    key: str
    kind: str
    whose: str
    absent: str
    number: str
    uscc: str
    name: str
    place: str
    sort: str
    text: str
    office: str
    author: str
    grade: str
    workflow: str
    workflow_version: str
    due_on: date | None
    clock: str
    since_on: date | None
    since_at: datetime | None
    until_on: date | None


@dataclass(frozen=True)
class Counts:
    """How many items there are by (group, kind, clock), and how many are put off."""

    waiting: Counter[tuple[str, str, str]]
    snoozed: int

    def of(self, group: str = "", kind: str = "", clock: str = "") -> int:
        """Return how many wait, of a group, kind and clock; '' is all."""
        wanted = (group, kind, clock)
        return sum(
            count
            for key, count in self.waiting.items()
            if all(not want or want == have for want, have in zip(wanted, key, strict=True))
        )


def counts(session: Session, desk: Desk) -> Counts:
    """Return the counts of a desk's inbox: one read, also for the badge."""
    waiting = _waiting(desk)
    hidden = _hidden(desk, waiting).label("hidden")
    clock = _rank(desk, waiting).label("clock")
    grouped = (waiting.c.whose, waiting.c.kind, clock, hidden)
    found: Counter[tuple[str, str, str]] = Counter()
    snoozed = 0
    for whose, kind, rank, is_hidden, count in session.execute(
        _joined(desk, waiting, *grouped, func.count()).group_by(*grouped)
    ):
        if is_hidden:
            snoozed += count
        else:
            found[whose, kind, CLOCKS[rank]] += count
    return Counts(found, snoozed)


def items(session: Session, desk: Desk, asked: Asked) -> list[Item]:
    """Return at most MOST items: overdue first, then due soon, then by due date; what has none comes last."""
    waiting = _waiting(desk)
    hidden = _hidden(desk, waiting)
    query = _listed(desk, waiting).where(hidden if asked.snoozed else not_(hidden))
    if asked.group:
        query = query.where(waiting.c.whose == asked.group)
    if asked.kind:
        query = query.where(waiting.c.kind == asked.kind)
    order = (_rank(desk, waiting), waiting.c.due_on, waiting.c.number, waiting.c.key)
    return [_item(desk, row) for row in session.execute(query.order_by(*order).limit(MOST)).mappings()]


def item_of(session: Session, desk: Desk, key: str) -> Item | None:
    """Return the item of that key if it waits at this desk, put off or not."""
    waiting = _waiting(desk)
    row = session.execute(_listed(desk, waiting).where(waiting.c.key == key).limit(1)).mappings().first()
    return _item(desk, row) if row else None


def _waiting(desk: Desk) -> Subquery:
    return union_all(*sources(desk)).subquery("waiting")


def _joined(desk: Desk, waiting: Subquery, *columns: ColumnElement[Any]) -> Select[Any]:
    mine = and_(InboxSnooze.item == waiting.c.key, InboxSnooze.user_id == desk.me, InboxSnooze.until_on > desk.when.on)
    return select(*columns).select_from(waiting).outerjoin(InboxSnooze, mine)


def _listed(desk: Desk, waiting: Subquery) -> Select[Any]:
    return _joined(desk, waiting, *waiting.c, _rank(desk, waiting).label("rank"), InboxSnooze.until_on)


def _hidden(desk: Desk, waiting: Subquery) -> ColumnElement[bool]:
    """Return whether an item is put off; an overdue supervision order never is, whatever its officer chose."""
    pressing = and_(waiting.c.kind == "order", waiting.c.sort == "supervise", waiting.c.due_on < desk.when.on)
    return case((InboxSnooze.until_on.is_(None), false()), (pressing, false()), else_=literal(1) == 1)


def _rank(desk: Desk, waiting: Subquery) -> ColumnElement[int]:
    """Return the place in CLOCKS."""
    on = desk.when.on
    soon = case(
        (waiting.c.near_on.is_not(None), waiting.c.near_on <= on), else_=waiting.c.due_on <= after(on, NEAR_DAYS)
    )
    return case(
        (waiting.c.stopped_on.is_not(None), 4),
        (waiting.c.due_on.is_(None), 3),
        (waiting.c.due_on < on, 0),
        (soon, 1),
        else_=2,
    )


def _item(desk: Desk, row: RowMapping) -> Item:
    given: dict[str, Any] = dict(row)  # type: ignore[arg-type] # its keys are the names of columns
    person = given.pop("person_id")
    absent = desk.away[person].told if given["whose"] == "delegated" else ""
    clock = CLOCKS[given.pop("rank")]
    for unseen in ("near_on", "stopped_on"):
        del given[unseen]
    return Item(**given, absent=absent, clock=clock)
