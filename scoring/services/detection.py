"""Bringing findings in line with what the records show: the only writer of findings besides people's decisions."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import datetime, timedelta
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from campaigns.models import Campaign, Department
from qualityseason.clock import day_of, wall_now
from qualityseason.tracing import request_id
from scoring.models import Detection
from scoring.queries.detection import KnownSeason, Looked, Trouble, know_season, look_at
from scoring.services.reconciling import Outcome, Reconciling
from scoring.services.tallies import lock_departments

logger = logging.getLogger(__name__)
Progress = Callable[[int, int], None]
PATIENCE = timedelta(minutes=10)  # after which whoever was to look, or looks, is taken to have died
ATTEMPTS = 3  # to look at a department that somebody else looks at, too
WHOLE = "findings"  # named as the detector when what all of them found could not be written


def detect_campaign(campaign: Campaign, *, at: datetime, progress: Progress = lambda done, total: None) -> Outcome:
    """Look at every department's records, each in a transaction of its own; returns what changed.

    A department whose findings cannot be written is reported, and the others are looked at.
    """
    departments = Department.objects.filter(campaign=campaign).select_related("block", "campaign").order_by("order")
    total, outcome = departments.count(), Outcome()
    for done, department in enumerate(departments.iterator(chunk_size=100), start=1):
        outcome.add(_detect_in_any_case(department, at=at))
        progress(done, total)
    return outcome


def detect_department(department: Department, *, known: KnownSeason | None = None, at: datetime) -> Outcome:
    """Look at one department's records and bring its findings in line; returns what changed.

    What changes while the records are read has the department looked at again. Where somebody else has looked
    meanwhile, the records are read once more, so that what was read first is never written last.
    """
    Detection.objects.filter(department=department).update(wanted_at=None, taken_at=wall_now())
    known = known or know_season(department.campaign, on=day_of(at))
    for attempts_left in reversed(range(ATTEMPTS)):
        before = _last_detected(department)
        looked = look_at(department, known)
        try:
            with transaction.atomic():
                lock_departments([department.pk])
                if _last_detected(department) == before or not attempts_left:
                    outcome = Reconciling(department, looked, at=at).run()
                    _note(department, looked, at=at)
                    return outcome
        except IntegrityError:  # another department's records show a new fact at the same moment
            if not attempts_left:
                raise
    raise AssertionError  # the last attempt returns or raises


def _detect_in_any_case(department: Department, *, at: datetime) -> Outcome:
    """Look at a department as the season is now; where that fails, the office reads under which number the log tells.

    One that is no more is passed over.
    """
    try:
        return detect_department(department, at=at)
    except Exception:
        trace = request_id.get() or uuid4().hex
        logger.exception("detection failed for department %s (%s)", department.uuid, trace)
        if Department.objects.filter(pk=department.pk).exists():
            _note(department, Looked((), (Trouble(WHOLE, trace),), frozenset()), at=at)
        return Outcome(troubles=1)


def _last_detected(department: Department) -> datetime | None:
    return Detection.objects.filter(department=department).values_list("detected_at", flat=True).first()


def _note(department: Department, looked: Looked, *, at: datetime) -> None:
    """Write down that the department was looked at."""
    Detection.objects.update_or_create(
        department=department,
        defaults={
            "campaign_id": department.campaign_id,
            "detected_at": at,
            "taken_at": None,
            "troubles": [asdict(trouble) for trouble in looked.troubles],
        },
    )


def want_detection(campaign_id: int, department_ids: Iterable[int] | None) -> bool:
    """Note that these departments (None: all) are to be looked at again; whether somebody must be asked to.

    Nobody need be while each was noted before, unless one waits so long that whoever was asked then must have died.
    """
    departments = Department.objects.filter(campaign_id=campaign_id)
    if department_ids is not None:
        departments = departments.filter(pk__in=set(department_ids))
    new = departments.filter(detection__isnull=True).values_list("pk", flat=True)
    Detection.objects.bulk_create(
        [Detection(campaign_id=campaign_id, department_id=pk) for pk in new], ignore_conflicts=True
    )
    with transaction.atomic():
        rows = Detection.objects.filter(department__in=departments, wanted_at__isnull=True)
        noted = list(rows.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
        Detection.objects.filter(pk__in=noted).update(wanted_at=wall_now())
    too_long = Q(wanted_at__isnull=True) | Q(wanted_at__lt=_patience())
    return bool(noted) or _waiting(campaign_id).filter(too_long).exists()


def detect_wanted(campaign: Campaign, *, at: datetime) -> int:
    """Look at every department that is to be looked at again, until none is; returns how many were.

    Each is taken by one worker alone, and what changes meanwhile is taken up again; so is what a worker had taken that
    has died. A department whose findings cannot be written is reported, and the others are looked at.
    """
    done = 0
    while True:
        row = _waiting(campaign.pk).order_by("wanted_at", "pk").first()
        if row is None:
            return done
        same = Detection.objects.filter(pk=row.pk, wanted_at=row.wanted_at, taken_at=row.taken_at)
        if not same.update(wanted_at=None, taken_at=wall_now()):
            continue  # another worker was faster
        department = Department.objects.select_related("block", "campaign").filter(pk=row.department_id).first()
        if department is not None:
            _detect_in_any_case(department, at=at)
            done += 1


def _waiting(campaign_id: int) -> QuerySet[Detection]:
    """Return what is to be looked at, and what somebody has taken so long ago that they must have died."""
    died = Q(taken_at__lt=_patience())
    return Detection.objects.filter(Q(wanted_at__isnull=False) | died, campaign_id=campaign_id)


def _patience() -> datetime:
    return wall_now() - PATIENCE
