"""Case page, the daily work, wired: the lists, comments, and what is clicked in a list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import Input, Output, State

from dashboard import clock
from dashboard.access.permissions import Permission
from dashboard.access.session import current_viewer
from dashboard.actions.case_comments import AddComment, add_comment, mark_read
from dashboard.actions.case_tasks import TickTask, end_task, tick_task
from dashboard.actions.casework import Act
from dashboard.i18n import words_for
from dashboard.queries.case_seen import case_seen
from dashboard.queries.case_work import work_on
from dashboard.services import clicking
from dashboard.workflow.people import mentioned, people_of, people_who_see
from layouts import case_work as part
from layouts import notices, shell
from layouts.case_forms import SEEN, act_in, new_key
from layouts.case_work_asked import acted_in, text_in
from layouts.case_work_lists import Shown, departments
from layouts.case_work_view import OUTPUTS, drawn
from layouts.links import case_in

if TYPE_CHECKING:
    from dash import Dash

    from dashboard.access.viewer import Viewer
    from dashboard.actions.case_tasks import EndTask
    from dashboard.services import Services


def register(app: Dash, services: Services) -> None:
    """Wire this part of the page."""

    @app.callback(OUTPUTS, Input(shell.LOCATION, "pathname"), Input(shell.CLOCK, "data"))
    def refresh_work(pathname: str | None, _moved: object) -> dict[str, Any]:
        return _drawn(services, current_viewer(), pathname)

    @app.callback(
        Output(part.DID, "data"),
        Input(part.ACTED, "data"),
        State(SEEN, "data"),
        prevent_initial_call=True,
    )
    def submit_click(acted: Any, seen: Any) -> str:  # noqa: ANN401 - whatever JSON a client sends
        viewer = clicking(Permission.CASE_READ)
        _do(services, viewer, acted_in(acted, seen))
        return new_key()

    @app.callback(
        [Output(part.COMMENT_TEXT, "value"), Output(part.COMMENT_KEY, "data")],
        Input(part.COMMENT_ADD, "n_clicks"),
        State(SEEN, "data"),
        State(part.COMMENT_KEY, "data"),
        State(part.COMMENT_TEXT, "value"),
        State(shell.LOCATION, "pathname"),
        prevent_initial_call=True,
    )
    def submit_comment(_clicks: object, seen: Any, key: Any, text: Any, pathname: Any) -> tuple[str, str]:  # noqa: ANN401 - as above
        viewer = clicking(Permission.CASE_READ)
        _say(services, viewer, act_in(seen, key), text_in(text), pathname)
        return "", new_key()


def _drawn(services: Services, viewer: Viewer, pathname: str | None) -> dict[str, Any]:
    zone = services.settings.timezone
    with services.sessions() as session:
        seen = case_seen(session, viewer, case_in(pathname))
        work = work_on(session, seen.case.id, viewer.id)
        shown = Shown(work, seen, words_for(viewer.locale), clock.today(zone), zone)
        workers = people_of(session, departments(shown), Permission.CASE_WRITE)
        return drawn(shown, workers, people_who_see(session, seen.case, seen.seats))


def _do(services: Services, viewer: Viewer, command: TickTask | EndTask | Act) -> None:
    words, when = words_for(viewer.locale), clock.moment(services.settings.timezone)
    with services.sessions() as session:
        if isinstance(command, Act):
            mark_read(session, viewer, command.case_id, when)
            done = words("Marked as read")
        elif isinstance(command, TickTask):
            tick_task(session, viewer, command, when)
            done = words("The item is ticked") if command.done else words("The item is no longer ticked")
        else:
            end_task(session, viewer, command, when)
            done = words("The task is done")
    notices.show_done(done, words)


def _say(services: Services, viewer: Viewer, act: Act, text: str, pathname: str | None) -> None:
    """Write the comment; whoever it names as @name, and sees the case, hears of it."""
    words, when = words_for(viewer.locale), clock.moment(services.settings.timezone)
    with services.sessions() as session:
        seen = case_seen(session, viewer, case_in(pathname))
        named = mentioned(text, people_who_see(session, seen.case, seen.seats))
        add_comment(session, viewer, AddComment(act, text, named), when)
    notices.show_done(words("The comment is there; %(n)s people are named", n=len(named)), words)
