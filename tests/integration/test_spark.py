"""The same staged rows give the same evidence, scores, ties, communities and controllers on DuckDB and on Spark."""

from __future__ import annotations

import random
import shutil
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from dashboard.models.population import FILES
from dashboard.settings import HOUSE
from dashboard.vocabulary import SIGNAL_KINDS
from etl import graph
from etl.engine import open_spark
from etl.index import build_evidence, build_scores, load_model
from tests.staged import AS_OF, signal
from tests.staged_ties import code, firm, tie, tied

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ibis.backends import BaseBackend

SHIPPED = load_model(HOUSE / "etl/index/models/2026.2.toml")
# Few rounds and short chains, because every one of them is a job to Spark; groups of more than four are parted.
MODEL = SHIPPED.model_copy(update={"graph": SHIPPED.graph.model_copy(update={"whole": 4, "rounds": 2, "chain": 3})})
WEEKS = 8
FIRMS = 48
# Two of the deposit rate in the signals' time, and one that nobody had reported yet when it took effect.
RATES = [
    {"rate": rate, "effective_on": effective_on, "pct": pct, "reported_on": reported_on}
    for rate, effective_on, pct, reported_on in (
        ("deposit_1y", AS_OF - timedelta(days=300), 1.5, None),
        ("deposit_1y", AS_OF - timedelta(days=150), 1.3, AS_OF - timedelta(days=90)),
        ("treasury_10y", AS_OF - timedelta(days=300), 2.1, AS_OF - timedelta(days=300)),
        ("lending_cap", AS_OF - timedelta(days=300), 14.0, AS_OF - timedelta(days=300)),
    )
]
# A few dozen rows are not worth planning twice, nor compiling Java classes for.
SMALL = {
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.log.level": "ERROR",
}
STAGED = ("stg_enterprises", "stg_signals", "stg_relations", "stg_rates")
MADE = ("fct_evidence", "fct_score_week", "fct_score", "dim_tie", "dim_node", "dim_community", "fct_control")

pytestmark = [
    pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java, and there is none here"),
    # The Java bridge leaves its sockets to the garbage collector when the session has been stopped.
    pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"),
    # pyspark 4.0 hands its answers over by a keyword that pandas 3 has deprecated.
    pytest.mark.filterwarnings("ignore:The copy keyword is deprecated:Warning"),
]


def landed() -> Any:  # noqa: ANN401 - an engine with whatever tables
    """Return DuckDB with a small register, signals of every kind and ties of every kind, all of it by a fixed seed."""
    draw = random.Random(7)  # noqa: S311 - invented rows, no secret
    kinds = [kind for kinds in SIGNAL_KINDS.values() for kind in kinds]
    texts = ("", "保本高息，年化18%，拉人头返利", "每月3%收益", "原始股认购，稳赚不赔", "虚拟币挖矿\n日化 1.5 %")
    firms = [
        firm(
            number,
            region_code=draw.choice(("330106", "330106003", "110105", "")),
            established_on=None if number % 9 == 0 else date(2014, 1, 5) + timedelta(days=97 * number),
            registered_capital=draw.choice((None, 1e6, 5e7)),
            paid_in_capital=draw.choice((None, 0.0, 1e6)),
            sector=draw.choice(("private_fund", "trade", "microcredit")),
            business_scope=draw.choice(("私募基金管理（不得从事吸收存款）", "日用百货销售", "养老服务；消费返利")),
            status="revoked" if number % 13 == 0 else "active",
        )
        for number in range(1, FIRMS + 1)
    ]
    for row in firms[:9]:
        row["address"] = "文三路 9 号"
    signals = [
        signal(
            number,
            code(draw.choice((1, 2, 3, draw.randint(1, FIRMS)))),
            draw.choice(kinds),
            AS_OF - timedelta(days=draw.randint(0, 400)),
            severity=draw.random(),
            text=draw.choice(texts),
        )
        for number in range(500)
    ]
    return tied(firms, _ties(draw), signals, RATES)


def _ties(draw: random.Random) -> list[dict[str, object]]:
    told = [tie(f"P{number // 3:09d}", code(number), "legal_representative") for number in range(1, FIRMS + 1)]
    for number in range(2, FIRMS + 1):
        told_on = AS_OF - timedelta(days=draw.randint(-3, 500))
        kind = draw.choice(("shareholder", "director", "same_address", "same_phone", "branch"))
        share = round(draw.random(), 2) if kind == "shareholder" else None
        told.append(
            tie(code(max(1, number - draw.randint(1, 9))), code(number), kind, share=share, reported_on=told_on)
        )
    told += [tie("T1", code(number), "same_phone") for number in range(1, FIRMS) if number % 7 == 0]
    told += [tie(f"P{number:09d}", code(number), "shareholder", share=0.51) for number in range(1, FIRMS, 4)]
    # One person behind two companies that the register does not hold, each of which holds one that it does.
    for number, behind in ((47, 90), (31, 91)):
        told.append(tie("P99", code(behind), "shareholder", share=1.0))
        told.append(tie(code(behind), code(number), "shareholder", share=0.95))
    return told + [tie(code(5), code(number), "branch", reported_on=AS_OF) for number in range(40, 46)]


def crunch(con: BaseBackend) -> None:
    """Take every step from evidence to communities."""
    graph.build_ties(con, MODEL, AS_OF)
    build_evidence(con, MODEL, AS_OF)
    graph.tie_evidence(con, MODEL)
    build_scores(con, MODEL, AS_OF, WEEKS)
    graph.related_evidence(con, MODEL, AS_OF, WEEKS)
    graph.rescore_related(con, MODEL, AS_OF, WEEKS)
    graph.build_nodes(con, AS_OF)


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[BaseBackend, BaseBackend]]:
    """Return DuckDB and Spark after the same crunching of the same rows."""
    folder: Path = tmp_path_factory.mktemp("spark")
    duck, spark = landed(), open_spark(folder, threads=1, options=SMALL)
    for name in STAGED:
        duck.table(name).to_parquet(folder / f"{name}.parquet")
        spark.create_table(name, spark.read_parquet(folder / f"{name}.parquet"))
    crunch(duck)
    crunch(spark)
    yield duck, spark
    spark.disconnect()
    duck.disconnect()


def rows(con: BaseBackend, name: str) -> list[tuple[Any, ...]]:
    """Return a table's rows in one order, floats to nine places, a missing figure as None."""
    table = con.table(name)
    found = table.select(*sorted(table.columns)).to_pyarrow().to_pylist()
    told = [tuple(round(cell, 9) if isinstance(cell, float) else cell for cell in row.values()) for row in found]
    return sorted(told, key=repr)


@pytest.mark.parametrize("name", MADE)
def test_both_engines_make_the_same_table(engines: tuple[BaseBackend, BaseBackend], name: str) -> None:
    duck, spark = engines
    made = rows(duck, name)
    assert made
    assert rows(spark, name) == made


@pytest.mark.parametrize(("name", "table"), [("ties", "dim_tie"), ("nodes", "dim_node")])
def test_files_have_their_columns(engines: tuple[BaseBackend, BaseBackend], name: str, table: str) -> None:
    for con in engines:
        assert con.table(table).columns == tuple(FILES[name].names)


def test_risk_has_spread_in_what_was_compared(engines: tuple[BaseBackend, BaseBackend]) -> None:
    found = set(engines[0].table("fct_evidence").factor.to_pyarrow().to_pylist())
    assert {"related_risk", "branch_burst", "hidden_control"} <= found
