"""Case page: the timeline's entries, told in the viewer's language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import html

from dashboard.clock import local
from dashboard.queries.case_timeline import PAGE
from layouts.notices import told, worded
from layouts.panels import state

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.i18n import Words
    from dashboard.queries.case_timeline import Event, Timeline

MOST_PAGES = 40  # a page that has grown so long is read elsewhere


def pages_of(clicks: Any) -> int:  # noqa: ANN401 - whatever JSON a client sends
    """Return how many pages are asked for: one, and another for each click on the button."""
    return 1 + min(clicks, MOST_PAGES - 1) if type(clicks) is int and clicks > 0 else 1


def is_all(timeline: Timeline, pages: int) -> bool:
    """Return whether there is nothing more to show."""
    return timeline.total <= PAGE * pages or pages >= MOST_PAGES


def listed(timeline: Timeline, words: Words, timezone: str) -> Component:
    """Return the entries, newest first."""
    if not timeline.events:
        return state("zero", words("No entry of this kind"))
    return html.Ol([_entry(one, words, timezone) for one in timeline.events], className="case-timeline__list")


def _entry(one: Event, words: Words, timezone: str) -> html.Li:
    at = local(one.at, timezone)
    who: list[Component] = [html.Span(worded(one.who, words, timezone), className="case-timeline__who")]
    if one.number:
        who.append(html.Span(words("in %(number)s", number=one.number), className="is-dim"))
    lines: list[Component] = [html.Div([html.B(told(one.what, words, timezone)), *who])]
    lines += [html.Div(told(change, words, timezone), className="case-timeline__change") for change in one.changes]
    if one.reason:
        lines.append(html.Div(words("Reason: %(reason)s", reason=one.reason), className="case-timeline__reason"))
    if one.text:
        lines.append(html.Div(one.text, className="case-timeline__text"))
    time = html.Time(words.instant(one.at, timezone), dateTime=at.isoformat(), title=f"{at:%Y-%m-%d %H:%M:%S %z}")
    return html.Li([time, html.Div(lines)])


def note(timeline: Timeline, words: Words) -> str:
    """Return how many entries are shown of how many."""
    return words("%(shown)s of %(total)s entries", shown=len(timeline.events), total=words.number(timeline.total))
