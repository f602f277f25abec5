"""What is typed of a policy, judged before it is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from qualityseason.clock import day_of
from qualityseason.errors import Refused
from qualityseason.text import tidy

MAXIMUM_TITLE = 200
MAXIMUM_NUMBER = 100
MAXIMUM_ITEM = 500
EARLIEST = date(1949, 10, 1)  # no document is older


@dataclass(frozen=True)
class ItemDraft:
    """One content as typed; ``was`` names the item that stood in its row, which without text is taken out."""

    text: str
    was: UUID | None = None


@dataclass(frozen=True)
class PolicyDraft:
    """A policy as typed, its contents in order."""

    title: str
    issued_on: date
    items: tuple[ItemDraft, ...]
    number: str = ""


def judged(draft: PolicyDraft, *, at: datetime) -> PolicyDraft:
    """Return the draft with its texts tidied; raises Refused at the field that cannot be."""
    items = tuple(ItemDraft(tidy(row.text), row.was) for row in draft.items)
    draft = replace(draft, title=tidy(draft.title), number=tidy(draft.number), items=items)
    if not 0 < len(draft.title) <= MAXIMUM_TITLE:
        raise Refused(_("Write the title, at most 200 characters."), field="title", code="title")
    if len(draft.number) > MAXIMUM_NUMBER:
        raise Refused(_("The number takes at most 100 characters."), field="number", code="number")
    if draft.issued_on > day_of(at):
        message = _("%(day)s is still to come. Enter the policy when it is in force.")
        raise Refused(message % {"day": draft.issued_on.isoformat()}, field="issued_on", code="future")
    if draft.issued_on < EARLIEST:
        message = _("%(day)s cannot be meant. Check the year.") % {"day": draft.issued_on.isoformat()}
        raise Refused(message, field="issued_on", code="day")
    return draft


def require_items(items: Sequence[ItemDraft]) -> None:
    """Refuse a policy without contents, or with one that is too long."""
    if not items:
        raise Refused(_("Write at least one content of the policy."), field="items", code="items")
    for number, row in enumerate(items, start=1):
        if len(row.text) > MAXIMUM_ITEM:
            message = _("Content %(number)d takes at most 500 characters; write it as two.") % {"number": number}
            raise Refused(message, field="items", code="items")
