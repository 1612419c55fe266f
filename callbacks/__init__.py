"""Wiring: one module per screen, each with `register(app, services)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from callbacks import (
    case,
    case_findings,
    case_findings_acts,
    case_findings_forms,
    case_handover,
    case_joins,
    case_orders,
    case_steps,
    case_work,
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
CASE = (case, case_steps, case_orders, *FINDINGS, case_work, case_joins)
MODULES = (*CASE, shell, overview, riskmap, inbox, watchlist, portrait, network, models, runs, portrait_acts)


def register_all(app: Dash, services: Services) -> None:
    """Give an application all its callbacks; two applications in one process each get their own."""
    for module in MODULES:
        module.register(app, services)
