from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from campaigns.enums import EvidenceTarget, ExchangeKind
from campaigns.models.campaign import Campaign
from campaigns.models.departments import Department
from campaigns.querysets import EvidenceQuerySet, ExchangePresenterQuerySet, ExchangeQuerySet


class Evidence(models.Model):
    """A proof a department keeps (佐证): files, one sentence, a day; one record counts for all it is linked to.

    Without links it waits unfiled in the department's inbox.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1)
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="evidence")
    department = models.ForeignKey(Department, models.PROTECT, related_name="evidence")
    text = models.CharField(max_length=300)
    happened_on = models.DateField()
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_because = models.CharField(max_length=200, blank=True)

    objects: ClassVar[EvidenceQuerySet[Evidence]] = EvidenceQuerySet.as_manager()  # type: ignore[assignment]  # typed by the queryset

    class Meta:
        verbose_name = _("evidence")
        ordering = ("-happened_on", "-id")
        indexes = (models.Index(fields=["campaign", "department", "-happened_on"], name="evidence_by_department"),)

    def __str__(self) -> str:
        return self.text


class EvidenceLink(models.Model):
    """What a piece of evidence proves: a record by uuid, a month (2009-11), one of a list of the season by name."""

    evidence = models.ForeignKey(Evidence, models.CASCADE, related_name="links")
    target = models.CharField(max_length=16, choices=EvidenceTarget.choices)
    key = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("what evidence proves")
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=["evidence", "target", "key"], name="evidence_link_once"),)
        indexes = (models.Index(fields=["target", "key"], name="evidence_by_target"),)

    def __str__(self) -> str:
        return f"{self.target} {self.key}"


class Exchange(models.Model):
    """An event at which departments learn from each other (经验交流、现场展示), with its programme."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1)
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="exchanges")
    kind = models.CharField(max_length=8, choices=ExchangeKind.choices)
    title = models.CharField(max_length=200)
    starts_at = models.DateTimeField()
    place = models.CharField(max_length=100)
    programme = models.TextField(blank=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)
    cancelled_because = models.CharField(max_length=200, blank=True)

    objects: ClassVar[ExchangeQuerySet[Exchange]] = ExchangeQuerySet.as_manager()  # type: ignore[assignment]  # typed by the queryset

    class Meta:
        verbose_name = _("exchange of experience")
        ordering = ("-starts_at", "-id")

    def __str__(self) -> str:
        return self.title


class ExchangePresenter(models.Model):
    """Who presents what at an exchange, for which department; maybe what was recommended for it."""

    exchange = models.ForeignKey(Exchange, models.CASCADE, related_name="presenters")
    department = models.ForeignKey(Department, models.PROTECT, related_name="+")
    recommendation = models.ForeignKey("Recommendation", models.SET_NULL, null=True, related_name="presenters")
    name = models.CharField(max_length=64)
    topic = models.CharField(max_length=200)
    order = models.PositiveSmallIntegerField(default=0)

    objects: ClassVar[ExchangePresenterQuerySet[ExchangePresenter]] = ExchangePresenterQuerySet.as_manager()  # type: ignore[assignment]  # typed by the queryset

    class Meta:
        verbose_name = _("presenter")
        ordering = ("order", "id")

    def __str__(self) -> str:
        return f"{self.name} {self.topic}"
