"""A supervisor's view: how much waits with whom and how late it is, per person and per county. Counted in SQL."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Date, Integer, and_, case, cast, func, literal, select

from dashboard.access.scope import Scope
from dashboard.models.accounts import UserAccount
from dashboard.models.cases import CaseFile, CaseOrder
from dashboard.models.casework import CaseTask
from dashboard.vocabulary import OPEN_PHASES
from geo.codes import LENGTHS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import InstrumentedAttribute, Session

    Key = ColumnElement[Any] | InstrumentedAttribute[Any]

COUNTY = LENGTHS["county"]


@dataclass(frozen=True)
class Load:
    """What waits with one person, or in one county and below: `suspended` cases are in no other column but `cases`.

    `near` and `overdue` count cases whose clock runs; `days_late` is the mean of calendar days that the overdue ones
    are late, None where none is. `orders` wait for an answer, `orders_late` of them longer than they may; people have
    none, because departments answer.
    """

    key: int | str | None
    cases: int = 0
    near: int = 0
    overdue: int = 0
    suspended: int = 0
    days_late: float | None = None
    tasks: int = 0
    tasks_late: int = 0
    orders: int = 0
    orders_late: int = 0


@dataclass(frozen=True)
class PersonLoad:
    """One person's load: name, unit and home region; '' for what nobody is in charge of yet."""

    name: str
    unit: str
    region: str
    load: Load


def load_by_person(session: Session, scope: Scope, region: str, today: date) -> list[PersonLoad]:
    """Return what waits with each person in the departments of a region, the latest first.

    Raises NotAllowed for a region outside the scope.
    """
    scope.require(region)
    here = Scope(region)
    found = _cases(session, CaseFile.owner_id, here, today)
    for key, counts in _tasks(session, CaseTask.owner_id, here, today).items():
        found[key] = found.get(key, {}) | counts
    people = {one.id: one for one in session.scalars(select(UserAccount).where(UserAccount.id.in_(_people(found))))}
    rows = []
    for load in _loads(found):
        who = people.get(load.key) if isinstance(load.key, int) else None
        rows.append(PersonLoad(who.name, who.unit, who.home_region, load) if who else PersonLoad("", "", "", load))
    return rows


def load_by_county(session: Session, scope: Scope, region: str, today: date) -> list[Load]:
    """Return what waits in each county of a region, towns and villages included, the latest first.

    What a department above the counties holds itself has its own row, under its code. Raises NotAllowed for a region
    outside the scope.
    """
    scope.require(region)
    here = Scope(region)
    found = _cases(session, func.substr(CaseFile.handler_code, 1, COUNTY), here, today)
    for key, counts in _tasks(session, func.substr(CaseTask.region_code, 1, COUNTY), here, today).items():
        found[key] = found.get(key, {}) | counts
    for key, counts in _orders(session, here, today).items():
        found[key] = found.get(key, {}) | counts
    return _loads(found)


def _cases(session: Session, key: Key, here: Scope, today: date) -> dict[Any, dict[str, Any]]:
    running = CaseFile.suspended_on.is_(None)
    overdue = and_(running, CaseFile.due_on < today)
    near = and_(running, CaseFile.due_on >= today, CaseFile.amber_on <= today)
    query = select(
        key.label("key"),
        func.count().label("cases"),
        _count(near).label("near"),
        _count(overdue).label("overdue"),
        _count(CaseFile.suspended_on.is_not(None)).label("suspended"),
        func.avg(case((overdue, _days_since(session, CaseFile.due_on, today)))).label("days_late"),
    ).where(here.where(CaseFile.handler_code), CaseFile.phase.in_(OPEN_PHASES))
    rows = _grouped(session, query)
    return {one: row | {"days_late": _mean(row["days_late"])} for one, row in rows.items()}


def _tasks(session: Session, key: Key, here: Scope, today: date) -> dict[Any, dict[str, Any]]:
    late = _count(CaseTask.due_on < today).label("tasks_late")
    query = select(key.label("key"), func.count().label("tasks"), late)
    return _grouped(session, query.where(here.where(CaseTask.region_code), CaseTask.state == "open"))


def _orders(session: Session, here: Scope, today: date) -> dict[Any, dict[str, Any]]:
    late = _count(CaseOrder.answer_due_on < today).label("orders_late")
    query = select(func.substr(CaseOrder.to_code, 1, COUNTY).label("key"), func.count().label("orders"), late)
    return _grouped(session, query.where(here.where(CaseOrder.to_code), CaseOrder.state == "pending"))


def _grouped(session: Session, query: Any) -> dict[Any, dict[str, Any]]:  # noqa: ANN401 - selects of several shapes
    rows = session.execute(query.group_by("key")).mappings()
    return {row["key"]: {name: value for name, value in row.items() if name != "key"} for row in rows}


def _count(clause: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(cast(clause, Integer)), 0)


def _days_since(session: Session, column: Any, today: date) -> ColumnElement[Any]:  # noqa: ANN401 - a date column
    """Return how many days lie between a column and today: the two kinds of databases count dates differently."""
    if session.get_bind().dialect.name == "postgresql":
        days: ColumnElement[Any] = literal(today, Date) - column
        return days
    return func.julianday(today.isoformat()) - func.julianday(column)


def _mean(days: Any) -> float | None:  # noqa: ANN401 - Decimal or float, as the database has it
    return None if days is None else float(days)


def _people(found: Iterable[object]) -> list[int]:
    return [key for key in found if isinstance(key, int)]


def _loads(found: Mapping[Any, Mapping[str, Any]]) -> list[Load]:
    loads = [Load(key=key, **counts) for key, counts in found.items()]
    return sorted(loads, key=lambda one: (-one.overdue, -one.tasks_late, -one.orders_late, -one.cases, str(one.key)))
