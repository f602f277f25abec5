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
    WORKLOAD = "register-workload", _("Register of teaching workload")
    EVALUATION = "register-evaluation", _("Register of student evaluation")
    CLASS_ATTENDANCE = "register-class-attendance", _("Register of class attendance")
    OBSERVATION = "register-observation", _("Register of observed lessons")
    DUTY_ROSTER = "register-duty-roster", _("Register of duty rosters")
    RESEARCH_MEETING = "register-research-meeting", _("Register of teaching-research meetings")
    LESSON_PLAN = "register-lesson-plan", _("Register of lesson-plan checks")
    VIOLATION = "register-violation", _("Register of serious violations")


class RegisterCode(models.TextChoices):
    """The registers the college keeps anyway (台账)."""

    WORKLOAD = "workload", _("Teaching workload")
    EVALUATION = "evaluation", _("Student evaluation")
    CLASS_ATTENDANCE = "class-attendance", _("Class attendance")
    OBSERVATION = "observation", _("Observed lessons")
    DUTY_ROSTER = "duty-roster", _("Duty rosters")
    RESEARCH_MEETING = "research-meeting", _("Teaching-research meetings")
    LESSON_PLAN = "lesson-plan", _("Lesson-plan checks")
    VIOLATION = "violation", _("Serious violations")

    @property
    def responsibility(self) -> str:
        """The code of the responsibility of who keeps it, and the kind of its sheets."""
        return f"register-{self.value}"


class ResponsibilityCode(models.TextChoices):
    """Known codes of responsibilities (职能); the code itself is a free slug, so a season may use others."""

    ELECTRONIC_RECEIVER = "electronic-receiver", _("Receiver of electronic copies")
    PAPER_RECEIVER = "paper-receiver", _("Receiver of paper copies")
    WORKLOAD_KEEPER = "register-workload", _("Keeper of the teaching workload")
    EVALUATION_KEEPER = "register-evaluation", _("Keeper of the student evaluation")
    CLASS_ATTENDANCE_KEEPER = "register-class-attendance", _("Keeper of the class attendance")
    OBSERVATION_KEEPER = "register-observation", _("Keeper of the observed lessons")
    DUTY_ROSTER_KEEPER = "register-duty-roster", _("Keeper of the duty rosters")
    RESEARCH_MEETING_KEEPER = "register-research-meeting", _("Keeper of the teaching-research meetings")
    LESSON_PLAN_KEEPER = "register-lesson-plan", _("Keeper of the lesson-plan checks")
    VIOLATION_KEEPER = "register-violation", _("Keeper of the serious violations")
    CONTEST_JUDGE = "contest-judge", _("Judge of the plan contest")


RECEIVERS = frozenset({ResponsibilityCode.ELECTRONIC_RECEIVER, ResponsibilityCode.PAPER_RECEIVER})


class ObligationKind(models.TextChoices):
    """How something owed is met."""

    SESSION = "session", _("Study session")
    PLAN_ELECTRONIC = "plan-electronic", _("Plan, electronic copy")
    PLAN_PAPER = "plan-paper", _("Plan, paper copy")
    HAND_IN = "hand-in", _("Files to hand in")
    PUBLICITY = "publicity", _("Publicity")
    SUMMARY = "summary", _("Closing summary")
    PIECE = "piece", _("Material on features, experience or insights")
    CIRCULAR = "circular", _("Circular")
    ASSIGNMENT = "assignment", _("Assignment")
    PROBLEM = "problem", _("Problem")
    SERVICE = "service", _("Service work of the month")
    BREACHES = "breaches", _("Students' breaches of the month")
    CONDUCT = "conduct", _("Students' conduct of the month")
    NOTICE = "notice", _("Notices of deductions to open")
    CONFIRMATION = "confirmation", _("Signed confirmation of the result")


FILED_OBLIGATIONS = frozenset({ObligationKind.HAND_IN, ObligationKind.CONFIRMATION})  # met by any files
PLAN_OBLIGATIONS = frozenset({ObligationKind.PLAN_ELECTRONIC, ObligationKind.PLAN_PAPER})
RECEIVED_OBLIGATIONS = PLAN_OBLIGATIONS | {ObligationKind.SUMMARY, ObligationKind.PIECE}  # a copy of it is received
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


MONTHLY_OBLIGATIONS = frozenset({ObligationKind.SERVICE, ObligationKind.BREACHES, ObligationKind.CONDUCT})
RECORD_OBLIGATIONS = frozenset({ObligationKind.CIRCULAR, ObligationKind.ASSIGNMENT, ObligationKind.PROBLEM})


class LeaderPost(models.TextChoices):
    """How a leader of the college stands to a department."""

    IN_CHARGE = "in-charge", _("Leader in charge")
    LIAISON = "liaison", _("Liaison leader")


