"""Bringing the body of a Word document to what its reader sees: changes accepted, wrappers gone, text boxes in line."""

from __future__ import annotations

from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
A_BLIP = "{http://schemas.openxmlformats.org/drawingml/2006/main}blip"
GONE = frozenset(
    {f"{W}{name}" for name in ("del", "moveFrom", "commentRangeStart", "commentRangeEnd", "commentReference")}
    | {f"{W}{name}" for name in ("annotationRef", "proofErr", "sdtPr", "sdtEndPr", "smartTagPr", "customXmlPr")}
)
WRAPPERS = frozenset(f"{W}{name}" for name in ("ins", "moveTo", "sdt", "sdtContent", "smartTag", "customXml"))
BLOCKS = frozenset({f"{W}p", f"{W}tbl"})
TEXT_BOX = f"{W}txbxContent"


def settle(body: Any) -> None:
    """Change the body in place; nothing a reader sees is lost, nothing deleted stays."""
    _choose_alternatives(body)
    _drop_deleted_rows(body)
    for element in list(body.iter()):
        if element.tag in GONE and element.getparent() is not None:
            _take_out(element)
    for element in [found for found in body.iter() if found.tag in WRAPPERS]:
        if element.getparent() is not None:
            _unwrap(element)
    _drop_hidden(body)
    _join_deleted_paragraphs(body)
    _lift_text_boxes(body)


def _choose_alternatives(body: Any) -> None:
    for element in [found for found in body.iter() if found.tag == f"{MC}AlternateContent"]:
        if element.getparent() is None:
            continue
        options = [child for child in element if child.tag in (f"{MC}Choice", f"{MC}Fallback")]
        speaking = [
            option
            for option in options
            if next(option.iter(TEXT_BOX), None) is not None or next(option.iter(A_BLIP), None) is not None
        ]
        chosen = (speaking or options[::-1] or [None])[0]
        for option in options:
            if option is not chosen:
                element.remove(option)
        if chosen is not None:
            _unwrap(chosen)
        _unwrap(element)


def _drop_deleted_rows(body: Any) -> None:
    for mark in list(body.iter(f"{W}del")):
        parent = mark.getparent()
        if parent is not None and parent.tag == f"{W}trPr":
            _take_out(parent.getparent())


def _drop_hidden(body: Any) -> None:
    for mark in list(body.iter(f"{W}vanish")):
        properties = mark.getparent()
        run = properties.getparent() if properties is not None else None
        if run is not None and run.tag == f"{W}r" and mark.get(f"{W}val", "1") not in ("0", "false", "off"):
            _take_out(run)


def _join_deleted_paragraphs(body: Any) -> None:
    """A paragraph whose mark was deleted goes on in the next one."""
    for paragraph in list(body.iter(f"{W}p")):
        mark = paragraph.find(f"{W}pPr/{W}rPr")
        was_deleted = paragraph.get("deleted-mark")
        if was_deleted is None or mark is None:
            continue
        following = paragraph.getnext()
        if following is None or following.tag != f"{W}p":
            continue
        place = 1 if following.find(f"{W}pPr") is not None else 0
        for child in [child for child in paragraph if child.tag != f"{W}pPr"]:
            following.insert(place, child)
            place += 1
        _take_out(paragraph)


def _lift_text_boxes(body: Any) -> None:
    """What stands in a text box follows the paragraph it hangs on; the box itself goes."""
    for paragraph in list(body.iter(f"{W}p")):
        place = paragraph
        for box in list(paragraph.iter(TEXT_BOX)):
            for child in [child for child in box if child.tag in BLOCKS]:
                place.addnext(child)
                place = child
            _take_out(box)


def _take_out(element: Any) -> None:
    parent = element.getparent()
    if parent is None:
        return
    if element.tag == f"{W}del" and parent.tag == f"{W}rPr" and parent.getparent().tag == f"{W}pPr":
        parent.getparent().getparent().set("deleted-mark", "1")
    parent.remove(element)


def _unwrap(element: Any) -> None:
    parent = element.getparent()
    place = parent.index(element)
    for child in list(element):
        parent.insert(place, child)
        place += 1
    parent.remove(element)
