"""Clearing the store of what nobody needs: uploads nobody attached, content without a row, halves of a broken write.

Nothing is locked, so the order counts: content is first put aside under another name, then looked at once more, and
put back when a row or a fresh copy has come meanwhile. What a crash leaves aside, the next sweep settles.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import ForeignObjectRel

from qualityseason.models import StoredFile
from qualityseason.services.files import PARTIAL

KEPT_UPLOADS = timedelta(hours=24)
KEPT_CONTENT = timedelta(hours=1)  # content as young as this may be waiting for its row
ASIDE = ".aside"


@dataclass
class Swept:
    """How much was cleared."""

    uploads: int = 0
    contents: int = 0
    halves: int = 0
    bytes: int = 0


def sweep_files(*, at: datetime) -> Swept:
    """Clear the store; `at` is the wall clock, since people and disks live by it."""
    swept = Swept()
    for pk in list(_old_uploads(at)):
        swept.uploads += _drop_upload(pk)
    root = Path(settings.FILES_DIR)
    before = (at - KEPT_CONTENT).timestamp()
    known = set(StoredFile.objects.values_list("sha256", flat=True))
    for path in _files(root):
        if path.parent == root:
            swept.halves += path.name.startswith((PARTIAL, "tmp")) and _drop_half(path, before, swept)
        elif path.name.endswith(ASIDE):
            swept.contents += _settle(path, before, swept)
        elif path.name not in known and _is_old(path, before):
            swept.contents += _drop_content(path, before, swept)
    return swept


def _old_uploads(at: datetime) -> Iterator[int]:
    old = StoredFile.objects.filter(is_upload=True, stored_at__lt=at - KEPT_UPLOADS)
    yield from old.order_by("pk").values_list("pk", flat=True)


def _drop_upload(pk: int) -> bool:
    """Delete an upload unless a record has taken it up or points at it meanwhile."""
    with transaction.atomic():
        row = StoredFile.objects.select_for_update().filter(pk=pk, is_upload=True).first()
        if row is None or _is_referenced(row):
            return False
        row.delete()
    return True


def _is_referenced(row: StoredFile) -> bool:
    """Whether any row of any model points at this one, hidden relations too."""
    return any(
        relation.related_model._base_manager.filter(**{relation.field.name: row}).exists()
        for relation in StoredFile._meta.get_fields(include_hidden=True)
        if isinstance(relation, ForeignObjectRel)
    )


def _files(root: Path) -> Iterator[Path]:
    if root.is_dir():
        yield from sorted(path for path in (*root.glob("*"), *root.glob("[0-9a-f][0-9a-f]/*")) if path.is_file())


def _is_old(path: Path, before: float) -> bool:
    try:
        return path.stat().st_mtime < before
    except FileNotFoundError:
        return False


def _drop_half(path: Path, before: float, swept: Swept) -> bool:
    return _is_old(path, before) and _unlink(path, swept)


def _drop_content(path: Path, before: float, swept: Swept) -> bool:
    aside = path.with_name(path.name + ASIDE)
    try:
        path.rename(aside)
    except FileNotFoundError:
        return False
    return _settle(aside, before, swept)


def _settle(aside: Path, before: float, swept: Swept) -> bool:
    """Delete content put aside, or put it back when it is needed after all; returns whether it is gone."""
    sha256 = aside.name.removesuffix(ASIDE)
    if _is_old(aside, before) and not StoredFile.objects.filter(sha256=sha256).exists():
        return _unlink(aside, swept)
    with suppress(FileNotFoundError):  # another sweep has settled it
        aside.rename(aside.with_name(sha256))
    return False


def _unlink(path: Path, swept: Swept) -> bool:
    try:
        size = path.stat().st_size
        path.unlink()
    except FileNotFoundError:
        return False
    swept.bytes += size
    return True