class InvitationAnswer(models.TextChoices):
    """What an invited leader answers beforehand."""

    COMING = "coming", _("Will come")
    NOT_COMING = "not-coming", _("Cannot come")


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
    HONOURS = "honours", _("Commended persons")
    DEPARTMENTS = "departments", _("Change of departments")
    SUPPLEMENT = "supplement", _("Supplement to the rulebook")
    BASIS = "basis", _("Basis of the scores")
    RANK_TIE = "rank-tie", _("Tie in the ranking")
    CONVERSION = "conversion", _("Percentages of the conversion")
    COMMENDED_NUMBER = "commended-number", _("Number of departments to commend")
    COMMENDED = "commended", _("Departments to commend")
    VISIBILITY = "visibility", _("Visibility of the results")


class EvidenceTarget(models.TextChoices):
    """What a piece of evidence may prove; the key of a link says which one."""

    DUTY = "duty", _("Duty")
    PLAN_ITEM = "plan-item", _("Item of the plan")
    MONTH = "month", _("Working month")
    CIRCULAR = "circular", _("Circular")
    ASSIGNMENT = "assignment", _("Assignment")
    PROBLEM = "problem", _("Problem")
    POLICY_ITEM = "policy-item", _("Content of an own policy")
    HAVE = "have", _("Eight haves")
    PUBLICITY = "publicity", _("Publicity")
    EXCHANGE = "exchange", _("Exchange of experience")
    STAGE_REPORT = "stage-report", _("Stage report")
    RECOMMENDATION = "recommendation", _("Recommendation")


class ExchangeKind(models.TextChoices):
    """How good practice is shown to others."""

    SHARING = "sharing", _("Exchange of experience")
    SHOWING = "showing", _("Demonstration on site")


class CircularKind(models.TextChoices):
    """Whether the college passes a document on or issues it itself."""

    FORWARDED = "forwarded", _("Forwarded")
    ISSUED = "issued", _("Issued")


class Issuer(models.TextChoices):
    """Who gives an assignment."""

    LEADING_GROUP = "leading-group", _("Leading group")
    OFFICE = "office", _("Campaign office")


class TaskState(models.TextChoices):
    """Where an assignment, or the answer to a problem, stands."""

    GIVEN = "given", _("Not reported")
    REPORTED = "reported", _("Reported")
    SENT_BACK = "sent-back", _("Sent back")
    ACCEPTED = "accepted", _("Accepted")
    WITHDRAWN = "withdrawn", _("Withdrawn")


OPEN_TASKS = frozenset({TaskState.GIVEN, TaskState.SENT_BACK})
STANDING_TASKS = frozenset({TaskState.GIVEN, TaskState.REPORTED, TaskState.SENT_BACK, TaskState.ACCEPTED})


class Timeliness(models.TextChoices):
    """How an assignment was, or is being, done in time (A11, remark 3)."""

    OPEN = "open", _("Not due yet")
    ON_TIME = "on-time", _("On time")
    LATE = "late", _("Not in time")
    UNDONE = "undone", _("Not done")


class ProblemSource(models.TextChoices):
    """Who raised a problem."""

    TEAM = "team", _("Assessment team")
    INSPECTION = "inspection", _("To be mended after an inspection")
    OFFICE = "office", _("Campaign office")
    DEPARTMENT = "department", _("Another department")


class AnswerKind(models.TextChoices):
    """How a department answers a problem."""

    RECTIFICATION = "rectification", _("Rectification")
    EXPLANATION = "explanation", _("Explanation")


class ServiceKind(models.TextChoices):
    """The sorts of service work (指导、督促、检查、沟通、协调)."""

    GUIDANCE = "guidance", _("Guidance")
    SUPERVISION = "supervision", _("Supervision")
    INSPECTION = "inspection", _("Checking")
    COMMUNICATION = "communication", _("Communication")
    COORDINATION = "coordination", _("Coordination")


class MonthlyReportKind(models.TextChoices):
    """What departments of block B write each month (B4)."""

    BREACHES = "breaches", _("Students' breaches")
    CONDUCT = "conduct", _("Students' conduct")


class SummaryKind(models.TextChoices):
    """The closing summary, and the materials about one side of the work."""

    SUMMARY = "summary", _("Closing summary")
    FEATURE = "feature", _("Material on features")
    EXPERIENCE = "experience", _("Material on experience")
    REFLECTION = "reflection", _("Material on insights")


PIECES = frozenset({SummaryKind.FEATURE, SummaryKind.EXPERIENCE, SummaryKind.REFLECTION})


class NominationState(models.TextChoices):
    """Where the nomination of a person stands."""

    NOMINATED = "nominated", _("Nominated")
    SHORTLISTED = "shortlisted", _("Shortlisted")
    CHOSEN = "chosen", _("Commended")
    PASSED_OVER = "passed-over", _("Not chosen")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class ReminderChannel(models.TextChoices):
    """How somebody was reminded."""

    MESSAGE = "message", _("Message")
    TELEPHONE = "telephone", _("Telephone")


class DepartmentChangeKind(models.TextChoices):
    """How the college changes its departments during a season."""

    RENAME = "rename", _("Renamed")
    MERGE = "merge", _("Merged")
    SPLIT = "split", _("Split")
    CLOSE = "close", _("Closed")
