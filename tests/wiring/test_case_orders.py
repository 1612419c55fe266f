"""The linkage on the case page, through the server: asked by one department, refused by another, seen by both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from dashboard.app import create_app
from dashboard.db import make_engine
from dashboard.db import sessions as make_sessions
from layouts import case_orders as part
from layouts import shell
from layouts.case_forms import SEEN
from layouts.case_head import HEAD
from layouts.links import case_href
from tests.builders import CITY, COUNTY, NEIGHBOUR, make_account
from tests.casefiles import make_case
from tests.wiring.visitor import Visitor

if TYPE_CHECKING:
    from collections.abc import Callable

    from dashboard.access.viewer import Viewer
    from dashboard.models.cases import CaseFile
    from dashboard.settings import Settings

SENDING = {
    part.SEND_DO: (part.SEND_TEXT, part.SEND_KEY),
    part.ANSWER_DO: (part.ANSWER_TEXT, part.ANSWER_KEY),
    part.WITHDRAW_DO: (part.WITHDRAW_TEXT, part.WITHDRAW_KEY),
    part.END_DO: (part.END_TEXT, part.END_KEY),
}
_keys = iter(range(10**8, 10**9))


@dataclass(frozen=True)
class Desk:
    """One officer's case page."""

    visitor: Visitor
    case: CaseFile

    def output(self, *components: str) -> str:
        """Return the callback that writes all these components."""
        found = [one for one in self.visitor.on_server() if all(f"{component}." in one for component in components)]
        assert len(found) == 1, found
        return found[0]

    def look(self) -> Any:  # noqa: ANN401 - a response
        """Ask for what the panel shows."""
        return self.visitor.run(self.output(part.BODY, part.NOW), **self._at())

    def shown(self) -> dict[str, Any]:
        """Return what the panel shows, by component."""
        answer: dict[str, Any] = self.look().get_json()["response"]
        return answer

    def head(self) -> Any:  # noqa: ANN401 - whatever the page shows
        """Return what the headline shows."""
        return self.visitor.run(self.visitor.writing(HEAD), **self._at()).get_json()

    def offices(self, kind: str, typed: str = "") -> list[str]:
        """Return the codes of the departments that a kind may go to."""
        given = {f"{part.SEND_KIND}.value": kind, f"{part.SEND_FIND}.value": typed}
        answer = self.visitor.run(self.output(part.SEND_TO, part.SEND_HINT), **given, **self._at()).get_json()
        return [one["value"] for one in answer["response"][part.SEND_TO]["options"]]

    def press(self, button: str, fields: dict[str, object], version: int = 1) -> Any:  # noqa: ANN401 - a response
        """Send a form; fields by the constants of `layouts.case_orders`."""
        text, key = SENDING[button]
        values = {f"{getattr(part, name)}.value": value for name, value in fields.items()}
        seen = {"id": self.case.id, "version": version}
        sent = {f"{SEEN}.data": seen, f"{key}.data": str(next(_keys))}
        return self.visitor.run(self.output(text, key), **{f"{button}.n_clicks": 1}, **values, **sent, **self._at())

    def _at(self) -> dict[str, Any]:
        return {f"{shell.LOCATION}.pathname": case_href(self.case.number)}


@pytest.fixture
def desk_of(settings: Settings, sqlite_url: str) -> Callable[[Viewer], Desk]:
    """Return a way to one case's page for each of three offices."""
    engine = make_engine(sqlite_url)
    with make_sessions(engine)() as session:
        for person in (COUNTY, NEIGHBOUR, CITY):
            make_account(session, person)
        case = make_case(session)
    engine.dispose()
    page = create_app(settings)

    def desk(person: Viewer) -> Desk:
        visitor = Visitor(page.server.test_client())
        visitor.sign_in(person)
        return Desk(visitor, case)

    return desk


def told(answer: dict[str, Any]) -> str:
    return str(answer[part.BODY]["children"])


def test_a_case_is_offered_refused_offered_again_and_taken(desk_of: Callable[[Viewer], Desk]) -> None:
    county, neighbour, city = desk_of(COUNTY), desk_of(NEIGHBOUR), desk_of(CITY)
    shown = county.shown()
    assert [one["value"] for one in shown[part.SEND_KIND]["options"]] == [
        "assign_down",
        "report_up",
        "transfer",
        "assist",
    ]
    folds = (part.SEND, part.ANSWER, part.WITHDRAW, part.END)
    assert [shown[one]["hidden"] for one in folds] == [False, True, True, True]
    assert "330105" in county.offices("transfer")
    assert county.offices("transfer", "拱墅") == ["330105"]
    assert county.offices("report_up") == ["3301", "33", "0"]
    assert neighbour.look().status_code == 404

    sent: dict[str, object] = {"SEND_KIND": "transfer", "SEND_TO": "330105", "SEND_TEXT": "主要经营地在贵区。"}
    assert county.press(part.SEND_DO, sent).status_code == 200
    shown = neighbour.shown()
    assert shown[part.ANSWER] == {"open": True, "hidden": False}
    (waiting,) = shown[part.ANSWER_WHICH]["options"]
    refused: dict[str, object] = {
        "ANSWER_WHICH": waiting["value"],
        "ANSWER_HOW": part.REFUSE,
        "ANSWER_TEXT": "注册地不在本区。",
    }
    answer = neighbour.press(part.ANSWER_DO, refused).get_json()["sideUpdate"]
    assert answer[shell.LOCATION]["pathname"] == "/inbox"  # the sight of the case ended with the refusal
    assert neighbour.look().status_code == 404
    for desk in (county, city):
        assert "注册地不在本区。" in told(desk.shown())
        assert "拒" in told(desk.shown())

    sent = {"SEND_KIND": "report_up", "SEND_TO": "3301", "SEND_TEXT": "请市级办理。"}
    assert county.press(part.SEND_DO, sent, 2).status_code == 200
    (waiting,) = city.shown()[part.ANSWER_WHICH]["options"]
    accepted: dict[str, object] = {"ANSWER_WHICH": waiting["value"], "ANSWER_HOW": part.ACCEPT, "ANSWER_TEXT": ""}
    answer = city.press(part.ANSWER_DO, accepted, 3).get_json()["sideUpdate"]
    assert shell.LOCATION not in answer
    assert "杭州市" in str(city.head())
    assert county.shown()[part.SEND]["hidden"]


