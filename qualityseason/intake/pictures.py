"""Pictures: measured before they are decoded, and written anew without what the camera adds (place, device)."""

from __future__ import annotations

import io
import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from PIL import Image, ImageFile, ImageOps

from qualityseason.intake.problems import READ_ERRORS, Problem

JPEG, PNG = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"
MAXIMUM_POINTS = 50_000_000
LONGEST_SIDE = 4096  # points; larger pictures are made smaller
QUALITY = 88
PNG_MODES = frozenset({"1", "L", "LA", "P", "RGB", "RGBA"})
TORN = ("truncated", "not enough", "incomplete", "eof")  # what Pillow says of a picture that breaks off


def rewrite_picture(file: BinaryIO) -> tuple[str, bytes]:
    """Return (ending, content) of the picture upright and without EXIF; raises Problem."""
    file.seek(0)
    start = file.read(12)
    file.seek(0)
    if start[4:8] == b"ftyp":
        raise Problem("heic")
    ending = "jpg" if start.startswith(JPEG) else "png" if start.startswith(PNG) else ""
    if not ending:
        raise Problem("mismatch")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of sizes that are refused here anyhow
            return ending, _rewritten(file, "JPEG" if ending == "jpg" else "PNG")
    except Image.DecompressionBombError as error:
        raise Problem("picture_size", maximum=str(MAXIMUM_POINTS // 1_000_000)) from error
    except (*READ_ERRORS, struct.error, MemoryError) as error:
        raise Problem("incomplete" if any(word in str(error).casefold() for word in TORN) else "damaged") from error


@contextmanager
def _torn_ones_refused() -> Iterator[None]:
    """Let Pillow refuse a picture that breaks off: WeasyPrint, once it is loaded, tells it to fill up the rest."""
    before = ImageFile.LOAD_TRUNCATED_IMAGES
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before


def _rewritten(file: BinaryIO, form: str) -> bytes:
    with Image.open(file, formats=(form,)) as picture:
        if picture.width * picture.height > MAXIMUM_POINTS:
            raise Problem("picture_size", maximum=str(MAXIMUM_POINTS // 1_000_000))
        picture.draft(None, (LONGEST_SIDE, LONGEST_SIDE))  # a large JPEG is decoded smaller at once
        with _torn_ones_refused():
            picture.load()
        upright: Image.Image = ImageOps.exif_transpose(picture)
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    if form == "JPEG" and upright.mode not in ("L", "RGB"):
        upright = upright.convert("RGB")
    if form == "PNG" and upright.mode not in PNG_MODES:
        upright = upright.convert("RGBA")
    transparent = upright.info.get("transparency")
    upright.info = {} if transparent is None or form == "JPEG" else {"transparency": transparent}
    written = io.BytesIO()
    if form == "JPEG":
        upright.save(written, form, quality=QUALITY)
    else:
        upright.save(written, form)
    return written.getvalue()
