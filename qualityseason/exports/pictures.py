"""Pages as pictures: a PDF drawn by pdfium in a process of its own, within limits of pages, points and time.

Run as a module (`python -m qualityseason.exports.pictures in.pdf folder`) it draws into the folder; nothing here asks
Django for anything, so that a file that breaks pdfium breaks that process alone.
"""

from __future__ import annotations

import io
import json
import resource
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps

WIDTH = 1_240  # points of a page's picture, A4 at 150 to the inch
MAXIMUM_PAGES = 60
MAXIMUM_HEIGHT = 4_000
MAXIMUM_PIXELS = 60_000_000  # of a picture, before it is decoded
JPEG_QUALITY = 80
COLOURS = 32  # enough for black on white with soft edges, and a red stamp
SECONDS = 240
MEMORY = 3 * 1024**3
LISTING = "pages.json"
TICK = 1.0  # seconds between two looks at how far it is
PASSWORD, DAMAGED = "password", "damaged"


class NotDrawn(Exception):
    """A file whose pages cannot be drawn; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class DrawnPage:
    """One page as a picture."""

    path: Path
    width: int
    height: int
    media_type: str


@dataclass(frozen=True)
class Drawn:
    """The pages drawn, and how many the file has."""

    pages: tuple[DrawnPage, ...]
    total: int


def draw_pdf(source: Path, folder: Path, *, report: Callable[[int, int], None] | None = None) -> Drawn:
    """Draw the pages of a PDF into the folder, in another process; raises NotDrawn."""
    command = [sys.executable, "-m", "qualityseason.exports.pictures", str(source), str(folder)]
    with subprocess.Popen(command, cwd=Path(__file__).parents[2], stderr=subprocess.DEVNULL) as process:  # noqa: S603
        try:
            for _second in range(int(SECONDS / TICK)):
                try:
                    process.wait(TICK)
                    break
                except subprocess.TimeoutExpired:
                    if report:
                        report(*_progress(folder))
        finally:
            if process.poll() is None:
                process.kill()
    if process.returncode != 0:
        raise NotDrawn(PASSWORD if process.returncode == 3 else DAMAGED)  # told by `main`
    return _listed(folder)


def draw_picture(source: Path, folder: Path) -> Drawn:
    """Make a picture a single page of bearable size, upright and without what else the file tells; raises NotDrawn."""
    try:
        with Image.open(source, formats=("PNG", "JPEG")) as picture:
            if picture.width * picture.height > MAXIMUM_PIXELS:
                raise NotDrawn(DAMAGED)
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((WIDTH, MAXIMUM_HEIGHT))
            page = _write(upright, folder / "1")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise NotDrawn(DAMAGED) from error
    return Drawn((page,), 1)


def _write(picture: Image.Image, stem: Path) -> DrawnPage:
    """Write the picture as PNG or JPEG, whichever is smaller."""
    plain = _on_white(picture)
    png, jpeg = io.BytesIO(), io.BytesIO()
    if _is_drawing(plain):
        plain = plain.quantize(COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    plain.save(png, "PNG")
    plain.convert("RGB").save(jpeg, "JPEG", quality=JPEG_QUALITY, optimize=True)
    kind, made = ("png", png) if len(png.getvalue()) < len(jpeg.getvalue()) else ("jpeg", jpeg)
    path = stem.with_suffix(f".{kind}")
    path.write_bytes(made.getvalue())
    return DrawnPage(path, plain.width, plain.height, f"image/{kind}")


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode in ("RGBA", "LA", "PA", "P"):
        layered = picture.convert("RGBA")
        ground = Image.new("RGBA", layered.size, "white")
        return Image.alpha_composite(ground, layered).convert("RGB")
    return picture.convert("RGB")


def _is_drawing(picture: Image.Image) -> bool:
    """Whether the picture has so few colours that it is text or lines."""
    return picture.getcolors(4096) is not None


def _progress(folder: Path) -> tuple[int, int]:
    try:
        total = int(json.loads((folder / LISTING).read_text("utf-8"))["total"])
    except (OSError, ValueError, KeyError):
        return 0, 0
    return sum(1 for path in folder.iterdir() if path.suffix in (".png", ".jpeg")), min(total, MAXIMUM_PAGES)


def _listed(folder: Path) -> Drawn:
    listing: dict[str, Any] = json.loads((folder / LISTING).read_text("utf-8"))
    pages = (DrawnPage(folder / name, width, height, kind) for name, width, height, kind in listing["pages"])
    return Drawn(tuple(pages), listing["total"])


def _list(folder: Path, pages: list[DrawnPage], total: int) -> None:
    rows = [[page.path.name, page.width, page.height, page.media_type] for page in pages]
    partial = folder / f"{LISTING}.part"
    partial.write_text(json.dumps({"total": total, "pages": rows}), "utf-8")
    partial.replace(folder / LISTING)


def _draw(source: Path, folder: Path) -> int:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(source)
    except pypdfium2.PdfiumError as error:
        return 3 if "password" in str(error).casefold() else 2
    total = len(document)
    pages: list[DrawnPage] = []
    _list(folder, pages, total)
    for number in range(min(total, MAXIMUM_PAGES)):
        page = document[number]
        width, height = page.get_size()
        scale = min(WIDTH / max(width, 1), MAXIMUM_HEIGHT / max(height, 1))
        pages.append(_write(page.render(scale=scale).to_pil(), folder / str(number + 1)))
        page.close()
    _list(folder, pages, total)
    return 0 if pages else 2


def main() -> int:
    """Draw the file named first into the folder named second, within bearable memory and time."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    return _draw(Path(sys.argv[1]), Path(sys.argv[2]))


if __name__ == "__main__":
    sys.exit(main())
