"""The plan a reading is checked against, by the reads that plans and summaries share (`paper_readings`)."""

from campaigns.queries.paper_readings import OnTable as PlanOnTable
from campaigns.queries.paper_readings import on_table as plan_on_table

__all__ = ["PlanOnTable", "plan_on_table"]
