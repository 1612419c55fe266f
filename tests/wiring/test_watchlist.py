"""The watchlist through the server, as Dash's own script asks: rows, form, strip, decisions, lists, export."""

from __future__ import annotations

import base64
import io
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from dashboard.app import create_app
from dashboard.db import make_engine
from dashboard.db import sessions as make_sessions
from dashboard.models.audit import AuditEntry
from dashboard.models.exemptions import Exemption
from dashboard.models.warnings import WarningHandling
from layouts import shell, watchlist
from tests.builders import ANALYST, COUNTY, LEADER, PROVINCE, WORKER
from tests.generations import AS_OF, NEIGHBOURS, WATCHED
from tests.trees import walk
from tests.wiring.test_app import private
from tests.wiring.visitor import Visitor, request_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sqlalchemy.orm import Session, sessionmaker
    from werkzeug.test import TestResponse

    from dashboard.access.viewer import Viewer
    from dashboard.settings import Settings

HERE = "?region=330106"
SEARCH = f"{shell.LOCATION}.search"
CHOSEN = f"{watchlist.CHOSEN}.data"
FIRST, SECOND = "913301060000000001", "913301060000000002"


@pytest.fixture
def office(installation: Settings, tmp_path: Path) -> Settings:
    """Return an installation that a test may write to."""
    return private(installation, tmp_path / "var")


@pytest.fixture
def stored(office: Settings) -> sessionmaker[Session]:
    """Return its database."""
    return make_sessions(make_engine(office.database))


def come(office: Settings, person: Viewer) -> Visitor:
    visitor = Visitor(create_app(office).server.test_client())
    visitor.sign_in(person)
    return visitor


def ask(visitor: Visitor, component: str, changed: str = "", **values: object) -> TestResponse:
    """Run the callback that writes to a component; values by id and property with __ for the dot."""
    given = {name.replace("__", "."): value for name, value in values.items()} | {SEARCH: values.get("search", HERE)}
    body = request_of(visitor.known[visitor.writing(component)], _flat(values) | given)
    if changed:
        body["changedPropIds"] = [changed]
    return visitor.post(body)


def _flat(values: dict[str, object]) -> dict[str, object]:
    found: Any = values.get("given", {})
    return dict(found)


def answered(answer: TestResponse, component: str) -> dict[str, Any]:
    assert answer.status_code == 200, answer.data
    found: dict[str, Any] = answer.get_json()["response"][component]
    return found


def rows_of(
    visitor: Visitor, search: str = HERE, first: int = 0, last: int = 100, order: Sequence[dict[str, str]] = ()
) -> dict[str, Any]:
    block = {"startRow": first, "endRow": last, "sortModel": list(order)}
    request = {f"{watchlist.GRID}.getRowsRequest": block}
    found: dict[str, Any] = answered(ask(visitor, watchlist.GRID, given=request, search=search), watchlist.GRID)
    rows: dict[str, Any] = found["getRowsResponse"]
    return rows


def strip_of(visitor: Visitor, *codes: str) -> dict[str, Any]:
    given = {f"{watchlist.GRID}.selectedRows": [{"uscc": code} for code in codes]}
    answer = ask(visitor, watchlist.STRIP, given=given)
    assert answer.status_code == 200
    found: dict[str, Any] = answer.get_json()["response"]
    return found


def click(visitor: Visitor, button: str, writes: str = watchlist.REASON, **given: object) -> dict[str, Any]:
    """Click a button with what the page holds, and return the whole answer."""
    values = {f"{button}.n_clicks": 1, **{name.replace("__", "."): value for name, value in given.items()}}
    answer = ask(visitor, writes, f"{button}.n_clicks", given=values)
    assert answer.status_code == 200, (answer.status_code, answer.data)
    found: dict[str, Any] = answer.get_json()
    return found


def toast(answer: dict[str, Any]) -> str:
    return str(answer["sideUpdate"][shell.TOAST]["children"])


def test_a_block_of_rows_is_in_words_with_the_total(office: Settings) -> None:
    found = rows_of(come(office, COUNTY), last=10)
    assert found["rowCount"] == WATCHED
    assert len(found["rowData"]) == 10
    first = found["rowData"][0]
    assert first["grade"] == ["red", "红色"]
    assert (first["index"], first["change"]) == ("86.4", "+3.5")
    assert first["reasons"] == ["承诺收益"]
    assert first["name"]["href"] == f"/enterprise/{first['uscc']}"
    assert "西湖区" in first["owner"]["first"]
    assert first["owner"]["second"] == "未指派"
    assert first["state"] == {"first": "待处理", "second": ""}


