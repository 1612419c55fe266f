"""Making one demo: landing files, the sources file that maps them, and the truth beside them."""

from __future__ import annotations

import json
import shutil
import sys
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from etl.demo import cases, relations, truth
from etl.demo.bureaux import bureaux, sources_toml
from etl.demo.landing import Landing
from etl.demo.malformed import Spoiler
from etl.demo.places import places
from etl.demo.register import Identity, Register
from etl.demo.schemes import plan
from etl.demo.signals import of_chunk
from etl.demo.streams import Streams

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

_CHUNK = 100_000


@dataclass(frozen=True)
class Summary:
    """What was made."""

    enterprises: int
    signals: int
    relations: int
    reports: int  # of cases
    schemes: int
    members: int
    rows: dict[str, int]  # by source
    malformed: dict[str, int]  # rows spoilt, by the reason that quarantine should give


def generate(*, enterprises: int, months: int, seed: int, as_of: date, out: Path, chunk: int = _CHUNK) -> Summary:
    """Write `landing/`, `sources.toml` and `truth/` under `out`, and return what was made.

    The same arguments give the same bytes; `chunk`, the enterprises made at a time, changes memory and nothing else.
    Signals begin nine months before those months, so that what decays slowly is in balance when they begin. Older
    landing and truth folders under `out` are replaced. ValueError unless enterprises and months are positive.
    """
    if enterprises < 1 or months < 1:
        raise ValueError("a demo needs at least one enterprise and one month")
    for old in ("landing", "truth"):
        shutil.rmtree(out / old, ignore_errors=True)
    streams = Streams(seed)
    schemes = plan(streams, places(), enterprises=enterprises, months=months, as_of=as_of)
    register = Register(streams, places(), schemes, enterprises=enterprises, as_of=as_of)
    spoiler = Spoiler(streams, as_of.year)
    landing = Landing(out / "landing", register, spoiler)
    for identity in _chunks(register, chunk):
        landing.write_register(identity)
        landing.write_signals(identity, of_chunk(register, identity, months=months, as_of=as_of))
        landing.write_cases(identity, cases.of_chunk(register, identity, months=months, as_of=as_of))
        landing.write_relations("relations_register", *relations.of_register(register, identity))
        landing.write_relations("relations_web", *relations.of_web(register, identity))
    rows = landing.close()
    truth.write(register, out / "truth")
    (out / "sources.toml").write_text(sources_toml(), encoding="utf-8")
    ties = rows["relations_register"] + rows["relations_web"]
    return Summary(
        enterprises=rows["national_register"],
        signals=sum(rows[bureau.name] for bureau in bureaux()),
        relations=ties,
        reports=rows[cases.SOURCE],
        schemes=len(np.unique(schemes.scheme)),
        members=len(schemes.row),
        rows=rows,
        malformed={reason: count for reason, count in sorted(spoiler.counts.items()) if count},
    )


def _chunks(register: Register, size: int) -> Iterator[Identity]:
    """Yield the identities of all enterprises, so many at a time."""
    for first in range(0, register.enterprises, size):
        yield register.identity(np.arange(first, min(first + size, register.enterprises)))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `python -m etl demo`."""
    parser.add_argument("--enterprises", type=int, default=100_000, metavar="N", help="how many (default 100000)")
    parser.add_argument("--months", type=int, default=14, help="months of signals before the as-of date (default 14)")
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same files (default 1)")
    parser.add_argument("--as-of", type=date.fromisoformat, required=True, metavar="DATE", help="last day of the data")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder to write into")


def run(namespace: argparse.Namespace) -> None:
    """Make the demo that the arguments ask for and print its summary as JSON."""
    summary = generate(
        enterprises=namespace.enterprises,
        months=namespace.months,
        seed=namespace.seed,
        as_of=namespace.as_of,
        out=namespace.out,
    )
    json.dump(asdict(summary), sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")
