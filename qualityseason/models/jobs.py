from __future__ import annotations

import uuid
from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext as _

from qualityseason.clock import wall_now
from qualityseason.enums import JobState
from qualityseason.querysets import JobQuerySet

LONGEST_SILENCE = timedelta(minutes=10)  # of running work; then its worker has died
LONGEST_WAIT = timedelta(minutes=30)  # in the queue; then no worker is there


class Job(models.Model):
    """Background work somebody waits for, with its progress and its result."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=64)
    campaign_id = models.BigIntegerField(null=True)
    asked_by = models.ForeignKey("qualityseason.User", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()  # by the clock of the campaign
    queued_at = models.DateTimeField(default=wall_now)
    parameters = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=JobState.choices, default=JobState.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)  # the latest sign of life of running work
    finished_at = models.DateTimeField(null=True)
    file = models.ForeignKey("qualityseason.StoredFile", models.PROTECT, null=True, related_name="+")
    next_url = models.CharField(max_length=300, blank=True)
    problem = models.TextField(blank=True)

    objects: ClassVar[JobQuerySet[Job]] = JobQuerySet.as_manager()  # type: ignore[assignment]  # typed by the queryset

    def __str__(self) -> str:
        return f"{self.kind} {self.uuid}"

    @property
    def is_stalled(self) -> bool:
        """Whether nobody works on it any more, though nobody wrote that down: the worker died or never came."""
        if self.state == JobState.RUNNING:
            return (self.seen_at or self.queued_at) < wall_now() - LONGEST_SILENCE
        return self.state == JobState.WAITING and self.queued_at < wall_now() - LONGEST_WAIT

    @property
    def outcome(self) -> JobState:
        """Where it stands; stalled work has failed."""
        return JobState.FAILED if self.is_stalled else JobState(self.state)

    @property
    def is_over(self) -> bool:
        """Whether nothing more is to be expected of it."""
        return self.outcome in (JobState.DONE, JobState.FAILED)

    @property
    def why_failed(self) -> str:
        """The sentence that says what went wrong, '' unless something did."""
        if not self.is_stalled:
            return self.problem
        if self.state == JobState.WAITING:
            return _("Nobody has taken this work up; the worker seems to be silent. Tell the office, and ask again.")
        return stopped()


def stopped() -> str:
    """Return the sentence for work that ended before its end."""
    return _("The work was stopped before its end; ask again.")
