"""Which cases may be about the same matter: the same enterprise, the same people, or a like name in the same county.

Three questions that each have an index, so that they cost the same whatever the number of cases. A suggestion is a
hint with its reasons; nothing is merged by itself.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from dashboard.access.scope import Scope
from dashboard.models.cases import CaseFile
from dashboard.models.findings import CasePerson
from dashboard.models.reporting import Pointer, Watched
from dashboard.queries.alike import likenesses
from dashboard.queries.case_sight import in_sight
from dashboard.vocabulary import MERGED
from geo.codes import at_level

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

MOST = 8
SAME_ENTERPRISE, NEAR_PERSON, FAR_PERSON, SAME_NAME = 60, 30, 15, 40
"""Points of each reason; a person counts less in another city, where it may well be a namesake. A sum ends at 100."""
LIKE = 0.5  # from which likeness on a name is a reason
LOOKED_AT = 1000  # cases of one county, the newest, or of one enterprise or name
NAMES = 20  # people of a case that are looked for


@dataclass(frozen=True)
class Asked:
    """What is known of a matter; '' and () where nothing is. `case_id` is its own case, 0 while there is none."""

    uscc: str
    name: str
    region_code: str
    people: tuple[str, ...] = ()
    case_id: int = 0


@dataclass(frozen=True)
class Reason:
    """Why: `enterprise`, `person` (detail: the name) or `name` (detail: the likeness in per cent)."""

    kind: str
    detail: str
    points: int


@dataclass(frozen=True)
class Suggestion:
    """One case that may be about the same, with its reasons, weightiest first, and their sum, 0-100."""

    case: CaseFile
    reasons: tuple[Reason, ...]
    score: int


def asked_of(session: Session, case: CaseFile) -> Asked:
    """Return what is known of a case: its people, and the legal representative of an enterprise that is listed."""
    people = session.scalars(
        select(CasePerson.name).where(CasePerson.case_id == case.id).order_by(CasePerson.id).limit(NAMES)
    ).all()
    names = {*people, *_representative(session, case.uscc)}
    return Asked(case.uscc, case.name, case.region_code, tuple(sorted(names)), case.id)


def duplicates(session: Session, scope: Scope, asked: Asked, most: int = MOST) -> list[Suggestion]:
    """Return at most `most` cases in sight that may be about the same, the likeliest first; merged ones never."""
    sight = (in_sight(scope), CaseFile.phase != MERGED, CaseFile.id != asked.case_id)
    found: dict[int, list[Reason]] = defaultdict(list)
    cases: dict[int, CaseFile] = {}
    for way in (_by_enterprise, _by_people, _by_name):
        for case, reason in way(session, sight, asked):
            cases[case.id] = case
            found[case.id].append(reason)
    told = [
        Suggestion(cases[key], tuple(sorted(reasons, key=lambda one: -one.points)), _score(reasons))
        for key, reasons in found.items()
    ]
    return sorted(told, key=lambda one: (-one.score, -one.case.id))[:most]


Sight = tuple["ColumnElement[bool]", ...]
Ways = list[tuple[CaseFile, Reason]]


def _score(reasons: list[Reason]) -> int:
    return min(100, sum(one.points for one in reasons))


def _by_enterprise(session: Session, sight: Sight, asked: Asked) -> Ways:
    if not asked.uscc:
        return []
    query = select(CaseFile).where(CaseFile.uscc == asked.uscc, *sight).order_by(CaseFile.id.desc()).limit(LOOKED_AT)
    return [(case, Reason("enterprise", asked.uscc, SAME_ENTERPRISE)) for case in session.scalars(query)]


def _by_people(session: Session, sight: Sight, asked: Asked) -> Ways:
    if not asked.people:
        return []
    city = at_level(asked.region_code, "city")
    query = (
        select(CaseFile, CasePerson.name)
        .join(CasePerson, CasePerson.case_id == CaseFile.id)
        .where(CasePerson.name.in_(asked.people[:NAMES]), *sight)
        .distinct()
        .order_by(CaseFile.id.desc(), CasePerson.name)
        .limit(LOOKED_AT)
    )
    return [
        (case, Reason("person", name, NEAR_PERSON if city and case.region_code.startswith(city) else FAR_PERSON))
        for case, name in session.execute(query)
    ]


def _by_name(session: Session, sight: Sight, asked: Asked) -> Ways:
    county = at_level(asked.region_code, "county")
    if not county or not asked.name:
        return []
    here = (Scope(county).where(CaseFile.region_code), *sight)
    near = select(CaseFile.id, CaseFile.name).where(*here).order_by(CaseFile.id.desc()).limit(LOOKED_AT)
    likely = likenesses(asked.name, {row.id: row.name for row in session.execute(near)})
    alike = {key: share for key, share in likely.items() if share >= LIKE}
    cases = session.scalars(select(CaseFile).where(CaseFile.id.in_(alike)))
    return [
        (case, Reason("name", str(round(100 * alike[case.id])), round(SAME_NAME * alike[case.id]))) for case in cases
    ]


def _representative(session: Session, uscc: str) -> set[str]:
    if not uscc:
        return set()
    live = select(Pointer.generation).scalar_subquery()
    query = select(Watched.legal_representative).where(Watched.generation == live, Watched.uscc == uscc)
    return {name for name in session.scalars(query) if name}
