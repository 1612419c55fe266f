"""The portrait's wiring: one read of one generation fills every panel; a click on a bar filters the evidence."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from dash import Input, Output, State
from dash.exceptions import PreventUpdate

from dashboard.access.permissions import Permission
from dashboard.access.session import current_viewer
from dashboard.actions.dossiers import record_dossier
from dashboard.clock import now, today
from dashboard.exports.dossier import document, workbook_of
from dashboard.figures.portrait import contribution_waterfall, index_history, waterfall_height
from dashboard.figures.theme import Look
from dashboard.queries import portrait as query
from dashboard.queries.model_used import model_used
from dashboard.queries.record import record_of
from dashboard.services import reading
from layouts import portrait, portrait_acts, portrait_learned, portrait_map, portrait_parts, portrait_rows, shell
from layouts.links import factor_clicked, factor_in, is_elsewhere, portrait_href, uscc_in
from layouts.panels import state
from layouts.portrait_dossier import dossier_of
from layouts.portrait_timeline import marks, timeline
from layouts.portrait_view import Portrait

if TYPE_CHECKING:
    from dash import Dash

    from dashboard.services import Reading, Services

BUTTONS = (*portrait_acts.FROM, portrait_acts.LIST_ADD, portrait_acts.LIST_END)
OUTPUT = {
    "head": Output(portrait.HEAD, "children"),
    "standing": Output(portrait.STANDING, "children"),
    "waterfall": Output(portrait.WATERFALL, "figure"),
    "waterfall_style": Output(portrait.WATERFALL, "style"),
    "waterfall_state": Output(portrait.WATERFALL_STATE, "children"),
    "peers": Output(portrait.PEERS, "children"),
    "changes": Output(portrait.CHANGES, "children"),
    "changes_note": Output(portrait.CHANGES_NOTE, "children"),
    "way_down": Output(portrait.WAY_DOWN, "children"),
    "history": Output(portrait.HISTORY, "figure"),
    "history_style": Output(portrait.HISTORY, "style"),
    "history_state": Output(portrait.HISTORY_STATE, "children"),
    "learned": Output(portrait.LEARNED, "children"),
    "filters": Output(portrait.FILTERS, "children"),
    "evidence": Output(portrait.EVIDENCE, "children"),
    "evidence_note": Output(portrait.EVIDENCE_NOTE, "children"),
    "timeline": Output(portrait.TIMELINE, "children"),
    "ties": Output(portrait.TIES, "children"),
    "ties_note": Output(portrait.TIES_NOTE, "children"),
    "register": Output(portrait.REGISTER, "children"),
    "url": Output(portrait.LAYER, "url"),
    "hideout": Output(portrait.LAYER, "hideout"),
    "points": Output(portrait.POINTS, "data"),
    "map_note": Output(portrait.MAP_NOTE, "children"),
    "seen": Output(portrait_acts.SEEN, "data"),
    "acts": Output(portrait_acts.ACTS, "hidden"),
    "decisions": Output(portrait_acts.DECISIONS, "hidden"),
    "lists": Output(portrait_acts.LISTS, "hidden"),
    **{button: Output(button, "disabled") for button in BUTTONS},
}
INPUT = {
    "_moved": Input(shell.CLOCK, "data"),
    "search": Input(shell.LOCATION, "search"),
    "pathname": Input(shell.LOCATION, "pathname"),
    "display": Input(shell.DISPLAY, "data"),
}
HIDDEN = {"display": "none"}
FORMS = {portrait.DOCUMENT: "pdf", portrait.WORKBOOK: "xlsx"}
MEDIA = {"pdf": "application/pdf", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


def register(app: Dash, services: Services) -> None:
    """Wire the portrait of one application."""

    @app.callback(output=OUTPUT, inputs=INPUT)
    def refresh_portrait(
        _moved: object, search: str | None, pathname: str | None, display: dict[str, Any] | None
    ) -> dict[str, Any]:
        with reading(services, Permission.PORTRAIT_READ) as read:
            if is_elsewhere(pathname):
                raise PreventUpdate
            seen, chosen, look = _seen(read, uscc_in(pathname)), factor_in(search), Look.of(display)
            filled = _weighed(read, seen, chosen, look) | _evidence(read, seen, chosen) | _around(read, seen)
            return filled | portrait_acts.possible(seen, read.viewer)

    @app.callback(
        Output(shell.LOCATION, "search", allow_duplicate=True),
        Input(portrait.WATERFALL, "clickData"),
        prevent_initial_call=True,
    )
    def open_factor(clicked: dict[str, Any] | None) -> str:
        current_viewer().scope(Permission.PORTRAIT_READ)
        if clicked is None:
            raise PreventUpdate
        key = factor_clicked(clicked)
        return f"?factor={key}" if factor_in(f"?factor={key}") else ""

    for button, form in FORMS.items():
        _install_export(app, services, button, form)


def _install_export(app: Dash, services: Services, button: str, form: str) -> None:
    @app.callback(
        Output(portrait.DOWNLOAD, "data", allow_duplicate=True),
        Input(button, "n_clicks"),
        State(shell.LOCATION, "pathname"),
        prevent_initial_call=True,
    )
    def export_dossier(clicks: int | None, pathname: str | None) -> dict[str, Any]:
        with reading(services, Permission.PORTRAIT_READ) as read:
            seen = _seen(read, uscc_in(pathname))
            if not clicks:
                raise PreventUpdate
            made = dossier_of(seen, read.words, by=read.viewer.name, at=now(), timezone=services.settings.timezone)
            content = document(made) if form == "pdf" else workbook_of(made)
            record_dossier(
                read.session, read.viewer, seen.facts.uscc, seen.facts.region, form, read.live.generation, now()
            )
        name = f"{seen.facts.uscc}-{read.live.generation}.{form}"
        return {"content": base64.b64encode(content).decode(), "filename": name, "base64": True, "type": MEDIA[form]}


def _seen(read: Reading, uscc: str) -> Portrait:
    """Return what is to be shown; what people did is read each time, all else comes from the generation's cache."""
    known = read.of_population(query.known_of, uscc)
    made = read.rows(query.generations_until)
    earlier = (read.of_population(query.earlier_of, uscc, one.generation) for one in reversed(made[:-1]))
    models = read.services.settings.model_file.parent
    return Portrait(
        known=known,
        earlier=next((one for one in earlier if one is not None), None),
        peers=read.rows(query.peers_of, str(known.facts.register["sector"]), known.facts.region),
        warnings=read.rows(query.warnings_of, uscc),
        made=made,
        learned=read.rows(query.learned_of),
        record=record_of(read.session, read.scope, uscc),
        model=model_used(read.session, read.live.model_version, models),
        live=read.live,
        today=today(read.services.settings.timezone),
    )


