"""Publishing is atomic: killed at any point, a run leaves readers the last generation whole; the next one cleans up."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from dashboard.db import make_engine
from dashboard.db import sessions as make_sessions
from dashboard.models.reporting import (
    Generation,
    Pointer,
    QuarantinedRow,
    RaisedWarning,
    RegionWeek,
    Run,
    RunStep,
    SourceFile,
    Watched,
)
from dashboard.settings import HOUSE, Settings
from etl.pipeline import run
from etl.publish.generation import MARTS
from etl.publish.runs import AnotherRun, only_run
from etl.steps import STEPS
from tests.landing import AS_OF, land
from tests.prepared import HISTORY, beginning, keeping

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy.orm import Session, sessionmaker

MOMENTS = [
    *((step, moment) for step, _ in STEPS for moment in ("begun", "done")),
    *(("rows", mart) for mart, _ in MARTS),
    ("flip", "before commit"),
]
"""Everything that an observer of a run hears."""

COMPUTING = [name for name, _ in STEPS[: [name for name, _ in STEPS].index("files")]]
"""The steps before publishing."""


@dataclass(frozen=True)
class Crunched:
    """One whole run: the landing files, its tables as they stood before each step, and what was heard of it."""

    sources: Path
    prepared: Path
    settings: Settings
    heard: list[tuple[str, str]]


@pytest.fixture(scope="module")
def crunched(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Crunched:
    root = tmp_path_factory.mktemp("crunched")
    shutil.copyfile(migrated_sqlite, root / "smoke.db")
    settings = Settings(var_dir=root, database_url=f"sqlite:///{root / 'smoke.db'}", history_weeks=HISTORY)
    made = Crunched(land(root / "landing"), root / "prepared", settings, [])
    with keeping(made.prepared):
        run(settings, sources_file=made.sources, as_of=AS_OF, observe=lambda *heard: made.heard.append(heard))
    return made


@pytest.fixture(scope="module")
def killer() -> Iterator[subprocess.Popen[str]]:
    arguments = [sys.executable, "-m", "tests.prepared"]
    with subprocess.Popen(arguments, cwd=HOUSE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.communicate()
    assert process.returncode == 0


@pytest.fixture
def here(settings: Settings, database_url: str) -> Settings:
    return settings.model_copy(update={"database_url": database_url, "history_weeks": HISTORY, "generations_kept": 2})


def publish(here: Settings, crunched: Crunched) -> dict[str, Any]:
    """Publish what was crunched as a new generation."""
    with beginning(crunched.prepared, "files"):
        return run(here, sources_file=crunched.sources, as_of=AS_OF)


def killed(killer: subprocess.Popen[str], here: Settings, crunched: Crunched, *moment: str, first: str) -> None:
    """Let a run begin with the step `first` in a process of its own, and be killed at a moment."""
    settings = {
        "var_dir": str(here.var_dir),
        "database_url": here.database_url,
        "history_weeks": here.history_weeks,
        "generations_kept": here.generations_kept,
    }
    asked = {"here": settings, "sources": str(crunched.sources), "prepared": str(crunched.prepared)}
    assert killer.stdin is not None
    assert killer.stdout is not None
    killer.stdin.write(json.dumps(asked | {"first": first, "moment": moment}) + "\n")
    killer.stdin.flush()
    assert int(killer.stdout.readline()) == -signal.SIGKILL, moment


def whole(sessions: sessionmaker[Session], var_dir: Path) -> dict[str, Any]:
    """Return all that a reader sees: the live generation, its rows, and its file."""
    with sessions() as session:
        number = session.scalars(select(Pointer.generation)).one()
        made = session.get_one(Generation, number)
        assert made.state == "published"
        rows = {
            table.__tablename__: session.scalar(select(func.count()).where(table.generation == number))
            for table in (RegionWeek, RaisedWarning, Watched)
        }
    scores = (var_dir / "generations" / str(number) / "scores.parquet").read_bytes()
    return {"generation": number, "scores": scores, **rows}


def test_a_run_killed_while_computing_leaves_the_last_generation_whole(
    settings: Settings,
    sqlite_url: str,
    sqlite_sessions: sessionmaker[Session],
    crunched: Crunched,
    killer: subprocess.Popen[str],
) -> None:
    here = settings.model_copy(update={"database_url": sqlite_url, "history_weeks": HISTORY})
    publish(here, crunched)
    before = whole(sqlite_sessions, here.var_dir)
    for step in COMPUTING:
        killed(killer, here, crunched, step, "done", first=step)
        assert whole(sqlite_sessions, here.var_dir) == before, step
    after = publish(here, crunched)["generation"]
    assert whole(sqlite_sessions, here.var_dir) == before | {"generation": after}
    with sqlite_sessions() as session:
        states = session.scalars(select(Run.state).order_by(Run.started_at)).all()
        steps = session.scalars(
            select(RunStep.step).join(Run, Run.run_id == RunStep.run_id).filter_by(state="abandoned")
        )
        assert set(COMPUTING) <= set(steps)
    assert states == ["published", *["abandoned"] * len(COMPUTING), "published"]
    assert not list((here.var_dir / "runs").glob("*/work"))


def test_a_run_killed_while_publishing_leaves_the_last_generation_whole(
    here: Settings, sessions: sessionmaker[Session], crunched: Crunched, killer: subprocess.Popen[str]
) -> None:
    publish(here, crunched)
    before = whole(sessions, here.var_dir)
    assert before["rpt_region_week"] > 0
    dead = [(step, moment) for step, moment in MOMENTS if step not in COMPUTING and (step, moment) != ("flip", "done")]
    for moment in dead:
        killed(killer, here, crunched, *moment, first="files")
        assert whole(sessions, here.var_dir) == before, moment
    after = publish(here, crunched)["generation"]
    assert whole(sessions, here.var_dir) == before | {"generation": after}
    with sessions() as session:
        states = session.scalars(select(Run.state).order_by(Run.started_at)).all()
        assert states == ["published", *["abandoned"] * len(dead), "published"]
        assert set(session.scalars(select(Generation.generation))) == {before["generation"], after}
        for table in (RegionWeek, RaisedWarning, Watched):
            assert set(session.scalars(select(table.generation).distinct())) <= {before["generation"], after}
    assert {entry.name for entry in (here.var_dir / "generations").iterdir()} == {str(before["generation"]), str(after)}
    assert not list((here.var_dir / "runs").glob("*/work"))


def test_a_run_killed_after_the_flip_has_published(
    here: Settings, sessions: sessionmaker[Session], crunched: Crunched, killer: subprocess.Popen[str]
) -> None:
    publish(here, crunched)
    before = whole(sessions, here.var_dir)
    killed(killer, here, crunched, "flip", "done", first="files")
    after = whole(sessions, here.var_dir)
    assert after == before | {"generation": after["generation"]}
    assert after["generation"] > before["generation"]
    with sessions() as session:
        assert session.scalars(select(Run.state)).all() == ["published"] * 2


def test_a_run_that_fails_while_publishing_keeps_the_last_generation(
    here: Settings, sessions: sessionmaker[Session], crunched: Crunched
) -> None:
    first = publish(here, crunched)["generation"]

    def stumble(step: str, moment: str) -> None:
        if (step, moment) == ("flip", "before commit"):
            raise OSError("disk full\nand more")

    with beginning(crunched.prepared, "files"), pytest.raises(OSError, match="disk full"):
        run(here, sources_file=crunched.sources, as_of=AS_OF, observe=stumble)
    with sessions() as session:
        assert session.scalars(select(Pointer.generation)).all() == [first]
        assert session.scalars(select(Generation.generation)).all() == [first]
        assert set(session.scalars(select(RegionWeek.generation))) == {first}
        failed = session.scalars(select(Run).where(Run.state == "failed")).one()
        assert failed.message == "OSError: disk full"
    assert [entry.name for entry in (here.var_dir / "generations").iterdir()] == [str(first)]


def test_old_generations_retire_with_their_files_and_details(
    here: Settings, sessions: sessionmaker[Session], crunched: Crunched
) -> None:
    made = [publish(here, crunched) for _ in range(3)]
    kept = [summary["generation"] for summary in made[-2:]]
    with sessions() as session:
        assert session.scalars(select(Generation.generation).order_by(Generation.generation)).all() == kept
        assert session.scalars(select(Pointer.generation)).all() == kept[-1:]
        for table in (SourceFile, QuarantinedRow, RunStep):
            assert set(session.scalars(select(table.run_id))) == {summary["run_id"] for summary in made[-2:]}
        assert len(session.scalars(select(Run)).all()) == 3
    for folder, names in (("generations", map(str, kept)), ("runs", (summary["run_id"] for summary in made[-2:]))):
        assert {entry.name for entry in (here.var_dir / folder).iterdir()} == set(names)


def test_every_moment_is_heard_and_the_same_files_make_the_same_generation(crunched: Crunched) -> None:
    assert sorted(crunched.heard) == sorted(MOMENTS)
    engine = make_engine(crunched.settings.database)
    before = whole(make_sessions(engine), crunched.settings.var_dir)
    run(crunched.settings, sources_file=crunched.sources, as_of=AS_OF)
    assert whole(make_sessions(engine), crunched.settings.var_dir) == before | {"generation": before["generation"] + 1}
    engine.dispose()


def test_two_runs_at_once(
    settings: Settings, sqlite_url: str, sqlite_sessions: sessionmaker[Session], tmp_path: Path
) -> None:
    here = settings.model_copy(update={"database_url": sqlite_url})
    with only_run(here.var_dir), pytest.raises(AnotherRun, match="another run is at work"):
        run(here, sources_file=land(tmp_path), as_of=AS_OF)
    with sqlite_sessions() as session:
        assert session.scalars(select(Run)).all() == []
