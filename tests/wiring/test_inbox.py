"""My work through the server: for every role, with its forms, and the badge in the header."""

from __future__ import annotations

import shutil
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from dashboard import clock
from dashboard.app import create_app
from dashboard.db import make_engine
from dashboard.db import sessions as make_sessions
from dashboard.models.casework import CaseComment, CaseMention
from dashboard.models.desks import Delegation, InboxSnooze
from dashboard.settings import Settings
from layouts import inbox, shell
from tests.builders import ANALYST, CHIEF, CITY, COUNTY, LEADER, NOW, SIGNING_IN, WORKER, make_account
from tests.casefiles import make_case
from tests.wiring.visitor import Visitor, request_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy.orm import Session, sessionmaker

    from dashboard.access.viewer import Viewer

ZONE = "Asia/Shanghai"
SEARCH = f"{shell.LOCATION}.search"
DAY = timedelta(days=1)


@pytest.fixture
def office(tmp_path: Path, migrated_sqlite: Path) -> Iterator[tuple[Settings, sessionmaker[Session]]]:
    """Yield an installation in which a county's officer has two cases, one of them late, and was mentioned."""
    shutil.copyfile(migrated_sqlite, tmp_path / "smoke.db")
    given = Settings(environment="development", var_dir=tmp_path, home_region="0", locale="zh_CN", cache="memory")
    engine = make_engine(given.database)
    stored, today = make_sessions(engine), clock.today(ZONE)
    with stored() as session:
        for person in SIGNING_IN:
            make_account(session, person)
        case = make_case(session, handler=COUNTY, due_on=today - DAY)
        make_case(session, handler=COUNTY, due_on=today + 30 * DAY, amber_on=today + 20 * DAY)
        make_case(session, handler=COUNTY, owner_id=None)
        comment = CaseComment(case_id=case.id, text="请补充笔录", made_at=NOW, made_by=CHIEF.id)
        session.add(comment)
        session.flush()
        session.add(CaseMention(comment_id=comment.id, user_id=COUNTY.id, read_at=None))
        session.commit()
    yield given, stored
    engine.dispose()


def come(given: Settings, person: Viewer) -> Visitor:
    visitor = Visitor(create_app(given).server.test_client())
    visitor.sign_in(person)
    return visitor


def said(visitor: Visitor, component: str, **values: object) -> str:
    """Return what the callback that writes to a component answers."""
    answer = visitor.run(visitor.writing(component), **values)
    assert answer.status_code == 200
    return str(answer.get_json())


def click(visitor: Visitor, output: str, button: str, **values: object) -> Any:  # noqa: ANN401 - a response
    """Click a button of the form whose callback has an output like this."""
    (known,) = [one for name, one in visitor.known.items() if output in name and button in str(one["inputs"])]
    body = request_of(known, {f"{button}.n_clicks": 1} | values) | {"changedPropIds": [f"{button}.n_clicks"]}
    return visitor.post(body)


def test_the_list_and_the_badge_agree(office: tuple[Settings, sessionmaker[Session]]) -> None:
    visitor = come(office[0], COUNTY)
    shown, header = said(visitor, inbox.LIST, **{SEARCH: ""}), said(visitor, shell.NAV, **{SEARCH: ""})
    assert shown.count("'option'") == 4
    assert "我的待办3项，其中超期1项；本部门待办1项" in header
    assert said(visitor, inbox.LIST, **{SEARCH: "?group=department"}).count("'option'") == 1
    assert said(visitor, inbox.LIST, **{SEARCH: "?kind=mention"}).count("'option'") == 1
    assert "没有待办事项" in said(visitor, inbox.LIST, **{SEARCH: "?kind=task"})


def test_who_has_no_inbox_has_no_badge_and_is_refused(office: tuple[Settings, sessionmaker[Session]]) -> None:
    visitor = come(office[0], WORKER)
    assert "nav__badge" not in said(visitor, shell.NAV, **{SEARCH: ""})
    for output in (inbox.LIST, inbox.DETAIL):
        assert visitor.run(visitor.writing(output)).status_code == 403
    assert click(visitor, inbox.UNTIL, inbox.SNOOZE).status_code == 403
    assert click(visitor, inbox.REASON, inbox.DELEGATE).status_code == 403


