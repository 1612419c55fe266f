"""The command line of the ETL, and what a run leaves on record when it fails."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from dashboard.models.reporting import Generation, Pointer, RegionWeek, Run, RunStep, SourceFile, Watched
from etl.__main__ import main
from etl.pipeline import run
from etl.steps import STEPS
from tests.landing import AS_OF, land, uscc

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session, sessionmaker

    from dashboard.settings import Settings


@pytest.fixture
def here(settings: Settings, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("SMOKE_VAR_DIR", str(settings.var_dir))
    monkeypatch.setenv("SMOKE_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("SMOKE_HISTORY_WEEKS", "4")
    return settings.model_copy(update={"database_url": sqlite_url, "history_weeks": 4})


def test_a_run_from_the_command_line(
    here: Settings, sqlite_sessions: sessionmaker[Session], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sources = land(tmp_path)
    assert main(["run", "--sources", str(sources), "--as-of", "2026-06-30", "--json"]) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    summary = json.loads(printed.out)
    assert [step["step"] for step in summary["steps"]] == [name for name, _ in STEPS]
    assert (summary["rows_in"], summary["rows_staged"], summary["rows_quarantined"]) == (54, 52, 2)
    assert (summary["sources_expected"], summary["sources_read"]) == (3, 2)
    assert (here.var_dir / "generations" / "1" / "scores.parquet").exists()
    with sqlite_sessions() as session:
        made = session.scalars(select(Generation)).one()
        assert (made.as_of, made.data_until, made.model_version, made.enterprises) == (AS_OF, AS_OF, "2026.2", 6)
        assert session.scalars(select(Pointer.generation)).all() == [summary["generation"]]
        steps = session.scalars(select(RunStep).order_by(RunStep.position)).all()
        assert [(step.step, step.rows) for step in steps] == [(step["step"], step["rows"]) for step in summary["steps"]]
        worst = session.scalars(select(Watched).order_by(Watched.smoke_index.desc())).first()
        assert worst is not None
        assert worst.uscc in {uscc(0), uscc(1)}
        assert {"factor", "contribution"} == set(worst.reasons[0])
        nation = session.scalars(select(RegionWeek).where(RegionWeek.region_code == "0")).all()
        assert [row.enterprises for row in nation] == [6] * 4


def test_a_run_tells_what_it_did(here: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sources = land(tmp_path)
    assert main(["run", "--sources", str(sources), "--as-of", "2026-06-30"]) == 0
    assert "generation 1 of 2026-06-30 is live" in capsys.readouterr().out
    assert main(["status"]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[0].startswith(
        "generation 1 is live: as of 2026-06-30, model 2026.2, 6 enterprises, 2 of 3 sources read"
    )
    assert "published" in told[1]
    assert here.var_dir.exists()


def test_before_the_first_run(here: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status"]) == 0
    assert capsys.readouterr().out == "no generation is live yet\n"
    assert not (here.var_dir / "generations").exists()


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["run", "--as-of", "30.6.2026"], "'30.6.2026' is not a date like 2026-01-31"),
        (["run", "--jsno"], "unrecognized arguments: --jsno"),
        (["rnu"], "invalid choice: 'rnu'"),
        ([], "required"),
    ],
)
def test_a_mistyped_command_is_one_line_and_code_2(
    arguments: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert complaint in line


def test_a_wrong_setting_is_one_line_and_code_2(
    here: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SMOKE_HISTORY_WEEKS", "1")
    assert main(["status"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "history_weeks" in line
    assert here.history_weeks == 4


def test_a_failed_run_is_on_record_and_leaves_nothing(
    here: Settings, sqlite_sessions: sessionmaker[Session], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nowhere = tmp_path / "nowhere.toml"
    assert main(["run", "--sources", str(nowhere), "--as-of", "2026-06-30"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "nowhere.toml" in line
    with sqlite_sessions() as session:
        failed = session.scalars(select(Run)).one()
        assert (failed.state, failed.generation, failed.as_of) == ("failed", None, date(2026, 6, 30))
        assert "nowhere.toml" in failed.message
        assert failed.ended_at is not None
    assert list((here.var_dir / "runs").iterdir()) == []


def test_a_register_that_is_not_there_is_not_published_unless_the_loss_is_accepted(
    here: Settings, sqlite_sessions: sessionmaker[Session], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sources = land(tmp_path)
    (sources.parent / "enterprises.csv").unlink()
    asked = ["run", "--sources", str(sources), "--as-of", "2026-06-30"]
    assert main(asked) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "source 'register', the register: enterprises.csv is missing (no file has this name); nothing is" in line
    with sqlite_sessions() as session:
        assert session.scalars(select(Pointer.generation)).all() == []
        failed = session.scalars(select(Run)).one()
        assert (failed.state, f"etl: {failed.message}") == ("failed", line)
        assert {file.source: file.state for file in session.scalars(select(SourceFile))} == {
            "register": "missing",
            "bureaux": "read",
            "never_sent": "missing",
        }
    assert not (here.var_dir / "generations").exists()
    assert main([*asked, "--accept-loss"]) == 0
    with sqlite_sessions() as session:
        assert session.scalars(select(Generation.enterprises)).all() == [0]


def test_an_unusable_model_is_on_record(here: Settings, sqlite_sessions: sessionmaker[Session], tmp_path: Path) -> None:
    spoilt = here.model_copy(update={"model_file": tmp_path / "no-model.toml"})
    with pytest.raises(Exception, match=r"no-model\.toml"):
        run(spoilt, sources_file=land(tmp_path), as_of=AS_OF)
    with sqlite_sessions() as session:
        assert session.scalars(select(Run.state)).all() == ["failed"]
