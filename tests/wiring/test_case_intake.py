"""A case opened in the side panel, joined by a source, merged and split on its page: through the server, and forged."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from dashboard.app import create_app
from dashboard.db import make_engine
from dashboard.db import sessions as make_sessions
from dashboard.models.cases import CaseFile, CaseSource
from layouts import case_joins as part
from layouts import cases_new as panel
from layouts import shell
from layouts.case_forms import SEEN
from layouts.links import case_href
from tests.builders import ANALYST, COUNTY
from tests.casefiles import make_case
from tests.generations import NEIGHBOUR, enterprise, name_of_enterprise
from tests.trees import walk
from tests.wiring.visitor import Visitor, request_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from sqlalchemy.orm import Session, sessionmaker
    from werkzeug.test import TestResponse

    from dashboard.settings import Settings

OWN = str(enterprise(1, 4)["uscc"])
THEIRS = str(enterprise(1, 101, NEIGHBOUR)["uscc"])
PATHNAME = f"{shell.LOCATION}.pathname"
FORGED: tuple[object, ...] = (None, 5, [5], {"a": 1}, "x" * 5000, "9:9", ["x"], {"id": 1, "version": 10**30})


class Desk:
    """An installation of its own, with the county's officer at it."""

    def __init__(self, settings: Settings) -> None:
        """Open the installation and sign in the officer and an analyst."""
        server = create_app(settings).server
        self.sessions: sessionmaker[Session] = make_sessions(make_engine(settings.database))
        self.county, self.analyst = Visitor(server.test_client()), Visitor(server.test_client())
        self.county.sign_in(COUNTY)
        self.analyst.sign_in(ANALYST)

    def clicked(self, button: str, values: Mapping[str, object], who: Visitor | None = None) -> TestResponse:
        """Click a button, with values by component and property."""
        visitor = who or self.county
        (known,) = [one for one in visitor.known.values() if button in {read["id"] for read in one["inputs"]}]
        return visitor.post(request_of(known, {f"{button}.n_clicks": 1, **values}))

    def shown(self, case: CaseFile) -> dict[str, Any]:
        """Return what the joins of a case's page show."""
        known = self.county.known[self.county.writing(part.BODY)]
        answer = self.county.post(request_of(known, {PATHNAME: case_href(case.number)})).get_json()
        shown: dict[str, Any] = answer["response"]
        return shown


@pytest.fixture
def desk(bare_installation: Settings, tmp_path: Path) -> Desk:
    """Return a desk whose database is its own."""
    shutil.copytree(bare_installation.var_dir, tmp_path / "var")
    return Desk(bare_installation.model_copy(update={"var_dir": tmp_path / "var"}))


def new_form(**changes: object) -> dict[str, object]:
    typed: dict[str, object] = {"uscc": OWN, "name": "谎称之名", "region": "330105", "type": "lending", "source": "tip"}
    typed |= {"number": "T-1", "told": "群众举报", **changes}
    return {f"{panel.FIELDS[name]}.value": value for name, value in typed.items()} | {f"{panel.KEY}.data": "k" * 12}


def test_a_new_case_takes_name_and_place_from_the_register(desk: Desk) -> None:
    opened = desk.clicked(panel.OPEN, {}).get_json()["response"]
    assert opened[panel.PANEL]["is_open"] is True
    assert "330106109" in {one["value"] for one in opened[panel.REGION]["options"]}
    for _ in range(2):
        answer = desk.clicked(panel.SEND, new_form()).get_json()
        assert any(str(one).startswith("/case/330106-2") for one in walk(answer))
    with desk.sessions() as session:
        case = session.scalars(select(CaseFile)).one()
        assert (case.uscc, case.name, case.region_code) == (
            OWN,
            name_of_enterprise(1, 4),
            enterprise(1, 4)["region_code"],
        )
    told = list(walk(desk.county.run(desk.county.writing(panel.ALIKE), **{f"{panel.USCC}.value": OWN}).get_json()))
    assert case.number in told
    assert "同一企业" in " ".join(str(one) for one in told)


