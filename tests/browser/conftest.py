"""A server over a small generation, headless Chromium, and pages in which nothing may be complained about."""

from __future__ import annotations

import shutil
import threading
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from dashboard import clock
from dashboard.access.viewer import CONSOLE
from dashboard.access.walls import issue_wall_token
from dashboard.app import create_app
from dashboard.db import make_engine
from dashboard.db import sessions as make_sessions
from dashboard.settings import Settings
from tests import populations
from tests.builders import PERSONAS, make_account
from tests.generations import publish
from tests.wiring.visitor import Visitor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from flask import Flask
    from playwright.sync_api import Browser, BrowserContext, Page
    from sqlalchemy import Engine

    from dashboard.access.viewer import Viewer

CHROMIUM = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)
PATIENCE = 20_000  # milliseconds; two cores are shared, and a condition that comes true ends the wait at once
DESK = (1440, 900)


@dataclass(frozen=True)
class Place:
    """A running installation: where it answers, and what stands behind it."""

    address: str
    server: Flask
    engine: Engine
    wall: str
    files: Path  # the generations' files of the full population

    def publish(self, generation: int) -> None:
        """Publish another generation, as fresh as can be."""
        populations.write(self.files, generation)
        with make_sessions(self.engine)() as session:
            publish(session, generation, published_at=clock.now(), data_until=clock.today("Asia/Shanghai"))

    def cookies_of(self, person: Viewer) -> list[dict[str, str]]:
        """Return the cookies of somebody who has signed in."""
        visitor = Visitor(self.server.test_client())
        visitor.sign_in(person)
        found = visitor.client.get_cookie("smoke_session")
        assert found
        return [{"name": found.key, "value": found.value, "url": self.address}]


class Quiet(WSGIRequestHandler):
    """A handler that keeps its requests to itself."""

    def log_request(self, *_: object, **__: object) -> None:
        """Say nothing."""


@contextmanager
def serving(server: Flask) -> Iterator[str]:
    """Answer on a free port of loopback inside the block."""
    listening = make_server("127.0.0.1", 0, server, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=listening.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{listening.server_port}"
    listening.shutdown()
    thread.join()
    listening.server_close()


@contextmanager
def installed(var: Path, template: Path) -> Iterator[Place]:
    """Run an installation in the folder `var` with all personas, a wall for the nation, and one generation."""
    shutil.copyfile(template, var / "smoke.db")
    given = Settings(environment="development", var_dir=var, home_region="0", cache="memory", clock_seconds=2)
    engine = make_engine(given.database)
    with make_sessions(engine)() as session:
        for person in PERSONAS:
            make_account(session, person)
        token = issue_wall_token(session, CONSOLE, region="0", label="wall", lasts=timedelta(days=1), now=clock.now())
    server = create_app(given).server
    server.config["COMPRESS_MIMETYPES"] = []  # megabytes of scripts, packed anew for each fresh profile, on loopback
    with serving(server) as address:
        place = Place(address, server, engine, f"{address}/wall/{token}", var / "generations")
        place.publish(1)
        yield place
    engine.dispose()


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[Place]:
    """Yield the installation that all stories share; none of them changes it."""
    with installed(tmp_path_factory.mktemp("place"), migrated_sqlite) as place:
        yield place


@pytest.fixture
def own_place(tmp_path: Path, migrated_sqlite: Path) -> Iterator[Place]:
    """Yield an installation that one story may change."""
    with installed(tmp_path, migrated_sqlite) as place:
        yield place


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Yield headless Chromium, one for each test process."""
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM.split())
        yield browser
        browser.close()


@pytest.fixture
def console() -> list[str]:
    """Return what browsers complain about while a story runs; a story ends with none of it left."""
    return []


@pytest.fixture
def open_context(browser: Browser, console: list[str]) -> Iterator[Callable[..., BrowserContext]]:
    """Yield a maker of fresh browser profiles: `size` in CSS pixels, `scheme` dark or light."""
    with ExitStack() as stack:

        def make(size: tuple[int, int] = DESK, scheme: Any = "dark") -> BrowserContext:  # noqa: ANN401 - playwright's literal
            viewport: Any = {"width": size[0], "height": size[1]}
            context = browser.new_context(viewport=viewport, color_scheme=scheme, reduced_motion="reduce")
            context.set_default_timeout(PATIENCE)
            context.on("console", lambda message: console.append(f"{message.type}: {message.text}"))
            context.on("weberror", lambda failure: console.append(f"thrown: {failure.error}"))
            stack.callback(context.close)
            return context

        yield make
    assert console == []


@pytest.fixture
def at_desk(open_context: Callable[..., BrowserContext]) -> Callable[..., Page]:
    """Return a maker of desk pages: who, where (an installation), the path; `locale` zh_CN or en."""

    def make(person: Viewer, where: Place, path: str, *, locale: str = "zh_CN", **look: Any) -> Page:  # noqa: ANN401 - as above
        context = open_context(**look)
        language: Any = {"name": "smoke_locale", "value": locale, "url": where.address}
        cookies: Any = where.cookies_of(person)
        context.add_cookies([*cookies, language])
        page = context.new_page()
        page.goto(where.address + path)
        return page

    return make


@pytest.fixture
def at_wall(open_context: Callable[..., BrowserContext]) -> Callable[..., Page]:
    """Return a maker of wall pages, opened by the wall's address alone."""

    def make(where: Place, *, screen: str = "overview", locale: str = "zh_CN", **look: Any) -> Page:  # noqa: ANN401 - as above
        context = open_context(**{"size": (1920, 1080), **look})
        language: Any = {"name": "smoke_locale", "value": locale, "url": where.address}
        context.add_cookies([language])
        page = context.new_page()
        page.goto(where.wall)
        if screen != "overview":
            page.goto(f"{where.address}/wall/{screen}")
        return page

    return make
