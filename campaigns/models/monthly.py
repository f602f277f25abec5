from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from campaigns.enums import MonthlyReportKind, ServiceKind
from campaigns.models.campaign import Campaign
from campaigns.models.departments import Department
from campaigns.querysets import MonthlyReportQuerySet, ServiceWorkQuerySet


class ServiceWork(models.Model):
    """Service work in a department one's duties reach (服务性管理工作, A2): where, when, what."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1)
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="service_work")
    department = models.ForeignKey(Department, models.PROTECT, related_name="service_work")
    visited = models.ForeignKey(Department, models.PROTECT, related_name="service_received")
    kind = models.CharField(max_length=16, choices=ServiceKind.choices)
    happened_on = models.DateField()
    place = models.CharField(max_length=100, blank=True)
    text = models.CharField(max_length=500)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_because = models.CharField(max_length=200, blank=True)

    objects: ClassVar[ServiceWorkQuerySet[ServiceWork]] = ServiceWorkQuerySet.as_manager()  # type: ignore[assignment]  # typed by the queryset

    class Meta:
        verbose_name = _("service work")
        ordering = ("-happened_on", "-id")
        constraints = (
            models.CheckConstraint(condition=~Q(department=F("visited")), name="service_work_in_another_department"),
        )

    def __str__(self) -> str:
        return self.text[:40]


class MonthlyReport(models.Model):
    """What a department of block B writes for a working month (B4).

    A specialty department summarises its students' breaches and how they were handled; the others report conduct,
    outstanding as well as breaches, to ``addressee``, which confirms receipt. ``has_nothing`` says there was nothing.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1)
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="monthly_reports")
    department = models.ForeignKey(Department, models.PROTECT, related_name="monthly_reports")
    kind = models.CharField(max_length=10, choices=MonthlyReportKind.choices)
    month = models.CharField(max_length=7)
    has_nothing = models.BooleanField(default=False)
    outstanding = models.TextField(blank=True)
    breaches = models.TextField(blank=True)
    handling = models.TextField(blank=True)
    addressee = models.ForeignKey(Department, models.PROTECT, null=True, related_name="reports_received")
    reported_on = models.DateField()
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)

    objects: ClassVar[MonthlyReportQuerySet[MonthlyReport]] = MonthlyReportQuerySet.as_manager()  # type: ignore[assignment]  # typed by the queryset

    class Meta:
        verbose_name = _("monthly report")
        ordering = ("month", "department__order")
        constraints = (
            models.UniqueConstraint(fields=["department", "kind", "month"], name="monthly_report_once"),
            models.CheckConstraint(
                condition=~Q(kind=MonthlyReportKind.CONDUCT) | Q(addressee__isnull=False),
                name="monthly_report_of_conduct_goes_to_somebody",
            ),
        )

    def __str__(self) -> str:
        return f"{self.month} {self.department_id}"
