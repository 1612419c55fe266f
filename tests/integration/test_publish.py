"""Publishing is atomic: killed at any point, a run leaves readers the last generation whole; the next one cleans up."""

from __future__ import annotations

import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

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
from etl import pipeline
from etl.pipeline import STEPS, run
from etl.publish.runs import AnotherRun, only_run
from tests.landing import AS_OF, land

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session, sessionmaker

MOMENTS = [
    *((step, moment) for step, _ in STEPS for moment in ("begun", "done")),
    ("rows", "agg_region_week"),
    ("rows", "fct_warning"),
    ("rows", "dim_watchlist"),
    ("flip", "before commit"),
]
"""Everything that an observer of a run hears."""

COMPUTING = [name for name, _ in STEPS[: [name for name, _ in STEPS].index("files")]]
"""The steps before publishing; what they make is prepared once, so that most children only publish."""

CHILD = """
import os, shutil, signal, sys
from datetime import date
from pathlib import Path
from dashboard.settings import Settings
from etl import pipeline

var_dir, url, sources, prepared, step, moment = sys.argv[1:]

def die(*heard):
    if heard == (step, moment):
        os.kill(os.getpid(), signal.SIGKILL)

def open_prepared(path, **limits):
    shutil.copyfile(prepared, path)
    return opened(path, **limits)

if prepared:
    opened, pipeline.open_engine = pipeline.open_engine, open_prepared
    pipeline.STEPS = pipeline.STEPS[-3:]
settings = Settings(var_dir=var_dir, database_url=url, history_weeks=4, generations_kept=2)
pipeline.run(settings, sources_file=Path(sources), as_of=date(2026, 6, 30), observe=die)
"""


@pytest.fixture
def here(settings: Settings, database_url: str) -> Settings:
    return settings.model_copy(update={"database_url": database_url, "history_weeks": 4, "generations_kept": 2})


def make(here: Settings, sources: Path) -> dict[str, Any]:
    return run(here, sources_file=sources, as_of=AS_OF)


def killed(here: Settings, sources: Path, prepared: Path | str, step: str, moment: str) -> None:
    """Start a run in a process of its own and let it be killed at one moment."""
    arguments = [str(here.var_dir), here.database_url, str(sources), str(prepared), step, moment]
    ended = subprocess.run(
        [sys.executable, "-c", CHILD, *arguments], cwd=HOUSE, check=False, capture_output=True, text=True
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr


def prepare(here: Settings, sources: Path, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a generation, and keep the tables that it was made of in `file`."""

    def keep(job: pipeline.Job) -> int:
        job.con.raw_sql(f"ATTACH '{file}' AS prepared")
        job.con.raw_sql("COPY FROM DATABASE run TO prepared")
        job.con.raw_sql("DETACH prepared")
        return pipeline.check(job)

    with monkeypatch.context() as patch:
        steps = tuple((name, keep if name == "check" else step) for name, step in STEPS)
        patch.setattr(pipeline, "STEPS", steps)
        make(here, sources)


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
    settings: Settings, sqlite_url: str, sqlite_sessions: sessionmaker[Session], tmp_path: Path
) -> None:
    here = settings.model_copy(update={"database_url": sqlite_url, "history_weeks": 4})
    sources = land(tmp_path / "landing")
    make(here, sources)
    before = whole(sqlite_sessions, here.var_dir)
    for step in COMPUTING:
        killed(here, sources, "", step, "done")
        assert whole(sqlite_sessions, here.var_dir) == before, step
    after = make(here, sources)["generation"]
    assert whole(sqlite_sessions, here.var_dir) == before | {"generation": after}
    with sqlite_sessions() as session:
        states = session.scalars(select(Run.state).order_by(Run.started_at)).all()
    assert states == ["published", *["abandoned"] * len(COMPUTING), "published"]
    assert not list((here.var_dir / "runs").glob("*/work"))


def test_a_run_killed_while_publishing_leaves_the_last_generation_whole(
    here: Settings, sessions: sessionmaker[Session], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources, prepared = land(tmp_path / "landing"), tmp_path / "prepared.duckdb"
    prepare(here, sources, prepared, monkeypatch)
    before = whole(sessions, here.var_dir)
    assert before["rpt_region_week"] > 0
    dead = [(step, moment) for step, moment in MOMENTS if step not in COMPUTING and (step, moment) != ("flip", "done")]
    for step, moment in dead:
        killed(here, sources, prepared, step, moment)
        assert whole(sessions, here.var_dir) == before, (step, moment)
    after = make(here, sources)["generation"]
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
    here: Settings, sessions: sessionmaker[Session], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources, prepared = land(tmp_path / "landing"), tmp_path / "prepared.duckdb"
    prepare(here, sources, prepared, monkeypatch)
    before = whole(sessions, here.var_dir)
    killed(here, sources, prepared, "flip", "done")
    after = whole(sessions, here.var_dir)
    assert after == before | {"generation": after["generation"]}
    assert after["generation"] > before["generation"]
    with sessions() as session:
        assert session.scalars(select(Run.state)).all() == ["published"] * 2


def test_old_generations_retire_with_their_files_and_details(
    here: Settings, sessions: sessionmaker[Session], tmp_path: Path
) -> None:
    sources = land(tmp_path / "landing")
    made = [make(here, sources) for _ in range(3)]
    kept = [summary["generation"] for summary in made[-2:]]
    with sessions() as session:
        assert session.scalars(select(Generation.generation).order_by(Generation.generation)).all() == kept
        assert session.scalars(select(Pointer.generation)).all() == kept[-1:]
        for table in (SourceFile, QuarantinedRow, RunStep):
            assert set(session.scalars(select(table.run_id))) == {summary["run_id"] for summary in made[-2:]}
        assert len(session.scalars(select(Run)).all()) == 3
    for folder, names in (("generations", map(str, kept)), ("runs", (summary["run_id"] for summary in made[-2:]))):
        assert {entry.name for entry in (here.var_dir / folder).iterdir()} == set(names)


def test_every_moment_is_heard_and_the_same_files_make_the_same_generation(
    settings: Settings, sqlite_url: str, sqlite_sessions: sessionmaker[Session], tmp_path: Path
) -> None:
    here = settings.model_copy(update={"database_url": sqlite_url, "history_weeks": 4})
    sources = land(tmp_path)
    heard: list[tuple[str, str]] = []
    run(here, sources_file=sources, as_of=AS_OF, observe=lambda step, moment: heard.append((step, moment)))
    assert sorted(heard) == sorted(MOMENTS)
    before = whole(sqlite_sessions, here.var_dir)
    make(here, sources)
    assert whole(sqlite_sessions, here.var_dir) == before | {"generation": before["generation"] + 1}


def test_two_runs_at_once(
    settings: Settings, sqlite_url: str, sqlite_sessions: sessionmaker[Session], tmp_path: Path
) -> None:
    here = settings.model_copy(update={"database_url": sqlite_url})
    with only_run(here.var_dir), pytest.raises(AnotherRun, match="another run is at work"):
        make(here, land(tmp_path))
    with sqlite_sessions() as session:
        assert session.scalars(select(Run)).all() == []
