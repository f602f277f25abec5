from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from campaigns.enums import DepartmentChangeKind
from campaigns.models.campaign import Campaign
from campaigns.models.contest import Decision
from campaigns.models.departments import Department
from campaigns.querysets import DepartmentChangeQuerySet


class DepartmentChange(models.Model):
    """A dated decision by which departments were renamed, merged, split or closed; ``data`` says what went where."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="department_changes")
    kind = models.CharField(max_length=8, choices=DepartmentChangeKind.choices)
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="department_changes")
    effective_on = models.DateField()
    predecessors = models.ManyToManyField(Department, related_name="changes_out")
    successors = models.ManyToManyField(Department, related_name="changes_in")
    data = models.JSONField(default=dict)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    objects: ClassVar[DepartmentChangeQuerySet[DepartmentChange]] = DepartmentChangeQuerySet.as_manager()  # type: ignore[assignment]  # typed by the queryset

    class Meta:
        verbose_name = _("change of departments")
        ordering = ("-effective_on", "-id")

    def __str__(self) -> str:
        return f"{self.kind} {self.effective_on}"
