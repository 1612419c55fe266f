"""python -m etl run | replay | status | demo: exit code 0, 1 when it failed, 2 when it was asked wrongly."""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from pydantic import ValidationError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from dashboard.settings import Settings
from etl import demo, status
from etl.pipeline import one_line, run, silent
from etl.replay import replay
from etl.steps import STEPS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from etl.steps import Observer

FAILED, MISUSED = 1, 2


class OneLine(argparse.ArgumentParser):
    """A parser that complains in one line."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and where help is; leave with code 2."""
        self.exit(MISUSED, f"{self.prog}: {message} (see {self.prog} --help)\n")


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line asks; return the exit code."""
    asked = parser().parse_args(arguments)
    try:
        code: int = asked.command(asked)
    except ValidationError as error:
        first = error.errors()[0]
        sys.stderr.write(f"etl: setting {'.'.join(map(str, first['loc']))}: {first['msg']}\n")
        return MISUSED
    except Exception as error:  # noqa: BLE001 - whatever failed becomes one line; rpt_run holds it too
        sys.stderr.write(f"etl: {one_line(error)}\n")
        return FAILED
    return code


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    root = OneLine(prog="python -m etl", description=__doc__)
    commands = root.add_subparsers(required=True, parser_class=OneLine, metavar="run | replay | status | demo")
    making = commands.add_parser("run", help="make and publish one generation")
    making.add_argument(
        "--sources", type=Path, metavar="FILE", help="the sources file; by default that of the settings"
    )
    making.add_argument("--as-of", type=_date, metavar="DATE", help="the date to evaluate at; by default today")
    making.add_argument(
        "--model", metavar="VERSION", help="a shipped or approved version of the model; by default the one in force"
    )
    making.add_argument("--json", action="store_true", help="print the summary as JSON")
    making.add_argument(
        "--accept-loss", action="store_true", help="publish even without the register, or with less than half of it"
    )
    making.set_defaults(command=_run)
    again = commands.add_parser(
        "replay", help="compute what was known on a day, and compare it with what was published"
    )
    again.add_argument("--as-of", type=_date, metavar="DATE", required=True, help="the day")
    again.add_argument(
        "--model", metavar="VERSION", help="a shipped or approved version; by default the one published with that day"
    )
    again.add_argument("--sources", type=Path, metavar="FILE", help="the sources file; by default that of the settings")
    again.add_argument("--out", type=Path, metavar="FOLDER", help="where the files go; by default under var/replays")
    again.set_defaults(command=_replay)
    telling = commands.add_parser("status", help="tell which generation is live and how the last runs went")
    telling.set_defaults(command=_status)
    inventing = commands.add_parser("demo", help="write realistic landing files to play with")
    demo.add_arguments(inventing)
    inventing.set_defaults(command=_demo)
    return root


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date like 2026-01-31") from error


def _run(asked: argparse.Namespace) -> int:
    with _progress() as observe:
        summary = run(
            Settings(),
            sources_file=asked.sources,
            as_of=asked.as_of,
            version=asked.model,
            observe=observe,
            accept_loss=asked.accept_loss,
        )
    sys.stdout.write(json.dumps(summary, ensure_ascii=False) + "\n" if asked.json else _told(summary))
    return 0


def _replay(asked: argparse.Namespace) -> int:
    made = replay(Settings(), as_of=asked.as_of, version=asked.model, sources_file=asked.sources, out=asked.out)
    sys.stdout.write(f"{asked.as_of}, model {made.model_version}: written to {made.folder}\n")
    if made.generation is None:
        sys.stdout.write("no files published with that day and model are kept: nothing to compare with\n")
        return 0
    for difference in made.differences:
        counts = f"{difference.only_here} rows only here, {difference.only_there} only there"
        sys.stdout.write(f"{difference.file} differs from generation {made.generation}: {counts}\n")
    if made.differences:
        return FAILED
    sys.stdout.write(f"identical to generation {made.generation}\n")
    return 0


def _status(_asked: argparse.Namespace) -> int:
    sys.stdout.write(status.report(Settings()))
    return 0


def _demo(asked: argparse.Namespace) -> int:
    demo.run(asked)
    return 0


def _told(summary: dict[str, Any]) -> str:
    steps = ", ".join(f"{step['step']} {step['seconds']:.1f} s" for step in summary["steps"])
    beyond = f"{summary['due_by_weekdays']} due dates lie beyond the known holidays and count Monday to Friday\n"
    grades = ", ".join(f"{summary['grades'].get(grade, 0)} {grade}" for grade in ("red", "orange", "yellow"))
    return (
        f"generation {summary['generation']} of {summary['as_of']} is live after {summary['seconds']:.1f} s ({steps})\n"
        f"{summary['rows_in']} rows in, {summary['rows_quarantined']} in quarantine; "
        f"{summary['enterprises']} enterprises, {grades}\n{beyond if summary['due_by_weekdays'] else ''}"
    )


@contextmanager
def _progress() -> Iterator[Observer]:
    """Yield an observer that draws a bar on a terminal, and is silent where there is none."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield silent
        return
    columns = (TextColumn("{task.description:<9}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=len(STEPS))

        def observe(step: str, moment: str) -> None:
            bar.update(task, description=step, advance=1 if moment == "done" else 0)

        yield observe


if __name__ == "__main__":
    sys.exit(main())
