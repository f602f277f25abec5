"""What is typed of a circular, judged before it is written."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.utils.translation import gettext as _

from campaigns.enums import CircularKind
from campaigns.models import Campaign, Circular
from qualityseason.errors import Refused
from qualityseason.text import squeeze, tidy

MAXIMUM_NUMBER = 100
MAXIMUM_TITLE = 200
MAXIMUM_TEXT = 10_000
EARLIEST = date(1949, 10, 1)  # no document is older
LONGEST = timedelta(days=366)  # after the season's facts


@dataclass(frozen=True)
class CircularDraft:
    """A circular as typed: forwarded or issued, with the day it went out and the day by which it is carried out."""

    kind: CircularKind
    title: str
    issued_on: date
    due_on: date
    number: str = ""
    text: str = ""


def judged(draft: CircularDraft, campaign: Campaign) -> CircularDraft:
    """Return the draft with its texts tidied; raises Refused at the field that cannot be."""
    draft = replace(draft, number=tidy(draft.number), title=tidy(draft.title), text=tidy(draft.text))
    if not 0 < len(draft.title) <= MAXIMUM_TITLE:
        raise Refused(_("Write the title, at most 200 characters."), field="title", code="title")
    if len(draft.number) > MAXIMUM_NUMBER:
        raise Refused(_("The number takes at most 100 characters."), field="number", code="number")
    if len(draft.text) > MAXIMUM_TEXT:
        raise Refused(_("The text takes at most 10,000 characters; attach a longer one."), field="text", code="text")
    for field, day, last in (
        ("issued_on", draft.issued_on, campaign.facts_until),
        ("due_on", draft.due_on, campaign.facts_until + LONGEST),
    ):
        if not EARLIEST <= day <= last:
            message = _("%(day)s cannot be meant. Check the year.") % {"day": day.isoformat()}
            raise Refused(message, field=field, code="day")
    if draft.due_on < draft.issued_on:
        message = _("%(due)s lies before the day of issue, %(issued)s. Correct one of the two days.")
        words = {"due": draft.due_on.isoformat(), "issued": draft.issued_on.isoformat()}
        raise Refused(message % words, field="due_on", code="order")
    return draft


def refuse_twin(draft: CircularDraft, campaign: Campaign, *, apart_from: Circular | None = None) -> None:
    """Refuse (`twin`) a circular of the number and title of one that stands, however blanks and widths are typed."""
    mark = (squeeze(draft.number), squeeze(draft.title))
    standing = Circular.objects.filter(campaign=campaign, withdrawn_at__isnull=True).order_by("pk")
    if apart_from is not None:
        if mark == (squeeze(apart_from.number), squeeze(apart_from.title)):
            return
        standing = standing.exclude(pk=apart_from.pk)
    for first in standing:
        if mark == (squeeze(first.number), squeeze(first.title)):
            message = _("A circular of this number and title is entered already. Tick below to enter it once more.")
            raise Refused(message, field="again", code="twin", existing=first)
