"""One line of what waits for a person, and how several of a kind become one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

FEW = 4  # names that are told one by one


@dataclass(frozen=True)
class Todo:
    """One thing to do, or only to know (`is_news`).

    ``days_left`` counts to `due_on`, below zero when that is over; ``about`` says for which departments or whom,
    ``count`` how many stand behind one line (0: one).
    """

    title: str
    url: str
    about: str = ""
    due_on: date | None = None
    days_left: int | None = None
    count: int = 0
    is_news: bool = False

    @property
    def days_over(self) -> int:
        """By how many days it is overdue, 0 when it is not."""
        return max(0, -(self.days_left or 0))


def line(
    title: str,
    url: str,
    about: str = "",
    *,
    day: date | None = None,
    on: date,
    count: int = 0,
    is_news: bool = False,
) -> Todo:
    """Return a line as it stands on the day `on`; `day` is when it is due, None where no day is set."""
    return Todo(title, url, about, day, None if day is None else (day - on).days, count, is_news)


def together(
    title: str, found: Sequence[tuple[str, str]], *, url: str, day: date | None = None, on: date, is_news: bool = False
) -> list[Todo]:
    """Return one line for all that was `found`, as (name, its own url); a single one is linked itself."""
    if not found:
        return []
    if len(found) == 1:
        [(name, own_url)] = found
        return [line(title, own_url, name, day=day, on=on, is_news=is_news)]
    names = few([name for name, _url in found])
    return [line(title, url, names, day=day, on=on, count=len(found), is_news=is_news)]


def gathered(title: str, found: Sequence[Todo], *, url: str) -> list[Todo]:
    """Return lines of one sort: as they are while few, else what is overdue as one, and what is not as another."""
    if len(found) <= FEW:
        return list(found)
    late = [item for item in found if item.days_over]
    return [*_as_one(title, late, url), *_as_one(title, [item for item in found if not item.days_over], url)]


def _as_one(title: str, found: Sequence[Todo], url: str) -> list[Todo]:
    if len(found) < 2:
        return list(found)
    first = min(found, key=lambda item: item.days_left or 0)
    names = few([item.title for item in found])
    return [Todo(title, url, names, first.due_on, first.days_left, len(found))]


def few(names: Sequence[str]) -> str:
    """Return the names, the first ones and how many more when they are many; each only once."""
    once = list(dict.fromkeys(names))
    if len(once) <= FEW + 1:
        return "、".join(once)
    return _("%(names)s and %(number)s more") % {"names": "、".join(once[:FEW]), "number": len(once) - FEW}
