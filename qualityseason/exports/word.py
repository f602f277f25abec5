"""A Word document as HTML for typesetting and for page pictures: what a reader sees, and nothing else."""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import mammoth  # type: ignore[import-untyped]  # no stubs
import nh3
from django.utils.translation import gettext as _
from lxml import etree  # type: ignore[import-untyped]  # no stubs
from mammoth import html as nodes
from PIL import Image, ImageOps

from qualityseason.imports.docx import READ_ERRORS, Style, W, Word, children, open_word, refused, value_of
from qualityseason.imports.numbering import BULLET, heading_rank, joined

KEPT_FORMATS = ("PNG", "JPEG")
MAXIMUM_PICTURES = 40
MAXIMUM_PIXELS = 30_000_000  # of one picture, before it is decoded
MAXIMUM_PICTURE_SIDE = 1_600  # as it is kept
MAXIMUM_PICTURE_BYTES = 15 * 1024 * 1024
DEEPEST = 4
HEADINGS = {f"our-{level}": f"h{level}" for level in range(1, DEEPEST + 1)}
PLACES = {"our-title": "p.doc-title", "our-centred": "p.centred", "our-right": "p.right"}
STYLES = "\n".join(
    [f"p[style-name='{name}'] => {tag}:fresh" for name, tag in (HEADINGS | PLACES).items()]
    + ["u => u", "comment-reference => ", "br[type='page'] => "]
)
TAGS = frozenset(
    {"h1", "h2", "h3", "h4", "p", "br", "strong", "em", "u", "s", "sub", "sup", "ul", "ol", "li", "blockquote"}
    | {"colgroup", "col", "table", "thead", "tbody", "tr", "td", "th", "img"}
)
ATTRIBUTES = {"td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}, "img": {"src", "alt"}}
SHARES = (5, 8, 10, 12, 15, 18, 20, 25, 30, 35, 40, 50)  # of a table's width that paper.css has a class for
CLASSES = {"p": {"doc-title", "centred", "right"}, "col": {f"w{share}" for share in SHARES}}


def word_as_html(source: Path | str | BinaryIO) -> str:
    """Return the text of a .docx as sanitised HTML, its pictures inside it.

    Headings are h1 to h4, a document's own title p.doc-title, other places p.centred and p.right. Numbers are written
    out, changes accepted, text boxes follow their paragraph, links are text. Raises Refused on the field `files` where
    the file cannot be read.
    """
    try:
        with _opened(source) as file:
            word = open_word(file)
            _write_out(word)
            widths = [_widths(table) for table in word.body.iter(f"{W}tbl")]
            found = mammoth.convert_to_html(
                _repacked(word),
                style_map=STYLES,
                include_embedded_style_map=False,
                convert_image=_Pictures().take,
            )
    except READ_ERRORS as error:
        raise refused("damaged") from error
    return nh3.clean(
        _with_widths(found.value, widths),
        tags=set(TAGS),
        attributes=ATTRIBUTES,
        allowed_classes=CLASSES,
        url_schemes={"data"},
        attribute_filter=_own_pictures_only,
        link_rel=None,
        strip_comments=True,
    )


@contextmanager
def _opened(source: Path | str | BinaryIO) -> Iterator[BinaryIO]:
    if isinstance(source, Path | str):
        with Path(source).open("rb") as file:
            yield file
    else:
        yield source


def _own_pictures_only(tag: str, attribute: str, value: str) -> str | None:
    if tag == "img" and attribute == "src" and not value.startswith(("data:image/png;base64,", "data:image/jpeg;")):
        return None
    return value


def _write_out(word: Word) -> None:
    """Put numbers into the text, and say in styles of our own what is a heading and what stands in the middle."""
    for paragraph in word.body.iter(f"{W}p"):
        style = word.style_of(paragraph)
        number, shape = word.number_of(paragraph)
        properties = paragraph.find(f"{W}pPr")
        if properties is None:
            properties = etree.SubElement(paragraph, f"{W}pPr")
            paragraph.insert(0, properties)
        numbered = properties.find(f"{W}numPr")
        if shape != BULLET and numbered is not None:
            properties.remove(numbered)
        _drop_leading_blanks(paragraph)
        if number:
            _put_before(paragraph, joined(number, "x")[:-1])
        if shape != BULLET or style.level:
            _set_style(properties, _name_of(paragraph, style, properties))


def _name_of(paragraph: Any, style: Style, properties: Any) -> str:
    """Return our style for a paragraph: its heading level, by its style or by how it begins, else its place."""
    if style.is_title:
        return "our-title"
    level = style.level
    if not level and paragraph.getparent().tag == f"{W}body":
        level = heading_rank("".join(paragraph.itertext(f"{W}t")))
    if level:
        return f"our-{min(level, DEEPEST)}"
    place = value_of(properties, "jc") or style.jc
    return {"center": "our-centred", "right": "our-right", "end": "our-right"}.get(place, "our-plain")


def _widths(table: Any) -> list[int]:
    """Return the widths of a table's columns in percent, as near as there is a class for them; [] for none given."""
    given = [str(column.get(f"{W}w", "")) for column in table.findall(f"{W}tblGrid/{W}gridCol")]
    widths = [int(width) for width in given if width.isascii() and width.isdecimal()]
    if not widths or len(widths) != len(given) or sum(widths) == 0:
        return []
    return [min(SHARES, key=lambda share: abs(share - width * 100 / sum(widths))) for width in widths]


def _with_widths(html: str, widths: list[list[int]]) -> str:
    """Return the HTML with the columns of each table; as it is where tables were left out on the way."""
    first, *others = html.split("<table>")
    if len(others) != len(widths):
        return html
    columns = ("".join(f'<col class="w{share}">' for share in shares) for shares in widths)
    return first + "".join(
        f"<table><colgroup>{cols}</colgroup>{rest}" for cols, rest in zip(columns, others, strict=True)
    )


def _drop_leading_blanks(paragraph: Any) -> None:
    """Take away the blanks people indent with: the paper indents by itself."""
    for words in paragraph.iter(f"{W}t"):
        words.text = str(words.text or "").lstrip()
        if words.text:
            return


def _put_before(paragraph: Any, text: str) -> None:
    run = etree.Element(f"{W}r")
    words = etree.SubElement(run, f"{W}t")
    words.text = text
    words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    paragraph.insert(1, run)


def _set_style(properties: Any, name: str) -> None:
    style = properties.find(f"{W}pStyle")
    if style is None:
        style = etree.Element(f"{W}pStyle")
        properties.insert(0, style)
    style.set(f"{W}val", name)


def _repacked(word: Word) -> io.BytesIO:
    """Return the document with our body and our styles, without what mammoth must not see."""
    package, target = word.package, io.BytesIO()
    changed = {
        package.main: etree.tostring(word.root, encoding="UTF-8", standalone=True),
        package.beside("styles.xml"): _our_styles(package.xml(package.beside("styles.xml"))),
    }
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as packed:
        for name in package.names:
            if name in changed or name.startswith("mammoth/") or "comments" in name:
                continue
            is_xml = name.lower().endswith((".xml", ".rels"))
            packed.writestr(name, package.read(name) if is_xml else package.archive.read(name))
        for name, content in changed.items():
            packed.writestr(name, content)
    target.seek(0)
    return target


def _our_styles(root: Any) -> bytes:
    root = root if root is not None else etree.Element(f"{W}styles", nsmap={"w": W[1:-1]})
    for style in [style for style in children(root) if style.get(f"{W}type") == "paragraph"]:
        root.remove(style)
    for name in (*HEADINGS, *PLACES, "our-plain"):
        style = etree.SubElement(root, f"{W}style")
        style.set(f"{W}type", "paragraph")
        style.set(f"{W}styleId", name)
        etree.SubElement(style, f"{W}name").set(f"{W}val", name)
    return bytes(etree.tostring(root, encoding="UTF-8", standalone=True))


class _Pictures:
    """Takes pictures one by one, within what a document may carry; others leave a mark."""

    def __init__(self) -> None:
        self.taken = 0
        self.room = MAXIMUM_PICTURE_BYTES

    def take(self, image: Any) -> list[Any]:
        """Return the picture as an element, or words in its place."""
        content = self._made_again(image) if self.taken < MAXIMUM_PICTURES else None
        if content is None:
            return [nodes.text(_("[A picture of the file that cannot be shown here]"))]
        self.taken += 1
        media_type, data = content
        self.room -= len(data)
        address = f"data:{media_type};base64,{base64.b64encode(data).decode('ascii')}"
        return [nodes.element("img", {"src": address, "alt": str(image.alt_text or "")})]

    def _made_again(self, image: Any) -> tuple[str, bytes] | None:
        try:
            with image.open() as file:
                raw = file.read(MAXIMUM_PICTURE_BYTES + 1)
            if len(raw) > MAXIMUM_PICTURE_BYTES:
                return None
            return _reencoded(raw, room=self.room)
        except (*READ_ERRORS, Image.DecompressionBombError):
            return None


def _reencoded(raw: bytes, *, room: int) -> tuple[str, bytes] | None:
    with Image.open(io.BytesIO(raw), formats=KEPT_FORMATS) as picture:
        if picture.width * picture.height > MAXIMUM_PIXELS:
            return None
        kind = picture.format or ""
        upright = ImageOps.exif_transpose(picture)
        upright.thumbnail((MAXIMUM_PICTURE_SIDE, MAXIMUM_PICTURE_SIDE))
        target = io.BytesIO()
        if kind == "PNG":
            upright.save(target, "PNG", optimize=False)
        else:
            upright.convert("RGB").save(target, "JPEG", quality=85)
    data = target.getvalue()
    return (f"image/{kind.lower()}", data) if len(data) <= room else None
