"""The application as a whole: the clock, the headers, the page, and that importing it does nothing."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from callbacks import overview as wiring
from dashboard.app import create_app
from dashboard.db import make_engine
from dashboard.db import sessions as make_sessions
from dashboard.i18n import words_for
from dashboard.queries.regions import region_series
from dashboard.settings import HOUSE, Settings
from layouts import overview, riskmap, shell
from tests.builders import LEADER, make_account
from tests.generations import PUBLISHED_AT, publish
from tests.trees import walk
from tests.wiring.visitor import Visitor, request_of

if TYPE_CHECKING:
    from pathlib import Path

PATHS = (
    *("/overview", "/riskmap?region=33", "/runs", "/wall/overview", "/nowhere", "/clock", "/health", "/sign-in"),
    *("/_dash-layout", "/_dash-dependencies", "/assets/00_tokens.css", "/assets/geo/nation-provinces.json?v=1"),
    *("/bootstrap/static/css/bootstrap.min.css", "/static/nothing", "/_favicon.ico"),
)
FIRST_RED = "37"


def private(installation: Settings, folder: Path) -> Settings:
    """Return a copy of an installation that a test may write to."""
    shutil.copytree(installation.var_dir, folder)
    return installation.model_copy(update={"var_dir": folder})


@pytest.mark.parametrize("name", ["leader", "nobody"])
@pytest.mark.parametrize("path", PATHS)
def test_every_answer_carries_the_headers(visitors: dict[str, Visitor], nobody: Visitor, name: str, path: str) -> None:
    answer = visitors.get(name, nobody).open(path)
    answer.close()  # some are files
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "'unsafe-eval'" not in policy
    assert "script-src 'self' 'sha256-" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"


def test_refusals_and_errors_carry_the_headers_too(visitors: dict[str, Visitor]) -> None:
    refused = visitors["wall"].post(request_of(visitors["wall"].known[visitors["wall"].writing("runs--facts")], {}))
    assert refused.status_code == 403
    assert "Content-Security-Policy" in refused.headers


def test_the_clock_says_in_few_bytes_that_nothing_moved(visitors: dict[str, Visitor]) -> None:
    client = visitors["leader"].client
    first = client.get("/clock")
    assert set(first.get_json()) == {"generation", "revision", "app"}
    again = client.get("/clock", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    for answer in (first, again):
        assert len(str(answer.headers)) + len(answer.data) <= 1024


def test_the_clock_moves_with_a_generation(installation: Settings, tmp_path: Path) -> None:
    given = private(installation, tmp_path / "var")
    visitor = Visitor(create_app(given).server.test_client())
    visitor.sign_in(LEADER)
    before = visitor.client.get("/clock")
    with make_sessions(make_engine(given.database))() as session:
        publish(session, 2)
    after = visitor.client.get("/clock", headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert after.get_json()["generation"] == before.get_json()["generation"] + 1


@pytest.mark.parametrize(("choice", "lang"), [("zh_CN", "zh-CN"), ("en", "en")])
def test_the_first_page_speaks_the_viewers_language(
    installation: Settings, tmp_path: Path, choice: str, lang: str
) -> None:
    visitor = Visitor(create_app(private(installation, tmp_path / "var")).server.test_client())
    visitor.sign_in(LEADER)
    came_back = visitor.open(f"/language?to={choice}&next=%2Friskmap%3Fregion%3D33")
    assert came_back.headers["Location"] == "/riskmap?region=33"
    page = visitor.open("/riskmap").text
    assert f'<html lang="{lang}"' in page
    assert ("Risk map" in page) is (choice == "en")


def test_a_wall_is_known_as_one_before_any_script_runs(visitors: dict[str, Visitor]) -> None:
    assert "class=is-wall" in visitors["wall"].open("/wall/overview").text
    assert "class=is-wall" not in visitors["leader"].open("/overview").text


def test_home_leads_to_the_first_screen(visitors: dict[str, Visitor]) -> None:
    assert visitors["leader"].open("/").headers["Location"] == "/overview"


def refreshed(visitor: Visitor, component: str, search: str = "") -> dict[str, Any]:
    given: dict[str, object] = {f"{shell.LOCATION}.search": search, f"{shell.LOCATION}.pathname": "/"}
    body = request_of(visitor.known[visitor.writing(component)], given)
    answer: dict[str, Any] = visitor.post(body).get_json()["response"]
    return answer


def test_two_applications_in_one_process_are_strangers(installation: Settings, tmp_path: Path) -> None:
    one, other = (private(installation, tmp_path / name) for name in ("one", "other"))
    with make_sessions(make_engine(other.database))() as session:
        publish(session, 2)
    red = []
    for given in (one, other):
        visitor = Visitor(create_app(given).server.test_client())
        visitor.sign_in(LEADER)
        assert len(visitor.on_server()) >= 5
        red.append(refreshed(visitor, overview.KPI)[overview.KPI]["children"][0])
    assert FIRST_RED in list(walk(red[0]))
    assert str(int(FIRST_RED) + 1) in list(walk(red[1]))


def test_an_answer_holds_one_generation_though_another_is_published_meanwhile(
    installation: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = private(installation, tmp_path / "var")
    visitor = Visitor(create_app(given).server.test_client())
    visitor.sign_in(LEADER)
    query = region_series

    def publish_meanwhile(session: Any, *arguments: Any) -> Any:  # noqa: ANN401 - as the query's
        found = query(session, *arguments)
        with make_sessions(make_engine(given.database))() as other:
            publish(other, 2)
        return found

    publish_meanwhile.__name__ = "region_series"
    publish_meanwhile.__module__ = query.__module__
    monkeypatch.setattr(wiring, "region_series", publish_meanwhile)
    answer = refreshed(visitor, overview.KPI, "?region=330106")
    texts = "".join(str(value) for value in walk(answer))
    assert "试验1期" in texts
    assert "试验2期" not in texts
    monkeypatch.undo()
    assert "试验2期" in "".join(str(value) for value in walk(refreshed(visitor, overview.KPI, "?region=330106")))


@pytest.mark.usefixtures("sqlite_url")
def test_before_the_first_generation_panels_keep_loading_and_the_header_says_why(settings: Settings) -> None:
    with make_sessions(make_engine(settings.database))() as session:
        make_account(session, LEADER)
    visitor = Visitor(create_app(settings).server.test_client())
    visitor.sign_in(LEADER)
    assert visitor.client.get("/clock").get_json()["generation"] == 0
    for component in (overview.KPI, riskmap.SIDE):
        assert visitor.post(request_of(visitor.known[visitor.writing(component)], {})).status_code == 204
    said = list(walk(refreshed(visitor, shell.META)))
    assert words_for("zh_CN")("No generation has been published yet") in said


@pytest.mark.usefixtures("sqlite_url")
def test_an_empty_generation_is_shown_as_no_data(settings: Settings) -> None:
    with make_sessions(make_engine(settings.database))() as session:
        make_account(session, LEADER)
        publish(session, 1, only=[], published_at=PUBLISHED_AT)
    visitor = Visitor(create_app(settings).server.test_client())
    visitor.sign_in(LEADER)
    answer = refreshed(visitor, overview.KPI)
    assert "state state--none" in list(walk(answer[overview.KPI]))
    assert answer[overview.LAYER]["hideout"]["values"] == {}
    assert "state state--none" in list(walk(refreshed(visitor, riskmap.SIDE)[riskmap.SIDE]))


def test_a_refresh_is_small_and_carries_no_geometry(visitors: dict[str, Visitor]) -> None:
    answer = refreshed(visitors["leader"], overview.KPI)
    assert "coordinates" not in json.dumps(answer)
    body = request_of(visitors["leader"].known[visitors["leader"].writing(overview.KPI)], {})
    packed = visitors["leader"].post(body, **{"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.data) <= 60_000


def test_importing_the_application_writes_nothing_and_opens_no_database(tmp_path: Path) -> None:
    script = """
