"""The panel for a new case, wired: what the register says, what may be the same, and the opening."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import Input, Output, State

from dashboard import clock
from dashboard.access.permissions import Permission
from dashboard.access.scope import is_region_code
from dashboard.actions.cases import open_by_hand
from dashboard.errors import Invalid
from dashboard.i18n import words_for
from dashboard.queries.duplicates import Asked, duplicates
from dashboard.queries.registered import registered
from dashboard.services import clicking, reading
from layouts import cases_new as part
from layouts import notices
from layouts.case_forms import new_key
from layouts.case_joins_asked import code_in, text_of
from layouts.case_joins_places import place_options

if TYPE_CHECKING:
    from dash import Dash
    from dash.development.base_component import Component

    from dashboard.queries.registered import Registered
    from dashboard.services import Reading, Services

FORM = {name: State(component, "value") for name, component in part.FIELDS.items()}
AFTER = {name: Output(component, "value") for name, component in part.FIELDS.items()}
AFTER |= {"key": Output(part.KEY, "data", allow_duplicate=True), "done": Output(part.DONE, "children")}
TYPED = {name: Input(part.FIELDS[name], "value") for name in ("uscc", "name", "region")}
Told = tuple[list["Component"], "Component"]


def register(app: Dash, services: Services) -> None:
    """Wire the panel of one application."""

    @app.callback(
        Output(part.PANEL, "is_open"),
        Output(part.KEY, "data"),
        Output(part.REGION, "options"),
        Input(part.OPEN, "n_clicks"),
        prevent_initial_call=True,
    )
    def open_new(_clicks: object) -> tuple[bool, str, list[dict[str, str]]]:
        viewer = clicking(Permission.CASE_READ)
        return True, new_key(), list(place_options(viewer.home_region, viewer.locale))

    @app.callback(Output(part.REGISTER, "children"), Output(part.ALIKE, "children"), inputs=TYPED)
    def refresh_new(**typed: object) -> Told:
        with reading(services, Permission.CASE_READ) as read:
            return _told(read, **typed)

    @app.callback(
        output=AFTER,
        inputs={"_clicks": Input(part.SEND, "n_clicks"), "key": State(part.KEY, "data"), "form": FORM},
        prevent_initial_call=True,
    )
    def submit_new(_clicks: object, key: object, form: dict[str, Any]) -> dict[str, Any]:
        return _open(services, key, form)


def _told(read: Reading, uscc: object, name: object, region: object) -> Told:
    known, problem = None, ""
    try:
        known = _known(read, uscc)
    except Invalid as error:
        if error.sentence is None:
            raise
        problem = notices.told(error.sentence, read.words, read.services.settings.timezone)
    asked = (
        Asked(known.uscc, known.name, known.region_code, (known.representative,) if known.representative else ())
        if known
        else Asked("", text_of(name), text_of(region))
    )
    enough = known is not None or bool(asked.name and is_region_code(asked.region_code))
    found = duplicates(read.session, read.scope, asked) if enough and not problem else None
    return part.register_told(known, problem, read.words), part.alike(found, read.words)


def _known(read: Reading, uscc: object) -> Registered | None:
    code = code_in(uscc)
    return read.of_population(registered, code) if code else None


def _open(services: Services, key: object, form: dict[str, Any]) -> dict[str, Any]:
    viewer, known = clicking(Permission.CASE_READ), None
    if code_in(form["uscc"]):
        with reading(services, Permission.CASE_READ) as read:
            known = _known(read, form["uscc"])
    with services.sessions() as session:
        command = part.new_file_in(key, form, known)
        number = open_by_hand(session, viewer, command, clock.moment(services.settings.timezone))
    words = words_for(viewer.locale)
    notices.show_done(words("Case %(number)s is open", number=number), words)
    empty = dict.fromkeys(("uscc", "name", "number", "told"), "") | {"region": None, "type": None}
    return empty | {"source": part.BY_HAND[0], "key": new_key(), "done": part.opened(number, words)}