def test_help_is_asked_for_withdrawn_given_and_ended_and_a_late_answer_keeps_what_was_typed(
    desk_of: Callable[[Viewer], Desk],
) -> None:
    county, neighbour, city = desk_of(COUNTY), desk_of(NEIGHBOUR), desk_of(CITY)
    asked: dict[str, object] = {"SEND_KIND": "assist", "SEND_TO": "330105", "SEND_TEXT": "请协助询问。"}
    county.press(part.SEND_DO, asked)
    (mine,) = county.shown()[part.WITHDRAW_WHICH]["options"]
    assert (
        county.press(part.WITHDRAW_DO, {"WITHDRAW_WHICH": mine["value"], "WITHDRAW_TEXT": "不再需要。"}).status_code
        == 200
    )
    late = neighbour.press(
        part.ANSWER_DO, {"ANSWER_WHICH": mine["value"], "ANSWER_HOW": part.ACCEPT, "ANSWER_TEXT": "可以。"}
    )
    assert late.status_code == 404
    county.press(part.SEND_DO, asked)
    (waiting,) = neighbour.shown()[part.ANSWER_WHICH]["options"]
    neighbour.press(part.ANSWER_DO, {"ANSWER_WHICH": waiting["value"], "ANSWER_HOW": part.ACCEPT, "ANSWER_TEXT": ""})
    (helping,) = county.shown()[part.END_WHICH]["options"]
    assert helping["value"] == "330105"
    gone = neighbour.press(part.END_DO, {"END_WHICH": "330105", "END_TEXT": "已询问完毕。"}).get_json()["sideUpdate"]
    assert gone[shell.LOCATION]["pathname"] == "/inbox"

    pressed: dict[str, object] = {"SEND_KIND": "supervise", "SEND_TO": "330106", "SEND_TEXT": "请加快。"}
    assert city.offices("supervise") == ["330106"]
    assert city.press(part.SEND_DO, pressed).status_code == 200
    (waiting,) = county.shown()[part.ANSWER_WHICH]["options"]
    replied: dict[str, object] = {
        "ANSWER_WHICH": waiting["value"],
        "ANSWER_HOW": part.ACCEPT,
        "ANSWER_TEXT": "本周完成。",
    }
    county.press(part.ANSWER_DO, replied)
    second = county.press(part.ANSWER_DO, replied).get_json()
    assert part.ANSWER_TEXT not in second.get("response", {})  # what was typed stays
    assert "county" in str(second)  # who was faster


def test_forged_fields_are_refused_in_our_own_words(
    desk_of: Callable[[Viewer], Desk], caplog: pytest.LogCaptureFixture
) -> None:
    county = desk_of(COUNTY)
    forged = (None, 10**30, "x", "1", "1:-1", f"{10**30}:1", "²:1", ["x"], {"a": 1}, True)
    fields = {
        part.SEND_DO: ("SEND_KIND", "SEND_TO", "SEND_TEXT"),
        part.ANSWER_DO: ("ANSWER_WHICH", "ANSWER_HOW", "ANSWER_TEXT"),
        part.WITHDRAW_DO: ("WITHDRAW_WHICH", "WITHDRAW_TEXT"),
        part.END_DO: ("END_WHICH", "END_TEXT"),
    }
    for button, names in fields.items():
        for name in names:
            for value in forged:
                assert county.press(button, {name: value}).status_code in {200, 204, 404, 422}
    assert county.shown()[part.WITHDRAW]["hidden"]  # nothing was sent
    assert not [entry.getMessage() for entry in caplog.records if "callback failed" in entry.getMessage()]


def test_the_page_of_a_case_that_is_left_says_nothing(desk_of: Callable[[Viewer], Desk]) -> None:
    visitor = desk_of(COUNTY).visitor
    told = [one for one in visitor.listening(shell.LOCATION) if one.removeprefix("..").startswith("case--")]
    assert len(told) > 5
    for output in told:
        assert visitor.run(output, **{f"{shell.LOCATION}.pathname": "/inbox"}).status_code in {200, 204}, output


def test_an_answer_asked_before_a_department_was_chosen_does_not_choose_one(desk_of: Callable[[Viewer], Desk]) -> None:
    county = desk_of(COUNTY)
    given = {f"{part.SEND_KIND}.value": "report_up", f"{part.SEND_FIND}.value": ""}
    answer = county.visitor.run(county.output(part.SEND_TO, part.SEND_HINT), **given, **county._at()).get_json()
    assert len(answer["response"][part.SEND_TO]["options"]) > 1
    assert "value" not in answer["response"][part.SEND_TO]