def test_a_deep_block_continues_where_the_one_before_ended(office: Settings) -> None:
    visitor = come(office, COUNTY)
    blocks = [rows_of(visitor, first=first, last=first + 15)["rowData"] for first in range(0, WATCHED, 15)]
    assert len({row["uscc"] for block in blocks for row in block}) == WATCHED


def test_the_address_says_what_is_listed(office: Settings) -> None:
    visitor = come(office, COUNTY)
    assert rows_of(visitor, f"{HERE}&grade=red")["rowCount"] == WATCHED // 4
    assert rows_of(visitor, f"{HERE}&text=期7号")["rowCount"] == 1
    assert rows_of(visitor, f"{HERE}&who=mine")["rowCount"] == 0
    assert rows_of(come(office, PROVINCE), "?region=330105")["rowCount"] == NEIGHBOURS


@pytest.mark.parametrize(
    "request_",
    [
        *({"startRow": "0", "endRow": 9}, {"startRow": 0, "endRow": 5000}, {"startRow": 9, "endRow": 9}, [], {}, 7),
        {"startRow": 0, "endRow": 9, "sortModel": [{"colId": "owner", "sort": "asc"}]},
        {"startRow": 0, "endRow": 9, "sortModel": [{"colId": "due", "sort": "sideways"}]},
        {"startRow": 0, "endRow": 9, "sortModel": "due"},
    ],
)
def test_a_block_that_no_grid_asks_for_is_refused(visitors: dict[str, Visitor], request_: object) -> None:
    answer = ask(visitors["county"], watchlist.GRID, given={f"{watchlist.GRID}.getRowsRequest": request_})
    assert answer.status_code == 422


def test_a_columns_head_orders_the_rows_and_the_address_orders_the_head(visitors: dict[str, Visitor]) -> None:
    county = visitors["county"]
    falling = rows_of(county, order=[{"colId": "index", "sort": "desc"}])
    rising = rows_of(county, f"{HERE}&sort=name", order=[{"colId": "index", "sort": "asc"}])
    assert rising["rowCount"] == falling["rowCount"]
    levels = [float(row["index"]) for row in rising["rowData"]]
    assert levels == sorted(levels)
    assert levels[0] < float(falling["rowData"][0]["index"])
    for search, order in ((HERE, ["index", "desc"]), (f"{HERE}&sort=entered.up", ["entered", "asc"])):
        told = ask(county, watchlist.VIEWS, search=search).get_json()["response"][watchlist.WANTED]["data"]
        assert told["order"] == order


@pytest.mark.parametrize("search", ["&grade=purple", "&sort=luck", "&who=x", "&low=-1", "&low=nan", "&state=gone"])
def test_an_address_that_cannot_be_meant_is_refused_with_a_notice(visitors: dict[str, Visitor], search: str) -> None:
    county = visitors["county"]
    request = {f"{watchlist.GRID}.getRowsRequest": {"startRow": 0, "endRow": 9}}
    assert ask(county, watchlist.GRID, given=request, search=HERE + search).status_code == 422
    opened = ask(county, shell.CONTENT, given={f"{shell.LOCATION}.pathname": "/watchlist"}, search=HERE + search)
    assert "watchlist--" not in str(opened.get_json())


def test_what_the_form_says_becomes_the_address_and_nothing_is_said_for_another_address(office: Settings) -> None:
    visitor = come(office, COUNTY)
    refreshed = ask(visitor, watchlist.VIEWS, search=f"{HERE}&grade=red&overdue=1").get_json()["response"]
    shown = {f"{field}.value": refreshed[field]["value"] for field in watchlist.FORM.values()}
    step = {f"{watchlist.FORM_OF}.data": f"{HERE}&grade=red&overdue=1"}
    address = "..shell--location.search"
    (output,) = [one for one in visitor.on_server() if one.startswith(shell.LOCATION) and _listens(visitor, one)]
    assert address.strip(".") in output

    def typed(changes: dict[str, object], search: str = f"{HERE}&grade=red&overdue=1") -> TestResponse:
        return visitor.post(request_of(visitor.known[output], shown | step | changes | {SEARCH: search}))

    assert typed({}).status_code == 204
    found = typed({f"{watchlist.TYPE}.value": "lending", f"{watchlist.LOW}.value": 60})
    assert str(found.get_json()["response"]).count("type=lending&low=60&overdue=1") == 1
    assert "grade=red" in str(found.get_json()["response"])
    assert typed({f"{watchlist.TYPE}.value": "lending"}, HERE).status_code == 204
    assert typed({f"{watchlist.TYPE}.value": "arson"}).status_code == 422


def _listens(visitor: Visitor, output: str) -> bool:
    return watchlist.TEXT in {one["id"] for one in visitor.known[output]["inputs"]}


