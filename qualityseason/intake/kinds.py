"""What may be uploaded: the kinds of file, their limits, and the remedy for kinds that may not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from qualityseason.errors import Refused
from qualityseason.text import clean

MIB = 1024 * 1024
MAXIMUM_SIZE = 20 * MIB  # bytes of one file
FIELD = "files"
OFFICE_MEDIA = "application/vnd.openxmlformats-officedocument"


@dataclass(frozen=True)
class FileKind:
    """A kind of file that is taken: its ending, its media type, and what sort of thing it is."""

    ending: str
    media_type: str
    is_office: bool = False
    is_picture: bool = False


KINDS = {
    kind.ending: kind
    for kind in (
        FileKind("docx", f"{OFFICE_MEDIA}.wordprocessingml.document", is_office=True),
        FileKind("xlsx", f"{OFFICE_MEDIA}.spreadsheetml.sheet", is_office=True),
        FileKind("pptx", f"{OFFICE_MEDIA}.presentationml.presentation", is_office=True),
        FileKind("pdf", "application/pdf"),
        FileKind("jpg", "image/jpeg", is_picture=True),
        FileKind("jpeg", "image/jpeg", is_picture=True),
        FileKind("png", "image/png", is_picture=True),
    )
}
NEWER = {
    **dict.fromkeys(("doc", "wps", "dot", "wpt", "rtf", "odt", "dotx"), ".docx"),
    **dict.fromkeys(("xls", "et", "ett", "ods", "csv", "xlsb", "xltx"), ".xlsx"),
    **dict.fromkeys(("ppt", "dps", "dpt", "pps", "ppsx", "odp", "potx"), ".pptx"),
}  # what WPS saves under a newer ending
WITH_MACROS = {"docm": ".docx", "dotm": ".docx", "xlsm": ".xlsx", "xltm": ".xlsx", "pptm": ".pptx", "ppsm": ".pptx"}
OTHER_PICTURES = frozenset({"gif", "bmp", "tif", "tiff", "webp"})
APPLE_PICTURES = frozenset({"heic", "heif"})
ARCHIVES = frozenset({"zip", "rar", "7z", "tar", "gz"})


def ending_of(name: str) -> str:
    """Return the ending of a file name, small and without its dot, '' when it has none."""
    stem, dot, ending = clean(name).rpartition(".")
    return ending.strip().casefold() if dot and stem else ""


def kind_of(name: str) -> FileKind:
    """Return the kind a file's name tells; raises Refused with the remedy for any other."""
    ending = ending_of(name)
    if ending in KINDS:
        return KINDS[ending]
    raise refused(why_not(ending), ending=ending, newer=NEWER.get(ending) or WITH_MACROS.get(ending, ""))


def why_not(ending: str) -> str:
    """Return the word for why files of this ending are not taken."""
    if ending in NEWER:
        return "old_format"
    if ending in WITH_MACROS:
        return "macros"
    if ending in APPLE_PICTURES:
        return "heic"
    if ending in OTHER_PICTURES:
        return "other_picture"
    if ending in ARCHIVES:
        return "archive"
    return "ending" if ending else "no_ending"


