"""When somebody last looked at the dashboard, so that it can say what changed since."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from campaigns.models import Campaign
from scoring.models import DashboardVisit

SAME_VISIT = timedelta(minutes=30)  # a page opened again within it belongs to the same visit


@transaction.atomic
def note_visit(campaign: Campaign, *, user_id: int, at: datetime) -> datetime | None:
    """Note that the person looks now; returns when the visit before this one ended, None on the first."""
    rows = DashboardVisit.objects.select_for_update()
    visit, is_new = rows.get_or_create(campaign=campaign, user_id=user_id, defaults={"seen_at": at})
    if is_new or visit.seen_at >= at:
        return visit.before
    if at - visit.seen_at > SAME_VISIT:
        visit.before = visit.seen_at
    visit.seen_at = at
    visit.save(update_fields=["seen_at", "before"])
    return visit.before
