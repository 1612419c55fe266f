"""How long the cases screen takes over a large register of cases: `python -m tests.load.cases [CASES]`.

Writes cases of two years all over the country, with about six stays each, into an SQLite file of its own, and asks what
`callbacks.cases` asks, each question on a fresh connection: nothing is cached but the file in the system's memory.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, text

from dashboard.access.scope import Scope
from dashboard.db import make_engine, migrate, sessions
from dashboard.models.accounts import UserAccount
from dashboard.models.cases import CaseFile, CaseSource, CaseSpan
from dashboard.queries.case_filters import CaseFilters, CasesAsked
from dashboard.queries.case_load import load_by_county, load_by_person
from dashboard.queries.case_pages import case_board, case_counts, case_page
from dashboard.queries.cases import PERIODS, USUAL_PERIOD, case_glance, pipeline
from dashboard.queries.duplicates import Asked, duplicates
from dashboard.settings import HOUSE
from dashboard.vocabulary import CASE_SOURCES, GRADES, OPEN_PHASES, OUTCOMES, RISK_TYPES
from geo.divisions import divisions
from tests.load.figures import Figure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy.orm import Session, sessionmaker

CASES = 100_000
DAYS = 730
TODAY = date(2026, 11, 22)
NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
PIPELINE_MS, PAGE_MS, DUPLICATES_MS = 200, 100, 150
SCOPES = ("0", "33", "330106")
ROUNDS = 9
BLOCK, CARDS = 100, 12
ALLOWED = dict(zip(OPEN_PHASES, (2, 15, 30, 10, 10, 60, 60), strict=True))
CHUNK = 20_000  # cases written at once


def write_cases(make: sessionmaker[Session], cases: int) -> int:
    """Write so many invented cases with their stays and sources; return how many stays there are."""
    draw = random.Random(7)  # noqa: S311 - invented cases, no secret
    counties = sorted(divisions().query("level == 'county'")["code"])
    counties += [code for code in counties if code.startswith("33")] * 6  # one busy province
    counties += ["330106"] * 40
    stays = 0
    with make() as session:
        session.execute(insert(UserAccount), [_account(number) for number in range(1, 41)])
        for first in range(1, cases + 1, CHUNK):
            files, spans, sources = [], [], []
            for number in range(first, min(first + CHUNK, cases + 1)):
                file, own = _case(number, draw.choice(counties), draw)
                files.append(file)
                spans += own
                sources.append(_source(number, draw))
            session.execute(insert(CaseFile), files)
            session.execute(insert(CaseSpan), spans)
            session.execute(insert(CaseSource), sources)
            stays += len(spans)
        session.commit()
    return stays


def _account(number: int) -> dict[str, Any]:
    named = {"username": f"load{number}", "username_key": f"load{number}", "name": f"officer {number}"}
    made = {"created_at": NOON, "password_changed_at": NOON, "password_hash": "-"}
    return {"id": number, "home_region": "0", "roles": [], **named, **made}


def _source(number: int, draw: random.Random) -> dict[str, Any]:
    told = {"kind": draw.choice(CASE_SOURCES), "key": "", "told": "invented"}
    return {"case_id": number, **told, "added_at": NOON, "added_by": 1}


def _case(number: int, county: str, draw: random.Random) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return a case and its stays: on through the phases, now and then back, until it is closed or today is reached."""
    opened_on = TODAY - timedelta(days=draw.randrange(DAYS))
    stays, day, before, at = list[dict[str, Any]](), opened_on, "", 0
    while True:
        phase = OPEN_PHASES[at] if at < len(OPEN_PHASES) else "closed"
        taken = max(1, round(draw.gammavariate(2, ALLOWED.get(phase, 1) / 4)))
        left_on = day + timedelta(days=round(taken * 1.45))
        over = phase == "closed" or left_on > TODAY
        stays.append(_stay(number, len(stays) + 1, county, (before, phase), (day, None if over else left_on), taken))
        if over:
            break
        chance = draw.random()
        step = -1 if chance < 0.08 and at > 1 else len(OPEN_PHASES) - at if chance < 0.16 and at else 1
        before, at, day = phase, at + step, left_on
    return case_row(number, county, opened_on, stays[-1], draw), stays


def _stay(
    number: int, position: int, county: str, phases: tuple[str, str], days: tuple[date, date | None], taken: int
) -> dict[str, Any]:
    (before, phase), (entered_on, left_on) = phases, days
    return {
        "case_id": number,
        "position": position,
        "region_code": county,
        "handler_code": county,
        "transition": "step" if before else "open",
        "from_phase": before,
        "stage": phase,
        "phase": phase,
        "entered_at": NOON,
        "entered_on": entered_on,
        "entered_by": 1,
        "reason": "",
        "given": {},
        "days_allowed": ALLOWED.get(phase),
        "due_on": None,
        "left_on": left_on,
        "days_taken": taken if left_on else None,
    }


