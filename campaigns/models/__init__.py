from campaigns.models.assignments import Assignment, AssignmentReport
from campaigns.models.campaign import Campaign, Milestone, Phase, Term
from campaigns.models.changes import DepartmentChange
from campaigns.models.circulars import Circular, CircularRecipient
from campaigns.models.contest import Ballot, Contest, ContestEntry, Decision, Volume
from campaigns.models.departments import Block, Department
from campaigns.models.duties import Duty, Proposal
from campaigns.models.evidence import Evidence, EvidenceLink, Exchange, ExchangePresenter
from campaigns.models.files import Attachment
from campaigns.models.imports import ColumnLayout, ImportBatch
from campaigns.models.monthly import MonthlyReport, ServiceWork
from campaigns.models.obligations import Extension, MilestoneMove, Obligation, Receipt
from campaigns.models.people import (
    Delegation,
    Interest,
    Membership,
    Posting,
    Responsibility,
    StaffMember,
    StudentClass,
)
from campaigns.models.plans import Plan, PlanEvent, PlanItem, PlanMark, PlanPart, PlanReading, PlanRemark, PlanVersion
from campaigns.models.policies import Policy, PolicyItem, PolicyMeasure
from campaigns.models.problems import Problem, ProblemAnswer, ProblemPerson
from campaigns.models.recommendations import Measurement, Nomination, Recommendation
from campaigns.models.registers import (
    ClassAttendanceRow,
    DutyRosterRow,
    EvaluationRow,
    LessonPlanRow,
    ObservationRow,
    RegisterRow,
    ResearchMeetingRow,
    ViolationRow,
    WorkloadRow,
)
from campaigns.models.reminders import Reminder
from campaigns.models.sessions import Attendance, DepartmentLeader, Invitation, Sitting, StudySession, Suggestion
from campaigns.models.summaries import (
    Summary,
    SummaryEvent,
    SummaryPart,
    SummaryReading,
    SummaryRemark,
    SummaryVersion,
)

__all__ = [
    "Assignment",
    "AssignmentReport",
    "Attachment",
    "Attendance",
    "Ballot",
    "Block",
    "Campaign",
    "Circular",
    "CircularRecipient",
    "ClassAttendanceRow",
    "ColumnLayout",
    "Contest",
    "ContestEntry",
    "Decision",
    "Delegation",
    "Department",
    "DepartmentChange",
    "DepartmentLeader",
    "Duty",
    "DutyRosterRow",
    "EvaluationRow",
    "Evidence",
    "EvidenceLink",
    "Exchange",
    "ExchangePresenter",
    "Extension",
    "ImportBatch",
    "Interest",
    "Invitation",
    "LessonPlanRow",
    "Measurement",
    "Membership",
    "Milestone",
    "MilestoneMove",
    "MonthlyReport",
    "Nomination",
    "Obligation",
    "ObservationRow",
    "Phase",
    "Plan",
    "PlanEvent",
    "PlanItem",
    "PlanMark",
    "PlanPart",
    "PlanReading",
    "PlanRemark",
    "PlanVersion",
    "Policy",
    "PolicyItem",
    "PolicyMeasure",
    "Posting",
    "Problem",
    "ProblemAnswer",
    "ProblemPerson",
    "Proposal",
    "Receipt",
    "Recommendation",
    "RegisterRow",
    "Reminder",
    "ResearchMeetingRow",
    "Responsibility",
    "ServiceWork",
    "Sitting",
    "StaffMember",
    "StudentClass",
    "StudySession",
    "Suggestion",
    "Summary",
    "SummaryEvent",
    "SummaryPart",
    "SummaryReading",
    "SummaryRemark",
    "SummaryVersion",
    "Term",
    "ViolationRow",
    "Volume",
    "WorkloadRow",
]
