"""What can wait at a desk, one SELECT for each kind with the same columns: the inbox and its badge are their union.

Each begins with an index on the person or the department, so that a desk's inbox does not grow with the country's. The
statements are built once for each jurisdiction and read with a desk's values: building them takes longer than reading.
"""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Date,
    Integer,
    String,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)

from dashboard.access.scope import Scope
from dashboard.db import Instant
from dashboard.models.accounts import UserAccount
from dashboard.models.cases import CaseFile, CaseOrder
from dashboard.models.casework import CaseComment, CaseMention, CaseTask
from dashboard.models.reporting import Pointer, RaisedWarning, Watched
from dashboard.models.warnings import WarningHandling
from dashboard.queries.case_sight import can_be_done, seen_of_few
from dashboard.vocabulary import OPEN_PHASES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import ColumnElement, Select, Subquery

    from dashboard.queries.inbox_desk import Desk

KINDS = ("case", "task", "order", "refused", "mention", "warning")
"""What an item is about; its key begins with it: task:7, order:3, warning:<credit code>:<week>."""
GROUPS = ("me", "department", "delegated")
"""Whose an item is: the viewer's own, the department's, or somebody's whom the viewer stands in for."""
FRESH = timedelta(days=14)
"""How long a refusal or a return waits to be seen."""

ME, HOME = bindparam("me", type_=Integer()), bindparam("home", type_=String())
PEOPLE = bindparam("people", type_=Integer(), expanding=True)
AWAY = bindparam("away", type_=Integer(), expanding=True)
HOMES = bindparam("homes", type_=String(), expanding=True)
TODAY, FRESH_AT = bindparam("today", type_=Date()), bindparam("fresh_at", type_=Instant())
"""What a desk gives to the statements: see `given`."""

_EMPTY = literal("", String)
_BLANK: dict[str, ColumnElement[Any]] = {
    "kind": _EMPTY,
    "key": _EMPTY,
    "whose": _EMPTY,
    "person_id": cast(null(), Integer),
    "number": _EMPTY,
    "uscc": _EMPTY,
    "name": _EMPTY,
    "place": _EMPTY,
    "sort": _EMPTY,  # stage of a case, kind of an order, risk type of a warning
    "text": _EMPTY,
    "office": _EMPTY,  # the other department of an order
    "author": _EMPTY,
    "grade": _EMPTY,
    "workflow": _EMPTY,
    "workflow_version": _EMPTY,
    "due_on": cast(null(), Date),
    "near_on": cast(null(), Date),  # from when on it is due soon; NULL: the days before due_on that all others have
    "stopped_on": cast(null(), Date),
    "since_on": cast(null(), Date),
    "since_at": cast(null(), Instant()),
}


COUNTED = ("kind", "key", "whose", "sort", "due_on", "near_on", "stopped_on")
"""The columns that counting needs: a statement of them alone is sent and understood in half the time."""


@lru_cache(maxsize=256)
def waiting(prefix: str, works: bool, columns: tuple[str, ...] = tuple(_BLANK)) -> Subquery:  # noqa: FBT001 - all are the key of the cache
    """Return everything that may wait at desks of a jurisdiction, with those columns of `_BLANK`.

    `works` is whether they also see what waits for their department.
    """
    rows = _sources(Scope(prefix), works=works)
    return union_all(*(one.with_only_columns(*_of(one, columns)) for one in rows)).subquery("waiting")


def _of(rows: Select[Any], names: tuple[str, ...]) -> list[ColumnElement[Any]]:
    return [rows.selected_columns[name] for name in names]


def given(desk: Desk) -> dict[str, Any]:
    """Return a desk's values for the statements."""
    return {
        "me": desk.me,
        "home": desk.home,
        "people": desk.people,
        "away": list(desk.away),
        "homes": desk.homes,
        "today": desk.when.on,
        "fresh_at": desk.when.at - FRESH,
    }


def _sources(scope: Scope, *, works: bool) -> Iterator[Select[Any]]:
    yield _cases(_whose(CaseFile.owner_id), CaseFile.owner_id.in_(PEOPLE), scope)
    yield _tasks(_whose(CaseTask.owner_id), CaseTask.owner_id.in_(PEOPLE), scope)
    yield _refused(scope)
    yield _mentions(scope)
    yield _warnings(scope)
    if works:
        department = literal("department", String)
        yield _cases(department, and_(CaseFile.handler_code == HOME, CaseFile.owner_id.is_(None)), scope)
        yield _tasks(department, and_(CaseTask.region_code == HOME, CaseTask.owner_id.is_(None)), scope)
        yield _orders(scope)
        yield _returned(scope)


