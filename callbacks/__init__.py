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
<<<<<<< HEAD
    case_work_forms,
=======
    cases,
    cases_new,
>>>>>>> w-intake
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

<<<<<<< HEAD
FINDINGS = (case_findings, case_findings_forms, case_findings_acts, case_handover)
<<<<<<< HEAD
<<<<<<< HEAD
CASE = (case, case_drafts, case_steps, case_orders, *FINDINGS, case_work, case_joins)
=======
CASE = (case, case_steps, case_steps_acts, case_orders, *FINDINGS, case_work, case_work_forms, case_joins)
>>>>>>> w-steps
=======
CASE = (case, case_steps, case_orders, case_orders_acts, *FINDINGS, case_work, case_joins)
>>>>>>> w-linkage
MODULES = (*CASE, shell, overview, riskmap, watchlist, portrait, network, models, runs, portrait_acts)
=======
CASE = (case, case_steps, case_orders, case_findings, case_work, case_joins)
MODULES = (*CASE, shell, overview, riskmap, watchlist, cases, cases_new, portrait, network, models, runs, portrait_acts)
>>>>>>> w-intake


def register_all(app: Dash, services: Services) -> None:
    """Give an application all its callbacks; two applications in one process each get their own."""
    for module in MODULES:
        module.register(app, services)
