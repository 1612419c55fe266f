"""Attached files: told by their content, scanned, kept under their hash, and shown without their place."""

from __future__ import annotations

import contextlib
import io
import struct
import sys
import zlib
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from dashboard.errors import Invalid, NotKept
from dashboard.files import kinds
from dashboard.files.copies import shown_copy
from dashboard.files.intake import NAME_LONGEST, plain_name, take_in
from dashboard.files.kinds import DOCX, ENDINGS, JPEG, PDF, PNG, XLSX, kind_of
from dashboard.files.scan import scanned
from dashboard.files.store import keep, open_kept, receive, tidy_kept
from tests.attached import HONEST, PDF_FILE, document, photograph, picture, written

if TYPE_CHECKING:
    from pathlib import Path

    from dashboard.settings import Settings

DAY = timedelta(days=1)
BOMB = b"\x89PNG\r\n\x1a\n" + b"".join(
    struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
    for name, body in [
        (b"IHDR", struct.pack(">IIBBBBB", 12_000, 12_000, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"\0" * 1000)),
        (b"IEND", b""),
    ]
)
FORGED = {
    "program.pdf": b"MZ\x90\0" + b"\0" * 200,
    "program.txt": b"\x7fELF\2\1\1\0" + b"\0" * 200,
    "page.txt": b"  <!DOCTYPE html><script>alert(1)</script>",
    "drawing.csv": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "script.txt": b"#!/bin/sh\nrm -rf /\n",
    "picture.pdf": photograph(),
    "report.jpg": PDF_FILE,
    "report.txt": PDF_FILE,
    "page.pdf": b"%PDF-1.7\n<html><script>alert(1)</script></html>\n%%EOF",
    "half.pdf": PDF_FILE[:20],
    "photo.png": photograph(),
    "half.jpg": photograph()[:400],
    "both.jpg": photograph() + document(DOCX),
    "both.pdf": PDF_FILE + document(XLSX),
    "reader.jpg": photograph()[:2] + b"\xff\xfe\x00\x0b%PDF-1.7\0" + photograph()[2:],
    "bomb.png": BOMB,
    "sheet.docx": document(XLSX),
    "text.xlsx": document(DOCX),
    "macro.docx": document(DOCX, **{"word/vbaProject__bin": b"x"}),
    "any.docx": b"PK\x03\x04 and nothing else",
    "old.docx": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512,
    "page.html": b"<html>",
    "drawing.svg": b"<svg/>",
    "program.exe": b"MZ",
    "none": b"text",
    "pdf": PDF_FILE,
    ".pdf.exe": PDF_FILE,
}


@pytest.mark.parametrize("name", HONEST)
def test_what_people_send_is_accepted_as_what_it_is(tmp_path: Path, name: str) -> None:
    assert kind_of(written(tmp_path, HONEST[name]), name) == ENDINGS[name.rpartition(".")[2].lower()]


@pytest.mark.parametrize("name", FORGED)
def test_what_is_not_what_its_name_says_is_refused_with_a_sentence(tmp_path: Path, name: str) -> None:
    with pytest.raises(Invalid) as refused:
        kind_of(written(tmp_path, FORGED[name]), name)
    assert refused.value.sentence


@given(content=st.binary(max_size=300), ending=st.sampled_from(sorted(ENDINGS)))
def test_no_content_is_an_error_of_the_program(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, ending: str
) -> None:
    for head in (b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"%PDF-", b"PK\x03\x04"):
        path = written(tmp_path_factory.getbasetemp(), head + content)
        with contextlib.suppress(Invalid):
            assert kind_of(path, f"a.{ending}") == ENDINGS[ending]


def test_a_document_that_unpacks_to_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinds, "MOST_UNPACKED", 100_000)
    with pytest.raises(Invalid, match="unpacks to more"):
        kind_of(written(tmp_path, document(DOCX, **{"word/big__xml": b"0" * 200_000})), "a.docx")


def test_a_document_whose_sizes_lie_is_refused(tmp_path: Path) -> None:
    honest = document(XLSX, **{"xl/big__xml": b"0" * 200_000})
    lying = honest.replace(struct.pack("<I", 200_000), struct.pack("<I", 10))
    assert lying != honest
    with pytest.raises(Invalid):
        kind_of(written(tmp_path, lying), "a.xlsx")


