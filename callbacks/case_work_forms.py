"""Case page, the forms of the daily work, wired: tasks set and changed, files taken out, evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import Input, Output, State, ctx, set_props

from dashboard import clock
from dashboard.access.permissions import Permission
from dashboard.access.session import current_viewer
from dashboard.actions.case_attachments import RemoveAttachment, remove_attachment
from dashboard.actions.case_evidence import AddEvidence, MoveEvidence, add_evidence, move_evidence
from dashboard.actions.case_tasks import AddTask, ChangeTask, DropTask, add_task, change_task, drop_task
from dashboard.errors import Invalid, NotFound, Stale
from dashboard.i18n import N_, words_for
from dashboard.queries.case_seen import case_seen
from dashboard.queries.case_work import work_on
from dashboard.services import clicking
from layouts import case_work as part
from layouts import notices, shell
from layouts.case_forms import SEEN, act_in, new_key
from layouts.case_work_asked import day_in, items_in, row_in, text_in, version_in, who_in
from layouts.links import case_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from dash import Dash

    from dashboard.access.viewer import Viewer
    from dashboard.services import Services

PAGE = {"seen": State(SEEN, "data"), "pathname": State(shell.LOCATION, "pathname")}
"""What every form knows of the page: the case as it is shown, and where it stands."""
CLEARED = {
    part.TASK_KEY: (part.TASK_TITLE, part.TASK_DUE, part.TASK_ITEMS),
    part.CHANGE_KEY: (part.CHANGE_WHICH, part.CHANGE_REASON),
    part.OUT_KEY: (part.OUT_WHICH, part.OUT_REASON),
    part.PIECE_KEY: (part.PIECE_LABEL, part.PIECE_FILE, part.PIECE_FROM, part.PIECE_HOLDER),
    part.MOVE_KEY: (part.MOVE_WHICH, part.MOVE_TO, part.MOVE_FOR),
}
"""The fields that are empty after each form, by the form's key, was sent."""
FORMS: dict[str, tuple[tuple[str, ...], dict[str, str]]] = {
    part.TASK_KEY: (
        (part.TASK_ADD,),
        {"title": part.TASK_TITLE, "who": part.TASK_WHO, "due": part.TASK_DUE, "items": part.TASK_ITEMS},
    ),
    part.CHANGE_KEY: (
        (part.CHANGE_SAVE, part.CHANGE_DROP),
        {
            "which": part.CHANGE_WHICH,
            "title": part.CHANGE_TITLE,
            "who": part.CHANGE_WHO,
            "due": part.CHANGE_DUE,
            "items": part.CHANGE_ITEMS,
            "reason": part.CHANGE_REASON,
        },
    ),
    part.OUT_KEY: ((part.OUT_DO,), {"which": part.OUT_WHICH, "reason": part.OUT_REASON}),
    part.PIECE_KEY: ((part.PIECE_ADD,), part.FORMS["piece"]),
    part.MOVE_KEY: ((part.MOVE_DO,), part.FORMS["move"]),
}
"""The buttons and the fields of each form, by its key."""
FILLED = (part.CHANGE_TITLE, part.CHANGE_WHO, part.CHANGE_DUE, part.CHANGE_ITEMS)


