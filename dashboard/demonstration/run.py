"""The demo in one command: invented landing files, one ETL run, accounts, a wall's address, web server and scheduler.

Run again it reuses what is there; on another day it makes the landing files anew, so that the demo is never stale.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.request import urlopen

from dashboard import clock
from dashboard.access.viewer import CONSOLE
from dashboard.access.walls import issue_wall_token
from dashboard.actions.personas import create_personas
from dashboard.db import make_engine, migrate, sessions
from dashboard.demonstration.cases import make_cases
from dashboard.errors import Invalid, SmokeError
from dashboard.queries.generations import live_generation
from dashboard.queries.population import Population
from dashboard.settings import HOUSE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from sqlalchemy.orm import Session, sessionmaker

    from dashboard.settings import Settings

MONTHS = 18  # so many that the learning finds outcomes to train on, to calibrate with and to be tested by
SEED = 20_26
WALL_LASTS = timedelta(days=30)
HOST = "127.0.0.1"
PATIENCE = timedelta(seconds=60)


def run_demo(settings: Settings, *, enterprises: int, port: int) -> None:
    """Prepare the demo and serve it on loopback until interrupted.

    Raises Invalid in production, SmokeError when a step fails (the step has said why by then).
    """
    if settings.environment == "production":
        raise Invalid("the demo does not run in a production installation")
    _require_free(port)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # asked politely, it takes its servers along
    settings = settings.model_copy(
        update={"environment": "demo", "sources_file": settings.var_dir / "demo" / "sources.toml"}
    )
    migrate(settings.database, HOUSE)
    factory = sessions(make_engine(settings.database))
    today = clock.today(settings.timezone)
    _prepare(settings, factory, today, enterprises)
    _fill_cases(settings, factory)
    with _running(settings, "serve", "--port", str(port)) as web, _running(settings, "schedule"):
        _await(web, port)
        _introduce(settings, factory, port)
        web.wait()


def _prepare(settings: Settings, factory: sessionmaker[Session], today: date, enterprises: int) -> None:
    """Make landing files and a generation unless today's are there."""
    with factory() as session:
        live = live_generation(session)
    if live is not None and live.as_of == today:
        return
    _say(f"Making landing files of {enterprises:,} invented enterprises")
    out = settings.sources.parent
    given = {"--enterprises": enterprises, "--months": MONTHS, "--seed": SEED, "--as-of": today, "--out": out}
    _do(settings, "etl", "demo", *(str(part) for pair in given.items() for part in pair), stdout=subprocess.DEVNULL)
    _say("Running the ETL")
    # The demo may be asked for fewer enterprises than yesterday: here that is no loss of a register.
    _do(settings, "etl", "run", "--as-of", today.isoformat(), "--accept-loss")


def _fill_cases(settings: Settings, factory: sessionmaker[Session]) -> None:
    """Make the personas, and the cases that they and their colleagues have worked on."""
    with factory() as session:
        create_personas(session, settings, clock.now())
        live = live_generation(session)
        if live is None:
            raise SmokeError("the ETL published nothing")
        population = Population(settings.var_dir / "generations", live.generation)
        moment, folder = clock.moment(settings.timezone), settings.sources.parent
        made = make_cases(session, population, folder, settings.var_dir, moment, settings.timezone)
    if made:
        _say(f"Made {made:,} invented cases of the last fourteen months")


def _require_free(port: int) -> None:
    """Raise SmokeError when something listens on the port already, before a minute of work is spent."""
    try:
        socket.create_server((HOST, port)).close()
    except OSError as error:
        raise SmokeError(f"port {port} is taken: is the demo running already? (--port names another)") from error


def _await(web: subprocess.Popen[bytes], port: int) -> None:
    """Return once the web server answers; raise SmokeError when it ends or stays silent instead."""
    patience = clock.now() + PATIENCE
    while clock.now() < patience:
        try:
            web.wait(timeout=0.3)
            break
        except subprocess.TimeoutExpired:
            with suppress(OSError), urlopen(f"http://{HOST}:{port}/health", timeout=5):
                return
    raise SmokeError("the web server did not start")


def _introduce(settings: Settings, factory: sessionmaker[Session], port: int) -> None:
    """Print where to look and who may sign in."""
    base = f"http://{HOST}:{port}"
    with factory() as session:
        people = create_personas(session, settings, clock.now())
    _say("")
    _say(f"Wall   {base}/wall/{_wall_token(settings, factory)}")
    _say(f"Desk   {base}/sign-in")
    for username, password in people.items():
        _say(f"       {username:<10} {password}")
    _say("\nCtrl-C stops the demo; `make demo` starts it again.")


def _wall_token(settings: Settings, factory: sessionmaker[Session]) -> str:
    """Return the demo wall's token, made once and kept for its owner only."""
    kept = settings.var_dir / "demo-wall-token"
    young = kept.exists() and clock.now().timestamp() - kept.stat().st_mtime < WALL_LASTS.total_seconds() / 2
    if not young:
        with factory() as session:
            token = issue_wall_token(
                session, CONSOLE, region=settings.home_region, label="demo", lasts=WALL_LASTS, now=clock.now()
            )
        kept.unlink(missing_ok=True)
        kept.touch(mode=0o600)
        kept.write_text(token, encoding="ascii")
    return kept.read_text(encoding="ascii")


def _environment(settings: Settings) -> dict[str, str]:
    """Return what the demo's processes are told; they read everything else as this one did."""
    told = {
        "SMOKE_ENVIRONMENT": settings.environment,
        "SMOKE_VAR_DIR": str(settings.var_dir),
        "SMOKE_SOURCES_FILE": str(settings.sources),
    }
    return os.environ | told


def _do(settings: Settings, module: str, *arguments: str, stdout: int | None = None) -> None:
    """Run one command of ours to its end; raise SmokeError when it fails."""
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, cwd=HOUSE, env=_environment(settings), check=False, stdout=stdout)  # noqa: S603 - our own commands
    if done.returncode:
        raise SmokeError(f"python -m {module} {arguments[0]} failed")


@contextmanager
def _running(settings: Settings, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """Keep one of our servers running inside the block; stop it politely at its end."""
    command = [sys.executable, "-m", "dashboard", *arguments]
    with subprocess.Popen(command, cwd=HOUSE, env=_environment(settings)) as process:  # noqa: S603 - as above
        try:
            yield process
        except KeyboardInterrupt:
            _say("\nStopping")
        finally:
            process.send_signal(signal.SIGTERM)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
