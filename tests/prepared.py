"""Runs that begin in the middle, and runs that are killed: publishing is tried often, and crunched for once.

`python -m tests.prepared` imports everything once and forks for each line of JSON on its standard input: the child runs
and is killed where it shall be, and its exit code is a line of the standard output. The process that forks never opens
a database and starts no thread.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import traceback
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

from dashboard.settings import Settings
from etl import pipeline
from etl.engine import open_engine
from etl.publish import files
from etl.publish.generation import record_landing
from etl.steps import STEPS, Job
from tests.landing import AS_OF

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ibis.backends.duckdb import Backend

HISTORY = 4  # weeks


@contextmanager
def keeping(folder: Path) -> Iterator[None]:
    """Let runs keep their tables as they stood before each step: `folder`/<step>.duckdb."""

    def kept(name: str, step: Callable[[Job], int]) -> Callable[[Job], int]:
        def keep_and_take(job: Job) -> int:
            job.con.raw_sql(f"ATTACH '{folder / name}.duckdb' AS prepared")
            job.con.raw_sql("COPY FROM DATABASE run TO prepared")
            job.con.raw_sql("DETACH prepared")
            return step(job)

        return keep_and_take

    folder.mkdir(parents=True)
    with mock.patch.object(pipeline, "STEPS", tuple((name, kept(name, step)) for name, step in STEPS)):
        yield


@contextmanager
def beginning(folder: Path, first: str) -> Iterator[None]:
    """Let runs begin with the step `first` and the tables that were kept before it; what landed is recorded anew."""

    def open_prepared(path: Path, *, threads: int, memory_gb: float) -> Backend:
        shutil.copyfile(folder / f"{first}.duckdb", path)
        return open_engine(path, threads=threads, memory_gb=memory_gb)

    names = [name for name, _ in STEPS]
    steps = STEPS[names.index(first) :]
    if names.index(first) > names.index("stage"):
        steps = (("landing", _record), *steps)
    with mock.patch.multiple(pipeline, STEPS=steps, open_engine=open_prepared):
        yield


def _record(job: Job) -> int:
    files.write_quarantine(job.con, job.settings.var_dir / "runs" / job.run_id)
    record_landing(job.con, job.engine, job.run_id)
    return 0


def run_until(here: dict[str, Any], sources: str, prepared: str, first: str, moment: list[str]) -> None:
    """Run from the step `first` on, and die at a moment as by the power switch."""

    def die(*heard: str) -> None:
        if list(heard) == moment:
            os.kill(os.getpid(), signal.SIGKILL)

    with beginning(Path(prepared), first):
        pipeline.run(Settings(**here), sources_file=Path(sources), as_of=AS_OF, observe=die)


def serve() -> None:
    """Fork for every request until there are no more."""
    for line in sys.stdin:
        child = os.fork()
        if not child:
            try:
                run_until(**json.loads(line))
            except BaseException:  # noqa: BLE001 - a fork must never come back into the loop
                traceback.print_exc()
            os._exit(1)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        sys.stdout.write(f"{code}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    serve()
