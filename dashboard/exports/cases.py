"""The list of cases as a workbook: the rows that the filters leave, in their order, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.exports.workbook import Sheet, workbook
from dashboard.i18n.case_terms import CLOCK_WORDS, OUTCOME_WORDS, PHASE_WORDS
from geo.views import region_name

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from dashboard.access.viewer import Viewer
    from dashboard.exports.workbook import Cell
    from dashboard.i18n import Words
    from dashboard.queries.case_pages import ListedCase

MOST = 20_000
"""Rows of one file, as of the watchlist's; the cover says so where there are more."""


def cases_workbook(rows: Sequence[ListedCase], total: int, cover: Sequence[tuple[str, str]], words: Words) -> bytes:
    """Return an XLSX file of the cases; `total` is how many the filters leave, `cover` says what and whence."""
    lines = [*cover, (words("Rows"), words.number(len(rows)))]
    if total > len(rows):
        cut = words("The first %(shown)s of %(total)s rows.", shown=words.number(len(rows)), total=words.number(total))
        lines.append((words("Cut"), cut))
    name = words("Cases")
    return workbook(name, lines, [Sheet(name, _heads(words), [_cells(row, words) for row in rows])])


def cover_of(viewer: Viewer, what: tuple[str, str], taken_at: datetime, words: Words) -> list[tuple[str, str]]:
    """Return what stands on the cover; `what` is the region's code and the filter in words, `taken_at` local."""
    region, told = what
    return [
        (words("Region"), region_name(region, words.locale)),
        (words("Filter"), told),
        (words("Taken by"), " ".join(part for part in (viewer.unit, viewer.name) if part)),
        (words("Taken at"), f"{taken_at:%Y-%m-%d %H:%M}"),
    ]


def _heads(words: Words) -> list[str]:
    return [
        words("Number"),
        words("Enterprise"),
        words("Credit code"),
        words("Place"),
        words("Handled by"),
        words("In charge"),
        words("Risk type"),
        words("Grade"),
        words("Phase"),
        words("In stage since"),
        words("Due"),
        words("Clock"),
        words("Opened"),
        words("Outcome"),
        words("Closed"),
    ]


def _cells(row: ListedCase, words: Words) -> list[Cell]:
    return [
        row.number,
        row.name,
        row.uscc,
        region_name(row.region_code, words.locale),
        region_name(row.handler_code, words.locale),
        " ".join(part for part in (row.owner_unit, row.owner) if part),
        words.risk_type(row.risk_type),
        words.grade(row.grade) if row.grade else "",
        words.term(PHASE_WORDS, row.phase),
        row.entered_on,
        row.due_on,
        words.term(CLOCK_WORDS, row.clock) if row.clock != "none" else "",
        row.opened_on,
        words.term(OUTCOME_WORDS, row.outcome) if row.outcome else "",
        row.closed_on,
    ]
