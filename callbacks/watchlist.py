"""The watchlist's wiring: the address says what is listed; the form and the links change the address."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from dash import ClientsideFunction, Input, Output, State, ctx, no_update
from dash.exceptions import PreventUpdate

from dashboard import clock
from dashboard.access.permissions import Permission
from dashboard.access.session import current_viewer
from dashboard.actions.cases import OpenCase, open_case
from dashboard.actions.exemptions import AddExemption, add_exemption, withdraw_exemption
from dashboard.actions.exports import Export, record_export
from dashboard.actions.warnings import Assign, Decide, assign, decide
from dashboard.cache import cached_query
from dashboard.errors import NotFound
from dashboard.exports.watchlist import MOST, cover_of, watchlist_workbook
from dashboard.i18n import words_for
from dashboard.models.revision import current_revision
from dashboard.queries.filters import SORTS, Asked
from dashboard.queries.people import handlers_of
from dashboard.queries.watched import chosen_rows, counts_of, page_of
from dashboard.services import clicking, reading
from layouts import listed, notices, shell, watchlist
from layouts.asked import block_in, codes_in, column_of, entry_in, order_in, period_in, warnings_in
from layouts.filters import ANY, filters_in, filters_of, form_of, in_words, search_of
from layouts.links import place_in

if TYPE_CHECKING:
    from dash import Dash
    from sqlalchemy.orm import Session

    from dashboard.access.viewer import Viewer
    from dashboard.queries.watched import Counts
    from dashboard.services import Reading, Services

REFRESHED = {
    "views": Output(watchlist.VIEWS, "children"),
    "counts": Output(watchlist.COUNTS, "children"),
    "people": Output(watchlist.WHO, "options"),
    "form": {name: Output(field, "value") for name, field in watchlist.FORM.items()},
    "form_of": Output(watchlist.FORM_OF, "data"),
    "wanted": Output(watchlist.WANTED, "data"),
}
FORM = {name: Input(field, "value") for name, field in watchlist.FORM.items()}
STRIP = {
    "strip": Output(watchlist.STRIP, "children"),
    "chosen": Output(watchlist.CHOSEN, "data"),
    "acts": Output(watchlist.ACTS, "hidden"),
    "assignees": Output(watchlist.ASSIGNEE, "options"),
    **{act: Output(button, "disabled") for act, button in watchlist.BUTTONS.items()},
    "lists": Output(watchlist.LISTS, "hidden"),
    "off": Output(watchlist.LIST_END, "disabled"),
}
SEARCH = State(shell.LOCATION, "search")
CHOSEN = State(watchlist.CHOSEN, "data")
ON_LIST = {
    "kind": State(watchlist.LIST_KIND, "value"),
    "risk_type": State(watchlist.LIST_TYPE, "value"),
    "reason": State(watchlist.LIST_REASON, "value"),
    "text": State(watchlist.LIST_TEXT, "value"),
    "period": State(watchlist.LIST_UNTIL, "value"),
}


def register(app: Dash, services: Services) -> None:
    """Wire the watchlist of one application."""
    _register_list(app, services)
    _register_acts(app, services)
    app.clientside_callback(  # type: ignore[no-untyped-call] # Dash leaves this one untyped
        ClientsideFunction("smoke", "listAgain"), Output(watchlist.DRAWN, "data"), Input(watchlist.WANTED, "data")
    )


def _register_list(app: Dash, services: Services) -> None:
    """Wire what is listed: the address, the form, the rows, and the strip of what is chosen."""

    @app.callback(
        output=REFRESHED,
        inputs=[Input(shell.CLOCK, "data"), Input(shell.LOCATION, "search"), State(watchlist.FORM_OF, "data")],
    )
    def refresh_watchlist(moved: object, search: str | None, form_of_search: object) -> dict[str, Any]:
        with reading(services, Permission.ENTERPRISE_READ) as read:
            order = column_of(filters_in(search))
            wanted = {"grid": watchlist.GRID, "search": search or "", "moved": moved, "order": order}
            return _refreshed(read, search, in_step=form_of_search == (search or "")) | {"wanted": wanted}

    @app.callback(Output(watchlist.GRID, "getRowsResponse"), Input(watchlist.GRID, "getRowsRequest"), SEARCH)
    def refresh_rows(request: object, search: str | None) -> dict[str, Any]:
        with reading(services, Permission.ENTERPRISE_READ) as read:
            if request is None:
                raise PreventUpdate
            return _rows(read, search, request)

    @app.callback(
        Output(shell.LOCATION, "search", allow_duplicate=True),
        inputs={"form": FORM, "search": SEARCH, "form_of_search": State(watchlist.FORM_OF, "data")},
        prevent_initial_call=True,
    )
    def open_filters(form: dict[str, Any], search: str | None, form_of_search: object) -> str:
        current_viewer().scope(Permission.ENTERPRISE_READ)
        if form_of_search != (search or ""):
            raise PreventUpdate  # the form still shows another address: it has nothing to say about this one
        return _searched(form, search, services)

    @app.callback(
        output=STRIP,
        inputs=[Input(watchlist.GRID, "selectedRows"), Input(watchlist.WANTED, "data"), SEARCH],
    )
    def refresh_strip(selected: object, _wanted: object, search: str | None) -> dict[str, Any]:
        with reading(services, Permission.ENTERPRISE_READ) as read:
            return _strip(read, codes_in(selected), search)


def _register_acts(app: Dash, services: Services) -> None:
    """Wire what is done: decisions, lists, and the export."""

    @app.callback(
        Output(watchlist.REASON, "value"),
        [Input(button, "n_clicks") for button in watchlist.BUTTONS.values()],
        [CHOSEN, State(watchlist.REASON, "value"), State(watchlist.ASSIGNEE, "value")],
        prevent_initial_call=True,
    )
    def submit_decision(*given: Any) -> str:  # noqa: ANN401 - clicks of five buttons, then what the form holds
        viewer = clicking(Permission.ENTERPRISE_READ)
        with services.sessions() as session:
            _decide(session, viewer, services, *given[len(watchlist.BUTTONS) :])
        return ""

    @app.callback(
        Output(watchlist.LIST_TEXT, "value"),
        inputs={
            "_clicks": [Input(watchlist.LIST_ADD, "n_clicks"), Input(watchlist.LIST_END, "n_clicks")],
            "chosen": CHOSEN,
            "form": ON_LIST,
        },
        prevent_initial_call=True,
    )
    def submit_list(_clicks: object, chosen: object, form: dict[str, Any]) -> str:
        viewer = clicking(Permission.ENTERPRISE_READ)
        act = _put_on if ctx.triggered_id == watchlist.LIST_ADD else _take_off
        with services.sessions() as session:
            act(session, viewer, services, chosen, form)
        return ""

    @app.callback(
        Output(watchlist.DOWNLOAD, "data"), Input(watchlist.EXPORT, "n_clicks"), SEARCH, prevent_initial_call=True
    )
    def export_watchlist(clicks: object, search: str | None) -> dict[str, Any]:
        current_viewer().scope(Permission.ENTERPRISE_READ)
        if not clicks:
            raise PreventUpdate
        with reading(services, Permission.ENTERPRISE_READ) as read:
            return _export(read, search)


def _asked(read: Reading, search: str | None) -> Asked:
    settings = read.services.settings
    region = place_in(search, read.viewer, settings).region
    today = clock.today(settings.timezone)
    return Asked(region, filters_in(search), read.live.as_of, today, read.viewer.id)


def _counts(read: Reading, asked: Asked, search: str | None) -> Counts:
    """Return the counts; kept until people change something, because every block of rows asks for the total."""
    generation = read.live.generation
    key = (asked.region, search or "", asked.today.isoformat(), asked.viewer_id, current_revision(read.session))
    return cached_query(
        read.services.cache,
        "watchlist.counts",
        read.scope.prefix,
        generation,
        key,
        lambda: counts_of(read.session, read.scope, generation, asked),
    )


def _refreshed(read: Reading, search: str | None, *, in_step: bool) -> dict[str, Any]:
    """Return links, counts and, where the form shows another address, its values: what is being typed is kept."""
    asked = _asked(read, search)
    counts = _counts(read, asked, search)
    form = form_of(asked.filters)
    return {
        "views": listed.view_links(asked.region, asked.filters, read.words),
        "counts": listed.count_links(asked.region, asked.filters, counts, read.words),
        "people": _people(read, asked),
        "form": {name: no_update if in_step else form[name] for name in watchlist.FORM},
        "form_of": search or "",
    }


def _rows(read: Reading, search: str | None, request: object) -> dict[str, Any]:
    """Return one block of rows; a click on a column's head is ahead of the address by one answer."""
    asked = _asked(read, search).ordered(order_in(request, SORTS))
    rows = page_of(read.session, read.scope, read.live.generation, asked, *block_in(request))
    total = _counts(read, asked, search).total
    return {"rowData": [listed.record_of(row, asked.today, read.words) for row in rows], "rowCount": total}


