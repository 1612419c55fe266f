"""The learning, step by step: from evidence and outcomes to a probability for everybody with evidence."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

import ibis
import pyarrow as pa

from dashboard.vocabulary import PROVEN
from etl.learn.cases import judged, known_cases
from etl.learn.drift import drift
from etl.learn.features import points_at
from etl.learn.figures import figures_of, reliability
from etl.learn.fit import fit
from etl.learn.performance import Seen, measure
from etl.learn.predict import probabilities
from etl.learn.sample import draw
from etl.learn.split import Split, split_before
from etl.learn.tables import remake

if TYPE_CHECKING:
    from datetime import date

    import ibis.expr.types as ir
    from ibis.backends.duckdb import Backend

    from etl.index.model import Learning, Model
    from etl.learn.card import Card

LEARNED = pa.schema(
    [
        ("state", pa.string()),
        ("horizon_days", pa.int32()),
        ("confirmed", pa.int32()),
        ("dismissed", pa.int32()),
        ("trained_until", pa.date32()),
        ("calibrated_until", pa.date32()),
        ("tested_until", pa.date32()),
        ("card", pa.string()),  # JSON
    ]
)
_PROBABILITY = pa.schema([("uscc", pa.string()), ("probability", pa.float64())])
_TESTED = pa.schema([*_PROBABILITY, ("confirmed", pa.int64())])


class Counts(NamedTuple):
    """Cases whose end is known."""

    confirmed: int
    dismissed: int


class Told(NamedTuple):
    """What the generation says about its learning."""

    state: str
    counts: Counts
    split: Split | None = None
    card: Card | None = None


def learn(con: Backend, model: Model, as_of: date, history_weeks: int) -> None:
    """Leave behind `fct_probability`, `dim_learned`, `agg_reliability`, `agg_performance` and `agg_drift`.

    Reads `fct_evidence`, `fct_score_week`, `stg_enterprises`, `stg_signals` and `stg_outcomes`. `fct_probability`:
    `uscc` and `probability` of a case opened within the horizon that will prove true, for every enterprise with
    evidence; no rows where nothing was learned. `dim_learned`: one row that says what was learned from, or why nothing
    was: `no_outcomes` (no case has ended, or the model file asks for no learning), `too_few` (fewer confirmed cases
    than the model file demands). The others carry the columns of their `rpt_` tables less the generation. Never touches
    a grade.
    """
    cases = remake(con, "wrk_cases", known_cases(con.table("stg_outcomes"), as_of))
    learning = model.learning
    counts = _counts(cases)
    split = split_before(as_of, learning) if learning else None
    card = None
    if learning is None or split is None or not counts.confirmed + counts.dismissed:
        _write(con, Told("no_outcomes", counts), learning)
    elif (card := _trained(con, model, learning, cases, split)) is None:
        _write(con, Told("too_few", counts), learning)
    else:
        figures = figures_of(con.table("wrk_tested"))
        used = _counts(_foreseen(cases, (*split.train, split.calibrate), learning))
        _write(con, Told("trained", used, split, card.model_copy(update={"figures": figures})), learning)
        points = points_at(con.table("fct_evidence"), model, as_of)
        remake(con, "fct_probability", probabilities(points, card, "uscc"))
    if card is None:
        remake(con, "fct_probability", _PROBABILITY.empty_table())
        remake(con, "wrk_tested", _TESTED.empty_table())
    remake(con, "agg_reliability", reliability(con.table("wrk_tested")))
    remake(con, "agg_drift", drift(con, model, as_of))
    measure(con, model, Seen(as_of, history_weeks), split, card)


def _trained(con: Backend, model: Model, learning: Learning, cases: ir.Table, split: Split) -> Card | None:
    """Return the card and make `wrk_tested`: what it said, on the test day, of everybody whose outcome is known.

    None where there are too few confirmed cases. Training days overlap, so cases are counted, not their rows.
    """
    parts = (split.train, (split.calibrate,))
    if any(_counts(_foreseen(cases, days, learning)).confirmed < learning.fewest for days in parts):
        return None
    train, calibrate = (draw(con, model, learning, cases, days) for days in parts)
    if any(int(rows.confirmed.sum()) < learning.fewest for rows in (train, calibrate)):
        return None  # there are cases enough, but of enterprises against which nothing was known before
    card = fit(train, calibrate, tuple(model.factors), learning)
    told = probabilities(points_at(con.table("fct_evidence"), model, split.test), card, "uscc")
    tested = judged(told, cases, split.test, learning.horizon_days).select(*_TESTED.names)
    remake(con, "wrk_tested", tested)
    return card


def _foreseen(cases: ir.Table, days: tuple[date, ...], learning: Learning) -> ir.Table:
    """Return the cases opened within the horizon after any of these days."""
    horizon = timedelta(days=learning.horizon_days)
    within = (ibis.literal(day) < cases.opened_on for day in days), (cases.opened_on <= day + horizon for day in days)
    return cases.filter(ibis.or_(*(after & until for after, until in zip(*within, strict=True))))


def _counts(cases: ir.Table) -> Counts:
    ended = cases.filter(cases.outcome.notnull())
    total = ended.aggregate(n=ended.count(), proven=ended.outcome.isin(PROVEN).sum().fill_null(0))
    found = total.to_pyarrow().to_pylist()[0]
    return Counts(int(found["proven"]), int(found["n"] - found["proven"]))


def _write(con: Backend, told: Told, learning: Learning | None) -> None:
    ends = told.split.ends(learning) if told.split and learning else (None, None, None)
    row = {
        "state": told.state,
        "horizon_days": learning.horizon_days if learning else 0,
        **told.counts._asdict(),
        **dict(zip(("trained_until", "calibrated_until", "tested_until"), ends, strict=True)),
        "card": told.card.model_dump_json() if told.card else "{}",
    }
    remake(con, "dim_learned", pa.Table.from_pylist([row], schema=LEARNED))
