"""What is due from me and what waits for me: one list over all my hats, the most urgent first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.models import Campaign
from campaigns.queries.todo_handing_in import handing_in
from campaigns.queries.todo_item import Todo
from campaigns.queries.todo_judging import judging
from campaigns.queries.todo_seeing_to import seeing_to

TOLD_APART = 8  # lines that are read at a glance; more of them stand under headings
WEEK = 7  # days


@dataclass(frozen=True)
class TodoGroup:
    """Lines of about the same urgency under a heading ('' where all are few)."""

    label: str
    items: tuple[Todo, ...]


def todo_list(campaign: Campaign, actor: Actor, *, at: datetime) -> tuple[Todo, ...]:
    """Return everything by days left, what has no day with what is due today; what is only to be known comes last.

    Nothing is there that the person cannot act on or should not (回避); each hat asks a fixed number of queries.
    """
    items = [*handing_in(campaign, actor, at=at), *judging(campaign, actor, at=at), *seeing_to(campaign, actor, at=at)]
    return tuple(sorted(items, key=_urgency))


def _urgency(item: Todo) -> tuple[bool, int]:
    return item.is_news, item.days_left or 0


def in_groups(items: Sequence[Todo]) -> tuple[TodoGroup, ...]:
    """Return the lines under headings by urgency, so that thirty are read as easily as three."""
    if len(items) <= TOLD_APART:
        return (TodoGroup("", tuple(items)),) if items else ()
    places = (_("Overdue"), _("Within a week"), _("Later"), _("No day set"), _("To know"))
    found: dict[int, list[Todo]] = {}
    for item in items:
        found.setdefault(_place(item), []).append(item)
    return tuple(TodoGroup(places[place], tuple(found[place])) for place in sorted(found))


def _place(item: Todo) -> int:
    if item.is_news:
        return 4
    if item.days_left is None:
        return 3
    if item.days_over:
        return 0
    return 1 if item.days_left <= WEEK else 2
