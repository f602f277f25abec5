from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.enums import MarkReason, PlanAct, PlanKind, PlanState
from campaigns.models.campaign import Campaign
from campaigns.models.departments import Department
from campaigns.models.duties import Duty
from campaigns.querysets import PlanMarkQuerySet, PlanQuerySet, PlanVersionQuerySet


class Plan(models.Model):
    """The plan of a department (活动方案) as it is being written; what was handed in are its versions.

    ``word_file`` is the Word text the department brought, kept as the official text. ``submitted_at`` is the first
    complete submission, whose time decides lateness.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="plans")
    department = models.OneToOneField(Department, models.PROTECT, related_name="plan")
    kind = models.CharField(max_length=12, choices=PlanKind.choices, default=PlanKind.DEPARTMENT)
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=PlanState.choices, default=PlanState.DRAFT)
    word_file = models.ForeignKey("Attachment", models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    approved_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()

    objects: ClassVar[PlanQuerySet[Plan]] = PlanQuerySet.as_manager()  # type: ignore[assignment]  # typed by the queryset

    class Meta:
        verbose_name = _("plan")
        ordering = ("department__order",)

    def __str__(self) -> str:
        return self.title


class PlanPart(models.Model):
    """A part of prose: one of the season's list by code, or (code '') a free section with a title of its own."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    plan = models.ForeignKey(Plan, models.CASCADE, related_name="parts")
    code = models.SlugField(max_length=32, blank=True)
    title = models.CharField(max_length=100)
    text = models.TextField(blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("part of a plan")
        ordering = ("order", "id")
        constraints = (models.UniqueConstraint(fields=["plan", "code"], condition=~Q(code=""), name="plan_part_once"),)

    def __str__(self) -> str:
        return self.title


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


class PlanVersion(models.Model):
    """What was submitted, for good: content as JSON, its sha256, and the code printed on every page of it."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    plan = models.ForeignKey(Plan, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=12, unique=True)
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    word_file = models.ForeignKey("Attachment", models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField()
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects: ClassVar[PlanVersionQuerySet[PlanVersion]] = PlanVersionQuerySet.as_manager()  # type: ignore[assignment]  # typed by the queryset

    class Meta:
        verbose_name = _("version of a plan")
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=["plan", "number"], name="plan_version_once"),)

    def __str__(self) -> str:
        return f"{self.plan_id} {self.number}"


class PlanEvent(models.Model):
    """A step of a plan's way, with who did it and, where it was handed over, for whom (某某代某某)."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="events")
    act = models.CharField(max_length=10, choices=PlanAct.choices)
    version = models.ForeignKey(PlanVersion, models.PROTECT, null=True, related_name="events")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    on_behalf_of = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    note = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("step of a plan")
        ordering = ("at", "id")

    def __str__(self) -> str:
        return f"{self.plan_id} {self.act}"


class PlanRemark(models.Model):
    """What the office wrote to an item or part when it returned a version; ``target`` is its uuid."""

    version = models.ForeignKey(PlanVersion, models.CASCADE, related_name="remarks")
    target = models.UUIDField()
    text = models.TextField()

    class Meta:
        verbose_name = _("remark on a plan")
        constraints = (models.UniqueConstraint(fields=["version", "target"], name="plan_remark_once"),)

    def __str__(self) -> str:
        return self.text[:40]


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


class PlanReading(models.Model):
    """What was read out of a Word or Excel file as a proposal, until it is checked item by item and taken over."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    plan = models.ForeignKey(Plan, models.CASCADE, related_name="readings")
    attachment = models.ForeignKey("Attachment", models.PROTECT, related_name="+")
    content = models.JSONField()
    read_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    read_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("reading of a file")
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.plan_id} {self.read_at:%Y-%m-%d}"
