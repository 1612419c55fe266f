"""Case page: findings read in one go, the keys of their forms, and what is told while a form is filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import Input, Output, State
from dash.exceptions import PreventUpdate

from dashboard.access.permissions import Permission
from dashboard.access.session import current_viewer
from dashboard.i18n import words_for
from dashboard.queries.findings import findings_of
from dashboard.vocabulary import PENALISED
from layouts import case_findings_handover as handover
from layouts import case_findings_measures as measures
from layouts import case_findings_people as people
from layouts import case_findings_repayment as repayment
from layouts import case_findings_verdict as verdict
from layouts import shell
from layouts.case_findings_asked import money_or_none, number_of, places_of, text_of
from layouts.case_findings_money import told, told_id
from layouts.case_findings_ranges import hint
from layouts.case_findings_view import hidden
from layouts.case_forms import new_key
from layouts.links import case_in

if TYPE_CHECKING:
    from dash import Dash
    from dash.development.base_component import Component

    from dashboard.queries.findings import Findings
    from dashboard.services import Services

SHOWN = {
    "people": Output(people.LIST, "children"),
    "whom": Output(people.WHOM, "options"),
    "determination": Output(verdict.SHOWN, "children"),
    "behind": Output(verdict.BEHIND, "children"),
    "load": Output(verdict.LOAD, "hidden"),
    "rebase": Output(verdict.REBASE, "hidden"),
    "measures": Output(measures.LIST, "children"),
    "kinds": Output(measures.KIND, "options"),
    "standing": Output(measures.WHICH, "options"),
    "repayment": Output(repayment.SHOWN, "children"),
    "person_form": Output(people.FORM, "hidden"),
    "determination_form": Output(verdict.FORM, "hidden"),
    "measure_form": Output(measures.FORM, "hidden"),
    "withdrawal_form": Output(measures.WITHDRAWAL, "hidden"),
    "repayment_form": Output(repayment.FORM, "hidden"),
    "handover": Output(handover.PANEL, "hidden"),
}
KEYS = (people.KEY, verdict.KEY, measures.KEY, measures.WITHDRAWAL_KEY, repayment.KEY)
AMOUNTS = (verdict.AMOUNT, verdict.INCOME, measures.FINE, measures.BASE, repayment.OWED, repayment.REPAID)
HINTED = {
    "subject": Input(measures.SUBJECT, "value"),
    "fine": Input(measures.FINE, "value"),
    "base": Input(measures.BASE, "value"),
    "kind": Input(measures.KIND, "value"),
    "pathname": State(shell.LOCATION, "pathname"),
}
CHOSEN = {"hint": Output(measures.HINT, "children"), "penalty": Output(measures.PENALTY, "hidden")}
CHOSEN |= {"transfer": Output(measures.TRANSFER, "hidden")}


def register(app: Dash, services: Services) -> None:
    """Wire this part of the page."""

    @app.callback(
        output=SHOWN,
        inputs={
            "pathname": Input(shell.LOCATION, "pathname"),
            "_moved": Input(shell.CLOCK, "data"),
            "based_on": Input(verdict.VERSION, "value"),
        },
    )
    def refresh_findings(pathname: str | None, _moved: object, based_on: str | None) -> dict[str, Any]:
        return _shown(_found(services, pathname), number_of(based_on), services.settings.timezone)

    @app.callback([Output(key, "data") for key in KEYS], Input(shell.LOCATION, "pathname"))
    def refresh_finding_keys(_pathname: str | None) -> list[str]:
        current_viewer().scope(Permission.CASE_READ)
        return [new_key() for _ in KEYS]

    @app.callback([Output(told_id(one), "children") for one in AMOUNTS], [Input(one, "value") for one in AMOUNTS])
    def refresh_amounts(*amounts: object) -> list[str]:
        viewer = current_viewer()
        viewer.scope(Permission.CASE_READ)
        return [told(money_or_none(amount), words_for(viewer.locale)) for amount in amounts]

    @app.callback(output=CHOSEN, inputs=HINTED)
    def refresh_hint(pathname: str | None, kind: object, **typed: object) -> dict[str, Any]:
        current_viewer().scope(Permission.CASE_READ)
        shown: dict[str, Any] = {"hint": [], "penalty": kind != "penalty", "transfer": kind != "police_transfer"}
        return shown if kind != "penalty" else shown | {"hint": _hint(_found(services, pathname), **typed)}

    @app.callback(
        Output(verdict.PLACES, "options"),
        Input(verdict.PLACES, "search_value"),
        Input(verdict.PLACES, "value"),
        prevent_initial_call=True,
    )
    def refresh_places(typed: object, chosen: object) -> list[dict[str, str]]:
        viewer = current_viewer()
        viewer.scope(Permission.CASE_READ)
        return verdict.offered(text_of(typed), places_of(chosen), words_for(viewer.locale))


def _found(services: Services, pathname: str | None) -> Findings:
    with services.sessions() as session:
        return findings_of(session, current_viewer(), case_in(pathname))


def _shown(found: Findings, based_on: int, timezone: str) -> dict[str, Any]:
    words = words_for(found.seen.viewer.locale)
    behind = verdict.behind(found, based_on, words)
    return {
        "people": people.listed(found, words),
        "whom": people.choices(found, words),
        "determination": verdict.shown(found, words, timezone),
        "behind": behind,
        "load": not behind,
        "rebase": not behind,
        "measures": measures.listed(found, words),
        "kinds": measures.kinds(found, words),
        "standing": measures.standing(found, words),
        "repayment": repayment.shown(found, words),
        **hidden(found),
    }


def _hint(found: Findings, subject: object, fine: object, base: object) -> list[Component]:
    if subject not in PENALISED:
        raise PreventUpdate
    amount, words = money_or_none(fine), words_for(found.seen.viewer.locale)
    verdict_now = found.verdict(str(subject), amount or 0.0, money_or_none(base))
    return [measures.line(text) for text in hint(verdict_now, amount, settled=found.is_settled, words=words)]
