"""The cases screen through the server: who is answered, what is listed, where clicks lead, what is taken out."""

from __future__ import annotations

import base64
import io
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from dashboard import clock
from dashboard.access.permissions import Permission
from dashboard.app import create_app
from dashboard.db import make_engine
from dashboard.db import sessions as make_sessions
from dashboard.models.audit import AuditEntry
from layouts import cases, cases_pipeline, overview, shell
from tests.builders import COUNTY, NEIGHBOUR, SIGNING_IN, WORKER
from tests.casefiles import make_case, seat
from tests.trees import walk
from tests.wiring.test_app import private
from tests.wiring.visitor import Visitor, request_of

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session, sessionmaker
    from werkzeug.test import TestResponse

    from dashboard.access.viewer import Viewer
    from dashboard.settings import Settings

SEARCH = f"{shell.LOCATION}.search"
REQUEST = f"{cases.GRID}.getRowsRequest"
BLOCK = {"startRow": 0, "endRow": 100, "sortModel": []}


@pytest.fixture
def office(bare_installation: Settings, tmp_path: Path) -> Settings:
    """Return an installation with three cases of the county, one of them with a seat for the neighbour."""
    settings = private(bare_installation, tmp_path / "var")
    today = clock.today(settings.timezone)
    with stored(settings)() as session:
        for stage in ("intake", "intake", "disposal"):
            case = make_case(session, stage=stage, opened_on=today)
        seat(session, case, NEIGHBOUR)
    return settings


def stored(settings: Settings) -> sessionmaker[Session]:
    return make_sessions(make_engine(settings.database))


def come(settings: Settings, person: Viewer) -> Visitor:
    visitor = Visitor(create_app(settings).server.test_client())
    visitor.sign_in(person)
    return visitor


def ask(visitor: Visitor, component: str, search: str, **given: object) -> TestResponse:
    values = {name.replace("__", "."): value for name, value in given.items()}
    return visitor.post(request_of(visitor.known[visitor.writing(component)], {SEARCH: search} | values))


def answered(answer: TestResponse, component: str) -> dict[str, Any]:
    assert answer.status_code == 200, answer.data
    found: dict[str, Any] = answer.get_json()["response"][component]
    return found


def rows_of(visitor: Visitor, search: str) -> dict[str, Any]:
    answer = ask(visitor, cases.GRID, search, **{REQUEST: BLOCK})
    found: dict[str, Any] = answered(answer, cases.GRID)["getRowsResponse"]
    return found


def on_chart(visitor: Visitor, code: object, search: str = "?region=330106") -> TestResponse:
    """Click a mark of the funnel."""
    (output,) = [one for one in visitor.on_server() if f"{cases_pipeline.FUNNEL}.clickData" in inputs_of(visitor, one)]
    given: dict[str, object] = {
        SEARCH: search,
        f"{cases_pipeline.FUNNEL}.clickData": {"points": [{"customdata": code}]},
    }
    body = request_of(visitor.known[output], given)
    return visitor.post(body | {"changedPropIds": [f"{cases_pipeline.FUNNEL}.clickData"]})


def inputs_of(visitor: Visitor, output: str) -> set[str]:
    return {f"{one['id']}.{one['property']}" for one in visitor.known[output]["inputs"]}


def test_cases_are_listed_for_those_who_see_them_and_counted_for_all(office: Settings) -> None:
    server = create_app(office).server
    for person in SIGNING_IN:
        visitor = Visitor(server.test_client())
        visitor.sign_in(person)
        answer = ask(visitor, cases.GRID, f"?region={person.home_region}&tab=list", **{REQUEST: BLOCK})
        if not person.may(Permission.CASE_READ):
            assert answer.status_code == 403, person.name
        else:
            listed = {"town": 0, "neighbour": 1}.get(person.name, 3)
            rows = answered(answer, cases.GRID)["getRowsResponse"]
            assert (rows["rowCount"], len(rows["rowData"])) == (listed, listed), person.name
        if person.may(Permission.OVERVIEW_READ):
            glance = ask(visitor, overview.CASES, f"?region={person.home_region}")
            links = [text for text in walk(answered(glance, overview.CASES)) if str(text).startswith("/cases?")]
            sees = answer.status_code == 200 and person.name not in {"town", "neighbour"}
            assert bool(links) is sees, person.name


def test_the_address_chooses_what_is_shown(office: Settings) -> None:
    visitor = come(office, COUNTY)
    assert rows_of(visitor, "?region=330106")["rowCount"] == 0  # the pipeline is in sight, the list is not
    assert rows_of(visitor, "?region=330106&tab=list&phase=disposal")["rowCount"] == 1
    shown = ask(visitor, cases.TABS, "?region=330106").get_json()["response"]
    assert "figure" in shown[cases_pipeline.FUNNEL]
    board = ask(visitor, cases.TABS, "?region=330106&tab=board").get_json()["response"]
    assert cases_pipeline.FUNNEL not in board
    assert "禾青案例" in str(board[cases.BOARD])
    for search in ("?region=330106&tab=list&phase=x", "?region=330106&tab=list&step=1.2"):
        assert ask(visitor, cases.TABS, search).status_code == 422
    assert ask(visitor, cases.TABS, "?region=330105").status_code == 403


def test_a_mark_leads_to_its_list_and_a_forged_one_nowhere(office: Settings) -> None:
    visitor = come(office, COUNTY)
    found = on_chart(visitor, "reached:disposal").get_json()["response"][shell.LOCATION]["search"]
    assert rows_of(visitor, found)["rowCount"] == 1
    for code in ("reached:x", "x", 5, ["reached:disposal"], "child:99.open"):
        assert on_chart(visitor, code).status_code == 422, code
    assert on_chart(visitor, None).status_code == 204
    assert on_chart(visitor, "reached:disposal", "?region=330105").status_code == 403


def test_the_export_holds_what_is_listed_and_is_on_record(office: Settings) -> None:
    visitor = come(office, COUNTY)
    clicked = {f"{cases.EXPORT}.n_clicks": 1}
    found = answered(ask(visitor, cases.DOWNLOAD, "?region=330106&tab=list&phase=intake", **clicked), cases.DOWNLOAD)
    book = zipfile.ZipFile(io.BytesIO(base64.b64decode(found["data"]["content"])))
    texts = "".join(book.read(f"xl/worksheets/sheet{number}.xml").decode() for number in (1, 2))
    assert texts.count("禾青案例") == 2
    assert "西湖区" in texts
    with stored(office)() as session:
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.position.desc())).first()
    assert entry
    assert (entry.actor, entry.action) == ("user:4", "cases:exported")
    assert ask(come(office, WORKER), cases.DOWNLOAD, "?region=330106109", **clicked).status_code == 403
