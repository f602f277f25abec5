"""A plan's way, by the machinery that plans and summaries share (`paper_workflow`)."""

from campaigns.services.paper_workflow import (
    Submission,
    handed_over_by,
    is_for_department,
    request_confirmation,
)
from campaigns.services.paper_workflow import approve_paper as approve_plan
from campaigns.services.paper_workflow import recall_paper as recall_plan
from campaigns.services.paper_workflow import return_paper as return_plan
from campaigns.services.paper_workflow import submit_paper as submit_plan

__all__ = [
    "Submission",
    "approve_plan",
    "handed_over_by",
    "is_for_department",
    "recall_plan",
    "request_confirmation",
    "return_plan",
    "submit_plan",
]
