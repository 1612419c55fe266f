"""Settings, the clock and the cache's keys."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from pydantic import SecretStr, ValidationError

from dashboard import clock
from dashboard.cache import Argument, cached_query, make_cache, query_key
from dashboard.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path


def test_production_needs_a_secret_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SMOKE_SECRET_KEY", raising=False)
    with pytest.raises(ValidationError, match="must be set"):
        Settings(environment="production")
    with pytest.raises(ValidationError, match="32 characters"):
        Settings(environment="production", secret_key=SecretStr("s" * 31))
    settings = Settings(environment="production", secret_key=SecretStr("s" * 32))
    assert settings.secret() == "s" * 32
    assert settings.cookies_are_secure


def test_elsewhere_a_secret_is_made_once_and_kept_to_its_owner(tmp_path: Path) -> None:
    settings = Settings(secret_key=None, var_dir=tmp_path / "var")
    assert len(settings.secret()) >= 32
    assert settings.secret() == settings.secret()
    assert stat.S_IMODE((tmp_path / "var/secret_key").stat().st_mode) == 0o600
    assert not settings.cookies_are_secure


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SMOKE_HOME_REGION", "3301")
    monkeypatch.setenv("SMOKE_VAR_DIR", str(tmp_path))
    monkeypatch.delenv("SMOKE_DATABASE_URL", raising=False)
    assert Settings().home_region == "3301"
    assert Settings().database == f"sqlite:///{tmp_path}/smoke.db"
    assert Settings().sources == tmp_path / "sources.toml"
    monkeypatch.setenv("SMOKE_HOME_REGION", "33010")
    with pytest.raises(ValidationError):
        Settings()


def test_dates_are_counted_where_people_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 22, 17, tzinfo=UTC))
    assert clock.today("Asia/Shanghai") == date(2026, 11, 23)
    assert clock.today("UTC") == date(2026, 11, 22)


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        clock.local(datetime(2026, 11, 22), "Asia/Shanghai")  # noqa: DTZ001 - the mistake under test
    assert clock.local(datetime(2026, 11, 22, 17, tzinfo=UTC), "Asia/Shanghai").hour == 1
    assert clock.now().tzinfo is UTC


@pytest.mark.parametrize("kind", ["files", "memory"])
def test_an_answer_is_computed_once_for_the_same_question(settings: Settings, kind: str) -> None:
    cache = make_cache(Flask("cache"), settings.model_copy(update={"cache": kind}))
    asked: list[int] = []

    def compute() -> None:
        asked.append(1)

    for generation in (1, 1, 2):
        assert cached_query(cache, "weeks", "33", generation, ("red", 4), compute) is None
    assert len(asked) == 2


def test_another_program_does_not_read_what_this_one_kept(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    given = settings.model_copy(update={"cache": "files"})
    cached_query(make_cache(Flask("cache"), given), "weeks", "33", 1, (), lambda: "old")
    assert cached_query(make_cache(Flask("cache"), given), "weeks", "33", 1, (), lambda: "new") == "old"
    monkeypatch.setattr("dashboard.cache.program_mark", lambda: "another")
    assert cached_query(make_cache(Flask("cache"), given), "weeks", "33", 1, (), lambda: "new") == "new"


def test_questions_that_differ_have_keys_that_differ() -> None:
    questions: list[tuple[str, str, int, tuple[Argument, ...]]] = [
        ("a", "33", 1, ()),
        ("b", "33", 1, ()),
        ("a", "34", 1, ()),
        ("a", "33", 2, ()),
        ("a", "33", 1, (1,)),
        ("a", "33", 1, ("1",)),
        ("a", "33", 1, (1, None)),
        ("a", "33", 1, (True,)),
        ("a", "33", 1, ("x", "y")),
        ("a", "33", 1, ("x,y",)),
    ]
    assert len({query_key(*question) for question in questions}) == len(questions)


@dataclass(frozen=True)
class Person:
    """Two of these may have the same repr."""

    name: str


@pytest.mark.parametrize("argument", [Person("x"), object(), ["x"], {"x": 1}, b"x"])
def test_an_object_is_no_part_of_a_key(argument: object) -> None:
    with pytest.raises(TypeError, match="primitives"):
        query_key("a", "33", 1, (argument,))  # type: ignore[arg-type] # the mistake under test
