from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from campaigns.models.campaign import Campaign
from campaigns.models.departments import Department
from campaigns.querysets import OverseenQuerySet, PolicyPartQuerySet


class Policy(models.Model):
    """A department's own policy or document (制度), in force from a day; what it says are its items."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1)
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="policies")
    department = models.ForeignKey(Department, models.PROTECT, related_name="policies")
    title = models.CharField(max_length=200)
    number = models.CharField(max_length=100, blank=True)
    issued_on = models.DateField()
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_because = models.CharField(max_length=200, blank=True)

    objects: ClassVar[OverseenQuerySet[Policy]] = OverseenQuerySet.as_manager()  # type: ignore[assignment]  # typed by the queryset

    class Meta:
        verbose_name = _("policy")
        ordering = ("-issued_on", "-id")

    def __str__(self) -> str:
        return self.title


class PolicyItem(models.Model):
    """One content of a policy (每项内容); without a measure it is on paper only (A4, B3)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    policy = models.ForeignKey(Policy, models.CASCADE, related_name="items")
    text = models.CharField(max_length=500)
    order = models.PositiveSmallIntegerField(default=0)
    removed_at = models.DateTimeField(null=True)

    objects: ClassVar[PolicyPartQuerySet[PolicyItem]] = PolicyPartQuerySet.as_manager()  # type: ignore[assignment]  # typed by the queryset

    class Meta:
        verbose_name = _("content of a policy")
        ordering = ("order", "id")

    def __str__(self) -> str:
        return self.text[:40]


class PolicyMeasure(models.Model):
    """What was done to carry out one content of a policy, and when."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    item = models.ForeignKey(PolicyItem, models.CASCADE, related_name="measures")
    text = models.CharField(max_length=500)
    happened_on = models.DateField()
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("measure that carries out a policy")
        ordering = ("happened_on", "id")

    def __str__(self) -> str:
        return self.text[:40]
