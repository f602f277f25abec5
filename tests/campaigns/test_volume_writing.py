"""A finished volume is copied into the store while everybody else goes on writing."""

from pathlib import Path

from django.db import connection

from campaigns.enums import Role
from campaigns.models import Volume
from campaigns.services.volume import keep_volume
from qualityseason.models import StoredFile
from tests.factories import NOON, make_actor


class Watched(type(Path())):
    """A path that notes whether a transaction is open when it is read."""

    seen: list[bool] = []

    def open(self, *args, **options):
        self.seen.append(connection.in_atomic_block)
        return super().open(*args, **options)


def test_volume_is_copied_outside_of_any_transaction(committed_season, portal_files, tmp_path):
    office = make_actor(committed_season, Role.OFFICE)
    path = Watched(tmp_path / "volume.pdf")
    path.write_bytes(b"%PDF-1.4")
    Watched.seen.clear()
    values = {"name": "方案汇编.pdf", "digest": "d" * 64, "pages": 1, "entries": 1, "by_id": office.user_id, "at": NOON}
    volume = keep_volume(committed_season, path, **values)
    assert Watched.seen == [False]
    assert (volume.file.is_upload, Volume.objects.count(), StoredFile.objects.count()) == (False, 1, 1)
