"""One case as a viewer sees it: the file, how the viewer's office stands to it, and what that allows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from dashboard.access.permissions import Permission
from dashboard.errors import NotFound
from dashboard.models.cases import CaseFile, CaseSeat
from dashboard.vocabulary import MERGED
from dashboard.workflow.load import workflow_of
from dashboard.workflow.standing import VERBS, standing_of
from geo.codes import level_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from dashboard.access.viewer import Viewer
    from dashboard.workflow.definition import Workflow
    from dashboard.workflow.standing import Standing


@dataclass(frozen=True)
class CaseSeen:
    """A case with its definition, the viewer's standing to it and all lasting seats (region → role)."""

    case: CaseFile
    workflow: Workflow
    viewer: Viewer
    standing: Standing
    seats: Mapping[str, str]

    def may(self, verb: str) -> bool:
        """Tell whether the viewer's permission and standing allow a verb of VERBS; its step or order may forbid it."""
        able = self.viewer.may(Permission.CASE_WRITE) and self.standing in VERBS[verb].by
        return able and (self.case.stage != MERGED or verb == "comment:added")

    def allows(self, who: tuple[str, ...]) -> bool:
        """Tell whether the viewer's role and level belong to one of the definition's groups."""
        return self.workflow.allows(who, self.viewer.roles, level_of(self.viewer.home_region))


def case_seen(session: Session, viewer: Viewer, number: str) -> CaseSeen:
    """Return a case by its number.

    Raises NotAllowed without case:read, NotFound for a number that there is not or that the viewer does not see.
    """
    viewer.scope(Permission.CASE_READ)
    if not number.isascii() or not number.isprintable():
        raise NotFound("there is no such case")  # an address may hold what no database stores
    query = select(CaseFile).where(CaseFile.number == number).execution_options(populate_existing=True)
    case = session.scalars(query).one_or_none()
    if case is None:
        raise NotFound("there is no such case")
    rows = session.execute(
        select(CaseSeat.region_code, CaseSeat.role).where(CaseSeat.case_id == case.id, CaseSeat.ended_at.is_(None))
    )
    seats = {row.region_code: row.role for row in rows}
    standing = standing_of(viewer.home_region, handler=case.handler_code, place=case.region_code, seats=seats)
    if standing == "none":
        raise NotFound("there is no such case")
    return CaseSeen(case, workflow_of(case.workflow, case.workflow_version), viewer, standing, seats)
