"""The way in for a file: received, told by its content, scanned, kept. Whatever is refused leaves nothing behind."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from dashboard.files.kinds import kind_of
from dashboard.files.scan import Scan, scanned
from dashboard.files.store import BLOCK, keep, receive

if TYPE_CHECKING:
    from dashboard.settings import Settings

NAME_LONGEST = 200
_SEPARATORS = re.compile(r"[/\\]")


@dataclass(frozen=True)
class Kept:
    """A file that is in: the name it was sent under, and what was found out about its content."""

    name: str
    media_type: str
    bytes: int
    sha256: str
    scan: Scan


def take_in(settings: Settings, stream: BinaryIO, name: str) -> Kept:
    """Keep what a stream holds and return what it is; Invalid, with a sentence, for what is not accepted."""
    plain = plain_name(name)
    received = receive(settings.var_dir, stream, settings.attachment_mb * BLOCK)
    try:
        media_type = kind_of(received.path, plain)
        scan = scanned(received.path, settings.scan_command)
        keep(settings.var_dir, received)
    finally:
        received.path.unlink(missing_ok=True)
    return Kept(plain, media_type, received.bytes, received.sha256, scan)


def plain_name(name: str) -> str:
    """Return a file's name without folders and without characters that nobody sees; its ending is kept when it is cut.

    Invisible characters go because some turn the reading direction around: a name would end differently than it looks.
    """
    last = _SEPARATORS.split(unicodedata.normalize("NFC", name))[-1]
    seen = "".join(one for one in last if unicodedata.category(one)[0] != "C").strip(" .")
    stem, dot, ending = seen.rpartition(".")
    return f"{stem[: NAME_LONGEST - len(ending) - 1]}{dot}{ending}"[:NAME_LONGEST]
