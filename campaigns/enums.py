"""Choices of the campaign side."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a membership lets a person do in one campaign."""

    HEAD = "HEAD", _("Department head")
    STAFF = "STAFF", _("Liaison")
    ASSESSOR = "ASSESSOR", _("Assessor")
    TEAM_LEAD = "TEAM_LEAD", _("Head of the assessment team")
    OFFICE = "OFFICE", _("Campaign office")
    LEADERSHIP = "LEADERSHIP", _("Leading group")


DEPARTMENT_ROLES = frozenset({Role.HEAD, Role.STAFF})
TEAM_ROLES = frozenset({Role.ASSESSOR, Role.TEAM_LEAD})
OVERSEEING_ROLES = frozenset({Role.OFFICE, Role.ASSESSOR, Role.TEAM_LEAD, Role.LEADERSHIP})
NAMING_ROLES = frozenset({Role.OFFICE, Role.ASSESSOR, Role.TEAM_LEAD})


class DepartmentKind(models.TextChoices):
    """What sort of department it is."""

    ADMINISTRATIVE = "administrative", _("Administrative office")
    SPECIALTY = "specialty", _("Specialty department")
    TEACHING = "teaching", _("Teaching department")
    SUPPORT = "support", _("Teaching support unit")


TEACHING_KINDS = frozenset({DepartmentKind.SPECIALTY, DepartmentKind.TEACHING})


class StaffCategory(models.TextChoices):
    """How a person serves the college."""

    FULL_TIME = "full_time", _("Full-time teacher")
    PART_TIME = "part_time", _("Part-time teacher")
    EXTERNAL = "external", _("External teacher")
    NON_TEACHING = "non_teaching", _("Non-teaching staff")


class ImportKind(models.TextChoices):
    """What a sheet brings in."""

    STAFF = "staff", _("Staff list")
    CLASSES = "classes", _("Classes")
    ACCOUNTS = "accounts", _("Accounts")
    DEDUCTIONS = "deductions", _("Deductions")
    DUTIES = "duties", _("Duties")


class ResponsibilityCode(models.TextChoices):
    """Known codes of responsibilities (职能); the code itself is a free slug, so a season may use others."""

    ELECTRONIC_RECEIVER = "electronic-receiver", _("Receiver of electronic copies")
    PAPER_RECEIVER = "paper-receiver", _("Receiver of paper copies")
    REGISTER_KEEPER = "register-keeper", _("Register keeper")
    CONTEST_JUDGE = "contest-judge", _("Judge of the plan contest")


RECEIVERS = frozenset({ResponsibilityCode.ELECTRONIC_RECEIVER, ResponsibilityCode.PAPER_RECEIVER})


class ObligationKind(models.TextChoices):
    """How something owed is met."""

    SESSION = "session", _("Study session")
    PLAN_ELECTRONIC = "plan-electronic", _("Plan, electronic copy")
    PLAN_PAPER = "plan-paper", _("Plan, paper copy")
    HAND_IN = "hand-in", _("Files to hand in")


PLAN_OBLIGATIONS = frozenset({ObligationKind.PLAN_ELECTRONIC, ObligationKind.PLAN_PAPER})
RECEIVER_OF = {
    ObligationKind.PLAN_ELECTRONIC: ResponsibilityCode.ELECTRONIC_RECEIVER,
    ObligationKind.PLAN_PAPER: ResponsibilityCode.PAPER_RECEIVER,
}


class ObligationState(models.TextChoices):
    """Where something owed stands on a day."""

    MET = "met", _("On time")
    MET_LATE = "met-late", _("Late")
    OPEN = "open", _("Not yet")
    OVERDUE = "overdue", _("Overdue")


NOT_YET = frozenset({ObligationState.OPEN, ObligationState.OVERDUE})


class LeaderPost(models.TextChoices):
    """How a leader of the college stands to a department."""

    IN_CHARGE = "in-charge", _("Leader in charge")
    LIAISON = "liaison", _("Liaison leader")


class AttendanceStatus(models.TextChoices):
    """What the roll of a study session says of a person."""

    PRESENT = "present", _("Present")
    ABSENT = "absent", _("Absent")
    SICK = "sick", _("Sick leave")
    OFFICIAL = "official", _("Official leave")
    PERSONAL = "personal", _("Personal leave")