import sys

def watch(event, arguments):
    if event == "open":
        path, mode = str(arguments[0]), str(arguments[1] or "r")
        if set(mode) & set("wax+") and "__pycache__" not in path and not path.startswith("/dev/"):
            print("wrote", path)
    if event in {"sqlite3.connect", "socket.connect", "socket.bind", "subprocess.Popen"}:
        print(event, arguments)

sys.addaudithook(watch)
import dashboard.app, dashboard.services, callbacks, layouts.registry, etl.pipeline, geo.views
"""
    environment = os.environ | {"SMOKE_VAR_DIR": str(tmp_path / "var"), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=HOUSE, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout == ""
    assert not (tmp_path / "var").exists()


def test_a_failure_is_logged_without_addresses_and_values(
    installation: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    given = private(installation, tmp_path / "var")
    token = (given.var_dir / "wall").read_text(encoding="ascii")
    visitor = Visitor(create_app(given).server.test_client())
    with make_sessions(make_engine(given.database))() as session:
        session.execute(text("DROP TABLE wall_token"))
        session.commit()
    assert visitor.open(f"/wall/{token}").status_code == 500
    assert "request failed: GET /wall/<string(length=43):token>" in caplog.text
    assert token not in caplog.text
    assert hashlib.sha256(token.encode()).hexdigest() not in caplog.text
