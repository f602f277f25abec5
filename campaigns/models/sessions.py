from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from campaigns.enums import AttendanceStatus, InvitationAnswer, LeaderPost
from campaigns.models.campaign import Campaign
from campaigns.models.departments import Department
from campaigns.models.people import StaffMember
from campaigns.querysets import OverseenQuerySet, SessionPartQuerySet


class DepartmentLeader(models.Model):
    """A leader of the college as a department knows them (分管、联系); a name, with an account or without."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="department_leaders")
    department = models.ForeignKey(Department, models.PROTECT, related_name="leaders")
    post = models.CharField(max_length=12, choices=LeaderPost.choices)
    name = models.CharField(max_length=64)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects: ClassVar[OverseenQuerySet[DepartmentLeader]] = OverseenQuerySet.as_manager()  # type: ignore[assignment]  # typed by the queryset

    class Meta:
        verbose_name = _("leader of a department")
        ordering = ("post", "id")
        constraints = (models.UniqueConstraint(fields=["department", "post", "name"], name="department_leader_once"),)

    def __str__(self) -> str:
        return self.name


class StudySession(models.Model):
    """A study session of a department (学习讨论会); several sittings and a make-up one count as one session.

    ``notified_at`` is when the assessment team was told: the moment of the announcement here, or the day a named
    ``witness`` vouches for. ``discussion_held`` is None until the minutes say.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1)
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="study_sessions")
    department = models.ForeignKey(Department, models.PROTECT, related_name="study_sessions")
    topic = models.CharField(max_length=200)
    announced_at = models.DateTimeField(null=True)
    notified_at = models.DateTimeField(null=True)
    witness = models.CharField(max_length=64, blank=True)
    discussion_held = models.BooleanField(null=True)
    main_content = models.TextField(blank=True)
    main_content_pages = models.CharField(max_length=50, blank=True)
    discussion = models.TextField(blank=True)
    discussion_pages = models.CharField(max_length=50, blank=True)
    minuted_at = models.DateTimeField(null=True)
    minuted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)
    cancelled_because = models.CharField(max_length=200, blank=True)

    objects: ClassVar[OverseenQuerySet[StudySession]] = OverseenQuerySet.as_manager()  # type: ignore[assignment]  # typed by the queryset

    class Meta:
        verbose_name = _("study session")
        ordering = ("-id",)

    def __str__(self) -> str:
        return self.topic


class Sitting(models.Model):
    """One sitting of a study session: when, where, whether it made up for another."""

    session = models.ForeignKey(StudySession, models.CASCADE, related_name="sittings")
    starts_at = models.DateTimeField()
    place = models.CharField(max_length=100, blank=True)
    is_make_up = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("sitting")
        ordering = ("starts_at", "id")
        constraints = (models.UniqueConstraint(fields=["session", "starts_at"], name="sitting_once"),)

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}"


class Invitation(models.Model):
    """A leader invited to a study session: what they answer, whether they came, and what they say of the discussion
    (S1a, S3a).
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    session = models.ForeignKey(StudySession, models.CASCADE, related_name="invitations")
    post = models.CharField(max_length=12, choices=LeaderPost.choices)
    name = models.CharField(max_length=64)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    invited_on = models.DateField()
    answer = models.CharField(max_length=10, choices=InvitationAnswer.choices, blank=True)
    answered_at = models.DateTimeField(null=True)
    came = models.BooleanField(null=True)
    remark = models.TextField(blank=True)
    remark_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    remark_at = models.DateTimeField(null=True)

    objects: ClassVar[SessionPartQuerySet[Invitation]] = SessionPartQuerySet.as_manager()  # type: ignore[assignment]  # typed by the queryset

    class Meta:
        verbose_name = _("invitation")
        ordering = ("post", "id")
        constraints = (models.UniqueConstraint(fields=["session", "name"], name="invitation_once"),)

    def __str__(self) -> str:
        return self.name


class Attendance(models.Model):
    """What the roll of a session says of one person (出勤); the leave slip is an attachment in slot `slip`."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    session = models.ForeignKey(StudySession, models.CASCADE, related_name="roll")
    person = models.ForeignKey(StaffMember, models.PROTECT, related_name="attendances")
    status = models.CharField(max_length=10, choices=AttendanceStatus.choices)
    sitting = models.ForeignKey(Sitting, models.SET_NULL, null=True, related_name="+")
    approved_by = models.CharField(max_length=64, blank=True)
    approved_on = models.DateField(null=True)
    idea = models.TextField(blank=True)

    objects: ClassVar[SessionPartQuerySet[Attendance]] = SessionPartQuerySet.as_manager()  # type: ignore[assignment]  # typed by the queryset

    class Meta:
        verbose_name = _("attendance")
        ordering = ("person__number",)
        constraints = (models.UniqueConstraint(fields=["session", "person"], name="attendance_once"),)

    def __str__(self) -> str:
        return f"{self.person_id} {self.status}"


class Suggestion(models.Model):
    """A suggestion made at or for a session (合理化建议): taken into the plan at an item, or answered with a reason.

    With ``attendance`` it is the written suggestion of a person on leave.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    session = models.ForeignKey(StudySession, models.CASCADE, related_name="suggestions")
    attendance = models.ForeignKey(Attendance, models.SET_NULL, null=True, related_name="suggestions")
    made_by = models.CharField(max_length=64, blank=True)
    text = models.TextField()
    item = models.ForeignKey("PlanItem", models.SET_NULL, null=True, related_name="suggestions")
    answer = models.TextField(blank=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)

    objects: ClassVar[SessionPartQuerySet[Suggestion]] = SessionPartQuerySet.as_manager()  # type: ignore[assignment]  # typed by the queryset

    class Meta:
        verbose_name = _("suggestion")
        ordering = ("id",)

    def __str__(self) -> str:
        return self.text[:40]
