from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import ExpressionWrapper, F, IntegerField, Q
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign, Department, StaffMember, StudentClass
from qualityseason.fields import PointsField
from scoring.enums import FindingState, Proof, RecordKind
from scoring.models.ledger import Deduction
from scoring.models.rulebook import Rule, RuleVersion
from scoring.querysets import AnnouncementQuerySet, FindingQuerySet

USER = settings.AUTH_USER_MODEL


class Finding(models.Model):
    """What the records show by themselves (疑似扣分), until a person charges or dismisses it or its ground is gone.

    ``reason`` and ``parameters`` make the sentence that says why; ``facts`` are the records as they were, kept as they
    stood when it was decided. ``peak`` is the most it would ever have cost: what mending has spared is told from it.
    ``earlier`` keeps what was dismissed before the facts changed: facts, amount, reason, by whom and when.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="findings")
    charged = models.ForeignKey(Department, models.PROTECT, related_name="findings")
    rule = models.ForeignKey(Rule, models.PROTECT, related_name="findings")
    rule_version = models.ForeignKey(RuleVersion, models.PROTECT, related_name="+")
    charge_key = models.CharField(max_length=300)
    reason = models.SlugField(max_length=40)
    parameters = models.JSONField(default=dict)
    quantity = models.PositiveIntegerField()
    points = PointsField()
    amount = PointsField()
    peak = PointsField()
    subject_person = models.ForeignKey(StaffMember, models.PROTECT, null=True, related_name="+")
    subject_class = models.ForeignKey(StudentClass, models.PROTECT, null=True, related_name="+")
    subject_label = models.CharField(max_length=200, blank=True)
    period = models.CharField(max_length=32, blank=True)
    happened_on = models.DateField()
    facts = models.JSONField(default=list)
    fingerprint = models.CharField(max_length=64)
    proof = models.CharField(max_length=12, choices=Proof.choices)
    silence = models.CharField(max_length=16, choices=RecordKind.choices, blank=True)
    state = models.CharField(max_length=10, choices=FindingState.choices, default=FindingState.OPEN)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    because = models.CharField(max_length=300, blank=True)
    deduction = models.ForeignKey(Deduction, models.PROTECT, null=True, related_name="+")
    earlier = models.JSONField(null=True)

    objects: ClassVar[FindingQuerySet[Finding]] = FindingQuerySet.as_manager()  # type: ignore[assignment]  # typed by the queryset

    class Meta:
        verbose_name = _("finding")
        ordering = ("rule__order", "charged__order", "happened_on", "id")
        constraints = (
            models.UniqueConstraint(fields=["campaign", "charge_key"], name="finding_of_fact_once"),
            models.CheckConstraint(
                condition=Q(amount=ExpressionWrapper(F("points") * F("quantity"), IntegerField())),
                name="finding_amount_is_points_times_quantity",
            ),
            models.CheckConstraint(
                condition=Q(state=FindingState.CHARGED, deduction__isnull=False)
                | (~Q(state=FindingState.CHARGED) & Q(deduction__isnull=True)),
                name="finding_charged_has_its_line",
            ),
            models.CheckConstraint(
                condition=~Q(state=FindingState.DISMISSED) | (~Q(because="") & Q(decided_by__isnull=False)),
                name="finding_dismissed_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(state=FindingState.GONE, gone_at__isnull=False)
                | (~Q(state=FindingState.GONE) & Q(gone_at__isnull=True)),
                name="finding_gone_says_when",
            ),
        )
        indexes = (
            models.Index(fields=["campaign", "state", "proof", "rule", "charged"], name="finding_queue"),
            models.Index(fields=["charged", "state"], name="finding_of_department"),
        )

    def __str__(self) -> str:
        return self.charge_key

    @property
    def proposes_points(self) -> bool:
        """Whether the records prove it, so that it may be charged as it stands."""
        return self.proof == Proof.PROVEN


class Detection(models.Model):
    """When a department's records were last looked at, whether they are to be again, and which detectors failed.

    ``taken_at`` is set while they are looked at; where it stays long, whoever looked has died.
    ``troubles`` are {detector, trace} of detectors that raised; what they had found before stays.
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="detections")
    department = models.OneToOneField(Department, models.CASCADE, related_name="detection")
    wanted_at = models.DateTimeField(null=True)
    taken_at = models.DateTimeField(null=True)
    detected_at = models.DateTimeField(null=True)
    troubles = models.JSONField(default=list)

    class Meta:
        verbose_name = _("detection")
        ordering = ("department__order",)

    def __str__(self) -> str:
        return str(self.department_id)


class Announcement(models.Model):
    """The office's word that for a kind of records the portal counts from a day on (自某日起以平台记录为准)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="announcements")
    kind = models.CharField(max_length=16, choices=RecordKind.choices)
    starts_on = models.DateField()
    announced_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    announced_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    objects: ClassVar[AnnouncementQuerySet[Announcement]] = AnnouncementQuerySet.as_manager()  # type: ignore[assignment]  # typed by the queryset

    class Meta:
        verbose_name = _("announcement")
        ordering = ("kind", "-announced_at")
        constraints = (
            models.UniqueConstraint(
                fields=["campaign", "kind"], condition=Q(withdrawn_at__isnull=True), name="announcement_standing_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.starts_on}"
