"""What stands above a case: its clock, who has it, and how its enterprise stands in the live generation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from dashboard.access.permissions import Permission
from dashboard.models.cases import CaseFile
from dashboard.models.reporting import Watched
from dashboard.queries.case_seen import case_seen
from dashboard.queries.generations import live_generation
from dashboard.workflow.clocks import clock_on
from dashboard.workflow.wording import person_told

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

    from dashboard.access.viewer import Viewer
    from dashboard.queries.case_seen import CaseSeen
    from dashboard.queries.generations import Live
    from dashboard.workflow.clocks import Clock


@dataclass(frozen=True)
class Enterprise:
    """How an enterprise that screens list stands in the live generation; `change` is against a week before."""

    grade: str
    smoke_index: float
    change: float
    risk_type: str
    sector: str
    legal_representative: str
    reasons: tuple[tuple[str, float], ...]  # factor and its points, strongest first
    exempt: str  # '', white, grey


@dataclass(frozen=True)
class CaseHead:
    """A case's headline. `owner` is '' where nobody is in charge; `opens` tells whether the viewer may open the portrait.

    `enterprise` is None for one that is not registered, or that the live generation does not list; `live` None before
    the first generation. `merged_into` and `split_from` are numbers, '' for none.
    """

    seen: CaseSeen
    clock: Clock
    owner: str
    enterprise: Enterprise | None
    live: Live | None
    opens: bool
    merged_into: str
    split_from: str


def case_head(session: Session, viewer: Viewer, number: str, today: date) -> CaseHead:
    """Return a case's headline on a day.

    Whoever sees the case sees how its enterprise stands, also an office that was invited from elsewhere; the portrait
    is open inside the jurisdiction only. Raises what `case_seen` raises.
    """
    seen = case_seen(session, viewer, number)
    case, live = seen.case, live_generation(session)
    mine = viewer.may(Permission.PORTRAIT_READ) and viewer.scope(Permission.PORTRAIT_READ).covers(case.region_code)
    return CaseHead(
        seen=seen,
        clock=clock_on(case, today),
        owner=person_told(session, case.owner_id) if case.owner_id else "",
        enterprise=_enterprise(session, case.uscc, live.generation) if live and case.uscc else None,
        live=live,
        opens=bool(case.uscc) and mine,
        merged_into=_number(session, case.merged_into),
        split_from=_number(session, case.split_from),
    )


def _number(session: Session, case_id: int | None) -> str:
    other = session.get(CaseFile, case_id) if case_id else None
    return other.number if other else ""


def _enterprise(session: Session, uscc: str, generation: int) -> Enterprise | None:
    row = session.scalars(select(Watched).where(Watched.generation == generation, Watched.uscc == uscc)).one_or_none()
    if row is None:
        return None
    return Enterprise(
        grade=row.grade,
        smoke_index=row.smoke_index,
        change=round(row.smoke_index - row.previous_index, 2),
        risk_type=row.risk_type,
        sector=row.sector,
        legal_representative=row.legal_representative,
        reasons=tuple((str(one["factor"]), float(str(one["contribution"]))) for one in row.reasons),
        exempt=row.exempt,
    )
