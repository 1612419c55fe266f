"""The shell's wiring: which screen stands in the frame, and what the header says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import ClientsideFunction, Input, Output, State, html
from dash.exceptions import PreventUpdate

from dashboard.access.permissions import Permission
from dashboard.access.session import current_viewer
from dashboard.clock import moment
from dashboard.errors import NotAllowed, NotFound, NotKept, SmokeError
from dashboard.i18n import words_for
from dashboard.queries.case_seen import case_seen
from dashboard.queries.generations import live_generation
from dashboard.queries.inbox import counts
from dashboard.queries.inbox_desk import desk_of
from dashboard.queries.portrait import facts_of
from dashboard.queries.search import asked_for, enterprises_like
from dashboard.services import reading
from layouts import search, shell
from layouts.links import Place, case_in, place_in, uscc_in
from layouts.registry import screen_at

if TYPE_CHECKING:
    from dash import Dash
    from dash.development.base_component import Component
    from sqlalchemy.orm import Session

    from dashboard.access.viewer import Viewer
    from dashboard.i18n import Words
    from dashboard.queries.inbox import Counts
    from dashboard.services import Reading, Services
    from layouts.registry import Screen

REGIONS = "/riskmap"  # where the way down to one enterprise leads: it has no regions of its own


def register(app: Dash, services: Services) -> None:
    """Wire the shell of one application."""
    app.clientside_callback(  # type: ignore[no-untyped-call] # Dash leaves this one untyped
        ClientsideFunction("smoke", "display"), Output(shell.DISPLAY, "data"), Input(shell.LOCATION, "pathname")
    )

    @app.callback(Output(shell.CONTENT, "children"), Input(shell.LOCATION, "pathname"), State(shell.LOCATION, "search"))
    def open_screen(pathname: str | None, search: str | None) -> Component:
        viewer = current_viewer()
        words = words_for(viewer.locale)
        screen = screen_at(pathname or "")
        if screen is None:
            return shell.notice(words, words("There is no such page"), words("The address may be mistyped."))
        try:
            if not screen.is_for(viewer, services.settings.home_region):
                raise NotAllowed(screen.path)
            _place(services, screen, pathname, search)
            if screen.understands:
                screen.understands(search)
        except SmokeError as refusal:
            return _refusal(words, refusal, screen)
        return screen.layout(words)

    @app.callback(
        Output(shell.WHERE, "children"),
        Output(shell.NAV, "children"),
        Output(shell.META, "children"),
        Output(shell.LANGUAGE, "href"),
        Input(shell.LOCATION, "pathname"),
        Input(shell.LOCATION, "search"),
        Input(shell.CLOCK, "data"),
    )
    def refresh_header(
        pathname: str | None, search: str | None, _moved: dict[str, Any] | None
    ) -> tuple[Any, Any, Any, str]:
        viewer = current_viewer()
        words = words_for(viewer.locale)
        screen = screen_at(pathname or "")
        with services.sessions() as session:
            live, waiting = live_generation(session), _waiting(session, services, viewer)
        where = _where(services, viewer, screen, pathname, search)
        nav = shell.nav(words, viewer, screen, search or "", services.settings.home_region, waiting)
        language = shell.language_href(words, (pathname or "/") + (search or ""))
        return where, nav, shell.meta(words, services.settings, live), language

    @app.callback(Output(shell.FOUND, "children"), Input(shell.SEARCH, "value"))
    def refresh_found(text: str | None) -> list[Component]:
        if not text:
            return []
        with reading(services, Permission.PORTRAIT_READ) as read:
            return _found(read, text)


def _found(read: Reading, text: str) -> list[Component]:
    """Return the answer to what somebody typed; it is cached nowhere, because nobody shall read what was looked for."""
    if asked_for(text) is None:
        return search.too_little(read.words)
    try:
        found = enterprises_like(read.population, read.scope, text, search.MOST)
    except NotFound:
        return search.without_index(read.words)
    return search.options(found, text, read.words)


def _waiting(session: Session, services: Services, viewer: Viewer) -> Counts | None:
    """Return how much waits for who has an inbox; walls and others have none."""
    if viewer.kind == "wall" or not viewer.may(Permission.CASE_READ):
        return None
    return counts(session, desk_of(session, viewer, moment(services.settings.timezone)))


def _place(services: Services, screen: Screen, pathname: str | None, search: str | None) -> Place:
    """Return where an address leads; for one thing its own region (`PLACES`)."""
    viewer = current_viewer()
    place = place_in(search, viewer, services.settings)
    if not screen.of:
        return place
    return PLACES[screen.of](services, viewer, pathname) or place


def _place_of_enterprise(services: Services, _viewer: Viewer, pathname: str | None) -> Place | None:
    uscc = uscc_in(pathname)
    try:
        with reading(services, Permission.PORTRAIT_READ) as read:
            region = read.of_population(facts_of, uscc).region
    except PreventUpdate:  # nothing was published yet: the screen opens, and says that it is loading
        return None
    return Place(region) if region else None


def _place_of_case(services: Services, viewer: Viewer, pathname: str | None) -> Place:
    number = case_in(pathname)
    with services.sessions() as session:
        return Place(case_seen(session, viewer, number).case.region_code)


PLACES = {"enterprise": _place_of_enterprise, "case": _place_of_case}
"""Where a screen of one thing leads, by what it is of; each raises NotFound where the viewer sees no such thing."""


def _where(
    services: Services, viewer: Viewer, screen: Screen | None, pathname: str | None, search: str | None
) -> html.Ol | str:
    """Return the way down to the region shown; an address that is refused names none."""
    words = words_for(viewer.locale)
    if screen is None:
        return ""
    try:
        scope = viewer.scope(screen.permission)
        place = _place(services, screen, pathname, search)
    except SmokeError:
        return ""
    path, kept = REGIONS if screen.of else screen.path, search or "" if screen.filtered else ""
    number = case_in(pathname) if screen.of == "case" else ""
    return shell.crumbs(place, scope, words, path, words(screen.title), kept, number)


def _refusal(words: Words, refusal: SmokeError, screen: Screen) -> html.Div:
    """Return the page for an address that is not this viewer's to see, or that cannot be meant."""
    if isinstance(refusal, NotAllowed):
        sentence = words("This region or page lies outside your jurisdiction or your permissions.")
        return shell.notice(words, words("Not for you to see"), sentence)
    if isinstance(refusal, NotKept):
        return shell.notice(words, words("Not in this generation"), words(str(refusal)))
    if screen.of == "case":
        sentence = words("No case of this number is yours to see. Numbers look like 330106-2026-0007.")
        return shell.notice(words, words("There is no such case"), sentence)
    if screen.of:
        sentence = words("No enterprise with this code is registered in your jurisdiction. Codes have 18 characters.")
        return shell.notice(words, words("There is no such enterprise"), sentence)
    return shell.notice(words, words("There is no such page"), words("The address may be mistyped."))