EXCUSABLE_LEAVES = frozenset({AttendanceStatus.SICK, AttendanceStatus.OFFICIAL})


class AbsenceReason(models.TextChoices):
    """Why a person counts as absent (S2: 病、公假人员没有有效批准的假条及书面讨论建议视同缺席)."""

    AWAY = "away", _("absent")
    PERSONAL = "personal", _("personal leave does not excuse")
    NO_SLIP = "no-slip", _("no leave slip")
    NOT_APPROVED = "not-approved", _("leave slip not approved")
    NO_SUGGESTION = "no-suggestion", _("no written suggestion")


class ProposalKind(models.TextChoices):
    """What a department proposes to change."""

    STAFF_JOIN = "staff-join", _("A person joins")
    STAFF_LEAVE = "staff-leave", _("A person leaves")
    STAFF_CORRECT = "staff-correct", _("A person's data are wrong")
    DUTY_ADD = "duty-add", _("A duty is missing")
    DUTY_CHANGE = "duty-change", _("A duty reads otherwise")
    DUTY_END = "duty-end", _("A duty is no longer ours")


class ProposalState(models.TextChoices):
    """Where a proposed change stands."""

    PROPOSED = "proposed", _("Proposed")
    ACCEPTED = "accepted", _("Accepted")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class PlanKind(models.TextChoices):
    """Whether a plan is a department's own or covers the whole college."""

    DEPARTMENT = "department", _("Plan of the department")
    COLLEGE = "college", _("Plan for the whole college")


class PlanState(models.TextChoices):
    """Where a plan stands."""

    DRAFT = "draft", _("Draft")
    REQUESTED = "requested", _("Waits for the head")
    SUBMITTED = "submitted", _("Submitted")
    RETURNED = "returned", _("Returned")
    APPROVED = "approved", _("Approved")


class PlanAct(models.TextChoices):
    """What was done with a plan."""

    REQUESTED = "requested", _("Head asked to confirm")
    RECALLED = "recalled", _("Taken back to the draft")
    SUBMITTED = "submitted", _("Submitted")
    RETURNED = "returned", _("Returned with remarks")
    APPROVED = "approved", _("Approved")


PLAN_TRANSITIONS: dict[PlanAct, tuple[frozenset[PlanState], PlanState]] = {
    PlanAct.REQUESTED: (frozenset({PlanState.DRAFT, PlanState.RETURNED}), PlanState.REQUESTED),
    PlanAct.RECALLED: (frozenset({PlanState.REQUESTED}), PlanState.DRAFT),
    PlanAct.SUBMITTED: (
        frozenset({PlanState.DRAFT, PlanState.REQUESTED, PlanState.RETURNED}),
        PlanState.SUBMITTED,
    ),
    PlanAct.RETURNED: (frozenset({PlanState.SUBMITTED, PlanState.APPROVED}), PlanState.RETURNED),
    PlanAct.APPROVED: (frozenset({PlanState.SUBMITTED}), PlanState.APPROVED),
}
WRITABLE_PLAN_STATES = frozenset({PlanState.DRAFT, PlanState.REQUESTED, PlanState.RETURNED})


class ItemPart(models.TextChoices):
    """The parts an item of a plan must have (P2 asks the first four, P5 the fifth)."""

    MEASURE = "measure", _("Measure")
    STANDARD = "standard", _("Standard")
    OUTCOME = "outcome", _("Outcome")
    INCENTIVE = "incentive", _("Incentive")
    SERVICE = "service", _("Service and cooperation")


class MarkReason(models.TextChoices):
    """What an assessor marks an item of a plan for."""

    NOT_CONCRETE = "not-concrete", _("Not concrete")
    BELOW_STANDARD = "below-standard", _("Below the quality system's standard")
    CHANGED_UNREVIEWED = "changed-unreviewed", _("Standard changed without management review")


class ReceiptKind(models.TextChoices):
    """Which copy was received."""

    ELECTRONIC = "electronic", _("Electronic copy")
    PAPER = "paper", _("Paper copy")


class ContestState(models.TextChoices):
    """Where the plan contest stands."""

    OPEN = "open", _("Judging")
    CLOSED = "closed", _("Judging closed")
    AWARDED = "awarded", _("Awarded")


class DecisionKind(models.TextChoices):
    """What a body of the season has decided."""

    CONTEST_TIE = "contest-tie", _("Tie in the plan contest")
