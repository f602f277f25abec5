from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from campaigns.enums import ContestState, DecisionKind
from campaigns.models.campaign import Campaign
from campaigns.models.plans import Plan, PlanVersion
from campaigns.querysets import (
    BallotQuerySet,
    ContestEntryQuerySet,
    ContestQuerySet,
    DecisionQuerySet,
    VolumeQuerySet,
)
from qualityseason.fields import PointsField


class Decision(models.Model):
    """What a body of the season decided (决定), with the paper attached; ``data`` says it for the portal."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="decisions")
    kind = models.CharField(max_length=16, choices=DecisionKind.choices)
    decided_on = models.DateField()
    present = models.CharField(max_length=300)
    text = models.TextField()
    data = models.JSONField(default=dict)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    objects: ClassVar[DecisionQuerySet[Decision]] = DecisionQuerySet.as_manager()  # type: ignore[assignment]  # typed by the queryset

    class Meta:
        verbose_name = _("decision")
        ordering = ("-decided_on", "-id")

    def __str__(self) -> str:
        return self.text[:40]


class Contest(models.Model):
    """The contest of plans over all blocks (方案评比)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    campaign = models.OneToOneField(Campaign, models.CASCADE, related_name="contest")
    state = models.CharField(max_length=8, choices=ContestState.choices, default=ContestState.OPEN)
    judged_until = models.DateField()
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    awarded_at = models.DateTimeField(null=True)

    objects: ClassVar[ContestQuerySet[Contest]] = ContestQuerySet.as_manager()  # type: ignore[assignment]  # typed by the queryset

    class Meta:
        verbose_name = _("contest")

    def __str__(self) -> str:
        return f"{self.campaign_id}"


class ContestEntry(models.Model):
    """An approved version of a plan in the contest; rank, mean and prize are written once, when it is awarded."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    contest = models.ForeignKey(Contest, models.CASCADE, related_name="entries")
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="entries")
    version = models.ForeignKey(PlanVersion, models.PROTECT, related_name="entries")
    rank = models.PositiveSmallIntegerField(null=True)
    mean = PointsField(null=True)
    prize = models.CharField(max_length=50, blank=True)

    objects: ClassVar[ContestEntryQuerySet[ContestEntry]] = ContestEntryQuerySet.as_manager()  # type: ignore[assignment]  # typed by the queryset

    class Meta:
        verbose_name = _("entry of the contest")
        ordering = ("plan__department__order",)
        constraints = (models.UniqueConstraint(fields=["contest", "plan"], name="contest_entry_once"),)

    def __str__(self) -> str:
        return f"{self.contest_id} {self.plan_id}"


class Ballot(models.Model):
    """What one judge gives one plan: whole points of 100 for each criterion, by its name."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    entry = models.ForeignKey(ContestEntry, models.CASCADE, related_name="ballots")
    judge = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    points = models.JSONField(default=dict)
    comment = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)
    given_at = models.DateTimeField()

    objects: ClassVar[BallotQuerySet[Ballot]] = BallotQuerySet.as_manager()  # type: ignore[assignment]  # typed by the queryset

    class Meta:
        verbose_name = _("ballot")
        constraints = (models.UniqueConstraint(fields=["entry", "judge"], name="ballot_once"),)

    def __str__(self) -> str:
        return f"{self.entry_id} {self.judge_id}"


class Volume(models.Model):
    """A compiled volume (汇编): the finished PDF and the sum of all that went in; made again only when that changed."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="volumes")
    kind = models.SlugField(max_length=16)
    digest = models.CharField(max_length=64)
    file = models.ForeignKey("qualityseason.StoredFile", models.PROTECT, related_name="+")
    pages = models.PositiveIntegerField()
    entries = models.PositiveSmallIntegerField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    objects: ClassVar[VolumeQuerySet[Volume]] = VolumeQuerySet.as_manager()  # type: ignore[assignment]  # typed by the queryset

    class Meta:
        verbose_name = _("volume")
        ordering = ("-id",)
        constraints = (models.UniqueConstraint(fields=["campaign", "kind", "digest"], name="volume_once"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.made_at:%Y-%m-%d}"
