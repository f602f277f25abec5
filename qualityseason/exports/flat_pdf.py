"""A stranger's PDF made flat and fitted onto a frame of our paper, in a process of its own, within memory and time.

Run as a module (`python -m qualityseason.exports.flat_pdf in.pdf out.pdf left bottom width height most`); nothing here
asks Django for anything, so that a file that breaks its reader, or unpacks without end, breaks that process alone.
"""

from __future__ import annotations

import resource
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pypdf import PageObject

MM = 72 / 25.4  # points
PAPER = (210 * MM, 297 * MM)
SECONDS = 120
MEMORY = 2 * 1024**3
PASSWORD, TOO_LONG, DAMAGED = 3, 4, 2  # how the process ends where nothing was written


@dataclass(frozen=True)
class Frame:
    """Where on an A4 page the file's pages go, in points."""

    left: float
    bottom: float
    width: float
    height: float


@dataclass(frozen=True)
class Flat:
    """What became of a file: how many pages it has; `problem` is 0 where they were written."""

    pages: int
    problem: int = 0


def flatten(source: Path, target: Path, *, frame: Frame, most: int) -> Flat:
    """Write the pages of `source`, at most that many, into `target`, in another process.

    What annotations show (stamps, signatures, filled-in fields) becomes part of the page; links, scripts and other
    live things stay behind.
    """
    place = [str(value) for value in (frame.left, frame.bottom, frame.width, frame.height)]
    command = [sys.executable, "-m", "qualityseason.exports.flat_pdf", str(source), str(target), *place, str(most)]
    root = Path(__file__).parents[2]
    try:
        done = subprocess.run(command, cwd=root, capture_output=True, timeout=2 * SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        return Flat(0, DAMAGED)
    told = done.stdout.split()
    pages = int(told[-1]) if told and told[-1].isdigit() else 0
    problem = done.returncode if done.returncode in (0, PASSWORD, TOO_LONG) else DAMAGED
    return Flat(pages, problem if pages or problem else DAMAGED)


def _flatten(source: Path, target: Path, most: int) -> Flat:
    import pypdfium2
    from pypdfium2 import raw

    try:
        document = pypdfium2.PdfDocument(source)
    except pypdfium2.PdfiumError as error:
        return Flat(0, PASSWORD if getattr(error, "err_code", None) == raw.FPDF_ERR_PASSWORD else DAMAGED)
    if raw.FPDF_GetSecurityHandlerRevision(document) != -1:
        return Flat(0, PASSWORD)
    pages = len(document)
    if pages > most:
        return Flat(pages, TOO_LONG)
    if document.get_formtype() != raw.FORMTYPE_NONE:
        document.init_forms()
    for number in range(pages):
        page = document[number]
        raw.FPDFPage_Flatten(page, raw.FLAT_PRINT)
        page.close()
    document.save(target)
    document.close()
    return Flat(pages)


def _fit(path: Path, frame: Frame) -> int:
    """Put each page of the file at `path`, upright and scaled, into the frame of an A4 page; returns their number."""
    from pypdf import PdfWriter

    writer = PdfWriter()
    with path.open("rb") as opened:
        for original in PdfWriter(clone_from=opened).pages:
            for live in ("/Annots", "/AA"):
                if live in original:
                    del original[live]
            original.transfer_rotation_to_content()
            _place(writer.add_blank_page(*PAPER), original, frame)
        pages = len(writer.pages)
        fitted = path.with_suffix(".fitted")
        writer.write(fitted)
    fitted.replace(path)
    return pages


def _place(sheet: PageObject, original: PageObject, frame: Frame) -> None:
    from pypdf import Transformation

    box = original.cropbox
    scale = min(frame.width / float(box.width), frame.height / float(box.height))
    across = frame.left + (frame.width - float(box.width) * scale) / 2
    up = frame.bottom + (frame.height - float(box.height) * scale) / 2
    moved = Transformation().translate(-float(box.left), -float(box.bottom)).scale(scale).translate(across, up)
    sheet.merge_transformed_page(original, moved)


def main() -> int:
    """Flatten and fit the file named first into the one named second; prints its number of pages."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    source, target, *place, most = sys.argv[1:]
    flat = _flatten(Path(source), Path(target), int(most))
    pages = flat.pages if flat.problem else _fit(Path(target), Frame(*(float(value) for value in place)))
    sys.stdout.write(f"{pages}\n")
    return flat.problem


if __name__ == "__main__":
    sys.exit(main())
