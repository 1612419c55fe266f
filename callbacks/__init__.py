"""Wiring: one module per screen, each with `register(app, services)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from callbacks import (
    case,
    case_drafts,
    case_findings,
    case_findings_acts,
    case_findings_forms,
    case_handover,
    case_joins,
    case_orders,
    case_orders_acts,
    case_steps,
    case_steps_acts,
    case_work,
    case_work_forms,
    cases,
    cases_new,
    inbox,
    models,
    network,
    overview,
    portrait,
    portrait_acts,
    riskmap,
    runs,
    shell,
    watchlist,
)

if TYPE_CHECKING:
    from dash import Dash

    from dashboard.services import Services

FINDINGS = (case_findings, case_findings_forms, case_findings_acts, case_handover)
STEPS = (case_steps, case_steps_acts, case_orders, case_orders_acts)
CASE = (case, case_drafts, *STEPS, *FINDINGS, case_work, case_work_forms, case_joins)
DESKS = (inbox, watchlist, cases, cases_new, portrait, portrait_acts, network, models, runs)
MODULES = (*CASE, shell, overview, riskmap, *DESKS)


def register_all(app: Dash, services: Services) -> None:
    """Give an application all its callbacks; two applications in one process each get their own."""
    for module in MODULES:
        module.register(app, services)