def register(app: Dash, services: Services) -> None:
    """Wire the forms."""
    for key, send in SENDING.items():
        _wire(app, services, key, send)

    @app.callback(
        output={"fields": [Output(name, "value") for name in FILLED], "seen": Output(part.CHANGE_SEEN, "data")},
        inputs={"which": Input(part.CHANGE_WHICH, "value"), "pathname": State(shell.LOCATION, "pathname")},
        prevent_initial_call=True,
    )
    def open_change(which: Any, pathname: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever JSON a client sends
        return _filled(services, current_viewer(), which, pathname)


def _wire(
    app: Dash, services: Services, form_key: str, send: Callable[[Services, Viewer, dict[str, Any]], str]
) -> None:
    """Wire one form: its buttons send its fields, its key and, where rows have one, the versions that were shown."""
    buttons, fields = FORMS[form_key]
    versions = {part.CHANGE_KEY: part.CHANGE_SEEN, part.MOVE_KEY: part.MOVE_SEEN}.get(form_key, SEEN)

    @app.callback(
        output={"fields": [Output(one, "value") for one in CLEARED[form_key]], "key": Output(form_key, "data")},
        inputs={"_clicks": [Input(one, "n_clicks") for one in buttons]},
        state={
            "fields": {name: State(component, "value") for name, component in fields.items()},
            "page": PAGE | {"key": State(form_key, "data"), "versions": State(versions, "data")},
        },
        prevent_initial_call=True,
    )
    def submit_form(_clicks: object, fields: dict[str, Any], page: dict[str, Any]) -> dict[str, Any]:
        viewer = clicking(Permission.CASE_READ)
        done = send(services, viewer, fields | page)
        notices.show_done(done, words_for(viewer.locale))
        return {"fields": [""] * len(CLEARED[form_key]), "key": new_key()}


def _set(services: Services, viewer: Viewer, form: dict[str, Any]) -> str:
    region, owner = who_in(form["who"])
    act, items = act_in(form["seen"], form["key"]), items_in(form["items"])
    command = AddTask(act, text_in(form["title"]), region, owner, day_in(form["due"]), items)
    with services.sessions() as session:
        add_task(session, viewer, command, clock.moment(services.settings.timezone))
    return words_for(viewer.locale)("The task is set")


def _change(services: Services, viewer: Viewer, form: dict[str, Any]) -> str:
    """Save or drop the chosen task. After Stale the form knows the newer version: what was typed can be sent anyway."""
    act, row = act_in(form["seen"], form["key"]), row_in(form["which"])
    version, when = version_in(form["versions"], row), clock.moment(services.settings.timezone)
    words = words_for(viewer.locale)
    with services.sessions() as session:
        try:
            if ctx.triggered_id == part.CHANGE_DROP:
                drop_task(session, viewer, DropTask(act, row, version, text_in(form["reason"])), when)
                return words("The task is dropped")
            _region, owner = who_in(form["who"])
            title, items = text_in(form["title"]), items_in(form["items"])
            change_task(session, viewer, ChangeTask(act, row, version, title, owner, day_in(form["due"]), items), when)
        except Stale:
            _, now = _task(services, viewer, row, form["pathname"])
            set_props(part.CHANGE_SEEN, {"data": now})
            raise
    return words("The task is saved")


def _take_out(services: Services, viewer: Viewer, form: dict[str, Any]) -> str:
    act, row = act_in(form["seen"], form["key"]), row_in(form["which"])
    with services.sessions() as session:
        command = RemoveAttachment(act, row, text_in(form["reason"]))
        remove_attachment(session, viewer, command, clock.moment(services.settings.timezone))
    return words_for(viewer.locale)("The file is taken out")


def _list_piece(services: Services, viewer: Viewer, form: dict[str, Any]) -> str:
    obtained_on = day_in(form["on"])
    if obtained_on is None:
        raise Invalid.telling(N_("Say when it was obtained"))
    command = AddEvidence(
        act_in(form["seen"], form["key"]),
        label=text_in(form["label"]),
        kind=text_in(form["kind"]),
        attachment_id=row_in(form["file"]) if form["file"] else None,
        obtained_on=obtained_on,
        obtained_from=text_in(form["from"]),
        holder=text_in(form["holder"]),
    )
    with services.sessions() as session:
        add_evidence(session, viewer, command, clock.moment(services.settings.timezone))
    return words_for(viewer.locale)("The piece is listed")


def _move(services: Services, viewer: Viewer, form: dict[str, Any]) -> str:
    act, row = act_in(form["seen"], form["key"]), row_in(form["which"])
    version, to_holder = version_in(form["versions"], row), text_in(form["to"])
    with services.sessions() as session:
        command = MoveEvidence(act, row, version, to_holder, text_in(form["for"]))
        move_evidence(session, viewer, command, clock.moment(services.settings.timezone))
    return words_for(viewer.locale)("The chain of custody is written down")


def _filled(services: Services, viewer: Viewer, which: object, pathname: str | None) -> dict[str, Any]:
    """Return what the form of a change begins with: the chosen task as it is now, nothing where none is chosen."""
    viewer.scope(Permission.CASE_READ)
    if not which:
        return {"fields": [""] * len(FILLED), "seen": {}}
    fields, seen = _task(services, viewer, row_in(which), pathname)
    return {"fields": fields, "seen": seen}


def _task(services: Services, viewer: Viewer, row: int, pathname: str | None) -> tuple[list[str], dict[str, int]]:
    with services.sessions() as session:
        seen = case_seen(session, viewer, case_in(pathname))
        task = work_on(session, seen.case.id, viewer.id).task(row)
    if task is None:
        raise NotFound("there is no such task")
    items = "\n".join(str(one["text"]) for one in task.checklist)
    due = task.due_on.isoformat() if task.due_on else ""
    return [task.title, f"{task.region_code}:{task.owner_id or ''}", due, items], {str(task.id): task.version}


SENDING: dict[str, Callable[[Services, Viewer, dict[str, Any]], str]] = {
    part.TASK_KEY: _set,
    part.CHANGE_KEY: _change,
    part.OUT_KEY: _take_out,
    part.PIECE_KEY: _list_piece,
    part.MOVE_KEY: _move,
}
"""What each form does, by its key; returns what to say when it is done."""
