"""Stages and steps through the server: what is offered to whom, forms that are sent, refusals that lose nothing."""

from __future__ import annotations

import itertools
import json
import shutil
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from dashboard import clock
from dashboard.app import create_app
from dashboard.db import make_engine
from dashboard.db import sessions as make_sessions
from layouts import case_steps as part
from layouts import shell
from layouts.case_forms import SEEN
from layouts.case_head import HEAD
from layouts.links import case_href
from tests.builders import CHIEF, CITY, COUNTY
from tests.casefiles import make_case
from tests.wiring.visitor import Visitor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session
    from werkzeug.test import TestResponse

    from dashboard.models.cases import CaseFile
    from dashboard.settings import Settings

KEY = "a-key-of-the-page"


class Desk:
    """An installation of its own with one case of the county in its verification, and who comes to see it."""

    def __init__(self, settings: Settings, session: Session) -> None:
        """Open the case today, and sign everybody in."""
        self.session, self.keys = session, itertools.count()
        today = clock.today(settings.timezone)
        self.case = make_case(session, stage="verification", opened_on=today)
        app = create_app(settings)
        self.people = {person.name: Visitor(app.server.test_client()) for person in (COUNTY, CHIEF, CITY)}
        for person in (COUNTY, CHIEF, CITY):
            self.people[person.name].sign_in(person)
        self.until = (today + timedelta(days=9)).isoformat()

    def ask(self, trigger: str, who: str = "county", **typed: Any) -> TestResponse:  # noqa: ANN401 - what forgers type too
        """Run the callback that a component sets off, on the case as it is now; the page makes a key each time."""
        self.session.refresh(self.case)
        visitor = self.people[who]
        outputs = visitor.listening(trigger)
        seen = {"id": self.case.id, "version": self.case.version}
        values: dict[str, Any] = {f"{name.replace('_', '-')}.value": value for name, value in typed.items()}
        values |= {f"{shell.LOCATION}.pathname": case_href(self.case.number), f"{SEEN}.data": seen}
        values |= {f"{key}.data": f"{KEY}-{next(self.keys)}" for key in part.KEYS} | {f"{trigger}.n_clicks": 1}
        return visitor.run(outputs[0], **values)

    def shown(self, who: str = "county") -> dict[str, Any]:
        """Ask for the stages and steps."""
        visitor = self.people[who]
        path = {f"{shell.LOCATION}.pathname": case_href(self.case.number)}
        found: dict[str, Any] = visitor.run(visitor.writing(part.BODY), **path).get_json()["response"]
        return found

    def head(self) -> TestResponse:
        """Ask the county's page for its headline."""
        visitor = self.people["county"]
        path = {f"{shell.LOCATION}.pathname": case_href(self.case.number)}
        return visitor.run(visitor.writing(HEAD), **path)

    def fresh(self) -> CaseFile:
        self.session.refresh(self.case)
        return self.case