def _row(**columns: Any) -> Select[Any]:  # noqa: ANN401 - columns of many types
    given = {name: literal(one, String) if isinstance(one, str) else one for name, one in columns.items()}
    return select(*(column.label(name) for name, column in (_BLANK | given).items()))


def _of_case() -> dict[str, Any]:
    return {"number": CaseFile.number, "uscc": CaseFile.uscc, "name": CaseFile.name, "place": CaseFile.region_code}


def _key(kind: str, number: Any) -> ColumnElement[str]:  # noqa: ANN401 - a mapped column
    return literal(f"{kind}:", String).concat(cast(number, String))


def _whose(person: Any) -> ColumnElement[str]:  # noqa: ANN401 - a mapped column
    return case((person == ME, literal("me", String)), else_=literal("delegated", String))


def _cases(whose: ColumnElement[str], here: ColumnElement[bool], scope: Scope) -> Select[Any]:
    """Return the cases that somebody has still to bring on."""
    return _row(
        kind="case",
        key=_key("case", CaseFile.id),
        whose=whose,
        person_id=CaseFile.owner_id,
        **_of_case(),
        sort=CaseFile.stage,
        grade=CaseFile.grade,
        workflow=CaseFile.workflow,
        workflow_version=CaseFile.workflow_version,
        # A pause has a last day as well: once that has passed, the case is late.
        due_on=func.coalesce(CaseFile.due_on, CaseFile.suspended_until),
        near_on=CaseFile.amber_on,
        stopped_on=case((CaseFile.suspended_until < TODAY, null()), else_=CaseFile.suspended_on),
        since_on=CaseFile.entered_on,
    ).where(here, CaseFile.phase.in_(OPEN_PHASES), seen_of_few(scope))


def _tasks(whose: ColumnElement[str], here: ColumnElement[bool], scope: Scope) -> Select[Any]:
    rows = _row(
        kind="task",
        key=_key("task", CaseTask.id),
        whose=whose,
        person_id=CaseTask.owner_id,
        **_of_case(),
        text=CaseTask.title,
        due_on=CaseTask.due_on,
        since_at=CaseTask.made_at,
    )
    return (
        rows.select_from(CaseTask)
        .join(CaseFile, CaseFile.id == CaseTask.case_id)
        .where(here, CaseTask.state == "open", seen_of_few(scope), can_be_done())
    )


def _of_order() -> dict[str, Any]:
    """Return what orders to a department share: it is the case's owner's own where that is somebody at this desk."""
    owned = CaseFile.owner_id.in_(PEOPLE)
    whose = case((owned, _whose(CaseFile.owner_id)), else_=literal("department", String))
    return {
        **_of_case(),
        "whose": whose,
        "person_id": case((owned, CaseFile.owner_id), else_=null()),
        "sort": CaseOrder.kind,
        "text": CaseOrder.text,
        "office": CaseOrder.from_code,
        "workflow": CaseFile.workflow,
        "workflow_version": CaseFile.workflow_version,
        "since_at": CaseOrder.made_at,
    }


def _to_this_desk(scope: Scope) -> ColumnElement[bool]:
    """Return the clause for orders to the viewer's department, or about cases of whom the viewer stands in for."""
    in_place = and_(CaseFile.owner_id.in_(AWAY), CaseFile.handler_code == CaseOrder.to_code)
    return and_(CaseOrder.to_code.in_(HOMES), or_(CaseOrder.to_code == HOME, in_place), seen_of_few(scope))


def _orders(scope: Scope) -> Select[Any]:
    """Return what other departments, or the scheduler, want an answer to."""
    rows = _row(kind="order", key=_key("order", CaseOrder.id), due_on=CaseOrder.answer_due_on, **_of_order())
    joined = rows.select_from(CaseOrder).join(CaseFile, CaseFile.id == CaseOrder.case_id)
    return joined.where(CaseOrder.state == "pending", _to_this_desk(scope))


