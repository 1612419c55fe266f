"""My work's wiring: the address says what is listed, the store which item is chosen; forms put off and hand over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import Input, Output, State, ctx, no_update

from dashboard import clock
from dashboard.access.permissions import Permission
from dashboard.access.session import current_viewer
from dashboard.actions.delegations import delegate, withdraw_delegation
from dashboard.actions.inbox import Snooze, read_mention, snooze, unsnooze
from dashboard.errors import NotFound
from dashboard.i18n import words_for
from dashboard.queries.inbox import counts, item_of, items
from dashboard.queries.inbox_desk import absences, desk_of, stand_ins
from dashboard.services import clicking
from dashboard.workdays import after
from layouts import inbox, inbox_view, notices, shell
from layouts.inbox_asked import absence_in, asked_in, day_in, key_in, withdrawn_in

if TYPE_CHECKING:
    from datetime import date

    from dash import Dash
    from sqlalchemy.orm import Session

    from dashboard.access.viewer import Viewer
    from dashboard.queries.inbox import Item
    from dashboard.services import Services

LISTED = {
    "views": Output(inbox.VIEWS, "children"),
    "rows": Output(inbox.LIST, "children"),
    "absences": Output(inbox.ABSENCES, "children"),
    "absence": Output(inbox.ABSENCE, "hidden"),
    "who": Output(inbox.WHO, "options"),
    "ending": Output(inbox.ENDING, "hidden"),
    "which": Output(inbox.WHICH, "options"),
}
SHOWN = {
    "detail": Output(inbox.DETAIL, "children"),
    "acts": Output(inbox.ACTS, "hidden"),
    "until": Output(inbox.UNTIL, "value"),
    "wake": Output(inbox.WAKE, "hidden"),
    "read": Output(inbox.READ, "hidden"),
}
FORM = [State(one, "value") for one in (inbox.WHO, inbox.BEGINS, inbox.ENDS, inbox.REASON)]
CHOSEN = State(inbox.CHOSEN, "data")


def register(app: Dash, services: Services) -> None:
    """Wire the inbox of one application."""
    _register_list(app, services)
    _register_acts(app, services)


def _register_list(app: Dash, services: Services) -> None:
    """Wire what is listed, and the item beside the list."""

    @app.callback(output=LISTED, inputs=[Input(shell.CLOCK, "data"), Input(shell.LOCATION, "search")])
    def refresh_inbox(_moved: object, search: str | None) -> dict[str, Any]:
        viewer = current_viewer()
        viewer.scope(Permission.CASE_READ)
        with services.sessions() as session:
            return _listed(session, viewer, services, search)

    @app.callback(output=SHOWN, inputs=[Input(inbox.CHOSEN, "data"), State(inbox.UNTIL, "value")])
    def open_item(chosen: object, until: object) -> dict[str, Any]:
        viewer, when = current_viewer(), clock.moment(services.settings.timezone)
        viewer.scope(Permission.CASE_READ)
        key = key_in(chosen)
        with services.sessions() as session:
            item = item_of(session, desk_of(session, viewer, when), key) if key else None
        return _shown(item, viewer, when.on, services) | {"until": no_update if until else _usual(when.on)}


def _register_acts(app: Dash, services: Services) -> None:
    """Wire what is done to an item, and absences."""

    @app.callback(
        Output(inbox.UNTIL, "value", allow_duplicate=True),
        [Input(one, "n_clicks") for one in (inbox.SNOOZE, inbox.WAKE, inbox.READ)],
        [CHOSEN, State(inbox.UNTIL, "value")],
        prevent_initial_call=True,
    )
    def submit_item(_snooze: object, _wake: object, _read: object, chosen: object, until: object) -> str:
        viewer = clicking(Permission.CASE_READ)
        with services.sessions() as session:
            _act(session, viewer, services, key_in(chosen), until)
        return ""

    @app.callback(
        Output(inbox.REASON, "value"),
        Output(inbox.WHO, "value"),
        Output(inbox.WHICH, "value"),
        [Input(inbox.DELEGATE, "n_clicks"), Input(inbox.WITHDRAW, "n_clicks")],
        [*FORM, State(inbox.WHICH, "value")],
        prevent_initial_call=True,
    )
    def submit_absence(_add: object, _end: object, *given: Any) -> tuple[str, None, None]:  # noqa: ANN401 - what the form holds
        viewer = clicking(Permission.CASE_READ)
        with services.sessions() as session:
            _absent(session, viewer, services, *given)
        return "", None, None


def _listed(session: Session, viewer: Viewer, services: Services, search: str | None) -> dict[str, Any]:
    words, when, asked = words_for(viewer.locale), clock.moment(services.settings.timezone), asked_in(search)
    desk = desk_of(session, viewer, when)
    found, counted = items(session, desk, asked), counts(session, desk)
    away, able = absences(session, viewer, when.on), stand_ins(session, viewer)
    ending = inbox_view.ending_options(away, words)
    return {
        "views": inbox_view.views(asked, counted, words),
        "rows": inbox_view.rows(found, asked, counted, when.on, words, services.settings.timezone),
        "absences": inbox_view.absence_rows(away, words),
        "absence": not able,
        "who": [{"value": str(one.id), "label": one.told} for one in able],
        "ending": not ending,
        "which": ending,
    }


def _shown(item: Item | None, viewer: Viewer, today: date, services: Services) -> dict[str, Any]:
    words = words_for(viewer.locale)
    if item is None:
        hidden = dict.fromkeys(("acts", "wake", "read"), True)
        return {"detail": inbox_view.nothing_chosen(words)} | hidden
    return {
        "detail": inbox_view.detail(item, today, words, services.settings.timezone),
        "acts": False,
        "wake": item.until_on is None,
        "read": (item.kind, item.whose) != ("mention", "me"),
    }


def _usual(today: date) -> str:
    """Return until when an item is put off unless another day is chosen: the next working day."""
    return after(today, 1).isoformat()


def _act(session: Session, viewer: Viewer, services: Services, key: str, until: object) -> None:
    """Do what was clicked to the chosen item, if it waits at this desk, and say so."""
    words, when = words_for(viewer.locale), clock.moment(services.settings.timezone)
    item = item_of(session, desk_of(session, viewer, when), key)
    if item is None:
        raise NotFound("that item does not wait here")
    if ctx.triggered_id == inbox.WAKE:
        unsnooze(session, viewer, key, when)
        notices.show_done(words("It is on the list again"), words)
    elif ctx.triggered_id == inbox.READ:
        read_mention(session, viewer, int(key.split(":")[1]), when)
        notices.show_done(words("Marked as read"), words)
    else:
        day = day_in(until)
        snooze(session, viewer, Snooze(key, day), when)
        notices.show_done(words("Put off until %(date)s", date=words.date(day)), words)


def _absent(session: Session, viewer: Viewer, services: Services, *given: Any) -> None:  # noqa: ANN401 - as above
    """Hand over, or end what was handed over, and say so."""
    words, when = words_for(viewer.locale), clock.moment(services.settings.timezone)
    if ctx.triggered_id == inbox.WITHDRAW:
        withdraw_delegation(session, viewer, withdrawn_in(given[-1]), when)
        notices.show_done(words("The delegation has ended"), words)
        return
    delegate(session, viewer, absence_in(*given[:-1]), when)
    notices.show_done(words("Handed over: your stand-in sees your items on those days"), words)
