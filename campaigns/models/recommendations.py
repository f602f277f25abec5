from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.enums import NominationState
from campaigns.models.campaign import Campaign
from campaigns.models.contest import Decision
from campaigns.models.departments import Department
from campaigns.models.people import StaffMember
from campaigns.querysets import MeasurementQuerySet, NominationQuerySet, RecommendationQuerySet
from qualityseason.fields import PointsField


class Recommendation(models.Model):
    """A department's written praise of its own or another's practice (推荐); it never changes a score."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1)
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="recommendations")
    department = models.ForeignKey(Department, models.PROTECT, related_name="recommendations_made")
    recommended = models.ForeignKey(Department, models.PROTECT, related_name="recommendations")
    title = models.CharField(max_length=200)
    practice = models.TextField()
    outcome = models.TextField(blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    for_exchange = models.BooleanField(default=False)
    for_volume = models.BooleanField(default=False)
    for_honours = models.BooleanField(default=False)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_because = models.CharField(max_length=200, blank=True)

    objects: ClassVar[RecommendationQuerySet[Recommendation]] = RecommendationQuerySet.as_manager()  # type: ignore[assignment]  # typed by the queryset

    class Meta:
        verbose_name = _("recommendation")
        ordering = ("-made_at", "-id")

    def __str__(self) -> str:
        return self.title


class Measurement(models.Model):
    """A measured value of one of the season's objectives: a figure in per cent, or a grade."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="measurements")
    objective = models.SlugField()
    value = PointsField(null=True)
    grade = models.CharField(max_length=40, blank=True)
    measured_on = models.DateField()
    source = models.CharField(max_length=200)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_because = models.CharField(max_length=200, blank=True)

    objects: ClassVar[MeasurementQuerySet[Measurement]] = MeasurementQuerySet.as_manager()  # type: ignore[assignment]  # typed by the queryset

    class Meta:
        verbose_name = _("measured value")
        ordering = ("-measured_on", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(value__isnull=False, grade="") | (Q(value__isnull=True) & ~Q(grade="")),
                name="measurement_is_figure_or_grade",
            ),
        )

    def __str__(self) -> str:
        return f"{self.objective} {self.measured_on}"


class Nomination(models.Model):
    """A person nominated for one of the season's honours (先进个人推荐): shortlisted, then decided upon."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1)
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="nominations")
    department = models.ForeignKey(Department, models.PROTECT, related_name="nominations")
    person = models.ForeignKey(StaffMember, models.PROTECT, related_name="nominations")
    honour = models.CharField(max_length=40)
    reasons = models.TextField()
    state = models.CharField(max_length=12, choices=NominationState.choices, default=NominationState.NOMINATED)
    recommendation = models.ForeignKey(Recommendation, models.SET_NULL, null=True, related_name="nominations")
    nominated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    nominated_at = models.DateTimeField()
    shortlisted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    shortlisted_at = models.DateTimeField(null=True)
    decision = models.ForeignKey(Decision, models.PROTECT, null=True, related_name="nominations")
    note = models.CharField(max_length=300, blank=True)

    objects: ClassVar[NominationQuerySet[Nomination]] = NominationQuerySet.as_manager()  # type: ignore[assignment]  # typed by the queryset

    class Meta:
        verbose_name = _("nomination")
        ordering = ("honour", "department__order", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["person", "honour"],
                condition=~Q(state=NominationState.WITHDRAWN),
                name="nomination_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.honour} {self.person_id}"
