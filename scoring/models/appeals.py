from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign, Department
from scoring.enums import CHANGING_RULINGS, RULINGS, AppealState
from scoring.models.ledger import Deduction
from scoring.querysets import AppealQuerySet, NoticeQuerySet

USER = settings.AUTH_USER_MODEL


class Notice(models.Model):
    """A printed notice of deductions (扣分告知单) that was handed to a department; its lines point here."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="notices")
    department = models.ForeignKey(Department, models.PROTECT, related_name="notices")
    handed_on = models.DateField()
    received_by = models.CharField(max_length=50)
    note = models.CharField(max_length=300, blank=True)
    recorded_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    objects: ClassVar[NoticeQuerySet[Notice]] = NoticeQuerySet.as_manager()  # type: ignore[assignment]  # typed by the queryset

    class Meta:
        verbose_name = _("notice")
        ordering = ("-handed_on", "-id")

    def __str__(self) -> str:
        return f"{self.department_id} {self.handed_on}"


class Appeal(models.Model):
    """A department contests one line (申诉); ruled once, always readable by its author.

    ``earlier`` is the appeal whose ruling made the line: the changed line may be appealed once more, to somebody else.
    ``spoken_by`` names who appealed by word of mouth, entered by the office. ``outcome`` is the line that a reduction
    put in place of the appealed one.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="appeals")
    department = models.ForeignKey(Department, models.PROTECT, related_name="appeals")
    deduction = models.ForeignKey(Deduction, models.PROTECT, related_name="appeals")
    earlier = models.ForeignKey("self", models.PROTECT, null=True, related_name="later")
    reason = models.TextField()
    appealed_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    appealed_at = models.DateTimeField()
    appealed_on = models.DateField()
    spoken_by = models.CharField(max_length=50, blank=True)
    is_late = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=AppealState.choices, default=AppealState.PENDING)
    ruling = models.TextField(blank=True)
    ruled_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    ruled_at = models.DateTimeField(null=True)
    outcome = models.ForeignKey(Deduction, models.PROTECT, null=True, related_name="+")
    withdrawn_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    objects: ClassVar[AppealQuerySet[Appeal]] = AppealQuerySet.as_manager()  # type: ignore[assignment]  # typed by the queryset

    class Meta:
        verbose_name = _("appeal")
        ordering = ("appealed_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["deduction"], condition=~Q(state=AppealState.WITHDRAWN), name="appeal_of_line_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(RULINGS), ruled_by__isnull=False, ruled_at__isnull=False) & ~Q(ruling="")
                | Q(~Q(state__in=sorted(RULINGS)), ruled_by__isnull=True, ruled_at__isnull=True),
                name="appeal_ruled_whole",
            ),
            models.CheckConstraint(
                condition=Q(outcome__isnull=True) | Q(state=AppealState.REDUCED), name="appeal_outcome_when_reduced"
            ),
            models.CheckConstraint(
                condition=Q(state=AppealState.WITHDRAWN, withdrawn_at__isnull=False)
                | Q(~Q(state=AppealState.WITHDRAWN), withdrawn_at__isnull=True),
                name="appeal_withdrawn_says_when",
            ),
        )
        indexes = (models.Index(fields=["campaign", "state", "appealed_at"], name="appeal_queue"),)

    def __str__(self) -> str:
        return f"{self.deduction_id} {self.state}"

    @property
    def is_pending(self) -> bool:
        """Whether it waits for a ruling."""
        return self.state == AppealState.PENDING

    @property
    def changed_the_line(self) -> bool:
        """Whether the ruling took something off."""
        return self.state in CHANGING_RULINGS
