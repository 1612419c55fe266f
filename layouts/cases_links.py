"""What a click in the pipeline means: the code of a mark becomes the list of the cases behind it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from dashboard.errors import Invalid
from dashboard.queries.case_filters import ENDED, OPEN, OUTSIDE, RETURNED, CaseFilters, Stay, Step
from dashboard.queries.case_flow import WEEK
from dashboard.queries.cases import AGES
from dashboard.vocabulary import OPEN_PHASES
from geo.divisions import exists
from layouts.cases_filters import case_filters_of, cases_search

if TYPE_CHECKING:
    from layouts.cases_filters import CasesView

HERE = CaseFilters(reach="place")
"""The pipeline counts what happened in its region, and so do the lists behind it."""


def clicked_code(clicked: Any) -> str:  # noqa: ANN401 - whatever JSON a client sends
    """Return the code of the mark that was clicked, '' for a mark without one; Invalid for what is no click."""
    try:
        code = clicked["points"][0].get("customdata")
    except (AttributeError, LookupError, TypeError) as error:
        raise Invalid("that is no click on a chart") from error
    if not isinstance(code, str | None):
        raise Invalid("that is no click on a chart")
    return code or ""


def search_behind(code: str, region: str, view: CasesView, today: date) -> str:
    """Return the query string of the list behind a mark of the pipeline; Invalid for a code that no mark has."""
    kind, _, rest = code.partition(":")
    parts = rest.split(".")
    since = today - timedelta(days=WEEK * view.weeks - 1)
    try:
        if kind == "child":
            region, filters = _child(region, *parts)
        else:
            filters = _MEANT[kind](parts, since, today)
    except (LookupError, TypeError, ValueError) as error:
        raise Invalid("no mark of the pipeline says that") from error
    return cases_search(region, view.listing(filters))


def _child(region: str, code: str, kind: str) -> tuple[str, CaseFilters]:
    known = code == region or (code.isascii() and code.isdigit() and exists(code))
    if not known or kind not in {"open", "overdue"}:
        raise ValueError(code)
    here = replace(HERE, reach="unplaced") if code == region else HERE
    return code, of_phase(here, OPEN, "overdue" if kind == "overdue" else "")


def _reached(parts: list[str], since: date, today: date) -> CaseFilters:
    (phase,) = parts
    return replace(HERE, **_known(reached=phase), opened_from=since, opened_to=today, sort="opened", descending=True)


def of_phase(filters: CaseFilters, phase: str, clock: str) -> CaseFilters:
    """Return the filters for one phase and one clock, '' for all."""
    return replace(filters, phase=phase, clock=clock)


def _known(**given: str) -> dict[str, Any]:
    """Return the values if an address may hold them; Invalid if not."""
    parsed = case_filters_of(given)
    return {name: getattr(parsed, name) for name in given}


def _age(parts: list[str], _since: date, today: date) -> CaseFilters:
    phase, band = parts[0], int(parts[1])
    if not 0 <= band <= len(AGES):
        raise ValueError(band)
    oldest = today - timedelta(days=AGES[band]) if band < len(AGES) else None
    newest = today - timedelta(days=AGES[band - 1] + 1) if band else None
    return replace(HERE, **_known(phase=phase), opened_from=oldest, opened_to=newest, sort="opened", descending=False)


def _step(parts: list[str], since: date, today: date) -> CaseFilters:
    before, after = parts
    parsed = case_filters_of({"step": f"{before}.{after}.{since.isoformat()}.{today.isoformat()}"})
    return replace(HERE, step=parsed.step)


def _stay(parts: list[str], since: date, today: date, *, late: bool = False) -> CaseFilters:
    (phase,) = parts
    if phase not in OPEN_PHASES:
        raise ValueError(phase)
    return replace(HERE, stay=Stay(phase, late, since, today))


def _late(parts: list[str], since: date, today: date) -> CaseFilters:
    return _stay(parts, since, today, late=True)


def _week(parts: list[str], _since: date, _today: date) -> CaseFilters:
    kind, day = parts
    last = date.fromisoformat(day)
    before, after = {"opened": (OUTSIDE, OPEN), "closed": (OPEN, ENDED), "returned": (RETURNED, OPEN)}[kind]
    return replace(HERE, step=Step(before, after, last - timedelta(days=WEEK - 1), last))


_MEANT = {
    "reached": _reached,
    "age": _age,
    "step": _step,
    "stay": _stay,
    "late": _late,
    "week": _week,
}
