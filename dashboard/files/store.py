"""The kept files: each under the hash of its content in the state folder, outside everything that is served."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from dashboard.errors import Invalid, NotKept
from dashboard.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime, timedelta
    from pathlib import Path

BLOCK = 1 << 20
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True)
class Received:
    """A file that was sent in and is not kept yet: where it waits, its hash and its size in bytes."""

    path: Path
    sha256: str
    bytes: int


def receive(var_dir: Path, stream: BinaryIO, most: int) -> Received:
    """Write what a stream holds to where files wait to be looked at, readable by the server's user only.

    Raises Invalid, with a sentence, for an empty file and for one of more than `most` bytes; then nothing is left.
    """
    waiting = _folder(var_dir) / "waiting"
    waiting.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = waiting / secrets.token_hex(16)
    try:
        return _written(path, stream, most)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _written(path: Path, stream: BinaryIO, most: int) -> Received:
    digest, size = hashlib.sha256(), 0
    with open(path, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        while block := stream.read(BLOCK):
            size += len(block)
            if size > most:
                raise Invalid.telling(N_("The file is larger than %(mb)s MB"), mb=most // BLOCK)
            digest.update(block)
            file.write(block)
        file.flush()
        os.fsync(file.fileno())
    if not size:
        raise Invalid.telling(N_("The file is empty"))
    return Received(path, digest.hexdigest(), size)


def keep(var_dir: Path, received: Received) -> Path:
    """Move a received file to its place and return that; the same content is kept once, whole or not at all.

    A copy that is there already is replaced by this one, which is as good and younger: so nobody tidies it away before
    its row is written.
    """
    place = _place(var_dir, received.sha256)
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    received.path.replace(place)
    _settle(place.parent)
    return place


def open_kept(var_dir: Path, sha256: str) -> Path:
    """Return where the file of a hash is kept; NotKept for one that is not there, or for what is no hash."""
    if not _SHA256.fullmatch(sha256):
        raise NotKept("that is no hash of a file")
    place = _place(var_dir, sha256)
    if not place.is_file():
        raise NotKept("the file of that hash is not there")
    return place


def tidy_kept(var_dir: Path, older_than: timedelta, now: datetime, wanted: Callable[[str], bool]) -> int:
    """Delete files of long ago that no row names, and return how many went: a crash between file and row leaves them.

    `wanted` tells whether a row names a hash. A file is moved aside before it is deleted, and put back if it turns out
    to be young: somebody may have sent the same content in that instant.
    """
    before, gone = (now - older_than).timestamp(), 0
    for path in sorted(_folder(var_dir).glob("*/*")):
        if path.stat().st_mtime >= before or (path.parent.name != "waiting" and wanted(path.name)):
            continue
        aside = path.with_name(f"{path.name}.aside")
        path.replace(aside)
        if aside.stat().st_mtime >= before:
            aside.replace(path)
            continue
        aside.unlink()
        gone += 1
    return gone


def _folder(var_dir: Path) -> Path:
    return var_dir / "attachments"


def _place(var_dir: Path, sha256: str) -> Path:
    return _folder(var_dir) / sha256[:2] / sha256


def _settle(folder: Path) -> None:
    """Have the folder's entries written to the disk: a rename outlives a power cut only then."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
