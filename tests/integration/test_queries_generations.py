"""Which generation is live, and that one read stays with one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from dash.exceptions import PreventUpdate
from flask import Flask
from flask_caching import Cache

from dashboard import services as services_module
from dashboard.access.permissions import Permission
from dashboard.access.scope import Scope
from dashboard.errors import NotAllowed
from dashboard.queries.generations import live_generation
from dashboard.queries.regions import region_series
from dashboard.queries.runs import files_of, newest_jobs, newest_runs, quarantine_of, steps_of
from dashboard.queries.watchlist import enterprises_in
from dashboard.services import Services, reading
from tests.builders import ADMINISTRATOR, CITY, COUNTY, LEADER, PROVINCE, STRANGER, WALL
from tests.generations import begin, publish

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session, sessionmaker

    from dashboard.access.viewer import Viewer
    from dashboard.settings import Settings

RUN = "00000000-0000-4000-8000-000000000001"


@pytest.fixture
def services(sessions: sessionmaker[Session], settings: Settings) -> Services:
    return Services(settings, sessions, Cache(Flask("reads"), config={"CACHE_TYPE": "SimpleCache"}))


@pytest.fixture
def person(monkeypatch: pytest.MonkeyPatch) -> Viewer:
    monkeypatch.setattr(services_module, "current_viewer", lambda: LEADER)
    return LEADER


def test_before_the_first_generation_there_is_none(sessions: sessionmaker[Session]) -> None:
    with sessions() as session:
        assert live_generation(session) is None


def test_a_generation_that_is_being_built_is_not_live(sessions: sessionmaker[Session]) -> None:
    with sessions() as session:
        publish(session, 1, only=["0"])
        begin(session, 2)
        session.commit()
        live = live_generation(session)
    assert live is not None
    assert live.generation == 1


def test_a_generation_says_what_its_header_states(published: Session) -> None:
    live = live_generation(published)
    assert live is not None
    assert (live.rows_in, live.rows_staged, live.rows_quarantined) == (1000, 987, 13)
    assert live.completeness == pytest.approx(0.987)
    assert replace(live, rows_in=0).completeness is None


@pytest.mark.usefixtures("person")
def test_nothing_is_drawn_before_the_first_generation(services: Services) -> None:
    with pytest.raises(PreventUpdate), reading(services, Permission.OVERVIEW_READ):
        raise AssertionError("there was something to read")


@pytest.mark.usefixtures("person")
def test_an_empty_generation_is_read_as_no_data(services: Services) -> None:
    with services.sessions() as session:
        publish(session, 1, only=[])
    with reading(services, Permission.OVERVIEW_READ) as read:
        assert read.live.generation == 1
        assert read.rows(region_series, "0") == []
        assert read.rows(enterprises_in, "0", 9).total == 0


@pytest.mark.usefixtures("person")
def test_a_read_stays_with_its_generation_while_another_is_published(services: Services) -> None:
    with services.sessions() as session:
        publish(session, 1, only=["0"])
    with reading(services, Permission.OVERVIEW_READ) as read:
        before = read.rows(region_series, "0")
        with services.sessions() as session:
            publish(session, 2, only=["0"])
        names = [row.name for row in read.rows(enterprises_in, "0", 99).rows]
    with reading(services, Permission.OVERVIEW_READ) as later:
        after = later.rows(region_series, "0")
    assert all("试验1期" in name for name in names)
    assert (read.live.generation, later.live.generation) == (1, 2)
    assert after[-1].red == before[-1].red + 1


def test_a_viewers_answers_are_never_given_to_another(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    with services.sessions() as session:
        publish(session, 1, only=["0", "33"])

    def listed(person: Viewer, region: str) -> int:
        monkeypatch.setattr(services_module, "current_viewer", lambda: person)
        with reading(services, Permission.ENTERPRISE_READ) as read:
            return read.rows(enterprises_in, region, 1).total

    assert listed(LEADER, "33") > 0
    with pytest.raises(NotAllowed):
        listed(replace(PROVINCE, home_region="32"), "33")


@pytest.mark.parametrize("person", [STRANGER], ids=["stranger"])
def test_who_lacks_the_permission_reads_nothing(
    services: Services, person: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services_module, "current_viewer", lambda: person)
    for permission in Permission:
        with pytest.raises(NotAllowed), reading(services, permission):
            raise AssertionError("it was opened")


@pytest.mark.parametrize("person", [LEADER, ADMINISTRATOR], ids=lambda person: person.name)
def test_those_who_tend_the_machinery_see_runs_files_and_what_was_kept_out(published: Session, person: Viewer) -> None:
    scope = person.scope(Permission.RUNS_READ)
    assert [run.run_id for run in newest_runs(published, scope, "0", 9)] == [RUN]
    assert steps_of(published, scope, "0", RUN) == [("extract", 1.5, 1000)]
    (file,) = files_of(published, scope, "0", RUN)
    assert file["rows_in"] == file["rows_staged"] + file["rows_quarantined"]
    (row,) = quarantine_of(published, scope, "0", RUN, 9)
    assert (row["line"], row["reason"]) == (7, "bad_code")
    assert newest_jobs(published, scope, "0", 9) == []


@pytest.mark.parametrize("person", [PROVINCE, CITY, COUNTY], ids=lambda person: person.name)
def test_landing_files_of_the_whole_installation_are_not_for_one_province(published: Session, person: Viewer) -> None:
    scope = person.scope(Permission.RUNS_READ)
    asked: list[tuple[Callable[..., Any], tuple[object, ...]]] = [
        (newest_runs, (9,)),
        (newest_jobs, (9,)),
        (steps_of, (RUN,)),
        (files_of, (RUN,)),
        (quarantine_of, (RUN, 9)),
    ]
    for query, arguments in asked:
        with pytest.raises(NotAllowed):
            query(published, scope, "0", *arguments)


def test_a_wall_reads_no_runs() -> None:
    with pytest.raises(NotAllowed):
        WALL.scope(Permission.RUNS_READ)


def test_a_run_that_is_none_has_neither_steps_nor_files(published: Session) -> None:
    scope = Scope("0")
    assert steps_of(published, scope, "0", "no-such-run") == []
    assert files_of(published, scope, "0", "no-such-run") == []
    assert quarantine_of(published, scope, "0", "no-such-run", 9) == []
