from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.enums import ReminderChannel
from campaigns.models.campaign import Campaign
from campaigns.models.departments import Department
from campaigns.querysets import ReminderQuerySet


class Reminder(models.Model):
    """That somebody was reminded (催办): a message to one person with all that is due, or a telephone call.

    ``lines`` are what the message said: obligation, title, department, last day, days left. ``mail_problem`` says why
    its mail has not gone out yet. A call names the department and who answered.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="reminders")
    channel = models.CharField(max_length=10, choices=ReminderChannel.choices)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="reminders")
    department = models.ForeignKey(Department, models.PROTECT, null=True, related_name="reminders")
    lines = models.JSONField(default=list)
    spoken_with = models.CharField(max_length=64, blank=True)
    happened_on = models.DateField()
    note = models.CharField(max_length=200, blank=True)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True)
    mail_problem = models.CharField(max_length=200, blank=True)

    objects: ClassVar[ReminderQuerySet[Reminder]] = ReminderQuerySet.as_manager()  # type: ignore[assignment]  # typed by the queryset

    class Meta:
        verbose_name = _("reminder")
        ordering = ("-sent_at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=["campaign", "user", "happened_on"],
                condition=Q(channel=ReminderChannel.MESSAGE),
                name="reminder_once_a_day",
            ),
            models.CheckConstraint(
                condition=Q(channel=ReminderChannel.MESSAGE, user__isnull=False)
                | Q(channel=ReminderChannel.TELEPHONE, department__isnull=False),
                name="reminder_reaches_somebody",
            ),
        )

    def __str__(self) -> str:
        return f"{self.channel} {self.happened_on}"
