from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign, Department
from scoring.enums import STORED_RESULTS, InspectionKind, MarkResult
from scoring.models.rulebook import Rule
from scoring.querysets import InspectionQuerySet


class Inspection(models.Model):
    """A visit of the assessment team to a department (检查), with its real time and the time it was entered."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    body_hash = models.CharField(max_length=64, editable=False)
    version = models.PositiveIntegerField(default=1)
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="inspections")
    kind = models.CharField(_("kind"), max_length=12, choices=InspectionKind.choices)
    department = models.ForeignKey(Department, models.PROTECT, related_name="inspections")
    assessors = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="inspections")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    note = models.TextField(blank=True)

    objects: ClassVar[InspectionQuerySet[Inspection]] = InspectionQuerySet.as_manager()  # type: ignore[assignment]  # typed by the queryset

    class Meta:
        verbose_name = _("inspection")
        ordering = ("-started_at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(started_at__lte=F("ended_at")),
                name="inspection_starts_before_end",
            ),
        )
        indexes = (models.Index(fields=["campaign", "-started_at", "-id"], name="inspection_latest"),)

    def __str__(self) -> str:
        return f"{self.department_id} {self.started_at:%Y-%m-%d}"


class InspectionMark(models.Model):
    """What an inspection says of one rule, and whether the department was urged (督促) to mend without points."""

    inspection = models.ForeignKey(Inspection, models.CASCADE, related_name="marks")
    rule = models.ForeignKey(Rule, models.PROTECT, related_name="+")
    result = models.CharField(max_length=16, choices=[(r.value, r.label) for r in STORED_RESULTS])
    urged = models.BooleanField(default=False)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("mark of an inspection")
        constraints = (
            models.UniqueConstraint(fields=["inspection", "rule"], name="mark_once"),
            models.CheckConstraint(
                condition=Q(result__in=[r.value for r in STORED_RESULTS]), name="mark_result_stored"
            ),
        )

    def __str__(self) -> str:
        return f"{self.rule_id} {MarkResult(self.result).label}"
