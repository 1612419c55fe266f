"""Data and runs: what came in, what was kept out and why, and whether the machinery works."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import html

from etl.contracts.reasons import REASONS
from layouts.panels import grid, loading, panel, state, written

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dash.development.base_component import Component
    from dash_ag_grid import AgGrid

    from dashboard.i18n import Words
    from dashboard.queries.generations import Live
    from dashboard.queries.runs import JobRow, RunRow

FACTS = "runs--facts"
RUNS = "runs--runs"
STEPS = "runs--steps"
JOBS = "runs--jobs"
FILES = "runs--files"
FILES_NOTE = "runs--files-note"
QUARANTINE = "runs--quarantine"
QUARANTINE_NOTE = "runs--quarantine-note"

MOST_RUNS = 8
MOST_JOBS = 8
MOST_QUARANTINED = 2000


def layout(words: Words) -> html.Div:
    """Return the skeleton."""
    return html.Div(
        [
            panel(words("Live generation"), html.Div(loading(words), id=FACTS), area="runs__wide"),
            html.Div(
                [
                    panel(words("Runs"), html.Div(loading(words), id=RUNS)),
                    panel(words("Scheduled jobs"), html.Div(loading(words), id=JOBS)),
                ],
                className="runs__column",
            ),
            panel(words("Steps of the newest run"), html.Div(loading(words), id=STEPS)),
            panel(words("Landing files"), _files(words), note=html.Span(id=FILES_NOTE), area="runs__wide"),
            panel(words("Quarantine"), _quarantine(words), note=html.Span(id=QUARANTINE_NOTE), area="runs__wide"),
        ],
        className="runs",
    )


def _files(words: Words) -> AgGrid:
    count = {"type": "rightAligned", "width": 110, **written(",")}
    return grid(
        FILES,
        [
            {"field": "source", "headerName": words("Source"), "minWidth": 150},
            {"field": "contract", "headerName": words("Contract"), "width": 120},
            {"field": "file", "headerName": words("File"), "flex": 1, "minWidth": 200},
            {"field": "state", "headerName": words("State"), "width": 110},
            {"field": "rows_in", "headerName": words("Rows in"), **count},
            {"field": "rows_staged", "headerName": words("Staged"), **count},
            {"field": "rows_quarantined", "headerName": words("Quarantined"), **count},
            {"field": "balance", "headerName": words("Balance"), "width": 110},
            {"field": "problem", "headerName": words("Problem"), "flex": 1, "minWidth": 160},
        ],
        words,
        height="20rem",
    )


def _quarantine(words: Words) -> AgGrid:
    return grid(
        QUARANTINE,
        [
            {"field": "source", "headerName": words("Source"), "minWidth": 150, "filter": True},
            {"field": "file", "headerName": words("File"), "flex": 1, "minWidth": 180},
            {"field": "line", "headerName": words("Line"), "type": "rightAligned", "width": 100},
            {"field": "column", "headerName": words("Column"), "width": 160, "filter": True},
            {"field": "value", "headerName": words("Value"), "flex": 1, "minWidth": 180},
            {"field": "reason", "headerName": words("Reason"), "flex": 2, "minWidth": 240, "filter": True},
        ],
        words,
        height="20rem",
    )


def facts(live: Live, words: Words, timezone: str) -> html.Dl:
    """Return what the live generation is made of."""
    return html.Dl(
        [
            html.Div([html.Dt(name), html.Dd(value)])
            for name, value in (
                (words("Generation"), str(live.generation)),
                (words("As of"), live.as_of.isoformat()),
                (words("Published"), words.instant(live.published_at, timezone)),
                (words("Model"), live.model_version),
                (words("Newest signal"), words.date(live.data_until)),
                (words("Enterprises"), words.number(live.enterprises)),
                (words("Rows in"), words.number(live.rows_in)),
                (words("Staged"), words.number(live.rows_staged)),
                (words("Quarantined"), words.number(live.rows_quarantined)),
            )
        ],
        className="facts",
    )


def runs_table(rows: Sequence[RunRow], words: Words, timezone: str) -> Component:
    """Return the newest runs."""
    if not rows:
        return state("none", words("No run yet"))
    return _table(
        [words("Started"), words("State"), words("Generation"), words("Message")],
        [
            [
                words.instant(row.started_at, timezone),
                run_state(row.state, words),
                "—" if row.generation is None else str(row.generation),
                row.message,
            ]
            for row in rows
        ],
    )


def steps_table(rows: Sequence[tuple[str, float, int]], words: Words) -> Component:
    """Return the steps of a run with their seconds and row counts."""
    if not rows:
        return state("none", words("No run yet"))
    return _table(
        [words("Step"), words("Seconds"), words("Rows")],
        [[step_words(step, words), words.number(seconds, 1), words.number(count)] for step, seconds, count in rows],
    )


def step_words(step: str, words: Words) -> str:
    """Return the words of a pipeline step; one that a newer pipeline brought is shown as it is."""
    return {
        "extract": words("Read the landing files"),
        "stage": words("Stage and quarantine"),
        "ties": words("Tie parties together"),
        "evidence": words("Gather evidence"),
        "score": words("Score"),
        "related": words("Spread risk along ties"),
        "learn": words("Learn from outcomes"),
        "marts": words("Aggregate"),
        "check": words("Check the sums"),
        "files": words("Write the files"),
        "search": words("Index the names"),
        "rows": words("Write the tables"),
        "flip": words("Publish"),
    }.get(step, step)


def jobs_table(rows: Sequence[JobRow], words: Words, timezone: str) -> Component:
    """Return the newest executions of scheduled jobs; a failure stands out by its word."""
    if not rows:
        return state("none", words("The scheduler has not run a job yet"))
    return _table(
        [words("Started"), words("Job"), words("State"), words("Message")],
        [[words.instant(row.started_at, timezone), row.name, run_state(row.state, words), row.message] for row in rows],
    )


def run_state(code: str, words: Words) -> html.Span:
    """Return the word of a run's or a job's state."""
    text = {
        "running": words("running"),
        "published": words("published"),
        "done": words("done"),
        "failed": words("failed"),
        "abandoned": words("abandoned"),
    }.get(code, code)
    return html.Span(text, className="is-orange" if code in {"failed", "abandoned"} else "")


def file_records(rows: Sequence[dict[str, Any]], words: Words) -> list[dict[str, Any]]:
    """Return landing files as grid rows, with whether rows in = staged + quarantined holds."""
    states = {
        "read": words("read"),
        "empty": words("empty"),
        "missing": words("missing"),
        "unreadable": words("unreadable"),
    }
    contracts = {
        "enterprises": words("Enterprises"),
        "signals": words("Signals"),
        "relations": words("Relations"),
        "outcomes": words("Outcomes of cases"),
        "rates": words("Reference rates"),
    }
    return [
        {
            **row,
            "contract": contracts.get(row["contract"], row["contract"]),
            "state": states.get(row["state"], row["state"]),
            "balance": words("balances")
            if row["rows_in"] == row["rows_staged"] + row["rows_quarantined"]
            else words("does not balance"),
        }
        for row in rows
    ]


def quarantine_records(rows: Sequence[dict[str, Any]], words: Words) -> list[dict[str, Any]]:
    """Return quarantined rows as grid rows, each with its reason as a sentence."""
    return [{**row, "reason": _reason(row["reason"], words)} for row in rows]


def _reason(code: str, words: Words) -> str:
    """Return the sentence of a reason; a code that a newer run brought is shown as it is."""
    known = REASONS.get(code)
    if known is None:
        return code
    return known.zh if words.locale == "zh_CN" else known.en


def _table(heads: list[str], rows: list[list[Any]]) -> html.Table:
    return html.Table(
        [
            html.Thead(html.Tr([html.Th(head, scope="col") for head in heads])),
            html.Tbody([html.Tr([html.Td(cell) for cell in row]) for row in rows]),
        ],
        className="table",
    )
