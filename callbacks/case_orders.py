"""Case page: the five-level linkage, wired: what is shown, and which departments an order may go to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import Input, Output, State, no_update

from dashboard import clock
from dashboard.access.permissions import Permission
from dashboard.access.session import current_viewer
from dashboard.i18n import words_for
from dashboard.queries.case_orders import linkage_of
from dashboard.queries.case_seen import case_seen
from dashboard.queries.offices import offices
from layouts import case_orders as part
from layouts import case_orders_view as view
from layouts import shell
from layouts.case_forms import new_key
from layouts.links import case_in

if TYPE_CHECKING:
    from dash import Dash

    from dashboard.queries.case_orders import Linkage
    from dashboard.services import Services

CHOICES = {
    "kind": part.SEND_KIND,
    "answer": part.ANSWER_WHICH,
    "withdraw": part.WITHDRAW_WHICH,
    "end": part.END_WHICH,
}
FOLDS = {"kind": part.SEND, "answer": part.ANSWER, "withdraw": part.WITHDRAW, "end": part.END}
SHOWN = {
    "now": Output(part.NOW, "children"),
    "chain": Output(part.BODY, "children"),
    "open": Output(part.ANSWER, "open"),
    **{f"{name}_hidden": Output(one, "hidden") for name, one in FOLDS.items()},
    **{f"{name}_options": Output(one, "options") for name, one in CHOICES.items()},
    **{f"{name}_value": Output(one, "value") for name, one in CHOICES.items()},
}


def register(app: Dash, services: Services) -> None:
    """Wire this part of the page."""

    @app.callback(
        output=SHOWN,
        inputs={
            "pathname": Input(shell.LOCATION, "pathname"),
            "_moved": Input(shell.CLOCK, "data"),
            "before": {name: State(one, "value") for name, one in CHOICES.items()},
        },
    )
    def refresh_orders(pathname: str | None, _moved: object, before: dict[str, object]) -> dict[str, Any]:
        viewer = current_viewer()
        viewer.scope(Permission.CASE_READ)
        with services.sessions() as session:
            today = clock.today(services.settings.timezone)
            return _shown(linkage_of(session, viewer, case_in(pathname), today), before, services.settings.timezone)

    @app.callback([Output(key, "data") for key in part.KEYS], Input(shell.LOCATION, "pathname"))
    def refresh_order_keys(_pathname: str | None) -> list[str]:
        current_viewer().scope(Permission.CASE_READ)
        return [new_key() for _ in part.KEYS]

    @app.callback(
        Output(part.SEND_TO, "options"),
        Output(part.SEND_TO, "value"),
        Output(part.SEND_HINT, "children"),
        Input(part.SEND_KIND, "value"),
        Input(part.SEND_FIND, "value"),
        Input(shell.LOCATION, "pathname"),
        State(part.SEND_TO, "value"),
    )
    def refresh_offices(kind: object, typed: object, pathname: str | None, before: object) -> tuple[Any, ...]:
        viewer = current_viewer()
        viewer.scope(Permission.CASE_READ)
        words, asked = words_for(viewer.locale), (view.text_in(kind), view.text_in(typed))
        with services.sessions() as session:
            seen = case_seen(session, viewer, case_in(pathname))
            found = view.departments(offices(session, seen, *asked, viewer.locale), words)
        # Nothing was chosen when this was asked: what is chosen meanwhile must not be wiped out by the answer.
        value = view.chosen(found, before) if before or len(found) == 1 else no_update
        return found, value, "" if found or not asked[0] else words("No department of that name")


def _shown(linkage: Linkage, before: dict[str, object], timezone: str) -> dict[str, Any]:
    words = words_for(linkage.seen.viewer.locale)
    options = {
        "kind": view.kinds(linkage, words),
        "answer": view.waiting(linkage.to_answer, words),
        "withdraw": view.waiting(linkage.to_withdraw, words),
        "end": view.regions(linkage.to_end, words),
    }
    return {
        "now": view.now(linkage, words),
        "chain": view.chain(linkage, words, timezone),
        "open": bool(options["answer"]),  # what waits for this department is what the panel is about
        **{f"{name}_hidden": not found for name, found in options.items()},
        **{f"{name}_options": found for name, found in options.items()},
        **{f"{name}_value": view.chosen(found, before[name]) for name, found in options.items()},
    }
