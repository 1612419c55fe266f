"""Measures of the index, and what a moved model would change, for every scope."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING

import hypothesis
import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.access.scope import Scope
from dashboard.errors import NotFound
from dashboard.models.population import FILES
from dashboard.queries import performance
from dashboard.queries.population import Population
from dashboard.queries.preview import numbers_of, preview
from dashboard.vocabulary import GRADES, RISK_TYPES, SUB_INDEXES
from etl.index.combine import scored
from etl.index.draft import moved
from tests.generations import NEIGHBOURS, WATCHED
from tests.populations import MODEL, write

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ibis.backends.duckdb import Backend
    from sqlalchemy.orm import Session

    from etl.index.model import Model

NATION = Scope("0")
MICRO = 1_000_000
FLOORS = MODEL.thresholds.model_dump()


@pytest.fixture(scope="module")
def population(tmp_path_factory: pytest.TempPathFactory) -> Population:
    """Return the files of the small generation; nobody writes to them."""
    folder = tmp_path_factory.mktemp("generations")
    write(folder)
    return Population(folder, 1)


@pytest.mark.parametrize(("prefix", "provinces"), [("0", 34), ("33", 1), ("3301", 0), ("330106", 0)])
def test_provinces_are_read_inside_the_scope_only(published: Session, prefix: str, provinces: int) -> None:
    rows = performance.measures(published, Scope(prefix), 1)
    assert len({row.key for row in rows if row.cut == "province"}) == provinces
    assert {row.scorer for row in rows if row.cut == "all"} == {"index", "learned", "complaints"}
    assert [row.k for row in rows if (row.scorer, row.measure) == ("index", "precision_at_k")] == [
        50,
        100,
        200,
        500,
        1000,
    ]


def test_a_generation_without_measures_has_none(published: Session) -> None:
    for query in (performance.measures, performance.reliability, performance.drift):
        assert query(published, NATION, 9) == []
    assert performance.learned_model(published, NATION, 9) is None


def test_bins_are_in_order_and_factors_by_drift(published: Session) -> None:
    bins = performance.reliability(published, NATION, 1)
    assert [one.predicted for one in bins] == sorted(one.predicted for one in bins)
    assert [row.factor for row in performance.drift(published, NATION, 1)][:2] == ["social_post", "advert"]
    found = performance.learned_model(published, NATION, 1)
    assert found
    assert (found.state, found.confirmed) == ("trained", 412)


def test_an_unmoved_model_changes_nothing(population: Population) -> None:
    found = preview(population, NATION, numbers_of(MODEL, MODEL))
    assert (found.moved, found.loads, found.enterprises) == (0, [], WATCHED + NEIGHBOURS + 1)
    assert found.before == found.after


def test_the_whole_formula_gives_the_grades_that_were_published(population: Population) -> None:
    numbers = numbers_of(
        MODEL, MODEL.model_copy(update={"weights": {kind: dict.fromkeys(SUB_INDEXES, 0.2) for kind in RISK_TYPES}})
    )
    assert "scales" in numbers
    assert preview(population, NATION, numbers).moved == 0


def test_a_moved_threshold_moves_grades_loads_and_what_was_found(population: Population) -> None:
    draft = moved(MODEL, FLOORS | {"red": 90, "orange": 70}, MODEL.weights)
    found = preview(population, NATION, numbers_of(draft, MODEL))
    counts = {grade: sum(n for (was, _), n in found.matrix.items() if was == grade) for grade in GRADES}
    assert found.matrix["red", "orange"] == counts["red"]
    assert found.matrix["orange", "yellow"] == counts["orange"]
    assert [(load.region, load.rise) for load in found.loads] == [("33", -counts["orange"])]
    assert found.before
    assert found.after
    assert found.before.graded - found.after.graded == counts["orange"]
    assert found.before.proven == found.after.proven > found.after.proven_graded


@pytest.mark.parametrize(
    ("prefix", "regions"), [("0", {"33"}), ("33", {"3301"}), ("3301", {"330106", "330105"}), ("32", set())]
)
def test_a_trial_stays_inside_the_scope_and_looks_one_step_down(
    population: Population, prefix: str, regions: set[str]
) -> None:
    draft = moved(MODEL, FLOORS | {"orange": 41, "yellow": 40}, MODEL.weights)
    found = preview(population, Scope(prefix), numbers_of(draft, MODEL))
    assert {load.region for load in found.loads} == regions
    assert found.enterprises == (0 if prefix == "32" else WATCHED + NEIGHBOURS + 1)


def test_without_files_there_is_no_trial_and_without_outcomes_no_judgement(
    population: Population, tmp_path: Path
) -> None:
    with pytest.raises(NotFound):
        preview(Population(tmp_path, 1), NATION, numbers_of(MODEL, MODEL))
    (tmp_path / "1").mkdir()
    (tmp_path / "1" / "scores.parquet").write_bytes((population.folder / "scores.parquet").read_bytes())
    found = preview(Population(tmp_path, 1), NATION, numbers_of(MODEL, MODEL))
    assert (found.before, found.after) == (None, None)
    assert found.enterprises


micros = st.integers(0, 400 * MICRO)
rows = st.lists(st.lists(micros, min_size=15, max_size=15), min_size=1, max_size=20)
few = hypothesis.settings(max_examples=25)
NAMES = [(kind, sub) for kind in RISK_TYPES for sub in SUB_INDEXES]


@pytest.fixture(scope="module")
def con() -> Iterator[Backend]:
    """Yield one DuckDB for all examples."""
    backend = ibis.duckdb.connect()
    yield backend
    backend.disconnect()


def indexes(con: Backend, drawn: list[list[int]], model: Model) -> list[float]:
    """Return each row's index in hundredths under a model, as the run's own formula has it."""
    names = [f"raw_{kind}_{sub}" for kind in RISK_TYPES for sub in SUB_INDEXES]
    wide = [
        {"place": at} | {name: value / MICRO for name, value in zip(names, row, strict=True)}
        for at, row in enumerate(drawn)
    ]
    raws = ibis.memtable(wide, schema={"place": "int64"} | dict.fromkeys(names, "float64"))
    found = con.to_pyarrow(scored(raws, model).order_by("place"))["smoke_index"].to_pylist()
    return [round(float(index) * 100) for index in found]


@few
@given(drawn=rows, kind=st.sampled_from(RISK_TYPES), shift=st.integers(1, 20), yellow=st.integers(5, 70))
def test_a_trial_grades_as_a_run_with_that_model_would(
    con: Backend, tmp_path_factory: pytest.TempPathFactory, drawn: list[list[int]], kind: str, shift: int, yellow: int
) -> None:
    weights = {name: dict(subs) for name, subs in MODEL.weights.items()}
    whole = min(round(100 * weights[kind]["keywords"]), shift)
    weights[kind]["keywords"] = round(weights[kind]["keywords"] - whole / 100, 2)
    weights[kind]["compliance"] = round(weights[kind]["compliance"] + whole / 100, 2)
    draft = moved(MODEL, {"red": 90, "orange": 75, "yellow": yellow}, weights)
    folder = tmp_path_factory.mktemp("trial")
    (folder / "1").mkdir()
    live, new = indexes(con, drawn, MODEL), indexes(con, drawn, draft)
    score_file(folder / "1" / "scores.parquet", drawn, live)
    found = preview(Population(folder, 1), NATION, numbers_of(draft, MODEL))
    wanted = Counter((grade(a, MODEL), grade(b, draft)) for a, b in zip(live, new, strict=True))
    assert found.matrix == dict(wanted)


def grade(hundredths: float, model: Model) -> str:
    """Return a grade, told in plain Python."""
    return next((name for name in GRADES[:3] if hundredths >= 100 * getattr(model.thresholds, name)), "blue")


def score_file(path: Path, drawn: list[list[int]], live: list[float]) -> None:
    """Write a file of scores of enterprises with these raw sums, all in one county."""
    rows = [
        {
            "uscc": f"{at:018d}",
            "region_code": "330106",
            "sector": "other",
            "smoke_index": Decimal(round(index)) / 100,
            "risk_type": RISK_TYPES[0],
            "grade": grade(index, MODEL),
        }
        | {f"raw_{kind}_{sub}": value / MICRO for (kind, sub), value in zip(NAMES, row, strict=True)}
        for at, (row, index) in enumerate(zip(drawn, live, strict=True))
    ]
    pq.write_table(pa.Table.from_pylist(rows, schema=FILES["scores"]), path)
