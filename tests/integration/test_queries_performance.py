"""Measures of the index, and what a moved model would change, for every scope."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import hypothesis
import ibis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.access.scope import Scope
from dashboard.errors import NotFound
from dashboard.queries import performance
from dashboard.queries.population import Population
from dashboard.queries.preview import index_sql, numbers_of, preview
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


def tried(con: Backend, drawn: list[list[int]], *models: Model) -> list[tuple[float, ...]]:
    """Return each row's index in hundredths under each model, as the trial's SQL has it."""
    columns = ", ".join(f"raw_{kind}_{sub}" for kind, sub in NAMES)
    values = ", ".join(f"({', '.join(f'{value / MICRO!r}::DOUBLE' for value in row)})" for row in drawn)
    asked = ", ".join(index_sql(model.weights, model.scales) for model in models)
    found: list[tuple[float, ...]] = con.raw_sql(f"SELECT {asked} FROM (VALUES {values}) AS t({columns})").fetchall()  # noqa: S608 - drawn numbers
    return found


@few
@given(drawn=rows)
def test_the_trials_formula_is_the_indexs_own(con: Backend, drawn: list[list[int]]) -> None:
    long: list[dict[str, Any]] = [
        {"uscc": f"{at:02d}", "week": 0, "sub_index": sub}
        | {f"raw_{kind}": float(row[NAMES.index((kind, sub))]) for kind in RISK_TYPES}
        for at, row in enumerate(drawn)
        for sub in SUB_INDEXES
    ]
    sums = {f"raw_{kind}": "float64" for kind in RISK_TYPES}
    raw = ibis.memtable(long, schema={"uscc": "string", "week": "int64", "sub_index": "string"} | sums)
    own = con.to_pyarrow(scored(raw, MODEL).order_by("uscc"))["smoke_index"].to_pylist()
    assert [round(float(index) * 100) for index in own] == [row[0] for row in tried(con, drawn, MODEL)]


@few
@given(drawn=rows, kind=st.sampled_from(RISK_TYPES), shift=st.integers(1, 20))
def test_no_index_grows_beyond_the_bound_by_which_the_trial_leaves_enterprises_out(
    con: Backend, drawn: list[list[int]], kind: str, shift: int
) -> None:
    weights = {name: dict(subs) for name, subs in MODEL.weights.items()}
    whole = min(round(100 * weights[kind]["keywords"]), shift)
    weights[kind]["keywords"] = round(weights[kind]["keywords"] - whole / 100, 2)
    weights[kind]["compliance"] = round(weights[kind]["compliance"] + whole / 100, 2)
    draft = moved(MODEL, FLOORS, weights)
    growth = json.loads(numbers_of(draft, MODEL))["growth"]
    for live, new in tried(con, drawn, MODEL, draft):
        assert new <= ((live / 100 + 0.03) * growth + 0.03) * 100
