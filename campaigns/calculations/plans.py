"""Arithmetic on plans: what an item lacks, which duties no item serves, where two people differ, a version's code."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from campaigns.enums import ItemPart
from campaigns.facts.plans import ItemContent, PlanContent
from qualityseason.text import clean, parse_date, parse_month, tidy

CODE_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that look like another on paper
CODE_LENGTH = 8
LEAP_YEAR = 2008  # in which a 29 February without a year exists


def empty_parts(item: ItemContent) -> tuple[ItemPart, ...]:
    """Return the parts of an item that say nothing (P2, P5)."""
    return tuple(part for part in ItemPart if not getattr(item, part.value).strip())


def uncovered(duties: Iterable[str], items: Iterable[ItemContent]) -> tuple[str, ...]:
    """Return the duties, as printed, that no item serves (P3), in their order."""
    served = {duty for item in items for duty in item.duties}
    return tuple(duty for duty in duties if duty not in served)


def digest_of(content: PlanContent) -> str:
    """Return the sha256 of all a plan says, the same for equal content."""
    canonical = json.dumps(content.as_json(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()


def version_code(digest: str, *, department: str, number: int) -> str:
    """Return the code printed on every page of a version: eight letters and digits in two groups, as 7KQM-2X9A."""
    seed = hashlib.sha256(f"{digest}|{department}|{number}".encode()).digest()
    letters = "".join(CODE_LETTERS[byte % len(CODE_LETTERS)] for byte in seed[:CODE_LENGTH])
    return f"{letters[:4]}-{letters[4:]}"


def understood_code(typed: str) -> str:
    """Return a typed code as it is printed: upper case, one hyphen, no blanks; '' when it cannot be one."""
    letters = "".join(letter for letter in typed.upper() if letter.isalnum())
    return f"{letters[:4]}-{letters[4:]}" if len(letters) == CODE_LENGTH else ""


DAY_LIKE = re.compile(r"^[\d\s./年月日-]+$")  # digits and what stands between them: a day is meant
MONTH_AND_DAY = re.compile(r"^(\d{1,2})\s*月\s*(?:(\d{1,2})\s*日?)?$")


def understood_due(typed: str) -> tuple[date | None, str]:
    """Return (day, '') for a day, (None, words) for words like 每周一; raises ValueError for a day that is none."""
    words = " ".join(tidy(typed).split())
    if not DAY_LIKE.match(clean(words)):
        return None, words
    try:
        return parse_date(words), ""
    except ValueError as error:
        if _is_month(words) or _is_day_without_year(words):
            return None, words
        raise ValueError("no day of the calendar") from error


def _is_month(words: str) -> bool:
    try:
        parse_month(words)
    except ValueError:
        return False
    return True


def _is_day_without_year(words: str) -> bool:
    found = MONTH_AND_DAY.match(clean(words))
    if not found:
        return False
    try:
        date(LEAP_YEAR, int(found[1]), int(found[2] or 1))
    except ValueError:
        return False
    return True


class Side(StrEnum):
    """Who has changed a field since a form was opened; BOTH where that is not known."""

    MINE = "mine"
    THEIRS = "theirs"
    BOTH = "both"


@dataclass(frozen=True)
class Difference:
    """A field two people left with different values; choices are tuples of ids."""

    field: str
    theirs: Any
    mine: Any
    side: Side


def differences(
    base: Mapping[str, Any] | None, theirs: Mapping[str, Any], mine: Mapping[str, Any]
) -> tuple[Difference, ...]:
    """Return the fields in which what stands now (`theirs`) and what was sent (`mine`) differ.

    `base` is what the sender's form was filled from, None where it is not known.
    """
    return tuple(
        Difference(field=name, theirs=theirs[name], mine=mine[name], side=_side(name, base, theirs, mine))
        for name in mine
        if theirs[name] != mine[name]
    )


def _side(name: str, base: Mapping[str, Any] | None, theirs: Mapping[str, Any], mine: Mapping[str, Any]) -> Side:
    if base is not None and name in base:
        if base[name] == mine[name]:
            return Side.THEIRS
        if base[name] == theirs[name]:
            return Side.MINE
    return Side.BOTH


def merged(mine: Mapping[str, Any], found: Iterable[Difference]) -> dict[str, Any]:
    """Return `mine` with what only the other has changed: the proposal from which both texts are brought together."""
    return dict(mine) | {difference.field: difference.theirs for difference in found if difference.side == Side.THEIRS}
