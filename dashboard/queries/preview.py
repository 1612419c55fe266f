"""What another model would make of the enterprises as they are: the index's formula over the generation's file."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ibis

from dashboard.access.scope import NATION
from dashboard.errors import NotFound
from dashboard.vocabulary import GRADES, PROVEN, RISK_TYPES, SUB_INDEXES
from etl.index.combine import RAWS, scored
from etl.index.model import Model
from etl.index.parts import Thresholds

if TYPE_CHECKING:
    from dashboard.access.scope import Scope
    from dashboard.queries.population import Population

DEEPER = {"0": 2, 2: 4, 4: 6, 6: 9, 9: 12}  # digits of a scope's code → digits of the regions one step down
HIGH = GRADES[:2]


@dataclass(frozen=True)
class Load:
    """One region's enterprises graded red or orange, then and now."""

    region: str
    before: int
    after: int

    @property
    def rise(self) -> int:
        """How many more there would be."""
        return self.after - self.before


@dataclass(frozen=True)
class Found:
    """How red and orange meet the outcomes known: of `proven` and `refuted` enterprises, those graded so."""

    graded: int
    proven_graded: int
    refuted_graded: int
    proven: int
    refuted: int

    @property
    def ended_graded(self) -> int:
        """Of those graded red or orange, how many have an ended case."""
        return self.proven_graded + self.refuted_graded


@dataclass(frozen=True)
class Preview:
    """A model tried on one generation. `matrix` counts enterprises by (grade as published, grade as tried)."""

    enterprises: int
    matrix: dict[tuple[str, str], int]
    loads: list[Load]  # regions whose red and orange change, the largest rise first
    before: Found | None  # None: the generation carries no outcomes
    after: Found | None

    @property
    def moved(self) -> int:
        """Enterprises that would change grade."""
        return sum(count for (was, becomes), count in self.matrix.items() if was != becomes)


def numbers_of(model: Model, live: Model) -> str:
    """Return what the preview needs of a model, as one text: the same numbers give the same text, for the cache.

    Weights and scales are left out where the weights are `live`'s: then the index stands as it was published.
    """
    grounds: dict[str, Any] = {}
    if model.weights != live.weights:
        grounds = {"weights": model.weights, "scales": model.scales, "growth": _growth(model, live)}
    return json.dumps({"thresholds": model.thresholds.model_dump(), **grounds}, sort_keys=True)


def _growth(model: Model, live: Model) -> float | None:
    """Return how many times as high an index can become at most; None: a weight that was zero no more is."""
    pairs = [(model.weights[kind][sub], live.weights[kind][sub]) for kind in RISK_TYPES for sub in SUB_INDEXES]
    return None if any(new and not old for new, old in pairs) else max(new / old for new, old in pairs if old)


def preview(population: Population, scope: Scope, numbers: str) -> Preview:
    """Return what the numbers of `numbers_of` would change among the enterprises inside the scope.

    NotFound when the generation has no file of scores. One pass over that file, whatever the scope.
    """
    given = json.loads(numbers)
    try:
        rows, known = population.rows(*_question(given, scope, outcomes=True)), True
    except NotFound:
        rows, known = population.rows(*_question(given, scope, outcomes=False)), False
    return _summed(rows, known=known)


