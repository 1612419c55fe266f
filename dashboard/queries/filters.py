"""What of the watchlist is asked for, and the SQL that it means: the same on SQLite and PostgreSQL."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import String, and_, case, cast, func, not_, or_, select

from dashboard.access.scope import Scope
from dashboard.models.exemptions import Exemption
from dashboard.models.reporting import Watched
from dashboard.models.warnings import WarningHandling

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from sqlalchemy import ColumnElement

NEW_DAYS = 7
STATES = ("open", "acknowledged", "dismissed", "in_case", "none")
"""What became of a row's newest warning; none: there is no warning on record."""
EXEMPTS = ("white", "grey", "none")
SORTS = ("index", "change", "due", "entered", "probability", "name")
ASCENDING = frozenset({"due", "name"})
"""Orders that people read from the small end."""

STATE = case((Watched.warned_week_on.is_(None), "none"), else_=func.coalesce(WarningHandling.state, "open"))
WAITING = STATE.in_(("open", "acknowledged"))


@dataclass(frozen=True)
class Filters:
    """Which rows, in which order; '' and None are no condition."""

    grades: tuple[str, ...] = ()
    risk_type: str = ""
    sector: str = ""
    factor: str = ""  # among the top reasons
    state: str = ""  # of STATES
    who: str = ""  # mine, nobody, or the id of an account
    exempt: str = ""  # of EXEMPTS, whether it holds in this generation or from the next on
    text: str = ""  # in name, credit code or legal representative
    low: float | None = None  # Smoke Index from ...
    high: float | None = None  # ... to, both included
    overdue: bool = False  # waiting for an answer past its due date
    new: bool = False  # in its grade for at most NEW_DAYS
    sort: str = "index"
    descending: bool = True


@dataclass(frozen=True)
class Asked:
    """Filters over a region, with what they are held against: the generation's date, today, and who looks."""

    region: str
    filters: Filters
    as_of: date
    today: date
    viewer_id: int

    def ordered(self, order: tuple[str, bool] | None) -> Asked:
        """Return the same rows in another order, one of SORTS and whether descending; None is this one."""
        if order is None:
            return self
        return replace(self, filters=replace(self.filters, sort=order[0], descending=order[1]))


def in_force(today: date, kind: ColumnElement[str] | str | None = None) -> ColumnElement[bool]:
    """Return whether an exemption of the row's enterprise (of a kind) is in force on `today`."""
    entry = select(Exemption.id).where(
        Exemption.uscc == Watched.uscc,
        Exemption.withdrawn_at.is_(None),
        Exemption.begins_on <= today,
        Exemption.ends_on >= today,
    )
    return (entry if kind is None else entry.where(Exemption.kind == kind)).exists()


def overdue(today: date) -> ColumnElement[bool]:
    """Return whether the row's warning waits past its due date."""
    return and_(Watched.due_on < today, WAITING)


def conditions(asked: Asked) -> Iterator[ColumnElement[bool]]:
    """Yield what is asked for, but for the grades: those are counted each by itself."""
    filters = asked.filters
    yield Scope(asked.region).where(Watched.region_code)
    plain = (
        (Watched.risk_type, filters.risk_type),
        (Watched.sector, filters.sector),
        (STATE, filters.state),
    )
    yield from (column == value for column, value in plain if value)
    if filters.factor:
        yield cast(Watched.reasons, String).contains(f'"{filters.factor}"', autoescape=True)
    if filters.text:
        columns = (Watched.name, Watched.uscc, Watched.legal_representative)
        yield or_(*(column.icontains(filters.text, autoescape=True) for column in columns))
    if filters.low is not None:
        yield Watched.smoke_index >= filters.low
    if filters.high is not None:
        yield Watched.smoke_index <= filters.high
    if filters.overdue:
        yield overdue(asked.today)
    if filters.new:
        yield Watched.entered_on > asked.as_of - timedelta(days=NEW_DAYS)
    if filters.who:
        yield _of_whom(asked)
    if filters.exempt == "none":
        yield and_(Watched.exempt == "", not_(in_force(asked.today)))
    elif filters.exempt:
        yield or_(Watched.exempt == filters.exempt, in_force(asked.today, filters.exempt))


def _of_whom(asked: Asked) -> ColumnElement[bool]:
    who = asked.filters.who
    if who == "nobody":
        return and_(Watched.warned_week_on.is_not(None), WarningHandling.assignee_id.is_(None))
    return WarningHandling.assignee_id == (asked.viewer_id if who == "mine" else int(who))


def ordering(filters: Filters) -> tuple[ColumnElement[Any], ...]:
    """Return the order asked for, which is total: the code comes last, so that pages neither repeat nor skip."""
    column: ColumnElement[Any] = {
        "index": Watched.smoke_index,
        "change": Watched.smoke_index - Watched.previous_index,
        "due": Watched.due_on,
        "entered": Watched.entered_on,
        "probability": Watched.probability,
        "name": Watched.name,
    }[filters.sort]  # type: ignore[assignment] # columns of several types
    first = column.desc() if filters.descending else column.asc()
    nullable = filters.sort in {"due", "entered", "probability"}
    return (first.nulls_last() if nullable else first, Watched.uscc.asc())
