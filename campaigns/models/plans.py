from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaigns.enums import MarkReason, ObligationKind, PlanKind
from campaigns.models.campaign import Campaign
from campaigns.models.departments import Department
from campaigns.models.duties import Duty
from campaigns.models.papers import Paper, PaperEvent, PaperPart, PaperReading, PaperRemark, PaperVersion
from campaigns.querysets import PlanMarkQuerySet, PlanQuerySet, PlanVersionQuerySet


class Plan(Paper):
    """The plan of a department (活动方案) as it is being written; what was handed in are its versions."""

    SORT = "plan"

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="plans")
    department = models.OneToOneField(Department, models.PROTECT, related_name="plan")
    kind = models.CharField(max_length=12, choices=PlanKind.choices, default=PlanKind.DEPARTMENT)

    objects: ClassVar[PlanQuerySet[Plan]] = PlanQuerySet.as_manager()  # type: ignore[assignment]  # typed by the queryset

    class Meta:
        verbose_name = _("plan")
        ordering = ("department__order",)

    @property
    def noun(self) -> str:
        """What it is called within a sentence."""
        return gettext("plan")

    @property
    def obligation(self) -> ObligationKind:
        """The electronic copy, which its first submission is."""
        return ObligationKind.PLAN_ELECTRONIC


class PlanPart(PaperPart):
    """A part of a plan's prose."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="parts")

    class Meta:
        verbose_name = _("part of a plan")
        ordering = ("order", "id")
        constraints = (models.UniqueConstraint(fields=["plan", "code"], condition=~Q(code=""), name="plan_part_once"),)

    @property
    def paper(self) -> Plan:
        """The text it belongs to."""
        return self.plan


class PlanItem(models.Model):
    """An item of a plan (实施条目); each has a version of its own, so that two people may write at once."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    plan = models.ForeignKey(Plan, models.CASCADE, related_name="items")
    order = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(max_length=200)
    measure = models.TextField(blank=True)
    standard = models.TextField(blank=True)
    outcome = models.TextField(blank=True)
    incentive = models.TextField(blank=True)
    service = models.TextField(blank=True)
    responsible = models.CharField(max_length=100, blank=True)
    due_on = models.DateField(null=True)
    due_text = models.CharField(max_length=100, blank=True)
    quality_document = models.CharField(max_length=200, blank=True)
    duties = models.ManyToManyField(Duty, related_name="items")
    cooperating = models.ManyToManyField(Department, related_name="+")
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    removed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("item of a plan")
        ordering = ("order", "id")

    def __str__(self) -> str:
        return self.title


class PlanVersion(PaperVersion):
    """What was submitted of a plan, for good."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="versions")

    objects: ClassVar[PlanVersionQuerySet[PlanVersion]] = PlanVersionQuerySet.as_manager()  # type: ignore[assignment]  # typed by the queryset

    class Meta:
        verbose_name = _("version of a plan")
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=["plan", "number"], name="plan_version_once"),)

    @property
    def paper(self) -> Plan:
        """The text it belongs to."""
        return self.plan


class PlanEvent(PaperEvent):
    """A step of a plan's way."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="events")
    version = models.ForeignKey(PlanVersion, models.PROTECT, null=True, related_name="events")

    class Meta:
        verbose_name = _("step of a plan")
        ordering = ("at", "id")


class PlanRemark(PaperRemark):
    """What the office wrote to an item or part of a plan."""

    version = models.ForeignKey(PlanVersion, models.CASCADE, related_name="remarks")

    class Meta:
        verbose_name = _("remark on a plan")
        constraints = (models.UniqueConstraint(fields=["version", "target"], name="plan_remark_once"),)


class PlanMark(models.Model):
    """An assessor's note on an item of a version, before anybody is charged (P1, P4); ``target`` is the item's uuid."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    plan = models.ForeignKey(Plan, models.CASCADE, related_name="marks")
    version = models.ForeignKey(PlanVersion, models.CASCADE, related_name="marks")
    target = models.UUIDField()
    reason = models.CharField(max_length=20, choices=MarkReason.choices)
    reviewed_on = models.DateField(null=True)
    note = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    objects: ClassVar[PlanMarkQuerySet[PlanMark]] = PlanMarkQuerySet.as_manager()  # type: ignore[assignment]  # typed by the queryset

    class Meta:
        verbose_name = _("mark on an item")
        ordering = ("at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["plan", "target", "reason"],
                condition=Q(withdrawn_at__isnull=True),
                name="plan_mark_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.target} {self.reason}"


class PlanReading(PaperReading):
    """What was read out of a file of a plan."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="readings")

    class Meta:
        verbose_name = _("reading of a file")
        ordering = ("-id",)

    @property
    def paper(self) -> Plan:
        """The text it belongs to."""
        return self.plan
