"""Where free sections read out of a file stand among the parts of a text."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from campaigns.models.any_paper import AnyPaper, AnyPart
from campaigns.services.paper_parts import renumber


def place_sections(paper: AnyPaper, written: Sequence[str], *, new: Collection[str]) -> None:
    """Let the new sections stand where the file has them: behind what was `written` before them, else in front.

    `written` are the uuids of parts and sections in the order of the file; `paper` is locked.
    """
    parts: list[AnyPart] = list(paper.parts.all())
    before: AnyPart | None = None
    for uuid in written:
        part = next((one for one in parts if str(one.uuid) == uuid), None)
        if part is None:
            continue
        if uuid in new:
            parts.remove(part)
            parts.insert(parts.index(before) + 1 if before else 0, part)
        before = part
    renumber(parts)
