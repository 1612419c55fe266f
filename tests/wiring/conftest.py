"""One application over a published generation, and everybody who comes to see it."""

from __future__ import annotations

import shutil
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from dashboard import clock
from dashboard.access.viewer import CONSOLE
from dashboard.access.walls import issue_wall_token
from dashboard.app import Page, create_app
from dashboard.db import make_engine
from dashboard.db import sessions as make_sessions
from dashboard.settings import Settings
from tests import populations, searched
from tests.builders import SIGNING_IN, WALL, make_account
from tests.casefiles import make_shown_cases
from tests.generations import publish
from tests.wiring.visitor import Visitor

if TYPE_CHECKING:
    from pathlib import Path

    from dashboard.access.viewer import Viewer


@pytest.fixture(scope="session")
def installation(bare_installation: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Return the settings of an installation with accounts, one generation, and a few cases to look at."""
    var = tmp_path_factory.mktemp("installation") / "var"
    shutil.copytree(bare_installation.var_dir, var)
    given = bare_installation.model_copy(update={"var_dir": var})
    engine = make_engine(given.database)
    with make_sessions(engine)() as session:
        make_shown_cases(session)
    engine.dispose()
    return given


@pytest.fixture(scope="session")
def bare_installation(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Settings:
    """Return the settings of an installation with accounts of all personas and one generation."""
    var = tmp_path_factory.mktemp("bare")
    shutil.copyfile(migrated_sqlite, var / "smoke.db")
    given = Settings(environment="development", var_dir=var, home_region="0", locale="zh_CN", cache="memory")
    engine = make_engine(given.database)
    with make_sessions(engine)() as session:
        publish(session)
        populations.write(var / "generations")
        searched.write(var / "generations")
        for person in SIGNING_IN:
            make_account(session, person)
        token = issue_wall_token(
            session, CONSOLE, region=WALL.home_region, label="wall", lasts=timedelta(days=1), now=clock.now()
        )
    engine.dispose()
    (var / "wall").write_text(token, encoding="ascii")
    return given


@pytest.fixture(scope="session")
def app(installation: Settings) -> Page:
    """Return the application; tests only read."""
    return create_app(installation)


@pytest.fixture(scope="session")
def visitors(app: Page, installation: Settings) -> dict[str, Visitor]:
    """Return a browser for each persona, signed in, and one for the wall."""

    def signed_in(person: Viewer) -> Visitor:
        visitor = Visitor(app.server.test_client())
        visitor.sign_in(person)
        return visitor

    wall = Visitor(app.server.test_client())
    wall.start("/wall/" + (installation.var_dir / "wall").read_text(encoding="ascii"))
    return {person.name: signed_in(person) for person in SIGNING_IN} | {"wall": wall}


@pytest.fixture
def nobody(app: Page) -> Visitor:
    """Return a browser in which nobody is signed in."""
    return Visitor(app.server.test_client())
