"""What a file is, told by its content: only kinds that people read, whose name says the same, and nothing besides.

Accepted are PDF, JPEG, PNG, Word and Excel documents without macros, plain text and CSV. Sound and film are not: they
would have to be handed out with the place where they were taken. They are listed as evidence without a file.
"""

from __future__ import annotations

import zipfile
from contextlib import contextmanager
from typing import TYPE_CHECKING

import puremagic
from PIL import Image

from dashboard.errors import Invalid
from dashboard.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PDF, JPEG, PNG, TEXT, CSV = "application/pdf", "image/jpeg", "image/png", "text/plain", "text/csv"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ENDINGS: dict[str, str] = {
    "pdf": PDF,
    "jpg": JPEG,
    "jpeg": JPEG,
    "png": PNG,
    "docx": DOCX,
    "xlsx": XLSX,
    "txt": TEXT,
    "csv": CSV,
}
"""The endings of a name, with the one media type that the content must have."""
IMAGES = {JPEG: ("JPEG", "MPO"), PNG: ("PNG",)}
"""Pictures, with Pillow's names for them; an MPO is a JPEG with further pictures behind it."""
MOST_PIXELS = 60_000_000  # of a picture: 180 MB once it is unpacked
MOST_ENTRIES, MOST_UNPACKED = 4000, 200_000_000  # files in a document, and their bytes
_MAIN_PART = {DOCX: "word/document", XLSX: "xl/workbook.xml"}  # some programs number their parts
_ENCRYPTED = 1  # flag of an entry that nobody can look into
_ACTIVE = ("vbaproject.bin", "vbadata.xml", "activex")
_HEAD = 4096
_ARCHIVE = b"PK\x03\x04"
_MARKUP = (b"<html", b"<!doctype", b"<svg", b"<script", b"<?xml", b"<?php", b"<body", b"<iframe", b"#!/")
_PRINTING = frozenset("\t\n\r\f")  # control characters that a text may hold


def kind_of(path: Path, name: str) -> str:
    """Return the media type of a file that is called `name`; Invalid, with a sentence, for all that is not accepted."""
    wanted = ENDINGS.get(name.rpartition(".")[2].lower()) if "." in name else None
    if wanted is None:
        raise Invalid.telling(N_("Only PDF, JPEG, PNG, DOCX, XLSX, TXT and CSV files are accepted"))
    if wanted not in _possible(path):
        raise Invalid.telling(N_("The file's content is not what its name says"))
    if wanted in _MAIN_PART:
        _check_document(path, _MAIN_PART[wanted])
    elif _holds_archive(path):
        raise Invalid.telling(N_("The file holds another file behind its content"))
    elif wanted in IMAGES:
        _check_image(path, wanted)
    elif wanted == PDF:
        _check_pdf(path)
    else:
        _check_text(path)
    return wanted


def _possible(path: Path) -> set[str]:
    """Return the media types that a content's first bytes allow."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    try:
        found = {one.mime_type for one in puremagic.magic_string(head)}
    except (puremagic.PureError, ValueError):  # nothing that is known begins like this
        found = set()
    if head.startswith(_ARCHIVE):
        return set(_MAIN_PART)
    # Some kinds are known by two letters, so a text may look like one of them: what is said of texts is said later.
    return found if found & {PDF, JPEG, PNG} else {TEXT, CSV}


def _holds_archive(path: Path) -> bool:
    """Tell whether a file is an archive as well: unpackers look at its end, viewers at its beginning."""
    return zipfile.is_zipfile(path)


def _check_document(path: Path, main_part: str) -> None:
    """Refuse what is no such document, what unpacks to more than anybody reads, and macros."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if len(entries) > MOST_ENTRIES or sum(one.file_size for one in entries) > MOST_UNPACKED:
                raise Invalid.telling(N_("The document unpacks to more than is accepted"))
            names = [one.filename.lower() for one in entries]
            whole = "[content_types].xml" in names and any(one.startswith(main_part) for one in names)
            readable = whole and not any(one.flag_bits & _ENCRYPTED for one in entries)
            # Reading every entry finds sizes that lie: an entry yields no more than it declares, or fails its checksum.
            if not readable or archive.testzip() is not None:
                raise Invalid.telling(N_("The file's content is not what its name says"))
    except (zipfile.BadZipFile, zipfile.LargeZipFile, OSError, ValueError, NotImplementedError, EOFError) as error:
        raise Invalid.telling(N_("The file's content is not what its name says")) from error
    if any(word in name for name in names for word in _ACTIVE):
        raise Invalid.telling(N_("Documents with macros are not accepted"))


@contextmanager
def opened(path: Path, media_type: str) -> Iterator[Image.Image]:
    """Open a picture of one of IMAGES; Invalid for what is none, is damaged, or would fill the memory."""
    try:
        with Image.open(path, formats=IMAGES[media_type]) as image:
            _require_size(image.width * image.height)
            yield image
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        _require_size(MOST_PIXELS + 1)  # Pillow has counted more than that
    except Invalid:
        raise
    except Exception as error:  # a decoder stumbles over a damaged picture in ways that nobody lists
        raise Invalid.telling(N_("The picture is damaged")) from error


def _require_size(pixels: int) -> None:
    if pixels > MOST_PIXELS:
        raise Invalid.telling(N_("The picture has more than %(n)s million pixels"), n=MOST_PIXELS // 1_000_000)


def _check_image(path: Path, media_type: str) -> None:
    """Refuse what cannot be unpacked whole as that picture."""
    with opened(path, media_type) as image:
        image.load()
    with path.open("rb") as file:
        if b"%PDF-" in file.read(_HEAD):
            raise Invalid.telling(N_("The file holds another file behind its content"))


def _check_pdf(path: Path) -> None:
    """Refuse what does not begin and end as a PDF does."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
        file.seek(max(0, path.stat().st_size - _HEAD))
        tail = file.read()
    if not head.startswith(b"%PDF-") or b"%%EOF" not in tail or _is_markup(head):
        raise Invalid.telling(N_("The file's content is not what its name says"))


def _check_text(path: Path) -> None:
    """Refuse what is no text in UTF-8 or GB 18030, and text that a program would run or a browser would draw."""
    content = path.read_bytes()
    if _is_markup(content[:_HEAD]):
        raise Invalid.telling(N_("The file's content is not what its name says"))
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if all(character >= " " or character in _PRINTING for character in set(text)):
            return
    raise Invalid.telling(N_("The file's content is not what its name says"))


def _is_markup(head: bytes) -> bool:
    lowered = head.lower()
    return any(word in lowered for word in _MARKUP)
