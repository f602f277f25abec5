from __future__ import annotations

import uuid
from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.calculations.obligations import deadline_of
from campaigns.enums import ObligationKind, ReceiptKind
from campaigns.models.campaign import Campaign, Milestone
from campaigns.models.departments import Department
from campaigns.models.plans import PlanVersion
from campaigns.models.summaries import SummaryVersion
from campaigns.querysets import ObligationQuerySet, ReceiptQuerySet


class Obligation(models.Model):
    """One thing one department owes (应办事项); home, matrix, reminders, calendar and lateness read only this.

    It is owed by a milestone, or else ``key`` names what asks for it (a record by uuid, a month as 2009-11) and
    ``name`` says it in words. ``dropped_at``: it is owed no more, because what asked for it was withdrawn.
    ``met_at`` is the true moment it was met by the campaign's clock (a session's day, the first complete submission),
    ``recorded_at`` when the portal learnt of it; ``met_by_kind`` and ``met_by_uuid`` name the record that met it.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="obligations")
    milestone = models.ForeignKey(Milestone, models.PROTECT, null=True, related_name="obligations")
    key = models.CharField(max_length=36, blank=True)
    name = models.CharField(max_length=200, blank=True)
    department = models.ForeignKey(Department, models.PROTECT, related_name="obligations")
    kind = models.CharField(max_length=16, choices=ObligationKind.choices)
    due_on = models.DateField()
    extended_to = models.DateField(null=True)
    met_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(null=True)
    met_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    met_by_kind = models.CharField(max_length=32, blank=True)
    met_by_uuid = models.UUIDField(null=True)
    note = models.CharField(max_length=300, blank=True)
    dropped_at = models.DateTimeField(null=True)

    objects: ClassVar[ObligationQuerySet[Obligation]] = ObligationQuerySet.as_manager()  # type: ignore[assignment]  # typed by the queryset

    class Meta:
        verbose_name = _("obligation")
        ordering = ("due_on", "milestone__code", "department__order")
        constraints = (
            models.UniqueConstraint(fields=["milestone", "department"], name="obligation_once"),
            models.UniqueConstraint(
                fields=["department", "kind", "key"], condition=~Q(key=""), name="obligation_of_record_once"
            ),
            models.CheckConstraint(
                condition=Q(milestone__isnull=False, key="") | (Q(milestone__isnull=True) & ~Q(key="")),
                name="obligation_by_milestone_or_record",
            ),
            models.CheckConstraint(
                condition=Q(met_at__isnull=True, recorded_at__isnull=True)
                | Q(met_at__isnull=False, recorded_at__isnull=False),
                name="obligation_met_is_recorded",
            ),
        )

    def __str__(self) -> str:
        return f"{self.milestone_id or self.key} {self.department_id}"

    @property
    def label(self) -> str:
        """What is owed, in words; asks nothing when the milestone is loaded."""
        if self.milestone is not None:
            return self.milestone.name
        if self.kind == ObligationKind.NOTICE:
            return self.get_kind_display()
        return self.name or f"{self.get_kind_display()} {self.key}"

    @property
    def deadline(self) -> date:
        """The last day that is not late: the due day, or the day it was extended to."""
        return deadline_of(self.due_on, self.extended_to)


class Extension(models.Model):
    """A recorded decision that one department has more (or less) time for one thing (延期)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    obligation = models.ForeignKey(Obligation, models.CASCADE, related_name="extensions")
    before = models.DateField()
    until = models.DateField()
    reason = models.CharField(max_length=300)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        verbose_name = _("extension")
        ordering = ("decided_at", "id")

    def __str__(self) -> str:
        return f"{self.obligation_id} {self.until}"


class MilestoneMove(models.Model):
    """A recorded decision that a milestone falls on another day for all departments."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    milestone = models.ForeignKey(Milestone, models.CASCADE, related_name="moves")
    before = models.DateField()
    until = models.DateField()
    reason = models.CharField(max_length=300)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        verbose_name = _("move of a milestone")
        ordering = ("decided_at", "id")

    def __str__(self) -> str:
        return f"{self.milestone_id} {self.until}"


class Receipt(models.Model):
    """A copy that was received (收件): which version, when, how many pages, by whom."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="receipts")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=16, choices=ReceiptKind.choices)
    department = models.ForeignKey(Department, models.PROTECT, related_name="receipts")
    obligation = models.ForeignKey(Obligation, models.PROTECT, null=True, related_name="receipts")
    version = models.ForeignKey(PlanVersion, models.PROTECT, null=True, related_name="receipts")
    summary_version = models.ForeignKey(SummaryVersion, models.PROTECT, null=True, related_name="receipts")
    received_on = models.DateField()
    pages = models.PositiveSmallIntegerField(null=True)
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    is_own = models.BooleanField(default=False)
    note = models.CharField(max_length=300, blank=True)

    objects: ClassVar[ReceiptQuerySet[Receipt]] = ReceiptQuerySet.as_manager()  # type: ignore[assignment]  # typed by the queryset

    class Meta:
        verbose_name = _("receipt")
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=["campaign", "number"], name="receipt_number_once"),
            models.UniqueConstraint(fields=["version", "kind"], name="receipt_of_version_once"),
            models.UniqueConstraint(fields=["summary_version", "kind"], name="receipt_of_summary_once"),
            models.CheckConstraint(
                condition=Q(version__isnull=False, summary_version__isnull=True)
                | Q(version__isnull=True, summary_version__isnull=False),
                name="receipt_of_one_version",
            ),
        )

    def __str__(self) -> str:
        return str(self.number)

    @property
    def submitted(self) -> PlanVersion | SummaryVersion:
        """The version received: of a plan, or of a summary."""
        found = self.version or self.summary_version
        assert found is not None  # noqa: S101  # by the constraint `receipt_of_one_version`
        return found