def test_the_shown_copy_of_a_photograph_stands_upright_and_tells_no_place(tmp_path: Path) -> None:
    assert Image.open(io.BytesIO(photograph())).getexif().get_ifd(0x8825)[1] == "N"
    copy = shown_copy(written(tmp_path, photograph()), JPEG)
    shown = Image.open(io.BytesIO(copy))
    assert shown.size == (32, 64)
    red, _, blue = shown.convert("RGB").getpixel((28, 10)) or ()
    assert (red > 200, blue < 60) == (True, True)
    assert not shown.getexif()
    assert set(shown.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert not any(word in copy for word in (b"Exif", b"Hangzhou", b"Camera", b"at the door"))


def test_what_stands_behind_a_picture_is_not_in_the_shown_copy(tmp_path: Path) -> None:
    assert b"behind" not in shown_copy(written(tmp_path, photograph() + b"behind it"), JPEG)


@pytest.mark.parametrize("mode", ["RGBA", "P", "L", "1", "I;16"])
def test_every_kind_of_png_is_drawn_anew(tmp_path: Path, mode: str) -> None:
    copy = Image.open(io.BytesIO(shown_copy(written(tmp_path, picture((3, 2), mode)), PNG)))
    assert (copy.size, copy.mode) == ((3, 2), "RGBA" if mode == "RGBA" else "RGB")
    assert not copy.info


def test_a_document_is_shown_as_it_is(tmp_path: Path) -> None:
    assert shown_copy(written(tmp_path, PDF_FILE), PDF) == PDF_FILE


@pytest.mark.parametrize("content", [b"gone bad", BOMB], ids=["damaged", "bomb"])
def test_a_picture_that_cannot_be_drawn_is_not_shown(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(NotKept):
        shown_copy(written(tmp_path, content), PNG)


# -- the scanner -------------------------------------------------------------------------------------------------------


def scanner(tmp_path: Path, script: str) -> str:
    """Return the command of a scanner that runs `script` in Python."""
    file = tmp_path / "a scanner.py"
    file.write_text(script, encoding="utf-8")
    return f"{sys.executable} -S -I '{file}'"


def test_without_a_scanner_a_file_is_unscanned(tmp_path: Path) -> None:
    assert scanned(tmp_path / "any", " ") == "unscanned"


def test_the_scanner_gets_the_path_and_no_shell(tmp_path: Path) -> None:
    path = tmp_path / "a $(touch file); it"
    path.write_text("x", encoding="ascii")
    assert scanned(path, scanner(tmp_path, "import sys; open(sys.argv[-1]).read()")) == "clean"


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("raise SystemExit(1)", "found something"),
        ("raise SystemExit(2)", "did not answer"),
        ("while 1: 0", "not answer"),
    ],
)
def test_what_the_scanner_does_not_pass_is_refused(tmp_path: Path, script: str, told: str) -> None:
    with pytest.raises(Invalid, match=told):
        scanned(tmp_path, scanner(tmp_path, script), patience=0.2 if "while" in script else 60)


@pytest.mark.parametrize("command", ["/no/such/scanner", "'unended"])
def test_a_scanner_that_does_not_start_lets_nothing_in(tmp_path: Path, command: str) -> None:
    with pytest.raises(Invalid, match="did not answer"):
        scanned(tmp_path, command)


# -- the store ---------------------------------------------------------------------------------------------------------


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_the_same_content_is_kept_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    kept = {keep(tmp_path, receive(tmp_path, io.BytesIO(b"the same"), 100)) for _ in range(2)}
    assert files_in(tmp_path) == list(kept)
    (path,) = kept
    assert path.stat().st_mode & 0o777 == 0o600
    assert open_kept(tmp_path, path.name) == path
    assert path.parent.name == path.name[:2]


@pytest.mark.parametrize("content", [b"", b"x" * 101])
def test_a_file_that_is_empty_or_too_large_leaves_nothing(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(Invalid):
        receive(tmp_path, io.BytesIO(content), 100)
    assert not files_in(tmp_path)


@pytest.mark.parametrize("sha256", ["0" * 64, "../../etc/passwd", "", "0" * 63 + "\n", "A" * 64])
def test_what_is_not_kept_is_not_found(tmp_path: Path, sha256: str) -> None:
    with pytest.raises(NotKept):
        open_kept(tmp_path, sha256)


@pytest.mark.parametrize("name", ["a.exe", "b.pdf"])
def test_what_is_refused_leaves_nothing(settings: Settings, name: str) -> None:
    with pytest.raises(Invalid):
        take_in(settings, io.BytesIO(b"MZ"), name)
    assert not files_in(settings.var_dir)


def test_orphans_go_after_a_day_and_what_rows_name_stays(tmp_path: Path) -> None:
    orphan, named = (keep(tmp_path, receive(tmp_path, io.BytesIO(text), 9)) for text in (b"orphan", b"named"))
    waiting = receive(tmp_path, io.BytesIO(b"waiting"), 9)
    now = datetime.now(UTC)
    assert tidy_kept(tmp_path, DAY, now, [named.name].__contains__) == 0
    assert tidy_kept(tmp_path, DAY, now + 2 * DAY, [named.name].__contains__) == 2
    assert (orphan.exists(), waiting.path.exists(), named.exists()) == (False, False, True)


@given(st.text(max_size=400))
def test_a_name_is_a_files_and_says_what_it_shows(name: str) -> None:
    plain = plain_name(name)
    assert len(plain) <= NAME_LONGEST
    assert not set(plain) & set("/\\\0\n\u202e")
    assert plain_name(plain) == plain or len(plain) == NAME_LONGEST


def test_names_lose_their_folders_and_keep_their_ending() -> None:
    assert plain_name("..\\..\\C:\\合同.pdf") == "合同.pdf"
    assert plain_name("../../etc/passwd") == "passwd"
    assert plain_name("photo\u202egpj.exe") == "photogpj.exe"
    assert plain_name("长" * 300 + ".pdf").endswith("长.pdf")
