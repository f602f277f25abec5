from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.enums import ProposalKind, ProposalState
from campaigns.models.campaign import Campaign
from campaigns.models.departments import Department
from campaigns.models.people import StaffMember
from campaigns.querysets import OverseenQuerySet, ProposalQuerySet


class Duty(models.Model):
    """A duty a document gives to a department (岗位职责); ended ones stay, because plans name them."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="duties")
    department = models.ForeignKey(Department, models.PROTECT, related_name="duties")
    number = models.CharField(max_length=16)
    text = models.TextField()
    source = models.CharField(max_length=100, blank=True)
    is_sample = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[OverseenQuerySet[Duty]] = OverseenQuerySet.as_manager()  # type: ignore[assignment]  # typed by the queryset

    class Meta:
        verbose_name = _("duty")
        ordering = ("department__order", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["department", "number"], condition=Q(ended_at__isnull=True), name="duty_number_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.text[:40]}"


class Proposal(models.Model):
    """A change of the staff list or of the duties that a department proposes; decided by the office, and dated.

    ``values`` are the fields of the change by name, dates in ISO.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="proposals")
    department = models.ForeignKey(Department, models.PROTECT, related_name="proposals")
    kind = models.CharField(max_length=16, choices=ProposalKind.choices)
    staff_member = models.ForeignKey(StaffMember, models.PROTECT, null=True, related_name="proposals")
    duty = models.ForeignKey(Duty, models.PROTECT, null=True, related_name="proposals")
    values = models.JSONField(default=dict)
    reason = models.CharField(max_length=300)
    state = models.CharField(max_length=10, choices=ProposalState.choices, default=ProposalState.PROPOSED)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision_note = models.CharField(max_length=300, blank=True)

    objects: ClassVar[ProposalQuerySet[Proposal]] = ProposalQuerySet.as_manager()  # type: ignore[assignment]  # typed by the queryset

    class Meta:
        verbose_name = _("proposed change")
        ordering = ("-proposed_at", "-id")

    def __str__(self) -> str:
        return f"{self.kind} {self.department_id}"
