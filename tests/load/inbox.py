"""How long an inbox and its badge take over a large register: `python -m tests.load.inbox [URL of an empty database]`.

Writes cases of five provinces with tasks, orders, mentions and invited departments, and asks what every desk asks when
something changed, on a connection that is open already. Without a URL it writes an SQLite file of its own.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, text

from dashboard.access.permissions import Role
from dashboard.access.viewer import Viewer
from dashboard.clock import Moment
from dashboard.db import make_engine, migrate, sessions
from dashboard.models.accounts import UserAccount
from dashboard.models.cases import CaseFile, CaseOrder, CaseSeat
from dashboard.models.casework import CaseComment, CaseMention, CaseTask
from dashboard.queries.inbox import Asked, counts, items
from dashboard.queries.inbox_desk import desk_of
from dashboard.settings import HOUSE
from dashboard.vocabulary import OPEN_PHASES
from geo.divisions import divisions
from tests.load.cases import CASES, NOON, TODAY, case_row, median_ms
from tests.load.figures import Figure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy.orm import Session, sessionmaker

BADGE_MS, LIST_MS = 5, 50
PROVINCES = ("33", "32", "37", "44", "11")
HOMES = ("330106", "3301", "33", "0")  # whose desks are asked for: a county of many cases, and those above it
STAFF = 3  # people in each department
BUSY = 0.02  # share of all cases that the county has
DAY = timedelta(days=1)


def waiting(url: str = "", cases: int = CASES) -> list[Figure]:
    """Return how long badge and list take at four desks; `url` is of an empty database, '' for an SQLite file."""
    with tempfile.TemporaryDirectory() as folder:
        url = url or f"sqlite:///{Path(folder) / 'inbox.db'}"
        migrate(url, HOUSE)
        make = sessions(make_engine(url))
        staff = _write(make, cases)
        floor = median_ms(make, lambda session: session.execute(text("SELECT count(*) FROM user_account")), warm=True)
        return [figure for home in HOMES for figure in _desk(make, staff[home][0], home, floor)]


def _desk(make: sessionmaker[Session], person: int, home: str, floor: float) -> Iterator[Figure]:
    viewer = Viewer(person, f"officer {person}", "", frozenset({Role.OFFICER}), home, "zh_CN", "user")
    when = Moment(NOON, TODAY)

    def badge(session: Session) -> int:
        return counts(session, desk_of(session, viewer, when)).of()

    def listed(session: Session) -> int:
        return len(items(session, desk_of(session, viewer, when), Asked()))

    asked: tuple[tuple[str, int, Callable[[Session], int]], ...] = (
        ("badge", BADGE_MS, badge),
        ("list", LIST_MS, listed),
    )
    for what, bound, ask in asked:
        taken = median_ms(make, ask, warm=True)
        with make() as session:
            beside = f"{ask(session)} items; counting the accounts {floor:.1f} ms"
        yield Figure(f"inbox, {what}, {home}", f"{taken:.1f} ms", f"≤ {bound} ms", beside, kept=taken <= bound)


def _write(make: sessionmaker[Session], cases: int) -> dict[str, list[int]]:
    """Write accounts, cases and what waits about them; return who sits in which department."""
    draw = random.Random(7)  # noqa: S311 - invented cases, no secret
    counties = sorted(divisions().query("level == 'county'")["code"])
    counties = [code for code in counties if code[:2] in PROVINCES]
    homes = ["0", "33", "3301", *counties]
    staff = {home: list(range(STAFF * at + 1, STAFF * (at + 1) + 1)) for at, home in enumerate(homes)}
    with make() as session:
        session.execute(insert(UserAccount), [_account(one, home) for home, those in staff.items() for one in those])
        places = [_place(draw, counties) for _ in range(cases)]
        session.execute(insert(CaseFile), [_case(at, place, staff, draw) for at, place in enumerate(places, start=1)])
        session.execute(insert(CaseTask), [_task(at, draw, counties, staff, cases) for at in range(1, cases + 1)])
        session.execute(insert(CaseOrder), [_order(at, draw, places, staff) for at in range(1, cases // 2 + 1)])
        told = range(1, cases // 2 + 1)
        comment = {"text": "invented", "made_at": NOON, "made_by": 1}
        session.execute(insert(CaseComment), [{"id": at, "case_id": draw.randint(1, cases), **comment} for at in told])
        session.execute(insert(CaseMention), [_mention(at, draw, len(homes) * STAFF) for at in told])
        seat = {"role": "assistant", "since_at": NOON}
        seats = [{"case_id": at, "region_code": draw.choice(counties), **seat} for at in range(1, cases, 20)]
        session.execute(insert(CaseSeat), seats)
        if make.kw["bind"].dialect.name == "postgresql":
            session.execute(text("ANALYZE"))  # PostgreSQL does so by itself, after a while; SQLite never does
        session.commit()
    return staff


def _account(number: int, home: str) -> dict[str, Any]:
    named = {"username": f"load{number}", "username_key": f"load{number}", "name": f"officer {number}"}
    made = {"created_at": NOON, "password_changed_at": NOON, "password_hash": "-"}
    return {"id": number, "home_region": home, "roles": ["officer"], **named, **made}


def _place(draw: random.Random, counties: list[str]) -> str:
    return "330106" if draw.random() < BUSY else draw.choice(counties)


def _case(number: int, place: str, staff: dict[str, list[int]], draw: random.Random) -> dict[str, Any]:
    phase = draw.choice(OPEN_PHASES) if draw.random() < 0.3 else "closed"
    row = case_row(number, place, TODAY - 30 * DAY, {"phase": phase, "entered_on": TODAY - 9 * DAY}, draw)
    return row | {"handler_code": place, "owner_id": draw.choice(staff[place]) if draw.random() < 0.8 else None}


def _task(
    number: int, draw: random.Random, counties: list[str], staff: dict[str, list[int]], cases: int
) -> dict[str, Any]:
    home = draw.choice(counties)
    state = "open" if draw.random() < 0.2 else "done"
    told = {"title": "invented", "due_on": TODAY, "checklist": [], "reason": "", "made_at": NOON, "made_by": 1}
    where = {"case_id": draw.randint(1, cases), "region_code": home, "owner_id": draw.choice(staff[home])}
    return {"id": number, "state": state, **told, **where}


def _order(number: int, draw: random.Random, places: list[str], staff: dict[str, list[int]]) -> dict[str, Any]:
    case = draw.randint(1, len(places))
    place = places[case - 1]
    ends = (place, place[:4]) if draw.random() < 0.5 else (place[:4], place)
    made_at = NOON - draw.randint(1, 300) * DAY + timedelta(seconds=number)
    return {
        "id": number,
        "case_id": case,
        "kind": draw.choice(("report_up", "supervise", "assist", "return")),
        "from_code": ends[0],
        "to_code": ends[1],
        "text": "invented",
        "state": draw.choice(("pending", "accepted", "refused", "done", "answered")),
        "made_at": made_at,
        "made_by": draw.choice(staff[place]),
        "answer_due_on": TODAY + DAY,
        "answered_at": made_at + DAY,
        "answered_by": 1,
        "answer": "",
    }


def _mention(comment: int, draw: random.Random, people: int) -> dict[str, Any]:
    read_at = None if draw.random() < 0.2 else NOON
    return {"comment_id": comment, "user_id": draw.randint(1, people), "read_at": read_at}


if __name__ == "__main__":
    found = waiting(sys.argv[1] if sys.argv[1:] else "")
    print(json.dumps([vars(figure) for figure in found], ensure_ascii=False, indent=0))  # noqa: T201 - a command's output
