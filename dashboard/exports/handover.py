"""The hand-over package: the printed file of a case, its attachments, and a list of all with their hashes."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from dashboard.errors import Invalid, NotKept
from dashboard.files.store import open_kept
from dashboard.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from dashboard.models.casework import CaseAttachment

MOST_MB = 150
MANIFEST = "manifest.csv"
_NO_NAME = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]')
State = Literal["enclosed", "missing", "altered", "removed"]


@dataclass(frozen=True)
class Enclosure:
    """One attachment as the package has it: `content` where its state is `enclosed`, and its name inside."""

    attachment: CaseAttachment
    state: State
    name: str
    content: bytes | None = None


def content_in(var_dir: Path) -> Callable[[str], bytes | None]:
    """Return how the content of a hash is read from the state folder: None where it is not there."""

    def content_of(sha256: str) -> bytes | None:
        try:
            return open_kept(var_dir, sha256).read_bytes()
        except NotKept:
            return None

    return content_of


def enclosures(attachments: Sequence[CaseAttachment], content_of: Callable[[str], bytes | None]) -> list[Enclosure]:
    """Return every attachment with its content, or with why it has none: gone, not what it was, or taken out.

    Raises Invalid, with a sentence, for more than MOST_MB in all.
    """
    if sum(one.bytes for one in attachments if one.removed_at is None) > MOST_MB << 20:
        raise Invalid.telling(N_("The attachments are more than %(mb)s MB in all: take them one by one"), mb=MOST_MB)
    return [_enclosure(one, content_of) for one in attachments]


def _enclosure(one: CaseAttachment, content_of: Callable[[str], bytes | None]) -> Enclosure:
    # The number in front keeps two files of one name apart, and a name from outside never leads out of the folder.
    name = f"attachments/{one.id:05d}-{_NO_NAME.sub('_', one.name)[-120:]}"
    if one.removed_at is not None:
        return Enclosure(one, "removed", name)
    content = content_of(one.sha256)
    if content is None:
        return Enclosure(one, "missing", name)
    if hashlib.sha256(content).hexdigest() != one.sha256:
        return Enclosure(one, "altered", name)
    return Enclosure(one, "enclosed", name, content)


def package(document: bytes, document_name: str, enclosed: Sequence[Enclosure]) -> bytes:
    """Return a ZIP of the document, all enclosed attachments and the manifest, which lists the others as well."""
    held, listed = io.BytesIO(), io.StringIO()
    manifest = csv.writer(listed)
    manifest.writerow(("file", "state", "bytes", "sha256"))
    manifest.writerow((document_name, "enclosed", len(document), hashlib.sha256(document).hexdigest()))
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as pack:
        pack.writestr(document_name, document)
        for one in enclosed:
            manifest.writerow((one.name, one.state, one.attachment.bytes, one.attachment.sha256))
            if one.content is not None:
                pack.writestr(one.name, one.content)
        pack.writestr(MANIFEST, "\ufeff" + listed.getvalue())
    return held.getvalue()
