"""python -m dashboard: what it does, what it prints, and how it complains."""

from __future__ import annotations

import io
import json
import os
import stat
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from dashboard.__main__ import main, parser
from dashboard.access.sign_in import authenticate
from dashboard.access.walls import wall_of_token
from dashboard.actions import backup
from dashboard.actions.personas import PERSONAS, kept_passwords
from dashboard.db import make_engine, sessions
from dashboard.errors import Invalid, NotFound
from dashboard.models.accounts import UserAccount
from tests.builders import NOW, PASSWORD

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from dashboard.settings import Settings

ADD = ["user", "add", "li.na", "--name", "李娜", "--region", "3301", "--role", "officer"]


@pytest.fixture
def say(
    settings: Settings, sqlite_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """Return a console of this test's own installation: arguments → exit code, output, complaints."""
    monkeypatch.setenv("SMOKE_VAR_DIR", str(settings.var_dir))
    monkeypatch.setenv("SMOKE_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("SMOKE_ENVIRONMENT", "demo")

    def run(*arguments: str, typed: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        try:
            code = main(list(arguments))
        except SystemExit as left:
            code = left.code if isinstance(left.code, int) else 1
        out, err = capsys.readouterr()
        return code, out, err

    return run


def may_enter(url: str, username: str, password: str) -> bool:
    engine = make_engine(url)
    with sessions(engine)() as session:
        account = session.scalars(select(UserAccount).where(UserAccount.username == username)).one()
        entered = account.disabled_at is None and authenticate(session, username, password, "", NOW).id == account.id
    engine.dispose()
    return entered


def test_an_account_is_added_listed_changed_and_disabled(
    say: Callable[..., tuple[int, str, str]], sqlite_url: str
) -> None:
    assert say(*ADD, typed=PASSWORD + "\n") == (0, "", "")
    assert may_enter(sqlite_url, "li.na", PASSWORD)
    _, listed, _ = say("user", "list")
    assert all(word in listed for word in ("li.na", "李娜", "3301", "officer"))
    code, printed, _ = say("user", "password", "LI.NA", "--generate")
    assert code == 0
    assert may_enter(sqlite_url, "li.na", printed.rpartition(" ")[2].strip())
    assert say("user", "disable", "li.na")[0] == 0
    assert "disabled" in say("user", "list")[1]
    assert say("audit", "verify")[:2] == (0, "the audit log is whole: 5 entries\n")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ([], 2),
        (["dance"], 2),
        (["user"], 2),
        (["user", "add"], 2),
        ([*ADD, "--role", "king"], 2),
        (["wall", "revoke", "x"], 2),
        ([*ADD], 1),
        (["user", "disable", "nobody"], 1),
        (["wall", "revoke", "7"], 1),
        (["wall", "issue", "--label", "x", "--region", "bad"], 1),
        (["restore", "/no/such/file"], 1),
    ],
)
def test_complaints_are_one_line(say: Callable[..., tuple[int, str, str]], arguments: list[str], code: int) -> None:
    answered, out, err = say(*arguments, typed="short\n")
    assert (answered, out) == (code, "")
    assert len(err.splitlines()) == 1


def test_a_wrong_setting_is_named(say: Callable[..., tuple[int, str, str]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMOKE_HOME_REGION", "33010")
    code, _, err = say("user", "list")
    assert code == 2
    assert "SMOKE_HOME_REGION" in err


def test_every_command_has_help(capsys: pytest.CaptureFixture[str]) -> None:
    def commands(one: object) -> list[list[str]]:
        found: list[list[str]] = []
        for action in getattr(one, "_actions", []):
            for name, below in (action.choices or {}).items() if isinstance(action.choices, dict) else ():
                found += [[name], *([name, *rest] for rest in commands(below))]
        return found

    every = commands(parser())
    assert {" ".join(command) for command in every} >= {"user add", "wall issue", "audit verify", "serve", "schedule"}
    for command in [[], *every]:
        with pytest.raises(SystemExit) as left:
            main([*command, "--help"])
        assert left.value.code == 0
        assert "--help" in capsys.readouterr().out


def test_a_walls_address_is_issued_listed_and_revoked(
    say: Callable[..., tuple[int, str, str]], sqlite_url: str
) -> None:
    code, address, _ = say("wall", "issue", "--label", "大厅", "--region", "33", "--base-url", "http://127.0.0.1:8050/")
    assert code == 0
    base, _, token = address.strip().rpartition("/")
    assert base == "http://127.0.0.1:8050/wall"
    engine = make_engine(sqlite_url)
    with sessions(engine)() as session:
        assert wall_of_token(session, token, NOW).region == "33"
    engine.dispose()
    assert all(word in say("wall", "list")[1] for word in ("大厅", "never", "valid"))
    assert say("wall", "revoke", "1")[0] == 0
    assert "revoked" in say("wall", "list")[1]


def test_personas_are_made_once_and_their_passwords_kept_to_their_owner(
    say: Callable[..., tuple[int, str, str]], settings: Settings, sqlite_url: str
) -> None:
    code, printed, _ = say("personas")
    assert code == 0
    assert say("personas")[1] == printed
    kept = json.loads(kept_passwords(settings).read_text())
    assert printed == "".join(f"{username}\t{password}\n" for username, password in kept.items())
    assert set(kept) == set(PERSONAS)
    assert stat.S_IMODE(kept_passwords(settings).stat().st_mode) == 0o600
    assert all(may_enter(sqlite_url, username, password) for username, password in kept.items())
    kept_passwords(settings).unlink()
    assert say("personas")[0] == 0
    renewed = json.loads(kept_passwords(settings).read_text())
    assert all(may_enter(sqlite_url, username, password) for username, password in renewed.items())
    assert renewed != kept


def test_personas_belong_to_demos_only(
    say: Callable[..., tuple[int, str, str]], monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    monkeypatch.setenv("SMOKE_ENVIRONMENT", "development")
    assert say("personas")[0] == 1
    assert not kept_passwords(settings).exists()


def test_a_backup_is_taken_in_use_and_restored(
    say: Callable[..., tuple[int, str, str]], sqlite_url: str, tmp_path: Path
) -> None:
    saved = tmp_path / "saved.db"
    say(*ADD, typed=PASSWORD + "\n")
    engine = make_engine(sqlite_url)
    with closing(engine.raw_connection()) as writer:
        writer.cursor().execute("UPDATE operations_revision SET revision = 99")  # not committed: not in the backup
        assert say("backup", str(saved)) == (0, "", "")
    engine.dispose()
    assert say("backup", str(saved))[0] == 1
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600
    say("user", "disable", "li.na")
    assert "--force" in say("restore", str(saved))[2]
    assert say("restore", str(saved), "--force") == (0, "", "")
    assert may_enter(sqlite_url, "li.na", PASSWORD)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["saved.db", "var"]
    assert say("audit", "verify")[0] == 0


def test_a_damaged_backup_is_refused_and_nothing_is_lost(
    say: Callable[..., tuple[int, str, str]], sqlite_url: str, tmp_path: Path
) -> None:
    say(*ADD, typed=PASSWORD + "\n")
    damaged = tmp_path / "damaged.db"
    damaged.write_bytes(b"this is no database at all" * 100)
    assert "not an intact backup" in say("restore", str(damaged), "--force")[2]
    assert may_enter(sqlite_url, "li.na", PASSWORD)


@pytest.mark.postgres
def test_postgresql_is_left_to_its_own_tools(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Invalid, match="pg_dump is not installed"):
        backup.back_up(postgres_url, tmp_path / "saved")
    (tmp_path / "saved").touch()
    with pytest.raises(Invalid, match="--force"):
        backup.restore(postgres_url, tmp_path / "saved", force=False)
    with pytest.raises(Invalid, match="pg_restore is not installed"):
        backup.restore(postgres_url, tmp_path / "saved", force=True)
    tool = tmp_path / "pg_dump"
    tool.write_text("#!/bin/sh\necho first >&2\necho cannot connect >&2\nexit 1\n")
    tool.chmod(0o700)
    with pytest.raises(Invalid, match="pg_dump failed: cannot connect"):
        backup.back_up(postgres_url, tmp_path / "other")


def test_without_a_database_there_is_nothing_to_back_up(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        backup.back_up(f"sqlite:///{tmp_path}/none.db", tmp_path / "saved")


def test_serving_starts_the_web_server_on_the_loopback(
    say: Callable[..., tuple[int, str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[list[str]] = []
    monkeypatch.setattr(os, "execv", lambda _program, arguments: started.append(arguments))
    say("serve", "--workers", "3")
    say("serve", "--host", "::1", "--port", "9000")
    assert "wsgi:server" in started[0]
    assert started[0][started[0].index("--bind") + 1] == "127.0.0.1:8050"
    assert started[0][started[0].index("--workers") + 1] == "3"
    assert started[1][started[1].index("--bind") + 1] == "[::1]:9000"
    assert not any("access" in argument for argument in started[0])


def test_migrating_twice_is_harmless(say: Callable[..., tuple[int, str, str]]) -> None:
    assert say("migrate")[0] == 0
    assert say("migrate")[0] == 0
