"""PDF files that belong to a plan: flattened, fitted onto the volume's paper, or named with the reason why not."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from campaigns.facts.plans import FileContent
from qualityseason.exports.flat_pdf import MM, PASSWORD, TOO_LONG, Flat, Frame, flatten

logger = logging.getLogger(__name__)

PDF = "application/pdf"
MAXIMUM_PAGES = 200  # of one appended file
FRAME = Frame(10 * MM, 17 * MM, 190 * MM, 263 * MM)  # between running head and page number


@dataclass(frozen=True)
class Appendix:
    """A file of a plan in the volume: fitted pages at ``path``, or the reason why it is only named."""

    name: str
    path: Path | None = None
    pages: int = 0
    reason: str = ""


def prepare_appendix(file: FileContent, source: Path, target: Path) -> Appendix:
    """Return the file ready to be appended, its pages written to `target`, or why it cannot be."""
    if file.media_type != PDF:
        return Appendix(file.name)
    if not source.is_file():
        return Appendix(file.name, reason=_("its content is missing"))
    flat = flatten(source, target, frame=FRAME, most=MAXIMUM_PAGES)
    if flat.problem:
        logger.warning("the file %s of a plan cannot be appended (%d)", file.sha256, flat.problem)
        return Appendix(file.name, reason=_reason(flat))
    return Appendix(file.name, target, flat.pages)


def _reason(flat: Flat) -> str:
    if flat.problem == PASSWORD:
        return _("it is protected by a password")
    if flat.problem == TOO_LONG:
        words = {"pages": flat.pages, "maximum": MAXIMUM_PAGES}
        return _("it has %(pages)d pages, more than %(maximum)d") % words
    return _("it is damaged")