def case_row(number: int, county: str, opened_on: date, last: dict[str, Any], draw: random.Random) -> dict[str, Any]:
    """Return an invented case; `last` is the stay that it is in now, of which phase and day of entry are read."""
    is_open = last["phase"] in OPEN_PHASES
    due_on = last["entered_on"] + timedelta(days=round(ALLOWED[last["phase"]] * 1.45)) if is_open else None
    stopped = is_open and draw.random() < 0.05
    return {
        "id": number,
        "number": f"{county}-{opened_on.year}-{number:06d}",
        "uscc": f"91{county}{number:010d}",
        "name": f"禾青试验{number}号商务咨询有限公司",
        "region_code": county,
        "handler_code": county if draw.random() < 0.8 else county[:4],
        "owner_id": draw.randrange(1, 41) if draw.random() < 0.9 else None,
        "risk_type": draw.choice(RISK_TYPES),
        "grade": draw.choice(GRADES),
        "workflow": "default",
        "workflow_version": "2026.1",
        "stage": last["phase"],
        "phase": last["phase"],
        "opened_on": opened_on,
        "opened_at": NOON,
        "opened_by": 1,
        "entered_on": last["entered_on"],
        "due_on": None if stopped else due_on,
        "amber_on": due_on - timedelta(days=5) if due_on and not stopped else None,
        "suspended_on": TODAY if stopped else None,
        "outcome": "" if is_open else draw.choice(OUTCOMES),
        "closed_on": None if is_open else last["entered_on"],
    }


def asking(cases: int = CASES) -> list[Figure]:
    """Return how long the panels of the pipeline take together, and the parts of list and board, over so many cases."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'cases.db'}"
        migrate(url, HOUSE)
        make = sessions(make_engine(url))
        began = perf_counter()
        stays = write_cases(make, cases)
        written = perf_counter() - began
        floor = median_ms(
            make, lambda session: session.execute(text("SELECT count(*), sum(length(phase)) FROM case_span"))
        )
        beside = f"{stays:,} stays, written in {written:.0f} s; reading every stay once {floor:.0f} ms"
        return list(_figures(make, f"{cases:,} cases", beside))


def _figures(make: sessionmaker[Session], size: str, beside: str) -> Iterator[Figure]:
    for prefix in SCOPES:
        scope = Scope(prefix)
        for what, bound, ask in _questions(scope, prefix):
            taken = median_ms(make, ask)
            yield Figure(f"{what}, {prefix}, {size}", f"{taken:.0f} ms", f"≤ {bound} ms", beside, kept=taken <= bound)
            beside = ""


def _questions(scope: Scope, region: str) -> Iterator[tuple[str, int, Callable[[Session], object]]]:
    def asked(**filters: Any) -> CasesAsked:  # noqa: ANN401 - fields of CaseFilters
        return CasesAsked(region, CaseFilters(**filters), TODAY, 1, region)

    here: dict[str, Any] = {"scope": scope, "region": region, "today": TODAY}
    for weeks in (USUAL_PERIOD, PERIODS[-1]):
        yield f"pipeline, {weeks} weeks", PIPELINE_MS, partial(pipeline, **here, weeks=weeks)
    for name, query in (("departments", load_by_county), ("people", load_by_person)):
        yield f"load by {name}", PAGE_MS, partial(query, **here)
    yield "overview's glance", PAGE_MS, partial(case_glance, **here)
    for name, given, first in (
        ("open cases", asked(phase="open"), 0),
        ("all cases, deep", asked(sort="name"), 10_000),
        ("overdue in one phase", asked(phase="disposal", clock="overdue"), 0),
        ("a name's middle", asked(text="77号"), 0),
        ("a word of every name", asked(text="商务咨询"), 0),
        ("a number's end", asked(text="000777"), 0),
        ("one source", asked(source="tip", phase="open", sort="opened", descending=True), 0),
    ):
        yield f"page: {name}", PAGE_MS, partial(case_page, scope=scope, asked=given, first=first, most=BLOCK)
        yield f"counts: {name}", PAGE_MS, partial(case_counts, scope=scope, asked=given)
    alike = Asked(f"91330106{777:010d}", "禾青试验777号商务咨询", "330106", ("王五",))
    yield "duplicates", DUPLICATES_MS, partial(duplicates, scope=scope, asked=alike)
    yield "board", PAGE_MS, partial(case_board, scope=scope, asked=asked(), most=CARDS)


def median_ms(make: sessionmaker[Session], ask: Callable[[Session], object], *, warm: bool = False) -> float:
    """Return the median milliseconds of a few calls after the first; each on a new connection, unless `warm`."""
    taken = []
    with make() as session:
        ask(session)  # statements are compiled once in a server's life
    for _ in range(ROUNDS):
        if not warm:
            make.kw["bind"].dispose()
        with make() as session:
            session.execute(text("SELECT 1"))
            began = perf_counter()
            ask(session)
            taken.append(1000 * (perf_counter() - began))
    return median(taken)


if __name__ == "__main__":
    found = asking(*(int(given) for given in sys.argv[1:]))
    print(json.dumps([vars(figure) for figure in found], ensure_ascii=False, indent=0))  # noqa: T201 - a command's output