def _question(given: dict[str, Any], scope: Scope, *, outcomes: bool) -> tuple[str, dict[str, Any]]:
    """Return the SQL and its parameters: one count for each region, grade then and now, and what a case came to."""
    uscc = "uscc, " if outcomes else ""
    kept = f"{uscc}left(region_code, $digits) AS region, grade AS was"
    inside = "true" if scope.prefix == NATION else "starts_with(region_code, $prefix)"
    tried = _reweighed(given, kept, inside) if "weights" in given else _regraded(given, kept, inside)
    known = "SELECT uscc, bool_or(list_contains($proven, outcome)) AS proven FROM {outcomes} GROUP BY uscc"
    joined = f"LEFT JOIN ({known}) USING (uscc)" if outcomes else ""
    sql = f"""
        SELECT region, was, becomes, {"proven" if outcomes else "NULL"} AS proven, count(*) AS enterprises
        FROM ({tried}) {joined} GROUP BY ALL
    """  # noqa: S608 - numbers of a validated model and our own vocabulary; values go through parameters
    parameters: dict[str, Any] = {"digits": DEEPER.get("0" if scope.prefix == NATION else len(scope.prefix), 12)}
    parameters |= {"proven": list(PROVEN)} if outcomes else {}
    parameters |= {"prefix": scope.prefix} if scope.prefix != NATION else {}
    return sql, parameters


def _regraded(given: dict[str, Any], kept: str, inside: str) -> str:
    """Return the SQL of the grades that other thresholds give to the index as it was published."""
    cases = " ".join(
        f"WHEN smoke_index >= {float(given['thresholds'][grade])!r} THEN '{grade}'" for grade in GRADES[:3]
    )
    return f"SELECT {kept}, CASE {cases} ELSE 'blue' END AS becomes FROM {{scores}} WHERE {inside}"  # noqa: S608 - as above


def _reweighed(given: dict[str, Any], kept: str, inside: str) -> str:
    """Return the SQL of the grades under other weights: the index's own formula, for those who may leave blue at all.

    A term grows at most as its weight does, but for half a hundredth of rounding in each of the five, before and after.
    """
    model = Model.model_construct(**{**given, "thresholds": Thresholds(**given["thresholds"])})
    growth, yellow = given["growth"], given["thresholds"]["yellow"]
    may = "true" if growth is None else f"(smoke_index + 0.03) * {growth:.17e} + 0.03 >= {yellow:.17e}"
    names = [*(["uscc"] if kept.startswith("uscc") else []), "region", "was"]
    wide = ibis.table(dict.fromkeys(names, "string") | dict.fromkeys(RAWS, "float64"), name="raws")
    own = ibis.to_sql(scored(wide, model).select(*names, becomes="grade"), dialect="duckdb")
    return f"""
        WITH raws AS (SELECT {kept}, {", ".join(RAWS)} FROM {{scores}} WHERE {inside} AND {may}) {own}
        UNION ALL SELECT {kept}, 'blue' AS becomes FROM {{scores}} WHERE {inside} AND NOT ({may})
    """  # noqa: S608 - as above


def _summed(rows: list[dict[str, Any]], *, known: bool) -> Preview:
    matrix: Counter[tuple[str, str]] = Counter()
    before: Counter[str] = Counter()
    after: Counter[str] = Counter()
    for row in rows:
        count = row["enterprises"]
        matrix[row["was"], row["becomes"]] += count
        before[row["region"]] += count * (row["was"] in HIGH)
        after[row["region"]] += count * (row["becomes"] in HIGH)
    loads = [Load(code, before[code], after[code]) for code in before if before[code] != after[code]]
    return Preview(
        enterprises=sum(matrix.values()),
        matrix=dict(matrix),
        loads=sorted(loads, key=lambda load: (-load.rise, load.region)),
        before=_found(rows, "was") if known else None,
        after=_found(rows, "becomes") if known else None,
    )


def _found(rows: list[dict[str, Any]], column: str) -> Found:
    def total(*, proven: bool | None, graded: bool) -> int:
        return sum(
            row["enterprises"] for row in rows if row["proven"] is proven and (not graded or row[column] in HIGH)
        )

    proven_graded, refuted_graded = total(proven=True, graded=True), total(proven=False, graded=True)
    return Found(
        graded=proven_graded + refuted_graded + total(proven=None, graded=True),
        proven_graded=proven_graded,
        refuted_graded=refuted_graded,
        proven=total(proven=True, graded=False),
        refuted=total(proven=False, graded=False),
    )
