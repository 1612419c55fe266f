"""The models screen's versions: who proposed and decided what, how each differs from the live one, and the decision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dash_bootstrap_components as dbc
from dash import dcc, html

from layouts.panels import loading, state

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dash.development.base_component import Component

    from dashboard.access.viewer import Viewer
    from dashboard.i18n import Words
    from dashboard.queries.index_models import VersionRow

LIST = "models--versions"
DECIDE = "models--decide"
PENDING = "models--pending"
REASON = "models--reason"
APPROVE = "models--approve"
REJECT = "models--reject"
WITHDRAW = "models--withdraw"
DECIDED = "models--decided"

MOST = 20
MOST_DIFFERENCES = 8
Differences = list[tuple[str, float | None, float | None]]


def versions(words: Words) -> list[Component]:
    """Return the list's place and the form that decides."""
    buttons = ((APPROVE, words("Approve")), (REJECT, words("Reject")), (WITHDRAW, words("Withdraw")))
    return [
        html.Div(loading(words), id=LIST),
        html.Div(
            [
                html.Label(words("Proposal"), htmlFor=PENDING),
                dbc.Select(id=PENDING, options=[]),
                html.Label(words("Reason"), htmlFor=REASON),
                dcc.Input(id=REASON, type="text", maxLength=500),
                *(html.Button(text, id=component, type="button", className="button") for component, text in buttons),
            ],
            id=DECIDE,
            className="decide",
            hidden=True,
        ),
        html.Div(id=DECIDED, className="said", role="status"),
    ]


def version_table(
    rows: Sequence[VersionRow], changed: Mapping[str, Differences | None], words: Words, zone: str
) -> Component:
    """Return the versions, newest first; `changed` holds how each differs from its base, None: one is unreadable."""
    if not rows:
        return state("zero", words("Nobody has proposed a version yet"))
    heads = [
        words("Version"),
        words("State"),
        words("Proposed"),
        words("Why"),
        words("What changed: before → after"),
        words("Decided"),
    ]
    return html.Table(
        [
            html.Thead(html.Tr([html.Th(head, scope="col") for head in heads])),
            html.Tbody([_row(row, changed.get(row.version), words, zone) for row in rows]),
        ],
        className="table versions",
    )


def _row(row: VersionRow, changed: Differences | None, words: Words, zone: str) -> html.Tr:
    decided = f"{row.decider} · {words.instant(row.decided_at, zone)}" if row.decided_at else "—"
    return html.Tr(
        [
            html.Th([row.version, html.Small(words("based on %(version)s", version=row.based_on))], scope="row"),
            html.Td(state_words(row.state, words)),
            html.Td(f"{row.proposer} · {words.instant(row.proposed_at, zone)}"),
            html.Td(row.note),
            html.Td(_differences(changed, words)),
            html.Td([decided, *([html.Small(row.reason)] if row.reason else [])]),
        ]
    )


def state_words(code: str, words: Words) -> str:
    """Return the word of a version's state."""
    return {
        "proposed": words("proposed"),
        "approved": words("approved"),
        "rejected": words("rejected"),
        "withdrawn": words("withdrawn"),
    }.get(code, code)


def _differences(changed: Differences | None, words: Words) -> Component:
    if changed is None:
        return html.Span(words("cannot be read by this program version"), className="is-orange")
    if not changed:
        return html.Span(words("the same numbers"), className="is-dim")
    shown = [
        html.Li([f"{place_words(place, words)} ", html.B(f"{_figure(live)} → {_figure(other)}")])
        for place, live, other in changed[:MOST_DIFFERENCES]
    ]
    left = len(changed) - len(shown)
    more = [html.Li(words("%(n)s more numbers", n=words.number(left)))] if left else []
    return html.Ul([*shown, *more])


def place_words(place: str, words: Words) -> str:
    """Return the words of a number's place in the model, such as thresholds.red or weights.lending.spread."""
    part, _, rest = place.partition(".")
    if part == "thresholds":
        return words("Threshold %(grade)s", grade=words.grade(rest))
    kind, _, sub_index = rest.partition(".")
    pair = f"{words.risk_type(kind)} · {words.sub_index(sub_index)}"
    if part == "weights":
        return pair
    if part == "scales":
        return words("Scale %(pair)s", pair=pair)
    if part == "factors":
        return words.factor(kind)
    return words("another number of the file")


def _figure(number: float | None) -> str:
    return "—" if number is None else f"{number:g}"


def choices(rows: Sequence[VersionRow]) -> list[dict[str, Any]]:
    """Return the undecided versions as choices; a value carries the revision that the viewer sees."""
    return [
        {"label": f"{row.version} · {row.proposer}", "value": f"{row.version}@{row.revision}"}
        for row in rows
        if row.state == "proposed"
    ]


def suggested(live: str, taken: Sequence[str]) -> str:
    """Return a free name after `live`: its last number counted on, or a number behind it."""
    stem, _, last = live.rpartition(".")
    number = int(last) if stem and last.isdigit() and len(last) < 4 else 0  # noqa: PLR2004 - a count, not a year
    stem = stem if number else live
    while True:
        number += 1
        if f"{stem}.{number}" not in taken:
            return f"{stem}.{number}"


def may_decide(viewer: Viewer, rows: Sequence[VersionRow], *, approves: bool, proposes: bool) -> dict[str, bool]:
    """Return for each part of the form whether it is hidden from the viewer."""
    pending = [row for row in rows if row.state == "proposed"]
    mine = any(row.proposed_by == viewer.id for row in pending)
    return {
        DECIDE: not pending or not (approves or (proposes and mine)),
        APPROVE: not approves,
        REJECT: not approves,
        WITHDRAW: not (proposes and mine),
    }
