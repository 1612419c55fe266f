"""The learning on a whole demo: landing files in, a tested model and its measures out."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import pyarrow.parquet as pq

from dashboard.settings import HOUSE
from etl import demo
from etl.engine import open_engine
from etl.index import build_evidence, build_scores, load_model
from etl.learn.steps import learn
from etl.sources import extract, load_sources
from etl.staging import stage
from tests.staged import rows

if TYPE_CHECKING:
    from pathlib import Path

AS_OF = date(2026, 9, 30)


def test_a_demo_teaches_it_to_rank_planted_enterprises_first(tmp_path: Path) -> None:
    demo.generate(enterprises=8000, months=18, seed=4, as_of=AS_OF, out=tmp_path)
    model = load_model(HOUSE / "etl/index/models/2026.2.toml")
    con = open_engine(tmp_path / "run.duckdb", threads=2, memory_gb=2)
    extract(con, load_sources(tmp_path / "sources.toml"), tmp_path)
    stage(con, AS_OF)
    build_evidence(con, model, AS_OF)
    build_scores(con, model, AS_OF, 60)
    before = rows(con, "fct_score", "uscc")
    learn(con, model, AS_OF, 60)
    (told,) = rows(con, "dim_learned", "state")
    assert told["state"] == "trained"
    assert json.loads(told["card"])["figures"]["auc"] > 0.9
    assert rows(con, "fct_score", "uscc") == before
    members = pq.read_table(tmp_path / "truth/members.parquet").to_pylist()
    live = {row["uscc"] for row in members if row["buildup_on"] < AS_OF < row["breaks_on"]}
    found = con.table("fct_probability").to_pyarrow().to_pylist()
    suspected = {row["uscc"] for row in sorted(found, key=lambda row: -row["probability"])[:100]}
    # By chance it would be a hundred in the thousands who have evidence.
    assert len(live & suspected) / len(live) > 0.5
    con.disconnect()
