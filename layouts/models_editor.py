"""The models screen's editor: thresholds and weights to move, what that would change, and the form that proposes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import dcc, html

from dashboard.vocabulary import GRADES, RISK_TYPES, SUB_INDEXES
from etl.index.draft import rebalanced
from geo.views import region_name
from layouts.panels import aria, grade_mark, loading, state

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dash.development.base_component import Component

    from dashboard.i18n import Words
    from dashboard.queries.preview import Found, Preview

RESET = "models--reset"
REBALANCE = "models--rebalance"
RESULT = "models--result"
SUMS = "models--sums"
FORM = "models--form"
VERSION = "models--version"
NOTE = "models--note"
PROPOSE = "models--propose"
SAID = "models--said"

THRESHOLDS = {grade: f"models--threshold-{grade}" for grade in GRADES[:3]}
WEIGHTS = {
    f"{kind} {sub}": f"models--weight-{kind}-{sub.replace('_', '-')}" for kind in RISK_TYPES for sub in SUB_INDEXES
}
MOST_REGIONS = 12
WAIT = 0.15  # seconds after the last key: shorter than the way from a number to the button that proposes it


def editor(words: Words) -> html.Div:
    """Return the inputs, empty until the live model is known."""
    floors = [
        html.Div(
            [
                html.Label(grade_mark(grade, words.grade(grade)), htmlFor=component),
                _number(component, 1, 100, 1),
            ],
            className="editor__floor",
        )
        for grade, component in THRESHOLDS.items()
    ]
    return html.Div(
        [
            html.H3(words("Thresholds, from which index on")),
            html.Div(floors, className="editor__floors"),
            html.H3(words("Weights, summing to 1 in each risk type")),
            html.Table(
                [
                    html.Thead(
                        html.Tr([html.Td(""), *(html.Th(words.sub_index(sub), scope="col") for sub in SUB_INDEXES)])
                    ),
                    html.Tbody([_line(kind, words) for kind in RISK_TYPES]),
                ],
                className="editor__weights",
            ),
            html.Div(id=SUMS, className="editor__sums", role="status"),
            html.Div(
                [
                    html.Button(words("Rebalance to 1"), id=REBALANCE, type="button", className="button"),
                    html.Button(words("Back to the version in force"), id=RESET, type="button", className="button"),
                ],
                className="editor__buttons",
            ),
            _form(words),
        ],
        className="editor",
    )


def _line(kind: str, words: Words) -> html.Tr:
    cells = [
        html.Td(_number(WEIGHTS[f"{kind} {sub}"], 0, 1, 0.01, f"{words.risk_type(kind)} · {words.sub_index(sub)}"))
        for sub in SUB_INDEXES
    ]
    return html.Tr([html.Th(words.risk_type(kind), scope="row"), *cells])


def _number(component: str, low: float, high: float, step: float, name: str = "") -> html.Div:
    field = dcc.Input(id=component, type="number", min=low, max=high, step=step, debounce=WAIT)
    hidden = html.Label(name, htmlFor=component, className="visually-hidden") if name else None
    return html.Div([hidden, field], className="editor__number")


def _form(words: Words) -> html.Div:
    return html.Div(
        [
            html.H3(words("Propose as a new version")),
            html.Div(
                [
                    html.Label(words("Name"), htmlFor=VERSION),
                    dcc.Input(id=VERSION, type="text", maxLength=40),
                    html.Label(words("Why"), htmlFor=NOTE),
                    dcc.Input(id=NOTE, type="text", maxLength=500),
                    html.Button(words("Propose"), id=PROPOSE, type="button", className="button button--first"),
                ],
                className="editor__form",
            ),
            html.Div(id=SAID, className="said", role="status"),
            html.P(
                words("A second person decides. An approved version takes effect with the next run."),
                className="is-dim",
            ),
        ],
        id=FORM,
        hidden=True,
    )


def result_skeleton(words: Words) -> html.Div:
    """Return where the preview's result will stand."""
    return html.Div(loading(words), id=RESULT, className="result")


def sums(weights: Mapping[str, Mapping[str, float | None]], words: Words) -> list[html.Span]:
    """Return each risk type's sum of weights; one that is not 1 is marked by words."""
    spans = []
    for kind, subs in weights.items():
        total = sum(value or 0 for value in subs.values())
        even = abs(total - 1) < 1e-9  # noqa: PLR2004 - float dust
        text = f"{words.risk_type(kind)} Σ {words.number(total, 2)}"
        spans.append(html.Span(text if even else f"{text} ≠ 1", className="" if even else "is-orange"))
    return spans


def result(found: Preview, words: Words) -> list[Component]:
    """Return what the moved numbers would change: who changes grade, whose load rises, and what it would have found."""
    moved = words(
        "%(moved)s of %(all)s enterprises would change grade",
        moved=words.number(found.moved),
        all=words.number(found.enterprises),
    )
    return [
        html.P(moved, className="result__lead"),
        html.Div(
            [
                html.Section([html.H3(words("Enterprises by grade, from (down) to (across)")), _matrix(found, words)]),
                html.Section([html.H3(words("Against the outcomes known")), *_outcomes(found, words)]),
                html.Section(
                    [html.H3(words("Red and orange enterprises by region, largest rise first")), _loads(found, words)]
                ),
            ],
            className="result__parts",
        ),
    ]


