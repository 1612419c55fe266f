"""To whom an order may go from here: the departments that each kind allows, those most likely first."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from dashboard.access.permissions import Permission
from dashboard.vocabulary import OPEN_PHASES
from dashboard.workflow.orders import MOVES, given_by, may_go
from dashboard.workflow.people import people_of
from geo.codes import ancestors_of, level_of
from geo.divisions import divisions, exists, is_artificial, villages, visible_children_of, visible_parent_of
from geo.views import place_words, region_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

    from dashboard.queries.case_seen import CaseSeen

MOST = 50
SENDABLE = (*MOVES, "assist", "supervise")
"""All kinds that people send, in the order in which a form offers them."""


@dataclass(frozen=True)
class Office:
    """A department: its region, what it is called in a list, and whether anybody there can answer."""

    code: str
    name: str
    staffed: bool


def kinds_allowed(session: Session, seen: CaseSeen) -> list[str]:
    """Return the kinds of orders that the viewer may send about a case as it stands, in the order of SENDABLE."""
    rules = {rule.kind: rule for rule in seen.workflow.orders}
    kinds = [kind for kind in SENDABLE if kind in rules and seen.may(f"order:{kind}")]
    kinds = [kind for kind in kinds if seen.allows(rules[kind].who) and _fits(seen.case.phase, kind)]
    return [kind for kind in kinds if kind != "return" or given_by(session, seen.case)]


def offices(session: Session, seen: CaseSeen, kind: str, typed: str, locale: str) -> list[Office]:
    """Return at most MOST departments that an order of a kind may go to; [] for a kind that may not be sent.

    Without anything typed these are the ones around: the case's place, the next level, the neighbours. What is typed is
    looked for in all names down to the towns; a town's villages are offered to the town itself. Where somebody can
    answer comes first.
    """
    if kind not in kinds_allowed(session, seen):
        return []
    home, case = seen.viewer.home_region, seen.case
    if kind == "supervise":
        codes = [case.handler_code]
    elif kind == "return":
        codes = [given_by(session, case) or ""]
    elif typed.strip():
        codes = _named(kind, home, typed.strip())
    else:
        codes = [code for code in _around(home, case.region_code) if may_go(kind, home, code)]
    codes = codes[:MOST]
    staffed = {person.region for person in people_of(session, codes, Permission.CASE_WRITE)}
    found = [Office(code, office_name(code, locale), code in staffed) for code in codes if exists(code)]
    return sorted(found, key=lambda one: not one.staffed)


def office_name(code: str, locale: str) -> str:
    """Return a department's name in a list of many: the city stands before a county, the county before a town."""
    above = visible_parent_of(code)
    if level_of(code) in {"town", "village"} and above is not None:
        return f"{region_name(above, locale)} · {region_name(code, locale)}"
    return place_words(code, locale) if level_of(code) == "county" else region_name(code, locale)


def _fits(phase: str, kind: str) -> bool:
    return phase in OPEN_PHASES or (kind == "supervise" and phase == "closed")


def _around(home: str, place: str) -> list[str]:
    """Return the regions that an order most likely goes to, nearest first, each once."""
    above = visible_parent_of(home)
    lineage = [place, *(code for code in ancestors_of(place) if not is_artificial(code))]
    upward = [code for code in ancestors_of(home) if not is_artificial(code)]
    beside = visible_children_of(above) if above is not None else []
    return list(dict.fromkeys([*lineage, *upward, *_below(home), *beside]))


def _below(home: str) -> Iterable[str]:
    if level_of(home) == "town":
        found = villages()
        return [str(code) for code in found.loc[found["parent"] == home, "code"]]
    return visible_children_of(home)


def _named(kind: str, home: str, typed: str) -> list[str]:
    within = [*_names(), *((code, region_name(code, "zh_CN").lower()) for code in _below(home))]
    low = typed.lower()
    found = (code for code, name in within if low in name or code == typed)
    allowed = dict.fromkeys(code for code in found if may_go(kind, home, code))
    return list(allowed)[:MOST]


@cache
def _names() -> tuple[tuple[str, str], ...]:
    """Return every division down to the towns with all that it is called, in small letters."""
    return tuple(
        (code, f"{region_name(code, 'zh_CN')} {region_name(code, 'en')}".lower()) for code in divisions()["code"]
    )
