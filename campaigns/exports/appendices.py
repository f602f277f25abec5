"""PDF files that belong to a plan: flattened, fitted onto the volume's paper, or named with the reason why not."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _
from pypdf import PageObject, PdfWriter, Transformation

from campaigns.facts.plans import FileContent

logger = logging.getLogger(__name__)

PDF = "application/pdf"
MAXIMUM_PAGES = 200  # of one appended file
MM = 72 / 25.4  # points
PAPER = (210 * MM, 297 * MM)
FRAME = (10 * MM, 17 * MM, 190 * MM, 263 * MM)  # left, bottom, width, height: between running head and page number


@dataclass(frozen=True)
class Appendix:
    """A file of a plan in the volume: fitted pages at ``path``, or the reason why it is only named."""

    name: str
    path: Path | None = None
    pages: int = 0
    reason: str = ""


def prepare_appendix(file: FileContent, source: Path, target: Path) -> Appendix:
    """Return the file ready to be appended, its pages written to `target`, or why it cannot be.

    What annotations show (stamps, signatures, filled-in fields) becomes part of the page; links, scripts and other
    live things stay behind.
    """
    if file.media_type != PDF:
        return Appendix(file.name)
    if not source.is_file():
        return Appendix(file.name, reason=_("its content is missing"))
    try:
        reason = _flatten(source, target)
        if reason:
            return Appendix(file.name, reason=reason)
        return Appendix(file.name, target, _fit(target))
    except Exception:  # a stranger's file may break its reader in any way; the volume goes on without it
        logger.warning("the file %s of a plan cannot be appended", file.sha256, exc_info=True)
        return Appendix(file.name, reason=_("it is damaged"))


def _flatten(source: Path, target: Path) -> str:
    """Write the file with its annotations made part of the pages; returns why not, '' when it is done."""
    import pypdfium2
    from pypdfium2 import raw

    try:
        document = pypdfium2.PdfDocument(source)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == raw.FPDF_ERR_PASSWORD:
            return _("it is protected by a password")
        raise
    try:
        if raw.FPDF_GetSecurityHandlerRevision(document) != -1:
            return _("it is protected by a password")
        if len(document) > MAXIMUM_PAGES:
            return _("it has %(pages)d pages, more than %(maximum)d") % {
                "pages": len(document),
                "maximum": MAXIMUM_PAGES,
            }
        if document.get_formtype() != raw.FORMTYPE_NONE:
            document.init_forms()
        for number in range(len(document)):
            page = document[number]
            raw.FPDFPage_Flatten(page, raw.FLAT_PRINT)
            page.close()
        document.save(target)
    finally:
        document.close()
    return ""


def _fit(path: Path) -> int:
    """Put each page of the file at `path`, upright and scaled, into the frame of an A4 page; returns their number."""
    writer = PdfWriter()
    with path.open("rb") as opened:
        for original in PdfWriter(clone_from=opened).pages:
            for live in ("/Annots", "/AA"):
                if live in original:
                    del original[live]
            original.transfer_rotation_to_content()
            sheet = writer.add_blank_page(*PAPER)
            _place(sheet, original)
        pages = len(writer.pages)
        fitted = path.with_suffix(".fitted")
        writer.write(fitted)
    fitted.replace(path)
    return pages


def _place(sheet: PageObject, original: PageObject) -> None:
    box = original.cropbox
    left, bottom, width, height = FRAME
    scale = min(width / float(box.width), height / float(box.height))
    across = left + (width - float(box.width) * scale) / 2
    up = bottom + (height - float(box.height) * scale) / 2
    moved = Transformation().translate(-float(box.left), -float(box.bottom)).scale(scale).translate(across, up)
    sheet.merge_transformed_page(original, moved)
