"""Files sent ahead of the form they belong to: judged, kept, and waiting to be attached."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from django.db import OperationalError
from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from qualityseason.errors import Refused
from qualityseason.intake import judge
from qualityseason.intake.kinds import MIB, refused
from qualityseason.intake.spooling import is_disk_full
from qualityseason.models import StoredFile
from qualityseason.services.files import store_file

MAXIMUM_WAITING = 60  # files of one person that no record has taken up yet
MAXIMUM_WAITING_SIZE = 300 * MIB
CHUNK = 1024 * 1024


def take_upload(file: BinaryIO, name: str, *, by_id: int, campaign_id: int, size: int | None = None) -> StoredFile:
    """Judge a file and keep it for its person until a record takes it up; raises Refused at `files`.

    ``size`` is what the file measures where `file` may hold less of it (`intake.spooling`).
    """
    _require_room(by_id)
    judged = judge(file, name, size=size)
    try:
        return store_file(
            _chunks(judged.file),
            name=judged.name,
            media_type=judged.media_type,
            by_id=by_id,
            campaign_id=campaign_id,
            is_upload=True,
        )
    except (OSError, OperationalError) as error:
        if is_disk_full(error):
            raise refused("disk_full") from error
        raise


def _require_room(by_id: int) -> None:
    waiting = StoredFile.objects.filter(stored_by_id=by_id, is_upload=True).aggregate(n=Count("id"), size=Sum("size"))
    if waiting["n"] >= MAXIMUM_WAITING or (waiting["size"] or 0) > MAXIMUM_WAITING_SIZE:
        raise Refused(
            _(
                "%(number)d files you have uploaded wait to be attached. Save the form they belong to first, or try "
                "again tomorrow: what is not attached within a day is removed."
            )
            % {"number": waiting["n"]},
            field="files",
            code="waiting",
        )


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    while chunk := file.read(CHUNK):
        yield chunk