@pytest.mark.parametrize(("person", "waiting"), [(LEADER, 0), (CITY, 0), (CHIEF, 1), (ANALYST, 0)])
def test_each_sees_what_waits_for_them(
    office: tuple[Settings, sessionmaker[Session]], person: Viewer, waiting: int
) -> None:
    assert said(come(office[0], person), inbox.LIST, **{SEARCH: ""}).count("'option'") == waiting


def test_an_item_is_shown_put_off_and_shown_again(office: tuple[Settings, sessionmaker[Session]]) -> None:
    given, stored = office
    visitor, chosen, until = come(given, COUNTY), f"{inbox.CHOSEN}.data", f"{inbox.UNTIL}.value"
    item = {chosen: {"key": "case:1"}}
    assert "330106-2025-" in said(visitor, inbox.DETAIL, **item)
    assert "按 j 键" in said(visitor, inbox.DETAIL, **{chosen: {"key": "case:999"}})
    day = (clock.today(ZONE) + 7 * DAY).isoformat()
    late = click(visitor, inbox.UNTIL, inbox.SNOOZE, **item, **{until: "2020-01-01"})
    assert "最长60天" in str(late.get_json())
    done = click(visitor, inbox.UNTIL, inbox.SNOOZE, **item, **{until: day})
    assert "已暂缓至" in str(done.get_json())
    assert said(visitor, inbox.LIST, **{SEARCH: ""}).count("'option'") == 3
    assert said(visitor, inbox.LIST, **{SEARCH: "?group=snoozed"}).count("'option'") == 1
    click(visitor, inbox.UNTIL, inbox.WAKE, **item)
    with stored() as session:
        assert session.scalars(select(InboxSnooze)).all() == []
    assert click(visitor, inbox.UNTIL, inbox.SNOOZE, **{chosen: {"key": "case:999"}, until: day}).status_code == 404


def test_a_mention_is_marked_as_read(office: tuple[Settings, sessionmaker[Session]]) -> None:
    visitor = come(office[0], COUNTY)
    mention = {f"{inbox.CHOSEN}.data": {"key": f"mention:1:{COUNTY.id}"}}
    assert "请补充笔录" in said(visitor, inbox.DETAIL, **mention)
    assert "已标为已读" in str(click(visitor, inbox.UNTIL, inbox.READ, **mention).get_json())
    assert said(visitor, inbox.LIST, **{SEARCH: ""}).count("'option'") == 3


def test_work_is_handed_over_and_taken_back(office: tuple[Settings, sessionmaker[Session]]) -> None:
    given, stored = office
    visitor, today = come(given, COUNTY), clock.today(ZONE).isoformat()
    form = {f"{inbox.WHO}.value": str(CITY.id), f"{inbox.BEGINS}.value": today, f"{inbox.ENDS}.value": today}
    refused = click(visitor, inbox.REASON, inbox.DELEGATE, **form)
    assert "外出须填写理由" in str(refused.get_json())
    done = click(visitor, inbox.REASON, inbox.DELEGATE, **form, **{f"{inbox.REASON}.value": "休假"})
    assert done.get_json()["response"][inbox.REASON]["value"] == ""
    stand_in = come(given, CITY)
    assert said(stand_in, inbox.LIST, **{SEARCH: ""}).count("代 county") == 3
    assert "我的待办3项，其中超期1项" in said(stand_in, shell.NAV, **{SEARCH: ""})
    click(visitor, inbox.REASON, inbox.WITHDRAW, **{f"{inbox.WHICH}.value": "1.1"})
    assert "没有待办事项" in said(stand_in, inbox.LIST, **{SEARCH: ""})
    with stored() as session:
        assert session.scalars(select(Delegation.version)).all() == [2]