def _searched(form: dict[str, Any], search: str | None, services: Services) -> str:
    """Return the address of what the form says, at the same region and grades."""
    region = place_in(search, current_viewer(), services.settings).region
    before = filters_in(search)
    given = filters_of({name: "" if value is None else str(value) for name, value in form.items()})
    wanted = replace(given, grades=before.grades, overdue=before.overdue, new=before.new)
    if wanted == before:
        raise PreventUpdate
    return search_of(region, wanted)


def _strip(read: Reading, codes: list[str], search: str | None) -> dict[str, Any]:
    asked = _asked(read, search)
    rows = chosen_rows(read.session, read.scope, read.live.generation, codes, asked.today)
    people = handlers_of(read.session, read.scope, asked.region) if rows else []
    can, may = listed.possible(rows), read.viewer.may
    return {
        "strip": listed.strip(rows, asked.today, read.words),
        "chosen": listed.chosen_of(rows),
        "acts": not (may(Permission.WARNING_WRITE) and any(row.week_on for row in rows)),
        "assignees": listed.assignee_options(people, rows, read.words),
        **{act: not possible for act, possible in can.items()},
        "lists": not (len(rows) == 1 and may(Permission.EXEMPTION_WRITE)),
        "off": not (len(rows) == 1 and rows[0].entry),
    }


