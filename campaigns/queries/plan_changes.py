"""What changed in a plan, by the reads that plans and summaries share (`paper_changes`)."""

from campaigns.queries.paper_changes import WORKING
from campaigns.queries.paper_changes import paper_changes as plan_changes

__all__ = ["WORKING", "plan_changes"]
