"""How long the search takes over a large register: every kind of question, asked of the index as the run writes it."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path
from statistics import quantiles
from time import perf_counter
from typing import TYPE_CHECKING

from dashboard.access.scope import Scope
from dashboard.queries.population import Population
from dashboard.queries.search import enterprises_like
from etl.engine import open_engine
from etl.publish.search import essence, write_search
from etl.publish.sounds import initials
from tests.load.figures import Figure

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend

BOUND_MS = 150
NAMES = 60  # enterprises from which questions are made
COMMON = ("投资", "科技", "有限公司", "健康", "tz", "网络")
SCOPES = ("0", "33", "330106")
MOST = 8


def finding(staged: Path) -> Figure:
    """Return the 95th percentile over all questions and scopes; `staged` is a run's tables after staging."""
    con = open_engine(staged, threads=2, memory_gb=4)
    con.raw_sql("CREATE OR REPLACE TEMP VIEW dim_enterprise AS FROM stg_enterprises")
    con.raw_sql("CREATE OR REPLACE TEMP TABLE dim_score (uscc VARCHAR, grade VARCHAR, smoke_index DECIMAL(5, 2))")
    with tempfile.TemporaryDirectory() as folder:
        began = perf_counter()
        count = write_search(con, Path(folder) / "1")
        built = perf_counter() - began
        size = sum(file.stat().st_size for file in Path(folder).rglob("*"))
        taken = _asked(Population(Path(folder), 1), _questions(con))
    con.disconnect()
    p95 = quantiles(taken, n=20)[-1]
    return Figure(
        f"search, {count:,} enterprises",
        f"p50 {sorted(taken)[len(taken) // 2]:.1f} ms, p95 {p95:.1f} ms",
        f"{BOUND_MS} ms",
        f"{len(taken)} questions; slowest {max(taken):.0f} ms; index built in {built:.0f} s, {size / count:.0f} B each",
        kept=p95 <= BOUND_MS,
    )


def _questions(con: Backend) -> list[str]:
    """Return names whole, in part, mistyped, by initials, codes by their beginning, persons, and common words."""
    draw = random.Random(7)  # noqa: S311 - invented questions, no secret
    rows = con.con.sql(
        f"SELECT name, uscc, legal_representative FROM stg_enterprises ORDER BY hash(uscc) LIMIT {NAMES}"  # noqa: S608 - our own
    ).fetchall()
    asked = list(COMMON)
    for name, uscc, person in rows:
        core = essence(name)
        at = draw.randrange(1, len(core))
        asked += [name, core[:2], core[: at - 1] + core[at:], core[:at] + "乙" + core[at + 1 :], initials(core)]
        asked += [uscc, uscc[:8], person]
    return [question for question in asked if question]


def _asked(population: Population, questions: list[str]) -> list[float]:
    taken = []
    for prefix in SCOPES:
        for question in questions:
            began = perf_counter()
            enterprises_like(population, Scope(prefix), question, MOST)
            taken.append(1000 * (perf_counter() - began))
    return taken
