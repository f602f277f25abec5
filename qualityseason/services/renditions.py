"""Page pictures of a content: asked for once, made in the background, shared by all who hold the same content."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from qualityseason.clock import wall_now
from qualityseason.enums import JobState
from qualityseason.errors import Refused
from qualityseason.intake.kinds import ending_of
from qualityseason.models import PageImage, Rendition, StoredFile
from qualityseason.queries.renditions import KIND, READABLE, is_on_its_way, latest_job
from qualityseason.services.files import store_file
from qualityseason.services.jobs import give_up, start_job


@dataclass(frozen=True)
class MadePage:
    """The picture of a page, made and waiting in a folder."""

    path: Path
    width: int
    height: int
    media_type: str


def ask_for_pages(stored: StoredFile, *, by_id: int, at: datetime) -> Rendition:
    """Return the rendition of a file's content, its making started unless it is done or on its way.

    What failed, or stands still because its worker died, is started again. Raises Refused (`kind`) for other files.
    """
    if ending_of(stored.name) not in READABLE:
        message = _("Only PDF and Word files and pictures can be shown as pages. Fetch the file instead.")
        raise Refused(message, code="kind")
    with transaction.atomic():
        rendition = _locked(stored.sha256)
        job = latest_job(rendition)
        if rendition.state == JobState.DONE or is_on_its_way(rendition, job):
            return rendition
        if job is not None:
            give_up(job)
        rendition.images.all().delete()
        rendition.state, rendition.problem, rendition.pages, rendition.total = JobState.WAITING, "", 0, 0
        rendition.asked_at = wall_now()
        rendition.save()
        start_job(
            KIND,
            by_id=by_id,
            campaign_id=stored.campaign_id,
            parameters={"sha256": stored.sha256, "file": str(stored.uuid)},
            at=at,
        )
    return rendition


def _locked(sha256: str) -> Rendition:
    Rendition.objects.get_or_create(sha256=sha256, defaults={"asked_at": wall_now(), "state": JobState.FAILED})
    return Rendition.objects.select_for_update().get(sha256=sha256)


@transaction.atomic
def finish_pages(
    sha256: str, pages: Sequence[StoredFile], sizes: Sequence[tuple[int, int]], *, total: int
) -> Rendition:
    """Put all pictures in their places at once, so that nobody ever sees half of them."""
    rendition = Rendition.objects.select_for_update().get(sha256=sha256)
    rendition.images.all().delete()
    PageImage.objects.bulk_create(
        PageImage(rendition=rendition, number=number, file=file, width=width, height=height)
        for number, (file, (width, height)) in enumerate(zip(pages, sizes, strict=True), start=1)
    )
    StoredFile.objects.filter(pk__in=[file.pk for file in pages]).update(is_upload=False)
    rendition.state, rendition.pages, rendition.total, rendition.problem = JobState.DONE, len(pages), total, ""
    rendition.save()
    return rendition


def store_page(page: MadePage, *, number: int) -> StoredFile:
    """Keep the picture of a page; until `finish_pages` takes it up it counts as left over and may be swept."""
    with page.path.open("rb") as file:
        return store_file(
            iter(lambda: file.read(1024 * 1024), b""),
            name=f"{number}.{page.media_type.removeprefix('image/')}",
            media_type=page.media_type,
            by_id=None,
            is_upload=True,
        )


def note_progress(sha256: str, *, pages: int, total: int) -> None:
    """Write down how far the drawing is."""
    Rendition.objects.filter(sha256=sha256).update(state=JobState.RUNNING, pages=pages, total=total)


def fail_pages(sha256: str, *, problem: str) -> None:
    """Write down that the pages could not be made, and why; they can be asked for again."""
    Rendition.objects.filter(sha256=sha256).update(state=JobState.FAILED, problem=problem[:300], pages=0, total=0)
