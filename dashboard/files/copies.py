"""The copies that are shown to people: a picture says what is on it, never where and with what it was taken."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from PIL import ImageOps

from dashboard.errors import Invalid, NotKept
from dashboard.files.kinds import IMAGES, JPEG, opened

if TYPE_CHECKING:
    from pathlib import Path

    from PIL import Image

QUALITY = 90  # of a JPEG: what the eye cannot tell from the original


def shown_copy(path: Path, media_type: str) -> bytes:
    """Return a kept file as it is shown: a picture drawn anew, upright and with nothing but its pixels, else as it is.

    EXIF with the place, XMP, comments, thumbnails and whatever stands behind the picture are gone. Raises NotKept for a
    picture that can no longer be read.
    """
    if media_type not in IMAGES:
        return path.read_bytes()
    try:
        with opened(path, media_type) as image:
            return _redrawn(image, media_type)
    except Invalid as error:
        raise NotKept("that picture can no longer be read") from error


def _redrawn(image: Image.Image, media_type: str) -> bytes:
    upright = ImageOps.exif_transpose(image)
    see_through = media_type != JPEG and upright.has_transparency_data
    plain = upright.convert("RGBA" if see_through else "RGB")
    plain.info.clear()  # Pillow writes comments and profiles out of it by itself
    drawn = io.BytesIO()
    if media_type == JPEG:
        plain.save(drawn, "JPEG", quality=QUALITY)
    else:
        plain.save(drawn, "PNG")
    return drawn.getvalue()
