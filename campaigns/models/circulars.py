from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from campaigns.enums import CircularKind
from campaigns.models.campaign import Campaign
from campaigns.models.departments import Department
from campaigns.models.people import StaffMember
from campaigns.querysets import CircularQuerySet, CircularRecipientQuerySet


class Circular(models.Model):
    """A document the college forwards or issues to departments (转发和下发的文件)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1)
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="circulars")
    kind = models.CharField(max_length=10, choices=CircularKind.choices)
    number = models.CharField(max_length=100, blank=True)
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    issued_on = models.DateField()
    due_on = models.DateField()
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_because = models.CharField(max_length=200, blank=True)

    objects: ClassVar[CircularQuerySet[Circular]] = CircularQuerySet.as_manager()  # type: ignore[assignment]  # typed by the queryset

    class Meta:
        verbose_name = _("circular")
        ordering = ("-issued_on", "-id")
        constraints = (
            models.CheckConstraint(condition=Q(issued_on__lte=F("due_on")), name="circular_due_after_issue"),
        )

    def __str__(self) -> str:
        return self.title


class CircularRecipient(models.Model):
    """A department a circular went to: how it was relayed (传达: when, to which staff), how carried out (执行)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1)
    circular = models.ForeignKey(Circular, models.CASCADE, related_name="recipients")
    department = models.ForeignKey(Department, models.PROTECT, related_name="circulars")
    relayed_on = models.DateField(null=True)
    relayed_to_all = models.BooleanField(default=False)
    relayed_to = models.ManyToManyField(StaffMember, related_name="+")
    relayed_how = models.CharField(max_length=200, blank=True)
    relayed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    relayed_at = models.DateTimeField(null=True)
    carried_out_on = models.DateField(null=True)
    carried_out = models.TextField(blank=True)
    carried_out_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    carried_out_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    objects: ClassVar[CircularRecipientQuerySet[CircularRecipient]] = CircularRecipientQuerySet.as_manager()  # type: ignore[assignment]  # typed by the queryset

    class Meta:
        verbose_name = _("recipient of a circular")
        ordering = ("department__order",)
        constraints = (models.UniqueConstraint(fields=["circular", "department"], name="circular_recipient_once"),)

    def __str__(self) -> str:
        return f"{self.circular_id} {self.department_id}"
