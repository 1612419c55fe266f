"""The timeline: what was done to a case, newest first, with what changed, and of the cases merged into it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from dashboard.access.audit import record
from dashboard.actions.case_comments import AddComment, add_comment
from dashboard.actions.case_steps import SetOwner, set_owner
from dashboard.errors import Invalid
from dashboard.i18n import words_for
from dashboard.models.cases import CaseFile
from dashboard.queries.case_head import case_head
from dashboard.queries.case_seen import case_seen
from dashboard.queries.case_timeline import PAGE, timeline_of
from layouts.notices import told, worded
from tests.builders import CHIEF, COUNTY, NEIGHBOUR, NOW, make_account
from tests.casefiles import TODAY, WHEN, act_on, make_case, seat
from tests.generations import enterprise, publish

if TYPE_CHECKING:
    from sqlalchemy.orm import Session, sessionmaker


def test_the_timeline_tells_who_did_what_and_what_changed(sessions: sessionmaker[Session]) -> None:
    words = words_for("zh_CN")
    with sessions() as session:
        for person in (COUNTY, CHIEF):
            make_account(session, person)
        case, other = make_case(session), make_case(session)
        add_comment(session, COUNTY, AddComment(act_on(other), "并入的案件"), WHEN)
        session.execute(update(CaseFile).where(CaseFile.id == other.id).values(merged_into=case.id))
        add_comment(session, COUNTY, AddComment(act_on(case), "先查合同"), WHEN)
        session.refresh(case)
        set_owner(session, COUNTY, SetOwner(act_on(case), CHIEF.id), WHEN)
        seen = case_seen(session, COUNTY, case.number)
        found = timeline_of(session, seen)
        assert [(one.text, one.number) for one in found.events] == [
            ("", ""), ("先查合同", ""), ("并入的案件", other.number),
        ]  # fmt: skip
        owner = found.events[0]
        assert worded(owner.who, words, "Asia/Shanghai") == "county"
        assert [told(one, words, "Asia/Shanghai") for one in owner.changes] == ["承办人：county → chief"]
        assert timeline_of(session, seen, "comments").total == 2
        assert timeline_of(session, seen, "orders").events == ()
        with pytest.raises(Invalid):
            timeline_of(session, seen, "x")


def test_a_long_timeline_is_read_page_by_page(sqlite_sessions: sessionmaker[Session]) -> None:
    with sqlite_sessions() as session:
        make_account(session, COUNTY)
        case = make_case(session)
        for number in range(PAGE + 5):
            record(session, NOW, "scheduler", "order:escalation", f"case:{case.id}", to="3301", version=number)
        session.commit()
        seen = case_seen(session, COUNTY, case.number)
        assert [len(timeline_of(session, seen, "all", pages).events) for pages in (1, 2)] == [PAGE, PAGE + 5]
        assert timeline_of(session, seen).total == PAGE + 5


def test_the_head_tells_how_the_enterprise_stands(sqlite_sessions: sessionmaker[Session]) -> None:
    with sqlite_sessions() as session:
        for person in (COUNTY, NEIGHBOUR):
            make_account(session, person)
        listed = make_case(session, uscc=str(enterprise(1, 4)["uscc"]))
        nameless, quiet = make_case(session, uscc=""), make_case(session)
        seat(session, listed, NEIGHBOUR)
        assert case_head(session, COUNTY, listed.number, TODAY).live is None
        publish(session)
        head = case_head(session, COUNTY, listed.number, TODAY)
        assert head.enterprise
        assert (head.opens, head.owner, round(head.enterprise.smoke_index, 1)) == (True, "county", 86.4)
        invited = case_head(session, NEIGHBOUR, listed.number, TODAY)
        assert (invited.opens, invited.enterprise) == (False, head.enterprise)
        assert case_head(session, COUNTY, nameless.number, TODAY).enterprise is None
        assert case_head(session, COUNTY, quiet.number, TODAY).enterprise is None
