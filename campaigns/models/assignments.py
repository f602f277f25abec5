from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from campaigns.enums import Issuer, TaskState
from campaigns.models.campaign import Campaign
from campaigns.models.departments import Department
from campaigns.querysets import AssignmentQuerySet, AssignmentReportQuerySet


class Assignment(models.Model):
    """What the leading group or the office tells one department to do (临时交办任务), by a day.

    ``done_on`` is the day it was done, written when a report is accepted; until then it is what the report says.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1)
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="assignments")
    department = models.ForeignKey(Department, models.PROTECT, related_name="assignments")
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    issuer = models.CharField(max_length=16, choices=Issuer.choices)
    given_on = models.DateField()
    due_on = models.DateField()
    state = models.CharField(max_length=10, choices=TaskState.choices, default=TaskState.GIVEN)
    done_on = models.DateField(null=True)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_because = models.CharField(max_length=200, blank=True)

    objects: ClassVar[AssignmentQuerySet[Assignment]] = AssignmentQuerySet.as_manager()  # type: ignore[assignment]  # typed by the queryset

    class Meta:
        verbose_name = _("assignment")
        ordering = ("-given_on", "-id")
        constraints = (
            models.CheckConstraint(condition=Q(given_on__lte=F("due_on")), name="assignment_due_after_given"),
            models.CheckConstraint(
                condition=~Q(state=TaskState.ACCEPTED) | Q(done_on__isnull=False), name="assignment_accepted_is_done"
            ),
        )

    def __str__(self) -> str:
        return self.title


class AssignmentReport(models.Model):
    """What a department reported of an assignment, and what was said to it: accepted, or sent back with a note."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="reports")
    text = models.TextField()
    done_on = models.DateField()
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reported_at = models.DateTimeField()
    verdict = models.CharField(
        max_length=10, blank=True, choices=[(s.value, s.label) for s in (TaskState.ACCEPTED, TaskState.SENT_BACK)]
    )
    verdict_note = models.CharField(max_length=300, blank=True)
    judged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    judged_at = models.DateTimeField(null=True)

    objects: ClassVar[AssignmentReportQuerySet[AssignmentReport]] = AssignmentReportQuerySet.as_manager()  # type: ignore[assignment]  # typed by the queryset

    class Meta:
        verbose_name = _("report of an assignment")
        ordering = ("reported_at", "id")

    def __str__(self) -> str:
        return self.text[:40]