def test_a_refresh_keeps_what_is_being_typed(office: Settings) -> None:
    visitor = come(office, COUNTY)
    again = ask(visitor, watchlist.VIEWS, given={f"{watchlist.FORM_OF}.data": HERE}).get_json()["response"]
    assert not set(watchlist.FORM.values()) & {name for name, one in again.items() if "value" in one}


def test_the_strip_says_why_and_offers_what_the_viewer_may_do(office: Settings) -> None:
    county = strip_of(come(office, COUNTY), FIRST)
    texts = [str(one) for one in walk(county[watchlist.STRIP])]
    assert any("橙色预警" in text and "承诺收益 66.2" in text and "+3.5" in text for text in texts)
    assert "合规性" in texts
    assert (county[watchlist.ACTS]["hidden"], county[watchlist.LISTS]["hidden"]) == (False, False)
    able = [one["label"] for one in county[watchlist.ASSIGNEE]["options"]]
    assert able == ["未指派", "chief", "county", "city", "province", "leader"]
    leader, analyst = strip_of(come(office, LEADER), FIRST), strip_of(come(office, ANALYST), FIRST)
    assert (leader[watchlist.ACTS]["hidden"], leader[watchlist.LISTS]["hidden"]) == (False, True)
    assert (analyst[watchlist.ACTS]["hidden"], analyst[watchlist.LISTS]["hidden"]) == (True, True)
    nobody = strip_of(come(office, COUNTY))
    assert nobody[watchlist.ACTS]["hidden"]
    assert nobody[watchlist.CHOSEN]["data"]["warnings"] == []


def test_two_are_assigned_and_the_list_says_to_whom(office: Settings, stored: sessionmaker[Session]) -> None:
    visitor = come(office, COUNTY)
    chosen = strip_of(visitor, FIRST, SECOND)[watchlist.CHOSEN]["data"]
    given = {CHOSEN: chosen, f"{watchlist.ASSIGNEE}.value": str(COUNTY.id)}
    said = click(visitor, watchlist.ASSIGN, **given)
    assert "已指派2条预警" in toast(said)
    assert shell.CLOCK in said["sideUpdate"]
    mine = rows_of(visitor, f"{HERE}&who=mine")
    assert {row["uscc"] for row in mine["rowData"]} == {FIRST, SECOND}
    assert {row["owner"]["second"] for row in mine["rowData"]} == {"county"}
    with stored() as session:
        assert [row.version for row in session.scalars(select(WarningHandling))] == [1, 1]


def test_the_second_officer_sees_what_the_first_did_and_keeps_the_words(office: Settings) -> None:
    first, second = come(office, COUNTY), come(office, LEADER)
    seen = strip_of(second, FIRST)[watchlist.CHOSEN]["data"]
    click(first, watchlist.ACKNOWLEDGE, **{CHOSEN: strip_of(first, FIRST)[watchlist.CHOSEN]["data"]})
    said = click(second, watchlist.DISMISS, **{CHOSEN: seen, f"{watchlist.REASON}.value": "广告已下架"})
    assert "county" in toast(said)
    assert "已确认" in toast(said)
    assert watchlist.REASON not in said["response"]  # what was typed is kept
    assert shell.CLOCK in said["sideUpdate"]
    again = strip_of(second, FIRST)[watchlist.CHOSEN]["data"]
    done = click(second, watchlist.DISMISS, **{CHOSEN: again, f"{watchlist.REASON}.value": "广告已下架"})
    assert done["response"][watchlist.REASON]["value"] == ""


def test_a_dismissal_without_reason_is_told_and_changes_nothing(
    office: Settings, stored: sessionmaker[Session]
) -> None:
    visitor = come(office, COUNTY)
    said = click(visitor, watchlist.DISMISS, **{CHOSEN: strip_of(visitor, FIRST)[watchlist.CHOSEN]["data"]})
    assert toast(said) == "排除预警须填写理由"
    with stored() as session:
        assert session.scalars(select(WarningHandling)).all() == []


def test_a_case_is_opened_once_and_offered_no_more(office: Settings) -> None:
    visitor = come(office, COUNTY)
    chosen = strip_of(visitor, FIRST)[watchlist.CHOSEN]["data"]
    numbers = {toast(click(visitor, watchlist.CASE, **{CHOSEN: chosen})) for _ in range(2)}
    assert len(numbers) == 1
    shown = strip_of(visitor, FIRST)
    assert shown[watchlist.CASE]["disabled"]
    assert "330106-2" in str(list(walk(shown[watchlist.STRIP])))


