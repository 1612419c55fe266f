"""What another model would make of the enterprises as they are: the index's formula over the generation's file."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dashboard.access.scope import NATION
from dashboard.errors import NotFound
from dashboard.vocabulary import GRADES, PROVEN, RISK_TYPES, SUB_INDEXES

if TYPE_CHECKING:
    from dashboard.access.scope import Scope
    from dashboard.queries.population import Population
    from etl.index.model import Model

DEEPER = {"0": 2, 2: 4, 4: 6, 6: 9, 9: 12}  # digits of a scope's code → digits of the regions one step down
MICRO = 1_000_000  # raw sums are whole millionths of a point
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


def index_sql(weights: dict[str, dict[str, float]], scales: dict[str, dict[str, float]]) -> str:
    """Return the SQL of the Smoke Index in hundredths, from the columns raw_<type>_<sub> (docs/architecture.md).

    Every term is rounded to the hundredth, as the published contributions are. The numbers come from a validated
    model, never from a text that somebody typed.
    """
    totals = [
        " + ".join(
            f"round((1e0 - exp(-round(raw_{kind}_{sub} * {MICRO}) / {scales[kind][sub] * MICRO:.17e}))"
            f" * {weights[kind][sub] * 10_000:.17e})"
            for sub in SUB_INDEXES
        )
        for kind in RISK_TYPES
    ]
    return f"greatest({', '.join(totals)})"


def _question(given: dict[str, Any], scope: Scope, *, outcomes: bool) -> tuple[str, dict[str, Any]]:
    weighed = "weights" in given
    floors = {grade: round(100 * given["thresholds"][grade], 6) for grade in GRADES[:3]}
    value = _value(given, floors["yellow"]) if weighed else "smoke_index * 100"
    joined = (
        "LEFT JOIN (SELECT uscc, bool_or(list_contains($proven, outcome)) AS proven FROM {outcomes} GROUP BY uscc)"
        " USING (uscc)"
        if outcomes
        else ""
    )
    inside = "" if scope.prefix == NATION else "WHERE starts_with(region_code, $prefix)"
    cases = " ".join(f"WHEN hundredths >= ${grade} THEN '{grade}'" for grade in floors)
    sql = f"""
        WITH tried AS (
            SELECT {"uscc, " if outcomes else ""} left(region_code, $digits) AS region, grade AS was,
                ({value})::DOUBLE AS hundredths
            FROM {{scores}} {inside}
        )
        SELECT region, was, CASE {cases} ELSE 'blue' END AS becomes,
            {"proven" if outcomes else "NULL"} AS proven, count(*) AS enterprises
        FROM tried {joined} GROUP BY ALL
    """  # noqa: S608 - numbers of a validated model and our own vocabulary; values go through parameters
    parameters: dict[str, Any] = {"digits": DEEPER.get("0" if scope.prefix == NATION else len(scope.prefix), 12)}
    parameters |= floors
    if outcomes:
        parameters["proven"] = list(PROVEN)
    if inside:
        parameters["prefix"] = scope.prefix
    return sql, parameters


def _value(given: dict[str, Any], yellow: float) -> str:
    """Return the SQL of the index in hundredths; 0 for who stays blue in any case, so that the curve is not asked.

    Without evidence the index is 0 under every model. With it, every term grows at most as its weight does, but for
    half a hundredth of rounding in each of the five, before and after.
    """
    grown = None if given["growth"] is None else f"(smoke_index + 0.03) * {given['growth']:.17e} + 0.03"
    bound = f" OR {grown} < {yellow / 100:.17e}" if grown else ""
    index = index_sql(given["weights"], given["scales"])
    return f"CASE WHEN risk_type = ''{bound} THEN 0 ELSE {index} END"


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
