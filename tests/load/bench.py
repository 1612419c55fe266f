"""make bench: what pages weigh, how long callbacks take and what a run costs, each beside its bound and a floor.

Figures of one run on one machine: compare the ratios, not the milliseconds. Exit code 1 when a bound is broken.
"""

from __future__ import annotations

import gzip
import os
import shutil
import statistics
import subprocess
import sys
import time
from datetime import timedelta
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import duckdb
from rich.console import Console
from rich.table import Table
from sqlalchemy import select

from dashboard import clock
from dashboard.access.gate import CALLBACKS, CSRF_COOKIE, CSRF_HEADER
from dashboard.access.viewer import CONSOLE
from dashboard.access.walls import issue_wall_token
from dashboard.app import create_app
from dashboard.clock import today
from dashboard.db import make_engine, migrate, sessions
from dashboard.models.reporting import Run, RunStep
from dashboard.settings import HOUSE, Settings
from tests.load.cases import asking
from tests.load.figures import Figure
from tests.load.inbox import waiting
from tests.load.million import ENTERPRISES as MILLION
from tests.load.million import crunching
from tests.load.portrait import opening
from tests.load.search import finding
from tests.load.weigh import weigh_wall

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from flask.testing import FlaskClient

ENTERPRISES = 100_000
ROUNDS = 60


def main(*, with_million: bool = True) -> int:
    """Prepare the demo's size once, measure, print; return 1 when a bound is broken.

    A new line is a `Figure`: append it to `figures`. Without the million a bench is a matter of a few minutes.
    """
    settings = Settings(environment="demo", var_dir=HOUSE / "var" / "bench", cache="memory")
    landing = settings.var_dir / "demo"
    migrate(settings.database, HOUSE)
    _prepare(settings, landing)
    figures = [*_etl(settings, landing), *_callbacks(settings), *_weight(settings, landing), *asking(), *waiting()]
    if with_million:
        million = settings.var_dir / "million"
        figures += [crunching(million), finding(million / "staged.duckdb"), opening(MILLION)]
    table = Table("figure", "measured", "bound", "beside it", box=None)
    for figure in figures:
        table.add_row(figure.what, figure.value, figure.bound + ("" if figure.kept else "  BROKEN"), figure.beside)
    Console(width=None if sys.stdout.isatty() else 160).print(table)
    return 0 if all(figure.kept for figure in figures) else 1


def _prepare(settings: Settings, landing: Path) -> None:
    if not (landing / "sources.toml").exists():
        as_of = today(settings.timezone)
        _run(os.environ, "etl", "demo", "--enterprises", ENTERPRISES, "--as-of", as_of, "--out", landing)
    _publish(settings, landing)


def _publish(settings: Settings, landing: Path) -> None:
    """Run the ETL once more over the same files: a new generation."""
    told = {"SMOKE_VAR_DIR": str(settings.var_dir), "SMOKE_ENVIRONMENT": settings.environment}
    _run(os.environ | told, "etl", "run", "--sources", landing / "sources.toml")


def _run(environment: Mapping[str, str], module: str, *arguments: object) -> None:
    command = [sys.executable, "-m", module, *(str(argument) for argument in arguments)]
    subprocess.run(command, cwd=HOUSE, check=True, env=environment, stdout=subprocess.DEVNULL)


def _etl(settings: Settings, landing: Path) -> list[Figure]:
    """Return seconds per step of the run, beside the seconds in which bare DuckDB counts the same Parquet files."""
    with sessions(make_engine(settings.database))() as session:
        run = session.scalars(select(Run).order_by(Run.started_at.desc()).limit(1)).one()
        steps = session.scalars(select(RunStep).where(RunStep.run_id == run.run_id).order_by(RunStep.position)).all()
    started = time.perf_counter()
    for path in landing.glob("landing/*/*.parquet"):
        duckdb.read_parquet(str(path)).aggregate("count(*), sum(hash(COLUMNS(*)))").fetchall()
    floor = time.perf_counter() - started
    total = sum(step.seconds for step in steps)
    detail = ", ".join(f"{step.step} {step.seconds:.1f}" for step in steps)
    beside = f"{total / floor:.0f} × reading alone; {detail}"
    return [Figure(f"ETL, {ENTERPRISES:,} enterprises", f"{total:.1f} s", "", beside)]


