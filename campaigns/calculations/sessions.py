"""What follows from a study session's sittings and minutes: when it was, what its minutes lack, where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from qualityseason.text import clean

MAXIMUM_PAGE = 9999
_WORDS = re.compile(r"[见第页\s]+|[pP]{1,2}\.?")
_BETWEEN = re.compile(r"[,;、，；和]+")
_RANGE = re.compile(r"^(\d{1,4})(?:[-—–~至到]+(\d{1,4}))?$")

HELD, MAIN_CONTENT, DISCUSSION, SCAN = "held", "main-content", "discussion", "scan"


def first_start(sittings: Iterable[tuple[datetime, bool]]) -> datetime | None:
    """Return when a session began, from (start, is make-up): its first sitting, one that made up for it the last."""
    return min(sittings, key=lambda sitting: (sitting[1], sitting[0]), default=(None, False))[0]


def parse_pages(typed: object) -> str:
    """Return pages of a scan as 3 or 3-5 or 3, 7-9; raises ValueError for what names none.

    Accepts full-width digits and what people write around them, such as 第3页.
    """
    pages = []
    for piece in filter(None, _BETWEEN.split(_WORDS.sub("", clean(typed)))):
        match = _RANGE.match(piece)
        if not match:
            raise ValueError("no pages")
        first, last = int(match[1]), int(match[2] or match[1])
        if not 1 <= first <= last <= MAXIMUM_PAGE:
            raise ValueError("pages count from 1, the first before the last")
        pages.append(str(first) if first == last else f"{first}-{last}")
    if not pages:
        raise ValueError("no pages")
    return ", ".join(pages)


def minutes_lack(
    held: bool | None,
    *,
    main_content: str,
    main_content_pages: str,
    discussion: str,
    discussion_pages: str,
    has_scan: bool,
) -> tuple[str, ...]:
    """Return what minutes still lack (S5): each required part is typed, or found on a page of the attached scan.

    Where no discussion was held (S4) its part is not asked for.
    """
    lacking = []
    if held is None:
        lacking.append(HELD)
    if not (main_content or main_content_pages):
        lacking.append(MAIN_CONTENT)
    if held is not False and not (discussion or discussion_pages):
        lacking.append(DISCUSSION)
    rests_on_scan = (main_content_pages and not main_content) or (
        held is not False and discussion_pages and not discussion
    )
    if rests_on_scan and not has_scan:
        lacking.append(SCAN)
    return tuple(lacking)