def _decide(
    session: Session, viewer: Viewer, services: Services, chosen: object, reason: str | None, assignee: str | None
) -> None:
    """Do what was clicked to the chosen warnings, and say so."""
    words, now, warnings, button = words_for(viewer.locale), clock.now(), warnings_in(chosen), ctx.triggered_id
    if button == watchlist.CASE:
        number = open_case(session, viewer, OpenCase(warnings, services.settings.timezone), now)
        notices.show_done(words("Case %(number)s is open", number=number), words)
        return
    if button == watchlist.ASSIGN:
        person = int(assignee) if assignee and assignee.isascii() and assignee.isdigit() else None
        changed = assign(session, viewer, Assign(warnings, person), now)
        notices.show_done(words("%(n)s warnings assigned", n=changed), words)
        return
    state = {watchlist.DISMISS: "dismissed", watchlist.REOPEN: "open"}.get(button, "acknowledged")
    changed = decide(session, viewer, Decide(warnings, state, reason or ""), now)
    notices.show_done(words("%(n)s warnings: %(state)s", n=changed, state=words.handling(state)), words)


def _put_on(session: Session, viewer: Viewer, services: Services, chosen: object, form: dict[str, Any]) -> None:
    """Put the chosen enterprise on a list; its region is the register's, read anew."""
    scope = viewer.scope(Permission.EXEMPTION_WRITE)
    today = clock.today(services.settings.timezone)
    with reading(services, Permission.ENTERPRISE_READ) as read:
        rows = chosen_rows(read.session, scope, read.live.generation, codes_in(chosen)[:1], today)
    if not rows:
        raise NotFound("no enterprise is chosen")
    row = rows[0]
    text = {
        name: "" if form[name] in (None, ANY) else str(form[name]) for name in ("kind", "risk_type", "reason", "text")
    }
    ends_on = today + period_in(form["period"])
    add_exemption(
        session, viewer, AddExemption(row.uscc, row.region_code, **text, begins_on=today, ends_on=ends_on), clock.now()
    )
    words = words_for(viewer.locale)
    notices.show_done(words("%(name)s is on the list; it takes effect with the next generation", name=row.name), words)


def _take_off(session: Session, viewer: Viewer, _services: Services, chosen: object, form: dict[str, Any]) -> None:
    withdraw_exemption(session, viewer, *entry_in(chosen), str(form["text"] or ""), clock.now())
    words = words_for(viewer.locale)
    notices.show_done(words("It is off the list; warnings come again with the next generation"), words)


def _export(read: Reading, search: str | None) -> dict[str, Any]:
    """Return the workbook of what is listed, once it is on record who takes it."""
    asked, words, live, zone = _asked(read, search), read.words, read.live, read.services.settings.timezone
    rows = page_of(read.session, read.scope, live.generation, asked, 0, MOST)
    total = _counts(read, asked, search).total
    taken = Export(live.generation, asked.region, search or "", len(rows))
    record_export(read.session, read.viewer, taken, clock.now())
    who = {one["value"]: one["label"] for one in _people(read, asked)}
    told = in_words(asked.filters, words, who.get(asked.filters.who, asked.filters.who))
    cover = cover_of(live, read.viewer, (asked.region, told), clock.local(clock.now(), zone), words)
    name = f"watchlist-{asked.region}-{live.as_of:%Y%m%d}-{live.generation}.xlsx"
    content = base64.b64encode(watchlist_workbook(rows, total, cover, words)).decode()
    return {"content": content, "filename": name, "base64": True}


def _people(read: Reading, asked: Asked) -> list[dict[str, str]]:
    return listed.who_options(handlers_of(read.session, read.scope, asked.region), read.words)
