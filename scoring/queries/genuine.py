"""What stands behind a code printed on a paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from campaigns.models import Campaign
from qualityseason.clock import day_of
from scoring.models import Display, PrintedCopy, Publication
from scoring.queries.publications import correction_of


@dataclass(frozen=True)
class Genuine:
    """All that the public page says of a paper: the day of its result, and whether that still counts."""

    day: date
    is_publication: bool
    is_current: bool


def season_of_copy(code: str) -> Campaign | None:
    """Return the season a printed copy is of, whose clock counts. One query."""
    return Campaign.objects.filter(pk__in=PrintedCopy.objects.filter(code=code).values("campaign_id")).first()


def find_genuine(code: str, *, on: date) -> Genuine | None:
    """Return what a printed code stands for, None for no copy or a result never published. At most four queries."""
    copy = PrintedCopy.objects.filter(code=code).values_list("snapshot_id", flat=True).first()
    if copy is None:
        return None
    publication = Publication.objects.confirmed().filter(snapshot_id=copy).first()
    if publication is not None and publication.decided_at is not None:
        return Genuine(day_of(publication.decided_at), True, correction_of(publication) is None)
    display = Display.objects.filter(snapshot_id=copy).first()
    if display is None:
        return None
    published = Publication.objects.confirmed().filter(
        campaign_id=display.campaign_id, decided_at__gte=display.opened_at
    )
    is_current = display.withdrawn_at is None and on <= display.ends_on and not published.exists()
    return Genuine(display.starts_on, False, is_current)
