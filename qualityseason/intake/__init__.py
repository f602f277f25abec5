"""Judging an uploaded file before it is kept: size, ending, real type, archive limits, entities."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import BinaryIO

from qualityseason.intake.kinds import KINDS, FileKind, check_size, kind_of, refused
from qualityseason.intake.office import check_office
from qualityseason.intake.pdf import check_pdf
from qualityseason.intake.pictures import rewrite_picture
from qualityseason.intake.problems import Problem


@dataclass(frozen=True)
class Judged:
    """A file that may be kept: under which name and type, and with which content."""

    name: str
    media_type: str
    file: BinaryIO


def judge(file: BinaryIO, name: str, *, size: int | None = None) -> Judged:
    """Return what may be kept of a file, at its start; raises Refused with the remedy otherwise.

    A picture comes back written anew; one that is a PNG but named .jpg gets its true ending.
    """
    check_size(file.seek(0, io.SEEK_END) if size is None else size)
    file.seek(0)
    kind = kind_of(name)
    try:
        if kind.is_picture:
            return _picture(file, name, kind)
        if kind.is_office:
            check_office(file, kind)
        else:
            check_pdf(file)
    except Problem as problem:
        raise refused(problem.code, ending=kind.ending, **problem.values) from problem
    file.seek(0)
    return Judged(name, kind.media_type, file)


def _picture(file: BinaryIO, name: str, kind: FileKind) -> Judged:
    ending, content = rewrite_picture(file)
    true = KINDS[ending]
    if true.media_type != kind.media_type:
        name = f"{name.rpartition('.')[0] or name}.{ending}"
    return Judged(name, true.media_type, io.BytesIO(content))
