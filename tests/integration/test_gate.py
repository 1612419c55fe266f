"""The gate: who gets through to what, and what every response says."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask, jsonify, request

from dashboard.access.gate import CSRF_COOKIE, CSRF_HEADER, install_gate
from dashboard.access.permissions import Permission
from dashboard.access.session import current_viewer
from dashboard.access.walls import issue_wall_token, revoke_wall_token
from tests.builders import ADMINISTRATOR, COUNTY, LEADER, NOW, PASSWORD, PERSONAS, STRANGER, WORKER, make_account

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session, sessionmaker
    from werkzeug.test import TestResponse

    from dashboard.access.viewer import Viewer
    from dashboard.settings import Settings

OPEN = ["/sign-in", "/sign-out", "/language?to=en", "/health", "/assets/00_tokens.css", "/assets/05_sign_in.css"]
PAGES = ["/", "/overview", "/wall/overview", "/riskmap/33?weeks=4", "/no-such-page"]
SCRIPTED = ["/clock", "/_dash-layout", "/_dash-dependencies", "/assets/geo/nation.json", "/api/things"]
NEEDS = {
    "overview--map": Permission.OVERVIEW_READ,
    "riskmap--list": Permission.ENTERPRISE_READ,
    "runs--list": Permission.RUNS_READ,
    '{"index":["ALL"],"type":"riskmap--row"}': Permission.ENTERPRISE_READ,
    '{"index":3,"type":"riskmap--row"}': Permission.ENTERPRISE_READ,
    "shell--page": None,
}


class Clock:
    """A clock that stands until it is moved."""

    instant = NOW

    def __call__(self) -> datetime:
        return self.instant

    def advance(self, **parts: float) -> None:
        self.instant += timedelta(**parts)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def make_server(sqlite_sessions: sessionmaker[Session], settings: Settings, clock: Clock) -> Callable[..., Flask]:
    def make(**changes: Any) -> Flask:  # noqa: ANN401 - any setting
        server = Flask("gate", static_folder=None)
        install_gate(
            server,
            sessions=sqlite_sessions,
            settings=settings.model_copy(update=changes),
            callback_permission=NEEDS.__getitem__,
            csp_script_hashes=lambda: ["'sha256-abc'"],
            now=clock,
        )

        @server.route("/", defaults={"path": ""})
        @server.route("/<path:path>")
        def page(path: str) -> str:
            return f"<p>{path} for {request.remote_addr}</p>"

        @server.get("/clock")
        def tick() -> Any:  # noqa: ANN401 - a Flask response
            return jsonify(current_viewer().name)

        @server.post("/_dash-update-component")
        def update() -> Any:  # noqa: ANN401 - as above
            return jsonify("ran")

        return server

    return make


@pytest.fixture
def server(make_server: Callable[..., Flask], sqlite_sessions: sessionmaker[Session]) -> Flask:
    with sqlite_sessions() as session:
        for person in PERSONAS:
            make_account(session, person)
    return make_server()


def form_token(client: FlaskClient, path: str = "/sign-in") -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(path).text)
    assert found
    return found[1]


def sign_in(client: FlaskClient, username: str, password: str = PASSWORD, **fields: str) -> TestResponse:
    form = {"username": username, "password": password, "csrf_token": form_token(client), **fields}
    return client.post("/sign-in", data=form)


def enter(server: Flask, person: Viewer) -> FlaskClient:
    client = server.test_client()
    assert sign_in(client, person.name).status_code == 303
    client.get("/", headers={"Accept": "text/html"})
    return client


def call_back(client: FlaskClient, body: Any, token: str | None = "") -> TestResponse:  # noqa: ANN401 - any JSON
    cookie = client.get_cookie(CSRF_COOKIE)
    value = cookie.value if token == "" and cookie else token
    return client.post("/_dash-update-component", json=body, headers={CSRF_HEADER: value} if value else {})


def wants_page(client: FlaskClient, path: str) -> TestResponse:
    return client.get(path, headers={"Accept": "text/html,*/*;q=0.8"})


@pytest.mark.parametrize("path", OPEN)
def test_open_addresses_need_no_one(server: Flask, path: str) -> None:
    assert server.test_client().get(path).status_code in {200, 302}


@pytest.mark.parametrize("path", PAGES)
def test_pages_send_strangers_to_the_sign_in_and_back(server: Flask, path: str) -> None:
    client = server.test_client()
    turned = wants_page(client, path)
    assert turned.status_code == 302
    assert turned.location.startswith("/sign-in")
    form = client.get(turned.location).text
    target = re.search(r'name="next"[^>]*value="([^"]*)"', form)
    assert target
    landed = sign_in(client, "leader", next=target[1])
    assert landed.location == path


@pytest.mark.parametrize("path", SCRIPTED)
def test_what_scripts_fetch_is_refused_plainly(server: Flask, path: str) -> None:
    assert wants_page(server.test_client(), path).status_code == 401


def test_a_callback_without_a_page_is_refused(server: Flask) -> None:
    assert call_back(server.test_client(), {"output": "overview--map.figure"}).status_code == 401


@pytest.mark.parametrize("person", PERSONAS, ids=lambda person: person.name)
def test_every_persona_gets_through_once_signed_in(server: Flask, person: Viewer) -> None:
    client = enter(server, person)
    answers = {path: wants_page(client, path).status_code for path in [*OPEN, *PAGES, *SCRIPTED]}
    assert set(answers.values()) == {200, 302}
    assert [path for path, status in answers.items() if status == 302] == ["/sign-in", "/language?to=en"]


@pytest.mark.parametrize("person", PERSONAS, ids=lambda person: person.name)
def test_callbacks_run_for_those_who_hold_the_permission(server: Flask, person: Viewer) -> None:
    client = enter(server, person)
    for component, permission in NEEDS.items():
        expected = 200 if permission is None or person.may(permission) else 403
        assert call_back(client, {"output": component + ".children"}).status_code == expected, component


@pytest.mark.parametrize(
    "body",
    [
        {"output": "riskmap--list.data", "outputs": {"id": "overview--map", "property": "figure"}},
        {"output": "overview--map.figure", "outputs": {"id": "riskmap--list", "property": "data"}},
        {"output": "..overview--map.figure...riskmap--list.data.."},
        {"output": "riskmap--list.data@0a1b2c"},
        {"output": "overview--map.figure", "outputs": [[{"id": {"type": "riskmap--row", "index": 3}}]]},
        {"output": "no-such-thing.figure"},
        {"output": "5f4dcc3b5aa765d61d8327deb882cf99"},
        {"output": ""},
        {"output": None},
        {"outputs": {"id": "overview--map", "property": "figure"}},
        {"output": "overview--map.figure", "outputs": ["overview--map"]},
        ["overview--map.figure"],
        "overview--map.figure",
        None,
    ],
)
def test_a_forged_callback_is_refused(server: Flask, body: object) -> None:
    assert call_back(enter(server, WORKER), body).status_code == 403


@pytest.mark.parametrize("token", [None, "forged"])
def test_writes_without_the_csrf_token_are_refused(server: Flask, token: str | None) -> None:
    client = enter(server, LEADER)
    assert call_back(client, {"output": "overview--map.figure"}).status_code == 200
    assert call_back(client, {"output": "overview--map.figure"}, token).status_code == 400
    assert client.post("/sign-out").status_code == 400
    assert client.get("/clock").status_code == 200


def test_the_csrf_token_of_another_session_is_refused(server: Flask) -> None:
    other = enter(server, COUNTY).get_cookie(CSRF_COOKIE)
    assert other
    assert call_back(enter(server, LEADER), {"output": "overview--map.figure"}, other.value).status_code == 400


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "javascript:alert(1)",
        "evil.example",
        "",
    ],
)
def test_a_forged_next_leads_nowhere(server: Flask, target: str) -> None:
    assert sign_in(server.test_client(), "leader", next=target).location == "/"
    assert enter(server, LEADER).get("/sign-in", query_string={"next": target}).location == "/"
    assert server.test_client().get("/language", query_string={"to": "en", "next": target}).location == "/"


def test_signing_in_starts_a_new_session(server: Flask) -> None:
    client = server.test_client()
    form_token(client)
    planted = client.get_cookie("smoke_session")
    with client.session_transaction() as session:
        session["planted"] = "by somebody else"
    sign_in(client, "leader")
    with client.session_transaction() as session:
        assert "planted" not in session
    after = client.get_cookie("smoke_session")
    assert planted
    assert after
    assert planted.value != after.value


def test_a_copied_cookie_dies_with_the_sign_out(server: Flask) -> None:
    client = enter(server, LEADER)
    cookie = client.get_cookie("smoke_session")
    assert cookie
    thief = server.test_client()
    thief.set_cookie("smoke_session", cookie.value)
    assert thief.get("/clock").status_code == 200
    client.post("/sign-out", data={"csrf_token": form_token(client, "/sign-out")})
    assert client.get("/clock").status_code == 401
    assert thief.get("/clock").status_code == 401


def test_an_idle_desk_is_signed_out_though_its_page_asks_the_clock(server: Flask, clock: Clock) -> None:
    client = enter(server, LEADER)
    for _ in range(6):
        clock.advance(minutes=79)
        assert client.get("/clock").status_code == 200
    clock.advance(minutes=10)
    assert client.get("/clock").status_code == 401


def test_a_desk_in_use_stays_signed_in(server: Flask, clock: Clock) -> None:
    client = enter(server, LEADER)
    for _ in range(4):
        clock.advance(hours=7)
        assert client.get("/overview").status_code == 200


def test_headers_forbid_what_is_not_needed(server: Flask) -> None:
    response = enter(server, LEADER).get("/")
    policy = response.headers["Content-Security-Policy"]
    assert "script-src 'self' 'sha256-abc';" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-eval" not in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert response.headers["Cache-Control"] == "no-store"
    assert "Strict-Transport-Security" not in response.headers


@pytest.mark.parametrize(
    "path",
    ["/assets/geo/nation.json?v=1a2b", "/assets/30_map.css?m=176.3", "/_dash-component-suites/dash/x.v4_4_1m17.min.js"],
)
def test_versions_of_files_are_kept_by_browsers(server: Flask, path: str) -> None:
    response = enter(server, LEADER).get(path)
    assert "immutable" in response.headers["Cache-Control"]
    assert "Cookie" not in response.headers.get("Vary", "")
    assert "Set-Cookie" not in response.headers


def test_a_bundle_without_a_version_is_kept_but_asked_for_again(server: Flask) -> None:
    response = enter(server, LEADER).get("/_dash-component-suites/plotly/plotly.min.js")
    assert response.headers["Cache-Control"] == "private, no-cache"
    assert "Cookie" not in response.headers.get("Vary", "")


@pytest.mark.parametrize("path", ["/assets/geo/nation.json", "/overview?v=1", "/clock"])
def test_nothing_else_is_kept(server: Flask, path: str) -> None:
    assert enter(server, LEADER).get(path).headers["Cache-Control"] == "no-store"


def test_cookies_are_closed_to_scripts_and_secure_in_production(
    make_server: Callable[..., Flask], server: Flask
) -> None:
    assert "Secure" not in sign_in(server.test_client(), "leader").headers["Set-Cookie"]
    secure = make_server(secure_cookies=True).test_client()
    page = secure.get("/sign-in", base_url="https://localhost")
    cookie = page.headers["Set-Cookie"]
    assert all(word in cookie for word in ("Secure", "HttpOnly", "SameSite=Lax"))
    assert "max-age" in page.headers["Strict-Transport-Security"]


def test_a_proxy_is_believed_only_when_it_is_trusted(make_server: Callable[..., Flask]) -> None:
    forwarded = {"X-Forwarded-For": "203.0.113.9"}
    assert "127.0.0.1" in make_server().test_client().get("/health", headers=forwarded).text
    assert "203.0.113.9" in make_server(trusted_proxies=1).test_client().get("/health", headers=forwarded).text


def test_a_wall_enters_without_typing_and_reads_only(
    server: Flask, sqlite_sessions: sessionmaker[Session], clock: Clock
) -> None:
    with sqlite_sessions() as session:
        token = issue_wall_token(
            session, ADMINISTRATOR, region="33", label="大厅", lasts=timedelta(days=30), now=clock()
        )
    wall = server.test_client()
    assert wall.get(f"/wall/{token}").location == "/wall/overview"
    assert wants_page(wall, "/wall/overview").status_code == 200
    assert wall.get("/clock").json == "大厅"
    assert call_back(wall, {"output": "overview--map.figure"}).status_code == 200
    assert call_back(wall, {"output": "runs--list.data"}).status_code == 403
    clock.advance(days=29)
    assert wall.get("/clock").status_code == 200
    clock.advance(days=1)
    assert wall.get("/clock").status_code == 401
    assert server.test_client().get(f"/wall/{token}").status_code == 403


def test_revoking_a_wall_takes_effect_at_once(
    server: Flask, sqlite_sessions: sessionmaker[Session], clock: Clock
) -> None:
    with sqlite_sessions() as session:
        token = issue_wall_token(session, ADMINISTRATOR, region="0", label="x", lasts=timedelta(days=9), now=clock())
    wall = server.test_client()
    wall.get(f"/wall/{token}")
    assert wall.get("/clock").status_code == 200
    with sqlite_sessions() as session:
        revoke_wall_token(session, ADMINISTRATOR, 1, clock())
    assert wall.get("/clock").status_code == 401
    assert wall.get(f"/wall/{token}").status_code == 403


@pytest.mark.parametrize("token", ["A" * 43, "-" * 43, "A" * 42, "overview"])
def test_a_guessed_wall_address_is_refused(server: Flask, token: str) -> None:
    client = server.test_client()
    assert wants_page(client, f"/wall/{token}").status_code in {302, 403}
    assert client.get("/clock").status_code == 401


def test_the_sign_in_speaks_the_language_that_was_chosen(server: Flask) -> None:
    client = server.test_client()
    assert "登录" in client.get("/sign-in").text
    client.get("/language?to=en&next=/sign-in")
    page = client.get("/sign-in").text
    assert "Username" in page
    assert 'lang="en"' in page
    client.get("/language?to=tlh")
    assert "Username" in client.get("/sign-in").text
    sign_in(client, "leader", "wrong password")
    assert "登录" in server.test_client().get("/sign-in").text


def test_a_failed_sign_in_does_not_say_which_half_was_wrong(server: Flask) -> None:
    def answer(username: str, password: str) -> tuple[int, str]:
        response = sign_in(server.test_client(), username, password)
        return response.status_code, re.sub(r'value="[^"]*"', "", response.text)

    assert answer("leader", "wrong password") == answer("nobody", PASSWORD)
    assert answer("leader", "wrong password")[0] == 401


def test_guessing_is_slowed_down_and_stops_when_the_window_has_passed(server: Flask, clock: Clock) -> None:
    for _ in range(8):
        assert sign_in(server.test_client(), "Leader", "wrong password").status_code == 401
    refused = sign_in(server.test_client(), "leader")
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) == 900
    assert "15" in refused.text
    assert sign_in(server.test_client(), "county").status_code == 303
    clock.advance(minutes=15)
    assert sign_in(server.test_client(), "leader").status_code == 303


def test_an_empty_form_and_an_expired_one_are_answered_kindly(server: Flask) -> None:
    client = server.test_client()
    assert sign_in(client, "", "").status_code == 422
    expired = client.post("/sign-in", data={"username": "leader", "password": PASSWORD})
    assert expired.status_code == 400
    assert "<form" in expired.text
    assert client.get("/clock").status_code == 401


def test_who_has_no_role_may_enter_but_do_nothing(server: Flask) -> None:
    client = enter(server, STRANGER)
    assert client.get("/clock").json == "stranger"
    assert not any(STRANGER.may(permission) for permission in Permission)