def test_a_list_takes_effect_with_the_next_generation_and_says_so(
    office: Settings, stored: sessionmaker[Session]
) -> None:
    visitor = come(office, COUNTY)
    form = {
        f"{watchlist.LIST_KIND}.value": "white",
        f"{watchlist.LIST_TYPE}.value": "",
        f"{watchlist.LIST_REASON}.value": "false_positive",
        f"{watchlist.LIST_UNTIL}.value": "90",
    }
    held = {CHOSEN: strip_of(visitor, FIRST)[watchlist.CHOSEN]["data"]}
    assert "说明" in toast(click(visitor, watchlist.LIST_ADD, watchlist.LIST_TEXT, **(form | held)))
    form[f"{watchlist.LIST_TEXT}.value"] = "现场核查无异常"
    click(visitor, watchlist.LIST_ADD, watchlist.LIST_TEXT, **(form | held))
    assert rows_of(visitor, f"{HERE}&exempt=white")["rowData"][0]["state"]["second"] == "白名单（下一批次生效）"
    held = {CHOSEN: strip_of(visitor, FIRST)[watchlist.CHOSEN]["data"]}
    click(visitor, watchlist.LIST_END, watchlist.LIST_TEXT, **(form | held))
    with stored() as session:
        entry = session.scalars(select(Exemption)).one()
        assert (entry.region_code, entry.withdrawn_by) == ("330106", COUNTY.id)
        assert (entry.ends_on - entry.begins_on).days == 90


@pytest.mark.parametrize("period", [None, "", "91", "-1", 90, [90]])
def test_an_entry_lasts_one_of_the_periods_offered(office: Settings, period: object) -> None:
    given = {CHOSEN: {"uscc": [FIRST]}, f"{watchlist.LIST_UNTIL}.value": period, f"{watchlist.LIST_ADD}.n_clicks": 1}
    answer = ask(come(office, COUNTY), watchlist.LIST_TEXT, f"{watchlist.LIST_ADD}.n_clicks", given=given)
    assert answer.status_code == 422


@pytest.mark.parametrize("person", [ANALYST, WORKER], ids=lambda person: person.name)
def test_who_may_not_act_is_refused_by_the_server(office: Settings, person: Viewer) -> None:
    visitor = come(office, person)
    chosen = {"uscc": [FIRST], "warnings": [[FIRST, str(AS_OF), 0]], "entry": [1, 1]}
    for writes, button in (
        (watchlist.REASON, watchlist.ACKNOWLEDGE),
        (watchlist.REASON, watchlist.ASSIGN),
        (watchlist.REASON, watchlist.CASE),
        (watchlist.LIST_TEXT, watchlist.LIST_ADD),
        (watchlist.LIST_TEXT, watchlist.LIST_END),
    ):
        answer = ask(visitor, writes, f"{button}.n_clicks", given={f"{button}.n_clicks": 1, CHOSEN: chosen})
        assert answer.status_code == 403, button


@pytest.mark.parametrize("chosen", [None, [], {"warnings": 7}, {"warnings": [["x", "y", "z"]]}, {"warnings": [[1, 2]]}])
def test_what_no_page_holds_is_refused(visitors: dict[str, Visitor], chosen: object) -> None:
    given = {f"{watchlist.ACKNOWLEDGE}.n_clicks": 1, CHOSEN: chosen}
    answer = ask(visitors["county"], watchlist.REASON, f"{watchlist.ACKNOWLEDGE}.n_clicks", given=given)
    assert answer.status_code == 422


def test_the_export_holds_what_is_listed_says_what_it_is_and_is_on_record(
    office: Settings, stored: sessionmaker[Session]
) -> None:
    visitor = come(office, COUNTY)
    given = {f"{watchlist.EXPORT}.n_clicks": 1}
    answer = ask(visitor, watchlist.DOWNLOAD, given=given, search=f"{HERE}&grade=red")
    found = answered(answer, watchlist.DOWNLOAD)["data"]
    assert found["filename"] == "watchlist-330106-20261122-1.xlsx"
    book = zipfile.ZipFile(io.BytesIO(base64.b64decode(found["content"])))
    texts = "".join(book.read(f"xl/worksheets/sheet{number}.xml").decode() for number in (1, 2))
    assert texts.count("禾青试验1期") == WATCHED // 4
    assert all(word in texts for word in ("西湖区", "红色", "county", "批次", "2026-11-22"))
    with stored() as session:
        exports = select(AuditEntry).where(AuditEntry.action == "watchlist:exported")
        entry = session.scalars(exports.order_by(AuditEntry.position.desc())).first()
    assert entry
    assert entry.actor == "user:4"
    assert '"rows": 10' in entry.details


def test_a_wall_takes_nothing_out(visitors: dict[str, Visitor]) -> None:
    answer = ask(visitors["wall"], watchlist.DOWNLOAD, given={f"{watchlist.EXPORT}.n_clicks": 1}, search="?region=33")
    assert answer.status_code == 403
