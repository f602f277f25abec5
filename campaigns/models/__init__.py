from campaigns.models.campaign import Campaign, Milestone, Phase, Term
from campaigns.models.contest import Ballot, Contest, ContestEntry, Decision, Volume
from campaigns.models.departments import Block, Department
from campaigns.models.duties import Duty, Proposal
from campaigns.models.files import Attachment
from campaigns.models.imports import ImportBatch
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
from campaigns.models.plans import (
    Plan,
    PlanEvent,
    PlanItem,
    PlanMark,
    PlanPart,
    PlanReading,
    PlanRemark,
    PlanVersion,
)
from campaigns.models.sessions import Attendance, DepartmentLeader, Invitation, Sitting, StudySession, Suggestion

__all__ = [
    "Attachment",
    "Attendance",
    "Ballot",
    "Block",
    "Campaign",
    "Contest",
    "ContestEntry",
    "Decision",
    "Delegation",
    "Department",
    "DepartmentLeader",
    "Duty",
    "Extension",
    "ImportBatch",
    "Interest",
    "Invitation",
    "Membership",
    "Milestone",
    "MilestoneMove",
    "Obligation",
    "Phase",
    "Plan",
    "PlanEvent",
    "PlanItem",
    "PlanMark",
    "PlanPart",
    "PlanReading",
    "PlanRemark",
    "PlanVersion",
    "Posting",
    "Proposal",
    "Receipt",
    "Responsibility",
    "Sitting",
    "StaffMember",
    "StudentClass",
    "StudySession",
    "Suggestion",
    "Term",
    "Volume",
]
