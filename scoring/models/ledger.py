from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import ExpressionWrapper, F, IntegerField, Q
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign, Department, ImportBatch, StaffMember, StudentClass
from qualityseason.fields import PointsField
from scoring.enums import DeductionState
from scoring.models.inspections import Inspection
from scoring.models.rulebook import Category, Rule, RuleVersion
from scoring.querysets import DeductionQuerySet, TallyQuerySet

USER = settings.AUTH_USER_MODEL


class Deduction(models.Model):
    """A line of the ledger (扣分): never edited, its four timestamps each written once."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    body_hash = models.CharField(max_length=64, editable=False)
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="deductions")
    visited = models.ForeignKey(Department, models.PROTECT, related_name="+")
    charged = models.ForeignKey(Department, models.PROTECT, related_name="deductions")
    category = models.ForeignKey(Category, models.PROTECT, related_name="+")
    rule = models.ForeignKey(Rule, models.PROTECT, related_name="deductions")
    rule_version = models.ForeignKey(RuleVersion, models.PROTECT, related_name="deductions")
    text = models.TextField()
    points = PointsField()
    quantity = models.PositiveIntegerField()
    amount = PointsField()
    subject_person = models.ForeignKey(StaffMember, models.PROTECT, null=True, related_name="+")
    subject_class = models.ForeignKey(StudentClass, models.PROTECT, null=True, related_name="+")
    subject_label = models.CharField(max_length=200, blank=True)
    period = models.CharField(max_length=32, blank=True)
    happened_on = models.DateField()
    note = models.TextField(blank=True)
    answers = models.JSONField(default=dict)
    inspection = models.ForeignKey(Inspection, models.PROTECT, null=True, related_name="deductions")
    finding = models.ForeignKey("scoring.Finding", models.PROTECT, null=True, related_name="deductions")
    batch = models.ForeignKey(ImportBatch, models.PROTECT, null=True, related_name="deductions")
    replaces = models.ForeignKey("self", models.PROTECT, null=True, related_name="replaced_by")
    charge_key = models.CharField(max_length=300, null=True)  # null: the rule has no once-rule
    recorded_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    told_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    told_at = models.DateTimeField(null=True)
    notice = models.ForeignKey("scoring.Notice", models.PROTECT, null=True, related_name="lines")
    appeal_until = models.DateField(null=True)
    withdrawn_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_because = models.CharField(max_length=300, blank=True)

    objects: ClassVar[DeductionQuerySet[Deduction]] = DeductionQuerySet.as_manager()  # type: ignore[assignment]  # typed by the queryset

    class Meta:
        verbose_name = _("deduction")
        ordering = ("-happened_on", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(amount=ExpressionWrapper(F("points") * F("quantity"), IntegerField())),
                name="deduction_amount_is_points_times_quantity",
            ),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="deduction_quantity_positive"),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("recorded_by")),
                name="deduction_confirmed_by_another",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="deduction_confirmed_whole",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_by__isnull=True, withdrawn_at__isnull=True)
                | (Q(withdrawn_by__isnull=False, withdrawn_at__isnull=False) & ~Q(withdrawn_because="")),
                name="deduction_withdrawn_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(told_at__isnull=True) | Q(confirmed_at__isnull=False),
                name="deduction_told_after_confirmation",
            ),
            models.UniqueConstraint(
                fields=["campaign", "charge_key"],
                condition=Q(withdrawn_at__isnull=True, charge_key__isnull=False),
                name="deduction_fact_charged_once",
            ),
        )
        indexes = (
            models.Index(fields=["campaign", "-happened_on", "-id"], name="deduction_latest"),
            models.Index(fields=["charged", "-happened_on", "-id"], name="deduction_of_department"),
            models.Index(fields=["rule", "-happened_on", "-id"], name="deduction_of_rule"),
            models.Index(
                fields=["charged", "category", "rule", "confirmed_at", "amount"],
                condition=Q(withdrawn_at__isnull=True),
                name="deduction_for_tally",
            ),
            models.Index(
                fields=["campaign", "-happened_on", "-id"],
                condition=Q(confirmed_at__isnull=True, withdrawn_at__isnull=True),
                name="deduction_waiting",
            ),
        )

    def __str__(self) -> str:
        return f"{self.rule_id} × {self.quantity} = {self.amount}"

    @property
    def state(self) -> DeductionState:
        """Where the line stands."""
        if self.withdrawn_at is not None:
            return DeductionState.WITHDRAWN
        return DeductionState.RECORDED if self.confirmed_at is None else DeductionState.CONFIRMED

    @property
    def subject_is_text(self) -> bool:
        """Whether the line names a person, class, assignment or item that no record here matches."""
        is_known = self.subject_person_id is not None or self.subject_class_id is not None
        return not is_known and self.subject_label not in ("", self.period)


class Tally(models.Model):
    """Raw sums of one department in one category (得分): score, rank and percentage are computed when read."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="tallies")
    department = models.ForeignKey(Department, models.CASCADE, related_name="tallies")
    category = models.ForeignKey(Category, models.CASCADE, related_name="tallies")
    charged = PointsField(default=0)
    absorbed = PointsField(default=0)
    pending = PointsField(default=0)
    confirmed_lines = models.PositiveIntegerField(default=0)
    pending_lines = models.PositiveIntegerField(default=0)

    objects: ClassVar[TallyQuerySet[Tally]] = TallyQuerySet.as_manager()  # type: ignore[assignment]  # typed by the queryset

    class Meta:
        verbose_name = _("tally")
        constraints = (
            models.UniqueConstraint(fields=["department", "category"], name="tally_once"),
            models.CheckConstraint(
                condition=Q(charged__gte=0) & Q(absorbed__gte=0) & Q(pending__gte=0), name="tally_not_negative"
            ),
        )

    def __str__(self) -> str:
        return f"{self.department_id} {self.category_id} {self.charged}"
