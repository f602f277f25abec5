from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from campaigns.enums import DEPARTMENT_ROLES, Role, StaffCategory
from campaigns.models.campaign import Campaign
from campaigns.models.departments import Department
from campaigns.querysets import (
    DatedQuerySet,
    DelegationQuerySet,
    InterestQuerySet,
    MembershipQuerySet,
    ResponsibilityQuerySet,
    StaffMemberQuerySet,
    StudentClassQuerySet,
)

IN_ORDER = Q(ends_on__isnull=True) | Q(starts_on__lte=F("ends_on"))


class Membership(models.Model):
    """What a user is in a campaign (身份): user × role × department or none, from a day until a day."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role.choices)
    department = models.ForeignKey(Department, models.PROTECT, null=True, related_name="memberships")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    objects: ClassVar[MembershipQuerySet[Membership]] = MembershipQuerySet.as_manager()  # type: ignore[assignment]  # typed by the queryset

    class Meta:
        verbose_name = _("membership")
        constraints = (
            # two, because SQLite holds nulls to be different and knows no NULLS NOT DISTINCT
            models.UniqueConstraint(
                fields=["campaign", "user", "role", "department"],
                condition=Q(ends_on__isnull=True, department__isnull=False),
                name="membership_open_once",
            ),
            models.UniqueConstraint(
                fields=["campaign", "user", "role"],
                condition=Q(ends_on__isnull=True, department__isnull=True),
                name="membership_of_season_open_once",
            ),
            models.CheckConstraint(
                condition=~Q(role__in=sorted(DEPARTMENT_ROLES)) | Q(department__isnull=False),
                name="membership_of_department_names_it",
            ),
            models.CheckConstraint(condition=IN_ORDER, name="membership_starts_before_end"),
        )

    def __str__(self) -> str:
        return f"{self.user_id} {self.role}"


class Interest(models.Model):
    """A declared interest of a user in a department (利害关系): the user does no act for or against it."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="interests")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="interests")
    department = models.ForeignKey(Department, models.PROTECT, related_name="interests")
    reason = models.CharField(max_length=200)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    objects: ClassVar[InterestQuerySet[Interest]] = InterestQuerySet.as_manager()  # type: ignore[assignment]  # typed by the queryset

    class Meta:
        verbose_name = _("interest")
        constraints = (
            models.UniqueConstraint(
                fields=["user", "department"], condition=Q(ends_on__isnull=True), name="interest_open_once"
            ),
            models.CheckConstraint(condition=IN_ORDER, name="interest_starts_before_end"),
        )

    def __str__(self) -> str:
        return f"{self.user_id} {self.department_id}"


class Responsibility(models.Model):
    """A task in the campaign (职能): its code names it, a department or a user holds it."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="responsibilities")
    code = models.SlugField()
    department = models.ForeignKey(Department, models.PROTECT, null=True, related_name="responsibilities")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="responsibilities")

    objects: ClassVar[ResponsibilityQuerySet[Responsibility]] = ResponsibilityQuerySet.as_manager()  # type: ignore[assignment]  # typed by the queryset

    class Meta:
        verbose_name = _("responsibility")
        constraints = (
            models.UniqueConstraint(
                fields=["campaign", "code", "department"],
                condition=Q(department__isnull=False),
                name="responsibility_of_department_once",
            ),
            models.UniqueConstraint(
                fields=["campaign", "code", "user"],
                condition=Q(user__isnull=False),
                name="responsibility_of_user_once",
            ),
            models.CheckConstraint(
                condition=Q(department__isnull=False, user__isnull=True)
                | Q(department__isnull=True, user__isnull=False),
                name="responsibility_has_one_holder",
            ),
        )

    def __str__(self) -> str:
        return self.code


class Delegation(models.Model):
    """A head hands submitting and appealing for a department to a named person for some days (代办)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="delegations")
    department = models.ForeignKey(Department, models.PROTECT, related_name="delegations")
    head = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="delegations_given")
    delegate = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="delegations_held")
    starts_on = models.DateField()
    ends_on = models.DateField()
    given_at = models.DateTimeField()

    objects: ClassVar[DelegationQuerySet[Delegation]] = DelegationQuerySet.as_manager()  # type: ignore[assignment]  # typed by the queryset

    class Meta:
        verbose_name = _("delegation")
        ordering = ("-starts_on", "-id")
        constraints = (
            models.CheckConstraint(condition=Q(starts_on__lte=F("ends_on")), name="delegation_starts_before_end"),
            models.CheckConstraint(condition=~Q(head=F("delegate")), name="delegation_to_another"),
        )

    def __str__(self) -> str:
        return f"{self.head_id} {self.delegate_id}"


class StaffMember(models.Model):
    """A person on the college's staff list (教职工); most have no account."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="staff_members")
    number = models.CharField(_("staff number"), max_length=32)
    name = models.CharField(_("name"), max_length=64)
    squeezed_name = models.CharField(max_length=64, editable=False)
    category = models.CharField(_("category"), max_length=16, choices=StaffCategory.choices)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="staff_members")

    objects: ClassVar[StaffMemberQuerySet[StaffMember]] = StaffMemberQuerySet.as_manager()  # type: ignore[assignment]  # typed by the queryset

    class Meta:
        verbose_name = _("staff member")
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=["campaign", "number"], name="staff_number_once"),)
        indexes = (models.Index(fields=["campaign", "squeezed_name"], name="staff_by_name"),)

    def __str__(self) -> str:
        return f"{self.name}({self.number})"


class Posting(models.Model):
    """Where a staff member belongs, from a day until a day (任职)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="postings")
    staff_member = models.ForeignKey(StaffMember, models.CASCADE, related_name="postings")
    department = models.ForeignKey(Department, models.PROTECT, related_name="postings")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    objects: ClassVar[DatedQuerySet[Posting]] = DatedQuerySet.as_manager()  # type: ignore[assignment]  # typed by the queryset

    class Meta:
        verbose_name = _("posting")
        ordering = ("starts_on",)
        constraints = (
            models.UniqueConstraint(fields=["staff_member", "starts_on"], name="posting_start_once"),
            models.CheckConstraint(condition=IN_ORDER, name="posting_starts_before_end"),
        )

    def __str__(self) -> str:
        return f"{self.staff_member_id} {self.department_id}"


class StudentClass(models.Model):
    """A class of students (班级) and the department it belongs to."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="student_classes")
    name = models.CharField(_("class"), max_length=64)
    squeezed_name = models.CharField(max_length=64, editable=False)
    department = models.ForeignKey(Department, models.PROTECT, related_name="student_classes")

    objects: ClassVar[StudentClassQuerySet[StudentClass]] = StudentClassQuerySet.as_manager()  # type: ignore[assignment]  # typed by the queryset

    class Meta:
        verbose_name = _("class")
        ordering = ("name",)
        constraints = (models.UniqueConstraint(fields=["campaign", "squeezed_name"], name="class_name_once"),)

    def __str__(self) -> str:
        return self.name
