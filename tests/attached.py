"""Files as people send them: a photograph that knows where it was taken, documents, and forgeries."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from PIL import Image, TiffImagePlugin
from PIL.PngImagePlugin import PngInfo

from dashboard.files.kinds import DOCX, XLSX

if TYPE_CHECKING:
    from pathlib import Path

PLACE = (30.0, 16.0, 12.5)
PDF_FILE = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
_MAIN = {DOCX: "word/document.xml", XLSX: "xl/workbook.xml"}


def photograph() -> bytes:
    """Return a JPEG of a red left and a blue right half, stored lying, with the place where it was taken and more."""
    image = Image.new("RGB", (64, 32), "blue")
    image.paste((255, 0, 0), (0, 0, 64, 16))  # the upper half: on the right once it is turned
    exif = Image.Exif()
    exif[0x0112] = 6  # turn it clockwise by a quarter
    exif[0x010F] = "Camera of somebody"
    place = exif.get_ifd(0x8825)
    place[1], place[2] = "N", tuple(TiffImagePlugin.IFDRational(one) for one in PLACE)
    drawn = io.BytesIO()
    image.save(drawn, "JPEG", exif=exif, xmp=b"<x:xmpmeta>Hangzhou</x:xmpmeta>", comment=b"at the door", quality=95)
    return drawn.getvalue()


def picture(size: tuple[int, int] = (8, 8), mode: str = "RGB") -> bytes:
    """Return a PNG with a text in it."""
    drawn, note = io.BytesIO(), PngInfo()
    note.add_text("Comment", "at the door")
    Image.new(mode, size).save(drawn, "PNG", pnginfo=note)
    return drawn.getvalue()


def document(media_type: str, **entries: bytes) -> bytes:
    """Return a document of Office: its two parts that matter, and `entries` by name, with dots written as __."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(_MAIN[media_type], "<document/>")
        for name, content in entries.items():
            archive.writestr(name.replace("__", "."), content)
    return packed.getvalue()


HONEST: dict[str, bytes] = {
    "门店照片.jpg": photograph(),
    "a.JPEG": photograph(),
    "招牌.png": picture(),
    "合同.docx": document(DOCX),
    "流水.xlsx": document(XLSX),
    "报告.pdf": PDF_FILE,
    "笔录.txt": "问：您投了多少？答：三万元。".encode(),
    "bank.csv": "账号,金额\n1,2\n".encode("gb18030"),
    "short.csv": b"BM,ID\n1,2\n",  # begins as a bitmap does
}
"""What is accepted, by its name."""


def written(folder: Path, content: bytes) -> Path:
    """Write a file that nobody has named yet and return where it is."""
    path = folder / "received"
    path.write_bytes(content)
    return path
