"""A published generation on each kind of database, made once: for tests that only read it."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from dashboard.db import make_engine
from dashboard.db import sessions as make_sessions
from tests.conftest import TEMPLATE
from tests.generations import publish

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def published_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the URL of a database with tests/generations.py in it; nobody writes to it."""
    url = _sqlite(request, tmp_path_factory) if request.param == "sqlite" else _postgres(request)
    engine = make_engine(url)
    with make_sessions(engine)() as session:
        publish(session)
    engine.dispose()
    return url


@pytest.fixture
def published(published_url: str) -> Iterator[Session]:
    """Yield a session on the published database."""
    engine = make_engine(published_url)
    with make_sessions(engine)() as session:
        yield session
    engine.dispose()


def _sqlite(request: pytest.FixtureRequest, folders: pytest.TempPathFactory) -> str:
    file = folders.mktemp("published") / "smoke.db"
    shutil.copyfile(request.getfixturevalue("migrated_sqlite"), file)
    return f"sqlite:///{file}"


def _postgres(request: pytest.FixtureRequest) -> str:
    server = request.getfixturevalue("postgres_server")
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    name = f"published_{uuid4().hex}"  # the fixture may be set up more than once in one process: tests are handed over
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}"))
    engine.dispose()
    return make_url(server).set(database=name).render_as_string(hide_password=False)
