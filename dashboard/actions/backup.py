"""Copying the database away and back. An SQLite file is copied while it is in use; PostgreSQL has its own tools."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from sqlalchemy.engine import URL, make_url

from dashboard.errors import Invalid, NotFound


def back_up(url: str, target: Path) -> None:
    """Write a consistent copy of the database at `url` to the new file `target`.

    Raise Invalid when `target` exists or the tools of PostgreSQL are missing, NotFound when there is no database.
    """
    if target.exists():
        raise Invalid(f"{target} exists; a backup never overwrites another")
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        _tool("pg_dump", parsed, "--format=custom", f"--file={target}")
        return
    source = Path(parsed.database or "")
    if not source.is_file():
        raise NotFound(f"there is no database at {source}")
    beside = target.with_name(target.name + ".part")
    _copy(f"{source.absolute().as_uri()}?mode=ro", beside)
    beside.replace(target)


def restore(url: str, source: Path, *, force: bool) -> None:
    """Put the backup `source` in the place of the database at `url`; everything that uses it must be stopped first.

    Raise Invalid when there is a database already and not `force`, or when `source` is damaged; NotFound without it.
    """
    if not source.is_file():
        raise NotFound(f"there is no backup at {source}")
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        if not force:
            raise Invalid("restoring replaces what is in the database; say --force if that is meant")
        _tool("pg_restore", parsed, "--clean", "--if-exists", "--single-transaction", str(source))
        return
    target = Path(parsed.database or "")
    if target.exists() and not force:
        raise Invalid(f"{target} exists; say --force to replace it")
    _check(source)
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(target.name + ".part")
    _copy(_resting(source), beside)
    beside.replace(target)
    for suffix in ("-wal", "-shm"):  # they belong to the file that was replaced
        target.with_name(target.name + suffix).unlink(missing_ok=True)


def _resting(file: Path) -> str:
    """Return the address of a file that nobody writes: SQLite then leaves nothing beside it."""
    return f"{file.absolute().as_uri()}?immutable=1"


def _copy(source: str, target: Path) -> None:
    """Copy with SQLite's online backup, which sees one consistent state; the copy is readable by its owner only."""
    target.unlink(missing_ok=True)
    target.touch(mode=0o600)
    with (
        closing(sqlite3.connect(source, uri=True)) as old,
        closing(sqlite3.connect(target)) as new,
    ):
        old.backup(new)


def _check(file: Path) -> None:
    try:
        with closing(sqlite3.connect(_resting(file), uri=True)) as connection:
            verdict = connection.execute("PRAGMA integrity_check").fetchone()[0]
    except sqlite3.DatabaseError as error:
        raise Invalid(f"{file} is not an intact backup: {error}") from error
    if verdict != "ok":
        raise Invalid(f"{file} is not an intact backup: {verdict}")


def _tool(name: str, url: URL, *arguments: str) -> None:
    program = shutil.which(name)
    if program is None:
        raise Invalid(f"{name} is not installed; it comes with PostgreSQL's client tools (postgresql-client)")
    database = url.set(drivername="postgresql", password=None).render_as_string()
    environment = {"PGPASSWORD": url.password} if url.password else {}
    done = subprocess.run(  # noqa: S603 - the program is PostgreSQL's own, its arguments come from the settings
        [program, f"--dbname={database}", *arguments], env=environment, check=False, capture_output=True, text=True
    )
    if done.returncode:
        raise Invalid(f"{name} failed: {done.stderr.strip().splitlines()[-1]}")
