"""What is due from me and what waits for me: one list over all my hats, the most urgent first."""

from __future__ import annotations

from datetime import datetime

from campaigns.actors import Actor
from campaigns.models import Campaign
from campaigns.queries.todo_handing_in import handing_in
from campaigns.queries.todo_item import Todo
from campaigns.queries.todo_seeing_to import seeing_to


def todo_list(campaign: Campaign, actor: Actor, *, at: datetime) -> tuple[Todo, ...]:
    """Return everything by days left, what has no day with what is due today; what is only to be known comes last.

    Nothing is there that the person cannot act on or should not (回避); each hat asks a fixed number of queries.
    """
    items = [*handing_in(campaign, actor, at=at), *seeing_to(campaign, actor, at=at)]
    return tuple(sorted(items, key=_urgency))


def _urgency(item: Todo) -> tuple[bool, int]:
    return item.is_news, item.days_left or 0
