"""Replay: what was known on a day, to the last byte, whatever has landed and been decided since."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest
from sqlalchemy import select

from dashboard.clock import now
from dashboard.models.exemptions import Exemption
from dashboard.models.index_models import ModelVersion
from dashboard.models.population import FILES
from dashboard.models.reporting import Generation, RaisedWarning, Run, Watched
from dashboard.settings import HOUSE
from dashboard.vocabulary import SIGNAL_KINDS
from etl.__main__ import main
from etl.pipeline import run
from etl.publish.runs import only_run
from etl.replay import replay
from tests.builders import PROVINCE, make_account
from tests.landing import AS_OF, uscc, write

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session, sessionmaker

    from dashboard.settings import Settings

SHIPPED = HOUSE / "etl/index/models/2026.2.toml"
SOURCES = "".join(
    f'[[source]]\nname = "{name}"\ncontract = "{contract}"\nfiles = "{contract}-*.csv"\n'
    for name, contract in (
        ("register", "enterprises"),
        ("bureaux", "signals"),
        ("ties", "relations"),
        ("cases", "outcomes"),
        ("bank", "rates"),
    )
)
REGISTER = "uscc,name,region_code,established_on,status,reported_on"
SIGNALS = "signal_id,uscc,kind,occurred_on,reported_on,severity"
TIES = "from_id,to_id,kind,share,since_on,reported_on"
CASES = "case_id,uscc,opened_on,closed_on,outcome,reported_on"
RATES = "rate,effective_on,pct,reported_on"
LATER = AS_OF + timedelta(days=7)
LONG_AGO = datetime(2026, 6, 1, tzinfo=UTC)
PEOPLE = 40


@pytest.fixture
def landing(tmp_path: Path) -> Path:
    """Return the folder of what bureaux had sent by `AS_OF`."""
    folder = tmp_path / "landing"
    folder.mkdir()
    (folder / "sources.toml").write_text(SOURCES, encoding="utf-8")
    people = [[uscc(n), f"西湖星禾{n}商贸有限公司", "330106109", "2020-03-04", "active", ""] for n in range(PEOPLE)]
    write(folder / "enterprises-1.csv", REGISTER, people)
    kinds = [kind for sub in SIGNAL_KINDS.values() for kind in sub]
    told = [
        [f"{n}-{place}", uscc(n), kind, "", (AS_OF - timedelta(days=3 * n + place % 9)).isoformat(), "0.9"]
        for n in range(8)
        for place, kind in enumerate(kinds)
    ]
    write(folder / "signals-1.csv", SIGNALS, told)
    ties = [[uscc(n), uscc(n + 1), "shareholder", "0.6", "2021-01-01", "2026-05-05"] for n in range(12)]
    write(folder / "relations-1.csv", TIES, ties)
    write(folder / "outcomes-1.csv", CASES, [["c1", uscc(1), "2026-05-01", "2026-06-01", "confirmed", "2026-06-02"]])
    write(folder / "rates-1.csv", RATES, [["lending_cap", "2025-12-22", "12", "2025-12-22"]])
    return folder


def land_later(folder: Path) -> None:
    """Send what nobody knew on `AS_OF`: a register with other names and statuses, and news of old doings."""
    day = LATER.isoformat()
    people = [
        [uscc(n), f"改名{n}有限公司", "3301", "2020-03-04", ("revoked", "abnormal")[n % 2], day] for n in range(PEOPLE)
    ]
    people.append([uscc(PEOPLE), "新设立有限公司", "330106", "2026-07-01", "active", day])
    write(folder / "enterprises-2.csv", REGISTER, people)
    told = [[f"late-{n}", uscc(n), "petition", "2026-06-01", day, "1"] for n in range(20)]
    write(folder / "signals-2.csv", SIGNALS, told)
    write(folder / "relations-2.csv", TIES, [[uscc(20), uscc(2), "director", "", "2019-01-01", day]])
    write(folder / "outcomes-2.csv", CASES, [["c2", uscc(2), "2026-05-01", "2026-06-01", "confirmed", day]])
    write(folder / "rates-2.csv", RATES, [["lending_cap", "2026-01-01", "9", day]])


@pytest.fixture
def here(settings: Settings, sqlite_url: str) -> Settings:
    return settings.model_copy(update={"database_url": sqlite_url, "history_weeks": 6})


@pytest.fixture
def either(here: Settings, database_url: str) -> Settings:
    """Return the settings on a database of either kind."""
    return here.model_copy(update={"database_url": database_url})


def exempt(sessions: sessionmaker[Session], number: int, **given: object) -> None:
    entry: dict[str, object] = {
        "uscc": uscc(number),
        "region_code": "330106109",
        "kind": "white",
        "risk_type": "",
        "reason": "核实无误",
        "begins_on": AS_OF - timedelta(days=30),
        "ends_on": AS_OF + timedelta(days=30),
        "created_at": now(),
        "created_by": PROVINCE.id,
        "withdrawn_at": None,
        "withdrawn_by": None,
    }
    with sessions.begin() as session:
        session.add(Exemption(**entry | given))


def test_a_replay_is_what_was_published_to_the_last_byte(
    here: Settings, sqlite_sessions: sessionmaker[Session], landing: Path
) -> None:
    with sqlite_sessions() as session:
        make_account(session, PROVINCE)
    exempt(sqlite_sessions, 1, created_at=LONG_AGO)
    sources = landing / "sources.toml"
    published = run(here, sources_file=sources, as_of=AS_OF)
    assert published["warnings"] > 0
    land_later(landing)
    exempt(sqlite_sessions, 2)
    with sqlite_sessions.begin() as session:
        session.scalars(select(Exemption).where(Exemption.uscc == uscc(1))).one().withdrawn_at = now()
    approve(sqlite_sessions, "2026.3")
    with only_run(here.var_dir):  # a run at work disturbs nobody and is not disturbed
        made = replay(here, as_of=AS_OF, version=None, sources_file=sources, out=None)
    assert (made.generation, made.model_version, made.differences) == (1, "2026.2", ())
    listed = pq.read_table(made.folder / "enterprises.parquet", filters=[("exempt", "!=", "")])
    assert listed["uscc"].to_pylist() == [uscc(1)]
    for name in FILES:
        there = here.var_dir / "generations" / "1" / f"{name}.parquet"
        assert (made.folder / f"{name}.parquet").read_bytes() == there.read_bytes(), name
    assert sorted(path.name for path in made.folder.iterdir()) == sorted(f"{name}.parquet" for name in FILES)
    assert not list(here.var_dir.glob("replays/.*"))
    with sqlite_sessions() as session:
        assert session.scalars(select(Run.state)).all() == ["published"]
        assert session.scalars(select(Generation.generation)).all() == [1]


def test_a_week_later_much_is_different(here: Settings, sqlite_sessions: sessionmaker[Session], landing: Path) -> None:
    sources = landing / "sources.toml"
    run(here, sources_file=sources, as_of=AS_OF)
    land_later(landing)
    run(here, sources_file=sources, as_of=LATER)
    old, new = (
        {row["uscc"]: row for row in pq.read_table(here.var_dir / f"generations/{n}/enterprises.parquet").to_pylist()}
        for n in (1, 2)
    )
    assert (len(old), len(new)) == (PEOPLE, PEOPLE + 1)
    assert {row["name"][:2] for row in new.values()} == {"改名", "新设"}
    assert {row["status"] for row in new.values()} == {"revoked", "abnormal", "active"}
    again = replay(here, as_of=AS_OF, version="2026.2", sources_file=sources, out=None)
    assert (again.generation, again.differences) == (1, ())
    with sqlite_sessions() as session:
        assert session.scalars(select(Run.as_of).order_by(Run.started_at)).all() == [AS_OF, LATER]


def test_the_same_tables_are_written_as_the_same_bytes_by_any_number_of_threads(here: Settings, landing: Path) -> None:
    sources = landing / "sources.toml"
    run(here.model_copy(update={"etl_threads": 1}), sources_file=sources, as_of=AS_OF)
    many = here.model_copy(update={"etl_threads": 4})
    assert replay(many, as_of=AS_OF, version=None, sources_file=sources, out=None).differences == ()


def test_the_command_says_how_it_went(
    here: Settings, landing: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("var_dir", "database_url", "history_weeks"):
        monkeypatch.setenv(f"SMOKE_{name.upper()}", str(getattr(here, name)))
    asked = ["replay", "--as-of", AS_OF.isoformat(), "--sources", str(landing / "sources.toml")]
    assert main(asked) == 0
    assert "nothing to compare with" in capsys.readouterr().out
    run(here, sources_file=landing / "sources.toml", as_of=AS_OF)
    assert main([*asked, "--model", "2026.2", "--out", str(tmp_path / "again")]) == 0
    assert "identical to generation 1" in capsys.readouterr().out
    assert main([*asked, "--out", str(tmp_path / "again")]) == 1
    assert "is not empty" in capsys.readouterr().err
    write(landing / "signals-0.csv", SIGNALS, [["slipped-in", uscc(30), "petition", "", "2026-06-20", "1"]])
    assert main(asked) == 1
    told = capsys.readouterr().out
    assert "scores differs from generation 1: 1 rows only here, 1 only there" in told
    assert main([*asked, "--model", "no-such"]) == 1
    assert "no shipped and no approved model 'no-such'" in capsys.readouterr().err


def approve(sessions: sessionmaker[Session], version: str, state: str = "approved") -> None:
    """Store a version of the model in which nothing attains yellow below 99."""
    text = SHIPPED.read_text(encoding="utf-8").replace('version = "2026.2"', f'version = "{version}"')
    text = text.replace("red = 80\norange = 60\nyellow = 40", "red = 100\norange = 99.5\nyellow = 99")
    decided = {"decided_at": now(), "decided_by": PROVINCE.id} if state == "approved" else {}
    with sessions.begin() as session:
        session.add(
            ModelVersion(
                version=version,
                based_on="2026.2",
                text=text,
                note="stricter",
                state=state,
                proposed_at=now(),
                proposed_by=PROVINCE.id,
                **decided,
            )
        )


def test_a_run_computes_with_what_was_approved_last(
    either: Settings, sessions: sessionmaker[Session], landing: Path
) -> None:
    with sessions() as session:
        make_account(session, PROVINCE)
    sources, day = landing / "sources.toml", date.today() + timedelta(days=1)  # noqa: DTZ011 - any day not over yet
    approve(sessions, "2026.4", state="proposed")
    assert run(either, sources_file=sources, as_of=day)["model_version"] == "2026.2"
    approve(sessions, "2026.3")
    strict = run(either, sources_file=sources, as_of=day)
    assert (strict["model_version"], strict["warnings"]) == ("2026.3", 0)
    assert run(either, sources_file=sources, as_of=day, version="2026.1")["model_version"] == "2026.1"
    assert run(either, sources_file=sources, as_of=AS_OF)["model_version"] == "2026.2"  # the approval is younger


def test_lists_hold_warnings_back_and_nothing_else(
    either: Settings, sessions: sessionmaker[Session], landing: Path
) -> None:
    with sessions() as session:
        make_account(session, PROVINCE)
    exempt(sessions, 0, created_at=LONG_AGO)
    exempt(sessions, 1, created_at=LONG_AGO, kind="grey", risk_type="lending")
    exempt(sessions, 2, created_at=LONG_AGO, withdrawn_at=LONG_AGO, withdrawn_by=PROVINCE.id)
    exempt(sessions, 3, created_at=LONG_AGO, ends_on=AS_OF - timedelta(days=20))
    run(either, sources_file=landing / "sources.toml", as_of=AS_OF)
    with sessions() as session:
        warned = set(session.scalars(select(RaisedWarning.uscc)))
        listed = {row.uscc: row for row in session.scalars(select(Watched))}
    assert uscc(0) not in warned
    assert {uscc(2), uscc(3)} <= warned
    assert [listed[uscc(n)].exempt for n in range(4)] == ["white", "grey", "", ""]
    assert listed[uscc(0)].smoke_index > 0
    assert (listed[uscc(0)].warned_week_on, listed[uscc(0)].due_on) == (None, None)
    assert listed[uscc(2)].due_on is not None