def _callbacks(settings: Settings) -> list[Figure]:
    """Return the server's time for each screen's warm data callback, beside a request that only passes the gate."""
    client, csrf = _wall_client(settings)
    floor = _median(lambda: client.get("/clock"))
    figures = []
    for name, output, region, bound in (
        ("overview, nation", "overview--kpi", "0", 30.0),
        ("overview, a province", "overview--kpi", "33", 30.0),
        ("risk map, nation by province", "riskmap--side", "0", 30.0),
        ("risk map, a county", "riskmap--side", "330106", 30.0),
    ):
        body = callback_body(client, output, f"?region={region}")
        ask = partial(client.post, CALLBACKS, json=body, headers={CSRF_HEADER: csrf})
        answer = ask()
        if answer.status_code != HTTPStatus.OK:
            raise RuntimeError(f"{name}: answered {answer.status_code}, so its time would mean nothing")
        taken, size = _median(ask), len(gzip.compress(answer.data))
        beside = f"{taken / floor:.1f} × the gate alone ({floor:.1f} ms); {size / 1000:.1f} kB gzipped"
        figures.append(Figure(f"warm callback: {name}", f"{taken:.1f} ms", f"≤ {bound:.0f} ms", beside, taken <= bound))
    return figures


def _wall_client(settings: Settings) -> tuple[FlaskClient, str]:
    app = create_app(settings)
    client: FlaskClient = app.server.test_client()
    client.get(f"/wall/{_token(settings)}")
    client.get("/wall/overview")
    cookie = client.get_cookie(CSRF_COOKIE)
    return client, cookie.value if cookie else ""


def _token(settings: Settings) -> str:
    with sessions(make_engine(settings.database))() as session:
        return issue_wall_token(session, CONSOLE, region="0", label="bench", lasts=timedelta(hours=1), now=clock.now())


def callback_body(client: FlaskClient, first_output: str, search: str) -> dict[str, Any]:
    """Return what the browser sends for the callback that writes to `first_output`, at the address `search`."""
    listed = client.get("/_dash-dependencies").get_json()
    found = next(one for one in listed if f"{first_output}." in one["output"])
    known = {
        "shell--location.search": search,
        "shell--location.pathname": "/wall/overview",
        "shell--clock.data": {},
        "shell--display.data": {"rem": 16, "theme": "dark"},
    }

    def fill(things: list[dict[str, str]]) -> list[dict[str, Any]]:
        return [{**thing, "value": known[f"{thing['id']}.{thing['property']}"]} for thing in things]

    outputs = [
        dict(zip(("id", "property"), part.rsplit(".", 1), strict=True))
        for part in found["output"].strip(".").split("...")
    ]
    return {
        "output": found["output"],
        "outputs": outputs,
        "inputs": fill(found["inputs"]),
        "state": fill(found["state"]),
        "changedPropIds": [],
    }


def _median(call: Callable[[], Any]) -> float:
    """Return the median milliseconds of many calls, after a few to warm up."""
    for _ in range(5):
        call()
    taken = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        call()
        taken.append((time.perf_counter() - started) * 1000)
    return statistics.median(taken)


def _weight(settings: Settings, landing: Path) -> list[Figure]:
    """Return what a wall moves over the wire, beside what others were measured to move."""
    if shutil.which("chromium") is None:
        sys.exit("bench: chromium is missing; `make browser-deps` installs it")
    weight = weigh_wall(settings, _token(settings), lambda: _publish(settings, landing))
    peers = "a plain Vizro page with a county map 14.95 MB, one Superset chart 3.63 MB"
    return [
        Figure("wall, first load", f"{weight.first / 1e6:.2f} MB", "≤ 3 MB", peers, weight.first <= 3e6),
        Figure(
            "wall, refresh after a new generation",
            f"{weight.refresh / 1e3:.1f} kB",
            "≤ 60 kB",
            f"{weight.first / weight.refresh:.0f} × less than a first load",
            weight.refresh <= 60e3,
        ),
        Figure(
            "wall, idle refresh", f"{weight.idle} B", "≤ 1 kB", "an answer of 304 with its headers", weight.idle <= 1000
        ),
        Figure("wall, memory of the page", f"{weight.heap / 1e6:.0f} MB", "", "JavaScript heap after collection"),
    ]


if __name__ == "__main__":
    sys.exit(main(with_million="--without-million" not in sys.argv))
