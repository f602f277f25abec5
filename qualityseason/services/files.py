"""The one store for files: content once per sha256, durable before its row is written."""

from __future__ import annotations

import hashlib
import os
import tempfile
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings

from qualityseason.models import StoredFile
from qualityseason.text import clean

MAXIMUM_NAME = 120  # characters
CHUNK = 1 << 20  # bytes read at once
MAXIMUM_ENDING = 8
WIDE_DOT = "\uff0e"  # as a Chinese keyboard may write it before an ending
PARTIAL = "partial-"  # how a file is called while it is written; what stays behind is swept


def path_of(stored: StoredFile) -> Path:
    """Return where the content of `stored` lies."""
    return place_of(stored.sha256)


def place_of(sha256: str) -> Path:
    """Return where content of that sum lies, or would."""
    return Path(settings.FILES_DIR) / sha256[:2] / sha256


def safe_name(name: str) -> str:
    """Return a file name without folders, line breaks, control or bidi characters, of at most 120, ending kept."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(letter for letter in last if letter.isspace() or unicodedata.category(letter)[0] != "C")
    base = " ".join(shown.replace(WIDE_DOT, ".").split()) or "file"
    stem, dot, ending = base.rpartition(".")
    ending = clean(ending).replace("/", "").replace("\\", "")
    if not dot or not stem or len(ending) > MAXIMUM_ENDING:
        return base[:MAXIMUM_NAME]
    return f"{stem[: MAXIMUM_NAME - len(ending) - 1].rstrip()}.{ending}"


def store_file(
    chunks: Iterable[bytes],
    *,
    name: str,
    media_type: str,
    by_id: int | None,
    campaign_id: int | None = None,
    is_upload: bool = False,
) -> StoredFile:
    """Write `chunks` into the store (tmp, fsync, rename), then the row; returns the row.

    An upload waits to be attached to a record; what nobody attaches is swept.
    """
    root = Path(settings.FILES_DIR)
    root.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with tempfile.NamedTemporaryFile(dir=root, prefix=PARTIAL, delete=False) as partial:
        try:
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                partial.write(chunk)
            partial.flush()
            os.fsync(partial.fileno())
            place = place_of(digest.hexdigest())
            place.parent.mkdir(exist_ok=True)
            Path(partial.name).replace(place)
            _fsync_folder(place.parent)
        except BaseException:
            Path(partial.name).unlink(missing_ok=True)
            raise
    return StoredFile.objects.create(
        sha256=digest.hexdigest(),
        name=safe_name(name),
        media_type=media_type,
        size=size,
        stored_by_id=by_id,
        campaign_id=campaign_id,
        is_upload=is_upload,
    )


def store_path(path: Path, **row: Any) -> StoredFile:
    """Write a file we have made into the store; `row` as for `store_file`."""
    with path.open("rb") as made:
        return store_file(iter(lambda: made.read(CHUNK), b""), **row)


def _fsync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
