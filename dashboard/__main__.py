"""python -m dashboard: everything that is done to an installation from its own console."""

from __future__ import annotations

import argparse
import getpass
import logging
import os
import secrets
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from pydantic import ValidationError
from rich.console import Console
from rich.table import Table
from sqlalchemy.exc import DBAPIError

from dashboard import clock
from dashboard.access.audit import verify_chain
from dashboard.access.people import account_named, accounts
from dashboard.access.permissions import Role
from dashboard.access.viewer import CONSOLE
from dashboard.access.walls import in_force, issue_wall_token, revoke_wall_token, wall_tokens
from dashboard.actions.accounts import CreateUser, create_user, disable_user, set_password
from dashboard.actions.backup import back_up, restore
from dashboard.actions.personas import create_personas
from dashboard.db import make_engine, migrate, sessions
from dashboard.demonstration.run import run_demo
from dashboard.errors import SmokeError
from dashboard.i18n import LOCALES
from dashboard.scheduler import Leadership
from dashboard.settings import HOUSE, Settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

FAILED, MISUSED = 1, 2
THREADS = 4  # per web worker: requests mostly wait for the database


class OneLine(argparse.ArgumentParser):
    """A parser that complains in one line."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and where help is; leave with code 2."""
        self.exit(MISUSED, f"{self.prog}: {message} (see {self.prog} --help)\n")


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line asks; return 0, 1 when it failed, 2 when it was asked wrongly."""
    asked = parser().parse_args(arguments)
    try:
        asked.command(asked, Settings())
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(["SMOKE", *map(str, first["loc"])]).upper()
        sys.stderr.write(f"dashboard: setting {name}: {first['msg']}\n")
        return MISUSED
    except (SmokeError, OSError, DBAPIError) as error:
        sys.stderr.write(f"dashboard: {str(error).splitlines()[0]}\n")
        return FAILED
    return 0


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    root = OneLine(prog="python -m dashboard", description=__doc__)
    commands = root.add_subparsers(required=True, parser_class=OneLine, metavar="COMMAND")
    _add_people(commands)
    _add_running(commands)
    return root


def _add_people(commands: argparse._SubParsersAction[OneLine]) -> None:
    people = commands.add_parser("user", help="accounts of people").add_subparsers(required=True, metavar="WHAT")
    adding = _command(people, "add", _user_add, "make an account; its password is asked for, or read from a pipe")
    adding.add_argument("username")
    adding.add_argument("--name", required=True, help="the person's name")
    adding.add_argument("--unit", default="", help="where the person works")
    adding.add_argument("--region", required=True, help="region code of the jurisdiction; 0 is the nation")
    roles = [role.value for role in Role if role is not Role.WALL]
    adding.add_argument("--role", action="append", default=[], choices=roles, help="repeat it for several roles")
    adding.add_argument("--locale", choices=LOCALES, help="language; by default the installation's")
    adding.add_argument("--generate", action="store_true", help="make a random password and print it")
    _command(people, "list", _user_list, "list all accounts")
    changing = _command(people, "password", _user_password, "give an account a new password, end its sign-ins")
    changing.add_argument("username")
    changing.add_argument("--generate", action="store_true", help="make a random password and print it")
    disabling = _command(people, "disable", _user_disable, "disable an account and end its sign-ins")
    disabling.add_argument("username")

    walls = commands.add_parser("wall", help="addresses for walls").add_subparsers(required=True, metavar="WHAT")
    issuing = _command(walls, "issue", _wall_issue, "make an address that signs a wall in; it is shown this once")
    issuing.add_argument("--region", help="region code that the wall shows; by default the home region")
    issuing.add_argument("--label", required=True, help="where the wall hangs")
    issuing.add_argument("--days", type=int, default=365, help="how long it is valid (default: %(default)s)")
    issuing.add_argument("--base-url", default="", help="put before the address, such as https://smoke.example")
    _command(walls, "list", _wall_list, "list all wall addresses")
    revoking = _command(walls, "revoke", _wall_revoke, "make a wall's address invalid at once")
    revoking.add_argument("id", type=int)

    audit = commands.add_parser("audit", help="the audit log").add_subparsers(required=True, metavar="WHAT")
    _command(audit, "verify", _audit_verify, "walk the log's chain and tell whether it is whole")
    _command(commands, "personas", _personas, "make the demo's accounts and print their passwords (demo only)")


def _add_running(commands: argparse._SubParsersAction[OneLine]) -> None:
    showing = _command(commands, "demo", _demo, "prepare the demo and serve it on loopback until Ctrl-C")
    showing.add_argument("--enterprises", type=int, default=100_000, help="how many to invent (default: %(default)s)")
    showing.add_argument("--port", type=int, default=8050, help="port to listen on (default: %(default)s)")
    _command(commands, "migrate", _migrate, "bring the database to the newest schema")
    serving = _command(commands, "serve", _serve, "run the web server")
    serving.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    serving.add_argument("--port", type=int, default=8050, help="port to listen on (default: %(default)s)")
    workers = os.cpu_count() or 1
    serving.add_argument("--workers", type=int, default=workers, help="processes; by default one per core")
    _command(commands, "schedule", _schedule, "run the scheduler; of several, one leads")
    saving = _command(commands, "backup", _backup, "copy the database to a new file, while it is in use")
    saving.add_argument("file", type=Path)
    restoring = _command(commands, "restore", _restore, "put a backup in the database's place; stop everything first")
    restoring.add_argument("file", type=Path)
    restoring.add_argument("--force", action="store_true", help="replace the database that is there")


def _command(commands: argparse._SubParsersAction[OneLine], name: str, run: object, purpose: str) -> OneLine:
    added = commands.add_parser(name, help=purpose, description=purpose)
    added.set_defaults(command=run)
    return added


def _session(settings: Settings) -> Session:
    return sessions(make_engine(settings.database))()


def _password(asked: argparse.Namespace) -> str:
    """Return the new password: made up and printed, typed twice, or the first line of what is piped in."""
    if asked.generate:
        made = secrets.token_urlsafe(12)
        sys.stdout.write(f"password of {asked.username}: {made}\n")
        return made
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    typed = getpass.getpass(f"password of {asked.username}: ")
    if getpass.getpass("again: ") != typed:
        raise SystemExit("dashboard: the two are not the same")
    return typed


def _user_add(asked: argparse.Namespace, settings: Settings) -> None:
    roles = tuple(asked.role)
    command = CreateUser(asked.username, _password(asked), asked.name, asked.region, roles, asked.unit, asked.locale)
    with _session(settings) as session:
        create_user(session, CONSOLE, command, clock.now())


def _user_list(_asked: argparse.Namespace, settings: Settings) -> None:
    with _session(settings) as session:
        rows = [
            (one.username, one.name, one.unit, one.home_region, " ".join(one.roles), "disabled" * bool(one.disabled_at))
            for one in accounts(session, CONSOLE)
        ]
    _print_table(("username", "name", "unit", "region", "roles", ""), rows)


def _user_password(asked: argparse.Namespace, settings: Settings) -> None:
    with _session(settings) as session:
        account = account_named(session, CONSOLE, asked.username)
        set_password(session, CONSOLE, account.id, account.version, _password(asked), clock.now())


def _user_disable(asked: argparse.Namespace, settings: Settings) -> None:
    with _session(settings) as session:
        account = account_named(session, CONSOLE, asked.username)
        disable_user(session, CONSOLE, account.id, account.version, clock.now())


def _wall_issue(asked: argparse.Namespace, settings: Settings) -> None:
    region, lasts = asked.region or settings.home_region, timedelta(days=asked.days)
    with _session(settings) as session:
        token = issue_wall_token(session, CONSOLE, region=region, label=asked.label, lasts=lasts, now=clock.now())
    sys.stdout.write(f"{asked.base_url.rstrip('/')}/wall/{token}\n")


def _wall_list(_asked: argparse.Namespace, settings: Settings) -> None:
    now = clock.now()
    with _session(settings) as session:
        rows = [
            (
                str(wall.id),
                wall.label,
                wall.region,
                f"{clock.local(wall.expires_at, settings.timezone):%Y-%m-%d}",
                f"{clock.local(wall.last_seen_at, settings.timezone):%Y-%m-%d %H:%M}" if wall.last_seen_at else "never",
                "valid" if in_force(wall, now) else "revoked" if wall.revoked_at else "expired",
            )
            for wall in wall_tokens(session, CONSOLE)
        ]
    _print_table(("id", "label", "region", "until", "last seen", ""), rows)


def _wall_revoke(asked: argparse.Namespace, settings: Settings) -> None:
    with _session(settings) as session:
        revoke_wall_token(session, CONSOLE, asked.id, clock.now())


def _audit_verify(_asked: argparse.Namespace, settings: Settings) -> None:
    with _session(settings) as session:
        sys.stdout.write(f"the audit log is whole: {verify_chain(session)} entries\n")


def _personas(_asked: argparse.Namespace, settings: Settings) -> None:
    with _session(settings) as session:
        for username, password in create_personas(session, settings, clock.now()).items():
            sys.stdout.write(f"{username}\t{password}\n")


def _demo(asked: argparse.Namespace, settings: Settings) -> None:
    run_demo(settings, enterprises=asked.enterprises, port=asked.port)


def _migrate(_asked: argparse.Namespace, settings: Settings) -> None:
    migrate(settings.database, HOUSE)


def _serve(asked: argparse.Namespace, settings: Settings) -> None:
    migrate(settings.database, HOUSE)  # once, before workers start side by side
    bind = f"[{asked.host}]:{asked.port}" if ":" in asked.host else f"{asked.host}:{asked.port}"
    server = ["-m", "gunicorn", "wsgi:server", "--chdir", str(HOUSE), "--bind", bind, "--no-control-socket"]
    # No access log: the addresses of walls would stand in it.
    os.execv(sys.executable, [sys.executable, *server, "--workers", str(asked.workers), "--threads", str(THREADS)])  # noqa: S606 - replaces this process on purpose


def _schedule(_asked: argparse.Namespace, settings: Settings) -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s: %(message)s")
    for talkative in ("apscheduler", "alembic"):
        logging.getLogger(talkative).setLevel(logging.WARNING)
    migrate(settings.database, HOUSE)
    Leadership(settings, make_engine(settings.database)).run()


def _backup(asked: argparse.Namespace, settings: Settings) -> None:
    back_up(settings.database, asked.file)


def _restore(asked: argparse.Namespace, settings: Settings) -> None:
    restore(settings.database, asked.file, force=asked.force)


def _print_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    table = Table(*heads, box=None)
    for row in rows:
        table.add_row(*row)
    Console(width=None if sys.stdout.isatty() else 160).print(table, markup=False)


if __name__ == "__main__":
    sys.exit(main())