def _returned(scope: Scope) -> Select[Any]:
    """Return the cases that came back, until the department has sent them anywhere or two weeks have passed."""
    rows = _row(kind="refused", key=_key("refused", CaseOrder.id), **_of_order())
    joined = rows.select_from(CaseOrder).join(CaseFile, CaseFile.id == CaseOrder.case_id)
    fresh = (CaseOrder.kind == "return", CaseOrder.made_at >= FRESH_AT)
    here = (CaseFile.handler_code == CaseOrder.to_code, CaseFile.phase.in_(OPEN_PHASES))
    settled = _sent_since(CaseOrder.to_code, CaseOrder.made_at)
    return joined.where(CaseOrder.state == "done", *fresh, *here, _to_this_desk(scope), ~settled)


def _refused(scope: Scope) -> Select[Any]:
    """Return the orders that were refused, for whoever sent them, on the same terms."""
    rows = _row(
        kind="refused",
        key=_key("refused", CaseOrder.id),
        whose=_whose(CaseOrder.made_by),
        person_id=CaseOrder.made_by,
        **_of_case(),
        sort=CaseOrder.kind,
        text=CaseOrder.answer,
        office=CaseOrder.to_code,
        since_at=CaseOrder.answered_at,
    )
    joined = rows.select_from(CaseOrder).join(CaseFile, CaseFile.id == CaseOrder.case_id)
    mine = (CaseOrder.from_code.in_(HOMES), CaseOrder.state == "refused", CaseOrder.made_by.in_(PEOPLE))
    fresh = (CaseOrder.answered_at >= FRESH_AT, CaseFile.phase.in_(OPEN_PHASES))
    settled = _sent_since(CaseOrder.from_code, CaseOrder.answered_at)
    return joined.where(*mine, *fresh, seen_of_few(scope), ~settled)


def _sent_since(office: Any, since: Any) -> ColumnElement[bool]:  # noqa: ANN401 - mapped columns
    later = CaseOrder.__table__.alias("later")
    same = (later.c.case_id == CaseOrder.case_id, later.c.from_code == office, later.c.made_at >= since)
    return select(later.c.id).where(*same, later.c.id != CaseOrder.id).correlate(CaseOrder).exists()


def _mentions(scope: Scope) -> Select[Any]:
    rows = _row(
        kind="mention",
        key=_key("mention", CaseMention.comment_id).concat(":").concat(cast(CaseMention.user_id, String)),
        whose=_whose(CaseMention.user_id),
        person_id=CaseMention.user_id,
        **_of_case(),
        text=CaseComment.text,
        author=UserAccount.name,
        since_at=CaseComment.made_at,
    )
    return (
        rows.select_from(CaseMention)
        .join(CaseComment, CaseComment.id == CaseMention.comment_id)
        .join(CaseFile, CaseFile.id == CaseComment.case_id)
        .join(UserAccount, UserAccount.id == CaseComment.made_by)
        .where(CaseMention.user_id.in_(PEOPLE), CaseMention.read_at.is_(None), seen_of_few(scope))
    )


def _warnings(scope: Scope) -> Select[Any]:
    """Return the warnings that were assigned and are neither dismissed nor in a case."""
    live = select(Pointer.generation).scalar_subquery()
    key = (literal("warning:", String), WarningHandling.uscc, literal(":", String))
    prefix = key[0].concat(key[1]).concat(key[2])
    rows = _row(
        kind="warning",
        key=prefix.concat(cast(WarningHandling.week_on, String)),
        whose=_whose(WarningHandling.assignee_id),
        person_id=WarningHandling.assignee_id,
        uscc=WarningHandling.uscc,
        name=func.coalesce(RaisedWarning.name, Watched.name, WarningHandling.uscc),
        place=WarningHandling.region_code,
        sort=func.coalesce(RaisedWarning.risk_type, Watched.risk_type, _EMPTY),
        grade=func.coalesce(RaisedWarning.grade, Watched.grade, _EMPTY),
        due_on=func.coalesce(RaisedWarning.due_on, Watched.due_on),
        since_on=WarningHandling.week_on,
    )
    of_warning = (RaisedWarning.uscc == WarningHandling.uscc, RaisedWarning.week_on == WarningHandling.week_on)
    of_watched = (Watched.uscc == WarningHandling.uscc, Watched.warned_week_on == WarningHandling.week_on)
    return (
        rows.select_from(WarningHandling)
        .outerjoin(RaisedWarning, and_(RaisedWarning.generation == live, *of_warning))
        .outerjoin(Watched, and_(Watched.generation == live, *of_watched))
        .where(
            WarningHandling.assignee_id.in_(PEOPLE),
            WarningHandling.state.in_(("open", "acknowledged")),
            scope.where(WarningHandling.region_code),
        )
    )
