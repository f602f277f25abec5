"""Pages of a long list by key, never by offset: as fast at any depth, and stable while rows come and go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db import models

from qualityseason.text import clean

M = TypeVar("M", bound=models.Model)

PAGE = 50  # rows


@dataclass(frozen=True)
class Page(Generic[M]):
    """Some rows in the order of their key; `before` and `after` are the keys to go on from, '' at an end."""

    rows: tuple[M, ...]
    before: str
    after: str


def page_of(queryset: models.QuerySet[M], *, key: str, after: str = "", before: str = "", size: int = PAGE) -> Page[M]:
    """Return the rows that follow `after`, or those that precede `before`, by a unique text field. One query."""
    after, before = clean(after), clean(before)  # from the address: PostgreSQL takes no NUL
    if before:
        found = list(queryset.filter(**{f"{key}__lt": before}).order_by(f"-{key}")[: size + 1])
        rows, is_first, is_last = found[:size][::-1], len(found) <= size, False
    else:
        wanted: dict[str, Any] = {f"{key}__gt": after} if after else {}
        found = list(queryset.filter(**wanted).order_by(key)[: size + 1])
        rows, is_first, is_last = found[:size], not after, len(found) <= size
    if not rows:
        return Page((), before="", after="")
    return Page(
        tuple(rows),
        before="" if is_first else str(getattr(rows[0], key)),
        after="" if is_last else str(getattr(rows[-1], key)),
    )
