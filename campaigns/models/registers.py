"""The registers the college keeps anyway (台账): typed rows on one base, laid out by `campaigns.registers`."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from campaigns.enums import RegisterCode
from campaigns.models.campaign import Campaign, Term
from campaigns.models.departments import Department
from campaigns.models.imports import ImportBatch
from campaigns.models.people import StaffMember, StudentClass
from campaigns.querysets import RegisterQuerySet
from qualityseason.fields import PointsField

STANDING = Q(withdrawn_at__isnull=True)


class RegisterRow(models.Model):
    """One row of a register: which department it is about on that day, who organised it, and whether it is excused.

    ``department`` is the home of the person that day, or the department of the class; ``is_own`` marks rows of the
    keeper's own department. Figures (hours, marks, per cent) are kept in hundredths.
    """

    REGISTER: ClassVar[RegisterCode]

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1)
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="+")
    department = models.ForeignKey(Department, models.PROTECT, related_name="+")
    batch = models.ForeignKey(ImportBatch, models.PROTECT, null=True, related_name="+")
    note = models.CharField(_("note"), max_length=200, blank=True)
    is_own = models.BooleanField(default=False)
    excused_because = models.CharField(_("excused because"), max_length=200, blank=True)
    excused_by = models.CharField(_("excused by"), max_length=64, blank=True)
    excused_on = models.DateField(_("excused on"), null=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_because = models.CharField(max_length=200, blank=True)

    objects: ClassVar[RegisterQuerySet[RegisterRow]] = RegisterQuerySet.as_manager()  # type: ignore[assignment]  # typed by the queryset

    class Meta:
        abstract = True
        ordering = ("id",)
        constraints: ClassVar[tuple[models.BaseConstraint, ...]] = (
            models.CheckConstraint(
                condition=Q(excused_because="", excused_by="", excused_on__isnull=True)
                | (~Q(excused_because="") & ~Q(excused_by="") & Q(excused_on__isnull=False)),
                name="%(class)s_excuse_is_whole",
            ),
        )

    def __str__(self) -> str:
        return f"{self.REGISTER} {self.pk}"

    @property
    def is_excused(self) -> bool:
        """Whether it is never charged (正常情况)."""
        return self.excused_on is not None


class WorkloadRow(RegisterRow):
    """The teaching workload of a teacher in a term, lectures included: hours required and done (A5, B5)."""

    REGISTER = RegisterCode.WORKLOAD
    person = models.ForeignKey(StaffMember, models.PROTECT, related_name="+")
    term = models.ForeignKey(Term, models.PROTECT, related_name="+")
    required = PointsField(_("hours required"))
    done = PointsField(_("hours done"))
    lectures = PointsField(_("of these lectures"), default=0)

    class Meta(RegisterRow.Meta):
        verbose_name = _("row of the teaching workload")
        constraints = (
            *RegisterRow.Meta.constraints,
            models.UniqueConstraint(fields=["person", "term"], condition=STANDING, name="workload_once"),
            models.CheckConstraint(condition=Q(required__gte=0, done__gte=0, lectures__gte=0), name="workload_hours"),
        )


class EvaluationRow(RegisterRow):
    """How students evaluate a teacher in a term: one figure of 100 (A6, B6)."""

    REGISTER = RegisterCode.EVALUATION
    person = models.ForeignKey(StaffMember, models.PROTECT, related_name="+")
    term = models.ForeignKey(Term, models.PROTECT, related_name="+")
    score = PointsField(_("mark"))

    class Meta(RegisterRow.Meta):
        verbose_name = _("row of the student evaluation")
        constraints = (
            *RegisterRow.Meta.constraints,
            models.UniqueConstraint(fields=["person", "term"], condition=STANDING, name="evaluation_once"),
            models.CheckConstraint(condition=Q(score__gte=0, score__lte=100), name="evaluation_of_100"),
        )


class ClassAttendanceRow(RegisterRow):
    """How many of a class came to one lesson, in per cent (B7)."""

    REGISTER = RegisterCode.CLASS_ATTENDANCE
    student_class = models.ForeignKey(StudentClass, models.PROTECT, related_name="+")
    happened_on = models.DateField(_("day"))
    lesson = models.CharField(_("lesson"), max_length=40, blank=True)
    rate = PointsField(_("rate in per cent"))

    class Meta(RegisterRow.Meta):
        verbose_name = _("row of the class attendance")
        constraints = (
            *RegisterRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["student_class", "happened_on", "lesson"], condition=STANDING, name="class_attendance_once"
            ),
            models.CheckConstraint(condition=Q(rate__gte=0, rate__lte=100), name="class_attendance_per_cent"),
        )


class ObservationRow(RegisterRow):
    """How many lessons a teacher had to observe in a term and did, the inspectors' group's included (B8)."""

    REGISTER = RegisterCode.OBSERVATION
    person = models.ForeignKey(StaffMember, models.PROTECT, related_name="+")
    term = models.ForeignKey(Term, models.PROTECT, related_name="+")
    required = models.PositiveSmallIntegerField(_("lessons required"))
    done = models.PositiveSmallIntegerField(_("lessons done"))
    by_inspectors = models.PositiveSmallIntegerField(_("of these by the inspectors' group"), default=0)

    class Meta(RegisterRow.Meta):
        verbose_name = _("row of the observed lessons")
        constraints = (
            *RegisterRow.Meta.constraints,
            models.UniqueConstraint(fields=["person", "term"], condition=STANDING, name="observation_once"),
        )


class DutyRosterRow(RegisterRow):
    """A person on duty on a day (值班), and whether the duty was missed; ``organiser`` keeps the roster (A7, B9)."""

    REGISTER = RegisterCode.DUTY_ROSTER
    person = models.ForeignKey(StaffMember, models.PROTECT, related_name="+")
    organiser = models.ForeignKey(Department, models.PROTECT, related_name="+")
    happened_on = models.DateField(_("day"))
    shift = models.CharField(_("shift"), max_length=40, blank=True)
    missed = models.BooleanField(_("missed"), default=False)

    class Meta(RegisterRow.Meta):
        verbose_name = _("row of the duty rosters")
        constraints = (
            *RegisterRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["person", "organiser", "happened_on", "shift"], condition=STANDING, name="duty_roster_once"
            ),
        )


class ResearchMeetingRow(RegisterRow):
    """A teacher at a teaching-research meeting of ``organiser``; an external one is informed on a day (A8, B10)."""

    REGISTER = RegisterCode.RESEARCH_MEETING
    person = models.ForeignKey(StaffMember, models.PROTECT, related_name="+")
    organiser = models.ForeignKey(Department, models.PROTECT, related_name="+")
    happened_on = models.DateField(_("day"))
    topic = models.CharField(_("topic"), max_length=100, blank=True)
    attended = models.BooleanField(_("attended"))
    informed_on = models.DateField(_("informed on"), null=True)

    class Meta(RegisterRow.Meta):
        verbose_name = _("row of the teaching-research meetings")
        constraints = (
            *RegisterRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["person", "organiser", "happened_on", "topic"],
                condition=STANDING,
                name="research_meeting_once",
            ),
        )


class LessonPlanRow(RegisterRow):
    """What a check of lesson plans found of a teacher (B13): a plan on paper, for a reformed course three documents."""

    REGISTER = RegisterCode.LESSON_PLAN
    person = models.ForeignKey(StaffMember, models.PROTECT, related_name="+")
    organiser = models.ForeignKey(Department, models.PROTECT, related_name="+")
    happened_on = models.DateField(_("day"))
    course = models.CharField(_("course"), max_length=100, blank=True)
    is_reformed = models.BooleanField(_("reformed course"), default=False)
    has_paper = models.BooleanField(_("plan on paper"), default=False)
    has_overall_design = models.BooleanField(_("overall design"), default=False)
    has_unit_design = models.BooleanField(_("unit design"), default=False)
    has_material = models.BooleanField(_("teaching material"), default=False)

    class Meta(RegisterRow.Meta):
        verbose_name = _("row of the lesson-plan checks")
        constraints = (
            *RegisterRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["person", "happened_on", "course"], condition=STANDING, name="lesson_plan_once"
            ),
        )

    @property
    def is_complete(self) -> bool:
        """Whether all that the rule asks for was there."""
        designs = self.has_overall_design and self.has_unit_design and self.has_material
        return designs if self.is_reformed else self.has_paper


class ViolationRow(RegisterRow):
    """A serious violation of a person (严重违规现象) and its economic consequence, '' without one (A12, B14)."""

    REGISTER = RegisterCode.VIOLATION
    person = models.ForeignKey(StaffMember, models.PROTECT, related_name="+")
    happened_on = models.DateField(_("day"))
    kind = models.CharField(_("kind"), max_length=40)
    facts = models.CharField(_("facts"), max_length=300, blank=True)
    consequence = models.CharField(_("economic consequence"), max_length=300, blank=True)
    consequence_on = models.DateField(_("consequence since"), null=True)

    class Meta(RegisterRow.Meta):
        verbose_name = _("row of the serious violations")
        constraints = (
            *RegisterRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["person", "happened_on", "kind"], condition=STANDING, name="violation_once"
            ),
            models.CheckConstraint(
                condition=Q(consequence_on__isnull=True)
                | (~Q(consequence="") & Q(consequence_on__gte=F("happened_on"))),
                name="violation_consequence_follows",
            ),
        )
