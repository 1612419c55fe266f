"""Case page: measures and reports of repayment, written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import Input

from dashboard.access.permissions import Permission
from dashboard.actions.findings import ReportRepayment, report_repayment
from dashboard.actions.measures import TakeMeasure, WithdrawMeasure, take_measure, withdraw_measure
from dashboard.clock import moment
from dashboard.i18n import words_for
from dashboard.services import clicking
from layouts import case_findings_measures as measures
from layouts import case_findings_repayment as repayment
from layouts import notices
from layouts.case_findings_asked import count_of, day_of, money_of, money_or_none, number_of, text_of
from layouts.case_findings_wired import outputs, states
from layouts.case_forms import act_in, new_key

if TYPE_CHECKING:
    from dash import Dash

    from dashboard.services import Services

WITHDRAWAL = {"which": measures.WHICH, "reason": measures.REASON}


def register(app: Dash, services: Services) -> None:
    """Wire the forms of one application."""

    @app.callback(
        output=outputs(measures.FIELDS, measures.KEY),
        inputs={"_clicks": Input(measures.SAVE, "n_clicks")},
        state={"form": states(measures.FIELDS, measures.KEY)},
        prevent_initial_call=True,
    )
    def submit_measure(_clicks: object, form: dict[str, Any]) -> dict[str, Any]:
        viewer = clicking(Permission.CASE_READ)
        with services.sessions() as session:
            take_measure(session, viewer, _measure(form), moment(services.settings.timezone))
        words = words_for(viewer.locale)
        notices.show_done(words("The measure is in the file"), words)
        return measures.CLEARED | {"key": new_key()}

    @app.callback(
        output=outputs(WITHDRAWAL, measures.WITHDRAWAL_KEY),
        inputs={"_clicks": Input(measures.WITHDRAW, "n_clicks")},
        state={"form": states(WITHDRAWAL, measures.WITHDRAWAL_KEY)},
        prevent_initial_call=True,
    )
    def submit_withdrawal(_clicks: object, form: dict[str, Any]) -> dict[str, Any]:
        viewer = clicking(Permission.CASE_READ)
        with services.sessions() as session:
            withdraw_measure(session, viewer, _withdrawal(form), moment(services.settings.timezone))
        words = words_for(viewer.locale)
        notices.show_done(words("The measure is withdrawn and stays in the file"), words)
        return {"which": "", "reason": "", "key": new_key()}

    @app.callback(
        output=outputs(repayment.FIELDS, repayment.KEY),
        inputs={"_clicks": Input(repayment.SAVE, "n_clicks")},
        state={"form": states(repayment.FIELDS, repayment.KEY)},
        prevent_initial_call=True,
    )
    def submit_repayment(_clicks: object, form: dict[str, Any]) -> dict[str, Any]:
        viewer = clicking(Permission.CASE_READ)
        with services.sessions() as session:
            report_repayment(session, viewer, _report(form), moment(services.settings.timezone))
        words = words_for(viewer.locale)
        notices.show_done(words("The report is in the file; it counts from now on"), words)
        return repayment.CLEARED | {"key": new_key()}


def _measure(form: dict[str, Any]) -> TakeMeasure:
    """Return the command; what belongs to another kind of measure is left out, though it may still stand there."""
    fined, sent = form["kind"] == "penalty", form["kind"] == "police_transfer"
    return TakeMeasure(
        act_in(form["seen"], form["key"]),
        kind=text_of(form["kind"]),
        name=text_of(form["name"]),
        text=text_of(form["text"]),
        taken_on=day_of(form["day"]),
        document=text_of(form["document"]),
        organ=text_of(form["organ"]) if sent else "",
        subject=text_of(form["subject"]) if fined else "",
        fine=money_of(form["fine"]) if fined else 0.0,
        base=money_or_none(form["base"]) if fined else None,
        justification=text_of(form["justification"]) if fined else "",
    )


def _withdrawal(form: dict[str, Any]) -> WithdrawMeasure:
    number, _, version = text_of(form["which"]).partition(".")
    act = act_in(form["seen"], form["key"])
    return WithdrawMeasure(act, number_of(number), number_of(version), text_of(form["reason"]))


def _report(form: dict[str, Any]) -> ReportRepayment:
    return ReportRepayment(
        act_in(form["seen"], form["key"]),
        day_of(form["day"]),
        money_of(form["owed"]),
        money_of(form["repaid"]),
        count_of(form["people_owed"]),
        count_of(form["people_repaid"]),
        text_of(form["note"]),
    )
