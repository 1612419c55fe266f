"""Case page: the five-level linkage, what its forms do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import Input, Output, State, set_props

from dashboard import clock
from dashboard.access.permissions import Permission
from dashboard.actions.case_orders import (
    AnswerOrder,
    EndAssist,
    SendOrder,
    WithdrawOrder,
    answer_order,
    end_assist,
    send_order,
    withdraw_order,
)
from dashboard.errors import NotFound
from dashboard.i18n import words_for
from dashboard.i18n.case_terms import ORDER_STATE_WORDS, ORDER_WORDS
from dashboard.queries.case_seen import case_seen
from dashboard.services import clicking
from layouts import case_orders as part
from layouts import notices, shell
from layouts.case_forms import SEEN, act_in, new_key
from layouts.case_orders_view import order_in, text_in
from layouts.links import case_in

if TYPE_CHECKING:
    from dash import Dash
    from sqlalchemy.orm import Session

    from dashboard.access.viewer import Viewer
    from dashboard.actions.casework import Act
    from dashboard.clock import Moment
    from dashboard.services import Services

SENT = {"kind": part.SEND_KIND, "to": part.SEND_TO, "text": part.SEND_TEXT}
ANSWERED = {"which": part.ANSWER_WHICH, "how": part.ANSWER_HOW, "text": part.ANSWER_TEXT}
WITHDRAWN = {"which": part.WITHDRAW_WHICH, "text": part.WITHDRAW_TEXT}
ENDED = {"which": part.END_WHICH, "text": part.END_TEXT}
PATHNAME = State(shell.LOCATION, "pathname")
INBOX = "/inbox"


def _wiring(button: str, fields: dict[str, str], key: str) -> dict[str, Any]:
    """Return how a form is wired: its button sends its fields; success empties its text and gives it a new key."""
    return {
        "output": [Output(fields["text"], "value"), Output(key, "data", allow_duplicate=True)],
        "inputs": {
            "_clicks": Input(button, "n_clicks"),
            "seen": State(SEEN, "data"),
            "key": State(key, "data"),
            "form": {name: State(one, "value") for name, one in fields.items()} | {"pathname": PATHNAME},
        },
        "prevent_initial_call": True,
    }


def register(app: Dash, services: Services) -> None:
    """Wire the forms of the linkage."""

    def when() -> Moment:
        return clock.moment(services.settings.timezone)

    @app.callback(**_wiring(part.SEND_DO, SENT, part.SEND_KEY))
    def submit_order(_clicks: object, seen: object, key: object, form: dict[str, object]) -> tuple[str, str]:
        viewer = clicking(Permission.CASE_READ)
        kind, command = _sending(act_in(seen, key), form)
        with services.sessions() as session:
            send_order(session, viewer, command, when())
        return _done(viewer, words_for(viewer.locale).term(ORDER_WORDS, kind))

    @app.callback(**_wiring(part.ANSWER_DO, ANSWERED, part.ANSWER_KEY))
    def submit_order_answer(_clicks: object, seen: object, key: object, form: dict[str, object]) -> tuple[str, str]:
        viewer = clicking(Permission.CASE_READ)
        number, version = order_in(form["which"])
        text, accepts = text_in(form["text"]), text_in(form["how"]) != part.REFUSE
        command = AnswerOrder(act_in(seen, key), number, version, accepts, text)
        with services.sessions() as session:
            ended = answer_order(session, viewer, command, when())
            _leave_unseen(session, viewer, form["pathname"])
        return _done(viewer, words_for(viewer.locale).term(ORDER_STATE_WORDS, ended))

    @app.callback(**_wiring(part.WITHDRAW_DO, WITHDRAWN, part.WITHDRAW_KEY))
    def submit_order_withdrawal(_clicks: object, seen: object, key: object, form: dict[str, object]) -> tuple[str, str]:
        viewer = clicking(Permission.CASE_READ)
        command = WithdrawOrder(act_in(seen, key), *order_in(form["which"]), text_in(form["text"]))
        with services.sessions() as session:
            withdraw_order(session, viewer, command, when())
        return _done(viewer, words_for(viewer.locale)("Withdrawn"))

    @app.callback(**_wiring(part.END_DO, ENDED, part.END_KEY))
    def submit_assist_end(_clicks: object, seen: object, key: object, form: dict[str, object]) -> tuple[str, str]:
        viewer = clicking(Permission.CASE_READ)
        command = EndAssist(act_in(seen, key), text_in(form["which"]), text_in(form["text"]))
        with services.sessions() as session:
            end_assist(session, viewer, command, when())
            _leave_unseen(session, viewer, form["pathname"])
        return _done(viewer, words_for(viewer.locale)("The assistance is ended"))


def _sending(act: Act, form: dict[str, object]) -> tuple[str, SendOrder]:
    kind, to, text = (text_in(form[name]) for name in ("kind", "to", "text"))
    return kind, SendOrder(act, kind, to, text)


def _leave_unseen(session: Session, viewer: Viewer, pathname: object) -> None:
    """Leave the page of whoever has just given up the sight of the case, for what else waits."""
    try:
        case_seen(session, viewer, case_in(text_in(pathname)))
    except NotFound:
        set_props(shell.LOCATION, {"pathname": INBOX})


def _done(viewer: Viewer, text: str) -> tuple[str, str]:
    notices.show_done(text, words_for(viewer.locale))
    return "", new_key()
