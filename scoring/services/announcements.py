"""The office announces from when on the portal's records count; until then silence proves nothing."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from campaigns.actors import Actor
from campaigns.models import Campaign
from qualityseason.clock import day_of
from qualityseason.errors import Refused
from qualityseason.services import audit
from scoring import policy
from scoring.enums import RecordKind
from scoring.models import Announcement


def announce(campaign: Campaign, *, kind: RecordKind, starts_on: date, by: Actor, at: datetime) -> Announcement:
    """Announce that for this kind of records the portal counts from that day on; the same again is the first one.

    Raises Refused for a day that is over, since nobody could have known, and for a kind announced already.
    """
    if not policy.can_announce(by) or by.campaign_id != campaign.pk:
        raise PermissionDenied
    if starts_on < day_of(at):
        raise Refused(
            _("%(day)s is over; departments must be told beforehand. Today is %(today)s.")
            % {"day": starts_on.isoformat(), "today": day_of(at).isoformat()},
            field="starts_on",
            code="past",
        )
    if starts_on > campaign.facts_until:
        raise Refused(
            _("Facts count until %(day)s; from a later day on nothing would count.")
            % {"day": campaign.facts_until.isoformat()},
            field="starts_on",
            code="late",
        )
    try:
        with transaction.atomic():
            there = Announcement.objects.standing().filter(campaign=campaign, kind=kind).first()
            if there is not None:
                return _same(there, starts_on)
            row = Announcement.objects.create(
                campaign=campaign, kind=kind, starts_on=starts_on, announced_by_id=by.user_id, announced_at=at
            )
            _audit("announcement.make", row, by=by, at=at)
            return row
    except IntegrityError:
        return _same(Announcement.objects.standing().get(campaign=campaign, kind=kind), starts_on)


@transaction.atomic
def withdraw_announcement(announcement: Announcement, *, by: Actor, at: datetime) -> Announcement:
    """Take an announcement back: silence proves nothing again, what was charged stands. Twice changes nothing more."""
    if not policy.can_announce(by) or by.campaign_id != announcement.campaign_id:
        raise PermissionDenied
    row = Announcement.objects.select_for_update(of=("self",)).get(pk=announcement.pk)
    if row.withdrawn_at is None:
        row.withdrawn_by_id, row.withdrawn_at = by.user_id, at
        row.save(update_fields=["withdrawn_by", "withdrawn_at"])
        _audit("announcement.withdraw", row, by=by, at=at)
    return row


def _same(there: Announcement, starts_on: date) -> Announcement:
    if there.starts_on == starts_on:
        return there
    raise Refused(
        _("This is announced from %(day)s on. Withdraw that first to announce another day.")
        % {"day": there.starts_on.isoformat()},
        field="kind",
        code="announced",
        existing=there,
    )


def _audit(act: str, row: Announcement, *, by: Actor, at: datetime) -> None:
    audit.record(
        act,
        row,
        by_id=by.user_id,
        campaign_id=row.campaign_id,
        at=at,
        after={"kind": row.kind, "starts_on": row.starts_on},
    )
