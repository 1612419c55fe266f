"""Every role, every screen, every callback: through the server, as a forger would ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from dashboard.access.gate import CALLBACKS, CSRF_COOKIE, CSRF_HEADER
from dashboard.access.scope import Scope
from layouts import overview, riskmap, runs, shell
from layouts.case_forms import SEEN
from layouts.links import case_href
from layouts.registry import ONE, SCREENS, Screen, screen_of
from tests.builders import COUNTY, PERSONAS, WALL
from tests.casefiles import CLOSED_CASE, ELSEWHERE, OPEN_CASE
from tests.generations import enterprise, name_of_enterprise
from tests.trees import walk
from tests.wiring.visitor import Visitor, request_of

if TYPE_CHECKING:
    from dashboard.access.viewer import Viewer
    from dashboard.app import Page

EVERYBODY = (*PERSONAS, WALL)
NOTICES = ("不在您的管辖范围", "jurisdiction")
SEARCH, PATHNAME = f"{shell.LOCATION}.search", f"{shell.LOCATION}.pathname"
everybody = pytest.mark.parametrize("person", EVERYBODY, ids=lambda person: person.name)


def ask(visitor: Visitor, component: str, **values: object) -> Any:  # noqa: ANN401 - a response
    known = visitor.known[visitor.writing(component)]
    return visitor.post(request_of(known, {SEARCH: values.get("search", ""), PATHNAME: values.get("pathname", "/")}))


def path_of(screen: Screen) -> str:
    """Return a screen's path; of one thing, that of an enterprise or a case in every officer's jurisdiction."""
    return screen.path.replace(ONE, OPEN_CASE if screen.of == "case" else str(enterprise(1, 5)["uscc"]))


def path_for(known: dict[str, Any]) -> str:
    """Return where a callback's components stand; /overview for those that stand anywhere."""
    ones = [screen for screen in SCREENS if screen.of and f"{screen.stem}--" in str(known)]
    return path_of(ones[0]) if ones else "/overview"


def shown(visitor: Visitor, screen: Screen, search: str = "") -> str:
    answer = ask(visitor, shell.CONTENT, pathname=path_of(screen), search=search)
    assert answer.status_code == 200
    return str(answer.get_json())


@everybody
@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.stem)
def test_a_screen_opens_for_those_who_hold_its_permission(
    visitors: dict[str, Visitor], person: Viewer, screen: Screen
) -> None:
    page = shown(visitors[person.name], screen)
    if screen.stem == "runs" and person.home_region != "0":
        assert f"'{screen.stem}--" not in page  # landing files carry the whole installation
    else:
        assert (f"'{screen.stem}--" in page) is person.may(screen.permission)


@everybody
@pytest.mark.parametrize("region", ["0", "33", "32", "3301", "330106", "330105", "330106109", "99", "x"])
def test_a_screen_of_a_region_opens_inside_the_jurisdiction_only(
    visitors: dict[str, Visitor], person: Viewer, region: str
) -> None:
    page = shown(visitors[person.name], SCREENS[0], f"?region={region}")
    mine = Scope(person.home_region).covers(region) and region not in {"99", "x"}
    assert ("'overview--" in page) is (mine and person.may(SCREENS[0].permission))


@everybody
def test_every_callback_obeys_its_screens_permission(visitors: dict[str, Visitor], person: Viewer) -> None:
    visitor = visitors[person.name]
    assert len(visitor.on_server()) >= 5
    for output in visitor.on_server():
        known = visitor.known[output]
        answer = visitor.post(request_of(known, {PATHNAME: path_for(known), SEARCH: ""}))
        listened = [one["id"] for one in known["inputs"]]  # a click on a screen's map writes to the shell's address
        screens = {screen_of(name) for name in [*output.strip(".").split("..."), *listened]} - {None}
        allowed = all(screen is None or person.may(screen.permission) for screen in screens)
        whole = "runs--" in output and person.home_region != "0"
        assert (answer.status_code in {200, 204}) is (allowed and not whole), output
        assert answer.status_code in {200, 204, 403}


@everybody
@pytest.mark.parametrize("component", [overview.KPI, riskmap.SIDE])
@pytest.mark.parametrize("region", ["0", "33", "32", "3301", "330106", "330105", "330106109"])
def test_a_forged_request_for_another_region_is_refused_and_not_blanked(
    visitors: dict[str, Visitor], person: Viewer, component: str, region: str
) -> None:
    screen = screen_of(component)
    assert screen
    answer = ask(visitors[person.name], component, search=f"?region={region}")
    allowed = person.may(screen.permission) and Scope(person.home_region).covers(region)
    assert answer.status_code == (200 if allowed else 403)


@pytest.mark.parametrize("number", [OPEN_CASE, CLOSED_CASE, ELSEWHERE, "330106-2026-0000", "x"])
def test_a_case_opens_for_the_offices_that_it_concerns_and_is_unknown_to_all_others(
    visitors: dict[str, Visitor], number: str
) -> None:
    there = {OPEN_CASE: {"leader", "province", "city", "county", "chief", "analyst"}, ELSEWHERE: {"leader"}}
    there[CLOSED_CASE] = there[OPEN_CASE]
    for name, visitor in visitors.items():
        page = str(ask(visitor, shell.CONTENT, pathname=case_href(number)).get_json())
        assert ("'case--" in page) is (name in there.get(number, set())), name
        headline = ask(visitor, SEEN, pathname=case_href(number)).status_code
        assert (headline in {200, 204}) is (name in there.get(number, set())), name


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_a_case_that_is_not_there_and_one_of_elsewhere_read_the_same(app: Page, locale: str) -> None:
    visitor = Visitor(app.server.test_client())
    visitor.sign_in(COUNTY)
    visitor.client.set_cookie("smoke_locale", locale)
    unknown, foreign = (
        str(ask(visitor, shell.CONTENT, pathname=case_href(number)).get_json())
        for number in ("330106-2026-0000", ELSEWHERE)
    )
    assert unknown == foreign
    assert ("There is no such case" if locale == "en" else "没有此案件") in unknown


