"""Bytes to characters: which encoding a file has, and its fingerprint, in one pass of bounded memory."""

from __future__ import annotations

import codecs
import hashlib
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

BLOCK = 1 << 20

# A UTF-8 file with a few damaged bytes must not be taken for GB18030, which accepts nearly any pair of bytes: up to
# this share of damaged characters among the characters outside ASCII, UTF-8 is believed.
DAMAGE_BELIEVED = 0.05

UNREADABLE = "\ufffd"


class Fingerprint(NamedTuple):
    """Size in bytes and SHA-256 of a file."""

    bytes: int
    sha256: str


def fingerprint(path: Path) -> Fingerprint:
    """Return size and digest of the file; raises OSError when it cannot be read."""
    digest = hashlib.sha256()
    size = 0
    with path.open("rb") as stream:
        while block := stream.read(BLOCK):
            digest.update(block)
            size += len(block)
    return Fingerprint(size, digest.hexdigest())


def detect_encoding(path: Path) -> str:
    """Return the Python codec in which the file reads best: a byte-order mark decides, else UTF-8, else GB18030."""
    with path.open("rb") as stream:
        head = stream.read(4)
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    damaged, foreign = _damage(path, "utf-8")
    if damaged <= foreign * DAMAGE_BELIEVED:
        return "utf-8"
    return "gb18030" if _damage(path, "gb18030")[0] <= damaged else "utf-8"


def _damage(path: Path, encoding: str) -> tuple[int, int]:
    """Count the characters that cannot be decoded, and all characters outside ASCII."""
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    written = UNREADABLE.encode(encoding)
    damaged = foreign = 0
    with path.open("rb") as stream:
        while block := stream.read(BLOCK):
            text = decoder.decode(block)
            # A replacement character that the sender wrote is lost text, but no sign of the wrong encoding.
            damaged += max(0, text.count(UNREADABLE) - block.count(written))
            foreign += len(text) - len(text.encode("ascii", "ignore"))
    return damaged + decoder.decode(b"", final=True).count(UNREADABLE), foreign
