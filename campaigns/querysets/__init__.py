from campaigns.querysets.contest import (
    BallotQuerySet,
    ContestEntryQuerySet,
    ContestQuerySet,
    DecisionQuerySet,
    VolumeQuerySet,
)
from campaigns.querysets.files import AttachmentQuerySet
from campaigns.querysets.obligations import ObligationQuerySet, ReceiptQuerySet
from campaigns.querysets.people import (
    CampaignOwned,
    DatedQuerySet,
    DelegationQuerySet,
    DepartmentQuerySet,
    ImportBatchQuerySet,
    InterestQuerySet,
    MembershipQuerySet,
    ResponsibilityQuerySet,
    StaffMemberQuerySet,
    StudentClassQuerySet,
)
from campaigns.querysets.plans import PlanMarkQuerySet, PlanQuerySet, PlanVersionQuerySet
from campaigns.querysets.records import OverseenQuerySet, ProposalQuerySet, SessionPartQuerySet

__all__ = [
    "AttachmentQuerySet",
    "BallotQuerySet",
    "CampaignOwned",
    "ContestEntryQuerySet",
    "ContestQuerySet",
    "DatedQuerySet",
    "DecisionQuerySet",
    "DelegationQuerySet",
    "DepartmentQuerySet",
    "ImportBatchQuerySet",
    "InterestQuerySet",
    "MembershipQuerySet",
    "ObligationQuerySet",
    "OverseenQuerySet",
    "PlanMarkQuerySet",
    "PlanQuerySet",
    "PlanVersionQuerySet",
    "ProposalQuerySet",
    "ReceiptQuerySet",
    "ResponsibilityQuerySet",
    "SessionPartQuerySet",
    "StaffMemberQuerySet",
    "StudentClassQuerySet",
    "VolumeQuerySet",
]
