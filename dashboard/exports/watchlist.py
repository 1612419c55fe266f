"""The watchlist as a workbook: the rows that the filters leave, in their order, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.exports.workbook import Sheet, workbook
from dashboard.vocabulary import SUB_INDEXES
from geo.views import region_name

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from dashboard.access.viewer import Viewer
    from dashboard.exports.workbook import Cell
    from dashboard.i18n import Words
    from dashboard.queries.generations import Live
    from dashboard.queries.watched import Listed

MOST = 20_000
"""Rows of one file: a workbook of more is not made while somebody waits. The cover says so where there are more."""


def watchlist_workbook(rows: Sequence[Listed], total: int, cover: Sequence[tuple[str, str]], words: Words) -> bytes:
    """Return an XLSX file of the rows; `total` is how many the filters leave, `cover` says what and whence."""
    lines = [*cover, (words("Rows"), words.number(len(rows)))]
    if total > len(rows):
        cut = words("The first %(shown)s of %(total)s rows.", shown=words.number(len(rows)), total=words.number(total))
        lines.append((words("Cut"), cut))
    name = words("Watchlist")
    return workbook(name, lines, [Sheet(words("Enterprises"), _heads(words), [_cells(row, words) for row in rows])])


def cover_of(
    live: Live, viewer: Viewer, what: tuple[str, str], taken_at: datetime, words: Words
) -> list[tuple[str, str]]:
    """Return what stands on the cover; `what` is the region's code and the filter in words, `taken_at` local."""
    region, told = what
    return [
        (words("Region"), region_name(region, words.locale)),
        (words("Filter"), told),
        (words("Data until"), (live.data_until or live.as_of).isoformat()),
        (words("Generation"), str(live.generation)),
        (words("Taken by"), " ".join(part for part in (viewer.unit, viewer.name) if part)),
        (words("Taken at"), f"{taken_at:%Y-%m-%d %H:%M}"),
    ]


def _heads(words: Words) -> list[str]:
    return [
        words("Enterprise"),
        words("Credit code"),
        words("Legal representative"),
        words("Place"),
        words("Sector"),
        words("Grade"),
        words("Index (0–100)"),
        words("Change since last week"),
        words("Leading type"),
        words("Top reasons"),
        *(words("%(name)s (points)", name=words.sub_index(sub)) for sub in SUB_INDEXES),
        words("Learned probability (0–1)"),
        words("In grade since"),
        words("State"),
        words("Assigned to"),
        words("Due"),
        words("Overdue"),
        words("Lists"),
        words("Case"),
    ]


def _cells(row: Listed, words: Words) -> list[Cell]:
    waits = row.week_on is not None
    listed = row.entry.kind if row.entry else row.exempt
    return [
        row.name,
        row.uscc,
        row.legal_representative,
        region_name(row.region_code, words.locale),
        words.sector(row.sector),
        words.grade(row.grade),
        round(row.smoke_index, 2),
        row.change,
        words.risk_type(row.risk_type) if row.smoke_index else "",
        words(", ").join(words.factor(factor) for factor, _points in row.reasons),
        *(round(points, 2) for points in row.contributions),
        row.probability,
        row.entered_on,
        words.handling(row.state) if waits else words("No warning"),
        " ".join(part for part in (row.assignee_unit, row.assignee) if part),
        row.due_on,
        words("Overdue") if row.is_overdue else "",
        words.exemption(listed) if listed else "",
        row.case_number or "",
    ]
