"""The inbox: what waits for a viewer, the department and whom the viewer stands in for, overdue first; the badge."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Boolean, Date, String, and_, bindparam, case, false, func, or_, select, true

from dashboard.models.desks import InboxSnooze
from dashboard.queries.inbox_sources import COUNTED, ME, TODAY, given, waiting
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
    found: Counter[tuple[str, str, str]] = Counter()
    snoozed = 0
    for whose, kind, rank, hidden, count in session.execute(_counting(desk.scope.prefix, desk.works), _values(desk)):
        if hidden:
            snoozed += count
        else:
            found[whose, kind, CLOCKS[rank]] += count
    return Counts(found, snoozed)


def items(session: Session, desk: Desk, asked: Asked) -> list[Item]:
    """Return at most MOST items: overdue first, then due soon, then by due date; what has none comes last."""
    query = _listing(desk.scope.prefix, desk.works)
    wanted = {"group": asked.group, "kind_asked": asked.kind, "snoozed": asked.snoozed}
    return [_item(desk, row) for row in session.execute(query, _values(desk) | wanted).mappings()]


def item_of(session: Session, desk: Desk, key: str) -> Item | None:
    """Return the item of that key if it waits at this desk, put off or not."""
    query = _finding(desk.scope.prefix, desk.works)
    row = session.execute(query, _values(desk) | {"key_asked": key}).mappings().first()
    return _item(desk, row) if row else None


@lru_cache(maxsize=256)
def _counting(prefix: str, works: bool) -> Select[Any]:  # noqa: FBT001 - as in `waiting`
    found = waiting(prefix, works, COUNTED)
    grouped = (found.c.whose, found.c.kind, _rank(found).label("clock"), _hidden(found).label("hidden"))
    return _joined(found, *grouped, func.count()).group_by(*grouped)


@lru_cache(maxsize=256)
def _listing(prefix: str, works: bool) -> Select[Any]:  # noqa: FBT001 - as above
    found = waiting(prefix, works)
    group, kind = bindparam("group", type_=String()), bindparam("kind_asked", type_=String())
    asked = (or_(group == "", found.c.whose == group), or_(kind == "", found.c.kind == kind))
    query = _listed(found).where(*asked, _hidden(found) == bindparam("snoozed", type_=Boolean()))
    return query.order_by(_rank(found), found.c.due_on, found.c.number, found.c.key).limit(MOST)


@lru_cache(maxsize=256)
def _finding(prefix: str, works: bool) -> Select[Any]:  # noqa: FBT001 - as above
    found = waiting(prefix, works)
    return _listed(found).where(found.c.key == bindparam("key_asked", type_=String())).limit(1)


def _values(desk: Desk) -> dict[str, Any]:
    return given(desk) | {"soon_on": after(desk.when.on, NEAR_DAYS)}


def _joined(found: Subquery, *columns: ColumnElement[Any]) -> Select[Any]:
    mine = and_(InboxSnooze.item == found.c.key, InboxSnooze.user_id == ME, InboxSnooze.until_on > TODAY)
    return select(*columns).select_from(found).outerjoin(InboxSnooze, mine)


def _listed(found: Subquery) -> Select[Any]:
    return _joined(found, *found.c, _rank(found).label("rank"), InboxSnooze.until_on.label("until_on"))


def _hidden(found: Subquery) -> ColumnElement[bool]:
    """Return whether an item is put off; an overdue supervision order never is, whatever its officer chose."""
    pressing = and_(found.c.kind == "order", found.c.sort == "supervise", found.c.due_on < TODAY)
    return case((InboxSnooze.until_on.is_(None), false()), (pressing, false()), else_=true())


def _rank(found: Subquery) -> ColumnElement[int]:
    """Return the place in CLOCKS."""
    usual = found.c.due_on <= bindparam("soon_on", type_=Date())
    soon = case((found.c.near_on.is_not(None), found.c.near_on <= TODAY), else_=usual)
    return case(
        (found.c.stopped_on.is_not(None), 4),
        (found.c.due_on.is_(None), 3),
        (found.c.due_on < TODAY, 0),
        (soon, 1),
        else_=2,
    )


def _item(desk: Desk, row: RowMapping) -> Item:
    values: dict[str, Any] = dict(row)
    person = values.pop("person_id")
    absent = desk.away[person].told if values["whose"] == "delegated" else ""
    clock = CLOCKS[values.pop("rank")]
    for unseen in ("near_on", "stopped_on"):
        del values[unseen]
    return Item(**values, absent=absent, clock=clock)
