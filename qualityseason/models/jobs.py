from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from qualityseason.enums import JobState
from qualityseason.querysets import JobQuerySet


class Job(models.Model):
    """Background work somebody waits for, with its progress and its result."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=64)
    campaign_id = models.BigIntegerField(null=True)
    asked_by = models.ForeignKey("qualityseason.User", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    parameters = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=JobState.choices, default=JobState.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
    file = models.ForeignKey("qualityseason.StoredFile", models.PROTECT, null=True, related_name="+")
    next_url = models.CharField(max_length=300, blank=True)
    problem = models.TextField(blank=True)

    objects: ClassVar[JobQuerySet[Job]] = JobQuerySet.as_manager()  # type: ignore[assignment]  # typed by the queryset

    def __str__(self) -> str:
        return f"{self.kind} {self.uuid}"

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state in (JobState.DONE, JobState.FAILED)
