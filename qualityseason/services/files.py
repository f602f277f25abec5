"""The one store for files: content once per sha256, durable before its row is written."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from qualityseason.models import StoredFile
from qualityseason.text import clean

MAXIMUM_NAME = 120


def path_of(stored: StoredFile) -> Path:
    """Return where the content of `stored` lies."""
    return _place(stored.sha256)


def _place(sha256: str) -> Path:
    return Path(settings.FILES_DIR) / sha256[:2] / sha256


def safe_name(name: str) -> str:
    """Return a file name without folders, line breaks, control or bidi characters, of at most 120, ending kept."""
    base = " ".join(clean(name.replace("\\", "/").rsplit("/", 1)[-1]).split()) or "file"
    stem, dot, ending = base.rpartition(".")
    if not dot or len(ending) > 8:
        return base[:MAXIMUM_NAME]
    return f"{stem[: MAXIMUM_NAME - len(ending) - 1]}.{ending}"


def store_file(chunks: Iterable[bytes], *, name: str, media_type: str, by_id: int | None) -> StoredFile:
    """Write `chunks` into the store (tmp, fsync, rename), then the row; returns the row."""
    root = Path(settings.FILES_DIR)
    root.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with tempfile.NamedTemporaryFile(dir=root, delete=False) as partial:
        try:
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                partial.write(chunk)
            partial.flush()
            os.fsync(partial.fileno())
            place = _place(digest.hexdigest())
            place.parent.mkdir(exist_ok=True)
            Path(partial.name).replace(place)
            _fsync_folder(place.parent)
        except BaseException:
            Path(partial.name).unlink(missing_ok=True)
            raise
    return StoredFile.objects.create(
        sha256=digest.hexdigest(), name=safe_name(name), media_type=media_type, size=size, stored_by_id=by_id
    )


def _fsync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
