"""What a plan lacks, by the reads that plans and summaries share (`paper_gaps`)."""

from campaigns.queries.paper_gaps import plan_gaps

__all__ = ["plan_gaps"]
