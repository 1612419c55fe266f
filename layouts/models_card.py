"""The models screen's card and measures: what the live model is made of, and how good it was found to be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import html

from dashboard.figures.models import SCORERS, scorer_words
from dashboard.vocabulary import GRADES, RISK_TYPES, SUB_INDEXES
from geo.views import region_name
from layouts.panels import aria, grade_mark, state

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dash.development.base_component import Component

    from dashboard.i18n import Words
    from dashboard.queries.index_models import VersionRow
    from dashboard.queries.performance import LearnedModel, Measured
    from etl.index.model import Model

LEAD, HIT, FALSE = "lead_days", "hit_rate", "false_per_10000"
CUTS = ("province", "sector", "risk_type")


def card(model: Model, row: VersionRow | None, in_force: str | None, words: Words, zone: str) -> list[Component]:
    """Return the live model's card; `row` is how it came about, None for a file that ships."""
    facts = [
        (words("Version"), model.version),
        (words("Based on"), row.based_on if row else words("a file that ships with the system")),
        *_people(row, words, zone),
        (words("Factors"), words.number(len(model.factors))),
        (words("Feature words"), words.number(len(model.words))),
    ]
    later = (
        [
            html.P(
                words("%(version)s is approved and takes effect with the next run", version=in_force), className="lead"
            )
        ]
        if in_force and in_force != model.version
        else []
    )
    thresholds = [
        html.Li([grade_mark(grade, words.grade(grade)), html.Span(f"≥ {getattr(model.thresholds, grade):g}")])
        for grade in GRADES[:3]
    ]
    return [
        html.Dl([html.Div([html.Dt(name), html.Dd(value)]) for name, value in facts], className="facts"),
        *later,
        html.Ul(thresholds, className="floors", **aria(label=words("Thresholds of the index, 0–100"))),
        _weights(model, words),
    ]


def _people(row: VersionRow | None, words: Words, zone: str) -> list[tuple[str, str]]:
    if row is None:
        return []
    return [
        (words("Proposed"), f"{row.proposer} · {words.instant(row.proposed_at, zone)}"),
        (words("Approved"), f"{row.decider} · {words.instant(row.decided_at, zone)}"),
    ]


def _weights(model: Model, words: Words) -> html.Table:
    heads = [words("Weights"), *(words.sub_index(sub) for sub in SUB_INDEXES)]
    return html.Table(
        [
            html.Thead(
                html.Tr([html.Th(head, scope="col", className="is-number" * bool(at)) for at, head in enumerate(heads)])
            ),
            html.Tbody(
                [
                    html.Tr(
                        [
                            html.Th(words.risk_type(kind), scope="row"),
                            *(
                                html.Td(words.number(model.weights[kind][sub], 2), className="is-number")
                                for sub in SUB_INDEXES
                            ),
                        ]
                    )
                    for kind in RISK_TYPES
                ]
            ),
        ],
        className="table",
    )


def learned_card(found: LearnedModel | None, words: Words) -> Component:
    """Return what the learned model was made of, or the sentence that says why there is none."""
    if found is None:
        return state("none", words("This generation has no learned model"))
    if found.state != "trained":
        sentence = {
            "no_outcomes": words("Nothing was learned: no ended cases are known"),
            "too_few": words("Nothing was learned: too few ended cases (%(n)s)", n=found.confirmed + found.dismissed),
        }.get(found.state, found.state)
        return state("little", sentence)
    facts = (
        (words("Speaks of"), words("a confirmed case within %(n)s days", n=found.horizon_days)),
        (
            words("Learned from"),
            words(
                "%(confirmed)s confirmed and %(dismissed)s dismissed cases",
                confirmed=words.number(found.confirmed),
                dismissed=words.number(found.dismissed),
            ),
        ),
        (words("Trained until"), _day(found.trained_until)),
        (words("Calibrated until"), _day(found.calibrated_until)),
        (words("Tested until"), _day(found.tested_until)),
        *_tested(found.figures, words),
    )
    return html.Dl([html.Div([html.Dt(name), html.Dd(value)]) for name, value in facts], className="facts")


