"""One enterprise of the full population: what the register, the index, its evidence and its ties say of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from dashboard.errors import NotFound
from dashboard.models.performance import Learned
from dashboard.models.reporting import Generation, Peer, RaisedWarning
from dashboard.queries.paths import with_paths
from geo.codes import at_level

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from decimal import Decimal

    from sqlalchemy.orm import Session

    from dashboard.access.scope import Scope
    from dashboard.queries.population import Population

Row = dict[str, Any]
OF_PARTY = ("region_code", "lon", "lat", "grade", "smoke_index")
OF_FIRMS = (
    "SELECT uscc, name, region_code, lon, lat FROM {enterprises} WHERE uscc IN $firms",
    "SELECT uscc, grade, smoke_index FROM {scores} WHERE uscc IN $firms",
)
MOST_TIES = 80  # listed; the rest is counted, and drawn on the network's screen


@dataclass(frozen=True)
class Facts:
    """What the register says, and the score: None for an enterprise that is not in operation."""

    register: Row  # a row of the file of enterprises
    score: Row | None  # a row of the file of scores

    @property
    def uscc(self) -> str:
        """Its credit code."""
        return str(self.register["uscc"])

    @property
    def name(self) -> str:
        """Its name."""
        return str(self.register["name"])

    @property
    def region(self) -> str:
        """The deepest region that is known; '' if none."""
        return str(self.register["region_code"] or "")

    @property
    def index(self) -> Decimal | None:
        """The Smoke Index, to the hundredth; None where it is not scored."""
        return self.score["smoke_index"] if self.score else None


@dataclass(frozen=True)
class Ties:
    """One step around an enterprise: the first ties, strongest first, how many there are, and who controls it."""

    total: int
    rows: list[Row]
    controller: str
    controller_name: str
    control_share: float | None


@dataclass(frozen=True)
class Known:
    """What the files hold of one enterprise."""

    facts: Facts
    evidence: list[Row]  # most points first; they add up to the index exactly; `path` (queries.paths) where it has one
    weeks: list[Row]  # from the first evidence on, oldest first
    ties: Ties
    outcomes: Sequence[Row] = ()  # how its cases ended, oldest first


def facts_of(population: Population, scope: Scope, uscc: str) -> Facts:
    """Return an enterprise of the register, in operation or not.

    Raises NotFound both for a code that nobody has and for one outside the scope: who may not see an enterprise does
    not learn whether there is one.
    """
    found = population.rows("SELECT * FROM {enterprises} WHERE uscc = $uscc", {"uscc": uscc})
    if not found or not scope.covers(found[0]["region_code"] or "0"):
        raise NotFound("there is no such enterprise in this jurisdiction")
    scores = population.rows("SELECT * FROM {scores} WHERE uscc = $uscc", {"uscc": uscc})
    return Facts(found[0], scores[0] if scores else None)


def known_of(population: Population, scope: Scope, uscc: str) -> Known:
    """Return all that the files hold of an enterprise, its jurisdiction asked once. Raises as `facts_of` does."""
    facts, asked = facts_of(population, scope, uscc), {"uscc": uscc}
    evidence = population.rows(
        "SELECT * FROM {evidence} WHERE uscc = $uscc ORDER BY contribution DESC, known_on DESC, factor, ref", asked
    )
    weeks = population.rows("SELECT * FROM {weeks} WHERE uscc = $uscc ORDER BY week_on", asked)
    evidence = with_paths(population, scope, uscc, evidence)
    return Known(facts, evidence, weeks, _ties(population, scope, uscc), _outcomes(population, uscc))


def _outcomes(population: Population, uscc: str) -> list[Row]:
    """Return how its cases ended; nothing from a generation that was made before there was such a file."""
    try:
        return population.rows("SELECT * FROM {outcomes} WHERE uscc = $uscc ORDER BY reported_on", {"uscc": uscc})
    except NotFound:
        return []


def _ties(population: Population, scope: Scope, uscc: str) -> Ties:
    """Return the ties one step around, with what is known of each other party.

    A party outside the scope is named, as the tie is this enterprise's own; its place, grade and index are left out.
    """
    ties = population.rows("SELECT * FROM {ties} WHERE node = $uscc", {"uscc": uscc})
    ties.sort(key=lambda tie: (-(tie["share"] or 0), -(tie["weight"] or 0), tie["kind"], tie["other"]))
    first = ties[:MOST_TIES]
    firms = [tie["other"] for tie in first if len(tie["other"]) == len(uscc)]
    parties = {"parties": [uscc, *(tie["other"] for tie in first if len(tie["other"]) != len(uscc))]}
    nodes = _by(population.rows("SELECT * FROM {nodes} WHERE node IN $parties", parties), "node")
    places, scores = (_by(population.rows(asked, {"firms": firms}), "uscc") if firms else {} for asked in OF_FIRMS)
    rows = []
    for tie in first:
        other, place = tie["other"], places.get(tie["other"], {})
        inside = scope.covers(place.get("region_code") or "")
        kind = "enterprise" if place else nodes.get(other, {}).get("kind") or "person"
        known = {
            "name": place.get("name") or nodes.get(other, {}).get("name") or other,
            "party": kind,
            "inside": inside,
        }
        seen = {**place, **scores.get(other, {})} if inside else {}
        rows.append({**{name: seen.get(name) for name in OF_PARTY}, **tie, **known})
    own = nodes.get(uscc, {})
    return Ties(
        len(ties), rows, own.get("controller") or "", own.get("controller_name") or "", own.get("control_share")
    )


def _by(rows: list[Row], key: str) -> dict[str, Row]:
    return {row[key]: row for row in rows}


@dataclass(frozen=True)
class Earlier:
    """An enterprise as an earlier generation showed it."""

    generation: int
    index: Decimal | None  # None: it was not scored then
    evidence: list[Row]


def earlier_of(population: Population, scope: Scope, uscc: str, generation: int) -> Earlier | None:
    """Return the enterprise as an earlier generation showed it; None where that one's files are gone.

    An enterprise that it did not know yet had no evidence then. Raises as `facts_of` does: it is the live generation
    that says whose jurisdiction it is.
    """
    facts_of(population, scope, uscc)
    files, asked = population.at(generation), {"uscc": uscc}
    try:
        scores = files.rows("SELECT smoke_index FROM {scores} WHERE uscc = $uscc", asked)
        evidence = files.rows("SELECT * FROM {evidence} WHERE uscc = $uscc", asked)
    except NotFound:
        return None
    evidence = with_paths(population, scope, uscc, evidence)
    return Earlier(generation, scores[0]["smoke_index"] if scores else None, evidence)


@dataclass(frozen=True)
class PeerLine:
    """What one group of peers has of one measure: over those in operation with any evidence."""

    kind: str  # all, sector, region
    key: str
    enterprises: int
    median: float
    p90: float


def peers_of(session: Session, _scope: Scope, generation: int, sector: str, region: str) -> dict[str, list[PeerLine]]:
    """Return {measure: peer groups}, the sector's first, then the county's, then all; a group may be missing.

    Quantiles over a whole sector and everywhere name no enterprise and no place outside the scope; the region is the
    enterprise's own.
    """
    county = (at_level(region, "county") if region else None) or region
    keys = {("sector", sector): 0, ("region", county): 1, ("all", ""): 2}
    found = session.scalars(select(Peer).where(Peer.generation == generation, Peer.key.in_([sector, county, ""]))).all()
    lines: dict[str, list[PeerLine]] = {}
    for row in sorted((row for row in found if (row.kind, row.key) in keys), key=lambda row: keys[row.kind, row.key]):
        lines.setdefault(row.measure, []).append(PeerLine(row.kind, row.key, row.enterprises, row.median, row.p90))
    return lines


def warnings_of(session: Session, scope: Scope, generation: int, uscc: str) -> list[Row]:
    """Return its warnings that lie inside the scope, newest first."""
    rows = session.scalars(
        select(RaisedWarning)
        .where(
            RaisedWarning.generation == generation, RaisedWarning.uscc == uscc, scope.where(RaisedWarning.region_code)
        )
        .order_by(RaisedWarning.raised_on.desc())
    )
    names = ("week_on", "raised_on", "grade", "previous_grade", "smoke_index", "risk_type", "reason", "due_on")
    return [{**{name: getattr(row, name) for name in names}, "owner_code": row.owner_code} for row in rows]


@dataclass(frozen=True)
class Made:
    """One published generation: when it speaks of, and with which model."""

    generation: int
    as_of: date
    model_version: str


def generations_until(session: Session, _scope: Scope, generation: int) -> list[Made]:
    """Return the published generations up to this one, oldest first; they name no place and no enterprise."""
    rows = session.scalars(
        select(Generation)
        .where(Generation.state == "published", Generation.generation <= generation)
        .order_by(Generation.generation)
    )
    return [Made(row.generation, row.as_of, row.model_version) for row in rows]


def learned_of(session: Session, _scope: Scope, generation: int) -> Learned | None:
    """Return what the generation's learned model was made of; None before any was tried."""
    found = session.get(Learned, generation)
    if found is not None:
        session.expunge(found)  # it is kept in the cache, beyond this session
    return found
