"""The frame around every screen: header, navigation, the place where screens stand, and the page's one clock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import dash_bootstrap_components as dbc
from dash import dcc, html

from dashboard.access.permissions import Permission
from dashboard.clock import end_of_day
from dashboard.queries.search import LONGEST
from geo.divisions import visible_parent_of
from geo.views import region_name
from layouts.links import elsewhere
from layouts.panels import aria, data
from layouts.registry import SCREENS, Screen, is_wall

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from dashboard.access.scope import Scope
    from dashboard.access.viewer import Viewer
    from dashboard.i18n import Words
    from dashboard.queries.generations import Live
    from dashboard.queries.inbox import Counts
    from dashboard.settings import Settings
    from layouts.links import Place

LOCATION = "shell--location"
CLOCK = "shell--clock"
DISPLAY = "shell--display"
CONFIG = "shell--config"
WHERE = "shell--where"
NAV = "shell--nav"
META = "shell--meta"
CONTENT = "shell--content"
TIME = "shell--time"
DATE = "shell--date"
OFFLINE = "shell--offline"
TOAST = "shell--toast"
LANGUAGE = "shell--language"
SEARCH = "shell--search"
FOUND = "shell--found"
INBOX = "inbox"  # the screen whose link carries a badge


NUMBER_LONGEST = 30  # characters of a case's number
DEBOUNCE = 0.2  # seconds without a key before the server is asked


def layout(words: Words, settings: Settings, viewer: Viewer | None, moved: dict[str, Any]) -> html.Div:
    """Return the shell for a viewer (None only for validating ids); `moved` is what /clock said as it was made."""
    return html.Div(
        [
            dcc.Location(id=LOCATION, refresh="callback-nav"),
            dcc.Store(id=CLOCK, data=moved),
            dcc.Store(id=DISPLAY),
            html.Div(id=CONFIG, hidden=True, **_config(words, settings, moved)),
            html.Header(
                [
                    html.H1(settings.title, className="shell__brand"),
                    html.Nav(id=NAV, className="shell__nav is-desk-only", **aria(label=words("Screens"))),
                    html.Nav(id=WHERE, className="shell__where", **aria(label=words("Where you are"))),
                    *_search(words, viewer),
                    html.Div(
                        [
                            html.Div(id=META, className="shell__meta"),
                            html.Div(id=TIME, className="shell__clock"),
                            html.Div(id=DATE, className="shell__date"),
                            html.Div(_person(words, viewer), className="shell__person is-desk-only"),
                        ],
                        className="shell__status",
                    ),
                ],
                className="shell__header",
            ),
            html.Main(id=CONTENT, className="shell__content"),
            html.Div(id=OFFLINE, className="shell__offline", role="status"),
            dbc.Toast(
                id=TOAST, header=words("Not refreshed"), is_open=False, dismissable=True, className="shell__toast"
            ),
        ],
        className="shell",
    )


def _config(words: Words, settings: Settings, moved: dict[str, Any]) -> dict[str, Any]:
    return data(
        clock_seconds=str(settings.clock_seconds),
        timezone=settings.timezone,
        locale=words.locale,
        stale_hours=str(settings.stale_hours),
        generation=str(moved.get("generation")),
        revision=str(moved.get("revision")),
        age_words=words("{hours} hours old"),
        offline_words=words("No answer from the server since {time}. What you see is the last good picture."),
    )


def _search(words: Words, viewer: Viewer | None) -> list[html.Div]:
    """Return the search box for those who may read portraits; assets/12_search.js makes it a combobox."""
    if viewer is not None and not viewer.may(Permission.PORTRAIT_READ):
        return []
    name = words("Find an enterprise")
    hint = words("Name, pinyin initials, credit code, representative")
    box = dcc.Input(
        id=SEARCH,
        type="search",
        placeholder=hint,
        debounce=DEBOUNCE,
        autoComplete="off",
        spellCheck="false",
        maxLength=LONGEST,
        className="search__box",
    )
    return [
        html.Div(
            [
                html.Label(name, htmlFor=SEARCH, className="is-unseen"),
                box,
                html.Kbd("/", className="search__key", **aria(hidden="true")),
                html.Div(id=FOUND, className="search__found", **data(name=name)),
            ],
            className="search is-desk-only",
            role="search",
        )
    ]


def _person(words: Words, viewer: Viewer | None) -> list[html.A | html.Span]:
    locale, other = _other_language(words)
    name = " · ".join(part for part in (viewer.unit, viewer.name) if part) if viewer else ""
    return [
        html.Span(name),
        html.A(other, id=LANGUAGE, href=language_href(words, "/"), lang=locale.replace("_", "-")),
        html.A(words("Sign out"), href="/sign-out"),
    ]


def _other_language(words: Words) -> tuple[str, str]:
    return ("en", "English") if words.locale == "zh_CN" else ("zh_CN", "中文")


def language_href(words: Words, target: str) -> str:
    """Return the address that switches to the other language and comes back to `target`, a path with its query."""
    return "/language?" + urlencode({"to": _other_language(words)[0], "next": target})


def nav(
    words: Words, viewer: Viewer, here: Screen | None, search: str, home: str, waiting: Counts | None = None
) -> list[dcc.Link | html.Span]:
    """Return a link to each screen that the viewer may see, at the same region; the present one is no link.

    `waiting` are the counts of the viewer's inbox, shown as a badge beside its name; None shows none.
    """
    listed = [screen for screen in SCREENS if screen.is_for(viewer, home) and not screen.of]
    named: dict[str, list[Component | str]] = {screen.stem: [words(screen.title)] for screen in listed}
    if waiting is not None and INBOX in named:
        named[INBOX] += _badge(waiting, words)
    return [
        html.Span(named[screen.stem], **aria(current="page"))
        if screen == here
        else dcc.Link(named[screen.stem], href=screen.path + search)
        for screen in listed
    ]


def _badge(waiting: Counts, words: Words) -> list[Component | str]:
    """Return how many items wait for the viewer and whom the viewer stands in for, and how many for the department.

    Red, in words, where one of the former is late. An order between departments waits for no person until somebody
    answers it: without the department's number nobody would see it come.
    """
    number, department = waiting.of("me") + waiting.of("delegated"), waiting.of("department")
    late = waiting.of("me", clock="overdue") + waiting.of("delegated", clock="overdue")
    if not number and not department:
        return []
    title = words(
        "%(n)s wait for me, %(late)s of them overdue; %(department)s for my department",
        n=number,
        late=late,
        department=department,
    )
    parts = [
        html.Span(str(number)),
        *([html.Span(words(" · %(n)s overdue", n=late), className="is-red")] if late else []),
        *([html.Span(words(" · department %(n)s", n=department))] if department else []),
    ]
    return [html.Span(parts, className="nav__badge", title=title, role="img", **aria(label=title))]


def crumbs(
    place: Place, scope: Scope, words: Words, path: str, title: str, kept: str = "", number: str = ""
) -> html.Ol:
    """Return the way from the top of the viewer's jurisdiction down to here, each step a link, and a wall's title.

    `kept` is the query string of a screen that keeps its filters when the region changes, `number` the case that the
    way ends at.
    """
    chain: list[str] = []
    at: str | None = place.region
    while at is not None and scope.covers(at):
        chain.append(at)
        at = visible_parent_of(at)
    steps = [
        html.Li(
            html.Span(region_name(code, words.locale), **aria(current="location"))
            if code == place.region and not number
            else dcc.Link(region_name(code, words.locale), href=path + (elsewhere(kept, code) or place.at(code).search))
        )
        for code in reversed(chain)
    ]
    if number:  # where a case is says its page: the way keeps one step back, so that the header keeps one line
        steps = [*steps[-1:], html.Li(html.Span(number, **aria(current="location")))]
    return html.Ol([*steps, html.Li(title, className="is-wall-only")], className="crumbs")


def meta(words: Words, settings: Settings, live: Live | None) -> list[html.Span]:
    """Return which data is shown: until when, which generation, how many sources answered, how much was usable."""
    if live is None:
        return [html.Span(words("No generation has been published yet"))]
    until = end_of_day(live.data_until or live.as_of, settings.timezone)
    return [
        html.Span(
            [words("Data of %(date)s", date=words.date(live.data_until)), html.Span(className="meta__age")],
            className="meta__until",
            **data(instant=until.isoformat()),
            title=words("published %(at)s", at=words.instant(live.published_at, settings.timezone)),
        ),
        html.Span(words("Generation %(n)s", n=live.generation)),
        html.Span(words("Sources %(read)s/%(expected)s", read=live.sources_read, expected=live.sources_expected)),
        html.Span(words("%(share)s of rows usable", share=words.percent(live.completeness, 1))),
    ]


def notice(words: Words, title: str, sentence: str) -> html.Div:
    """Return what stands instead of a screen that cannot be shown, with a way back."""
    return html.Div(
        [html.H2(title), html.P(sentence), html.A(words("Back to my jurisdiction"), href="/overview")],
        className="notice",
        role="alert",
    )


def title_of(words: Words, pathname: str, screen: Screen | None, settings: Settings) -> str:
    """Return the document's title; a case's page is told from others by its number."""
    parts = [words(screen.title)] if screen else []
    if screen and screen.of == "case":
        parts.insert(0, pathname.rpartition("/")[2][:NUMBER_LONGEST])
    return " · ".join([*parts, settings.title, *([words("Wall")] if is_wall(pathname) else [])])
