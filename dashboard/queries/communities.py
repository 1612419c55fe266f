"""Communities: groups of enterprises that ties bind more closely to each other than to the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from dashboard.access.scope import Scope
from dashboard.models.reporting import Community

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session


def communities_in(
    session: Session, scope: Scope, generation: int, region: str, most: int
) -> tuple[int, Sequence[Community]]:
    """Return how many communities lie whole inside `region`, and the riskiest of them; NotAllowed outside the scope.

    One that reaches beyond the region is counted where all of it can be seen: in the larger region.
    """
    scope.require(region)
    where = (Community.generation == generation, Scope(region).where(Community.region_code))
    total = session.scalar(select(func.count()).select_from(Community).where(*where)) or 0
    order = (Community.highest.desc(), Community.members.desc(), Community.community)
    return total, session.scalars(select(Community).where(*where).order_by(*order).limit(most)).all()


def community_of(session: Session, scope: Scope, generation: int, community: int) -> Community | None:
    """Return a community's figures; None where it reaches beyond the scope, whose sums are not for this viewer."""
    where = (Community.generation == generation, Community.community == community)
    return session.scalars(select(Community).where(*where, scope.where(Community.region_code))).one_or_none()
