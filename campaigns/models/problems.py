from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from campaigns.enums import AnswerKind, ProblemSource, TaskState
from campaigns.models.campaign import Campaign
from campaigns.models.departments import Department
from campaigns.models.people import StaffMember
from campaigns.querysets import ProblemAnswerQuerySet, ProblemPersonQuerySet, ProblemQuerySet


class Problem(models.Model):
    """A problem somebody raised (反映或出现的问题), naming the departments that answer it by a day.

    ``inspection`` is the uuid of the visit that asked to have it mended (限期整改).
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1)
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="problems")
    source = models.CharField(max_length=10, choices=ProblemSource.choices)
    raising_department = models.ForeignKey(Department, models.PROTECT, null=True, related_name="problems_raised")
    inspection = models.UUIDField(null=True)
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    found_on = models.DateField()
    due_on = models.DateField()
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_because = models.CharField(max_length=200, blank=True)

    objects: ClassVar[ProblemQuerySet[Problem]] = ProblemQuerySet.as_manager()  # type: ignore[assignment]  # typed by the queryset

    class Meta:
        verbose_name = _("problem")
        ordering = ("-found_on", "-id")
        constraints = (
            models.CheckConstraint(condition=Q(found_on__lte=F("due_on")), name="problem_due_after_found"),
            models.CheckConstraint(
                condition=~Q(source=ProblemSource.DEPARTMENT) | Q(raising_department__isnull=False),
                name="problem_of_department_names_it",
            ),
        )

    def __str__(self) -> str:
        return self.title


class ProblemAnswer(models.Model):
    """What one department named by a problem answers: rectification or explanation; accepted or sent back."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1)
    problem = models.ForeignKey(Problem, models.CASCADE, related_name="answers")
    department = models.ForeignKey(Department, models.PROTECT, related_name="problems")
    state = models.CharField(max_length=10, choices=TaskState.choices, default=TaskState.GIVEN)
    kind = models.CharField(max_length=14, choices=AnswerKind.choices, blank=True)
    text = models.TextField(blank=True)
    answered_on = models.DateField(null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    verdict_note = models.CharField(max_length=300, blank=True)
    judged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    judged_at = models.DateTimeField(null=True)

    objects: ClassVar[ProblemAnswerQuerySet[ProblemAnswer]] = ProblemAnswerQuerySet.as_manager()  # type: ignore[assignment]  # typed by the queryset

    class Meta:
        verbose_name = _("answer to a problem")
        ordering = ("department__order",)
        constraints = (
            models.UniqueConstraint(fields=["problem", "department"], name="problem_answer_once"),
            models.CheckConstraint(
                condition=Q(state__in=[TaskState.GIVEN, TaskState.WITHDRAWN])
                | (Q(answered_on__isnull=False) & ~Q(kind="")),
                name="problem_answer_says_how",
            ),
        )

    def __str__(self) -> str:
        return f"{self.problem_id} {self.department_id}"


class ProblemPerson(models.Model):
    """A person a problem concerns, and the three parts of dealing with it (按制度处理、思想工作、教育其他).

    ``label`` is what is printed; students appear as class and number alone.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1)
    answer = models.ForeignKey(ProblemAnswer, models.CASCADE, related_name="persons")
    person = models.ForeignKey(StaffMember, models.PROTECT, null=True, related_name="+")
    label = models.CharField(max_length=64)
    handling = models.TextField(blank=True)
    handled_on = models.DateField(null=True)
    counselling = models.TextField(blank=True)
    counselled_on = models.DateField(null=True)
    teaching = models.TextField(blank=True)
    taught_on = models.DateField(null=True)
    removed_at = models.DateTimeField(null=True)

    objects: ClassVar[ProblemPersonQuerySet[ProblemPerson]] = ProblemPersonQuerySet.as_manager()  # type: ignore[assignment]  # typed by the queryset

    class Meta:
        verbose_name = _("person a problem concerns")
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=["answer", "label"], condition=Q(removed_at__isnull=True), name="problem_person_once"
            ),
        )

    def __str__(self) -> str:
        return self.label