def test_what_the_panel_refuses(desk: Desk) -> None:
    assert desk.clicked(panel.SEND, new_form(uscc=THEIRS)).status_code in {200, 204, 422}
    assert desk.clicked(panel.SEND, new_form(), desk.analyst).status_code in {200, 204, 403}
    problem = desk.county.run(desk.county.writing(panel.ALIKE), **{f"{panel.USCC}.value": THEIRS}).get_json()
    assert "您的辖区内没有该统一社会信用代码的企业" in list(walk(problem))
    with desk.sessions() as session:
        assert session.scalar(select(func.count(CaseFile.id))) == 0


def send(form: str, key: str, **values: object) -> Callable[[CaseFile], dict[str, object]]:
    fields = {f"{part.FORMS[form][name]}.value": value for name, value in values.items()}
    return lambda case: (
        fields | {f"{SEEN}.data": {"id": case.id, "version": case.version}, f"{key}.data": f"{form}-key-1"}
    )


def test_sources_join_and_a_case_is_split_and_merged_on_its_page(desk: Desk) -> None:
    with desk.sessions() as session:
        case = make_case(session, uscc=OWN, number="330106-2026-7001")
        other = make_case(session, uscc=OWN, number="330106-2026-7002")
    before = desk.shown(case)
    assert (before[part.SOURCE]["hidden"], before[part.MERGE]["hidden"], before[part.SPLIT]["hidden"]) == (False,) * 3
    assert before[part.MERGE_INTO]["options"][0]["value"] == f"{other.id}:{other.version}"
    add = send("source", part.SOURCE_KEY, kind="inspection", number="X-1", told="现场检查", warning=None)
    for _ in range(2):
        assert desk.clicked(part.SOURCE_ADD, add(case)).status_code == 200
    assert "现场检查" in list(walk(desk.shown(case)[part.BODY]))
    chosen = [one["value"] for one in desk.shown(case)[part.SPLIT_SOURCES]["options"]][-1:]
    split = {"uscc": "", "name": "禾青分部", "region": "330106", "type": "pyramid", "people": [], "reason": "另一主体"}
    form = send("split", part.SPLIT_KEY, sources=chosen, **split)
    assert desk.clicked(part.SPLIT_SEND, form(case)).status_code == 200
    with desk.sessions() as session:
        case = session.get_one(CaseFile, case.id)
        assert session.scalars(select(CaseSource.case_id).where(CaseSource.id.in_(chosen))).one() not in {
            case.id,
            other.id,
        }
    merge = send("merge", part.MERGE_KEY, into=f"{other.id}:{other.version}", reason="重复立案")
    assert desk.clicked(part.MERGE_SEND, merge(case)).status_code == 200
    after = desk.shown(case)
    assert case_href(other.number) in list(walk(after[part.KIN]))
    assert (after[part.SOURCE]["hidden"], after[part.MERGE]["hidden"], after[part.SPLIT]["hidden"]) == (True,) * 3


def test_nothing_forged_becomes_an_error_of_the_program(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    with desk.sessions() as session:
        case = make_case(session, number="330106-2026-7003")
    base = {f"{SEEN}.data": {"id": case.id, "version": case.version}, PATHNAME: case_href(case.number)}
    for button in (part.SOURCE_ADD, part.MERGE_SEND, part.SPLIT_SEND, panel.SEND, panel.OPEN):
        (known,) = [one for one in desk.county.known.values() if button in {read["id"] for read in one["inputs"]}]
        for one in known["state"]:
            for value in FORGED:
                values = base | {f"{button}.n_clicks": 1, f"{one['id']}.{one['property']}": value}
                assert desk.county.post(request_of(known, values)).status_code in {200, 204, 403, 404, 422}
    for typed in (panel.USCC, panel.NAME, panel.REGION):
        for value in FORGED:
            answer = desk.county.run(desk.county.writing(panel.ALIKE), **{f"{typed}.value": value})
            assert answer.status_code in {200, 204, 422}
    assert not [entry.getMessage() for entry in caplog.records if "callback failed" in entry.getMessage()]
