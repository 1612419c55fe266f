"""Files into a case and out of it: sent as a form with one file, fetched as a download, never drawn by a browser."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from flask import Blueprint, jsonify, request, send_file
from werkzeug.exceptions import RequestEntityTooLarge

from dashboard import clock
from dashboard.access.session import current_viewer
from dashboard.actions.case_attachments import AddAttachment, add_attachment
from dashboard.actions.casework import Act
from dashboard.errors import Invalid, NotAllowed, NotFound
from dashboard.files.copies import shown_copy
from dashboard.files.intake import take_in
from dashboard.files.store import BLOCK, open_kept
from dashboard.i18n import N_, words_for
from dashboard.queries.case_attachments import attachment_seen
from dashboard.queries.case_seen import case_seen
from dashboard.workflow.standing import HANDLER

if TYPE_CHECKING:
    from flask import Response

    from dashboard.models.casework import CaseAttachment
    from dashboard.services import Services
    from dashboard.settings import Settings

LARGEST = 2**31 - 1  # number of a row
AROUND = 64 * 1024  # bytes of a form that are not the file's


def larger_bodies(settings: Settings) -> dict[str, int]:
    """Return the endpoint that takes files, with the most bytes of its form."""
    return {"attachments.sent": settings.attachment_mb * BLOCK + AROUND}


def make_attachments(services: Services) -> Blueprint:
    """Return the addresses of attachments. The gate stands before them: whoever comes here is signed in."""
    pages = Blueprint("attachments", __name__, url_prefix="/api")

    @pages.post("/cases/<number>/attachments")
    def sent(number: str) -> tuple[Response, int]:
        return jsonify(id=_attached(services, number)), 201

    @pages.get("/attachments/<int:attachment_id>")
    def shown(attachment_id: int) -> Response:
        file, _ = _found(services, attachment_id)
        copy = shown_copy(open_kept(services.settings.var_dir, file.sha256), file.media_type)
        return send_file(io.BytesIO(copy), file.media_type, as_attachment=True, download_name=file.name)

    @pages.get("/attachments/<int:attachment_id>/original")
    def original(attachment_id: int) -> Response:
        file, handled = _found(services, attachment_id)
        if not handled:
            raise NotAllowed.telling(N_("Only the department that handles the case gets the original"))
        kept = open_kept(services.settings.var_dir, file.sha256)
        return send_file(kept, file.media_type, as_attachment=True, download_name=file.name, etag=False)

    @pages.errorhandler(RequestEntityTooLarge)
    def _too_large(_error: RequestEntityTooLarge) -> tuple[Response, int]:
        words, most = words_for(current_viewer().locale), services.settings.attachment_mb
        return jsonify(error="Invalid", message=words("The file is larger than %(mb)s MB", mb=most)), 413

    return pages


def _attached(services: Services, number: str) -> int:
    """Take the form's file in and attach it; who may not is told before anything is kept."""
    viewer, form, file = current_viewer(), request.form, request.files.get("file")
    with services.sessions() as session:
        seen = case_seen(session, viewer, number)
        if not seen.may("attachment:added"):
            raise NotAllowed.telling(N_("Your department does not work on this case"))
        case_id = seen.case.id
    if file is None or not file.filename:
        raise Invalid.telling(N_("Choose a file first"))
    version = form.get("version", "")
    if not (version.isascii() and version.isdigit() and len(version) < len(str(LARGEST))):
        raise Invalid("that form is about no version of a case")
    kept = take_in(services.settings, file.stream, file.filename)  # type: ignore[arg-type] # werkzeug's is an IO[bytes]
    command = AddAttachment(Act(case_id, int(version), form.get("key", "")), form.get("kind", ""), **vars(kept))
    with services.sessions() as session:
        return add_attachment(session, viewer, command, clock.moment(services.settings.timezone))


def _found(services: Services, attachment_id: int) -> tuple[CaseAttachment, bool]:
    """Return an attachment of a case that the viewer sees, and whether the viewer's department handles the case."""
    if attachment_id > LARGEST:
        raise NotFound("there is no such attachment")
    with services.sessions() as session:
        file, seen = attachment_seen(session, current_viewer(), attachment_id)
        session.expunge(file)
        return file, seen.standing == HANDLER
