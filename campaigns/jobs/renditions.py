"""Background work: the pages of an attached file as pictures."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from qualityseason.errors import Refused
from qualityseason.exports.paper import PAPER_LANGUAGE, load_paper
from qualityseason.exports.pictures import PASSWORD, Drawn, NotDrawn, draw_pdf, draw_picture
from qualityseason.exports.word import word_as_html
from qualityseason.intake.kinds import ending_of
from qualityseason.models import Job, StoredFile
from qualityseason.queries.renditions import KIND
from qualityseason.services import renditions
from qualityseason.services.files import path_of
from qualityseason.services.jobs import KINDS, JobKind, JobResult, Progress

STYLESHEET, PAGE = "campaigns/paper.css", "campaigns/word_pages.html"


def register() -> None:
    """Make the kind of job known."""
    KINDS[KIND] = JobKind(make_pages)


def make_pages(job: Job, progress: Progress) -> JobResult:
    """Draw the pages and put them in their places at once; a file that cannot be drawn says why."""
    sha256 = job.parameters["sha256"]
    try:
        stored = StoredFile.objects.get(uuid=job.parameters["file"])
        with tempfile.TemporaryDirectory() as folder:
            drawn = _drawn(stored, Path(folder), _reporting(sha256, progress))
            files = []
            for number, page in enumerate(drawn.pages, start=1):
                made = renditions.MadePage(page.path, page.width, page.height, page.media_type)
                files.append(renditions.store_page(made, number=number))
                progress(number, len(drawn.pages))
            sizes = [(page.width, page.height) for page in drawn.pages]
            renditions.finish_pages(sha256, files, sizes, total=drawn.total)
    except Refused as refused:
        renditions.fail_pages(sha256, problem=str(refused.sentence))
        raise
    except BaseException:
        renditions.fail_pages(sha256, problem="")
        raise
    return JobResult()


def _reporting(sha256: str, progress: Progress) -> Progress:
    def report(done: int, total: int) -> None:
        progress(done, total)
        renditions.note_progress(sha256, pages=done, total=total)

    return report


def _drawn(stored: StoredFile, folder: Path, report: Progress) -> Drawn:
    source, ending = path_of(stored), ending_of(stored.name)
    try:
        report(0, 0)
        if ending == "docx":
            source = _printed(source, folder)
        return draw_pdf(source, folder, report=report) if ending in ("pdf", "docx") else draw_picture(source, folder)
    except FileNotFoundError as error:
        raise Refused(_("The content of this file is missing in the store. Tell the office."), code="gone") from error
    except NotDrawn as error:
        if error.code == PASSWORD:
            message = _("This PDF is protected by a password. Ask for one without, or fetch the file.")
            raise Refused(message, code="encrypted") from error
        message = _("The pages of this file cannot be drawn. Fetch the file and open it in its own program.")
        raise Refused(message, code="not_drawn") from error


def _printed(source: Path, folder: Path) -> Path:
    """Print a Word file on the house's paper."""
    target = folder / "word.pdf"
    with translation.override(PAPER_LANGUAGE):
        html = render_to_string(PAGE, {"word_html": word_as_html(source)})
        load_paper(STYLESHEET).print(html, target)
    return target