def test_only_those_who_may_read_names_are_sent_names(visitors: dict[str, Visitor]) -> None:
    def sent(name: str) -> bool:
        answers = [ask(visitors[name], part, search="?region=330106") for part in (overview.KPI, riskmap.SIDE)]
        texts = [str(value) for answer in answers for value in walk(answer.get_json())]
        return any(name_of_enterprise(1, number) in text for number in range(1, 41) for text in texts)

    readers = {"leader", "province", "city", "county", "chief", "analyst", "wall"}
    assert {name: sent(name) for name in visitors} == {name: name in readers for name in visitors}


def test_a_neighbours_figures_are_never_sent_to_a_county(visitors: dict[str, Visitor]) -> None:
    answer = ask(visitors["county"], riskmap.SIDE, search="?region=330106").get_json()["response"]
    assert list(answer[riskmap.LAYER]["hideout"]["values"]) == ["330106"]
    assert len(ask(visitors["city"], riskmap.SIDE).get_json()["response"][riskmap.LAYER]["hideout"]["values"]) == 13


def test_a_wall_reads_no_runs(visitors: dict[str, Visitor]) -> None:
    assert ask(visitors["wall"], runs.FACTS).status_code == 403


def test_without_a_session_nothing_is_answered(nobody: Visitor, visitors: dict[str, Visitor]) -> None:
    leader = visitors["leader"]
    for output in leader.on_server():
        assert nobody.post(request_of(leader.known[output], {})).status_code == 401
    for path in ("/_dash-layout", "/_dash-dependencies", "/clock", "/assets/geo/nation-provinces.json"):
        assert nobody.client.get(path).status_code == 401
    assert nobody.open("/overview").headers["Location"] == "/sign-in?next=/overview"


def test_the_very_first_request_of_a_stranger_is_shown_the_sign_in(nobody: Visitor) -> None:
    assert nobody.open("/sign-in").status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"output": 7},
        {"output": "nothing--here.children", "inputs": []},
        {"output": "..overview--kpi.children...secret--thing.children..", "inputs": []},
        [],
    ],
)
def test_a_callback_that_is_none_is_refused(visitors: dict[str, Visitor], body: Any) -> None:  # noqa: ANN401 - JSON
    assert visitors["leader"].post(body).status_code in {403, 404}


def test_a_callback_without_the_pages_token_is_refused(visitors: dict[str, Visitor]) -> None:
    leader = visitors["leader"]
    body = request_of(leader.known[leader.writing(overview.KPI)], {})
    assert leader.client.post(CALLBACKS, json=body).status_code == 400


@pytest.mark.parametrize("search", ["?region=x", "?measure=worst", "?grain=village", "?region=9999"])
def test_an_address_that_cannot_be_meant_is_an_error_of_ours(visitors: dict[str, Visitor], search: str) -> None:
    assert ask(visitors["leader"], riskmap.SIDE, search=search).status_code in {404, 422}
    assert "riskmap--" not in shown(visitors["leader"], SCREENS[1], search)


@pytest.mark.parametrize("region", ["71", "81", "82", "11", "1101", "110105", "4190", "419001", "330106109", "130171"])
def test_every_kind_of_region_is_drawn(visitors: dict[str, Visitor], region: str) -> None:
    for component in (overview.KPI, riskmap.SIDE):
        assert ask(visitors["leader"], component, search=f"?region={region}").status_code == 200


WRONG: dict[str, tuple[object, ...]] = {
    "inputs": (None, 5, [], [{}], [[{}]], "text"),
    "state": (5, [{"id": "overview--kpi"}], [5]),
    "outputs": ([], {}, [{"id": "overview--kpi", "property": "children"}]),
    "changedPropIds": (None, 5, [5]),
    "output": ("shell--nothing", "shell--display.data", "..shell--where.children.."),
}


@pytest.mark.parametrize(("part", "wrong"), [(part, wrong) for part, values in WRONG.items() for wrong in values])
def test_a_callback_request_that_no_page_sends_is_refused(
    visitors: dict[str, Visitor], part: str, wrong: object
) -> None:
    leader = visitors["leader"]
    honest = request_of(leader.known[leader.writing("overview--kpi")], {})
    assert leader.post(honest).status_code == 200
    assert leader.post(honest | {part: wrong}).status_code == 400


def test_brackets_without_end_are_refused(visitors: dict[str, Visitor]) -> None:
    leader = visitors["leader"]
    token = leader.client.get_cookie(CSRF_COOKIE)
    assert token
    headers = {CSRF_HEADER: token.value, "Content-Type": "application/json"}
    assert leader.client.post(CALLBACKS, data="[" * 100_000, headers=headers).status_code == 403


@pytest.mark.parametrize("bundle", ["nope/nope.js", "dash/dash.py", "os/path.py", "dash/..%2f..%2fetc/passwd"])
def test_a_script_that_is_no_bundle_is_not_found(visitors: dict[str, Visitor], bundle: str) -> None:
    answer = visitors["leader"].open(f"/_dash-component-suites/{bundle}")
    assert answer.status_code == 404
    assert len(answer.data) < 100
