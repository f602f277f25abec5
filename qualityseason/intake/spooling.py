"""How what is sent reaches this server: never more of one file than any page takes, and told when the disk is full."""

from __future__ import annotations

import errno
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import SkipFile, TemporaryFileUploadHandler
from django.db import OperationalError
from django.http import HttpRequest

from qualityseason.intake.kinds import MAXIMUM_SIZE

NO_ROOM = "files_without_room"
NO_ROOM_ERRORS = frozenset({errno.ENOSPC, errno.EDQUOT})
NO_ROOM_WORDS = ("disk is full", "no space left", "disk full")  # what the databases say


def is_disk_full(error: OSError | OperationalError) -> bool:
    """Whether the error says that there is no room left."""
    if isinstance(error, OSError):
        return error.errno in NO_ROOM_ERRORS
    return any(word in str(error).casefold() for word in NO_ROOM_WORDS)


def files_without_room(request: HttpRequest) -> list[tuple[str, str]]:
    """Return (field, file name) of what could not be kept while the request was read."""
    found: list[tuple[str, str]] = getattr(request, NO_ROOM, [])
    return found


class BoundedUploadHandler(TemporaryFileUploadHandler):
    """Keeps a large file on disk while it comes in, at most `MAXIMUM_SIZE` of it and a little more.

    The file tells its full size, so that everybody who judges it by size refuses it.
    """

    kept = 0

    def new_file(self, *args: Any, **options: Any) -> None:
        """Begin a file."""
        self.kept = 0
        try:
            super().new_file(*args, **options)
        except OSError as error:
            self._note(error)
            raise SkipFile from error

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep a piece, as long as the file is not too large anyhow."""
        if self.kept > MAXIMUM_SIZE:
            return
        try:
            super().receive_data_chunk(raw_data, start)
        except OSError as error:
            self._note(error)
            raise SkipFile from error
        self.kept += len(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile[bytes] | None:
        """Hand the file over with its full size; None when its end found no room."""
        try:
            return super().file_complete(file_size)
        except OSError as error:
            self._note(error)
            return None

    def _note(self, error: OSError) -> None:
        if not is_disk_full(error):
            raise error
        request = self.request
        if request is not None:
            setattr(request, NO_ROOM, [*files_without_room(request), (self.field_name or "", self.file_name or "")])
