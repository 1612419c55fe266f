"""Fourteen months of cases, consistent with the planted schemes: made once, when the demo has no case yet."""

from __future__ import annotations

from collections import Counter
from io import BytesIO
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from dashboard.actions.case_files import COUNTY
from dashboard.actions.handling import insert_unless_there
from dashboard.demonstration.colleagues import colleagues
from dashboard.demonstration.histories import tell
from dashboard.demonstration.ledger import Ledger
from dashboard.demonstration.papers import papers
from dashboard.demonstration.seeds import seeds
from dashboard.files.store import keep, receive
from dashboard.models.cases import CaseFile, CaseOrder, CaseSeat, CaseSource, CaseSpan
from dashboard.models.casework import (
    CaseAttachment,
    CaseComment,
    CaseCustody,
    CaseEvidence,
    CaseMention,
    CaseTask,
)
from dashboard.models.findings import CaseDetermination, CaseMeasure, CasePerson, CaseRepayment
from dashboard.models.revision import bump_revision
from dashboard.models.warnings import WarningHandling
from geo.codes import ancestors_of
from geo.divisions import exists

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from pathlib import Path

    from sqlalchemy.orm import Session

    from dashboard.clock import Moment
    from dashboard.demonstration.histories import Life
    from dashboard.demonstration.seeds import Seed
    from dashboard.queries.population import Population

TABLES = (
    CaseFile,
    CaseSource,
    CaseSeat,
    CaseSpan,
    CaseOrder,
    CaseTask,
    CaseComment,
    CaseMention,
    CaseAttachment,
    CaseEvidence,
    CaseCustody,
    CasePerson,
    CaseDetermination,
    CaseMeasure,
    CaseRepayment,
)
"""In the order in which they refer to each other."""
LARGEST = 1 << 20  # bytes of a paper


def make_cases(
    session: Session, population: Population, folder: Path, var_dir: Path, when: Moment, timezone: str
) -> int:
    """Write the demo's cases and return how many; none where there are cases already; commits.

    `folder` holds the landing files and the truth of the demo, whose generation is live. The people who are there come
    first; other departments get colleagues who cannot sign in.
    """
    if session.scalar(select(func.count()).select_from(CaseFile)):
        return 0
    known = [seed for seed in seeds(session, population, folder, when.on) if exists(seed.region_code[:COUNTY])]
    people = colleagues(session, _departments(known), when.at)
    ledger, kept = Ledger(session), papers(lambda content: _kept(var_dir, content))
    lives: list[Life] = []
    for seed, number in zip(known, _numbers(known), strict=True):
        lives.append(tell(seed, number, ledger, people, kept, when.on, timezone))
    ledger.write(TABLES)
    _hand_over_warnings(session, lives, when)
    bump_revision(session)
    session.commit()
    return len(lives)


def _departments(known: Iterable[Seed]) -> set[str]:
    counties = {seed.region_code[:COUNTY] for seed in known}
    return counties | {above for county in counties for above in ancestors_of(county) if above != "0"}


def _numbers(known: Iterable[Seed]) -> list[str]:
    counted: Counter[tuple[str, int]] = Counter()
    numbers = []
    for seed in known:
        key = (seed.region_code[:COUNTY], seed.opened_on.year)
        counted[key] += 1
        numbers.append(f"{key[0]}-{key[1]}-{counted[key]:04d}")
    return numbers


def _kept(var_dir: Path, content: bytes) -> str:
    received = receive(var_dir, BytesIO(content), LARGEST)
    keep(var_dir, received)
    return received.sha256


def _hand_over_warnings(session: Session, lives: Iterable[Life], when: Moment) -> None:
    """Say of the warnings that cases began with that they are in a case."""
    for life in lives:
        week: date | None = life.seed.warned_week_on
        if week is not None:
            handling = {
                "uscc": life.seed.uscc,
                "week_on": week,
                "region_code": life.seed.region_code,
                "state": "in_case",
                "reason": "",
                "case_id": life.case_id,
                "version": 1,
                "changed_at": when.at,
                "changed_by": life.officer,
            }
            session.execute(insert_unless_there(session, WarningHandling).values(**handling))