def _weighed(read: Reading, seen: Portrait, chosen: str, look: Look) -> dict[str, Any]:
    """Return the headline, what the index is made of, how it compares, how it moved, and its history."""
    words, facts = read.words, seen.facts
    shown = marks(seen.events(words), seen.evidence, seen.made, words)
    none = portrait_parts.nothing_to_draw(seen, words)
    tall = {"height": f"{waterfall_height(seen.weights)}rem", "width": "100%"}
    handled = portrait_parts.handled(seen, words)
    return {
        "head": portrait_parts.headline(facts, seen.weights, seen.floors, words),
        "standing": portrait_parts.standing(seen.warnings, seen.held, seen.record.cases, handled, words),
        "waterfall": contribution_waterfall(seen.weights, grade=seen.grade, chosen=chosen, words=words, look=look),
        "waterfall_style": HIDDEN if none else tall,
        "waterfall_state": none,
        "peers": portrait_parts.peers(facts.score, seen.peers, words),
        "changes": portrait_parts.changes(seen.changes, seen.earlier, seen.index, words),
        "changes_note": portrait_parts.since_words(seen, words),
        "way_down": portrait_parts.down(seen, words),
        "history": index_history(seen.weeks, seen.floors, shown, as_of=seen.live.as_of, words=words, look=look),
        "history_style": {"height": "16rem", "width": "100%"} if seen.weeks else HIDDEN,
        "history_state": None if seen.weeks else state("none", words("No week with evidence")),
        "learned": portrait_learned.learned(facts, seen.learned, seen.learned_effects, words),
    }


def _evidence(read: Reading, seen: Portrait, chosen: str) -> dict[str, Any]:
    """Return the evidence, all or of one factor, and what happened."""
    words, pieces = read.words, seen.of_factor(chosen)
    return {
        "filters": portrait_rows.filters(seen.weights, chosen, portrait_href(seen.facts.uscc), words),
        "evidence": portrait_rows.evidence_table(pieces, words, scored=seen.facts.score is not None),
        "evidence_note": portrait_rows.evidence_note(pieces, words) if pieces else "",
        "timeline": timeline(seen.events(words), words),
    }


def _around(read: Reading, seen: Portrait) -> dict[str, Any]:
    """Return the ties, the register's fields and the map."""
    words, facts, ties = read.words, seen.facts, seen.ties
    url, hideout = portrait_map.ground(facts.region, words)
    return {
        "ties": portrait_rows.ties_table(ties, facts.uscc, words),
        "ties_note": words("%(shown)s of %(total)s ties", shown=len(ties.rows), total=words.number(ties.total)),
        "register": portrait_rows.register_facts(facts.register, words),
        "url": url,
        "hideout": hideout,
        "points": portrait_map.points(facts, ties, words),
        "map_note": portrait_map.note(facts, ties, words),
    }
