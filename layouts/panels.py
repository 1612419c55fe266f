"""The pieces that panels are made of: frame, title line, grade words, and the sentences for a panel without figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import dash_ag_grid as dag
from dash import html

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.i18n import Words
    from dashboard.queries.regions import RegionNow

PLAIN_RATE = 100  # rates from which decimals only pretend to know
State = Literal["loading", "none", "little", "zero", "error"]


def aria(**values: str) -> dict[str, Any]:
    """Return `aria-*` attributes for a component, so that `label` becomes `aria-label`."""
    return {f"aria-{name}": value for name, value in values.items()}


def data(**values: str) -> dict[str, Any]:
    """Return `data-*` attributes for a component, so that `clock_seconds` becomes `data-clock-seconds`."""
    return {f"data-{name.replace('_', '-')}": value for name, value in values.items()}


def panel(
    title: str, body: Component | list[Component], *, note: Component | str = "", area: str = "", heading: str = ""
) -> html.Section:
    """Return a panel: a title line with a dim note at its right, and a body. `heading` is the title's id."""
    named: dict[str, Any] = {"id": heading} if heading else {}
    return html.Section(
        [
            html.Div(
                [
                    html.H2(title, className="panel__title", **named),
                    html.Div(note, className="panel__note"),
                ],
                className="panel__head",
            ),
            html.Div(body, className="panel__body"),
        ],
        className=f"panel {area}".strip(),
    )


def state(kind: State, sentence: str) -> html.Div:
    """Return what stands in a panel that has no figures to show: each kind has its own mark and sentence."""
    return html.Div(sentence, className=f"state state--{kind}", role="status")


def loading(words: Words) -> html.Div:
    """Return the state before the first answer."""
    return state("loading", words("Loading"))


def grade_mark(grade: str, text: str) -> html.Span:
    """Return a grade's shape followed by a word: never colour alone."""
    return html.Span(text, className=f"grade grade--{grade}")


def measure_value(row: RegionNow, measure: str) -> float | None:
    """Return a region's value of a measure (see layouts.links.MEASURES); None where there is too little data for it."""
    return {"mean": row.smoothed_index, "high": float(row.high), "rate": row.warning_rate}[measure]


def measure_text(value: float | None, measure: str, words: Words) -> str:
    """Return the value as it is written; a rate of hundreds is not told to the tenth."""
    whole = measure == "high" or (measure == "rate" and value is not None and value >= PLAIN_RATE)
    return words.number(value, 0 if whole else 1)


def measure_words(measure: str, words: Words) -> tuple[str, str]:
    """Return the name of a measure and the sentence for its unit, denominator and smoothing."""
    return {
        "mean": (
            words("Mean Smoke Index"),
            words("0–100, over all enterprises in operation; smoothed where there are fewer than 40"),
        ),
        "high": (words("Red and orange enterprises"), words("Enterprises graded red or orange at present")),
        "rate": (
            words("Warnings per 10 000 enterprises"),
            words("New warnings of the last 4 weeks per 10 000 enterprises in operation"),
        ),
    }[measure]


def written(form: str) -> dict[str, Any]:
    """Return how a grid column writes its numbers, so that it still sorts them as numbers: a d3 format, ",", ".1f"."""
    return {"valueFormatter": {"function": f"d3.format('{form}')(params.value)"}}


def grid(component_id: str, columns: list[dict[str, Any]], words: Words, *, height: str) -> dag.AgGrid:
    """Return a long list: columns as AG Grid takes them, rows to come, its own words in the page's language."""
    return dag.AgGrid(
        id=component_id,
        columnDefs=columns,
        rowData=[],
        defaultColDef={"sortable": True, "resizable": True},
        dashGridOptions={
            "headerHeight": 34,
            "rowHeight": 32,
            "localeText": {"noRowsToShow": words("Nothing to list"), "loadingOoo": words("Loading")},
        },
        className="ag-theme-quartz grid",
        style={"height": height},
    )
