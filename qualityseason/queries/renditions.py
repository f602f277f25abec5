"""The page pictures of a content: how far they are, and each of them."""

from __future__ import annotations

from dataclasses import dataclass

from qualityseason.enums import JobState
from qualityseason.intake.kinds import ending_of
from qualityseason.models import Job, PageImage, Rendition, StoredFile

KIND = "page-pictures"  # of job
READABLE = frozenset({"pdf", "docx", "jpg", "jpeg", "png"})  # endings of files whose pages can be shown


@dataclass(frozen=True)
class ShownPage:
    """The picture of one page: its number and size."""

    number: int
    width: int
    height: int


@dataclass(frozen=True)
class Pages:
    """How far a file's pages are: `state` that of the work, or none (not asked for) or kind (never)."""

    state: str
    done: int = 0
    total: int = 0
    problem: str = ""
    images: tuple[ShownPage, ...] = ()

    @property
    def left_out(self) -> int:
        """How many pages of the file are not shown."""
        return self.total - len(self.images)


def pages_of(stored: StoredFile) -> Pages:
    """Return the pages of a file, or how far they are. Two queries at most."""
    if ending_of(stored.name) not in READABLE:
        return Pages("kind")
    rendition = Rendition.objects.filter(sha256=stored.sha256).first()
    if rendition is None:
        return Pages("none")
    if rendition.state == JobState.DONE:
        rows = PageImage.objects.filter(rendition=rendition).values_list("number", "width", "height")
        return Pages(JobState.DONE, total=rendition.total, images=tuple(ShownPage(*row) for row in rows))
    job = latest_job(rendition)
    if is_on_its_way(rendition, job):
        return Pages(rendition.state, done=rendition.pages, total=rendition.total)
    problem = rendition.problem or (job.why_failed if job is not None else "")
    return Pages(JobState.FAILED, problem=problem)


def page_file(stored: StoredFile, number: int) -> StoredFile | None:
    """Return the picture of one page of a file's content, None when there is none. One query."""
    done = PageImage.objects.filter(rendition__sha256=stored.sha256, rendition__state=JobState.DONE, number=number)
    image = done.select_related("file").first()
    return image.file if image else None


def latest_job(rendition: Rendition) -> Job | None:
    """Return the work last started on a rendition."""
    return Job.objects.filter(kind=KIND, parameters__sha256=rendition.sha256).order_by("-id").first()


def is_on_its_way(rendition: Rendition, job: Job | None) -> bool:
    """Whether somebody still works on it, or will."""
    return rendition.state in (JobState.WAITING, JobState.RUNNING) and job is not None and not job.is_over
