from campaigns.models.campaign import Campaign, Milestone, Phase, Term
from campaigns.models.departments import Block, Department
from campaigns.models.imports import ImportBatch
from campaigns.models.people import (
    Interest,
    Membership,
    Posting,
    Responsibility,
    StaffMember,
    StudentClass,
)

__all__ = [
    "Block",
    "Campaign",
    "Department",
    "ImportBatch",
    "Interest",
    "Membership",
    "Milestone",
    "Phase",
    "Posting",
    "Responsibility",
    "StaffMember",
    "StudentClass",
    "Term",
]