def _tested(figures: Mapping[str, float | None], words: Words) -> list[tuple[str, str]]:
    """Return how it did on the days it was tested on: an AUC of 0.5 is no order at all, less of Brier's is better."""
    auc, brier, base = (figures.get(name) for name in ("auc", "brier", "brier_base"))
    told = [] if auc is None else [(words("AUC in the test"), words.number(auc, 3))]
    if brier is not None and base is not None:
        worth = words("%(brier)s, by the base rate alone %(base)s", brier=f"{brier:.4f}", base=f"{base:.4f}")
        told.append((words("Brier score in the test"), worth))
    return told


def _day(day: object) -> str:
    return str(day) if day else "—"


def headline(rows: Sequence[Measured], words: Words) -> Component:
    """Return lead time, hit rate and false positives of each scorer, over all enterprises."""
    found = {(row.scorer, row.measure): row for row in rows if row.cut == "all" and row.k == 0}
    if not found:
        return state("none", words("Nothing has been measured: no ended cases are known"))
    scorers = [scorer for scorer in SCORERS if any(name == scorer for name, _ in found)]
    return _table(
        [
            (scorer_words(scorer, words), {name: found.get((scorer, name)) for name in (LEAD, HIT, FALSE)})
            for scorer in scorers
        ],
        words,
        words("Scorer"),
    )


def cut_table(rows: Sequence[Measured], cut: str, words: Words) -> Component:
    """Return the index's measures by region, sector or risk type, those with most cases first."""
    keyed: dict[str, dict[str, Measured | None]] = {}
    for row in rows:
        if row.cut == cut and row.scorer == SCORERS[0] and row.k == 0:
            keyed.setdefault(row.key, {})[row.measure] = row
    if not keyed:
        return state("none", words("No measures for this jurisdiction"))
    known = sorted(keyed, key=lambda key: (-_cases(keyed[key]), key))
    return _table([(_name(cut, key, words), keyed[key]) for key in known], words, cut_words(cut, words))


def cut_words(cut: str, words: Words) -> str:
    """Return the word of a cut of the enterprises."""
    return {"province": words("Province"), "sector": words("Sector"), "risk_type": words("Risk type")}[cut]


def _cases(measured: dict[str, Measured | None]) -> int:
    hit = measured.get(HIT)
    return hit.n if hit else 0


def _name(cut: str, key: str, words: Words) -> str:
    if cut == "province":
        return region_name(key, words.locale)
    return words.sector(key) if cut == "sector" else words.risk_type(key)


def _table(lines: Sequence[tuple[str, dict[str, Measured | None]]], words: Words, first: str) -> html.Table:
    heads = [
        words("Lead time, median days of all confirmed cases"),
        words("Hit rate, of confirmed cases"),
        words("False positives per 10 000"),
    ]
    return html.Table(
        [
            html.Thead(
                html.Tr(
                    [
                        html.Th(first, scope="col"),
                        *(html.Th(head, scope="col", className="is-number") for head in heads),
                    ]
                )
            ),
            html.Tbody(
                [
                    html.Tr(
                        [
                            html.Th(name, scope="row"),
                            *(
                                html.Td(value(found.get(measure), words), className="is-number")
                                for measure in (LEAD, HIT, FALSE)
                            ),
                        ]
                    )
                    for name, found in lines
                ]
            ),
        ],
        className="table measures",
    )


def value(row: Measured | None, words: Words) -> list[Component] | Component:
    """Return a measure with its interval and denominator; too little data has words of its own."""
    if row is None:
        return html.Span("—", className="is-dim")
    if row.value is None:
        return html.Span(words("too little data (n = %(n)s)", n=words.number(row.n)), className="is-dim")

    def written(number: float | None) -> str:
        if row.measure == HIT:
            return words.percent(number)
        return words.number(number, 0 if row.measure == LEAD else 1)

    interval = f"{written(row.low)}–{written(row.high)} · n = {words.number(row.n)}"
    return [html.B(written(row.value)), html.Small(interval)]
