"""Case page: joins, wired."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import Input, Output, State

from dashboard import clock
from dashboard.access.permissions import Permission
from dashboard.access.session import current_viewer
from dashboard.actions.case_joins import merge_case, split_case
from dashboard.actions.case_sources import add_source
from dashboard.i18n import words_for
from dashboard.queries.case_joins import joined_of
from dashboard.queries.registered import registered
from dashboard.services import clicking, reading
from layouts import case_joins as part
from layouts import notices, shell
from layouts.case_forms import SEEN, new_key
from layouts.case_joins_asked import code_in, merge_in, source_in, split_in
from layouts.case_joins_view import shown
from layouts.links import case_in

if TYPE_CHECKING:
    from dash import Dash

    from dashboard.services import Services

CHILDREN = (part.BODY, part.KIN, part.DUPLICATES)
HIDDEN = (part.SOURCE, part.MERGE, part.SPLIT)
OPTIONS = (part.SOURCE_WARNING, part.MERGE_INTO, part.SPLIT_REGION, part.SPLIT_SOURCES, part.SPLIT_PEOPLE)
KEYS = (part.SOURCE_KEY, part.MERGE_KEY, part.SPLIT_KEY)
PLACES = {"children": CHILDREN, "hidden": HIDDEN, "options": OPTIONS}
SHOWN = {one: Output(one, what) for what, components in PLACES.items() for one in components}


def _form(name: str, key: str, button: str) -> dict[str, Any]:
    """Return the inputs of the callback that sends a form."""
    fields = {field: State(component, "value") for field, component in part.FORMS[name].items()}
    return {
        "_clicks": Input(button, "n_clicks"),
        "seen": State(SEEN, "data"),
        "key": State(key, "data"),
        "form": fields,
    }


def _after(name: str, key: str) -> dict[str, Output]:
    """Return what is written once a form was carried out: its fields and its next key."""
    fields = {field: Output(component, "value") for field, component in part.FORMS[name].items()}
    return fields | {"key": Output(key, "data", allow_duplicate=True)}


def register(app: Dash, services: Services) -> None:
    """Wire this part of the page."""

    @app.callback(output=SHOWN, inputs=[Input(shell.LOCATION, "pathname"), Input(shell.CLOCK, "data")])
    def refresh_joins(pathname: str | None, _moved: object) -> dict[str, Any]:
        viewer = current_viewer()
        viewer.scope(Permission.CASE_READ)
        with services.sessions() as session:
            found = joined_of(session, viewer, case_in(pathname))
            return shown(found, words_for(viewer.locale), services.settings.timezone)

    @app.callback([Output(key, "data") for key in KEYS], Input(shell.LOCATION, "pathname"))
    def refresh_join_keys(_pathname: str | None) -> list[str]:
        current_viewer().scope(Permission.CASE_READ)
        return [new_key() for _ in KEYS]

    @app.callback(
        output=_after("source", part.SOURCE_KEY),
        inputs=_form("source", part.SOURCE_KEY, part.SOURCE_ADD),
        prevent_initial_call=True,
    )
    def submit_source(_clicks: object, seen: object, key: object, form: dict[str, Any]) -> dict[str, Any]:
        return _add(services, seen, key, form)

    @app.callback(
        output=_after("merge", part.MERGE_KEY),
        inputs=_form("merge", part.MERGE_KEY, part.MERGE_SEND),
        prevent_initial_call=True,
    )
    def submit_merge(_clicks: object, seen: object, key: object, form: dict[str, Any]) -> dict[str, Any]:
        return _merge(services, seen, key, form)

    @app.callback(
        output=_after("split", part.SPLIT_KEY),
        inputs=_form("split", part.SPLIT_KEY, part.SPLIT_SEND),
        prevent_initial_call=True,
    )
    def submit_split(_clicks: object, seen: object, key: object, form: dict[str, Any]) -> dict[str, Any]:
        return _split(services, seen, key, form)


def _add(services: Services, seen: object, key: object, form: dict[str, Any]) -> dict[str, Any]:
    viewer = clicking(Permission.CASE_READ)
    with services.sessions() as session:
        add_source(session, viewer, source_in(seen, key, form), clock.moment(services.settings.timezone))
    words = words_for(viewer.locale)
    notices.show_done(words("The source has joined the case"), words)
    return {"kind": "tip", "warning": None, "number": "", "told": "", "key": new_key()}


def _merge(services: Services, seen: object, key: object, form: dict[str, Any]) -> dict[str, Any]:
    viewer = clicking(Permission.CASE_READ)
    with services.sessions() as session:
        number = merge_case(session, viewer, merge_in(seen, key, form), clock.moment(services.settings.timezone))
    words = words_for(viewer.locale)
    notices.show_done(words("This case was merged into case %(number)s", number=number), words)
    return {"into": None, "reason": "", "key": new_key()}


def _split(services: Services, seen: object, key: object, form: dict[str, Any]) -> dict[str, Any]:
    viewer, register = clicking(Permission.CASE_READ), None
    if code := code_in(form["uscc"]):
        with reading(services, Permission.CASE_READ) as read:
            known = read.of_population(registered, code)
        register = known.name, known.region_code
    with services.sessions() as session:
        command = split_in(seen, key, form, register)
        number = split_case(session, viewer, command, clock.moment(services.settings.timezone))
    words = words_for(viewer.locale)
    notices.show_done(words("Case %(number)s was split off", number=number), words)
    empty = dict.fromkeys(("uscc", "name", "reason"), "") | {"region": None, "type": None}
    return empty | {"sources": [], "people": [], "key": new_key()}
