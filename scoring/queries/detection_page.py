"""When the records of each department were last looked at, which detectors failed, and from when records count."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Case, Count, F, IntegerField, Min, Q, When

from campaigns.models import Campaign, Department
from qualityseason.models import Job
from scoring.enums import RecordKind
from scoring.models import Announcement, Detection, Rule

PAGE = 50  # departments on a page
NO_TROUBLES = Q(troubles=[])


@dataclass(frozen=True)
class FailedDetector:
    """A detector that raised, the rules it reads, and the number under which the log tells why."""

    detector: str
    rules: tuple[str, ...]
    trace: str


@dataclass(frozen=True)
class DetectedDepartment:
    """When a department was last looked at, and since when it waits to be looked at again."""

    uuid: UUID
    name: str
    detected_at: datetime | None
    wanted_at: datetime | None
    troubles: tuple[FailedDetector, ...]


@dataclass(frozen=True)
class KindRow:
    """Whether it is announced that records of a kind count, and from when; ``uuid`` is that of the announcement."""

    kind: str
    label: str
    uuid: UUID | None
    starts_on: date | None
    has_begun: bool
    announced_by: str
    announced_at: datetime | None


@dataclass(frozen=True)
class DetectionCounts:
    """Departments of the season: looked at, waiting, with a failed detector; ``oldest`` is the longest ago."""

    departments: int
    detected: int
    waiting: int
    troubled: int
    oldest: datetime | None

    @property
    def never(self) -> int:
        """How many were never looked at."""
        return self.departments - self.detected


@dataclass(frozen=True)
class DetectionPage:
    """Some departments, those with trouble first, then those that wait; ``job`` is the newest work on all of them."""

    counts: DetectionCounts
    rows: tuple[DetectedDepartment, ...]
    kinds: tuple[KindRow, ...]
    job: Job | None
    number: int

    @property
    def has_more(self) -> bool:
        """Whether another page follows."""
        return self.number * PAGE < self.counts.departments


def load_detection(campaign: Campaign, *, on: date, job_kind: str, number: int) -> DetectionPage:
    """Return how detection stands. Six queries at any size."""
    counts = _counts(campaign)
    number = max(1, min(number, -(-counts.departments // PAGE)))
    return DetectionPage(
        counts=counts,
        rows=_departments(campaign, number),
        kinds=announcements_by_kind(campaign, on=on),
        job=newest_job(campaign, job_kind),
        number=number,
    )


def newest_job(campaign: Campaign, kind: str) -> Job | None:
    """Return the newest work of that kind for the season. One query."""
    return Job.objects.filter(kind=kind, campaign_id=campaign.pk).select_related("asked_by").order_by("-pk").first()


def announcements_by_kind(campaign: Campaign, *, on: date) -> tuple[KindRow, ...]:
    """Return for every kind of records whether it is announced. One query."""
    standing = Announcement.objects.standing().filter(campaign=campaign).select_related("announced_by")
    known = {row.kind: row for row in standing}
    return tuple(_kind(kind, known.get(kind), on) for kind in RecordKind)


def _kind(kind: RecordKind, row: Announcement | None, on: date) -> KindRow:
    if row is None:
        return KindRow(kind.value, str(kind.label), None, None, False, "", None)
    return KindRow(
        kind=kind.value,
        label=str(kind.label),
        uuid=row.uuid,
        starts_on=row.starts_on,
        has_begun=row.starts_on <= on,
        announced_by=row.announced_by.display_name,
        announced_at=row.announced_at,
    )


def _counts(campaign: Campaign) -> DetectionCounts:
    found = Detection.objects.filter(campaign=campaign).aggregate(
        detected=Count("pk", filter=Q(detected_at__isnull=False)),
        waiting=Count("pk", filter=Q(wanted_at__isnull=False)),
        troubled=Count("pk", filter=~NO_TROUBLES),
        oldest=Min("detected_at"),
    )
    return DetectionCounts(departments=Department.objects.filter(campaign=campaign).count(), **found)


def _departments(campaign: Campaign, number: int) -> tuple[DetectedDepartment, ...]:
    first = Case(
        When(detection__isnull=True, then=2),
        When(~Q(detection__troubles=[]), then=0),
        When(detection__wanted_at__isnull=False, then=1),
        default=2,
        output_field=IntegerField(),
    )
    rows = (
        Department.objects.filter(campaign=campaign)
        .annotate(
            first=first,
            detected_at=F("detection__detected_at"),
            wanted_at=F("detection__wanted_at"),
            troubles=F("detection__troubles"),
        )
        .order_by("first", "order", "pk")
        .values_list("uuid", "name", "detected_at", "wanted_at", "troubles")
    )
    codes: dict[str, list[str]] = defaultdict(list)
    for detector, code in Rule.objects.filter(campaign=campaign).exclude(detector="").values_list("detector", "code"):
        codes[detector].append(code)
    return tuple(
        DetectedDepartment(
            uuid=uuid,
            name=name,
            detected_at=detected_at,
            wanted_at=wanted_at,
            troubles=tuple(
                FailedDetector(one["detector"], tuple(codes[one["detector"]]), one["trace"]) for one in troubles or ()
            ),
        )
        for uuid, name, detected_at, wanted_at, troubles in rows[(number - 1) * PAGE : number * PAGE]
    )
