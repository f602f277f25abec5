"""The title of a plan, by the machinery that plans and summaries share (`paper_title`)."""

from campaigns.services.paper_title import MAXIMUM_TITLE as MAXIMUM_PLAN_TITLE
from campaigns.services.paper_title import rename_paper as rename_plan

__all__ = ["MAXIMUM_PLAN_TITLE", "rename_plan"]