def _matrix(found: Preview, words: Words) -> html.Table:
    def cell(was: str, becomes: str) -> html.Td:
        count = found.matrix.get((was, becomes), 0)
        names = ["is-number", "is-same" if was == becomes else "is-moved" if count else "is-dim"]
        return html.Td(words.number(count) if count else "·", className=" ".join(names))

    heads = [html.Th(grade_mark(grade, words.grade(grade)), scope="col", className="is-number") for grade in GRADES]
    return html.Table(
        [
            html.Thead(html.Tr([html.Td(""), *heads])),
            html.Tbody(
                [
                    html.Tr(
                        [
                            html.Th(grade_mark(was, words.grade(was)), scope="row"),
                            *(cell(was, becomes) for becomes in GRADES),
                        ]
                    )
                    for was in GRADES
                ]
            ),
        ],
        className="table matrix",
    )


def _loads(found: Preview, words: Words) -> Component:
    if not found.loads:
        return state("zero", words("No region's load changes"))
    rows = [
        html.Tr(
            [
                html.Th(region_name(load.region, words.locale) if load.region else words("not located"), scope="row"),
                html.Td(f"{words.number(load.before)} → {words.number(load.after)}", className="is-number"),
                html.Td(words.signed(load.rise), className="is-number is-moved"),
            ]
        )
        for load in found.loads[:MOST_REGIONS]
    ]
    left = len(found.loads) - len(rows)
    more = [html.P(words("%(n)s more regions", n=words.number(left)), className="is-dim")] if left else []
    return html.Div([html.Table(html.Tbody(rows), className="table"), *more])


def _outcomes(found: Preview, words: Words) -> list[Component]:
    if found.before is None or found.after is None:
        return [state("none", words("This generation carries no outcomes"))]
    pair = (found.before, found.after)
    precise, recalled = words("confirmed, of red and orange with an ended case"), words("red and orange, of confirmed")
    unproven = words("red and orange without a confirmed case, per 10 000")
    lines = [
        (words("Precision"), precise, [_part(one.proven_graded, one.ended_graded, words) for one in pair]),
        (words("Recall"), recalled, [_part(one.proven_graded, one.proven, words) for one in pair]),
        (words("False positives"), unproven, [words.number(_per(one, found.enterprises), 1) for one in pair]),
    ]
    heads = [html.Th(text, scope="col", className="is-number") for text in (words("Live"), words("Tried"))]
    note = words(
        "This is hindsight: today's evidence, some of it reported because of the case itself, held against cases "
        "already known. It says what would be flagged now, not what would have been found in time. Evidence fades: an "
        "enterprise whose case ended long ago is rarely graded still, so recall is low here by nature."
    )
    body = [_compared(name, meaning, then, now) for name, meaning, (then, now) in lines]
    return [
        html.Table([html.Thead(html.Tr([html.Td(""), *heads])), html.Tbody(body)], className="table measures"),
        html.P(note, className="is-dim"),
    ]


def _compared(name: str, meaning: str, then: str, now: str) -> html.Tr:
    changed = " is-moved" if then != now else ""
    return html.Tr(
        [
            html.Th([name, html.Small(meaning)], scope="row"),
            html.Td(then, className="is-number"),
            html.Td(now, className=f"is-number{changed}"),
        ]
    )


def _per(found: Found, everybody: int) -> float | None:
    return 10_000 * (found.graded - found.proven_graded) / everybody if everybody else None


def _part(part: int, whole: int, words: Words) -> str:
    """Return a share with its numerator and denominator; with none to divide by there is no share."""
    if not whole:
        return words("no cases")
    return f"{words.percent(part / whole)} ({words.number(part)}/{words.number(whole)})"


def unfit(sentence: str) -> Component:
    """Return what stands instead of a preview of numbers that no model may have."""
    return html.Div(sentence, className="state state--error", **aria(live="polite"))


def flat(weights: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """Return weights by risk type and sub-index as the editor's inputs hold them."""
    return {f"{kind} {sub}": weights[kind][sub] for kind in RISK_TYPES for sub in SUB_INDEXES}


def _is_share(value: object) -> bool:
    return type(value) in {int, float} and 0 <= value <= 1  # type: ignore[operator] # a number by then


def is_ground(base: Any) -> bool:  # noqa: ANN401 - whatever JSON a client sends
    """Return whether the store holds a model's numbers: not before the first answer, nor where no model can be read."""
    try:
        return bool(flat(base["weights"])) and set(base["thresholds"]) == set(THRESHOLDS)
    except (LookupError, TypeError):
        return False


def deep(given: Mapping[str, float | None]) -> dict[str, dict[str, Any]]:
    """Return what the editor's inputs hold as weights by risk type and sub-index."""
    return {kind: {sub: given[f"{kind} {sub}"] for sub in SUB_INDEXES} for kind in RISK_TYPES}


def even(live: Mapping[str, Mapping[str, float]], given: Mapping[str, float | None]) -> dict[str, dict[str, float]]:
    """Return the editor's weights brought back to a sum of 1 in each risk type; what is no share counts as 0."""
    tried = deep({name: value if _is_share(value) else 0.0 for name, value in given.items()})
    return {kind: rebalanced(live[kind], tried[kind]) for kind in RISK_TYPES}