def advice(endings: Sequence[str] = ()) -> dict[str, Any]:
    """Return what a browser needs to refuse a file before it is sent, with the very same sentences.

    With `endings` only these are taken, and only they are named as a way out.
    """
    known = (*NEWER, *WITH_MACROS, *APPLE_PICTURES, *OTHER_PICTURES, *ARCHIVES)
    codes = ("old_format", "macros", "heic", "other_picture", "archive", "ending", "no_ending", "empty", "too_large")
    places = {"ending": "{ending}", "newer": "{newer}", "maximum": str(MAXIMUM_SIZE // MIB)}
    newer = NEWER | WITH_MACROS
    sentences = {code: _sentence(code) % places for code in codes}
    if endings:
        newer = {ending: better for ending, better in newer.items() if better.removeprefix(".") in endings}
        known = tuple(newer)
        sentences["ending"] = sentences["no_ending"] = only(endings)
    return {
        "taken": list(endings or KINDS),
        "maximum": MAXIMUM_SIZE,
        "codes": {ending: why_not(ending) for ending in known},
        "newer": newer,
        "sentences": sentences,
    }


def listed(endings: Sequence[str]) -> str:
    """Return endings as a sentence names them: .docx or .xlsx."""
    return str(get_text_list([f".{ending}" for ending in endings]))


def only(endings: Sequence[str]) -> str:
    """Return the sentence for a file of another ending where only some are of use."""
    return _("Only files ending in %(endings)s are taken here. Save it as one of these.") % {"endings": listed(endings)}


def check_size(size: int) -> None:
    """Refuse a file that is empty or too large."""
    if size == 0:
        raise refused("empty")
    if size > MAXIMUM_SIZE:
        raise refused("too_large", maximum=str(MAXIMUM_SIZE // MIB))


def refused(code: str, **values: str) -> Refused:
    """Return the refusal of a file: what is wrong with it, and what to do."""
    return Refused(_sentence(code) % values, field=FIELD, code=code)


def _sentence(code: str) -> str:
    return {
        "old_format": _(
            "Files ending in .%(ending)s are not taken. In WPS or Office choose File → Save as, the type %(newer)s, "
            "and upload that."
        ),
        "empty": _("This file is empty (0 bytes). Look whether it opens on your device, and upload it again."),
        "too_large": _(
            "This file is larger than %(maximum)s MB. Make its pictures smaller or split it, and upload the parts."
        ),
        "heic": _(
            "Pictures ending in .heic are not taken. On the iPhone choose Settings → Camera → Formats → Most "
            "Compatible, or send the picture to yourself as JPG, and upload that."
        ),
        "other_picture": _("Pictures are taken as .jpg or .png. Save the picture as one of these and upload that."),
        "archive": _("Packed files are not taken. Unpack it and upload the files in it one by one."),
        "ending": _("Only these files are taken: .docx .xlsx .pptx .pdf .jpg .png. Save it as one of these."),
        "no_ending": _(
            "The name of this file has no ending that says what it is. Give it back its ending, such as .docx or .pdf."
        ),
        "mismatch": _(
            "What is in this file is not what its ending says. Open it in the program it was made with, save it under "
            "its true ending, and upload that."
        ),
        "old_inside": _(
            "This is a file of the old kind under the new ending. Open it in WPS or Office, choose File → Save as, "
            "the type .%(ending)s, and upload that."
        ),
        "macros": _(
            "This file holds macros. In WPS or Office choose File → Save as, the type %(newer)s without macros, and "
            "upload that."
        ),
        "encrypted": _(
            "This file is protected by a password. Remove the password in the program it was made with, save it, and "
            "upload it again."
        ),
        "template": _(
            "This document draws on a template elsewhere (%(target)s). Copy its content into a new document (select "
            "all, copy, paste), save that, and upload it."
        ),
        "external": _(
            "This file draws on another file outside of it (%(target)s). Put the picture, object or template into the "
            "file itself, save it, and upload it again."
        ),
        "bomb": _(
            "Unpacked, this file is far too large to be a document. Copy its content into a new file, save that, and "
            "upload it."
        ),
        "hostile": _(
            "This file holds parts that no office program writes, so it is not read. Copy its content into a new file, "
            "save that, and upload it."
        ),
        "incomplete": _("This file arrived incomplete. Send it again; stay on the page until it is through."),
        "damaged": _(
            "This file is damaged. Open it in the program it was made with, save it again, and upload the new file."
        ),
        "picture_size": _(
            "This picture has more than %(maximum)s million points. Make it smaller in any picture program, or send it "
            "to yourself in WeChat not as the original, and upload that."
        ),
        "disk_full": _(
            "The portal has no room left for files. Nothing was kept; tell the campaign office and try again later."
        ),
    }[code]