@pytest.fixture(scope="module")
def desk(installation: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Return the desk; its tests tell one story, in order."""
    var = tmp_path_factory.mktemp("steps") / "var"
    shutil.copytree(installation.var_dir, var)
    settings = installation.model_copy(update={"var_dir": var})
    engine = make_engine(settings.database)
    with make_sessions(engine)() as session:
        yield Desk(settings, session)
    engine.dispose()


def offered(shown: dict[str, Any]) -> list[str]:
    return [one["value"] for one in shown[part.STEP]["options"]]


def said(answer: TestResponse) -> str:
    return json.dumps(answer.get_json(), ensure_ascii=False)


def test_the_department_at_work_is_offered_steps_and_the_one_above_looks_on(desk: Desk) -> None:
    mine, above = desk.shown(), desk.shown("city")
    assert offered(mine) == ["investigate", "dismiss"]
    assert mine[part.STEP]["options"][0]["label"] == "转入调查（缺 1 项）"
    assert offered(above) == []
    hidden = {name: one["hidden"] for name, one in above.items() if "hidden" in one}
    assert hidden == dict.fromkeys((part.STEPPING, part.SUSPENSION, part.RESUMPTION, part.CHARGE), True)


def test_the_form_holds_what_the_chosen_step_asks_and_no_more(desk: Desk) -> None:
    chosen = desk.ask(part.STEP_OUTCOME, case__step="dismiss", case__step_outcome="unfounded")
    shown = chosen.get_json()["response"]
    assert shown[part.STEP_FORM]["hidden"] is False
    assert [code for code in part.QUESTIONS if not shown[part.asks_id(code)]["hidden"]] == ["summary"]
    assert (shown[part.STEP_WHY]["hidden"], shown[part.STEP_END]["hidden"]) == (False, False)
    assert "认定结论未载明风险类型" in said(chosen)
    nonsense = desk.ask(part.STEP_OUTCOME, case__step="close")
    assert nonsense.get_json()["response"][part.STEP_FORM]["hidden"] is True


@pytest.mark.parametrize(
    ("button", "typed", "why"),
    [
        (part.STEP_SEND, {"case__step": "investigate", "case__answer_visited_on": "2026-11-20"}, "核查结论尚未填写"),
        (part.STEP_SEND, {}, "请选择步骤"),
        (part.SUSPEND_SEND, {"case__suspend_reason": "等待鉴定"}, "最迟期限"),
        (part.RESUME_SEND, {}, "案件未中止"),
        (part.OWNER_SEND, {"case__owner": "x"}, "请选择承办人"),
        (part.OWNER_SEND, {"case__owner": "3"}, "不是承办部门"),
    ],
)
def test_a_refusal_says_why_and_leaves_the_form_as_it_was(
    desk: Desk, button: str, typed: dict[str, Any], why: str
) -> None:
    answer = desk.ask(button, **typed)
    assert why in said(answer)
    assert not {name for form in part.FORMS.values() for name in form.values()} & set(
        (answer.get_json().get("response") or {}).keys()
    )
    assert desk.fresh().version == 1


@pytest.mark.parametrize("button", [part.STEP_SEND, part.SUSPEND_SEND, part.RESUME_SEND, part.OWNER_SEND])
def test_a_forgers_form_is_refused(desk: Desk, button: str) -> None:
    forged: dict[str, Any] = {
        "case__step": ["x"],
        "case__suspend_until": {"x": 1},
        "case__resume_reason": True,
        "case__owner": [3],
    }
    assert desk.ask(button, **forged).status_code == 422
    assert desk.fresh().version == 1


def test_a_case_waits_goes_on_changes_hands_and_is_closed(desk: Desk) -> None:
    answer = desk.ask(part.SUSPEND_SEND, case__suspend_until=desk.until, case__suspend_reason="等待鉴定")
    emptied = answer.get_json()["response"]
    assert emptied[part.SUSPEND_UNTIL]["value"] == emptied[part.SUSPEND_REASON]["value"] == ""
    assert not emptied[part.SUSPEND_KEY]["data"].startswith(KEY)
    waiting = desk.shown()
    assert offered(waiting) == []
    assert (waiting[part.RESUMPTION]["hidden"], waiting[part.SUSPENSION]["hidden"]) == (False, True)
    assert "已中止" in said(desk.head())
    assert "案件已恢复办理" in said(desk.ask(part.RESUME_SEND))
    assert "承办人已变更" in said(desk.ask(part.OWNER_SEND, case__owner=str(CHIEF.id)))
    closing = {"case__step": "dismiss", "case__step_reason": "不实", "case__step_outcome": "false_positive"}
    # What was typed for another step stays behind: the step's form holds only its own fields.
    answers = {"case__answer_summary": "查无实据", "case__answer_facts": "旧稿"}
    assert "步骤已办理" in said(desk.ask(part.STEP_SEND, **closing, **answers))
    case = desk.fresh()
    assert (case.phase, case.outcome, case.owner_id) == ("closed", "false_positive", CHIEF.id)
    assert offered(desk.shown()) == ["archive"]
    assert offered(desk.shown("chief")) == ["archive", "reopen"]
