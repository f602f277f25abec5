"""Files that something rests on: replaced by a newer version, never just taken away."""

from __future__ import annotations

from django.utils.translation import gettext as _

from campaigns.calculations.sessions import SCAN, minutes_lack
from campaigns.enums import FILED_OBLIGATIONS
from campaigns.models import Attachment, Obligation, StudySession
from qualityseason.errors import Refused

MINUTES = "minutes"


def keep_handed_in(attachment: Attachment) -> None:
    """Raise Refused for the last file of what was handed in: its time stands for a file that is there."""
    if attachment.slot:
        return
    owed = Obligation.objects.select_for_update(of=("self",)).get(uuid=attachment.owner_uuid)
    if owed.kind in FILED_OBLIGATIONS and owed.met_at is not None and not _others(attachment):
        message = _("This is the only file handed in. Put a newer version in its place; the day handed in stays.")
        raise Refused(message, code="kept")


def keep_scan_of_minutes(attachment: Attachment) -> None:
    """Raise Refused for the scan whose pages complete minutes name."""
    if attachment.slot != MINUTES:
        return
    session = StudySession.objects.select_for_update(of=("self",)).get(uuid=attachment.owner_uuid)
    lacking = minutes_lack(
        session.discussion_held,
        main_content=session.main_content,
        main_content_pages=session.main_content_pages,
        discussion=session.discussion,
        discussion_pages=session.discussion_pages,
        has_scan=_others(attachment),
    )
    if session.minuted_at is not None and session.cancelled_at is None and SCAN in lacking:
        message = _(
            "The minutes name pages of this scan. Put a newer version in its place, or write the minutes out first."
        )
        raise Refused(message, code="kept")


def _others(attachment: Attachment) -> bool:
    """Whether another file stands in the same slot."""
    there = Attachment.objects.current().of_owner(attachment.owner_kind, attachment.owner_uuid)
    return there.filter(slot=attachment.slot).exclude(pk=attachment.pk).exists()
